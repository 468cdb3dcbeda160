"""What a model replies, as offers: the form that it is asked for, and reading it where it keeps to it loosely.

An endpoint that can hold its model to a JSON schema is given :data:`SCHEMA`. Others write around their JSON, wrap it in
a fence, break off, or name lists as texts: every whole object that has a quote is taken, nothing is guessed beyond.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from assistant.domain.ledger.candidates import Offer

MOST_OFFERS = 8
"""Offers taken of one reply; a piece of a clause has no more sentences that matter."""

# No longest lengths: engines that make a grammar of the schema take minutes over them. The reply is bounded as a whole.
_TEXT = {"type": "string"}
_NAMES = {"type": "array", "items": _TEXT}
_FIELDS: Mapping[str, Mapping[str, Any]] = {
    "quote": _TEXT,
    "lead_units": _NAMES,
    "cooperating_units": _NAMES,
    "role": _TEXT,
    "task": _TEXT,
    "deadline": _TEXT,
}
SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "properties": {
        "commitments": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": dict(_FIELDS),
                "required": list(_FIELDS),
                "additionalProperties": False,
            },
        }
    },
    "required": ["commitments"],
    "additionalProperties": False,
}

_LONGEST = 20_000  # characters of a reply that are read
_OPENS = re.compile(r"[{\[]")
_BETWEEN = re.compile("[、，,；;\n]+")
_NOTHING = {"", "无", "null", "none", "未写明", "未载明", "没有"}


def offers_in(reply: str) -> tuple[Offer, ...] | None:
    """The offers of a reply, in its order; None where it has neither an offer nor says that there is none."""
    found: list[Offer] = []
    understood = False
    for value in _values(reply[:_LONGEST]):
        understood = understood or isinstance(value, list) or (isinstance(value, dict) and "commitments" in value)
        found += map(_offer, _items(value))
    return tuple(dict.fromkeys(found))[:MOST_OFFERS] if found or understood else None


def _values(reply: str) -> Iterator[Any]:
    """The JSON objects and lists in a text, the outermost ones that are whole."""
    decoder = json.JSONDecoder()
    position = 0
    while match := _OPENS.search(reply, position):
        try:
            value, position = decoder.raw_decode(reply, match.start())
        except (ValueError, RecursionError):
            position = match.start() + 1
            continue
        yield value


def _items(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict) and isinstance(value.get("quote"), str):
        yield value
        return
    listed = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for inner in listed:
        for item in inner if isinstance(inner, list) else [inner]:
            if isinstance(item, dict) and isinstance(item.get("quote"), str):
                yield item


def _offer(item: dict[str, Any]) -> Offer:
    return Offer(
        quote=item["quote"],
        lead_units=_names(item.get("lead_units")),
        cooperating_units=_names(item.get("cooperating_units")),
        task=_text(item.get("task")),
        role=_text(item.get("role")),
        deadline=_text(item.get("deadline")),
    )


def _names(value: Any) -> tuple[str, ...]:
    parts = _BETWEEN.split(value) if isinstance(value, str) else value if isinstance(value, list) else []
    return tuple(dict.fromkeys(name for part in parts if (name := _text(part))))


def _text(value: Any) -> str:
    said = value.strip() if isinstance(value, str) else ""
    return "" if said.lower() in _NOTHING else said
