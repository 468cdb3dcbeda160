"""Asking at ingest: what is new is shown to the model when it is served already, for a while, and without fail."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from assistant.candidates.finder import Finder
from assistant.domain.holdings import Holding
from assistant.domain.policy import Problem
from assistant.errors import ModelError

_SECONDS = 600.0
"""So long a run of ingest asks, which holds the lock; the next run, or the command, goes on from there."""


class _Kept(Protocol):
    """Where offers are kept by edition."""

    def carry(self, holdings: Iterable[Holding]) -> None: ...


class AtIngest:
    """The step of ingest. Without a ``finder`` nobody is asked; what was offered before is taken over all the same."""

    def __init__(self, store: _Kept, finder: Finder | None = None, seconds: float = _SECONDS) -> None:
        self._store = store
        self._finder = finder
        self._seconds = seconds

    @property
    def asks(self) -> bool:
        """Whether a model is asked at ingest."""
        return self._finder is not None

    def carry(self, holdings: Iterable[Holding]) -> None:
        """Take over for these editions what was offered of the same words in others of their document."""
        self._store.carry(holdings)

    def find(
        self, holdings: Iterable[Holding], begin: Callable[[int], None], advance: Callable[[], None]
    ) -> Sequence[Problem]:
        """Ask, and tell in a remark what remains to be asked."""
        if self._finder is None:
            return ()
        try:
            tally = asyncio.run(self._finder.find(holdings, begin=begin, advance=advance, seconds=self._seconds))
        except ModelError as error:
            return (Problem("候选", "", f"模型没有答复，候选下次再找：{error.message}", lost=False),)
        left = tally.left + tally.failed
        remark = f"还有 {left} 条条款未请模型看，下次导入或运行 assistant ledger candidates find 时接着看"
        return (Problem("候选", "", remark, lost=False),) if left else ()
