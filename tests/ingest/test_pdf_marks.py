"""Quotation marks that a file writes apart from their line stand where the page shows them."""

from __future__ import annotations

from ingest.formats.pdf_marks import marks_in_place
from ingest.formats.pdf_text import Character, pieces_of


def line(text: str, top: float = 0.0) -> list[Character]:
    """Characters of 10 points each, one beside the other; a space leaves its place empty."""
    return [Character(c, 10.0 * i, top, 10.0 * i + 10, top + 10) for i, c in enumerate(text) if c != " "]


def test_marks_written_before_or_after_their_line_go_into_its_gaps() -> None:
    marks, text = line("  “  ”"), line("推进 双减 工作")
    for written in ([*marks, *text], [*text, *marks]):
        assert [p.text for p in pieces_of(marks_in_place(written))] == ["推进“双减”工作"]


def test_marks_in_their_place_and_those_of_other_lines_stay() -> None:
    written = [*line("推进“双减”工作"), *line("做好 延时 服务", top=20.0), *line("“说明”", top=40.0)]
    assert marks_in_place(written) == written


def test_the_whole_page_is_kept() -> None:
    written = [*line("甲 乙"), *line(" “ ”"), *line("丙", top=20.0)]
    assert sorted(c.text for c in marks_in_place(written)) == sorted(c.text for c in written)
