"""Answers in a terminal: the text, then what the reader should know, then the sources by number.

``rich`` measures East Asian widths and drops colours and boxes in a pipe; only the signs of ``interface.md`` are
used (〔拟〕, 〔推定〕, 文件未载明), so that no meaning hangs on a colour.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterable, Sequence
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.padding import Padding
from rich.table import Table as Grid
from rich.text import Text

from assistant.domain.dialogue import Answer, Citation, Commitment, Verdict
from assistant.faces.cli.language import english, said

_REFERENCE = re.compile(r"\[\d+\]")
_VERDICT_SIGN = {
    Verdict.PARTIAL: "〔部分载明〕",
    Verdict.NOT_STATED: "〔文件未载明〕",
    Verdict.OUT_OF_SCOPE: "〔超出文件范围〕",
    Verdict.CLARIFY: "〔需要补充〕",
    Verdict.REFUSED: "〔不予提供〕",
}
_REVIEW_SIGN = {"confirmed": "〔已核对〕", "corrected": "〔已更正〕"}
_STATE_SIGN = {"planned": "拟", "in_progress": "进行中", "done": "已完成", "unclear": "不明"}


# A pipe is read by programs and by grep: its lines are not folded.
_PIPE_WIDTH = 10_000


def console() -> Console:
    """Standard output as wide as the terminal, or never folded where it is none."""
    width = None if sys.stdout.isatty() or "COLUMNS" in os.environ else _PIPE_WIDTH
    return (_English if english() else Console)(highlight=False, width=width)


class _English(Console):
    """Prints messages and the heads of tables in English; answers and sources as they are."""

    def print(self, *objects: Any, **options: Any) -> None:
        super().print(*map(_translated, objects), **options)


def _translated(shown: Any) -> Any:
    if isinstance(shown, str):
        return said(shown)
    if isinstance(shown, Text) and shown.style and not shown.spans:
        return Text(said(shown.plain), style=shown.style)
    if isinstance(shown, Grid):
        for column in shown.columns:
            column.header = _translated(column.header)
    return shown


def print_json(value: Any) -> None:
    """One JSON value in UTF-8 whatever the terminal's encoding is: programs read this."""
    sys.stdout.flush()
    sys.stdout.buffer.write(json.dumps(value, ensure_ascii=False, indent=2).encode() + b"\n")
    sys.stdout.buffer.flush()


def print_answer_text(console: Console, text: str) -> None:
    """A piece of an answer as it arrives; the terminal wraps it, so that pieces join on one line."""
    styled = Text(text)
    styled.highlight_regex(_REFERENCE, "cyan")
    console.print(styled, end="", soft_wrap=True)


def print_rest(console: Console, answer: Answer, *, talking: bool = False) -> None:
    """All of an answer but its text: verdict, notices, rows, sources and where it came from; how to follow up where it
    is not in a talk that goes on anyway.
    """
    sign = _VERDICT_SIGN.get(answer.verdict)
    if sign:
        console.print(Text(sign, style="bold yellow"))
    if answer.verdict in (Verdict.NOT_STATED, Verdict.OUT_OF_SCOPE):
        console.print(Text("可换个说法再问；assistant documents 列出已导入的文件。", style="dim"))
    for notice in answer.notices:
        console.print(Text(f"注意：{notice}", style="yellow"))
    counted = answer.completeness.shown if answer.completeness else 0
    main = counted or len(answer.commitments)
    if answer.commitments:
        console.print(commitment_table(answer.commitments[:main]))
    if answer.completeness:
        console.print(Text(_count_line(answer.completeness.shown, answer.completeness.total), style="bold"))
    if beside := answer.commitments[main:]:  # a list may bring more rows than it counts
        console.print(Text(f"另附 {len(beside)} 项：写法或角色不同（负责、协调、配合等），不计入"))
        console.print(commitment_table(beside))
    print_sources(console, answer.citations)
    if answer.model != "extractive":
        console.print(Text("AI生成，以原文为准", style="dim"))
    total = answer.timings_ms.get("total")
    facts = [
        f"索引 {answer.index}" if answer.index else "",
        f"用时 {total:.0f} 毫秒" if total is not None else "",
        "" if talking else f"续问请加 --conversation {answer.conversation_id}",
    ]
    if any(facts):
        console.print(Text("；".join(filter(None, facts)), style="dim"))


def print_sources(console: Console, citations: Sequence[Citation]) -> None:
    """The numbered sources: document, number, path and page, and below them the exact quote."""
    if not citations:
        return
    console.print()
    console.print(Text("依据", style="bold"))
    for citation in citations:
        place = " · ".join(
            part
            for part in (
                f"《{citation.title}》",
                citation.number or "",
                citation.path,
                f"第{citation.page}页" if citation.page else "",
            )
            if part
        )
        quote = " ".join(citation.quote.split())
        console.print(Text.assemble((f"[{citation.n}] {place}", "cyan")))
        console.print(Padding(Text(f"“{quote}”"), (0, 0, 0, 4), expand=False))


def commitment_table(rows: Iterable[Commitment]) -> Grid:
    """Rows of who does what by when, with the signs for planned and inherited."""
    grid = Grid(box=SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for name in ("事项", "牵头单位", "配合单位", "时限", "进展", "依据"):
        grid.add_column(name, overflow="fold")
    for row in rows:
        lead = "、".join(row.lead_units) or "—"
        grid.add_row(
            Text(row.task + (_REVIEW_SIGN[row.review] if row.review else "")),
            Text(lead + ("〔推定〕" if row.basis == "inherited" else "")),
            Text("、".join(row.cooperating_units) or "—"),
            Text(row.deadline.as_written or "—"),
            Text(f"〔{_STATE_SIGN[row.status.state]}〕"),
            Text("".join(f"[{n}]" for n in row.citations)),
        )
    return grid


def _count_line(shown: int, total: int) -> str:
    return f"共 {total} 项，全部列出" if shown == total else f"共 {total} 项，列出 {shown} 项"
