"""Bytes to text: byte-order marks, declared charsets, UTF-8, GB18030 and what charset-normalizer recognises."""

from __future__ import annotations

import codecs
import re

from ingest.formats.model import Trouble

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_META = re.compile(rb"<meta[^<>]{0,200}?charset\s{0,5}=\s{0,5}[\"']?\s{0,5}([A-Za-z0-9_\-]{2,20})", re.IGNORECASE)
_SAMPLE = 20_000  # bytes that are enough to recognise an encoding
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")  # but tabs, line ends and form feeds
_MAX_CONTROL = 0.1  # share of the characters from which a file is no text


def decode(data: bytes, *, declared: bool = False) -> tuple[str, tuple[Trouble, ...]]:
    """The text of a file and what could not be decoded.

    A byte-order mark decides; then (``declared``, for HTML) the charset in a meta element; then UTF-8 if the bytes are
    valid UTF-8, GB18030 if they are valid and read like Chinese, else what charset-normalizer says. Bytes that no
    candidate can take become U+FFFD, and a trouble (lost) names their lines. Line ends become ``\\n``. What is mostly
    control characters is no text: it gives none, and a trouble.
    """
    text, troubles = _read(data, declared=declared)
    if len(_CONTROL.findall(text)) > _MAX_CONTROL * len(text):
        return "", (Trouble("", "内容不是文字（多为控制字符），可能是别种文件，或已损坏", lost=True),)
    return text, troubles


def _read(data: bytes, *, declared: bool) -> tuple[str, tuple[Trouble, ...]]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decoded(data[len(mark) :], encoding)
    candidates = ["utf-8"]
    if declared and (found := _META.search(data[:4096])):
        candidates.insert(0, _known(found[1].decode("ascii")))
    candidates += _utf16_without_mark(data)
    for encoding in candidates:
        if _is_valid(data, encoding):
            return _decoded(data, encoding)
    if _is_valid(data, "gb18030") and _reads_like_chinese(data[:_SAMPLE].decode("gb18030", "ignore")):
        return _decoded(data, "gb18030")
    from charset_normalizer import from_bytes  # heavy, and needed for odd files only

    best = from_bytes(data[:_SAMPLE]).best()
    if best is not None and _is_valid(data, best.encoding):
        return _decoded(data, best.encoding)
    damaged = ("utf-8", "gb18030")
    return _decoded(data, min(damaged, key=lambda e: data.decode(e, "replace").count("\ufffd")))


def _known(name: str) -> str:
    """The codec for a declared name; GB2312 and GBK are read by their superset, as browsers do."""
    try:
        name = codecs.lookup(name).name
    except LookupError:
        return "utf-8"
    return "gb18030" if name in ("gb2312", "gbk", "hz") else name


def _is_valid(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return False
    return True


def _utf16_without_mark(data: bytes) -> list[str]:
    """UTF-16 when a fair share of the bytes at even or at odd places is zero (ASCII, line ends)."""
    head = data[:_SAMPLE]
    if len(head) < 4 or len(data) % 2:
        return []
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) * 50 < len(head):
        return []
    return ["utf-16-be"] if even > odd else ["utf-16-le"]


def _reads_like_chinese(text: str) -> bool:
    """Whether the Han characters are the usual ones (GB 2312); chance readings fall into the rare ranges."""
    han = [c for c in text if "㐀" <= c <= "鿿" or "\ue000" <= c <= "\uf8ff"]
    if not han:
        return False
    usual = sum(1 for c in han if c.encode("gb2312", "ignore"))
    return usual >= 0.9 * len(han)


def _decoded(data: bytes, encoding: str) -> tuple[str, tuple[Trouble, ...]]:
    text = data.decode(encoding, "replace")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if _is_valid(data, encoding):
        return text, ()
    lines = [n for n, line in enumerate(text.split("\n"), 1) if "\ufffd" in line]
    place = "第" + "、".join(str(n) for n in lines[:5]) + ("行等处" if len(lines) > 5 else "行")
    return text, (Trouble(place, f"有 {text.count(chr(0xFFFD))} 处字节无法按 {encoding} 解码", lost=True),)
