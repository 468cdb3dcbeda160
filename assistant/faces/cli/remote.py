"""A service elsewhere, over its HTTP contract: what the command line speaks to with ``--server``."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

import httpx

from assistant.domain.access import Identity
from assistant.domain.dialogue import (
    Answer,
    Citation,
    Commitment,
    Completeness,
    Deadline,
    Done,
    Event,
    EvidenceFound,
    Failed,
    Searching,
    Sentence,
    Status,
    Table,
    Turn,
    Verdict,
)
from assistant.errors import AssistantError, BadRequest
from assistant.ports import DocumentInfo

_CONNECT, _SILENT = 5.0, 120.0  # seconds
_PAGE = 500


class RemoteService:
    """A service at ``url``, entered with ``key`` where it wants one. Failures are errors of ours with advice."""

    def __init__(self, url: str, key: str | None = None, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._url = url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._transport = transport

    async def ask(
        self,
        question: str,
        *,
        reader: Identity,  # the service knows the asker by the key
        conversation_id: str | None = None,
        history: Sequence[Turn] | None = None,
        replaces: str | None = None,
    ) -> AsyncIterator[Event]:
        """See :class:`assistant.ports.Asker`; the service keeps the conversation, ``history`` cannot be brought."""
        if history is not None:
            raise BadRequest("远程服务自己保存会话。", "请用 conversation_id 接着提问。")
        asked = {"question": question, "stream": True, "conversation_id": conversation_id, "replaces": replaces}
        body = {name: value for name, value in asked.items() if value is not None}
        async with self._client() as client:
            try:
                async with client.stream("POST", "/api/ask", json=body) as response:
                    if response.is_error:
                        await response.aread()
                        raise _refused(response)
                    async for line in response.aiter_lines():
                        if line.startswith("data:") and (event := event_of(json.loads(line[5:]))):
                            yield event
            except (httpx.HTTPError, ValueError) as error:
                raise self._unreachable(error) from error

    async def documents(self, query: str) -> tuple[list[DocumentInfo], int]:
        """The documents that hold the words, and how many the service holds in all."""
        found, total = await self._listed("/api/documents", {"q": query}, "documents")
        of_all = total if not query else int((await self._get("/api/documents", {"limit": 1})).json()["total"])
        infos = [DocumentInfo(**{**d, "fields": {n: tuple(v) for n, v in d["fields"].items()}}) for d in found]
        return infos, of_all

    async def ledger(self, filters: Mapping[str, Any]) -> tuple[list[dict[str, Any]], int]:
        """All rows of the ledger that the filters let through, in the contract's form."""
        return await self._listed("/api/ledger", filters, "rows")

    async def ledger_file(self, filters: Mapping[str, Any], file_format: str) -> bytes:
        """The ledger as a file."""
        return (await self._get("/api/ledger", {**filters, "format": file_format})).content

    async def standing(self) -> tuple[str, int, list[str]]:
        """The name of the index that it serves, how many documents we see in it, and what we may do there."""
        index = (await self._get("/readyz", {})).json()["index"]
        documents = (await self._get("/api/documents", {"limit": 1})).json()["total"]
        return str(index), int(documents), list((await self._get("/api/me", {})).json()["may"])

    async def _listed(self, path: str, query: Mapping[str, Any], name: str) -> tuple[list[dict[str, Any]], int]:
        rows: list[dict[str, Any]] = []
        while True:
            page = (await self._get(path, {**query, "limit": _PAGE, "offset": len(rows)})).json()
            rows += page[name]
            if not page[name] or len(rows) >= page["total"]:
                return rows, page["total"]

    async def _get(self, path: str, query: Mapping[str, Any]) -> httpx.Response:
        given = {
            k: str(v).lower() if isinstance(v, bool) else v for k, v in query.items() if v not in (None, "", False)
        }
        async with self._client() as client:
            try:
                response = await client.get(path, params=given)
            except httpx.HTTPError as error:
                raise self._unreachable(error) from error
        if response.is_error:
            raise _refused(response)
        return response

    def _client(self) -> httpx.AsyncClient:
        timeout = httpx.Timeout(_SILENT, connect=_CONNECT)
        return httpx.AsyncClient(base_url=self._url, headers=self._headers, timeout=timeout, transport=self._transport)

    def _unreachable(self, error: Exception) -> AssistantError:
        kind = "没有按约定应答" if isinstance(error, ValueError) else f"连不上（{type(error).__name__}）"
        return AssistantError(f"服务 {self._url} {kind}。", "请核对 --server 的地址，并确认那里的服务正在运行。")


def event_of(data: Mapping[str, Any]) -> Event | None:
    """An event from its JSON form (:func:`assistant.domain.dialogue.event_json`); None for a kind not known here."""
    match data["type"]:
        case "searching":
            return Searching(data["message"], data["conversation_id"], data.get("answer_id", ""))
        case "evidence":
            return EvidenceFound(tuple(map(_citation, data["citations"])))
        case "sentence":
            return Sentence(data["text"], tuple(data["citations"]))
        case "table":
            rows = tuple(map(_commitment, data["commitments"]))
            return Table(rows, Completeness(**data["completeness"]))
        case "done":
            return Done(answer_of(data["answer"]))
        case "error":
            return Failed(data["code"], data["message"])
        case _:
            return None


def answer_of(data: Mapping[str, Any]) -> Answer:
    """An answer from the contract's JSON form. Raises KeyError or TypeError where it is none."""
    rest: dict[str, Any] = {
        "verdict": Verdict(data["verdict"]),
        "citations": tuple(map(_citation, data["citations"])),
        "commitments": tuple(map(_commitment, data["commitments"])),
        "completeness": Completeness(**data["completeness"]) if data["completeness"] else None,
        "notices": tuple(data.get("notices", ())),
    }
    names = ("id", "conversation_id", "question", "standalone_question", "answer", "model", "prompt", "index")
    more: dict[str, Any] = {name: data[name] for name in ("timings_ms", "withheld", "stopped") if name in data}
    return Answer(**{name: data[name] for name in names}, **rest, **more)


def _citation(data: Mapping[str, Any]) -> Citation:
    return Citation(**{name: value for name, value in data.items() if name != "url"})


def _commitment(data: Mapping[str, Any]) -> Commitment:
    nested = {
        "lead_units": tuple(data["lead_units"]),
        "cooperating_units": tuple(data["cooperating_units"]),
        "deadline": Deadline(**data["deadline"]),
        "status": Status(**data["status"]),
        "citations": tuple(data["citations"]),
    }
    return Commitment(**{**data, **nested})


def _refused(response: httpx.Response) -> AssistantError:
    try:
        told = response.json()["error"]
        message, advice = str(told["message"]), str(told.get("advice", ""))
    except (ValueError, KeyError, TypeError):
        message, advice = f"服务答复了 {response.status_code}", "请确认 --server 的地址是本产品的服务。"
    kind = BadRequest if response.status_code in (400, 404, 413, 422) else AssistantError
    return kind(f"{message}。", advice)
