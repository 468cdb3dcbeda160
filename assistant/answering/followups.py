"""Follow-up questions made to stand alone, by rules over the turn before.

“那冰雪旅游的呢？” keeps what was asked and changes the object; “什么时候完成？” keeps the object and changes what is
asked; “它由谁配合” names the object by a pronoun; “那第87号的呢？” changes the document. A question that brings its own
object and its own asking word stands alone already.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answering.understand import Intent, Understood, understand
from assistant.domain.dialogue import Turn
from assistant.domain.identity import find_document_numbers, find_proposal_numbers

_PRONOUN = re.compile(
    "它们|它|该(?:项目|项|单位|任务|事项|联合体)?(?=[的由何什谁])"
    "|这(?:个|项|件|家)(?:任务|事项|工作|事|联合体|单位)?(?=[的由何什谁怎完成进要])|其(?![中他它实余])"
)
_OPENING = re.compile("^(?:那么|那|然后|还有|另外|再(?:问|说|看)?|接着|请问|好的?)[，, ]*")
_AND_THIS = re.compile("(?:的)?呢[？?。]*$")
_IN_DOCUMENT = re.compile("^(.{2,30}?(?:里|中|上))(?:的)?呢[？?。]*$")
_WHEN = re.compile("(?:时候|时|之后|以后|后来)(?:的)?呢[？?。]*$")
# What is done with an object is no object: 什么时候建成？ leaves open what.
_VERB = re.compile(
    "完成|建成|成立|启动|印发|投用|投入|使用|上线|开展|组建|落实|发布|召开|出席|举办|建设|建|办|交|开|进行|实施|报|好|得|"
    "每年|每月|之前|前|后|人|家|次|底|第|年|月|个|几|[一二两三四五六七八九十0-9]+|出席|参加|才能|能"
)
_ENDING_VERB = re.compile(f"(?:{_VERB.pattern})+$")
_CLASS = re.compile("(?:市域产教联合体|产教联合体|联合体|委员会|平台|基地|中心|冷库|项目|工程|清单|方案)$")


@dataclass(frozen=True, slots=True)
class Standalone:
    """A question that needs no history, and the documents that it may still point to by “这份” and the like."""

    text: str
    focus: tuple[str, ...]


def standalone(text: str, turns: Sequence[Turn]) -> Standalone:
    """The question with what it leaves out filled in from the last turn."""
    if not turns:
        return Standalone(text, ())
    last, now = turns[-1], understand(text)
    if now.intent in (Intent.GREETING, Intent.THANKS, Intent.HELP, Intent.PRIVATE, Intent.INSTRUCTION):
        return Standalone(text, ())
    before = understand(last.standalone_question)
    spoken = _OPENING.sub("", text)
    if _AND_THIS.search(text):
        return Standalone(_changed(spoken, now, before, last), ())
    if now.numbers or now.proposals or now.titles or now.serials:
        return Standalone(text, ())
    noun = _noun(before)
    if now.clauses and not now.object:
        return Standalone(spoken, last.document_ids)
    # With its object filled in a question needs no more of what was said, unless a document was named there.
    focus = last.document_ids if _names_document(before) else ()
    if noun and _PRONOUN.search(text):
        return Standalone(_PRONOUN.sub(noun, spoken, count=1), focus)
    own = _VERB.sub("", now.object).strip() or (now.units if now.intent is Intent.LEAD else "")
    if not own and not now.pointed_kinds:
        # A question for the number or the contact is about the document that was spoken of, not about its object.
        if now.fields or not noun:
            return Standalone(spoken, last.document_ids)
        return Standalone(noun + spoken, focus)
    return Standalone(text, last.document_ids if now.pointed_kinds or now.fields or len(own) <= 3 else ())


def _names_document(question: Understood) -> bool:
    return bool(question.numbers or question.proposals or question.titles or question.serials or question.pointed_kinds)


def _noun(question: Understood) -> str:
    """What a question was about, in its own words; its unit where the rest only says when and how often."""
    joined = "".join(question.object.split())
    whole = joined if len(joined) <= 24 else max(question.object.split(), key=len, default="")
    whole = _ENDING_VERB.sub("", whole)
    return whole if len(_VERB.sub("", whole)) > 2 or not question.units else question.units[0]


def _changed(spoken: str, now: Understood, before: Understood, last: Turn) -> str:
    """“那…呢？”: the last question with its document, its time or its object changed."""
    question = last.standalone_question
    for find in (find_proposal_numbers, find_document_numbers):
        new, old = find(spoken), find(question)
        if new and old:
            return question[: old[0][0].start] + new[0][0].of(spoken) + question[old[0][0].end :]
    if match := _IN_DOCUMENT.match(spoken):
        return match.group(1) + re.sub("^.{2,30}?(?:里|中(?!心)|上)(?=.{4})", "", question)
    if now.clauses and before.clauses:
        return question.replace(before.clauses[0], now.clauses[0], 1)
    if _WHEN.search(spoken):
        return f"{_noun(before)}{_AND_THIS.sub('', spoken)}{_asking(question, before)}"
    new_object = _AND_THIS.sub("", spoken).strip("，,。？? 的")
    old_object = _ENDING_VERB.sub("", max(before.object.split(), key=len, default=""))
    if now.units and not now.object and before.units:
        return question.replace(before.units[0], now.units[0], 1)
    if old_object and old_object in question:
        # 精细化工联合体 → 冰雪旅游: the class of the thing stays when only its name is given.
        kept = _CLASS.search(old_object)
        if kept and not _CLASS.search(new_object):
            new_object += kept.group()
        return question.replace(old_object, new_object, 1)
    return f"{new_object}{_asking(question, before)}"


def _asking(question: str, understood: Understood) -> str:
    """What a question asks, without its object: 由谁牵头？"""
    noun = max(understood.object.split(), key=len, default="")
    return question.split(noun, 1)[-1] if noun and noun in question else question
