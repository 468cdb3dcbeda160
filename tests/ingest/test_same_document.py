"""The same official document in every format: the clause tree and the fields of head and tail come out equal."""

from __future__ import annotations

from functools import cache

import pytest
import same_document as same
from parsing import parsed, with_problems

from assistant.domain.policy import Document
from ingest.formats.office import office_program
from ingest.structure.canonical import mask

EXPECTED_TREE = [
    ("head", "文号", ""),
    ("head", "标题", "".join(same.TITLE)),
    ("head", "主送", ""),
    ("body", "导语", ""),
    ("body", "一", "工作目标"),
    ("body", "二", "重点任务"),
    ("body", "二（一）", "加快工程建设"),
    ("body", "二（一）1", ""),
    ("body", "二（一）2", "走读学校分两批实施，每批完工后组织联合验收"),
    ("body", "二（一）2（1）", ""),
    ("body", "二（一）2（2）", ""),
    ("body", "二（二）", "严格水质管理"),
    ("body", "三", "保障措施"),
    ("body", "三（一）", "落实经费"),
    ("body", "三（二）", "明确责任"),
    ("body", "四", "任务分工"),
    ("table", "四表第1行", ""),
    ("table", "四表第2行", ""),
    ("table", "四表第3行", ""),
    ("tail", "落款", ""),
    ("tail", "联系人", ""),
]
EXPECTED_FIELDS = {
    ("number", "岚市教发〔2024〕36号"),
    ("signatory", "陆承远"),
    ("title", "".join(same.TITLE)),
    ("addressee", "各县（市、区）教育局，市直各学校"),
    ("issuer", "岚山市教育局"),
    ("issued_on", "2024-04-18"),
    ("contact", "苏青禾"),
    ("phone", "0999—***3457"),
    ("kind_confidence", "0.99"),
}
#: Formats that have no notion of a table: the rows' text stays with the clause above it.
WITHOUT_TABLES = {".txt", ".ofd"}


def tree(document: Document) -> list[tuple[str, str, str]]:
    return [(str(c.kind), c.path, c.heading) for c in document.clauses]


def fields(document: Document) -> set[tuple[str, str]]:
    return {(f.name, f.value) for f in document.fields}


def squeezed(text: str) -> str:
    return "".join(text.split())


@cache
def of(suffix: str) -> Document:
    return parsed(same.FORMATS[suffix](), f"样例{suffix}")


@pytest.mark.parametrize("suffix", list(same.FORMATS))
def test_the_tree_is_the_same_in_every_format(suffix: str) -> None:
    expected = [row for row in EXPECTED_TREE if row[0] != "table" or suffix not in WITHOUT_TABLES]
    assert tree(of(suffix)) == expected


@pytest.mark.parametrize("suffix", list(same.FORMATS))
def test_the_fields_are_the_same_in_every_format(suffix: str) -> None:
    assert fields(of(suffix)) == EXPECTED_FIELDS


@pytest.mark.parametrize("suffix", sorted(set(same.FORMATS) - {".ofd"}))
def test_no_character_is_lost_or_added(suffix: str) -> None:
    assert squeezed(of(suffix).text) == squeezed(mask(same.text_of())[0])


@pytest.mark.parametrize("suffix", sorted(set(same.FORMATS) - WITHOUT_TABLES))
def test_the_words_of_every_clause_are_the_same(suffix: str) -> None:
    def words(document: Document) -> list[str]:
        return [squeezed(clause.span.of(document.text)) for clause in document.clauses]

    assert words(of(suffix)) == words(of(".html"))


@pytest.mark.parametrize("suffix", [".pdf", ".ofd"])
def test_pages_are_kept_for_citations(suffix: str) -> None:
    document = of(suffix)
    assert document.page_of(document.text.index("工作目标")) == 1
    assert document.page_of(document.text.index("二〇二四年四月十八日")) == 2


def test_cells_of_a_page_without_rules_are_not_lost() -> None:
    held = squeezed(of(".ofd").text)
    assert [cell for row in (same.HEADER, *same.ROWS) for cell in row if cell not in held] == []


def test_tracked_changes_are_settled_and_named() -> None:
    document, problems = with_problems(same.as_docx(), "样例.docx")
    assert same.INSERTED[0] in document.text
    assert same.DELETED not in document.text
    assert any("修订" in p.reason and not p.lost for p in problems)


def test_the_table_alone_gives_the_same_rows() -> None:
    document = parsed(same.as_xlsx(), "任务分工.xlsx")
    rows = [c.span.of(document.text) for c in document.clauses if c.kind == "table"]
    assert rows == [same.row_text(row) for row in same.ROWS]


@pytest.fixture(scope="module")
def old_word() -> bytes:
    if office_program() is None:
        pytest.skip("LibreOffice is not installed")
    return same.as_doc()


@pytest.mark.parametrize("suffix", [".doc", ".wps"])
def test_old_word_files_give_the_same(old_word: bytes, suffix: str) -> None:
    """A .wps of WPS Writer is a binary Word file under another name."""
    document = parsed(old_word, f"样例{suffix}")
    assert tree(document) == EXPECTED_TREE
    assert fields(document) == EXPECTED_FIELDS
    assert squeezed(document.text) == squeezed(of(".docx").text)


def test_a_scan_gives_the_same_with_few_errors() -> None:
    """Printed, turned by half a degree, noisy, a red seal over the signature: at most 2 % of the characters wrong."""
    pytest.importorskip("rapidocr")
    if same.chinese_font() is None:
        pytest.skip("no font with Chinese characters is installed")
    document, problems = with_problems(same.as_scan(), "扫描件.pdf")
    expected, read = squeezed(mask(same.text_of())[0]), squeezed(document.text)
    assert errors(expected, read) <= 0.02 * len(expected)
    assert tree(document) == EXPECTED_TREE
    assert fields(document) - {("recognised", "1.00")} == EXPECTED_FIELDS
    assert ("recognised", "1.00") in fields(document)
    assert any("文字识别" in p.reason for p in problems)
    assert not any(p.lost for p in problems)


def errors(expected: str, read: str) -> int:
    """Characters to put in, take out or change (Levenshtein)."""
    before = list(range(len(read) + 1))
    for row, a in enumerate(expected, 1):
        now = [row]
        for column, b in enumerate(read, 1):
            now.append(min(before[column] + 1, now[-1] + 1, before[column - 1] + (a != b)))
        before = now
    return before[-1]
