"""Mails (.eml) and web pages saved as one file (.mht): the text that a reader sees first, and what hangs on it."""

from __future__ import annotations

import codecs
import email
import email.message
import email.utils
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.errors import HeaderParseError
from email.header import decode_header

from lxml import etree

from ingest.formats import causes
from ingest.formats.charset import decode
from ingest.formats.html import parse_html
from ingest.formats.model import Limits, ParsedFile, Trouble
from ingest.formats.spaces import clean
from ingest.formats.text import plain_blocks

_LONGEST_HEADER = 4000  # characters; what is longer is no subject and no name
_MOST_NAMED = 10  # attachments that a problem names
_ENOUGH = 0.9  # share of the plain text's characters that a mail's page must hold to be taken in its place
_SIGNATURES = ("application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature")
#: Charsets that programs write where they do not know better.
_UNSPOKEN = frozenset(("ascii", "iso8859-1", "cp1252"))

Message = email.message.Message


def parse_mail(data: bytes, limits: Limits) -> ParsedFile:
    """The text of a mail; subject, sender and date as metadata (addresses are masked with all personal data).

    Of alternatives the page (HTML) is taken, for it keeps tables, unless it holds clearly less than the plain text.
    Attachments and forwarded mails are files of their own (:func:`attached_files`). An encrypted mail is a trouble.
    """
    message = _message(data)
    if not any(message[name] for name in ("From", "To", "Subject", "Date", "Received", "MIME-Version")):
        return ParsedFile((), troubles=(Trouble("", "不是有效的邮件文件（没有邮件头）", lost=True),))
    return _Reader(limits).read(message, tuple(_metadata(message)))


def parse_saved_page(data: bytes, limits: Limits) -> ParsedFile:
    """The document of a web page that a browser or an office program saved with its pictures."""
    message = _message(data)
    if message.get_content_type() == "text/plain" and not message["Content-Type"]:
        return ParsedFile((), troubles=(Trouble("", "不是有效的单一文件网页（没有文件头）", lost=True),))
    return _Reader(limits).read(message, ())


def attached_files(data: bytes) -> Iterator[tuple[str, bytes | str]]:
    """Names and bytes of what hangs on a mail; in place of the bytes why there are none."""
    reader = _Reader(Limits(), texts=False)
    reader.read(_message(data), ())
    for name, part in reader.attachments:
        try:
            inner = part.get_payload(decode=True)
            # A forwarded mail has no bytes of its own, but those of the message in it.
            yield name, inner if isinstance(inner, bytes) else b"\n".join(m.as_bytes() for m in _children(part))
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            yield name, causes.own_words(error) or "附件的编码有误，读不出来；请从邮件中另存附件后再导入"


def _message(data: bytes) -> Message:
    message = email.message_from_bytes(data.removeprefix(codecs.BOM_UTF8).lstrip(b"\r\n"))
    for part in message.walk():
        # The library takes only ASCII for a header with parameters.
        for name, value in dict(part.raw_items()).items():
            if not value.isascii():
                part.replace_header(name, _legible(value))
    return message


def _metadata(message: Message) -> Iterator[tuple[str, str]]:
    for name, label in (("Subject", "邮件主题"), ("From", "发件人"), ("Date", "日期")):
        value = _header(message, name)
        if value:
            yield label, (_date(value) if name == "Date" else value)


def _date(written: str) -> str:
    """The date as Chinese writes it, in the sender's own time; as it stands where it is none."""
    try:
        moment = email.utils.parsedate_to_datetime(written)
    except ValueError:
        return written
    return f"{moment.year}年{moment.month}月{moment.day}日 {moment:%H:%M}"


def _header(message: Message, name: str) -> str:
    value = next((str(v) for n, v in message.raw_items() if n.lower() == name.lower()), "")
    return _words(value) if len(value) <= _LONGEST_HEADER else ""


