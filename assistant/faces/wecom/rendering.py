"""An answer as WeCom draws it: a subset of markdown, cut at a number of bytes, sources behind."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.domain.dialogue import Answer, Citation, Verdict

STREAM_BYTES = 20_480  # of one streamed message (page 101031)
APP_BYTES = 2_048  # of one message of an app (page 90236)
_CUT = "……（内容较长，未完）"
_SOURCES_SHARE = 0.4  # of a message that its sources may fill
_SHOWN_SOURCES = 8
_LONG = 1_600  # bytes from which a text fills a phone, so that its quotations are shortened
_QUOTATION = re.compile(r"“([^“”]{29})[^“”]{4,}”(?=\[\d)")
_ELSEWISE = "可换个说法再问，或发送“/帮助”看能问什么。"


def plain(text: str) -> str:
    """Text of answers and documents with all that WeCom would take for markdown or a call made plain."""
    shown = text.replace("<", "＜").replace(">", "＞").replace("`", "ˋ").replace("](", "］(").replace("**", "＊＊")
    return re.sub(r"(?m)^([^\S\n]*)#", r"\1＃", shown)


def finished(answer: Answer, public_url: str, limit: int) -> str:
    """A whole answer: its text, its notices, and as many of its sources as there is room for.

    Long lists quote the beginning of each clause; `/来源` gives the whole.
    """
    text = plain(answer.answer.strip())
    if len(text.encode()) > _LONG and len(shorter := _QUOTATION.sub(r"“\1……”", text)) < len(text):
        text = f"{shorter}\n（引文较长的只列开头，发送“/来源 序号”看全文。）"
    parts = [text]
    if answer.verdict in (Verdict.NOT_STATED, Verdict.OUT_OF_SCOPE):
        parts.append(_ELSEWISE)
    parts += [f"（{plain(notice)}）" for notice in answer.notices]
    if answer.model != "extractive":
        parts.append("AI生成，以原文为准")
    sources = source_lines(answer.citations, public_url, int(limit * _SOURCES_SHARE))
    room = limit - len(sources.encode()) - (2 if sources else 0)
    text = cut("\n\n".join(part for part in parts if part), room)
    return f"{text}\n\n{sources}" if sources else text


def source_lines(citations: Sequence[Citation], public_url: str, limit: int) -> str:
    """The sources as a short list, in at most so many bytes; the rest are counted."""
    lines = [
        _line(c, before, after, public_url)
        for before, c, after in zip((None, *citations), citations, (*citations[1:], None), strict=False)
    ]
    kept: list[str] = []
    for line in lines[:_SHOWN_SOURCES]:
        if len("\n".join(["来源：", *kept, line, _rest(len(lines))]).encode()) > limit:
            break
        kept.append(line)
    if not kept:
        return ""
    more = [_rest(len(lines) - len(kept))] if len(kept) < len(lines) else []
    return "\n".join(["来源：", *kept, *more])


def source(citation: Citation, public_url: str, limit: int) -> str:
    """One source with its words."""
    head = f"[{citation.n}] {_named(citation)} {_where(citation, public_url)}\n"
    return head + cut(f"“{plain(citation.quote)}”", limit - len(head.encode()))


def cut(text: str, limit: int) -> str:
    """The text in at most ``limit`` bytes of UTF-8, cut between characters, and saying so."""
    if len(text.encode()) <= limit:
        return text
    room = max(0, limit - len(_CUT.encode()))
    return text.encode()[:room].decode(errors="ignore").rstrip() + _CUT


def messages(text: str, limit: int, most: int) -> list[str]:
    """A long text as up to ``most`` messages of ``limit`` bytes, parted at line ends where there are any."""
    found: list[str] = []
    rest = text
    while len(rest.encode()) > limit and len(found) < most - 1:
        head = rest.encode()[:limit].decode(errors="ignore")
        end = head.rfind("\n")
        head = head[: end + 1] if end > len(head) // 2 else head
        found.append(head.rstrip("\n"))
        rest = rest[len(head) :]
    return [*found, cut(rest, limit)]


def _line(citation: Citation, before: Citation | None, after: Citation | None, public_url: str) -> str:
    """A source; those of one document that follow each other stand below its title, which is said once."""
    where = f"[{citation.n}] {_where(citation, public_url)}"
    if before is not None and before.document_id == citation.document_id:
        return where
    if after is not None and after.document_id == citation.document_id:
        return f"{_named(citation)}\n{where}"
    return f"[{citation.n}] {_named(citation)} {_where(citation, public_url)}"


def _named(citation: Citation) -> str:
    return f"《{plain(citation.title)}》" + (f"（{plain(citation.number)}）" if citation.number else "")


def _where(citation: Citation, public_url: str) -> str:
    page = f"第{citation.page}页" if citation.page else ""
    link = f"[查看原文]({public_url.rstrip('/')}{citation.url})" if public_url else ""
    return " ".join(part for part in (plain(citation.path), page, link) if part) or "全文"


def _rest(count: int) -> str:
    return f"另有 {count} 处，发送“/来源 序号”查看"
