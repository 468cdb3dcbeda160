"""Follow-up questions made to stand alone, by rules over the turn before.

“那冰雪旅游的呢？” keeps what was asked and changes the object; “什么时候完成？” keeps the object and changes what is
asked; “它由谁配合” names the object by a pronoun. A question that brings its own object and its own asking word stands
alone already.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answering.understand import Intent, Understood, understand
from assistant.domain.dialogue import Turn

_PRONOUN = re.compile(
    "它们|它|该(?:项目|项|单位|任务|事项|联合体)?(?=[的由何什谁])|这(?:个|项|件|家)(?:任务|事项|工作|事|联合体|单位)?|其(?![中他它实余])"
)
_OPENING = re.compile("^(?:那么|那|然后|还有|另外|再(?:问|说|看)?|接着|请问|好的?)[，, ]*")
_AND_THIS = re.compile("(?:的)?呢[？?。]*$")


@dataclass(frozen=True, slots=True)
class Standalone:
    """A question that needs no history, and the documents that it may still point to by “这份” and the like."""

    text: str
    focus: tuple[str, ...]


def standalone(text: str, turns: Sequence[Turn]) -> Standalone:
    """The question with what it leaves out filled in from the last turn."""
    if not turns:
        return Standalone(text, ())
    last = turns[-1]
    now = understand(text)
    if now.numbers or now.proposals or now.titles or now.intent in (Intent.GREETING, Intent.HELP):
        return Standalone(text, ())
    before = understand(last.standalone_question)
    if now.clauses and not now.object:
        return Standalone(_with_reference(text, before, last), last.document_ids)
    own_object = now.object or (now.units if now.intent is Intent.LEAD else ())
    if _AND_THIS.search(text) and now.intent is Intent.CONTENT and own_object:
        return Standalone(_object_changed(text, now, before, last), last.document_ids)
    if _PRONOUN.search(text) and (noun := _noun(before)):
        return Standalone(_PRONOUN.sub(noun, _OPENING.sub("", text), count=1), last.document_ids)
    if not own_object and not now.kinds and not now.fields and (noun := _noun(before)):
        return Standalone(noun + _OPENING.sub("", text), last.document_ids)
    return Standalone(text, last.document_ids if now.follows_up or now.fields or not own_object else ())


def _noun(question: Understood) -> str:
    return max(question.object.split(), key=len, default="") or next(iter(question.units), "")


def _object_changed(text: str, now: Understood, before: Understood, last: Turn) -> str:
    new = _AND_THIS.sub("", _OPENING.sub("", text)).strip("，,。？? ")
    old = _noun(before)
    if old and old in last.standalone_question:
        # 碳纤维市域产教联合体 → 冰雪旅游: the class of the thing stays when only its name is given.
        kept = next(
            (c for c in ("市域产教联合体", "产教联合体", "联合体", "委员会", "平台", "基地") if old.endswith(c)), ""
        )
        if kept and not re.search("联合体|融合体|共同体|委员会|平台|基地", new):
            new += kept
        return last.standalone_question.replace(old, new, 1)
    return f"{new}{last.standalone_question}"


def _with_reference(text: str, before: Understood, last: Turn) -> str:
    if before.clauses:
        return last.standalone_question.replace(before.clauses[0], understand(text).clauses[0], 1)
    return _OPENING.sub("", text)