def _words(value: str) -> str:
    """A header or a file name with its encoded words (RFC 2047) and raw bytes as text."""
    value = re.sub(r"[\r\n]+[ \t]*", " ", _legible(value))
    if "=?" not in value:
        return clean(value)
    try:
        parts = decode_header(value)
    except (ValueError, HeaderParseError):
        return clean(value)
    return clean("".join(p if isinstance(p, str) else _decoded(p, charset)[0] for p, charset in parts))


def _legible(value: str) -> str:
    """Bytes that stand in a header against the standard, as text; the library hands them on as surrogates."""
    return value if value.isascii() else decode(value.encode("utf-8", "surrogateescape"))[0]


def _decoded(data: bytes, charset: str | None) -> tuple[str, tuple[Trouble, ...]]:
    """By the charset that is declared (GB 2312 and GBK by their superset) where the bytes agree, else by their look."""
    try:
        name = codecs.lookup(charset or "").name
    except LookupError:
        name = ""
    name = "gb18030" if name in ("gb2312", "gbk") else name
    if name and (name not in _UNSPOKEN or data.isascii()):
        try:
            return data.decode(name).replace("\r\n", "\n").replace("\r", "\n"), ()
        except (UnicodeDecodeError, LookupError):
            pass
    return decode(data)


@dataclass(slots=True)
class _Reader:
    """Gathers the text of a message and what hangs on it."""

    limits: Limits
    texts: bool = True  # False to look only for what is attached
    attachments: list[tuple[str, Message]] = field(default_factory=list)
    pictures: int = 0
    parts: int = 0

    def read(self, message: Message, metadata: tuple[tuple[str, str], ...]) -> ParsedFile:
        body = self._part(message)
        troubles = list(body.troubles)
        if self.parts > self.limits.max_members:
            troubles.append(Trouble("", f"邮件的组成部分超过 {self.limits.max_members} 个，其后未收入", lost=True))
        if self.attachments:
            more = f"等 {len(self.attachments)} 个" if len(self.attachments) > _MOST_NAMED else ""
            names = "、".join(name for name, _ in self.attachments[:_MOST_NAMED])
            troubles.append(Trouble("", f"有附件，各作一份文件收入：{names}{more}", lost=False))
        if not any(block.text.strip() for block in body.blocks):
            if self.pictures:
                troubles.append(Trouble("", "正文没有文字，只有图片，需要文字识别（OCR）", lost=True))
            # Metadata alone is no document.
            return ParsedFile((), troubles=tuple(troubles))
        if self.pictures:
            troubles.append(Trouble("", f"有 {self.pictures} 张图片中的文字未收入", lost=False))
        return ParsedFile(body.blocks, (*metadata, *body.metadata), tuple(troubles))

    def _part(self, part: Message) -> ParsedFile:
        self.parts += 1
        kind = part.get_content_type()
        if self.parts > self.limits.max_members or kind in _SIGNATURES:
            return ParsedFile(())
        if kind == "multipart/encrypted" or kind in ("application/pkcs7-mime", "application/x-pkcs7-mime"):
            return ParsedFile((), troubles=(Trouble("", "邮件已加密或签名封装，无法读取正文", lost=True),))
        if kind == "multipart/alternative":
            return self._alternative(part)
        if kind == "multipart/related":
            return self._related(part)
        if part.is_multipart() and kind != "message/rfc822":
            return _joined([self._part(child) for child in _children(part)])
        if kind in ("text/plain", "text/html") and not _is_attached(part):
            return self._text(part, kind)
        self._attached(part, kind)
        return ParsedFile(())

    def _alternative(self, part: Message) -> ParsedFile:
        """The last alternative is the richest (RFC 2046); pages that say only where to look hold less than the text."""
        readings = [self._part(child) for child in _children(part)]
        readings = [r for r in readings if r.blocks] or readings[:1]
        if not readings:
            return ParsedFile(())
        richest, most = _characters(readings[-1]), max(map(_characters, readings), key=Counter.total)
        if (richest & most).total() >= _ENOUGH * most.total():
            return readings[-1]
        return max(readings, key=lambda r: _characters(r).total())

    def _related(self, part: Message) -> ParsedFile:
        """The part that the others serve: the one named so, else the first."""
        children = _children(part)
        start = part.get_param("start")
        root = next((c for c in children if start and c["Content-ID"] == start), None)
        root = root or next((c for c in children if c.get_content_maintype() in ("text", "multipart")), None)
        for child in children:
            if child is root:
                continue
            kind = child.get_content_type()
            if kind == "text/html" and not _is_attached(child):
                self.attachments.append((f"内嵌网页{len(self.attachments) + 1}.html", child))
            elif child.get_content_maintype() != "text":
                self._attached(child, kind)
        return self._part(root) if root is not None else ParsedFile(())

    def _text(self, part: Message, kind: str) -> ParsedFile:
        if not self.texts:
            return ParsedFile(())
        payload = part.get_payload(decode=True)
        text, troubles = _decoded(payload if isinstance(payload, bytes) else b"", _charset(part))
        if part.defects:
            troubles = (*troubles, Trouble("", "邮件正文的编码有误，可能缺字", lost=True))
        if kind == "text/html":
            try:
                page = parse_html(codecs.BOM_UTF8 + text.encode("utf-8", "replace"), self.limits)
            except etree.LxmlError:
                return ParsedFile((), troubles=(*troubles, Trouble("", "邮件的网页正文无法读取", lost=True)))
            return ParsedFile(page.blocks, page.metadata, (*troubles, *page.troubles))
        flowed = str(part.get_param("format") or "").lower() == "flowed"
        lines = _flowed(text, str(part.get_param("delsp") or "").lower() == "yes") if flowed else text.split("\n")
        return ParsedFile(plain_blocks(lines), troubles=troubles)

    def _attached(self, part: Message, kind: str) -> None:
        name = _file_name(part)
        if kind.startswith("image/") and not _is_attached(part):
            self.pictures += 1
        elif kind == "message/rfc822":
            inner = next(iter(_children(part)), None)
            subject = (_header(inner, "Subject") if inner else "") or name.removesuffix(".eml")
            self.attachments.append((f"转发的邮件 {subject[:80]}".strip() + ".eml", part))
        elif kind.startswith("image/") or name or not kind.startswith(("text/", "message/")):
            self.attachments.append((name[-80:] or f"未命名（{kind.replace('/', '，')}）", part))


