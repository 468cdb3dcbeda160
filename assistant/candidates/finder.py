"""Clause by clause: show a model what the rules left unread, and keep what stands up to the clause.

Every clause is kept as it is done, with what was offered and with nothing too: a run that is cut off goes on where it
ended, and a clause is shown once for as long as its words stay.
"""

from __future__ import annotations

import asyncio
import json
import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from time import monotonic
from typing import Any

from assistant.candidates.replies import SCHEMA, offers_in
from assistant.domain.holdings import Holding
from assistant.domain.ledger.candidates import Offer
from assistant.errors import ModelError, ReplyCut
from assistant.ports import Candidates, ChatModel, Unread
from assistant.prompts import PromptFile

_LONGEST_REPLY = 1000  # tokens
_FAILURES = 3  # requests that fail one after the other; then the endpoint is at fault, not the clause
_EXAMPLE = {
    "commitments": [
        {
            "quote": "某某事项交某某局去办，某某局搭手，年底前见效",
            "lead_units": ["某某局"],
            "cooperating_units": ["某某局"],
            "role": "负责",
            "task": "某某事项",
            "deadline": "年底前",
        }
    ]
}


@dataclass(slots=True)
class Tally:
    """What a run did. ``dropped`` counts offers by the keys of :data:`assistant.domain.ledger.candidates.DROPPED`.

    ``form`` among them counts replies, not offers. ``left`` clauses were not come to, ``failed`` ones had no reply.
    """

    open: int = 0  # clauses that nobody had been shown
    read: int = 0
    failed: int = 0
    offered: int = 0
    kept: int = 0
    dropped: Counter[str] = field(default_factory=Counter)

    @property
    def left(self) -> int:
        return self.open - self.read - self.failed

    def to_json(self) -> dict[str, Any]:
        return {
            "open": self.open,
            "read": self.read,
            "failed": self.failed,
            "left": self.left,
            "offered": self.offered,
            "kept": self.kept,
            "dropped": dict(sorted(self.dropped.items())),
        }


class Finder:
    """Asks ``model`` with ``prompt`` about clauses that ``store`` says nobody has read, and keeps what it offers."""

    def __init__(self, model: ChatModel, prompt: PromptFile, store: Candidates) -> None:
        self._model = model
        self._prompt = prompt
        self._store = store

    async def find(
        self,
        holdings: Iterable[Holding],
        *,
        begin: Callable[[int], None] = lambda _: None,
        advance: Callable[[], None] = lambda: None,
        most: int | None = None,
        at_once: int = 1,
        seconds: float | None = None,
    ) -> Tally:
        """Go through the open clauses of these documents, ``at_once`` at a time, at most ``most`` or for ``seconds``.

        ``begin`` is told how many there will be, ``advance`` at each. Raises a :class:`ModelError` where three requests
        failed in a row, or all did; what was read until then is kept.
        """
        waiting = self._store.unread(holdings)
        tally = Tally(open=len(waiting))
        waiting = waiting[:most]
        begin(len(waiting))
        until = None if seconds is None else monotonic() + seconds
        line = iter(waiting)
        failures: list[ModelError] = []  # in a row

        async def work() -> None:
            for clause in line:
                if until is not None and monotonic() > until:
                    return
                try:
                    offers, formless = await self._asked(clause)
                except ModelError as error:
                    tally.failed += 1
                    failures.append(error)
                    if len(failures) >= _FAILURES:
                        raise
                    continue
                failures.clear()
                sifted = self._store.keep(clause, offers, self._model.name, self._prompt.hash)
                tally.read += 1
                tally.offered += len(offers)
                tally.kept += len(sifted.entries)
                tally.dropped.update(sifted.dropped)
                tally.dropped.update({"form": formless} if formless else {})
                advance()

        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(min(at_once, len(waiting))):
                    group.create_task(work())
        except* ModelError as failed:
            raise failed.exceptions[0] from None
        if failures and not tally.read:
            raise failures[-1]
        return tally

    async def _asked(self, clause: Unread) -> tuple[Sequence[Offer], int]:
        """What the model offers of a clause, and how many of its replies were none."""
        offers: list[Offer] = []
        formless = 0
        for piece in clause.open.pieces:
            said = offers_in(await self._reply(clause.title, piece))
            offers += said or ()
            formless += said is None
        return offers, formless

    async def _reply(self, title: str, piece: str) -> str:
        fence = f"====={secrets.token_hex(6)}====="
        filled = self._prompt.fill(
            title=title, clause=piece.replace(fence, ""), fence=fence, example=json.dumps(_EXAMPLE, ensure_ascii=False)
        )
        reply = ""
        stream: Any = self._model.stream(replace(filled, schema=SCHEMA, most_tokens=_LONGEST_REPLY))
        try:
            async with aclosing(stream):
                async for part in stream:
                    reply += part
        except ReplyCut:
            pass  # the whole objects before the cut are read
        return reply
