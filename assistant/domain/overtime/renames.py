"""Bodies under other names: renamed by a document, become another by the reform of institutions, possibly the same.

Two sources: what the held documents say (甲更名为乙) and the registry (``became``, the years of a name's use,
``possible_same``). A body that is possibly another is never taken for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from assistant.domain.overtime.mentions import Told
from assistant.domain.units.names import same_unit
from assistant.domain.units.registry import listed


@dataclass(frozen=True, slots=True)
class Successor:
    """What a body is called now, with the ground in words."""

    name: str
    reason: str


class Renames:
    """Which names mean one body over time; built from the documents' own statements."""

    def __init__(self, told: Iterable[Told] = ()) -> None:
        self._said: list[tuple[str, str, str]] = []
        for t in sorted(told, key=lambda t: (t.dated or "9999", t.document_id)):
            for r in t.renamed:
                self._said.append((r.was, r.now, t.number or t.title))

    def successor(self, unit: str) -> Successor | None:
        """What became of a body; None where nothing says that it did. Chains are followed to their end."""
        found: Successor | None = None
        seen = {unit}
        while (step := self._next(found.name if found else unit)) and step.name not in seen:
            seen.add(step.name)
            found = step
        return found

    def same(self, left: str, right: str) -> bool:
        """Whether two names are one body, at one time or one after the other."""
        if same_unit(left, right):
            return True
        one, two = self.successor(left), self.successor(right)
        now = (one.name if one else left, two.name if two else right)
        return (one is not None or two is not None) and same_unit(*now)

    def same_all(self, left: Iterable[str], right: Iterable[str]) -> bool:
        """Whether two lists name the same bodies."""
        one, two = list(left), list(right)
        return (
            len(one) == len(two) > 0
            and all(any(self.same(a, b) for b in two) for a in one)
            and all(any(self.same(a, b) for a in one) for b in two)
        )

    def possible(self, left: Iterable[str], right: Iterable[str]) -> bool:
        """Whether two lists may name the same bodies: each name is the same as, or possibly, one of the others."""
        one, two = list(left), list(right)
        return len(one) == len(two) > 0 and all(any(self.same(a, b) or possible_same(a, b) for b in two) for a in one)

    def _next(self, unit: str) -> Successor | None:
        for was, now, source in self._said:
            if same_unit(unit, was) and not same_unit(was, now):
                return Successor(now, f"{source}写明更名")
        body = listed(unit)
        if body and body.became:
            year = f"{body.valid_to}年" if body.valid_to else ""
            return Successor(body.became, f"{year}机构改革后为{body.became}")
        return None


def possible_same(left: str, right: str) -> bool:
    """Whether two names are possibly one body: the registry says so, or one is the other's 管委会."""
    for one, two in ((left, right), (right, left)):
        body = listed(one)
        if body and two in body.possible_same:
            return True
        if two.removesuffix("管委会").removesuffix("管理委员会") == one and two != one:
            return True
    return False


def out_of_use(unit: str, year: int) -> str | None:
    """A remark where a listed name was not in use in the year of its document; None where nothing is wrong."""
    body = listed(unit)
    if body is None or body.in_use(year):
        return None
    if body.valid_to and year > body.valid_to:
        now = f"，其后为{body.became}" if body.became else ""
        return f"“{unit}”的名称用至{body.valid_to}年{now}"
    return f"“{unit}”的名称自{body.valid_from}年起使用"
