"""What is kept of conversations beside the answers themselves, and how much of them a follow-up gets to see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from assistant.domain.dialogue import Turn

HISTORY_CHARACTERS = 8000
"""How much of a conversation goes with a follow-up. A Chinese character is at most about one token of any model."""
_TITLE = 40  # characters
_HIDDEN = "这个回答引用的文件现在不在您可查阅的范围内，内容已隐去。"


@dataclass(frozen=True, slots=True)
class Conversation:
    """One line of the list of conversations. Times are ISO 8601, UTC."""

    id: str
    title: str
    created_at: str
    updated_at: str
    turns: int


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a reader thinks of an answer. ``reasons`` are short words of the face, such as 引用不对."""

    useful: bool
    reasons: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class KeptTurn:
    """One turn as it is kept: the answer in the contract's JSON form, and the owner's judgement of it."""

    created_at: str
    answer: Mapping[str, Any]
    judgement: Judgement | None = None


@dataclass(frozen=True, slots=True)
class JudgedAnswer:
    """A judgement with all that it was about: ``questions`` of the conversation, of which the last was answered."""

    id: int
    at: str
    judgement: Judgement
    questions: tuple[str, ...]
    answer: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A question to which the documents gave no whole answer: ``withheld`` sentences did not stand on them."""

    at: str
    question: str
    verdict: str
    withheld: int


def readable(turn: KeptTurn, hidden: frozenset[str]) -> KeptTurn:
    """The turn for a reader to whom these documents are hidden now: an answer that stands on one is taken out whole."""
    if not any(c["document_id"] in hidden for c in turn.answer["citations"]):
        return turn
    emptied = {
        "standalone_question": turn.answer["question"],
        "answer": _HIDDEN,
        "verdict": "refused",
        "citations": [],
        "commitments": [],
        "completeness": None,
        "notices": [],
    }
    return replace(turn, answer={**turn.answer, **emptied})


def title_of(question: str) -> str:
    """The title of a conversation that begins with this question."""
    line = " ".join(question.split())
    return line if len(line) <= _TITLE else line[: _TITLE - 1] + "…"


def recent(newest_first: Iterable[Turn], characters: int = HISTORY_CHARACTERS) -> list[Turn]:
    """The last turns that fit into so many characters, oldest first; the newest is always among them."""
    kept: list[Turn] = []
    left = characters
    for turn in newest_first:
        left -= len(turn.question) + len(turn.standalone_question) + len(turn.answer)
        if kept and left < 0:
            break
        kept.append(turn)
    return kept[::-1]
