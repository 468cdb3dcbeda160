"""Office Open XML workbooks (.xlsx, .xlsm; ECMA-376), read from their XML.

Own reading, because openpyxl was tried and each of its two ways loses what matters: the full one makes a cell for
every place of a merged range (a file of 2 kB that merges A1:XFD1048576 takes all memory), the read-only one gives
neither merged ranges nor hidden rows, and neither tells a formula without a saved value from an empty cell.
Namespaces are ignored, so that the strict variant is read too; entities are never resolved.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from lxml import etree

from ingest.formats.model import Limits, Trouble
from ingest.formats.sheet import shown
from ingest.formats.sheet.book import Book, Cell, CellType, Merge, Sheet, Unreadable, column_name
from ingest.formats.sheet.ooxml import Parts, local, named

_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_PAGE_CODES = re.compile(r'&(?:"[^"]{0,80}"|K[0-9A-Fa-f]{6}|[0-9]{1,3}|[A-Za-z&])')
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384


def read_xlsx(data: bytes, limits: Limits) -> Book:
    """The sheets with the values that were last saved; macros are neither run nor read.

    Raises :class:`Unreadable`, as it does beyond a limit.
    """
    try:
        archive = zipfile.ZipFile(BytesIO(data))
    except zipfile.BadZipFile as error:
        raise Unreadable("不是有效的 Excel 文件，或已损坏；请用 Excel 或 WPS 打开后另存再导入") from error
    with archive:
        try:
            return _Workbook(archive, limits).book()
        except (etree.LxmlError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
            raise Unreadable("文件已损坏；请用 Excel 或 WPS 打开后另存再导入") from error


class _Workbook:
    """The parts of one file that its sheets share."""

    def __init__(self, archive: zipfile.ZipFile, limits: Limits) -> None:
        self.parts = Parts(archive, limits)
        self.limits = limits
        self.cells = 0
        start = self.parts.related("", "officeDocument") or ["xl/workbook.xml"]
        self.path = start[0]
        self.strings: list[str] = []
        self.formats: list[str] = []
        self.from_1904 = False

    def book(self) -> Book:
        root = self.parts.tree(self.path)
        if root is None:
            raise Unreadable("不是有效的 Excel 文件：缺少工作簿")
        self.from_1904 = any(_true(e.get("date1904")) for e in named(root, "workbookPr"))
        for path in self.parts.related(self.path, "sharedStrings"):
            self.strings = self._strings(path)
        for path in self.parts.related(self.path, "styles"):
            self.formats = self._formats(path)
        targets = self.parts.targets(self.path)
        sheets = []
        for element in named(root, "sheet"):
            kind, path = next((targets[v] for k, v in element.items() if local(k) == "id" and v in targets), ("", ""))
            if kind != "worksheet":
                continue  # a sheet that is one chart, or a macro sheet
            sheet = Sheet(element.get("name") or "", hidden=element.get("state") in ("hidden", "veryHidden"))
            sheet.room = self.limits.max_cells
            _SheetReader(self, sheet).read(path)
            sheets.append(sheet)
        troubles = []
        if any(name.endswith("vbaproject.bin") for name in self.parts.names):
            troubles.append(Trouble("", "文件含宏；宏没有运行，也没有收入", lost=False))
        if pictures := sum(1 for name in self.parts.names if "/media/" in name and not name.endswith("/")):
            troubles.append(Trouble("", f"文件含 {pictures} 幅图片，图片中的文字未收入", lost=False))
        return Book(tuple(sheets), tuple(troubles))

    def _strings(self, path: str) -> list[str]:
        found, size = [], 0
        for element in self.parts.events(path, ("si",)):
            text = _text(element)
            size += len(text)
            if size > 4 * self.limits.max_characters:
                raise Unreadable(f"文字过多：超过 {4 * self.limits.max_characters} 字")
            found.append(text)
        return found

    def _formats(self, path: str) -> list[str]:
        root = self.parts.tree(path)
        own = {e.get("numFmtId"): e.get("formatCode") or "" for e in named(root, "numFmt")}
        cells = next(iter(named(root, "cellXfs")), ())
        numbers = [e.get("numFmtId") or "0" for e in cells if isinstance(e.tag, str)]
        return [own.get(n) or shown.BUILT_IN.get(int(n) if n.isdigit() else 0, "General") for n in numbers]

    def apart(self, path: str) -> Iterator[str]:
        """Comments and text boxes of a sheet; the cell that a comment belongs to is named."""
        for kind, target in self.parts.targets(path).values():
            if kind == "comments":
                for element in self.parts.events(target, ("comment",)):
                    if text := _text(element).strip():
                        yield f"批注（{element.get('ref') or ''}）：{text}"
            elif kind == "drawing" and (root := self.parts.tree(target)) is not None:
                for body in named(root, "txBody"):
                    text = "\n".join(_text(p) for p in named(body, "p"))
                    if text.strip():
                        yield f"文本框：{text.strip()}"


class _SheetReader:
    """Reads one sheet's XML into a :class:`Sheet`."""

    def __init__(self, workbook: _Workbook, sheet: Sheet) -> None:
        self.workbook = workbook
        self.sheet = sheet
        self.row = self.column = 0
        self.without_value: list[str] = []
        self.errors: list[str] = []

    def read(self, path: str) -> None:
        for element in self.workbook.parts.events(path, ("c", "row", "col", "mergeCell", "oddHeader", "oddFooter")):
            match local(element.tag):
                case "c":
                    self._cell(element)
                case "row":
                    self._row(element)
                case "col":
                    self._columns(element)
                case "mergeCell":
                    self._merge(element.get("ref") or "")
                case _:
                    where = "页眉" if local(element.tag) == "oddHeader" else "页脚"
                    text = _PAGE_CODES.sub(" ", element.text or "").strip(" /-—·第页共")
                    if text:
                        self.sheet.apart.append(f"{where}：{text}")
        self.sheet.apart += self.workbook.apart(path)
        place = f"工作表“{self.sheet.name}”"
        if self.without_value:
            named = "、".join(self.without_value[:8]) + ("等" if len(self.without_value) > 8 else "")
            reason = f"{len(self.without_value)} 处公式没有保存结果（{named}），请用 Excel 或 WPS 打开并保存后再导入"
            self.sheet.troubles.append(Trouble(place, reason, lost=True))
        if self.errors:
            named = "、".join(self.errors[:8]) + ("等" if len(self.errors) > 8 else "")
            self.sheet.troubles.append(Trouble(place, f"{len(self.errors)} 处公式结果为错误值（{named}）", lost=False))

    def _row(self, element: Any) -> None:
        number = _integer(element.get("r"), self.row + 1)
        if _true(element.get("hidden")) and number in self.sheet.rows:
            self.sheet.hidden_rows.add(number)
        self.row, self.column = max(self.row, number), 0

    def _cell(self, element: Any) -> None:
        row, column = self._position(element)
        self.column = column
        value = next((e.text or "" for e in element if local(e.tag) == "v"), None)
        kind = element.get("t") or "n"
        if kind == "inlineStr":
            value = "".join(_text(e) for e in element if local(e.tag) == "is")
        if value is None or value == "":
            if any(local(e.tag) == "f" for e in element) and kind != "str":
                self.without_value.append(f"{column_name(column)}{row}")
            return
        cell = self._shown(kind, value, element.get("s"))
        if kind == "e":
            self.errors.append(f"{column_name(column)}{row} {value}")
        if not cell.text.strip():
            return
        self.workbook.cells += 1
        if self.workbook.cells > self.workbook.limits.max_cells:
            raise Unreadable(f"单元格过多：超过 {self.workbook.limits.max_cells} 个")
        self.sheet.rows.setdefault(row, {})[column] = cell

    def _position(self, element: Any) -> tuple[int, int]:
        """From the cell's reference; without one it follows the cell before it (the row's start tag is still open)."""
        if match := _PLACE.fullmatch(element.get("r") or ""):
            return int(match[2]), _column(match[1])
        parent = element.getparent()
        return _integer(parent.get("r") if parent is not None else None, self.row + 1), self.column + 1

    def _shown(self, kind: str, value: str, style: str | None) -> Cell:
        match kind:
            case "s":
                index = _integer(value, -1)
                strings = self.workbook.strings
                return Cell(strings[index] if 0 <= index < len(strings) else "")
            case "str" | "inlineStr" | "e":
                return Cell(_unescaped(value))
            case "b":
                return Cell("TRUE" if _true(value) else "FALSE")
            case "d":
                return shown.iso_date(value)
        try:
            number = float(value)
        except ValueError:
            return Cell(value)
        if len(value) > 15 and re.fullmatch("-?[0-9]{1,40}", value):
            return Cell(value, CellType.NUMBER)  # a program wrote more digits than Excel keeps
        index, formats = _integer(style, 0), self.workbook.formats
        pattern = formats[index] if 0 <= index < len(formats) else "General"
        return shown.shown(number, pattern, from_1904=self.workbook.from_1904)

    def _columns(self, element: Any) -> None:
        if _true(element.get("hidden")):
            first, last = _integer(element.get("min"), 0), _integer(element.get("max"), 0)
            self.sheet.hidden_columns.update(range(max(1, first), min(last, _LAST_COLUMN) + 1))

    def _merge(self, reference: str) -> None:
        corners = [_PLACE.fullmatch(part) for part in reference.replace("$", "").split(":")]
        if len(corners) == 2 and (a := corners[0]) and (b := corners[1]):
            self.sheet.merges.append(Merge(int(a[2]), min(int(b[2]), _LAST_ROW), _column(a[1]), _column(b[1])))
            if len(self.sheet.merges) > self.workbook.limits.max_cells:
                raise Unreadable(f"合并单元格过多：超过 {self.workbook.limits.max_cells} 处")


def _text(element: Any) -> str:
    """The runs of a string, without the reading aids (rPh) that Japanese files carry."""
    runs = (e for e in element.iter("{*}t") if not any(local(a.tag) == "rPh" for a in e.iterancestors()))
    return _unescaped("".join(e.text or "" for e in runs))


def _unescaped(text: str) -> str:
    """_x000D_ and the like stand for characters that XML cannot hold."""
    return _ESCAPED.sub(lambda m: chr(int(m[1], 16)), text) if "_x" in text else text


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return min(number, _LAST_COLUMN)


def _integer(value: str | None, otherwise: int) -> int:
    return int(value) if value and re.fullmatch("[0-9]{1,9}", value) else otherwise


def _true(value: str | None) -> bool:
    return value in ("1", "true", "on")
