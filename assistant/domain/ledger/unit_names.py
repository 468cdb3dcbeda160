"""The names of units that a ledger uses: which of them the registry knows, and what the others may stand for.

For the review that makes the registry grow (``assistant ledger units``): a name that nothing resolves stays as written
and is listed with how often and where it stands and with the registry names nearest to it. Names that may mean one
body (化工园区 and 化工园区管委会) are shown beside each other and never merged; a name that was no longer in use in the
year of its document is pointed out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

from assistant.domain.ledger.commitments import Entry
from assistant.domain.units.names import is_regular, same_unit
from assistant.domain.units.registry import bodies, listed

Known = Literal["listed", "regular", "unknown"]

_NEAREST = 3  # names shown beside an unknown one
_LIKE = 0.6  # how alike they are at least (difflib's ratio)
_LEAST = 3  # characters that a name inside another has at least
_SHOWN = 5  # commitments named as places


@dataclass(frozen=True, slots=True)
class UsedName:
    """A name as documents write it.

    ``known``: listed in the registry, regular (place, level, function and suffix: 市教育局), or unknown. ``body`` is
    the registry's name of a listed one. ``places`` are the ids of the first commitments with it.
    """

    name: str
    count: int
    documents: int
    places: tuple[str, ...]
    known: Known
    body: str | None = None
    nearest: tuple[str, ...] = ()
    possible_same: tuple[str, ...] = ()
    remark: str = ""


def used_names(entries: Iterable[Entry]) -> list[UsedName]:
    """Every name of the entries' units, unknown ones first, the most used first among them."""
    where: dict[str, list[Entry]] = {}
    for entry in entries:
        for name in dict.fromkeys((*entry.leads_known, *entry.cooperating_known, *entry.helps)):
            where.setdefault(name, []).append(entry)
    registry = [name for body in bodies() for name in body.names]
    found = [_used(name, there, registry, where) for name, there in where.items()]
    return sorted(found, key=lambda n: (n.known != "unknown", -n.count, n.name))


def _used(name: str, there: list[Entry], registry: list[str], others: Iterable[str]) -> UsedName:
    body = listed(name)
    known: Known = "listed" if body else "regular" if is_regular(name) else "unknown"
    near = get_close_matches(name, [*registry, *(o for o in others if o != name)], _NEAREST, _LIKE)
    # A name inside another (化工园区, 化工园区管委会) may mean its body; only the office can say so.
    beside = [o for o in others if o != name and (name in o or o in name) and min(len(o), len(name)) >= _LEAST]
    possible = (*(body.possible_same if body else ()), *(o for o in beside if not same_unit(o, name)))
    years = sorted({int(e.dated[:4]) for e in there if e.dated and e.dated[:4].isdigit()})
    late = [year for year in years if body and not body.in_use(year)]
    became = f"，职责由{body.became}承担" if body and body.became else ""
    return UsedName(
        name,
        len(there),
        len({e.document_id for e in there}),
        tuple(e.id for e in there[:_SHOWN]),
        known,
        body.name if body else None,
        tuple(dict.fromkeys(near)) if known == "unknown" else (),
        tuple(dict.fromkeys(possible)),
        f"{late[0]}年的文件使用了这一名称，名录所载使用年份不含该年{became}" if late else "",
    )
