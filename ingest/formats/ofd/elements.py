"""Elements by their local names: writers disagree about the namespace of OFD, and some leave it out."""

from __future__ import annotations

import math
from collections.abc import Iterator

from lxml import etree

_MOST_NUMBERS = 64  # in an attribute that is no list of deltas


def name_of(element: etree._Element) -> str:
    """The name without namespace and without a prefix that nobody declared; "" for what is no element."""
    tag = element.tag
    return tag.rpartition("}")[2].rpartition(":")[2] if isinstance(tag, str) else ""


def children(element: etree._Element, *names: str) -> Iterator[etree._Element]:
    return (child for child in element if name_of(child) in names)


def descendants(element: etree._Element, name: str) -> Iterator[etree._Element]:
    return (below for below in element.iter() if name_of(below) == name)


def text_of(element: etree._Element) -> str:
    return (element.text or "").strip()


def number(written: str | None, default: float) -> float:
    """A finite number of a reasonable size, else the default: what is placed by it is text all the same."""
    try:
        value = float(written) if written is not None else default
    except ValueError:
        return default
    return value if math.isfinite(value) and abs(value) < 1e6 else default


def numbers(written: str | None, count: int) -> list[float] | None:
    """Exactly ``count`` numbers (ST_Box, CTM), else None."""
    parts = (written or "").replace(",", " ").split(None, _MOST_NUMBERS)
    if len(parts) < count:
        return None
    return [number(part, 0.0) for part in parts[:count]]
