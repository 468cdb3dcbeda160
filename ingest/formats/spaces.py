"""White space between Chinese characters, where the carrier put it and not the author."""

from __future__ import annotations

import re

_HAN = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3001-\u303f“”‘’…—·"
_WIDE = re.compile(f"[{_HAN}]+")
_RUN = re.compile(r"[ \t\n\r\f\v\xa0\u2000-\u200b\u2028\u2029\ufeff\u3000]+")
_LINE_BREAK_BETWEEN = re.compile(rf"(?<=[{_HAN}])\n(?=[{_HAN}])")
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")


def clean(text: str) -> str:
    """One line: a run of white space becomes one character (the ideographic space where the run holds one).

    A line break between two Chinese characters is layout and vanishes. Invisible characters and lone surrogates go.
    """
    text = _LINE_BREAK_BETWEEN.sub("", _INVISIBLE.sub("", text).strip())
    return _RUN.sub(lambda m: "\u3000" if "\u3000" in m.group() else " ", text).strip()


def join(left: str, right: str) -> str:
    """Two lines of one paragraph: nothing between Chinese characters, a space between words."""
    if not left or not right:
        return left or right
    if re.match(rf"[{_HAN}]", left[-1]) or re.match(rf"[{_HAN}]", right[0]):
        return left + right
    return f"{left} {right}"


def display_width(text: str) -> int:
    """Width in half-width columns: a Chinese character takes two."""
    return len(text) + sum(map(len, _WIDE.findall(text)))


def without_inner_spaces(text: str) -> str:
    """A name without the spaces that only stretch it (索 引 号, 标　　题)."""
    return re.sub(r"\s+", "", text)
