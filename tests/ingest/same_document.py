"""One official document, written as the programs of an office would write it: the same words in every format.

:data:`ITEMS` is the document; each function below gives it as the bytes of one format. The wrapped formats (PDF, OFD,
scans) break lines as a page of GB/T 9704 does, 28 characters to a line.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from html import escape
from pathlib import Path

import ofd_files as ofd
import word_files as word

from ingest.formats.office import office_program


class Role(StrEnum):
    """What a paragraph is; it decides how a format sets it."""

    NUMBER = "number"  # 文号 and 签发人 in one line
    TITLE = "title"
    LEFT = "left"  # 主送
    PROSE = "prose"
    ITEM = "item"  # numbered; ``level`` says how deep
    TABLE = "table"
    RIGHT = "right"  # 署名 and 成文日期


@dataclass(frozen=True, slots=True)
class Item:
    """A paragraph. ``text`` of an item leaves the number out, ``marker`` is the number as it is written."""

    role: Role
    text: str = ""
    marker: str = ""
    level: int = 0

    @property
    def whole(self) -> str:
        return self.marker + self.text


TITLE = ("关于推进全市中小学校园直饮水工程建设", "和运行管护工作的通知")
HEADER = ("序号", "任务", "牵头单位", "完成时限")
ROWS = (
    ("1", "完成首批四十所学校管网改造", "市教育局", "2024年8月底前"),
    ("2", "建立水质检测结果公示制度", "市卫生健康委", "2024年10月底前"),
    ("3", "落实运行管护补助资金", "市财政局", "2024年12月底前"),
)
ITEMS: tuple[Item, ...] = (
    Item(Role.NUMBER, "岚市教发〔2024〕36号　　签发人：陆承远"),
    Item(Role.TITLE, TITLE[0]),
    Item(Role.TITLE, TITLE[1]),
    Item(Role.LEFT, "各县（市、区）教育局，市直各学校："),
    Item(
        Role.PROSE,
        "为保障师生饮水安全，改善校园饮水条件，根据年度民生实事安排，经市政府同意，现就推进中小学校园直饮水工程建设"
        "和运行管护工作有关事项通知如下。",
    ),
    Item(Role.ITEM, "工作目标", "一、", 0),
    Item(
        Role.PROSE,
        "到2025年底，全市公办中小学直饮水设备覆盖率达到百分之百，水质检测合格率稳定在百分之九十九以上。",
    ),
    Item(Role.ITEM, "重点任务", "二、", 0),
    Item(
        Role.ITEM,
        "加快工程建设。由市教育局牵头，市水务局配合，对老旧管网逐校排查，建立台账，按照先急后缓的顺序安排施工。",
        "（一）",
        1,
    ),
    Item(
        Role.ITEM,
        "寄宿制学校优先安排，2024年秋季学期开学前完成设备安装和调试。",
        "1.",
        2,
    ),
    Item(Role.ITEM, "走读学校分两批实施，每批完工后组织联合验收。", "2.", 2),
    Item(Role.ITEM, "第一批为班额超过四十人的学校。", "（1）", 3),
    Item(Role.ITEM, "第二批为其余学校，验收结果报市教育局备案。", "（2）", 3),
    Item(
        Role.ITEM,
        "严格水质管理。市卫生健康委每学期至少抽检一次，检测结果在学校公示栏公开，不合格的设备立即停用。",
        "（二）",
        1,
    ),
    Item(Role.ITEM, "保障措施", "三、", 0),
    Item(
        Role.ITEM,
        "落实经费。市财政局统筹安排运行管护补助资金，各县（市、区）按照分担比例足额配套，专款专用。",
        "（一）",
        1,
    ),
    Item(
        Role.ITEM,
        "明确责任。各学校校长为第一责任人，每台设备指定专人巡查，滤芯更换情况要有记录可查。",
        "（二）",
        1,
    ),
    Item(Role.ITEM, "任务分工", "四、", 0),
    Item(Role.TABLE),
    Item(Role.RIGHT, "岚山市教育局"),
    Item(Role.RIGHT, "二〇二四年四月十八日"),
    Item(Role.PROSE, "（联系人：苏青禾；联系电话：0999—6123457）"),
)
#: The words that tracked changes put in and took out: (paragraph, kept before, inserted), and what was deleted.
INSERTED = ("要有记录可查", "要有")
DELETED = "原则上"


def row_text(row: Sequence[str]) -> str:
    """A row of the table as a clause says it."""
    return "；".join(f"{name}：{cell}" for name, cell in zip(HEADER, row, strict=True))


def text_of(items: Sequence[Item] = ITEMS) -> str:
    """All characters of the document in order, without white space."""
    parts = ["".join(map(row_text, ROWS)) if i.role == Role.TABLE else i.whole for i in items]
    return "".join("".join(parts).split())


# Text and markup -------------------------------------------------------------------------------------------------


def as_txt() -> bytes:
    """Plain text has no tables: the rows stand as sentences."""
    lines: list[str] = []
    for item in ITEMS:
        lines += [row_text(row) for row in ROWS] if item.role == Role.TABLE else [_indented(item)]
    return ("\r\n".join(lines) + "\r\n").encode("gb18030")


def _indented(item: Item) -> str:
    indent = {Role.TITLE: "　　　　", Role.PROSE: "　　", Role.ITEM: "　　", Role.RIGHT: "　" * 16}
    return indent.get(item.role, "") + item.whole


def as_markdown() -> bytes:
    parts: list[str] = []
    for item in ITEMS:
        if item.role == Role.TABLE:
            rows = [HEADER, ("---",) * len(HEADER), *ROWS]
            parts.append("\n".join(f"| {' | '.join(row)} |" for row in rows))
        elif item.role == Role.TITLE:
            if item.text == TITLE[0]:
                parts.append(f"# {''.join(TITLE)}")
        elif item.role == Role.ITEM and item.level == 0:
            parts.append(f"## {item.whole}")
        else:
            parts.append(item.whole)
    return ("\n\n".join(parts) + "\n").encode()


def as_html() -> bytes:
    body = ""
    for item in ITEMS:
        match item.role:
            case Role.TABLE:
                rows = "".join(f"<tr>{''.join(f'<td>{escape(c)}</td>' for c in row)}</tr>" for row in (HEADER, *ROWS))
                body += f"<table border=1>{rows}</table>"
            case Role.TITLE:
                if item.text == TITLE[0]:
                    body += f'<p style="text-align:center"><strong>{TITLE[0]}<br>{TITLE[1]}</strong></p>'
            case Role.RIGHT:
                body += f'<p style="text-align:right">{escape(item.whole)}</p>'
            case _:
                body += f"<p>　　{escape(item.whole)}</p>"
    page = (
        '<!DOCTYPE html><html><head><meta charset="utf-8"><title>岚山市教育局</title><style>p{margin:0}</style></head>'
        '<body><div class="nav"><a href="/">首页</a> <a href="/zwgk">政务公开</a></div>'
        f'<div id="UCAP-CONTENT">{body}</div><div class="footer">版权所有 岚山市教育局</div></body></html>'
    )
    return page.encode()


# Word ------------------------------------------------------------------------------------------------------------


def as_docx() -> bytes:
    """Numbers are automatic; one sentence was put in and a word taken out under tracking."""
    levels = word.numbering(word.OFFICIAL)
    blocks: list[str] = []
    for item in ITEMS:
        match item.role:
            case Role.TABLE:
                blocks.append(word.table(HEADER, *ROWS))
            case Role.ITEM:
                blocks.append(word.p(*_tracked(item.text), num=(1, item.level)))
            case _:
                blocks.append(word.p(item.whole, centred=item.role == Role.TITLE))
    return word.docx(*blocks, numbering=levels)


def _tracked(text: str) -> tuple[str, ...]:
    whole, put_in = INSERTED
    if whole not in text:
        return (text,)
    before, after = text.split(whole)
    return before, word.deleted(DELETED), word.inserted(put_in), whole.removeprefix(put_in) + after


def as_doc() -> bytes:
    """The Word file as LibreOffice writes it in the format of Word 97."""
    program = office_program()
    assert program is not None
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "a.docx"
        source.write_bytes(as_docx())
        subprocess.run(
            [
                program,
                f"-env:UserInstallation={(Path(folder) / 'profile').as_uri()}",
                *("--headless", "--convert-to", "doc:MS Word 97", "--outdir", folder, str(source)),
            ],
            check=True,
            capture_output=True,
            timeout=300,
        )
        return (Path(folder) / "a.doc").read_bytes()


# Pages -----------------------------------------------------------------------------------------------------------

A_LINE = 28  # characters
_MARGIN, _SIZE, _PITCH = 74, 16, 28  # points
_LINES_A_PAGE = 22
_COLUMNS = (3, 12, 7, 6)  # widths of the table's columns, in characters
_INK, _PAPER = (30, 30, 30), (250, 249, 246)


@dataclass(frozen=True, slots=True)
class Row:
    """A printed line: its indent in characters from the left margin, and its cells where it is a row of the table."""

    text: str
    indent: float = 0
    cells: tuple[str, ...] = ()
    large: bool = False


def printed() -> Iterator[Row]:
    """The document line by line."""
    for item in ITEMS:
        match item.role:
            case Role.TABLE:
                yield from (Row("", 0, tuple(row)) for row in (HEADER, *ROWS))
            case Role.TITLE:
                yield Row(item.text, (A_LINE - len(item.text) * 22 / 16) / 2, large=True)
            case Role.RIGHT:
                yield Row(item.text, A_LINE - len(item.text) - 2)
            case _:
                indent = 0 if item.role in (Role.NUMBER, Role.LEFT) else 2
                yield from _wrapped(item.whole, indent)


def _wrapped(text: str, indent: int) -> Iterator[Row]:
    while text:
        room = A_LINE - indent
        width, cut = 0.0, 0
        for character in text:
            width += 0.5 if character < "\u2000" else 1
            if width > room:
                break
            cut += 1
        # No line begins with a mark that closes, as every program sets Chinese.
        while cut < len(text) and text[cut] in "，。；：）、" and cut > 1:
            cut -= 1
        yield Row(text[:cut], indent)
        text, indent = text[cut:], 0


def _pages() -> list[list[Row]]:
    rows = list(printed())
    return [rows[i : i + _LINES_A_PAGE] for i in range(0, len(rows), _LINES_A_PAGE)]


def as_pdf() -> bytes:
    """Digital print, with page numbers and a ruled table."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen import canvas

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    target = io.BytesIO()
    sheet = canvas.Canvas(target, pagesize=(595, 842))
    for number, rows in enumerate(_pages(), 1):
        for position, row in enumerate(rows):
            y = 740 - _PITCH * position
            size = 22 if row.large else _SIZE
            sheet.setFont("STSong-Light", size)
            x = float(_MARGIN)
            for width, cell in zip(_COLUMNS, row.cells, strict=False):
                sheet.setFont("STSong-Light", 12)
                sheet.rect(x, y - 8, width * _SIZE, _PITCH)
                sheet.drawString(x + 4, y, cell)
                x += width * _SIZE
            if not row.cells:
                sheet.drawString(_MARGIN + row.indent * _SIZE, y, row.text)
        sheet.setFont("STSong-Light", 14)
        sheet.drawCentredString(297, 60, f"— {number} —")
        sheet.showPage()
    sheet.save()
    return target.getvalue()


