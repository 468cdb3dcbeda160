"""Tables that hold one document a row: which column is the title, which the text (docs/mapping.md).

A user says so in a YAML file; without one a table whose columns hold titles and long texts is recognised. Every cell of
such a row is in its document or in a remark.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from ingest.formats.model import Block, BlockKind, Limits, ParsedFile, Trouble
from ingest.formats.sheet.book import Book, column_name
from ingest.formats.sheet.collection import Roles, completed, is_proposals, recognise
from ingest.formats.sheet.layout import Layout, Piece, PieceKind, layout_of
from ingest.formats.sheet.parse import blocks_of, is_page, read_book, secrecy_marks, troubles_of
from ingest.formats.sheet.prose import SECTIONS, prose
from ingest.formats.spaces import clean
from ingest.mapping_file import FieldName, Mapping, MappingError, load_mapping, read_mapping

__all__ = [
    "Collection",
    "Mapping",
    "MappingError",
    "documents_in",
    "load_mapping",
    "may_hold_documents",
    "read_mapping",
]

SUFFIXES = frozenset((".xlsx", ".xlsm", ".xls", ".csv"))
_LONGEST_NAME = 40  # characters of the title in a document's name

#: What the line of a field is called below the title; the number's name depends on the kind.
_LABELS: dict[FieldName, str] = {
    "session": "届次",
    "proposer": "提案者",
    "category": "类别",
    "issuer": "发文机关",
    "handlers": "承办单位",
    "date": "成文日期",
    "published": "发布日期",
}
_NUMBERS = {"提案": "提案编号", "公文": "发文字号", "其他": "编号"}


@dataclass(frozen=True, slots=True)
class Collection:
    """The documents of a table in order, each with its name (“第12行 标题”), and remarks on the file as a whole."""

    documents: tuple[tuple[str, ParsedFile], ...]
    remarks: tuple[Trouble, ...]


def may_hold_documents(name: str) -> bool:
    """Whether a file of that name can be a table of documents."""
    return PurePosixPath(name).suffix.lower() in SUFFIXES


def documents_in(
    name: str, data: bytes, mapping: Mapping | None = None, limits: Limits | None = None
) -> Collection | None:
    """The documents of a table that holds one a row; None for any other file.

    Without a mapping, or for a file that it does not mean, such tables are recognised. What else the file holds (a
    title above the header, notes, other sheets) is one more document, 其余内容.
    None too where the file cannot be read: the parser will say why. Raises :class:`MappingError` where the mapping
    means the file and does not fit it.
    """
    limits = limits or Limits()
    if not may_hold_documents(name) or len(data) > limits.max_bytes or is_page(data):
        return None
    mapping = mapping if mapping is not None and mapping.applies_to(name) else None
    wanted = frozenset((mapping.columns.title, *mapping.columns.texts)) if mapping else frozenset[str]()
    try:
        book = read_book(data, limits)
        layouts = [layout_of(sheet, wanted) for sheet in book.sheets]
    except MemoryError:
        raise  # the limit of the process: the caller decides whether it can go on
    except Exception:  # bad input may break any reader; parsing the file as one document will name the reason
        return None
    tables = list(_tables(book, layouts, mapping))
    if not tables:
        if mapping:
            raise _unfitting(name, mapping, book, layouts)
        return None
    several = sum(1 for sheet in book.sheets if sheet.rows) > 1
    found: list[tuple[str, ParsedFile]] = []
    taken: set[tuple[int, int]] = set()
    remarks: list[Trouble] = []
    for position, table, roles, rows in tables:
        names = layouts[position].headers[table - 1]
        titles = [title for row in rows if (title := _cell(row, roles.title))]
        kind = mapping.kind if mapping else ("提案" if is_proposals(titles) else "其他")
        for row in rows:
            if len(found) >= limits.max_rows:
                remarks.append(Trouble(f"第{row.number}行", f"超过 {limits.max_rows} 行，其后未收入", lost=True))
                break
            blocks = _blocks(row, roles, names, kind, mapping)
            title = clean(_cell(row, roles.title)).replace("/", "／")
            place = f"{clean(book.sheets[position].name)} " if several else ""
            found.append((f"{place}第{row.number}行 {title[:_LONGEST_NAME]}".strip(), ParsedFile(tuple(blocks))))
        taken.update((position, row.number) for row in rows)
        if left := [names.get(c) or column_name(c) for c in roles.redundant]:
            remarks.append(Trouble("", f"这些列未收入（流水号、标识，或与其他列重复）：{'、'.join(left)}", lost=False))
    if any(secrecy_marks(book, layouts, frozenset(taken))):
        return None  # marked as a whole: parsing it as one document will refuse it
    pieces = ((i, piece) for i, layout in enumerate(layouts) for piece in layout.pieces)
    if any((i, piece.number) not in taken for i, piece in pieces) or any(sheet.apart for sheet in book.sheets):
        found.append(("其余内容", ParsedFile(tuple(blocks_of(book, layouts, frozenset(taken))))))
    return Collection(tuple(found), (*remarks, *troubles_of(book, layouts)))


def _tables(
    book: Book, layouts: Sequence[Layout], mapping: Mapping | None
) -> Iterator[tuple[int, int, Roles, list[Piece]]]:
    """Sheet (from 0), table (from 1), roles and rows of each table that holds documents."""
    for position, layout in enumerate(layouts):
        if mapping and mapping.sheet not in (None, clean(book.sheets[position].name)):
            continue
        for table, names in enumerate(layout.headers, 1):
            rows = [p for p in layout.pieces if p.kind == PieceKind.ROW and p.table == table]
            roles = _mapped(rows, names, mapping) if mapping else recognise(rows, names)
            holding = [r for r in rows if _cell(r, roles.title) or _text_of(r, roles)] if roles else []
            if roles and holding:
                yield position, table, roles, holding


def _mapped(rows: Sequence[Piece], names: dict[int, str], mapping: Mapping) -> Roles | None:
    columns = {name: column for column, name in reversed(names.items())}
    wanted = mapping.columns
    if any(name not in columns for name in (wanted.title, *wanted.texts)):
        return None
    missing = [name for name in (*wanted.named.values(), *mapping.ignore) if name not in columns]
    if missing:
        raise _missing(missing, names.values())
    fields = {field: columns[name] for field, name in wanted.named.items()}
    ignored = frozenset(columns[name] for name in mapping.ignore)
    return completed(rows, columns[wanted.title], tuple(columns[t] for t in wanted.texts), fields, ignored)


def _unfitting(name: str, mapping: Mapping, book: Book, layouts: Sequence[Layout]) -> MappingError:
    if mapping.sheet is not None and mapping.sheet not in [clean(sheet.name) for sheet in book.sheets]:
        there = "、".join(clean(sheet.name) for sheet in book.sheets)
        return MappingError(f"{name} 没有工作表“{mapping.sheet}”。", f"文件中的工作表：{there}。")
    seen = [n for layout in layouts for names in layout.headers for n in names.values()]
    missing = [c for c in (mapping.columns.title, *mapping.columns.texts) if c not in seen]
    return _missing(missing or [mapping.columns.title], seen)


def _missing(missing: Sequence[str], seen: Iterable[str]) -> MappingError:
    there = "、".join(dict.fromkeys(n for n in seen if n)) or "没有找到表头"
    wanted = "”“".join(missing)
    return MappingError(f"对应表写的列“{wanted}”不在表中。", f"表中的列：{there}。")


def _blocks(row: Piece, roles: Roles, names: dict[int, str], kind: str, mapping: Mapping | None) -> Iterator[Block]:
    """Title, one line a field, other columns under their names, then the text."""
    if title := clean(_cell(row, roles.title)):
        yield Block(title, BlockKind.HEADING, level=1)
    fixed = mapping.values if mapping else {}
    labels: dict[FieldName, str] = {"number": _NUMBERS[kind], **_LABELS}
    for name, label in labels.items():
        value = clean(_cell(row, roles.fields[name])) if name in roles.fields else ""
        if value := value or fixed.get(name, ""):
            yield Block(f"{label}：{value}")
    for column in roles.others:
        if value := clean(_cell(row, column)):
            yield Block(f"{names.get(column) or column_name(column)}：{value}")
    sections = mapping.sections if mapping else SECTIONS
    for column in roles.texts:
        text = _cell(row, column)
        if len(roles.texts) > 1 and text.strip() and names.get(column):
            yield Block(names[column], BlockKind.HEADING, level=2)
        yield from prose(text, sections)


def _text_of(row: Piece, roles: Roles) -> str:
    return "".join(_cell(row, column) for column in roles.texts).strip()


def _cell(row: Piece, column: int) -> str:
    return next((cell.text for c, _, cell in row.cells if c == column), "")
