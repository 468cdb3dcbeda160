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
_PUNCTUATION = frozenset("，。、；：？！“”‘’（）《》〈〉【】〔〕—…·　")
_SURELY_CHINESE, _RATHER_CHINESE = 0.9, 0.5  # shares of usual characters
_SHORT = 200  # bytes of a text that may be valid UTF-8 by chance
_TRADITIONAL = frozenset(("big5", "big5hkscs", "cp950"))
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
    usual = _usual_share(data[:_SAMPLE].decode("gb18030", "ignore")) if _is_valid(data, "gb18030") else 0.0
    if usual >= _SURELY_CHINESE and candidates == ["utf-8"] and _is_utf8_by_chance(data):
        candidates = []
    for encoding in candidates:
        if _is_valid(data, encoding):
            return _decoded(data, encoding)
    if usual >= _SURELY_CHINESE:
        return _decoded(data, "gb18030")
    from charset_normalizer import from_bytes  # heavy, and needed for odd files only

    best = from_bytes(data[:_SAMPLE]).best()
    if usual >= _RATHER_CHINESE and not (best and best.encoding in _TRADITIONAL and _is_usual_big5(data[:_SAMPLE])):
        # A few names with rare characters look like Korean or Cyrillic to it.
        return _decoded(data, "gb18030")
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


def _is_usual_big5(data: bytes) -> bool:
    """Whether nearly all characters are of the usual half of Big5 (lead bytes to C6)."""
    leads = [c.encode("big5", "ignore")[:1] for c in data.decode("big5", "ignore") if c > "\x7f"]
    return sum(b"\xa1" <= lead <= b"\xc6" for lead in leads) >= _SURELY_CHINESE * len(leads)


def _is_utf8_by_chance(data: bytes) -> bool:
    """Whether bytes that are valid UTF-8 give nothing but letters that no Chinese text has: 通知 in GBK is such."""
    text = "".join(data[:_SAMPLE].decode("utf-8", "ignore").split())
    odd = sum(1 for c in text if "\x7f" < c < "\u0800")
    return (
        len(data) < _SHORT and _is_valid(data, "utf-8") and 2 * odd >= len(text) > 0 and all(c < "\u0800" for c in text)
    )


def _usual_share(text: str) -> float:
    """The share of usual ones (GB 2312) among Han characters and Chinese marks; chance readings fall into the rest."""
    wide = [c for c in text if "㐀" <= c <= "鿿" or "\ue000" <= c <= "\uf8ff" or c in _PUNCTUATION]
    return sum(1 for c in wide if c.encode("gb2312", "ignore")) / len(wide) if wide else 0.0


def _decoded(data: bytes, encoding: str) -> tuple[str, tuple[Trouble, ...]]:
    text = data.decode(encoding, "replace")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if _is_valid(data, encoding):
        return text, ()
    lines = [n for n, line in enumerate(text.split("\n"), 1) if "\ufffd" in line]
    place = "第" + "、".join(str(n) for n in lines[:5]) + ("行等处" if len(lines) > 5 else "行")
    return text, (Trouble(place, f"有 {text.count(chr(0xFFFD))} 处字节无法按 {encoding} 解码", lost=True),)
