"""The registry of organisations: named bodies, functions of government, and places, read from tables.

The tables lie in ``assistant/domain/units/tables`` (bodies.csv, functions.csv, offices.csv, places.csv; each says what
its columns mean).
A local body (市教育局) is not listed: it is place, level, function and suffix, and resolves by the jurisdiction of
the document that names it. Bodies of the State and others that follow no such pattern are listed with their aliases,
the years in which the name was in use, and what they became. A name that is possibly another body is never merged.
A place adds its own bodies in a table of the same form (:func:`adopt`); they stand before those of the product.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_JOINTS = ("和", "与", "及")


@dataclass(frozen=True, slots=True)
class Body:
    """A listed body. ``valid_from`` and ``valid_to`` are years of the name's use, None where open."""

    name: str
    aliases: tuple[str, ...]
    level: str  # 国, 省, 市, 县, 园区, 社团 or 企业
    jurisdiction: str
    valid_from: int | None
    valid_to: int | None
    became: str | None
    possible_same: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The name and its aliases."""
        return (self.name, *self.aliases)

    def in_use(self, year: int) -> bool:
        """Whether the name was in use in a year; the year of a change belongs to both names."""
        return (self.valid_from or 0) <= year <= (self.valid_to or 9999)


COLUMNS = ("name", "aliases", "level", "jurisdiction", "valid_from", "valid_to", "became", "possible_same")
"""The columns of a table of bodies; only the first must be filled."""
LEVELS = ("国", "省", "市", "县", "园区", "社团", "企业")
_own: tuple[Body, ...] = ()
_turn = 0


def bodies_of(rows: Iterable[Mapping[str, str | None]]) -> tuple[Body, ...]:
    """The bodies of a table's rows, in order. Raises ValueError with the row and the column of what is wrong."""
    found: list[Body] = []
    for number, row in enumerate(rows, 2):  # as a person counts them: the head is the first
        said = {column: (row.get(column) or "").strip() for column in COLUMNS}
        fits = {
            "name": len(said["name"]) > 1,
            "level": said["level"] in ("", *LEVELS),
            "valid_from": not said["valid_from"] or said["valid_from"].isdecimal(),
            "valid_to": not said["valid_to"] or said["valid_to"].isdecimal(),
        }
        if wrong := next((column for column, right in fits.items() if not right), None):
            raise ValueError(f"第 {number} 行的 {wrong} 一栏“{said[wrong]}”不对")
        found.append(
            Body(
                said["name"],
                tuple(said["aliases"].split()),
                said["level"],
                said["jurisdiction"],
                int(said["valid_from"]) if said["valid_from"] else None,
                int(said["valid_to"]) if said["valid_to"] else None,
                said["became"] or None,
                tuple(said["possible_same"].split()),
            )
        )
    return tuple(found)


def adopt(own: Iterable[Body]) -> None:
    """Put a place's own bodies before those of the product, in place of those adopted before.

    For the composition root, once before anything is read; what was read with other bodies is not read anew by this.
    """
    global _own, _turn
    _own, _turn = tuple(own), _turn + 1
    for kept in (bodies, _by_name, joined):
        kept.cache_clear()


def adopted() -> tuple[Body, ...]:
    """The bodies that the place has added."""
    return _own


def turn() -> int:
    """How often bodies were adopted: another number, other bodies."""
    return _turn


@cache
def bodies() -> tuple[Body, ...]:
    """All listed bodies: those of the place, then those of the table in its order."""
    return (*_own, *bodies_of(_table("bodies.csv")))


@cache
def _by_name() -> dict[str, Body]:
    found: dict[str, Body] = {}
    for body in bodies():
        for name in body.names:
            found.setdefault(name, body)
    return found


def listed(name: str) -> Body | None:
    """The listed body that bears the name, or has it as an alias."""
    return _by_name().get(name)


@cache
def functions() -> dict[str, str]:
    """Each way to write a function (人力资源和社会保障), with the short form that stands for it (人社)."""
    found: dict[str, str] = {}
    for row in _table("functions.csv"):
        for written in (row["function"], *row["variants"].split()):
            found[written] = row["function"]
    return found


@cache
def offices() -> dict[str, tuple[str, ...]]:
    """The fields of inner offices (督导, 职成) by the suffixes that they bear; whole names under “-”."""
    found: dict[str, list[str]] = {}
    for row in _table("offices.csv"):
        found.setdefault(row["suffixes"], []).extend(row["words"].split())
    return {suffixes: tuple(words) for suffixes, words in found.items()}


@cache
def joined() -> tuple[str, ...]:
    """Names that hold a conjunction (文化和旅游, 中央和国家机关工委): a list is never split inside one."""
    words = {w for w in (*functions(), *_by_name()) if any(j in w[1:-1] for j in _JOINTS)}
    return tuple(sorted(words, key=lambda w: (-len(w), w)))


@cache
def places() -> frozenset[str]:
    """Names of provinces and cities, without their level."""
    return frozenset(name for row in _table("places.csv") for name in row["names"].split())


def _table(name: str) -> Iterator[dict[str, str]]:
    text = (files("assistant.domain.units") / "tables" / name).read_text(encoding="utf-8")
    yield from csv.DictReader(line for line in text.splitlines() if line and not line.startswith("#"))
