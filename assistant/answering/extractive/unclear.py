"""A question for 它 or 这件事 that no turn before explains is asked back: every duty of the library would answer it."""

from __future__ import annotations

import re

from assistant.answering.retrieval.reading import Reading
from assistant.answering.statements import Composition, Statement
from assistant.answering.understanding.intents import Intent
from assistant.domain.dialogue import Verdict

_OF_A_MATTER = frozenset({Intent.LEAD, Intent.COOPERATION, Intent.DEADLINE, Intent.EVENT_DATE, Intent.PROGRESS})
_POINTS = re.compile(
    "^(?:请问|那么?|还有)?(?P<what>它们?|(?:[这那此该](?:一|几)?(?:个|项|件|些)?(?:任务|工作|事项?|事情|项目)?)|上面(?:那个|那项|的)?|前面(?:那个|那项|的)?)"
    "(?=由?(?:谁|哪|啥|什么|何|几|多久)|归|是|的?(?:牵头|配合|负责|责任|时限|进展|完成|现在|目前|落实|启动|办|建))"
)
_NOTHING = re.compile(r"\s|它们?|[这那此该]|[一几个项件些]|任务|工作|事[项情]?|项目")  # says nothing of the matter


def unclear(reading: Reading) -> Composition | None:
    """What to name, where a question only points; None for a question that names anything of its own."""
    question, match = reading.question, _POINTS.match(reading.question.text)
    if match is None or question.intent not in _OF_A_MATTER or reading.scope.documents is not None:
        return None
    words = _NOTHING.sub("", question.object)
    if question.units or question.clauses or len(words) > 1 or not match["what"].strip("那"):
        return None
    asked = f"问题里的“{match['what']}”没有说明指哪件事。请写明是哪项任务、哪个单位或哪份文件，再问一次。"
    return Composition(Verdict.CLARIFY, (Statement(asked),))
