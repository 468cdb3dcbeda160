"""Clause references of a question (第二十项, 第五条第二款第（三）项, 三（二）) found in a document."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from assistant.domain.language.numerals import parse_numeral
from assistant.domain.language.text import fold
from assistant.domain.policy import Clause, Document

_ORDINAL = re.compile("^第([〇零一二三四五六七八九十百0-9]+)([条章项款节点编目]|部分)(?:之([一二三四五六七八九十]))?$")
_BRACKETED = re.compile(r"\([一二三四五六七八九十]+\)")
_COMPOUND = re.compile("^[一二三四五六七八九十]")
_LABEL_NUMBER = re.compile("[〇零一二三四五六七八九十百0-9]+")
#: Parts of a document from the highest down (立法法: 编、章、节、条、款、项、目); a lower one is looked for inside a
#: higher one.
_RANKS = {"部分": 0, "编": 0, "章": 1, "节": 2, "条": 3, "款": 4, "项": 5, "点": 5, "目": 6}
_OWN_MARKER = ("编", "章", "节", "条")  # such clauses bear their own marker; others may be meant by their number
_ITEM = 5


@dataclass(frozen=True, slots=True)
class _Found:
    """What a reference was found to name: its rank, the clauses, and with all below them."""

    rank: int
    roots: frozenset[str]
    within: frozenset[str]


def addressed(document: Document, references: tuple[str, ...]) -> frozenset[str]:
    """Ids of the clauses that the references name, with all below them; empty where the document has none such.

    第二部分第3项, 第五条第二款: the lower part is looked for inside the higher one before it; 第三条和第五条, 第二款和
    第三款 are both. A reference that is not found inside leaves what is around it.
    """
    named: set[str] = set()
    around: list[_Found] = []
    missed = False
    for reference in references:
        rank = _rank(reference)
        while around and around[-1].rank >= rank:
            closed = around.pop()
            if closed.rank == rank:
                named |= closed.within
        if missed and rank > _RANKS["条"] and not around:
            continue  # 第三条第二款 where there is no 第三条
        within = around[-1].within if around else frozenset(c.id for c in document.clauses)
        roots = _named(document, reference, within, inside=bool(around))
        missed = not roots
        if roots:
            ids = frozenset(c.id for c in roots)
            first = rank == _RANKS["款"] and any(c.label for c in roots)
            around.append(_Found(rank, ids, _with_descendants(document, ids, first=first)))
    return frozenset(named | (around[-1].within if around else set()))


def _rank(reference: str) -> int:
    match = _ORDINAL.match(reference)
    unit = match[2] if match else reference[-1:]
    if reference.startswith("附件"):
        return -1
    return _RANKS.get(unit, _ITEM)


def _with_descendants(document: Document, roots: Collection[str], *, first: bool = False) -> frozenset[str]:
    """``first``: of an article its first 款 alone, without the others, which stand below it in the tree."""
    found = set(roots)
    for clause in document.clauses:  # in text order: a parent comes before its children
        if clause.parent_id in found and not (first and clause.is_paragraph and clause.parent_id in roots):
            found.add(clause.id)
    return frozenset(found)


def _named(document: Document, reference: str, within: Collection[str], *, inside: bool) -> Sequence[Clause]:
    clauses = [c for c in document.clauses if c.id in within]
    bracketed = _BRACKETED.search(fold(reference))
    wanted = bracketed.group() if bracketed and not _COMPOUND.match(reference) else fold(reference)
    exact = [c for c in clauses if fold(c.path) == wanted or (c.label and fold(c.label) == wanted)]
    if exact:
        return exact
    match = _ORDINAL.match(reference)
    number = parse_numeral(match.group(1)) if match else None
    if match is None or number is None:
        return []
    unit = match.group(2)
    if unit in _OWN_MARKER:
        return [c for c in clauses if _same_marker(c, number, unit, match.group(3))]
    if unit == "款" and inside and any(_same_marker(c, None, "条", None) for c in clauses):
        return _paragraph(clauses, number)
    # 第二十项: the clause of that running number; 第二部分: the top clause of that number.
    level = 1 if unit == "部分" else None
    numbered = [c for c in clauses if c.label and _number(c.label) == number and not _same_marker(c, None, "条", None)]
    of_level = [c for c in numbered if level is None or c.level == level]
    return of_level if len(of_level) == 1 else [c for c in of_level if c.level == 1][:1]


def _same_marker(clause: Clause, number: int | None, unit: str, behind: str | None) -> bool:
    """Whether a clause bears such a marker: 第3条 is 第三条, and is not 第三条之一."""
    match = _ORDINAL.match("".join(fold(clause.label).split()))
    if match is None or match.group(2) != unit:
        return False
    return number is None or (parse_numeral(match.group(1)) == number and match.group(3) == behind)


def _paragraph(clauses: Sequence[Clause], number: int) -> list[Clause]:
    """The 款 of that number of the articles among the clauses; an article of one paragraph has that alone."""
    if number == 1:
        return [c for c in clauses if _same_marker(c, None, "条", None)]
    return [c for c in clauses if c.paragraph and parse_numeral(c.paragraph) == number]


def _number(label: str) -> int | None:
    match = _LABEL_NUMBER.search(fold(label))
    return parse_numeral(match.group()) if match else None
