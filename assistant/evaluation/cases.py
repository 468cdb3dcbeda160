"""Question files: one JSON object a line, in three forms that become one :class:`Case`.

Our own form
    ``id, category, turns`` (questions of one conversation; the last is graded), ``quotes`` (gold clauses),
    ``must`` (texts; alternatives joined by ``|``), ``must_not`` (texts, or ``re:PATTERN``), ``verdict``
    (alternatives joined by ``|``), ``opens`` (texts of the first cited line, like ``must``), ``count`` (how many the
    list has to hold; with ``unit``, rows that name it count too), ``also`` (the other clauses that are right
    to cite, judged by a person; absent where nobody judged), ``note``.
The contract's seed form
    ``id, cat, q, scope, quotes, must_not``. With scope ``none`` or ``cross`` the documents do not hold the answer:
    its quotes are not asked for and the verdict must be honest.
The contract's check form
    ``id, cat, q, all, any, not, quote, count, units, verdict``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from assistant.domain.dialogue import Verdict
from assistant.errors import BadRequest
from assistant.evaluation.case import Case

# Verdicts that own up to a gap; ``partial`` says that something is not stated.
HONEST = frozenset(v.value for v in Verdict if v is not Verdict.ANSWERED)


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True)


class _OwnRow(_Row):
    id: str
    category: str
    turns: list[str]
    quotes: list[str] = []
    must: list[str] = []
    must_not: list[str] = []
    verdict: str | None = None
    opens: list[str] = []
    count: int | None = None
    unit: str | None = None
    also: list[str] | None = None
    note: str = ""

    @field_validator("turns")
    @classmethod
    def _asks_something(cls, turns: list[str]) -> list[str]:
        if not turns:
            raise ValueError("at least one turn is needed")
        return turns

    @field_validator("verdict")
    @classmethod
    def _known(cls, verdict: str | None) -> str | None:
        unknown = set((verdict or "answered").split("|")) - {v.value for v in Verdict}
        if unknown:
            raise ValueError(f"no such verdict: {'、'.join(sorted(unknown))}")
        return verdict

    def case(self) -> Case:
        return Case(
            id=self.id,
            category=self.category,
            turns=tuple(self.turns),
            quotes=tuple(self.quotes),
            must=_alternatives(self.must),
            must_not=tuple(self.must_not),
            verdicts=frozenset(self.verdict.split("|")) if self.verdict else frozenset(),
            opens=_alternatives(self.opens),
            count=self.count,
            unit=self.unit,
            also=None if self.also is None else tuple(self.also),
        )


class _ContractRow(_Row):
    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)

    id: str
    cat: str
    q: str | list[str]

    @property
    def turns(self) -> tuple[str, ...]:
        return (self.q,) if isinstance(self.q, str) else tuple(self.q)


class _SeedRow(_ContractRow):
    scope: str
    quotes: list[str] = []
    must_not: list[str] = []

    def case(self) -> Case:
        unanswerable = self.scope in ("none", "cross")
        return Case(
            id=self.id,
            category=self.cat,
            turns=self.turns,
            quotes=() if unanswerable else tuple(self.quotes),
            must_not=tuple(self.must_not),
            verdicts=HONEST if unanswerable else frozenset(),
        )


class _CheckRow(_ContractRow):
    all: list[str] = []
    any: list[str] = []
    not_: list[str] = []
    quote: str | None = None
    count: int | None = None
    units: list[str] = []
    verdict: str | None = None

    def case(self) -> Case:
        must = _alternatives(self.all)
        if self.any:
            must = (*must, tuple(self.any))
        verdicts = frozenset(self.verdict.split("|")) if self.verdict else frozenset[str]()
        return Case(
            id=self.id,
            category=self.cat,
            turns=self.turns,
            quotes=(self.quote,) if self.quote else (),
            must=must,
            must_not=tuple(self.not_),
            verdicts=verdicts | HONEST if Verdict.NOT_STATED.value in verdicts else verdicts,
            count=self.count,
            unit=self.units[0] if self.count and self.units else None,
        )


def read_cases(path: Path) -> list[Case]:
    """The cases of one file.

    Raises :class:`~assistant.errors.BadRequest` naming file and line where a row has none of the three forms, where
    an id occurs twice, or where a pattern does not compile.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadRequest(f"读不了题目文件 {path}：{error}", "题目文件应为 UTF-8 的 jsonl。") from error
    cases = [_parse(line, f"{path}:{number}") for number, line in enumerate(lines, start=1) if line.strip()]
    _refuse_repeated((case.id for case in cases), path)
    return cases


def parse_row(row: dict[str, Any]) -> Case:
    """One row in whichever of the three forms it has. Raises ``ValueError`` (pydantic's) where it has none."""
    if "turns" in row:
        case = _OwnRow.model_validate(row).case()
    elif "scope" in row:
        case = _SeedRow.model_validate(row).case()
    else:
        case = _CheckRow.model_validate({**row, "not_": row.get("not", [])}).case()
    for pattern in case.must_not:
        if pattern.startswith("re:"):
            re.compile(pattern[3:])
    return case


def _parse(line: str, place: str) -> Case:
    try:
        return parse_row(json.loads(line))
    except ValidationError as error:
        first = error.errors()[0]
        reason = f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
    except (ValueError, re.error, TypeError) as error:
        reason = str(error)
    raise BadRequest(f"题目有误 {place}：{reason}", "题目的三种写法见 assistant/evaluation/cases.py。")


def _alternatives(texts: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(text.split("|")) for text in texts)


def _refuse_repeated(ids: Iterable[str], path: Path) -> None:
    seen: set[str] = set()
    for case_id in ids:
        if case_id in seen:
            raise BadRequest(f"题目编号重复 {path}：{case_id}", "每题的 id 应当不同。")
        seen.add(case_id)
