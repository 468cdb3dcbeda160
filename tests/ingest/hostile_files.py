"""Files that were made to harm, or look as if: small on the disk, large or endless when they are believed.

:data:`FILES` maps a file's name to what makes it and what must become of it; :func:`plant` adds what only a file
system can hold (links, pipes, odd names).
"""

from __future__ import annotations

import io
import os
import socket
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path

import ofd_files as ofd
import pdf_bytes
import sheet_files as sheets
import word_files as word

#: What must never be in a library: the content of a file outside, and words that an entity expands to.
SECRET = "此行只在文件夹之外"
LAUGH = "哈哈哈哈哈哈哈哈"


@dataclass(frozen=True, slots=True)
class Hostile:
    """``lost``: a problem must say what was not taken. Where it is False the file may be taken, as nothing is wrong
    with what it says, but within the limits; ``None`` leaves both open."""

    make: Callable[[], bytes]
    lost: bool | None = True


def zipped(members: Mapping[str, bytes] | Iterable[tuple[str, bytes]], **options: int) -> bytes:
    file = io.BytesIO()
    pairs = members.items() if isinstance(members, Mapping) else members
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, **options) as archive:  # type: ignore[arg-type]
        for name, data in pairs:
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def _zeros(size: int, of: bytes = b" ") -> bytes:
    return of * (size // len(of))


NOTE = "关于做好档案整理工作的通知\n各科室：\n请于年底前完成。\n".encode()


# Archives --------------------------------------------------------------------------------------------------------


def _fan(levels: int, width: int = 10) -> bytes:
    """An archive of archives of archives …, each holding ten of the next: 10 ** levels files in all."""
    data = zipped({"底.txt": _zeros(2**20)})
    for _ in range(levels):
        data = zipped({f"{n}.zip": data for n in range(width)})
    return data


def _overlapping(entries: int) -> bytes:
    """Many entries of the directory that point at the same compressed bytes."""
    data = zipped({"0000.txt": NOTE + _zeros(2**20)})
    end = data.rindex(b"PK\x05\x06")
    start = data.index(b"PK\x01\x02")
    entry = data[start:end]
    directory = b"".join(entry.replace(b"0000.txt", f"{n:04}.txt".encode()) for n in range(entries))
    tail = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, entries, entries, len(directory), start, 0)
    return data[:start] + directory + tail


def _lying(name: str, actual: bytes, declared: int) -> bytes:
    """An archive whose directory declares another size than its member has."""
    data = bytearray(zipped({name: actual}))
    entry = data.rindex(b"PK\x01\x02")
    struct.pack_into("<I", data, entry + 24, declared)
    return bytes(data)


def _link() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        entry = zipfile.ZipInfo("链接.txt")
        entry.create_system, entry.external_attr = 3, 0o120777 << 16
        archive.writestr(entry, "/etc/passwd")
    return file.getvalue()


ARCHIVES = {
    "平面炸弹.zip": Hostile(lambda: zipped({"大.txt": _zeros(60 * 2**20)})),
    "多层炸弹.zip": Hostile(lambda: _fan(4)),
    "二十层.zip": Hostile(lambda: _fan(20, 1)),
    "重叠条目.zip": Hostile(lambda: _overlapping(500)),
    "越界文件名.zip": Hostile(
        lambda: zipped({"../../../越界.txt": NOTE, "/绝对.txt": NOTE, "C:\\盘符.txt": NOTE, "..\\..\\反斜.txt": NOTE})
    ),
    "内含链接.zip": Hostile(_link),
    "六千个文件.zip": Hostile(lambda: zipped((f"{n}.txt", b"") for n in range(6000))),
    "同名文件.zip": Hostile(lambda: zipped([("甲.txt", NOTE), ("甲.txt", NOTE)])),
    "谎报大小.zip": Hostile(lambda: _lying("甲.txt", _zeros(8 * 2**20), 10)),
    "截断.zip": Hostile(lambda: zipped({"甲.txt": NOTE * 50})[:-60]),
    "怪名.zip": Hostile(lambda: zipped({"第一行\n第二行.txt": NOTE, "\u202etxt.exe": NOTE, "a" * 5000 + ".txt": NOTE})),
}


# Word and other XML in zips --------------------------------------------------------------------------------------

_DOCUMENT = "word/document.xml"
_XXE = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


