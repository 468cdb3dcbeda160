"""Whether a table holds one document a row, and what each of its columns is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean, median

from ingest.formats.sheet.book import Cell, CellType
from ingest.formats.sheet.layout import Piece

_LONG = 300  # mean characters of a column that holds documents; descriptions of tasks stay below
_LEDGER = re.compile("牵头|责任(?:单位|部门)|配合(?:单位|部门)|完成(?:时限|时间|期限)")
_TITLE_NAME = re.compile("(?:提案|建议|文件)?(?:标题|题目|题名|案由|名称)|title|subject", re.IGNORECASE)
_TITLE_SHAPE = re.compile("^关于|的(?:建议|提案|意见|报告|通知|方案|答复|函|办法|规定)$|(?:建议|提案)$")
_IDENTIFIER = re.compile("[0-9a-fA-F]{12,64}|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
#: Columns by their names, in the order in which their lines stand below the title.
_FIELDS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        ("number", "(?:提案|建议)?(?:案号|编号|号)|文号|发文字号|(?:[a-z]{1,20}[ _]){0,4}(?:number|no)"),
        ("session", "届次|会次|session"),
        ("proposer", "(?:第一)?提案[者人]|提[出交]人|领衔代表|(?:personnel|proposer|author|member)(?:[ _]?name)?"),
        ("category", "(?:提案|建议)?(?:类别|分类|类型)|type|category"),
        ("issuer", "发文机关|发文单位|发布机构|issuer"),
        ("handlers", "承办单位|主办单位|办理单位"),
        ("date", "日期|(?:提交|提案|成文|立案)(?:日期|时间)|date"),
        ("published", "(?:发布|公开|印发)(?:日期|时间)|publish(?:ed)?[ _](?:time|date|on)"),
    )
)


@dataclass(frozen=True, slots=True)
class Roles:
    """Columns by number. ``fields`` are in the order of their lines; ``others`` keep their names."""

    title: int
    texts: tuple[int, ...]
    fields: Mapping[str, int] = field(default_factory=dict)
    others: tuple[int, ...] = ()
    redundant: tuple[int, ...] = ()  # ids, counters and what another column says too


def recognise(rows: Sequence[Piece], names: Mapping[int, str]) -> Roles | None:
    """The roles of the columns of a table whose rows are documents; None for any other table.

    Documents have a column of long texts (on average 300 characters, with sentences) and one of titles: by its name,
    or by the shape of most of its values (关于…的建议). A table that names leads or time limits is a ledger.
    """
    if len(rows) < 2 or any(_LEDGER.search(name) for name in names.values()):
        return None
    columns = values_of(rows)
    texts = tuple(c for c, cells in columns.items() if _is_text([v.text for v in cells], len(rows)))
    titles = [c for c, cells in columns.items() if c not in texts and _is_title(names.get(c, ""), cells, len(rows))]
    if not texts or not titles:
        return None
    title = max(titles, key=lambda c: (bool(_TITLE_NAME.fullmatch(names.get(c, ""))), _shaped(columns[c])))
    fields: dict[str, int] = {}
    for name, pattern in _FIELDS:
        for column in sorted(columns):
            if column not in (title, *texts, *fields.values()) and pattern.fullmatch(names.get(column, "")):
                fields[name] = column
                break
    return completed(rows, title, texts, fields, frozenset())


def completed(
    rows: Sequence[Piece], title: int, texts: tuple[int, ...], fields: Mapping[str, int], ignored: frozenset[int]
) -> Roles:
    """The roles with every other column told: kept under its name, or redundant."""
    columns = values_of(rows)
    taken = {title, *texts, *fields.values()}
    rest = [c for c in sorted(columns) if c not in taken and c not in ignored]
    by_row = [{c: cell.text.strip() for c, _, cell in row.cells} for row in rows]
    redundant = tuple(c for c in rest if _is_redundant([row.get(c, "") for row in by_row], by_row, taken - set(texts)))
    return Roles(title, texts, fields, tuple(c for c in rest if c not in redundant), (*redundant, *sorted(ignored)))


def values_of(rows: Sequence[Piece]) -> dict[int, list[Cell]]:
    """The cells of each column, empty ones left out."""
    found: dict[int, list[Cell]] = {}
    for row in rows:
        for column, _, cell in row.cells:
            found.setdefault(column, []).append(cell)
    return found


def is_proposals(titles: Sequence[str]) -> bool:
    """Whether most titles are those of proposals (…的建议, …的提案)."""
    return sum(1 for t in titles if re.search("(?:建议|提案)(?:案)?$", t.strip())) * 2 >= len(titles)


def _is_text(values: Sequence[str], rows: int) -> bool:
    if len(values) * 5 < rows * 4 or fmean(len(v) for v in values) < _LONG:
        return False
    return sum(1 for v in values if "。" in v) * 2 >= len(values)


def _is_title(name: str, cells: Sequence[Cell], rows: int) -> bool:
    texts = [cell.text.strip() for cell in cells if cell.type == CellType.TEXT]
    if len(texts) * 20 < rows * 19 or len(set(texts)) * 10 < len(texts) * 9:
        return False
    if not 4 <= median(len(t) for t in texts) <= 60 or any("。" in t[:-1] for t in texts):
        return False
    return bool(_TITLE_NAME.fullmatch(name)) or _shaped(cells) >= 0.5


def _shaped(cells: Sequence[Cell]) -> float:
    return sum(1 for cell in cells if _TITLE_SHAPE.search(cell.text.strip())) / max(1, len(cells))


def _is_redundant(values: Sequence[str], rows: Sequence[Mapping[int, str]], taken: set[int]) -> bool:
    if all(_IDENTIFIER.fullmatch(v) for v in values):
        return True
    if values == [str(n) for n in range(1, len(values) + 1)]:
        return True
    return any(all(v in row.get(c, "") for v, row in zip(values, rows, strict=True)) for c in taken)
