"""What only resumes the question before: the clause beside it, another state, the same matter in another document.

上一条再说一遍, 没启动的呢, 87号答复里怎么说的, 为啥改: none of them names what it is about; each takes one part of the
question before and puts its own in that place.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answering.understanding.documents import KIND_NAMES
from assistant.answering.understanding.question import Understood
from assistant.domain.language.identity import find_proposal_numbers
from assistant.domain.language.numerals import parse_numeral, to_chinese

_BESIDE = re.compile(
    "^(?:那|再)?([上前下后])一?([条款项章])(?:再|的)?(?:说|讲|念|看|来)?(?:一?[遍下次])?(?:内容|怎么说的?|说|写|规定)?(?:了?(?:什么|啥))?(?:呢|吧)?[？?。]*$"
)
_CLAUSE = re.compile("第([〇零一二三四五六七八九十百0-9]{1,5})([条款项章])")
_RUNNING = re.compile("^(?:第)?([0-9]{1,4})号(?:提案|建议|答复)?(?:的)?呢[？?。]*$")
_STATE = re.compile(
    "(?:没有?|未|尚未|还没有?)(?:启动|完成|开工|动工|办结|落实|建成)|已(?:经)?(?:启动|完成|开工|办结|落实|建成)|(?:正?在|仍在)(?:推进|办理?|实施|建设?)|推进中"
)
_ONLY_STATE = re.compile(f"^(?:{_STATE.pattern})的?(?:事项|任务|工作)?(?:有?(?:哪些|几[项个件]|多少))?(?:呢)?[？?。]*$")
_ELSEWHERE = re.compile(
    "^(.{2,24}?(?:里面?|中|上)?(?:对此|对这|关于这)?(?:个|件事|事)?)((?:是)?(?:怎么|如何)(?:说|写|定|提|规定|要求|讲|答复?)的?|(?:有没有|有无)(?:提|写|说|讲|规定)(?:到|过)?|(?:提|写|说)(?:到|了|过)?(?:没有?|吗)|怎么个?说法)[？?。]*$"
)
_DOCUMENT = re.compile(f"(?:{KIND_NAMES}|办法|细则|规定|条例|报告|[0-9]号)(?:里面?|中|上)?$")
_WHY = re.compile("^(?:那)?(?:是)?(?:为什么|为啥|为何|怎么)([一-鿿]{1,3}?)(?:了|的)?(?:呢)?[？?。]*$")


def resumed(spoken: str, now: Understood, before: Understood, topic: str) -> str | None:
    """The question that resumes ``before``, whose matter is ``topic``; None where ``spoken`` does something else."""
    question = before.text
    if (match := _BESIDE.match(spoken)) and (clauses := list(_CLAUSE.finditer(question))):
        return _clause_beside(question, clauses, -1 if match[1] in "上前" else 1, match[2])
    if (match := _RUNNING.match(spoken)) and (old := find_proposal_numbers(question)):
        span = old[0][0]
        kind = "提案" if "提案" in span.of(question) else ""
        return f"{question[: span.start]}第{match[1]}号{kind}{question[span.end :]}"
    if _ONLY_STATE.match(spoken) and (state := _STATE.search(spoken)) and _STATE.search(question):
        return _STATE.sub(state.group(), question, count=1)
    named = now.numbers or now.proposals or now.serials or now.described or now.pointed_kinds
    elsewhere = None if now.clauses else _ELSEWHERE.match(spoken)  # 第二条答复怎么说 is asked of the second ask
    if topic and named and elsewhere and _DOCUMENT.search(elsewhere[1]):
        return f"{elsewhere[1]}{topic}{elsewhere[2]}"
    if (match := _WHY.match(spoken)) and len(topic) > len(match[1]) + 1 and topic.endswith(match[1]):
        return topic.removesuffix(match[1]) + spoken
    return None


def _clause_beside(question: str, clauses: list[re.Match[str]], step: int, level: str) -> str | None:
    """The question with the clause before or behind; the lowest of the level that is named, 条 of 第三条第二款 too."""
    found = next((c for c in reversed(clauses) if c[2] == level), None)
    number = parse_numeral(found[1]) if found else None
    if found is None or number is None or number + step < 1:
        return None
    written = str(number + step) if found[1].isdecimal() else to_chinese(number + step)
    return f"{question[: found.start()]}第{written}{level}{question[found.end() :]}"


def readdressed(question: str, before: Sequence[str], now: Sequence[str]) -> str:
    """The question with another part addressed: 第三条第二款 and 那第三款呢 is 第三条第三款, 那第五条呢 is 第五条."""
    same = next((n for n, reference in enumerate(before) if reference[-1] == now[0][-1]), 0)
    start = question.find(before[same])
    end = start + len(before[same])
    for lower in before[same + 1 :]:  # what the old part was further divided by goes with it
        if question.startswith(lower, end):
            end += len(lower)
    return question[:start] + "".join(now) + question[end:]
