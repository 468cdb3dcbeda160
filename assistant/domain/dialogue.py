"""Questions and answers, and the one stream of events that every face renders.

The JSON forms are a contract (people's tools read them): :func:`Answer.to_json` is what ``assistant ask --json`` and
``POST /api/ask`` give; :func:`event_json` is what the server-sent events carry.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Literal


class Verdict(StrEnum):
    """How an answer stands to the documents."""

    ANSWERED = "answered"
    PARTIAL = "partial"  # something of what was asked is stated, something is not
    NOT_STATED = "not_stated"  # 文件未载明
    OUT_OF_SCOPE = "out_of_scope"
    CLARIFY = "clarify"
    REFUSED = "refused"


def plain(value: Any) -> dict[str, Any]:
    """The fields of a value whose fields are plain themselves; :func:`asdict` copies them, ten times as slowly."""
    return {name: getattr(value, name) for name in value.__slots__}


@dataclass(frozen=True, slots=True)
class Turn:
    """One past exchange of a conversation, as follow-ups need it."""

    question: str
    standalone_question: str
    answer: str
    document_ids: tuple[str, ...] = ()

    @classmethod
    def of(cls, answer: Answer) -> Turn:
        """The exchange that this answer ends."""
        documents = dict.fromkeys(c.document_id for c in answer.citations)
        return cls(answer.question, answer.standalone_question, answer.answer, tuple(documents))


@dataclass(frozen=True, slots=True)
class Citation:
    """A place in a document: ``document.text[start:end] == quote`` always holds."""

    n: int
    document_id: str
    title: str
    number: str | None
    path: str
    page: int | None
    start: int
    end: int
    quote: str
    date: str | None = None  # ISO 8601: when the document was issued, else published

    @property
    def url(self) -> str:
        """Where the quote opens, relative to the service's root."""
        return f"/documents/{self.document_id}#{self.start}-{self.end}"

    def to_json(self) -> dict[str, Any]:
        return {**plain(self), "url": self.url}


@dataclass(frozen=True, slots=True)
class Deadline:
    """A time limit as written, resolved where that is certain."""

    as_written: str | None = None
    date: str | None = None  # ISO 8601
    kind: Literal["fixed", "relative", "ongoing", "recurring", "vague", "none"] = "none"


@dataclass(frozen=True, slots=True)
class Status:
    """How far a commitment is, with the word in the clause that says so."""

    state: Literal["planned", "in_progress", "done", "unclear"] = "unclear"
    cue: str | None = None
    as_of: str | None = None  # ISO 8601


@dataclass(frozen=True, slots=True)
class Commitment:
    """Who does what by when, as one clause states it; ``citations`` are numbers of the answer's citations.

    Where ``review`` is corrected, some of it is what a person put in the place of what the clause states.
    """

    task: str
    lead_units: tuple[str, ...] = ()
    cooperating_units: tuple[str, ...] = ()
    role: str = "牵头"
    basis: Literal["explicit", "inherited"] = "explicit"
    deadline: Deadline = Deadline()
    status: Status = Status()
    citations: tuple[int, ...] = ()
    review: Literal["confirmed", "corrected"] | None = None  # by a person: 已核对, 已更正

    def to_json(self) -> dict[str, Any]:
        return {**plain(self), "deadline": plain(self.deadline), "status": plain(self.status)}


@dataclass(frozen=True, slots=True)
class Completeness:
    """How many rows of a list are shown, of how many that there are."""

    shown: int
    total: int


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer. ``answer`` carries ``[n]`` after each sentence; ``completeness`` is None for no list."""

    id: str
    conversation_id: str
    question: str
    standalone_question: str
    answer: str
    verdict: Verdict
    citations: tuple[Citation, ...]
    commitments: tuple[Commitment, ...]
    completeness: Completeness | None
    model: str  # "extractive", or the chat model's name
    prompt: str | None  # hash of the prompt that made it; None for the extractive answer
    index: str  # the generation that was read, such as "gen-7"
    timings_ms: dict[str, float] = field(default_factory=dict)
    notices: tuple[str, ...] = ()  # what the reader should know: a model that failed, sentences withheld
    withheld: int = 0  # sentences of a model that did not stand on the documents and were left out
    stopped: bool = False  # the reader stopped it: this is what had been shown

    def to_json(self) -> dict[str, Any]:
        """The contract's JSON object."""
        return {
            "id": self.id,
            "conversation_id": self.conversation_id,
            "question": self.question,
            "standalone_question": self.standalone_question,
            "answer": self.answer,
            "verdict": self.verdict.value,
            "citations": [c.to_json() for c in self.citations],
            "commitments": [c.to_json() for c in self.commitments],
            "completeness": asdict(self.completeness) if self.completeness else None,
            "model": self.model,
            "prompt": self.prompt,
            "index": self.index,
            "timings_ms": {k: round(v, 1) for k, v in self.timings_ms.items()},
            "notices": list(self.notices),
            "withheld": self.withheld,
            "stopped": self.stopped,
        }


@dataclass(frozen=True, slots=True)
class Searching:
    """Work goes on: ``message`` is a line for the reader, such as “正在检索 26 份文件…”."""

    message: str
    conversation_id: str
    answer_id: str = ""  # of the answer to come: who stops it can name it
    type: Literal["searching"] = "searching"


@dataclass(frozen=True, slots=True)
class EvidenceFound:
    """Citations that the coming sentences may use; the numbers stay valid to the end of the answer."""

    citations: tuple[Citation, ...]
    type: Literal["evidence"] = "evidence"


@dataclass(frozen=True, slots=True)
class Sentence:
    """One verified sentence, ready to show; appended to those before it (``text`` brings its own line breaks)."""

    text: str
    citations: tuple[int, ...]
    type: Literal["sentence"] = "sentence"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of commitments with their count."""

    commitments: tuple[Commitment, ...]
    completeness: Completeness
    type: Literal["table"] = "table"


@dataclass(frozen=True, slots=True)
class Done:
    """The end of the stream: the whole answer. Its text equals the sentences joined."""

    answer: Answer
    type: Literal["done"] = "done"


@dataclass(frozen=True, slots=True)
class Failed:
    """The end of the stream when the service could not answer; ``message`` says what to do, in Chinese."""

    code: str
    message: str
    type: Literal["error"] = "error"


Event = Searching | EvidenceFound | Sentence | Table | Done | Failed


def event_json(event: Event) -> dict[str, Any]:
    """An event as the JSON object that a server-sent event carries; ``done`` carries the answer's contract form."""
    match event:
        case Done():
            return {"type": event.type, "answer": event.answer.to_json()}
        case EvidenceFound():
            return {"type": event.type, "citations": [c.to_json() for c in event.citations]}
        case _:
            return asdict(event)
