"""Several questions in one sentence: taken apart, each made to stand alone, answered in order.

“X由谁牵头，什么时候完成？” asks two things of one object, “A和B分别由谁牵头？” one thing of two. What the documents are
silent on is said for that part. Lead and cooperation of one matter stay together: one row of the ledger tells both.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from assistant.answering.retrieval.reading import Reading
from assistant.answering.statements import Composition, Statement
from assistant.answering.understanding.followups import Standalone, topic_of
from assistant.answering.understanding.intents import Intent
from assistant.answering.understanding.question import Understood, understand
from assistant.domain.dialogue import Verdict

MOST = 4  # parts of one question

_ASKS = re.compile(
    "谁|什么|啥|哪|几(?!乎|家新)|多少|何时|何地|多久|多长|多大|多高|如何|怎么|怎样|是否|吗|有没有|有无|了没|能否|可否|为何|是不是|咋|能不能|可不可以|要不要|会不会|该不该|呢"
)
_BREAK = re.compile(
    "[？?；;。]+|[，,](?!其中|对)|、(?=谁|由谁|什么|何时|哪|几|多少|多久|怎么|如何|有没有)|(?<=[谁么里哪儿单位])(?:，|,)?(?:以及|还有|并且)(?=[^，。？]{0,8}[谁什哪几多何])"
)
_OPENING = re.compile("^(?:那么|那|以及|还有|并且|另外|同时|和|又|再|请问|其)")
_BOTH = re.compile(
    "^(?P<before>.{0,30}?(?:里|中(?!心)|上|的规定[里中]|[，,]))??(?P<first>[^，。？、里]{2,24}?)(?:和|与|跟|、|及|同)(?P<second>[^，。？、]{2,24}?)"
    "(?P<rest>(?:分别|各自?)(?:是|都|又)?(?:由|归|的|在|什么|何时|谁|哪|怎|多|几|牵头|负责|配合|要|应|需).*)$"
)
_EACH = re.compile("^(?:各|分别|都|又)")
# 甲和乙有什么区别, 甲和乙罚款一样吗: each side is asked for by itself.
_UNLIKE = re.compile(
    "^(?:请问|那)?(?P<first>[^，。？、和与跟同]{2,16})(?:和|与|跟|同)(?P<second>[^，。？、]{2,16}?)(?:之间)?"
    "(?:的(?P<what>[^，。？的]{2,8}?)|(?P<measure>罚款|处罚|待遇|标准|期限|时限|条件|费率|比例|工资))?(?:上|方面)?"
    "(?:有(?:什么|啥|何|哪些|没有)?(?:不同|区别|差别|差异|不一样)|有无(?:区别|不同)|(?:是不是|是否)?(?:一样|相同)(?:吗|么)?|(?:怎么|如何)区分)[？?。]*$"
)
_AMOUNTS = ("罚款", "费率", "比例", "工资")
# What is done, without what it is done to: 报谁备案, 批了没有, 签了多少家企业, 不少于几个.
_VERBS = re.compile(
    "报送?|备案|批准?|签订?|采纳|收到|扩大|不少于|不超过|包括|延|到|至|一共|总共|多|几|家|个|项|企业|单位|完成|建成|开|要|能|得|写|说|给|为"
)
_ENDED = re.compile("(?:建成|完成|成立|启动|落实|办结|批准)?了?(?:没有?|吗)$")  # 污水设施建成了吗: the facility
_SHORTEST = 3  # characters of a matter that a question names
_POINTS = re.compile("这个|那个|该|它的?|其")
_WHEN = re.compile("^(?:现在|目前|当前|如今|后来|以后|去年|今年|明年|刚|原来)|(?:时|时候|之前|之后|以前|以后)$")
# One history tells both: 换过牵头单位吗，什么时候换的.
_CHANGED_WHEN = re.compile(
    "(?:换|变更?|改|调整|延期?|推迟)(?:过|了|动)[^？?。]{0,12}[，,？?](?:是)?(?:什么时候|何时|哪天|哪一?年|为什么|为何|换成|改成|由谁|谁)"
)
# Asked of one row: who leads and who helps; and of one head: number, signatory, date.
_TOGETHER = (frozenset({Intent.LEAD, Intent.COOPERATION}), frozenset({Intent.METADATA}))
_ALONE = frozenset(
    {
        Intent.ROWS,
        Intent.ASKS,
        Intent.OVERDUE,
        Intent.PRIVATE,
        Intent.ERRAND,
        Intent.INSTRUCTION,
        Intent.GREETING,
        Intent.THANKS,
        Intent.HELP,
    }
)


@dataclass(frozen=True, slots=True)
class Part:
    """One of several questions: as asked, and as it stands alone."""

    said: str
    alone: Standalone


def unlike(text: str) -> re.Match[str] | None:
    """How a question asks for the difference of two matters (甲和乙有什么区别); None where it compares documents."""
    whole = understand(text)
    if whole.numbers or whole.proposals or whole.titles or whole.named or len(whole.kinds) > 1:
        return None
    return _UNLIKE.match(text.strip())


def parts_of(question: Standalone) -> list[Part]:
    """The questions that one sentence holds, two at least; empty where it holds one, or asks one thing in two ways."""
    text = question.text.strip()
    whole = understand(text)
    if whole.intent in _ALONE or _CHANGED_WHEN.search(text):
        return []
    if match := unlike(text):
        what = match["what"] or match["measure"]
        asked = "什么是{}？" if not what else f"{{}}{what}多少？" if what in _AMOUNTS else f"{{}}的{what}？"
        sides = _alike([match["first"], match["second"]])
        return [Part(side, Standalone(asked.format(side), question.focus)) for side in sides]
    if match := _BOTH.match(text):
        before, rest = match["before"] or "", re.sub("^(?:分别|各自?)(?:是|都|又)?", "", match["rest"])
        sides = [match["first"], match["second"]]
        if not any(_ASKS.search(side) or _WHEN.search(side) for side in sides):
            return [Part(side, Standalone(f"{before}{side}{rest}", question.focus)) for side in _alike(sides)]
    pieces = _pieces(text)
    if len(pieces) < 2 or whole.wants_sections:
        return []
    understood = [understand(piece) for piece in pieces]
    intents = {u.intent for u in understood}
    if intents & _ALONE or (any(intents <= t for t in _TOGETHER) and not _of_other_matters(understood)):
        return []
    # 各由谁牵头 speaks of each of what was asked for before, 报谁备案 of the same sentence: no questions of their own.
    if not all(_of_its_own(u, understood[0]) for u in understood[1:]):
        return []
    apart = any(intents <= t for t in _TOGETHER)
    return [Part(p, Standalone(p, question.focus)) for p in pieces] if apart else _standing(pieces, question)


def _of_other_matters(understood: Sequence[Understood]) -> bool:
    """Whether each names a matter of its own: 名录由谁编制，委员会由谁组建 asks of two rows."""
    objects = [_VERBS.sub("", u.object).replace(" ", "") + "".join(u.units) for u in understood]
    return all(len(o) > _SHORTEST for o in objects) and not any(u.fields for u in understood)


def _of_its_own(piece: Understood, first: Understood) -> bool:
    if _EACH.match(piece.text) or (first.wants_list and piece.intent is Intent.LEAD):
        return False
    noun = len(_VERBS.sub("", piece.object).replace(" ", "")) > 1
    return noun or piece.intent not in (Intent.CONTENT, first.intent)


def _pieces(text: str) -> list[str]:
    """The asking pieces; what asks nothing belongs to the piece before it (or, at the start, to the next)."""
    found: list[str] = []
    waiting = ""
    position = 0
    for match in [*_BREAK.finditer(text), None]:
        end = match.start() if match else len(text)
        piece = text[position:end].strip("，, 、；;")
        position = match.end() if match else end
        if not piece:
            continue
        if not _ASKS.search(piece):
            waiting = f"{waiting}{piece}，" if not found else waiting
            continue
        found.append(waiting + _OPENING.sub("", piece) if found else waiting + piece)
        waiting = ""
    return found[:MOST]


def _alike(sides: list[str]) -> list[str]:
    """精细化工和冰雪旅游联合体: the first takes the class of the second; 运动会的申办和举办经费: it gives its owner."""
    kept = re.search("(?:市域产教联合体|产教联合体|联合体|共同体|中心|基地|平台|委员会|会议|项目|任务)$", sides[1])
    if kept and not sides[0].endswith(kept.group()[-2:]):
        sides = [sides[0] + kept.group(), sides[1]]
    if sides[0] in sides[1]:  # 固定期限和无固定期限劳动合同: what stands behind belongs to both
        sides = [sides[0] + sides[1].rpartition(sides[0])[2], sides[1]]
    asked_of = re.fullmatch("(.{2,}?)(的[^的]{2,12})", sides[1])
    if asked_of and "的" not in sides[0]:  # 12号和30号的成文日期: what is asked is asked of both
        alike = asked_of[1][-2:] == sides[0][-2:] or (_is_reference(asked_of[1]) and _is_reference(sides[0]))
        sides = [sides[0] + asked_of[2], sides[1]] if alike else sides
    owner = re.match(".{2,}的", sides[0])
    return [sides[0], owner.group() + sides[1]] if owner and "的" not in sides[1] else sides


def _is_reference(side: str) -> bool:
    return bool(re.search("[0-9]号|》$", side))


def _standing(pieces: Sequence[str], question: Standalone) -> list[Part]:
    parts = [Part(pieces[0], Standalone(pieces[0], question.focus))]
    topic = _ENDED.sub("", topic_of(pieces[0]))
    for piece in pieces[1:]:
        own = understand(piece)
        leans = not (own.numbers or own.proposals or own.titles) and topic not in piece
        parts.append(Part(piece, Standalone(_POINTS.sub("", f"{topic}{piece}") if leans else piece, question.focus)))
    return parts


def answered(
    parts: Sequence[Part], answer: Callable[[Standalone], tuple[Reading, Composition]], whole: str
) -> tuple[Reading, Composition]:
    """The parts answered in order and put together; a later part reads in the documents that the first one named."""
    told: list[tuple[Part, Reading, Composition]] = []
    for part in parts:
        alone = part.alone
        named = told[0][1].scope if told else None
        if named is not None and named.ids is not None and not understand(alone.text).numbers:
            alone = Standalone(alone.text, named.ids)
        told.append((part, *answer(alone)))
    lines: list[Statement] = []
    for part, _, composition in told:
        lines.append(Statement(f"关于“{part.said}”："))
        lines += composition.statements
    verdicts = [c.verdict for _, _, c in told]
    counts = [c.completeness for _, _, c in told if c.completeness]
    first = told[0][1]
    documents = {d.id: d for _, reading, _ in told for d in reading.documents}
    passages = {p.chunk.id: p for _, reading, _ in told for p in reading.passages}
    reading = replace(
        first,
        question=replace(first.question, text=whole),
        documents=tuple(documents.values()),
        passages=tuple(passages.values()),
    )
    return reading, Composition(_joined(verdicts), tuple(lines), counts[0] if len(counts) == 1 else None)


def _joined(verdicts: Sequence[Verdict]) -> Verdict:
    """The verdict of the whole: silent on one part and not on another is partial."""
    if len(set(verdicts)) == 1:
        return verdicts[0]
    if verdicts[0] is Verdict.CLARIFY:
        return Verdict.CLARIFY
    stated = {Verdict.ANSWERED, Verdict.PARTIAL}
    return Verdict.PARTIAL if stated & set(verdicts) else Verdict.NOT_STATED
