"""Forms: tables whose cells are labels beside their values (案由 | …), as proposals and their handling sheets are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lxml import etree

from ingest.formats.docx.names import child, value, w
from ingest.formats.docx.tables import cells_of
from ingest.roles import HEAD_LABELS

_LABELS = frozenset(HEAD_LABELS) | frozenset(
    "提案内容 提案理由 建议内容 理由 办法 内容 情况分析 具体建议 审查意见 办理意见 承办意见 "
    "领导批示 拟办意见 备注 姓名 性别 民族 职务 职称 单位 工作单位 单位名称 项目名称 负责人 "
    "项目负责人 申报单位 通讯地址 通信地址 地址 邮编 邮政编码 电话 手机 手机号码 电子邮箱 邮箱 "
    "填表日期 填报单位 填表人 收文日期 来文单位 来文字号 文件标题 办结时限 办理结果".split()
)
_LONGEST_LABEL = 12  # characters with the spaces that stretch it


def is_form(rows: Sequence[etree._Element]) -> bool:
    """Whether a table is a form: its rows begin with labels, the first and at least half of them all.

    A table of data has its labels in the first row; below it stand values.
    """
    lines = [line for row in rows if len(line := cells_of(row)) >= 2]
    labelled = [label_of(line[0]) is not None for line in lines]
    return len(lines) >= 2 and labelled[0] and sum(labelled) >= 2 and 2 * sum(labelled) >= len(lines)


def pairs(row: etree._Element) -> Iterator[tuple[str, list[etree._Element]]]:
    """Labels of a row with the cells of their values; without a label (empty) the cells before the first one.

    A label that is all of a row is a heading: it is given as a value, without a label. A cell that goes on from the
    row above (merged downwards) says nothing new.
    """
    cells = cells_of(row)
    label, values = "", list[etree._Element]()
    for cell in cells:
        merge = child(cell, "tcPr", "vMerge")
        if merge is not None and value(merge) != "restart":
            continue
        if len(cells) == 1 or (found := label_of(cell)) is None:
            values.append(cell)
            continue
        if label or values:
            yield label, values
        label, values = found, []
    if label or values:
        yield label, values


def label_of(cell: etree._Element) -> str | None:
    """The label that a cell is, without the spaces that stretch it; None for any other cell."""
    text = ""
    for piece in cell.iter(w("t")):
        text += piece.text or ""
        if len(text) > _LONGEST_LABEL:
            return None
    squeezed = re.sub(r"\s", "", text).rstrip("：:")
    return squeezed if squeezed in _LABELS else None
