"""What a question takes for granted and no document knows: a thing (氢能联合体), a kind of body (施工单位, 哪家公司).

A lead department is no answer to 施工单位是哪家, nor the alliance at hand one to the question for another.
"""

from __future__ import annotations

import re

from assistant.answering.extractive.replies import searched_in
from assistant.answering.retrieval.reading import Reading
from assistant.answering.statements import NOT_STATED, Composition, Statement
from assistant.answering.understanding.intents import Intent
from assistant.answering.understanding.subjects import subject_of
from assistant.domain.dialogue import Verdict
from assistant.domain.language.text import fold
from assistant.domain.overtime.objects import find_objects

_OF_THINGS = frozenset({Intent.LEAD, Intent.COOPERATION, Intent.DEADLINE, Intent.EVENT_DATE, Intent.PROGRESS})
# A kind of body that is asked for, and how names of such bodies end.
_KINDS = {
    "公司": "公司|集团",
    "企业": "公司|集团|企业|厂",
    "学校": "学校|学院|大学|中学|小学",
    "院校": "学校|学院|大学",
    "高校": "学院|大学",
    "大学": "大学",
    "银行": "银行",
    "医院": "医院",
}
_KIND = re.compile(f"(?:哪|什么)[一几]?[家个所些]?({'|'.join(_KINDS)})")
_PART = re.compile("([一-鿿]{2})(?:单位|公司|企业|机构)(?:是|为)?(?:谁|哪)")
_PARTS_OF_DUTIES = re.compile(
    "牵头|责任|负责|配合|主办|会办|协办|承办|参与|参加|协助|协同|支持|主管|组织|实施|成员|有关|相关|发文|签发|印发|主送|抄送|来文|"
    "联系|出席|[这那哪各该]个|[的是和由]"
)
_YEAR = re.compile("(20[0-9]{2})年")
_COMMON = re.compile("市域|产教|融合|校企|合作|城市|全市|我市|本市")


def unknown(reading: Reading) -> Composition | None:
    """“Not stated” for what nobody writes of; None where the documents know what the question speaks of."""
    question = reading.question
    if question.intent not in _OF_THINGS:
        return None
    held = _Held(reading)
    if (year := _unknown_year(question.text, held)) and question.intent is Intent.PROGRESS:
        return _silent(reading, f"{year}年的内容")
    if named := _unknown_thing(question.text, held):
        return _silent(reading, f"有关“{named}”的内容")
    if question.intent in (Intent.LEAD, Intent.COOPERATION) and not question.units:
        subject = subject_of(question.text)  # 江职院牵头哪些: a list of everybody's would be none of its own
        if subject and not any(subject[i : i + 2] in held for i in range(len(subject) - 1)):
            return _silent(reading, f"与“{subject}”有关的内容")
    if question.intent is not Intent.LEAD:
        return None
    if (match := _PART.search(question.text)) and not _PARTS_OF_DUTIES.search(match.group(1)):
        return None if match.group(1) in held else _silent(reading, f"{match.group(1)}单位")
    if match := _KIND.search(question.text):
        return None if _acts(reading, match.group(1)) else _silent(reading, f"具体的{match.group(1)}")
    return None


class _Held:
    """What the documents in reach hold of words; their texts are looked through once something is asked for."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._text: str | None = None

    def __contains__(self, words: str) -> bool:
        if self._text is None:
            self._text = fold("".join(f"{d.title}{d.text}" for d in self._reading.documents))
        return words in self._text


def _unknown_year(text: str, held: _Held) -> str:
    """A year that the question is about and no document names; what they speak of is another year's."""
    return next((y for y in _YEAR.findall(text) if y not in held and _in_chinese(y) not in held), "")


def _in_chinese(year: str) -> str:
    return "".join("〇一二三四五六七八九"[int(d)] for d in year)


def _unknown_thing(text: str, held: _Held) -> str:
    """A thing whose own words (氢能 of 氢能产教联合体) stand in no document, not even two characters of them."""
    for found in find_objects(text):
        own = _COMMON.sub("", found.named.words.removesuffix(found.named.head))
        if found.named.bare or found.named.kind != "made" or not 2 <= len(own) <= 8:
            continue
        if not any(own[i : i + 2] in held for i in range(len(own) - 1)):
            return found.named.written
    return ""


def _acts(reading: Reading, kind: str) -> bool:
    """Whether a duty names a body of this kind, or a sentence about the object does."""
    ends = re.compile(f"[一-鿿]{{2}}(?:{_KINDS[kind]})")
    relevance = reading.relevance(reading.question.object.replace(kind, " "))
    return any(ends.search(s.text) and relevance(s.text) >= 0.5 for s in reading.segments())


def _silent(reading: Reading, what: str) -> Composition:
    return Composition(Verdict.NOT_STATED, (Statement(f"{NOT_STATED}{what}（已查{searched_in(reading)}）。"),))