def as_ofd() -> bytes:
    pages = []
    for number, rows in enumerate(_pages(), 1):
        objects = []
        for position, row in enumerate(rows):
            y = 40 + ofd.PITCH * position
            x = ofd.LEFT
            for width, cell in zip(_COLUMNS, row.cells, strict=False):
                objects.append(ofd.text(cell, x + 1, y, 4.2))
                x += width * ofd.BODY
            if not row.cells:
                objects.append(ofd.text(row.text, ofd.LEFT + row.indent * ofd.BODY, y, 7.7 if row.large else ofd.BODY))
        objects.append(ofd.centred(f"— {number} —", 280, 4.9))
        pages.append(ofd.page(*objects))
    return ofd.ofd(ofd.document(pages))


# Sheets ----------------------------------------------------------------------------------------------------------


def as_xlsx() -> bytes:
    """The table alone."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.append(list(HEADER))
    for row in ROWS:
        sheet.append([int(row[0]), *row[1:]])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


# Scans -----------------------------------------------------------------------------------------------------------


@cache
def chinese_font() -> str | None:
    """A font file with Chinese characters, by fontconfig; None where there is none."""
    program = shutil.which("fc-list")
    if program is None:
        return None
    listed = subprocess.run([program, ":lang=zh-cn", "file"], capture_output=True, text=True, timeout=300).stdout
    files = sorted(line.rstrip(": ") for line in listed.splitlines() if line.strip())
    preferred = [f for f in files if "Serif" in f or "Song" in f.title() or "sim" in f.lower()]
    return next(iter([*preferred, *files]), None)


def as_scan() -> bytes:
    """The printed pages photographed: slightly turned, noisy, with a red seal over the signature."""
    import numpy as np
    from PIL import Image, ImageDraw, ImageFont

    scale = 150 / 72  # pixels a point
    name = chinese_font()
    assert name is not None

    def font(points: float) -> ImageFont.FreeTypeFont:
        return ImageFont.truetype(name, round(points * scale), index=_simplified(name))

    random = np.random.default_rng(20240418)
    pictures = []
    for number, rows in enumerate(_pages(), 1):
        page = Image.new("RGB", (round(595 * scale), round(842 * scale)), _PAPER)
        draw = ImageDraw.Draw(page)
        for position, row in enumerate(rows):
            y = (842 - 740 + _PITCH * position - 16) * scale
            x = float(_MARGIN)
            for width, cell in zip(_COLUMNS, row.cells, strict=False):
                box = (x * scale, y - 4 * scale, (x + width * _SIZE) * scale, y + (_PITCH - 4) * scale)
                draw.rectangle(box, outline=_INK, width=2)
                draw.text(((x + 4) * scale, y), cell, _INK, font(12))
                x += width * _SIZE
            if not row.cells:
                left = (_MARGIN + row.indent * _SIZE) * scale
                draw.text((left, y), row.text, _INK, font(22 if row.large else 16))
            if row.text == "岚山市教育局":
                _seal(page, (_MARGIN + (row.indent + 3) * _SIZE) * scale, y + 20 * scale, 58 * scale)
        draw.text((280 * scale, 770 * scale), f"— {number} —", _INK, font(14))
        turned = page.rotate(0.7 if number % 2 else -0.5, resample=Image.Resampling.BICUBIC, fillcolor=_PAPER)
        noisy = np.asarray(turned) + random.normal(0, 9, (turned.height, turned.width, 1))
        pictures.append(Image.fromarray(noisy.clip(0, 255).astype(np.uint8)))
    target = io.BytesIO()
    pictures[0].save(target, "PDF", save_all=True, append_images=pictures[1:], resolution=150, quality=80)
    return target.getvalue()


def _simplified(name: str) -> int:
    """Which font of a collection is the one for simplified Chinese."""
    from PIL import ImageFont

    for index in range(8 if name.endswith((".ttc", ".otc")) else 0):
        try:
            if "SC" in (ImageFont.truetype(name, 10, index=index).getname()[0] or ""):
                return index
        except OSError:
            break
    return 0


def _seal(page: object, x: float, y: float, radius: float) -> None:
    """A ring and a star in translucent red."""
    from PIL import Image, ImageDraw

    layer = Image.new("RGBA", page.size, (0, 0, 0, 0))  # type: ignore[attr-defined]
    draw = ImageDraw.Draw(layer)
    ring = (x - radius, y - radius, x + radius, y + radius)
    draw.ellipse(ring, outline=(214, 30, 30, 190), width=max(2, round(radius / 18)))
    draw.regular_polygon((x, y, radius / 3), 5, fill=(214, 30, 30, 150))
    page.paste(layer, (0, 0), layer)  # type: ignore[attr-defined]


FORMATS: dict[str, Callable[[], bytes]] = {
    ".txt": as_txt,
    ".md": as_markdown,
    ".html": as_html,
    ".docx": as_docx,
    ".pdf": as_pdf,
    ".ofd": as_ofd,
}
