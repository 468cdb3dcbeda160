"""Clause references of a question (第二十项, 第五条, 三（二）) found in a document."""

from __future__ import annotations

import re

from assistant.domain.language.numerals import parse_numeral
from assistant.domain.language.text import fold
from assistant.domain.policy import Clause, Document

_ORDINAL = re.compile("^第([〇零一二三四五六七八九十百0-9]+)([条章项款节点]|部分)$")
_BRACKETED = re.compile(r"\([一二三四五六七八九十]+\)")
_COMPOUND = re.compile("^[一二三四五六七八九十]")
_LABEL_NUMBER = re.compile("[〇零一二三四五六七八九十百0-9]+")


def addressed(document: Document, references: tuple[str, ...]) -> frozenset[str]:
    """Ids of the clauses that the references name, with all below them; empty where the document has none such."""
    found: set[str] = set()
    for reference in references:
        roots = {c.id for c in _named(document, reference, found)}
        # 第二部分第3项: the later reference is looked for inside the earlier one.
        found = _with_descendants(document, roots) if roots else found
    return frozenset(found)


def _with_descendants(document: Document, roots: set[str]) -> set[str]:
    found = set(roots)
    for clause in document.clauses:  # in text order: a parent comes before its children
        if clause.parent_id in found:
            found.add(clause.id)
    return found


def _named(document: Document, reference: str, within: set[str]) -> list[Clause]:
    clauses = [c for c in document.clauses if not within or c.id in within]
    bracketed = _BRACKETED.search(fold(reference))
    wanted = bracketed.group() if bracketed and not _COMPOUND.match(reference) else fold(reference)
    exact = [c for c in clauses if fold(c.path) == wanted or (c.label and fold(c.label) == wanted)]
    if exact:
        return exact
    match = _ORDINAL.match(reference)
    number = parse_numeral(match.group(1)) if match else None
    if match is None or number is None:
        return []
    if match.group(2) in ("条", "章", "节"):
        return []  # such clauses bear their own marker, which has been looked for
    # 第二十项: the clause of that running number; 第二部分: the top clause of that number.
    level = 1 if match.group(2) == "部分" else None
    numbered = [c for c in clauses if c.label and _number(c.label) == number]
    of_level = [c for c in numbered if level is None or c.level == level]
    return of_level if len(of_level) == 1 else [c for c in of_level if c.level == 1][:1]


def _number(label: str) -> int | None:
    match = _LABEL_NUMBER.search(fold(label))
    return parse_numeral(match.group()) if match else None