def _laughs(levels: int = 9) -> str:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, levels + 1))
    return f'<!DOCTYPE a [<!ENTITY l0 "{LAUGH}">{entities}]>'


def _word(document: str) -> bytes:
    return word.docx(members={_DOCUMENT: document.encode()})


def _body(inner: str, doctype: str = "") -> str:
    return f"{doctype}<w:document {word.NAMESPACES}><w:body>{inner}</w:body></w:document>"


def _nested(opening: str, closing: str, depth: int, inner: str = "") -> str:
    return opening * depth + inner + closing * depth


def _declared_500_mb() -> bytes:
    """A part of 500 MB, of which the file holds half a megabyte."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    piece = b"<w:p/>" * 2**14
    blocks, size, crc = [packer.compress(b"<a>")], 3, zlib.crc32(b"<a>")
    while size < 66 * 2**20:  # beyond any limit; the rest of the 500 MB is a claim
        blocks.append(packer.compress(piece))
        size, crc = size + len(piece), zlib.crc32(piece, crc)
    raw = b"".join(blocks) + packer.flush()
    name = _DOCUMENT.encode()
    local = struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, 0, 8, 0, 33, crc, len(raw), 500 * 2**20, len(name), 0)
    central = struct.pack(
        "<4s6H3I5H2I", b"PK\x01\x02", 20, 20, 0, 8, 0, 33, crc, len(raw), 500 * 2**20, len(name), 0, 0, 0, 0, 0, 0
    )
    start = len(local) + len(name) + len(raw)
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 1, 1, len(central) + len(name), start, 0)
    return local + name + raw + central + name + end


def _style_loop() -> bytes:
    loop = word.style("甲", based_on="乙") + word.style("乙", based_on="甲")
    return word.docx(word.p("关于某事的通知", style="甲"), word.p("请执行。", style="乙"), styles=word.styles(loop))


_CELL = "<w:tbl><w:tr><w:tc>"
_CELL_END = "<w:p/></w:tc></w:tr></w:tbl>"
WORD = {
    "声称五百兆.docx": Hostile(_declared_500_mb),
    "外部实体.docx": Hostile(lambda: _word(_body("<w:p><w:r><w:t>通知&x;</w:t></w:r></w:p>", _XXE))),
    "十亿笑.docx": Hostile(lambda: _word(_body("<w:p><w:r><w:t>&l9;</w:t></w:r></w:p>", _laughs()))),
    "表中有表.docx": Hostile(lambda: _word(_body(_nested(_CELL, _CELL_END, 3000))), None),
    "浅表中有表.docx": Hostile(lambda: _word(_body(_nested(_CELL, _CELL_END, 60, word.p("最里层的字。")))), None),
    "修订套修订.docx": Hostile(
        lambda: _word(_body(f"<w:p>{_nested('<w:ins>', '</w:ins>', 50_000, word.r('字'))}</w:p>")), None
    ),
    "合并十亿列.docx": Hostile(
        lambda: word.docx(
            word.p("任务分工表"), word.table(word.tr(word.tc("甲", columns=10**9), word.tc("乙", columns=10**9)))
        ),
        None,
    ),
    "样式成环.docx": Hostile(_style_loop, False),
    "五万空段.docx": Hostile(lambda: word.docx(word.p("关于某事的通知"), "<w:p/>" * 50_000), None),
    "宏.docm": Hostile(lambda: word.docx(word.p("通知"), members={"word/vbaProject.bin": b"\xd0\xcf"}), False),
    "藏宏.docx": Hostile(lambda: word.docx(word.p("通知"), members={"word/vbaProject.bin": b"\xd0\xcf"}), False),
    "没有正文.docx": Hostile(lambda: zipped({"[Content_Types].xml": b"<Types/>"})),
    "程序.docx": Hostile(lambda: b"MZ\x90\x00" + bytes(range(256)) * 64),
    "坏容器.doc": Hostile(lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 504 + b"\x01\x00\x00\x00" * 2048),
}


# OFD -------------------------------------------------------------------------------------------------------------


def _one_page(content: str) -> bytes:
    return ofd.ofd(ofd.document([content]))


def _page(inner: str, doctype: str = "") -> str:
    return (
        f'{doctype}<ofd:Page xmlns:ofd="{ofd.NAMESPACE}"><ofd:Content><ofd:Layer ID="1">{inner}'
        "</ofd:Layer></ofd:Content></ofd:Page>"
    )


def _object(code: str, attributes: str = "") -> str:
    inner = f'<ofd:TextCode X="0" Y="5" {attributes}>{code}</ofd:TextCode>'
    return f'<ofd:TextObject ID="2" Boundary="10 10 100 10" Font="1" Size="5">{inner}</ofd:TextObject>'


def _own_template() -> bytes:
    """A template page that is laid under itself."""
    common = '<ofd:TemplatePage ID="7" BaseLoc="Tpls/T.xml"/>'
    content = ofd.page(ofd.text("通知如下。", 30, 40), template="7")
    return ofd.ofd(ofd.document([content], common=common) | {"Tpls/T.xml": content})


OFD = {
    "外部实体.ofd": Hostile(lambda: _one_page(_page(_object("通知&x;"), _XXE))),
    "十亿笑.ofd": Hostile(lambda: _one_page(_page(_object("&l9;"), _laughs()))),
    "块套块.ofd": Hostile(
        lambda: _one_page(_page(_nested('<ofd:PageBlock ID="3">', "</ofd:PageBlock>", 20_000, _object("字"))))
    ),
    "亿万间距.ofd": Hostile(lambda: _one_page(_page(_object("通知", 'DeltaX="g 999999999 1 g 999999999 1"'))), None),
    "无穷坐标.ofd": Hostile(
        lambda: _one_page(_page(_object("通知", 'DeltaX="NaN 1e308"').replace("10 10 100", "1e308 NaN INF"))), None
    ),
    "模板成环.ofd": Hostile(_own_template, None),
    "指向包外.ofd": Hostile(lambda: ofd.packed({"OFD.xml": ofd.entry("../../../../etc/passwd")})),
    "一页三千遍.ofd": Hostile(
        lambda: ofd.packed(
            {
                "OFD.xml": ofd.entry("Doc_0/Document.xml"),
                "Doc_0/Document.xml": f'<ofd:Document xmlns:ofd="{ofd.NAMESPACE}"><ofd:Pages>'
                + '<ofd:Page ID="1" BaseLoc="P.xml"/>' * 3000
                + "</ofd:Pages></ofd:Document>",
                "Doc_0/P.xml": ofd.page(*(ofd.text("这一页重复三千遍。", 30, 40 + n) for n in range(0, 200, 10))),
            }
        ),
        None,
    ),
    "炸弹.ofd": Hostile(
        lambda: ofd.packed({"OFD.xml": ofd.entry("Doc_0/Document.xml"), "Doc_0/Document.xml": "<a>" + " " * 40 * 2**20})
    ),
}


# Sheets ----------------------------------------------------------------------------------------------------------

_ROWS = (("序号", "任务", "牵头单位"), (1, "整理档案", "市档案馆"), (2, "清点设备", "市教育局"))
_SHEET = "xl/worksheets/sheet1.xml"


def _sheet(change: Callable[[bytes], bytes], part: str = _SHEET) -> bytes:
    return sheets.with_part(sheets.xlsx(_ROWS), part, change)


def _merged_over_all(data: bytes) -> bytes:
    areas = "".join(f'<mergeCell ref="A{n}:XFD1048576"/>' for n in range(4, 204))
    return data.replace(b"</sheetData>", f'</sheetData><mergeCells count="200">{areas}</mergeCells>'.encode())


def _far_cell(data: bytes) -> bytes:
    row = b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>\xe8\xbf\x9c</t></is></c></row>'
    return data.replace(b'ref="A1:C3"', b'ref="A1:XFD1048576"').replace(b"</sheetData>", row + b"</sheetData>")


def _formula_loop(data: bytes) -> bytes:
    rows = "".join(f'<row r="{n}"><c r="A{n}"><f>A{n + 1}+A{n}</f></c></row>' for n in range(4, 3000))
    return data.replace(b"</sheetData>", rows.encode() + b"</sheetData>")


def _laughing_cell(data: bytes) -> bytes:
    return _laughs().encode() + data.replace(b"<is><t>", b"<is><t>&l9;", 1)


SHEETS = {
    "最大范围.xlsx": Hostile(lambda: _sheet(_far_cell), None),
    "合并一切.xlsx": Hostile(lambda: _sheet(_merged_over_all), None),
    "公式成环.xlsx": Hostile(lambda: _sheet(_formula_loop), None),
    "十亿笑.xlsx": Hostile(lambda: _sheet(_laughing_cell)),
    "表格炸弹.xlsx": Hostile(
        lambda: _sheet(lambda data: data.replace(b"</sheetData>", b"<row/>" * 2**24 + b"</sheetData>"))
    ),
    "一行十兆.csv": Hostile(lambda: ("任务,牵头单位\n" + "甲," * (10 * 2**20 // 4)).encode(), None),
    "引号不闭.csv": Hostile(lambda: b'a,b\n1,"' + b"x,\n" * 50_000, None),
    "坏容器.xls": Hostile(lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xfe\xff\xff\xff" * 4096),
}


# Pages, text, mail, pictures -------------------------------------------------------------------------------------


def _png(width: int, height: int, data: bytes = b"") -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = chunk(b"IHDR", struct.pack(">2I5B", width, height, 1, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")


def _looping_tiff() -> bytes:
    """A directory of one 1×1 picture that names itself as the next."""
    tags = ((256, 3, 1), (257, 3, 1), (258, 3, 8), (262, 3, 1), (273, 4, 8), (278, 3, 1), (279, 4, 1))
    directory = struct.pack("<H", len(tags)) + b"".join(struct.pack("<2H2I", t, kind, 1, v) for t, kind, v in tags)
    return b"II*\x00" + struct.pack("<I", 8) + directory + struct.pack("<I", 8)


def _mail_of_parts(count: int) -> bytes:
    mail = MIMEMultipart()
    mail["Subject"] = "=?utf-8?b?6YCa55+l?="
    for n in range(count):
        mail.attach(MIMEText("notice" if n == 0 else ""))
    return mail.as_bytes()


def _mail_in_mail(depth: int) -> bytes:
    head = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(depth))
    return f"Subject: x\nMIME-Version: 1.0\n{head}Content-Type: text/plain\n\n{'通知'}\n".encode()


PAGES = {
    "十万层.html": Hostile(lambda: b"<html><body>" + b"<div>" * 100_000 + "通知".encode() + b"</div>" * 100_000, None),
    "千层导航.html": Hostile(lambda: b'<div class="nav"><a href="#">x</a>' * 1000 + b"<p>" + NOTE, False),
    "外部实体.html": Hostile(lambda: f"{_XXE}<html><body><p>关于某事的通知&x;</p></body></html>".encode(), None),
    "内嵌矢量图.html": Hostile(
        lambda: (
            f"<html><body><p>通知</p><svg>{_XXE}<text>&x;</text></svg><iframe src='file:///etc/passwd'></iframe>"
            "</body></html>".encode()
        ),
        None,
    ),
    "巨大跨度.html": Hostile(
        lambda: ("<table>" + "<tr><td rowspan=65534 colspan=999>甲</td><td>乙</td></tr>" * 60).encode(), None
    ),
    "一万属性.html": Hostile(lambda: b"<p " + b"".join(b"a%d=1 " % n for n in range(10_000)) + b">x</p>", None),
    "矢量图.svg": Hostile(lambda: f"{_XXE}<svg xmlns='http://www.w3.org/2000/svg'><text>&x;</text></svg>".encode()),
    "十万括号.md": Hostile(lambda: b"[" * 50_000 + b"](" * 25_000 + b"*" * 25_000, None),
    "十万引用.md": Hostile(lambda: b">" * 100_000 + "通知".encode(), None),
    "全是零.txt": Hostile(lambda: bytes(2**20)),
    "半个字符.txt": Hostile(lambda: NOTE + b"\xed\xa0\x80\xed\xbf\xbf" * 500, None),
    "十万个一.txt": Hostile(lambda: ("一" * 100_000).encode(), None),
    "十万括号.json.txt": Hostile(lambda: b"[" * 100_000, None),
    "两万序号.txt": Hostile(lambda: ("关于某事的通知\n" + "（一）" * 20_000).encode(), None),
    "两百万小标题.txt": Hostile(lambda: ("关于某事的通知\n" + "一、甲\n（一）乙\n" * 300_000).encode(), None),
    "三万位数字.txt": Hostile(lambda: ("第" + "9" * 30_000 + "条 〔" + "2" * 30_000 + "〕1号").encode(), None),
    "空.txt": Hostile(lambda: b""),
    "空.docx": Hostile(lambda: b""),
    "空.pdf": Hostile(lambda: b""),
    "空.zip": Hostile(lambda: b""),
    "空.ofd": Hostile(lambda: b""),
    "空.xlsx": Hostile(lambda: b""),
    "程序.pdf": Hostile(lambda: b"MZ\x90\x00" + bytes(range(256)) * 64),
    "没有扩展名": Hostile(lambda: b"neither a suffix nor Chinese"),
    "假图.jpg": Hostile(lambda: b"PK\x03\x04" + bytes(400)),
    "假文档.docx": Hostile(lambda: b"\xff\xd8\xff" + bytes(400)),
    "巨图.png": Hostile(lambda: _png(100_000, 100_000)),
    "谎称巨图.png": Hostile(lambda: _png(7000, 7000)),
    "半张.jpg": Hostile(lambda: bytes.fromhex("ffd8ffe000104a46494600010100000100010000") + b"\xff" * 500),
    "目录成环.tif": Hostile(_looping_tiff),
    "一万附件.eml": Hostile(lambda: _mail_of_parts(10_000), None),
    "层层转发.eml": Hostile(lambda: _mail_in_mail(2000), None),
}

PDF = {
    "两千页一流.pdf": Hostile(lambda: pdf_bytes.shared_stream(2000), None),
    "五千页.pdf": Hostile(lambda: pdf_bytes.shared_stream(5000)),
    "页树成环.pdf": Hostile(pdf_bytes.tree_loop, None),
    "交叉表成环.pdf": Hostile(pdf_bytes.xref_loop, None),
    "巨大页面.pdf": Hostile(pdf_bytes.huge_page, None),
    "坏压缩流.pdf": Hostile(pdf_bytes.broken_flate, None),
    "压缩流炸弹.pdf": Hostile(pdf_bytes.flate_bomb, None),
    "加密.pdf": Hostile(pdf_bytes.encrypted),
    "对象流套自己.pdf": Hostile(pdf_bytes.object_stream_loop, None),
    "图形套自己.pdf": Hostile(pdf_bytes.form_loop, None),
    "巨图.pdf": Hostile(pdf_bytes.huge_image, None),
    "谎报页数.pdf": Hostile(lambda: pdf_bytes.shared_stream(1, count=2**31 - 1), None),
    "截断.pdf": Hostile(lambda: pdf_bytes.shared_stream(3)[:400], None),
}

FILES: dict[str, Hostile] = {**ARCHIVES, **WORD, **OFD, **SHEETS, **PAGES, **PDF}


# What only a file system can hold -------------------------------------------------------------------------------


def plant(folder: Path, outside: Path) -> dict[str, bool | None]:
    """Make links, pipes and odd names in ``folder``; what must become of each, by its name relative to the folder."""
    secret = outside / "机密资料.txt"
    secret.write_text(f"{SECRET}\n", "utf-8")
    expected: dict[str, bool | None] = {}

    def link(name: str, target: str | Path, lost: bool | None) -> None:
        (folder / name).symlink_to(target)
        expected[name] = lost

    link("链接到外面.txt", secret, True)
    link("链接到系统.txt", "/etc/passwd", True)
    link("环一.txt", folder / "环二.txt", True)
    link("环二.txt", folder / "环一.txt", True)
    link("悬空.txt", folder / "没有这个文件.txt", True)
    link("设备.txt", "/dev/zero", True)
    (folder / "上级").symlink_to(folder, target_is_directory=True)  # never followed, so never named
    os.mkfifo(folder / "管道.txt")
    expected["管道.txt"] = True
    with socket.socket(socket.AF_UNIX) as listener:
        here = Path.cwd()
        os.chdir(folder)  # the path of a socket must be short
        try:
            listener.bind("套接字.txt")
        finally:
            os.chdir(here)
    expected["套接字.txt"] = True
    with (folder / "一亿个零.txt").open("wb") as file:
        file.truncate(100 * 2**20)  # sparse: no block on the disk
    expected["一亿个零.txt"] = True
    for name in ("换\n行.txt", "控\x07制\x1b[31m.txt", "\u202etxt.倒.txt", "空 格 .txt", "长" * 80 + ".txt", "😀.txt"):
        (folder / name).write_bytes(NOTE)
        expected[name] = False
    (folder / "无权.txt").write_bytes(NOTE)
    (folder / "无权.txt").chmod(0)
    expected["无权.txt"] = os.geteuid() != 0  # nothing is closed to root
    return expected


#: A file name in GB 18030, as a share of old Windows machines shows it on Linux: no valid UTF-8.
GBK_NAME = "旧系统文件名.txt".encode("gb18030")
