"""The gate between a model's stream and the reader: cuts sentences as they complete and reads their keys.

It takes text in any pieces and gives :class:`Draft` values; nothing is shown before it is verified. Models ignore
instructions, so it copes with thinking aloud, Markdown, keys before or after the full stop, one group of keys for
several sentences of a line, and replies that break off.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

_LONGEST = 2000  # characters without any sentence end; what is longer is dropped
_KEY = re.compile(r"(?<![A-Za-z0-9])[A-Za-z][0-9][A-Za-z][0-9A-Za-z](?![A-Za-z0-9])")
_LABEL = r"(?:来源|依据|见|参见|详见|材料|编号|引用|证据|出处)?[:：]?\s{0,9}"
_GROUP = re.compile(
    rf"[\[〔【（(﹝]\s{{0,9}}{_LABEL}\^?(?:{_KEY.pattern})(?:[\s,，、;；和与]*\^?(?:{_KEY.pattern}))*\s*[\]〕】）)﹞]"
    r"|[\[【]\s*\^?[0-9]{1,2}(?:[\s,，、]+[0-9]{1,2})*\s*[\]】]"  # numbers were not given out: keys of nothing
)
_ANY_KEY = re.compile(rf"{_KEY.pattern}|(?<![A-Za-z0-9])[0-9]{{1,2}}(?![A-Za-z0-9])")
_OPEN = "[〔【（(﹝"
_CLOSE = "]〕】）)﹞"
_END = re.compile(r"[。！？!?][”’』」）)》】\"]*|\n")
_GROUP_ROOM = 80  # characters that a group of keys may take
_BULLET = re.compile(
    r"^\s*(?:[-*•·●○▪–—>+]+\s+|[-*•·●]+(?=[^\s*])|#{1,6}\s*|\(?\d{1,2}[.)、](?!\d)\s*|[①-⑳]\s*|（\d{1,2}）)+"
)
_EMPHASIS = re.compile(r"\*\*|__|(?<![一-鿿\w])\*(?=\S)|(?<=\S)\*(?![一-鿿\w])|`")
_ANSWER_HEAD = re.compile(
    r"^\s*(?:\*\*|#+\s*)?(?:最终)?(?:回答|答案|答复内容|答|结论|Answer|Final answer)(?:\*\*)?\s*[:：]\s*(?:\*\*)?", re.I
)
_THINKING_HEAD = re.compile(
    r"^\s*(?:\*\*|#+\s*|【|\[)?(?:思考过程|思考|推理过程|推理|分析过程|分析|"
    r"Thinking(?: process)?|Reasoning|Analysis|Thought)"
    r"(?:\*\*|】|\])?\s*(?:[:：]|$)",
    re.I,
)
_NOT_SHOWN = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\x00-\x08\x0b-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class Draft:
    """One complete sentence as the model wrote it, without its keys; ``keys`` in order, invented ones among them."""

    text: str
    keys: tuple[str, ...]


@dataclass(slots=True)
class Gate:
    """Feed it pieces of a reply, take drafts out; ``close`` at the end."""

    known: Collection[str]
    _buffer: str = ""
    _waiting: list[str] = field(default_factory=list)  # sentences of this line that have no key so far
    _thinking: bool = False
    _blank: bool = True  # nothing but white space on this line so far

    def feed(self, piece: str) -> list[Draft]:
        """The sentences that are complete now."""
        self._buffer += _NOT_SHOWN.sub("", piece.replace("\r\n", "\n").replace("\r", "\n"))
        drafts: list[Draft] = []
        while (cut := self._next_end(final=False)) is not None:
            drafts.extend(self._take(cut))
        if len(self._buffer) > _LONGEST:
            self._buffer = ""
            drafts.extend(self._end_line())
        return drafts

    def close(self, *, complete: bool) -> list[Draft]:
        """What is left. Of a reply that broke off, a piece without its end is dropped.

        A last piece without 。 counts as a sentence where its keys stand behind it: they come last.
        """
        drafts: list[Draft] = []
        while (cut := self._next_end(final=True)) is not None:
            drafts.extend(self._take(cut))
        rest, self._buffer = self._buffer, ""
        if complete or ((groups := list(_GROUP.finditer(rest))) and not rest[groups[-1].end() :].strip()):
            drafts.extend(self._sentence(rest))
        drafts.extend(self._end_line())
        return drafts

    def _next_end(self, *, final: bool) -> int | None:
        """Where the first sentence of the buffer ends, its keys included; None while that is not known."""
        match = _END.search(self._buffer)
        if match is None:
            return None
        end = match.end()
        if match.group() == "\n":
            return end
        while True:
            rest = self._buffer[end:]
            ahead = rest.lstrip(" \t　")
            if not ahead:
                return end if final else None
            if ahead[0] not in _OPEN:
                return end
            group = _GROUP.match(ahead)
            if group:
                end += len(rest) - len(ahead) + group.end()
                if self._buffer[end : end + 1] in ("。", "."):
                    end += 1
                continue
            if not final and len(ahead) < _GROUP_ROOM and not any(c in ahead for c in _CLOSE + "\n"):
                return None
            return end

    def _take(self, cut: int) -> Iterator[Draft]:
        piece, self._buffer = self._buffer[:cut], self._buffer[cut:]
        ends_line = piece.endswith("\n")
        if ends_line and not piece.strip() and self._blank:
            self._thinking = False  # a blank line ends thinking aloud
        self._blank = ends_line
        yield from self._sentence(piece)
        if ends_line:
            yield from self._end_line()

    def _sentence(self, piece: str) -> Iterator[Draft]:
        answer = _ANSWER_HEAD.match(piece)
        if answer:
            self._thinking = False
            piece = piece[answer.end() :]
        elif _THINKING_HEAD.match(piece):
            self._thinking = True
        if self._thinking:
            return
        text, keys = self._read_keys(piece)
        text = _clean(text)
        if not keys:
            if text:
                self._waiting.append(text)
            return
        for earlier in self._waiting:
            yield Draft(earlier, keys)
        self._waiting.clear()
        if text:
            yield Draft(text, keys)

    def _end_line(self) -> Iterator[Draft]:
        for text in self._waiting:
            yield Draft(text, ())
        self._waiting.clear()

    def _read_keys(self, piece: str) -> tuple[str, tuple[str, ...]]:
        keys: dict[str, None] = {}
        for group in _GROUP.finditer(piece):
            keys.update(dict.fromkeys(k.upper() for k in _ANY_KEY.findall(group.group())))
        text = _GROUP.sub("", piece)
        # Some models forget the brackets; a bare key counts only where it is one of ours.
        for bare in _KEY.findall(text):
            if bare.upper() in self.known:
                keys[bare.upper()] = None
                text = re.sub(rf"[\s,，(（]{{0,9}}{_LABEL}{re.escape(bare)}[)）]*", "", text)
        return text, tuple(keys)


def _clean(text: str) -> str:
    """A sentence without Markdown and without white space between Han characters; "" where nothing is said."""
    text = _EMPHASIS.sub("", _BULLET.sub("", text.strip()))
    text = re.sub(r"(?<=[一-鿿，。、；：])\s+(?=[一-鿿，。、；：])", "", text).strip()
    text = re.sub(r"\s{0,9}([。；！？])[。；]{1,9}$", r"\1", text)
    if not re.search(r"[一-鿿A-Za-z0-9]", text) or re.fullmatch(r"(?:json|text|markdown|md)", text):
        return ""
    return text
