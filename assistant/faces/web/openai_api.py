"""``/v1``: the assistant as a model, for every client that speaks OpenAI's chat completions.

Sources travel three ways, because clients differ: ``[n]`` with a 参考来源 footer in the text (all of them),
``annotations`` (Open WebUI, LobeChat) with ``search_results`` beside, and the contract's whole answer as
``policy_answer``.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import APIRouter, Body
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from assistant.domain.dialogue import Answer, Citation, Done, Event, Failed, Sentence
from assistant.faces.web.described import OPENAI_ERRORS, STREAMED
from assistant.faces.web.doors import Asking, Questioning
from assistant.faces.web.errors import Fault, error_response, of_event, openai_form
from assistant.faces.web.openai_embeddings import MODEL as EMBEDDINGS
from assistant.faces.web.openai_messages import SOURCES_TITLE, ChatBody, Message, question_and_history, usage
from assistant.faces.web.sse import frame, last_event, open_stream
from assistant.ports import Asker


def router(asker: Asker, models: Sequence[str], *, sources_footer: bool, embeds: bool = False) -> APIRouter:
    """The routes of ``/v1``; the assistant answers under each of the ``models``. ``embeds``: it gives vectors too."""
    routes = APIRouter(prefix="/v1", responses=OPENAI_ERRORS)
    listed = [*models, *([EMBEDDINGS] if embeds else [])]
    started = int(time.time())

    def model_json(name: str) -> dict[str, Any]:
        return {"id": name, "object": "model", "created": started, "owned_by": "policy-assistant"}

    @routes.get("/models", summary="List models")
    def list_models(caller: Asking) -> dict[str, Any]:
        return {"object": "list", "data": [model_json(name) for name in listed]}

    @routes.get("/models/{model:path}", summary="Read a model")
    def read_model(caller: Asking, request: Request, model: str) -> Response:
        if model not in listed:
            return error_response(request, _unknown(listed))
        return JSONResponse(model_json(model))

    @routes.post("/chat/completions", summary="Complete a chat", responses=STREAMED)
    async def complete(caller: Questioning, request: Request, body: Annotated[ChatBody, Body()]) -> Response:
        if body.model not in models:
            return error_response(request, _unknown(models))
        question, history = question_and_history(body.messages)
        request.state.content = question
        include_usage = bool(body.stream_options and body.stream_options.include_usage)
        reply = _Reply(body.model, body.messages, str(request.base_url).rstrip("/"), sources_footer, include_usage)
        events = asker.ask(question, reader=caller, history=history)
        if body.stream:
            return await open_stream(request.receive, events, reply.frames)
        event = await last_event(request.receive, events)
        if isinstance(event, Failed):
            return error_response(request, of_event(event))
        return JSONResponse(reply.whole(event.answer))

    return routes


def _unknown(models: Sequence[str]) -> Fault:
    return Fault(404, "model_not_found", "没有这个模型", f"可用的模型：{'、'.join(models)}", "model")


@dataclass(slots=True)
class _Reply:
    """One completion under way, written as one object or as frames."""

    model: str
    messages: Sequence[Message]
    base_url: str  # clients live elsewhere: relative links would open on their own host
    sources_footer: bool
    include_usage: bool
    id: str = field(default_factory=lambda: f"chatcmpl-{uuid.uuid4().hex}")
    created: int = field(default_factory=lambda: int(time.time()))
    sent: str = ""  # the text that has gone out so far
    started: bool = False

    def whole(self, answer: Answer) -> dict[str, Any]:
        """The completion as one object."""
        text = answer.answer + self._footer(answer)
        message = {
            "role": "assistant",
            "content": text,
            "refusal": None,
            "annotations": self._annotations(answer, text),
        }
        return {
            **self._head("chat.completion"),
            "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}],
            "usage": usage(self.messages, text),
            **self._sources(answer),
        }

    def frames(self, event: Event) -> Iterator[str]:
        """The frames that an event becomes: text for a sentence, the ending for the last event."""
        if not self.started and not isinstance(event, Failed):
            self.started = True
            yield self._chunk({"role": "assistant", "content": ""})
        match event:
            case Sentence():
                yield self._content(event.text)
            case Done():
                yield from self._ending(event.answer)
            case Failed():
                yield frame(openai_form(of_event(event)))
            case _:
                pass  # nothing in this protocol shows work or evidence under way

    def _ending(self, answer: Answer) -> Iterator[str]:
        # The sentences make up the answer, so that normally only the footer is left to say.
        rest = answer.answer.removeprefix(self.sent) + self._footer(answer)
        if rest:
            yield self._content(rest)
        annotations = self._annotations(answer, self.sent)
        yield self._chunk({"annotations": annotations}, finish="stop", extra=self._sources(answer))
        if self.include_usage:
            yield frame(
                {**self._head("chat.completion.chunk"), "choices": [], "usage": usage(self.messages, self.sent)}
            )
        yield "data: [DONE]\n\n"

    def _content(self, text: str) -> str:
        self.sent += text
        return self._chunk({"content": text})

    def _chunk(self, delta: dict[str, Any], finish: str | None = None, extra: dict[str, Any] | None = None) -> str:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        usage_field = {"usage": None} if self.include_usage else {}
        return frame({**self._head("chat.completion.chunk"), "choices": [choice], **usage_field, **(extra or {})})

    def _head(self, kind: str) -> dict[str, Any]:
        return {"id": self.id, "object": kind, "created": self.created, "model": self.model}

    def _footer(self, answer: Answer) -> str:
        if not self.sources_footer or not answer.citations:
            return ""
        lines = (f"[{c.n}] {_named(c)} {self.base_url}{c.url}" for c in answer.citations)
        return f"\n\n{SOURCES_TITLE}\n" + "\n".join(lines)

    def _annotations(self, answer: Answer, text: str) -> list[dict[str, Any]]:
        """One a source; the indexes frame its first ``[n]`` in the text."""
        found = []
        for citation in answer.citations:
            mark = f"[{citation.n}]"
            start = max(text.find(mark), 0)
            place = {"start_index": start, "end_index": start + len(mark)}
            target = {"url": self.base_url + citation.url, "title": _named(citation), **place}
            found.append({"type": "url_citation", "url_citation": target})
        return found

    def _sources(self, answer: Answer) -> dict[str, Any]:
        results = [
            {"title": _named(c), "url": self.base_url + c.url, "snippet": c.quote, "date": None}
            for c in answer.citations
        ]
        return {"search_results": results, "policy_answer": answer.to_json()}


def _named(citation: Citation) -> str:
    """A source in words: title, number, clause and page."""
    title = " ".join(citation.title.split())
    number = f"（{citation.number}）" if citation.number else ""
    page = f"，第{citation.page}页" if citation.page else ""
    return f"《{title}》{number}{citation.path}{page}"
