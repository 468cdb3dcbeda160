"""The orders of a ledger's list: by one column, up or down, the documents' own order within what is alike.

Chinese texts stand by their bytes in GB 18030, in which the common characters (GB 2312, level 1) follow their sound,
as clerks know it from their tables. What has no value stands last either way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, get_args, get_type_hints

from assistant.domain.dialogue import Status
from assistant.domain.ledger.commitments import Entry

_STATES: tuple[str, ...] = get_args(get_type_hints(Status)["state"])


def _said(text: str) -> bytes | None:
    return text.encode("gb18030", errors="replace") or None


_KEYS: dict[str, Callable[[Entry], Any]] = {
    "task": lambda e: _said(e.commitment.task),
    "lead": lambda e: _said("、".join(e.leads_known)),
    "cooperating": lambda e: _said("、".join(e.cooperating_known)),
    "role": lambda e: _said(e.commitment.role),
    "due": lambda e: e.due,
    "status": lambda e: _STATES.index(e.commitment.status.state),
    "document": lambda e: _said(e.title),
}
SORTS: tuple[str, ...] = tuple(sign + column for column in _KEYS for sign in ("", "-"))
"""What a list can be sorted by; with - downwards."""


def in_order(entries: Iterable[Entry], sort: str) -> list[Entry]:
    """The entries by one of :data:`SORTS`; those that are alike stay as they stood, those without a value come last."""
    key = _KEYS[sort.removeprefix("-")]
    keyed = [(key(entry), entry) for entry in entries]
    valued = sorted((pair for pair in keyed if pair[0] is not None), key=lambda pair: pair[0], reverse=sort[0] == "-")
    return [entry for _, entry in valued] + [entry for value, entry in keyed if value is None]
