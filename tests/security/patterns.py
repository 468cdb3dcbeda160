"""Every regular expression of the product, found by itself, and texts made to break each of them.

A pattern is found where a module holds it (also in tuples, tables and values of our own types), and where a function
compiles or uses one in passing. A text to break it is made of the pattern's own parts: what stands before a repetition,
then what the repetition takes, a hundred thousand times, then something that fits nowhere.
"""

from __future__ import annotations

import ast
import importlib
import importlib.util
import pkgutil
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from functools import lru_cache
from pathlib import Path
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from types import ModuleType
from typing import Any

PACKAGES = ("assistant", "ingest")
#: Started as programs or by alembic: importing them would run them.
_PROGRAMS = re.compile(r"__main__$|\.migrations\.")
_FUNCTIONS = frozenset("compile match search fullmatch sub subn split findall finditer".split())
#: What a value that is known only while running stands for.
_STANDS_FOR = "丙丁"


@dataclass(frozen=True, slots=True)
class Found:
    """A pattern and where it stands."""

    pattern: re.Pattern[str]
    place: str
    anchored: bool = False  # only ever tried at one place of the text, never searched for

    def __str__(self) -> str:
        return f"{self.place}: {self.pattern.pattern[:80]!r}"


def modules() -> Iterator[ModuleType]:
    """Every module of the product that can be imported here."""
    for package in PACKAGES:
        top = importlib.import_module(package)
        yield top
        for info in pkgutil.walk_packages(top.__path__, f"{package}."):
            if not _PROGRAMS.search(info.name):
                yield importlib.import_module(info.name)


def held(value: object, depth: int = 6) -> Iterator[re.Pattern[str]]:
    """The patterns that a value holds, however deep in collections and in values of our own types."""
    if isinstance(value, re.Pattern):
        if isinstance(value.pattern, str):
            yield value
    elif depth and isinstance(value, dict):
        for pair in value.items():
            yield from held(pair, depth - 1)
    elif depth and isinstance(value, (tuple, list, set, frozenset)):
        for part in value:
            yield from held(part, depth - 1)
    elif depth and is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from held(getattr(value, field.name, None), depth - 1)


def in_passing(module: ModuleType) -> Iterator[tuple[int, str, int, bool]]:
    """(line, pattern, flags, anchored) of every call of ``re`` in a module's source."""
    if not module.__file__:
        return
    tree = ast.parse(Path(module.__file__).read_text("utf-8"))
    named = {id(node.value) for node in tree.body if isinstance(node, ast.Assign)}  # found by its name
    for node in ast.walk(tree):
        if id(node) in named:
            continue
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args):
            continue
        of = node.func.value
        if not (isinstance(of, ast.Name) and of.id == "re" and node.func.attr in _FUNCTIONS):
            continue
        pattern = evaluated(node.args[0], module)
        if pattern is None:
            continue
        flags = 0
        place = {"compile": 1, "match": 2, "search": 2, "fullmatch": 2, "findall": 2, "finditer": 2}.get(node.func.attr)
        said = [keyword.value for keyword in node.keywords if keyword.arg == "flags"]
        if place is not None and len(node.args) > place:
            said.append(node.args[place])
        for flag in said:
            flags |= int(eval(compile(ast.Expression(flag), "flags", "eval"), {"re": re}))  # our own source
        yield node.lineno, pattern, flags, node.func.attr in ("match", "fullmatch")


def evaluated(node: ast.expr, module: ModuleType) -> str | None:
    """A pattern's text, with a plain word where something is filled in that only running tells; None if all of it."""
    try:
        value = eval(compile(ast.Expression(node), "pattern", "eval"), vars(module))  # our own source
        return value if isinstance(value, str) else None
    except Exception:
        pass
    if isinstance(node, ast.JoinedStr):
        parts = []
        for part in node.values:
            if isinstance(part, ast.Constant):
                parts.append(str(part.value))
            elif isinstance(part, ast.FormattedValue):
                parts.append(evaluated(part.value, module) or _STANDS_FOR)
        return "".join(parts)
    return None


@lru_cache(1)
def patterns() -> tuple[Found, ...]:
    """Every pattern of the product, each once."""
    found: dict[tuple[str, int], Found] = {}
    for module in modules():
        anchored = only_anchored(module)
        for name, value in sorted(vars(module).items()):
            for pattern in held(value):
                one_place = name in anchored and isinstance(value, re.Pattern)
                _add(found, pattern, f"{module.__name__}.{name}", one_place)
        for line, text, flags, one_place in in_passing(module):
            _add(found, re.compile(text, flags), f"{module.__name__}:{line}", one_place)
    return tuple(found.values())


def _add(found: dict[tuple[str, int], Found], pattern: re.Pattern[str], place: str, anchored: bool) -> None:
    known = found.get((pattern.pattern, pattern.flags))
    if known is None or known.anchored > anchored:  # once searched for is enough
        found[pattern.pattern, pattern.flags] = Found(pattern, place, anchored)


def only_anchored(module: ModuleType) -> frozenset[str]:
    """Names of a module's own patterns that are only ever asked whether they match here, nowhere searched for."""
    if not module.__file__:
        return frozenset()
    tree = ast.parse(Path(module.__file__).read_text("utf-8"))
    uses: dict[str, set[str]] = {}
    receivers = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            uses.setdefault(node.value.id, set()).add(node.attr)
            receivers.add(node.value)
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node not in receivers:
            uses.setdefault(node.id, set()).add("")
    return frozenset(name for name, how in uses.items() if name[0] == "_" and how <= {"match", "fullmatch"})


