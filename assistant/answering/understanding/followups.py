"""Follow-up questions made to stand alone, by rules over the turn before.

“那冰雪旅游的呢？” keeps what was asked and changes the object; “什么时候完成？” keeps the object and changes what is
asked; “它由谁配合” names the object by a pronoun; “那第87号的呢？” changes the document. A question that brings its own
object and its own asking word stands alone already.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from assistant.answering.understanding.intents import Intent
from assistant.answering.understanding.periods import find_periods
from assistant.answering.understanding.question import Understood, understand
from assistant.answering.understanding.resumed import readdressed, resumed
from assistant.answering.understanding.shown import items_of, matter_of, pointed_at
from assistant.domain.dialogue import Turn
from assistant.domain.language.identity import find_document_numbers, find_proposal_numbers

_PRONOUN = re.compile(
    "(?:刚才|刚刚|上面|前面)(?:说|提|问|讲)?(?:到|过)?的?(?:那|这)(?:个|项|件|家|份)(?:任务|事项|工作|联合体|项目|单位)?|(?<=在)(?:这?里面|其中|这当中|当中)|它们|它|该(?:项目|项|单位|任务|事项|联合体)?(?=[的由何什谁])"
    "|这(?:个|项|件|家)(?:任务|事项|工作|事|联合体|单位)?(?=[的由何什谁怎完成进要])|其(?![中他它实余])"
)
_OPENING = re.compile("^(?:那么|那|然后|还有|另外|再(?:问|说|看)?|接着|请问|好的?)[，, ]*")
_AND_THIS = re.compile("(?:的)?呢[？?。]*$")
_ASKS_ITSELF = re.compile(
    "[一-鿿]{4,40}(?:几|多少|多久|多长|什么|谁|怎么)[一-鿿]{0,8}呢"
)  # 教师职称分几级呢: nothing of before
_IN_DOCUMENT = re.compile("^(.{2,30}?(?:里|中|上))(?:的)?呢[？?。]*$")
_WHEN = re.compile("(?:时候|时|之后|以后|后来)(?:的)?呢[？?。]*$")
# What is done with an object is no object: 什么时候建成？ leaves open what.
_VERB = re.compile(
    "完成|建成|成立|启动|印发|投用|投入|使用|上线|开展|组建|落实|发布|召开|出席|举办|建设|建|办|交|开|进行|实施|报|好|得|"
    "每年|每月|之前|前|后来|后|人|家|次|底|第|年|月|个|几|[一二两三四五六七八九十0-9]++|出席|参加|才能|能|主持|起草|编制|审批|批准|"
    "记录|剩下?|余下?|[门条处场批做还]|改成|改由|换成|换|改|变|调整|多大|多高|多长|面积|要|得"
)
_ENDING_VERB = re.compile(f"(?:{_VERB.pattern}){{1,6}}$")
_FIRST_ASK = re.compile(
    "(?:最迟|最晚|一共|总共|目前|现在|分别|各|每年|打算|拟)?(?:由|归|是|在|有|叫|设在|开展了?|收到|组成)?"
    "(?:(?:[做办干弄搞建印编]{1,3}[完好成]|完成|启动|成立|办结|建成|落实)了?(?:没有|没|吗|吧|了吗)|谁|什么|啥|哪|几(?!乎)|多少|何时|何地|多久|多长|多大|如何|怎么|怎样|是否|有没有|有无|能否|是不是|为何|咋)"
)
_TRAILING = re.compile(
    "(?:的|是|由|在|要|里|都|有|下设|设|建|成|了|报|把|被|和|将|得|打算|应该|应|最后|现在|目前|每年|一年|开){1,6}$"
)
# What only arranges, narrows or counts the list of the question before: it goes on with that question.
_GOES_ON = re.compile(
    "^(?:能不能|可以|请|再|那)?(?:改成|换成|改为|换为)?按(?:照)?[^，。？]{1,8}(?:列|排|分|归|汇总|统计|整理)"
    "|^(?:这|那)?(?:其中|里面|这里面|[这那]些(?:任务|事项|工作|项目|单位)?(?:里面?|当中|中)|当中)|^只(?:看|要|列)"
    "|^(?:那)?(?:一共|总共|共|合计)?(?:有)?(?:几|多少)[个项件条家](?:单位|部门|任务|事项)?(?:呢|吗)?[？?。]*$"
)
_ONE_OF = re.compile("^(?:第[一二三四五六七八九十0-9]+|首|前|后|头|下一?|上一?|另[一外]?)[批次期届场个项轮年条]")
_SOURCE = re.compile(
    "(?:依据|根据|出处|来源|出自)(?:是|在|的)?(?:什么|哪|啥)|(?:哪|什么)(?:份|个)?文件(?:里)?(?:写|说|规定|提|讲)的"
    "|有(?:什么|啥)依据"
)
_SOURCE_ONLY = re.compile(
    "依据|根据|出处|来源|出自|文件|规定|哪[份个]?|什么|啥|里|写|说|提|讲|有|是|在|的|这|那|些|个|呢|吗|[^一-鿿]"
)
_WHICH_ONES = re.compile(
    "^(?:都|分别)?(?:是)?哪[几些一两二三四五六七八九十0-9]{0,2}[项个件家条]?(?:任务|事项|单位)?(?:呢|啊)?[？?。]*$"
)
_A_COUNT = re.compile("(?:几|多少)(?:项|个|件|家|条)(?:任务|事项)?")
_BEFORE_NOW = re.compile(
    "^(?:那)?(原来|以前|之前|当初|最初|开始|一开始)(?:的时候|时)?(?:的)?(?:是)?(?:谁)?呢?[？?。]*$"
)
_CORRECTS = re.compile(
    "^(?:不对?|不是(?:这个|它|这项)?|(?:搞|弄|说)?错了?)?[，,。！! ]*"
    "我?(?:说|问|指|要|想|要问|想问|查|要查|关心)的(?:其实)?是(.{2,30}?)(?:的)?[？?。]*$"
    "|^(?:不是|不问|别看)[^，。]{1,16}[，,](?:是|问的是|而是|看)(.{2,30}?)[？?。]*$"
)
_LATER = re.compile("^(?:那么?)?(?:后来|再后来|之后|最后|最终|结果)(?:怎么样了?|如何|怎样)?(?:了)?(?:呢)?[？?。]*$")
_FORMERLY = re.compile("原先|原来|原定|最初|起初|当初|以前|之前|一开始|开始")
_SWITCHES = re.compile("^(?:那)?(?:换成|改成|改为|换为|换)(?!按)(.{2,20}?)(?:的)?(?:呢)?[？?。]*$")
_LAST_YEAR = re.compile("去年|上一?年|前一年|上年")
_YEAR = re.compile("(20[0-9]{2})年")
_MORE = re.compile(
    "^(?:那)?(?:还有(?:没有)?(?:别的|其他的?|吗|呢|没)*|就这些|没有?别的|只有这些)(?:了)?(?:吗|么|呢)?[？?。]*$"
)
_ONLY_ROLE = re.compile(
    "^(?:那)?(?:只|光|仅)(?:看|要|列|说)(?:它|其|他们?)?(牵头|主办|负责|承办|配合|协办|参与)的?[？?。]*$"
)
_ANY_ROLE = re.compile("参与|参加|涉及|牵头|主办|负责|承办|承担|配合|协办|协同|(?<![没])有(?=哪|什么|几|多少)")
_ROLE_AND = re.compile(
    "^(?:那)?(牵头|主办|负责|责任|配合|协办|协作|协同|参与|会办|承办)(?:的|单位|部门|方)*呢[？?。]*$"
)
_REFERENCE = re.compile("(?:任务|事项|第)?[0-9一二三四五六七八九十]{1,3}[条项个号款]?")
_STATE_OF = re.compile("(?:的)?(?:进展|进度|情况|现状|状态)(?:情况)?$")
_AMONG = re.compile("^(?:在)?[这那]些(?:任务|事项|工作|项目|单位)?(?:里面?|当中|中)")
_NUMBERED = re.compile("(任务|事项|项目|编号|序号)[0-9一二三四五六七八九十]{1,3}")
_ATTRIBUTE = re.compile(
    "(?:总|年|具体|实际|预计)?(?:经费|资金|费用|投资额?|预算|金额|面积|规模|名额|标准|人数|数量|地点|地址|位置|对象|范围|条件|钱|奖金|补助|补贴)"
)
_PAYS = "罚补奖赔缴"  # 罚多少: the verb belongs to what is asked
_OCCASIONS = ("后", "之前", "以前", "时候")
_MODAL = re.compile("^个?(?:工作日|[天日月年]|小时)?(?:之?内|以内)?(?:要|应当?|必须|须|需要?|才能|可以|会|能)?")
_SINCE = re.compile("后来|改[成由为]|调整|变更|延[期到至]|顺延")
_IN = re.compile("^.{2,30}?(?:里|中(?!心|试)|上)(?=.{2})")
_FIXED = frozenset({Intent.GREETING, Intent.THANKS, Intent.HELP, Intent.PRIVATE, Intent.ERRAND, Intent.INSTRUCTION})
_ANY_DAY = date(2000, 1, 1)  # where a period stands does not depend on the day
_CLASS = re.compile("(?:市域产教联合体|产教联合体|联合体|委员会|平台|基地|中心|冷库|项目|工程|清单|方案)$")


@dataclass(frozen=True, slots=True)
class Standalone:
    """A question that needs no history, and the documents that it may still point to by “这份” and the like."""

    text: str
    focus: tuple[str, ...]
    before: tuple[str, ...] = ()  # documents of the turn before, where the question is silent on them


def standalone(text: str, turns: Sequence[Turn]) -> Standalone:
    """The question with what it leaves out filled in from the last turn."""
    for last in reversed(turns):
        before = understand(last.standalone_question)
        if before.intent not in _FIXED:
            found = _filled(text, last, before)
            return found if found.focus else replace(found, before=last.document_ids)
    corrected = _CORRECTS.match(text)  # of nothing that is known: 不对，我问的是任务清单 opens a conversation
    return Standalone((corrected.group(1) or corrected.group(2)) if corrected else text, ())


def _filled(text: str, last: Turn, before: Understood) -> Standalone:
    now = understand(text)
    if now.intent in _FIXED:
        return Standalone(text, ())
    if _SOURCE.search(text) and len(_SOURCE_ONLY.sub("", text)) <= 1:
        return Standalone(last.standalone_question, last.document_ids)  # every line names its document
    spoken = _OPENING.sub("", text)
    if found := _spoken_on(text, spoken, before, last):
        return found
    if again := resumed(spoken, now, before, _IN.sub("", topic_of(before.text))):
        return Standalone(again, () if now.numbers or now.proposals or now.serials else _kept(before, last))
    if (among := _AMONG.match(spoken)) and not before.units and (topic := topic_of(last.standalone_question)):
        return Standalone(f"{topic}里{spoken[among.end() :]}", _kept(before, last))
    if _GOES_ON.match(spoken) and _is_list(before):
        return Standalone(
            f"{last.standalone_question.rstrip('？?。 ')}，{_AND_THIS.sub('', spoken)}", _kept(before, last)
        )
    if _WHICH_ONES.match(spoken) and _A_COUNT.search(last.standalone_question):
        return Standalone(_A_COUNT.sub("哪些", last.standalone_question, count=1), last.document_ids)
    if match := _BEFORE_NOW.match(spoken):
        asked = re.sub("现在|目前|当前|如今|现", "", last.standalone_question)
        return Standalone(f"{match.group(1)}{asked}", _kept(before, last))
    if _AND_THIS.search(text) and not _ASKS_ITSELF.search(spoken):
        return Standalone(_changed(spoken, now, before, last), ())
    if now.numbers or now.proposals or now.titles or now.serials:
        return Standalone(text, ())
    noun = _matter(before, last)
    if _SINCE.search(spoken):  # what came after a document stands in another
        noun, last = _IN.sub("", noun), replace(last, document_ids=())
    if now.clauses and not now.object:
        return Standalone(spoken, last.document_ids)
    if before.proposals and "答复" in now.kinds:  # 答复是哪一类: the reply to what was spoken of
        return Standalone(f"第{before.proposals[0]}号提案{spoken}", ())
    # With its object filled in a question needs no more of what was said, unless a document was named there.
    focus = _kept(before, last)
    if now.intent is Intent.COOPERATION and not now.units and before.units and _is_list(before):
        return Standalone(f"{before.units[0]}牵头的事项，{spoken}", focus)
    if noun and _ONE_OF.match(spoken):
        return Standalone(f"{noun}{spoken}", focus)
    if noun and _PRONOUN.search(text):
        return Standalone(_PRONOUN.sub(noun, spoken, count=1), focus)
    own = _VERB.sub("", now.object).strip()
    if len(own) == 1 or _ATTRIBUTE.fullmatch(own):  # 印了没有, 经费谁出: of what was spoken of
        own = ""
    if not own and now.units and now.intent is Intent.LEAD:  # what a unit leads is asked of all documents
        return Standalone(text, ())
    if not own and not now.pointed_kinds:
        # A question for the number or the contact is about the document that was spoken of, not about its object.
        if now.fields or not noun:
            return Standalone(spoken, last.document_ids)
        return Standalone(noun + spoken, focus)
    return Standalone(text, last.document_ids if now.pointed_kinds or now.fields or len(own) <= 3 else ())


def _spoken_on(text: str, spoken: str, before: Understood, last: Turn) -> Standalone | None:
    """What corrects, switches, narrows or points into what was just said; None where the question does none of it."""
    question = last.standalone_question
    if match := _CORRECTS.match(text):
        meant = match.group(1) or match.group(2)
        now = understand(meant)
        if now.intent is not Intent.CONTENT and (now.object or now.units):  # 我问的是公寓什么时候建成
            return Standalone(meant, ())
        return Standalone(_changed(f"{meant}呢", now, before, last), ())
    if _MORE.match(text):  # a list is complete as it stands, and says so again
        return Standalone(question, last.document_ids)
    if match := _ROLE_AND.match(spoken):
        noun = _matter(before, last)
        return Standalone(f"{noun}由谁{match.group(1)}", _kept(before, last)) if noun else None
    if (match := _ONLY_ROLE.match(spoken)) and before.units:
        role, narrowed = match.group(1), _ANY_ROLE.sub(match.group(1), question, count=1)
        return Standalone(narrowed if role in narrowed else f"{before.units[0]}{role}的事项", _kept(before, last))
    if _LATER.match(spoken):
        noun = _FORMERLY.sub("", _matter(before, last))
        now_asked = _FORMERLY.sub("现在", question, count=1)
        return Standalone(now_asked if now_asked != question else f"{noun}后来进展如何", ())
    if match := _SWITCHES.match(spoken):
        year = _YEAR.search(question)
        if year and _LAST_YEAR.fullmatch(match.group(1)):
            before_it = f"{int(year.group(1)) - 1}年"
            return Standalone(question[: year.start()] + before_it + question[year.end() :], ())
        return Standalone(_changed(f"{match.group(1)}呢", understand(match.group(1)), before, last), ())
    # 第二条 of a proposal is its second ask, which its own composer finds with what the reply says to it.
    if not (before.clauses or before.intent is Intent.ASKS) and (pointed := pointed_at(spoken, last.answer)):
        matter, asked = pointed
        return Standalone(f"{matter}{asked}" if len(asked) > 1 else f"{matter}{_asking(question, before)}", ())
    return None


def _matter(before: Understood, last: Turn) -> str:
    """What was spoken of: by its name, or by what the answer showed where it was named by its number alone (任务5)."""
    noun = topic_of(last.standalone_question) or _noun(before)
    shown = items_of(last.answer)
    return matter_of(shown[0]) if shown and (not noun or _REFERENCE.fullmatch(noun)) else noun


def topic_of(question: str) -> str:
    """What a question is about: what stands before its asking word, or behind 什么是; empty where nothing does."""
    if match := re.match("(?:请问)?什么(?:是|叫做?)(.+)$", question):
        return match.group(1).strip("？?。 ")
    before, *behind = _FIRST_ASK.split(question, maxsplit=1)
    if behind and before.endswith(_OCCASIONS):  # 受理后几天要作出决定？ is about the decision
        return f"{before}{_MODAL.sub('', behind[0]).strip('？?。 ')}"
    before = re.sub("(?:牵头|负责|主办|承办|配合)的?(?:单位|部门)?(?:的|是)$", "", before)
    return _TRAILING.sub("", _STATE_OF.sub("", before.strip("，,？? 吗吧呢")))


def _kept(before: Understood, last: Turn) -> tuple[str, ...]:
    return last.document_ids if _names_document(before) else ()


def _is_list(question: Understood) -> bool:
    """Whether a question was for a list of the ledger."""
    listing = question.intent in (Intent.ROWS, Intent.LEAD, Intent.COOPERATION, Intent.OVERDUE, Intent.PROGRESS)
    return question.wants_list or (listing and (bool(question.units) or question.wants_count))


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
    now_when, was_when = find_periods(spoken, _ANY_DAY), find_periods(question, _ANY_DAY)
    if (
        now_when
        and was_when
        and not now.units
        and len(_AND_THIS.sub("", spoken)) <= len(now_when[0].span.of(spoken)) + 2
    ):
        return question[: was_when[-1].span.start] + now_when[0].span.of(spoken) + question[was_when[-1].span.end :]
    if (new_one := _NUMBERED.search(spoken)) and _NUMBERED.search(question):
        return _NUMBERED.sub(new_one.group(), question, count=1)
    if _ATTRIBUTE.fullmatch(_AND_THIS.sub("", spoken)):
        return f"{_matter(before, last)}的{_AND_THIS.sub('', spoken)}是多少"
    if now.clauses and before.clauses:
        return readdressed(question, before.clauses, now.clauses)
    if _WHEN.search(spoken):
        return f"{_noun(before)}{_AND_THIS.sub('', spoken)}{_asking(question, before)}"
    new_object = _AND_THIS.sub("", spoken).strip("，,。？? 的")
    old_object = _ENDING_VERB.sub("", max(before.object.split(), key=len, default="")).rstrip(_PAYS)
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
    noun = max(understood.object.split(), key=len, default="").rstrip(_PAYS)
    return question.split(noun, 1)[-1] if noun and noun in question else question
