"""Forms: tables whose cells are labels beside their values (案由 | …), as proposals and their handling sheets are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.formats.tables import Cell
from ingest.structure.roles import HEAD_LABELS

_LABELS = frozenset(HEAD_LABELS) | frozenset(
    "提案内容 提案理由 建议内容 理由 办法 内容 情况分析 具体建议 审查意见 办理意见 承办意见 "
    "领导批示 拟办意见 备注 姓名 性别 年龄 民族 籍贯 学历 学位 职务 职称 单位 工作单位 单位名称 项目名称 负责人 "
    "项目负责人 申报单位 通讯地址 通信地址 地址 邮编 邮政编码 电话 手机 手机号码 电子邮箱 邮箱 "
    "填表日期 填报单位 填表人 收文日期 来文单位 来文字号 文件标题 办结时限 办理结果 办理单位 经办人 签发日期 "
    "政治面貌 出生年月 参加工作时间 事项名称 项目编号 项目类别 实施单位 办理时限 答复时间 答复单位".split()
)
LONGEST_LABEL = 12
"""Characters of a label with the spaces that stretch it."""


def label_of(text: str) -> str | None:
    """The label that a text is, without the spaces that stretch it; None for any other text."""
    if len(text) > LONGEST_LABEL:
        return None
    squeezed = re.sub(r"\s", "", text).rstrip("：:")
    return squeezed if squeezed in _LABELS else None


def is_form(rows: Sequence[Sequence[str]]) -> bool:
    """Whether a table, given by the texts of its cells, is a form: its rows begin with labels, the first and most do.

    A table of data has its labels in the first row, all of them; below it stand values.
    """
    lines = [row for row in rows if len(row) >= 2]
    labelled = [label_of(line[0]) is not None for line in lines]
    if len(lines) < 2 or not labelled[0] or sum(labelled) < 2 or 2 * sum(labelled) < len(lines):
        return False
    # A form of which nothing is filled in yet has labels beside labels in every row.
    return any(label_of(cell) is None for cell in lines[0]) or all(labelled)


def form_lines(rows: Sequence[Sequence[Cell]]) -> list[tuple[str, bool]] | None:
    """A form as lines “案由：…”, None for any other table. True marks the line of what is not filled in.

    A label stands alone above a value of several paragraphs (parted by line breaks). A value without a label, and a
    heading over the width of the form, are lines of their own.
    """
    if not is_form([[cell.text for cell in row] for row in rows]):
        return None
    short: list[str] = []  # the head of the form, above its first long value
    long: list[str] = []
    blank: list[str] = []
    for row in rows:
        for label, value in _pairs(row):
            paragraphs = [line for line in value.split("\n") if line.strip()]
            if label and not paragraphs:
                blank.append(f"{label}：")
            elif label and len(paragraphs) == 1:
                (long or short).append(f"{label}：{paragraphs[0]}")
            else:
                long += ([label] if label else []) + paragraphs
    unfilled = [("；".join(blank), True)] if blank else []
    return [*((line, False) for line in short), *unfilled, *((line, False) for line in long)]


def _pairs(row: Sequence[Cell]) -> Iterator[tuple[str, str]]:
    """Labels with their values; empty for values before the first label, and for a label that is all of a row."""
    if len(row) == 1:
        yield "", row[0].text
        return
    label, values = "", list[str]()
    for cell in row:
        found = label_of(cell.text)
        if found is None:
            values.append(cell.text)
            continue
        if label or values:
            yield label, "\n".join(values)
        label, values = found, []
    if label or values:
        yield label, "\n".join(values)
