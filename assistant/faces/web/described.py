"""The forms of answers and errors, as the description of the interface (``/api/openapi.json``) tells of them.

For the description alone: what is sent is written by the faces, and a test holds it against these forms. Fields may be
added to what is sent, so that none of them forbids others.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel

from assistant.domain.dialogue import Verdict


class ErrorDetail(BaseModel):
    """What went wrong, for programs (``code``, ``param``) and for people."""

    code: str
    message: str
    advice: str
    param: str | None


class ErrorForm(BaseModel):
    """Every error under ``/api``."""

    error: ErrorDetail


class OpenAIErrorDetail(BaseModel):
    """The same, as OpenAI clients read it."""

    message: str
    type: Literal["invalid_request_error", "rate_limit_error", "server_error"]
    param: str | None
    code: str


class OpenAIErrorForm(BaseModel):
    """Every error under ``/v1``."""

    error: OpenAIErrorDetail


class CitationForm(BaseModel):
    """A place in a document: ``text[start:end] == quote`` on the text that ``GET /api/documents/{id}`` gives."""

    n: int
    document_id: str
    title: str
    number: str | None
    path: str
    page: int | None
    start: int
    end: int
    quote: str
    date: str | None
    url: str


class DeadlineForm(BaseModel):
    """A time limit as written; ``date`` where the document itself says the day."""

    as_written: str | None
    date: str | None
    kind: Literal["fixed", "relative", "ongoing", "recurring", "vague", "none"]


class StatusForm(BaseModel):
    """How far it is, with the word that says so."""

    state: Literal["planned", "in_progress", "done", "unclear"]
    cue: str | None
    as_of: str | None


class CommitmentForm(BaseModel):
    """Who does what by when."""

    task: str
    lead_units: list[str]
    cooperating_units: list[str]
    role: str
    basis: Literal["explicit", "inherited"]
    deadline: DeadlineForm
    status: StatusForm
    citations: list[int]
    review: Literal["confirmed", "corrected"] | None


class CompletenessForm(BaseModel):
    """How many rows of a list are shown, of how many."""

    shown: int
    total: int


class AnswerForm(BaseModel):
    """A whole answer; ``completeness`` is null where the question asks for no list."""

    id: str
    conversation_id: str
    question: str
    standalone_question: str
    answer: str
    verdict: Verdict
    citations: list[CitationForm]
    commitments: list[CommitmentForm]
    completeness: CompletenessForm | None
    model: str
    prompt: str | None
    index: str
    timings_ms: dict[str, float]
    notices: list[str]
    withheld: int
    stopped: bool


_RETRY = {"Retry-After": {"description": "Seconds after which to come again.", "schema": {"type": "string"}}}
Responses = dict[int | str, dict[str, Any]]

ERRORS: Responses = {
    "4XX": {"model": ErrorForm, "description": "The caller's fault: `code` and `param` say which.", "headers": _RETRY},
    "5XX": {"model": ErrorForm, "description": "A fault of ours, or of what the service stands on."},
}
"""Of every address but those of ``/v1``."""

OPENAI_ERRORS: Responses = {
    "4XX": {"model": OpenAIErrorForm, "description": "The caller's fault.", "headers": _RETRY},
    "5XX": {"model": OpenAIErrorForm, "description": "A fault of ours, or of what the service stands on."},
}

ANSWER: Responses = {
    200: {
        "model": AnswerForm,
        "description": "The answer; with `stream`, its events.",
        "content": {"text/event-stream": {}},
    }
}
STREAMED: Responses = {200: {"content": {"text/event-stream": {}}}}


def files(*media_types: str, description: str = "A file.") -> Responses:
    """An answer in one of these types; as JSON too where that is among them."""
    return {200: {"description": description, "content": {kind: {} for kind in media_types}}}
