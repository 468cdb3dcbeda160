"""Evidence laid out for checking: its statements, what each one says, and what is an order rather than a statement.

A *statement* is what ends at 。 or ；. A *window* is the text that has to carry a claim whole: a statement, or a
statement with the one that governs it (由甲牵头：做子；做丑), so that facts of two statements are never mixed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from assistant.answering.evidence import Evidence
from assistant.domain.duties import roles
from assistant.domain.language import claims, modality
from assistant.domain.language.orders import gives_orders

_CELL = re.compile(r"(?:^|[;,。|\s])[^:;,。]{1,8}:(?!//)")
#: Kinds of things that have names of their own (碳纤维联合体, 产业学院).
THING = re.compile(
    "联合体|共同体|融合体|委员会|领导小组|专班|中心|平台|基地|园区|示范区|项目|工程|行动|条例|办法|方案|规划|章程|学院|大学|"
    "学校|公司|集团|目录|名录|专项|资金|基金|奖|协会|联盟|市场|产业|机制|制度|体系|系统|专业|课程|大赛|会议|论坛|智库"
)
_MADE = re.compile("(?:联合体|共同体|融合体|委员会|中心|平台|基地)$")  # bodies that others make: matter, not actors
# Who is responsible, in brackets behind the sentences that it assigns: …标准。（市场监管总局负责）
_ATTRIBUTION = re.compile(
    r"(?<=。)[(\[【](?P<who>[^()\[\]【】。]{2,120}(?:负责|牵头|配合|指导|参与|参加|落实|承担)[^()\[\]【】。]{0,16}"
    r"|(?:牵头|责任|负责|配合)单位:[^()\[\]【】。]{2,120})[)\]】]。?"
)
_BEFORE_ATTRIBUTION = re.compile(f"。{_ATTRIBUTION.pattern.replace('(?<=。)', '', 1)}")


@dataclass(frozen=True, slots=True)
class Facts:
    """What a folded text says, as far as rules can read it."""

    roles: tuple[roles.Playing, ...]
    units: tuple[str, ...]
    quantities: tuple[claims.Quantity, ...]
    moments: tuple[claims.Moment, ...]
    times: frozenset[str]
    done: frozenset[str]
    denials: tuple[str, ...]


@lru_cache(maxsize=4096)
def facts_of(text: str) -> Facts:
    """The facts of a folded text."""
    return Facts(
        tuple(roles.find_roles(text)),
        tuple(u.name for u in roles.named_units(text)),
        tuple(claims.find_quantities(text)),
        tuple(claims.find_moments(text)),
        claims.time_words(text),
        modality.done_verbs(text),
        tuple(modality.denials(text)),
    )


@dataclass(frozen=True, slots=True)
class Window:
    """A folded text that can carry a claim; from ``planned_at`` on, it speaks of plans (0: from before its start).

    ``topic`` is the text of the two windows before it, which may name its matter (二期正在施工 after 职教园区一期
    已建成); it states nothing here.
    """

    text: str
    planned_at: int | None
    topic: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """One piece of evidence, folded. ``around`` names things (title, number, headings, path) but states nothing."""

    body: str
    around: str
    windows: tuple[Window, ...]
    ordered: bool  # holds an order to a program: it carries nothing
    lines: tuple[str, ...] = ()  # its paragraphs, folded
    is_record: bool = False  # a row of a table: what its cells say belongs together


def lay_out(cited: Sequence[Evidence]) -> list[Source]:
    """The sources of a sentence, in the order of its citations."""
    return [_source(e.text, "\n".join((e.title, e.number or "", e.context, e.path))) for e in cited]


@lru_cache(maxsize=512)
def _source(text: str, around: str) -> Source:
    body = claims.folded(text)
    if gives_orders(text):
        return Source(body, claims.folded(around), (), True)
    windows: list[Window] = []
    lines = tuple(filter(None, (claims.folded(line) for line in text.split("\n"))))
    for line in lines:
        windows.extend(_windows(line))
    lines = tuple(_BEFORE_ATTRIBUTION.sub(r",\g<who>。", line) for line in lines)
    record = len(_CELL.findall(body)) >= 2 and len(body) < 600
    if not any(w.text == body for w in windows) and len(_CELL.findall(body)) >= 2:
        windows.append(Window(body, modality.planned_from(body)))
    if record:
        lines = (body,)
    return Source(body, claims.folded(around), tuple(_with_topics(windows)), False, lines, record)


def _with_topics(windows: list[Window]) -> Iterator[Window]:
    for n, window in enumerate(windows):
        yield replace(window, topic="\n".join(w.text for w in windows[max(0, n - 2) : n]))


def _windows(line: str) -> list[Window]:
    if len(_CELL.findall(line)) >= 2 and len(line) < 600:  # a table row: its cells belong together
        return [Window(line, modality.planned_from(line))]
    found: list[Window] = []
    start = 0
    for attribution in _ATTRIBUTION.finditer(line):  # it assigns all that stands since the one before it
        part = line[start : attribution.end()]
        found.extend(_sentences(part))
        found.append(Window(part, modality.planned_from(part)))
        start = attribution.end()
    return [*found, *_sentences(line[start:])]


def _sentences(part: str) -> list[Window]:
    found: list[Window] = []
    before: Window | None = None
    for sentence in filter(None, re.split(r"(?<=[。!?])", part)):
        if sentence.strip("。!?)] ") == "":
            continue
        items = _items(sentence)
        found.extend(items)
        if before is not None and len(items) == 1 and is_dependent(sentence):
            joined = before.text + sentence
            found.append(Window(joined, before.planned_at))
        before = items[0] if len(items) == 1 else None
    return found


def _items(sentence: str) -> list[Window]:
    """The statements of one sentence; 拟 before the first of a list governs those that say nothing else."""
    found: list[Window] = []
    planned = False
    head: Window | None = None
    for item in filter(None, re.split("(?<=;)", sentence)):
        at = modality.planned_from(item)
        own = facts_of(item)
        inherited = at is None and planned and not own.done and not modality.in_progress(item)
        if inherited:
            at = 0
        planned = inherited or (at is not None and item.startswith("拟", at))
        window = Window(item, at)
        found.append(window)
        if own.roles:
            head = window
        elif head is not None:
            found.append(Window(head.text + item, head.planned_at))
    return found


#: Words of official prose that carry no fact: they neither support a sentence nor speak against it.
GENERIC = re.compile(
    "根据|依据|按照|文件|答复|材料|原文|条款|该项|本项|此项|其中|以及|并且|而且|同时|此外|另外|目前|当前|主要|具体|有关|相关|进行|"
    "开展|推进|推动|加强|完善|做好|实施|落实|组织|工作|任务|事项|单位|部门|机关|负责|牵头|配合|参与|协助|协调|承担|共同|联合|双方|分别|"
    "由|的|了|和|与|及|或|在|于|为|是|将|拟|对|从|以|等|把|被|向|也|都|均|且|并|而|其|该|此|这|那|各|中|后|前|内|时|要|应|需|须|可|有|"
    "计划|打算|准备|预计|建立|成立|组建|设立|建设|打造|完成|时间|时限|期限|截止|最迟|底|目标|内容|方面|情况|进展|状态|处于|阶段|写明|"
    "载明|明确|指出|规定|提出|表示|说明|要求|显示|包括|包含|涉及|属于|作为|通过|采取|方式|形式|措施|已经|已|正在|正式|尚未|仍|还|未|"
    "不|没有|其余|余下|剩余|另有|共有|现有|可以|能够|应当|必须|需要|一个|一批|两个|两家|三家|几个|多个|共|总共|合计|名为|称为|叫做|就是|即|由此|因此|所以|因为|由于|"
    "关于|至于|对于|如下|以下|上述|前述|名单|责任|主办|会办|承办|协办"
)


def is_dependent(text: str) -> bool:
    """Whether a text names no matter of its own (“由市教育局牵头”, “2024年底前完成”): it goes with its neighbour."""
    bare = text
    for name in sorted({*facts_of(text).units}, key=len, reverse=True):
        if not _MADE.search(name):
            bare = bare.replace(name, "")
    bare = re.sub(r"[0-9一二三四五六七八九十〇]+|[年月日]|上半|下半|季度", "", bare)
    return len(re.findall("[一-鿿]", GENERIC.sub("", bare))) <= 3
