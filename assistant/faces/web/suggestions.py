"""Starter questions made from what the corpus holds, for the empty page.

Each rule asks for something that its kind of document states by its nature (a reply answers a proposal, a plan names
who leads). A rule is used once, and each on a document of its own, so that three suggestions show three uses.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from assistant.domain.asks import REPLYING
from assistant.ports import DocumentInfo

_MOST = 3
_LONGEST_TITLE = 40  # a longer one would fill the button
_CITED_NUMBER = re.compile(r"第?(\d+)号?")
_ISSUED_TEXT = re.compile(r"印发《([^《》]+)》")
_FOUNDED = re.compile(r"关于(?:成立|组建|建立|设立)([^《》]+)的(?:通知|批复|决定)")


def _quoted(title: str) -> str:
    """A title in 《》; inside, title marks become single ones (GB/T 15834)."""
    return f"《{title.translate({ord('《'): '〈', ord('》'): '〉'})}》"


def _replied(info: DocumentInfo) -> str | None:
    for number in info.fields.get("proposal_number", ()):
        if info.kind in REPLYING and (match := _CITED_NUMBER.fullmatch(number)):
            return f"第{match[1]}号提案答复了什么？"
    return None


def _proposed(info: DocumentInfo) -> str | None:
    return f"{_quoted(info.title)}提出了哪些建议？" if info.kind == "提案" else None


def _led(info: DocumentInfo) -> str | None:
    if issued := _ISSUED_TEXT.search(info.title):
        return f"《{issued[1]}》由谁牵头？"
    return f"{_quoted(info.title)}由谁牵头？" if info.kind in {"方案", "清单"} else None


def _founded(info: DocumentInfo) -> str | None:
    found = _FOUNDED.search(info.title)
    return f"{found[1].strip()}由哪些单位组成？" if found else None


def _ruled(info: DocumentInfo) -> str | None:
    return f"{_quoted(info.title)}规定了哪些职责？" if info.kind in {"章程", "法规"} else None


def _agreed(info: DocumentInfo) -> str | None:
    return f"{_quoted(info.title)}议定了哪些事项？" if info.kind == "纪要" else None


def _contact(info: DocumentInfo) -> str | None:
    return f"{_quoted(info.title)}的联系人是谁？" if info.fields.get("contact") else None


def _issued(info: DocumentInfo) -> str | None:
    return f"{_quoted(info.title)}是什么时候印发的？" if info.fields.get("issued_on") else None


_RULES: tuple[Callable[[DocumentInfo], str | None], ...] = (
    _led,
    _replied,
    _founded,
    _proposed,
    _agreed,
    _ruled,
    _contact,
    _issued,
)


def suggestions(infos: Sequence[DocumentInfo]) -> list[str]:
    """At most three questions that these documents can answer; the same documents give the same questions."""
    questions: list[str] = []
    used: set[str] = set()
    for rule in _RULES:
        for info in infos:
            if info.id in used or not 0 < len(info.title) <= _LONGEST_TITLE:
                continue
            if question := rule(info):
                questions.append(question)
                used.add(info.id)
                break
        if len(questions) == _MOST:
            break
    return questions
