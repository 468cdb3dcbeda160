"""Bodies that a question names by a short form of its own (江职院, 恒川), told by the names that the ledger has.

Offices shorten names as they like; no table can hold them all. A short form keeps the first character and the order of
the others; it ends with the name's last character, or is how the name begins.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_ROLE = "牵头|主办|承担|负责|配合|协办|参与|参加|会办"
_ASKED = "哪|几|多少|什么|啥|的?(?:事|任务|工作|活)"
# 江职院2026年牵头几项任务: a subject at the beginning, its role, and what is asked.
_SUBJECT = re.compile(
    f"^(?:请问|那么?|查一?下|看一?下|我想知道)?(?P<name>[一-鿿]{{2,8}}?)(?:(?:在|从|到)?[0-9]{{4}}年[度底]?|今年|去年|明年|本年)?"
    f"(?:都|要|还|又|具体|主要|一共|总共|需要)*(?:{_ROLE})(?:的|了|过)?(?:{_ASKED})"
)
_NO_NAME = re.compile("谁|哪|什么|啥|单位|部门|任务|项目|工作|[一二三两几]家|现在|目前|如今|今年|去年|明年")


def subject_of(question: str) -> str:
    """The body that a question for its duties opens with (江职院2026年牵头几项); empty for other questions."""
    match = _SUBJECT.match(question)
    return "" if match is None or _NO_NAME.search(match["name"]) else match["name"]


def spelled_out(question: str, units: Iterable[str]) -> tuple[str, str] | None:
    """The short form that a question's subject is and the one unit that it can mean; None where none or several fit.

    ``units`` are the names of the ledger; a subject that is one of them, or part of one, needs no telling.
    """
    short, names = subject_of(question), list(dict.fromkeys(units))
    if not short or short in names:
        return None
    fitting = [name for name in names if is_short_of(short, name)]
    return (short, fitting[0]) if len(fitting) == 1 else None


def is_short_of(short: str, name: str) -> bool:
    """Whether ``short`` can stand for ``name``: 江职院 for 江城职业技术学院, 恒川 for 恒川机械有限公司."""
    if len(short) < 2 or len(short) >= len(name) or short[0] != name[0]:
        return False
    return name.startswith(short) or (short[-1] == name[-1] and _in_order(short, name))


def _in_order(short: str, name: str) -> bool:
    rest = iter(name)
    return all(character in rest for character in short)  # each is looked for behind the one before