def _children(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [child for child in payload if isinstance(child, Message)] if isinstance(payload, list) else []


def _is_attached(part: Message) -> bool:
    disposition = part.get_content_disposition()
    return disposition == "attachment" or (disposition != "inline" and bool(part.get_filename()) and not _served(part))


def _served(part: Message) -> bool:
    """Whether a page refers to the part."""
    return bool(part["Content-ID"] or part["Content-Location"])


def _file_name(part: Message) -> str:
    return _words(str(part.get_filename() or ""))


def _charset(part: Message) -> str | None:
    try:
        return part.get_content_charset()
    except (LookupError, UnicodeError):
        return None


def _joined(readings: list[ParsedFile]) -> ParsedFile:
    return ParsedFile(
        tuple(block for reading in readings for block in reading.blocks),
        tuple(pair for reading in readings for pair in reading.metadata),
        tuple(trouble for reading in readings for trouble in reading.troubles),
    )


def _characters(reading: ParsedFile) -> Counter[str]:
    return Counter(c for block in reading.blocks for c in block.text if c.isalnum())


def _flowed(text: str, without_space: bool) -> list[str]:
    """Lines of format=flowed (RFC 3676): one that ends in a space goes on in the next."""
    lines: list[str] = []
    goes_on = False
    for raw in text.split("\n"):
        line = raw.removeprefix(" ")
        if goes_on and not raw.startswith(">"):
            lines[-1] = (lines[-1][:-1] if without_space else lines[-1]) + line
        else:
            lines.append(line)
        goes_on = line.endswith(" ") and line != "-- " and not raw.startswith(">")
    return lines