# -- texts -----------------------------------------------------------------------------------------------------------

#: One of each kind of character that patterns tell apart.
_ALPHABET = "一甲市由第号年月日3Ａa A\n\t　，。、；：:,.;（(）)〔《》“”—-_/@#%*[]{}|\\\"'<>&=+～·①０x\x00"
_NOWHERE = "\ue000"  # a private character that no pattern names


def sample(parsed: Any, flags: int, limit: int = 3) -> str:
    """A short text that a part of a pattern takes; without regard to what stands around it."""
    out = []
    for op, value in parsed:
        out.append(_one(op, value, flags, limit))
    return "".join(out)


def _one(op: Any, value: Any, flags: int, limit: int) -> str:
    if op is sre.LITERAL:
        return chr(value)
    if op is sre.NOT_LITERAL:
        return "甲" if chr(value) != "甲" else "乙"
    if op is sre.ANY:
        return "甲"
    if op is sre.IN:
        return _of_class(value)[0]
    if op is sre.BRANCH:
        return sample(value[1][0], flags, limit)
    if op is sre.SUBPATTERN:
        return sample(value[3], flags, limit)
    if op in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
        low, high, body = value
        return sample(body, flags, limit) * max(low, min(1, high))
    if op is sre.ATOMIC_GROUP:
        return sample(value, flags, limit)
    return ""


def _of_class(items: Any) -> str:
    """Characters of the alphabet that a class takes, else its first own."""
    test = _class_pattern(items)
    taken = [c for c in _ALPHABET if test(c)]
    if not taken:
        for op, value in items:
            if op is sre.LITERAL:
                taken.append(chr(value))
            elif op is sre.RANGE:
                taken.append(chr(value[0]))
    return "".join(taken) or "甲"


def _class_pattern(items: Any) -> Any:
    negate = bool(items) and items[0][0] is sre.NEGATE

    def test(character: str) -> bool:
        code, inside = ord(character), False
        for op, value in items:
            if op is sre.LITERAL:
                inside |= code == value
            elif op is sre.RANGE:
                inside |= value[0] <= code <= value[1]
            elif op is sre.CATEGORY:
                inside |= bool(_CATEGORIES[value].fullmatch(character)) if value in _CATEGORIES else False
        return inside != negate

    return test


_CATEGORIES = {
    sre.CATEGORY_DIGIT: re.compile(r"\d"),
    sre.CATEGORY_NOT_DIGIT: re.compile(r"\D"),
    sre.CATEGORY_SPACE: re.compile(r"\s"),
    sre.CATEGORY_NOT_SPACE: re.compile(r"\S"),
    sre.CATEGORY_WORD: re.compile(r"\w"),
    sre.CATEGORY_NOT_WORD: re.compile(r"\W"),
}


def seeds(pattern: re.Pattern[str]) -> list[tuple[str, str]]:
    """(start, pump) pairs of a pattern, each once: the pump is to be repeated behind the start."""
    parsed = parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG)
    found: dict[tuple[str, str], None] = {}
    _walk(list(parsed), "", pattern.flags, found)
    whole = sample(parsed, pattern.flags)
    for size in (len(whole), max(1, len(whole) // 2), max(0, len(whole) - 1), 1):
        if whole[:size]:
            found["", whole[:size]] = None
    return list(found)


def _walk(parts: Iterable[Any], before: str, flags: int, found: dict[tuple[str, str], None]) -> None:
    for op, value in parts:
        if op in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            _low, high, body = value
            if high is sre.MAXREPEAT or high > 8:
                for pump in _pumps(body, flags):
                    found[before, pump] = None
                    found["", pump] = None
                    if before:
                        found["", before + pump] = None
                if before:
                    found["", before] = None
            _walk(list(body), before, flags, found)
        elif op is sre.SUBPATTERN:
            _walk(list(value[3]), before, flags, found)
        elif op is sre.ATOMIC_GROUP:
            _walk(list(value), before, flags, found)
        elif op is sre.BRANCH:
            for branch in value[1]:
                _walk(list(branch), before, flags, found)
        elif op in (sre.ASSERT, sre.ASSERT_NOT):
            _walk(list(value[1]), before, flags, found)
        before = (before + _one(op, value, flags, 3))[-40:]


def _pumps(body: Any, flags: int) -> list[str]:
    """What a repetition may take: one of each kind of character that it lets through, or its sample."""
    parts = list(body)
    if len(parts) == 1:
        op, value = parts[0]
        if op is sre.IN:
            return list(_of_class(value))[:6]
        if op is sre.ANY:
            return ["甲", " ", "a", "1"]
        if op is sre.NOT_LITERAL:
            return [c for c in ("甲", " ", "a", "1") if ord(c) != value]
    made = sample(body, flags)
    return [made] if made else []


def shapes(pattern: re.Pattern[str]) -> Iterator[tuple[str, str, str]]:
    """(start, pump, end) of texts made to break the pattern: all goes well for long, and then nothing fits."""
    for start, pump in seeds(pattern):
        yield start, pump, _NOWHERE
