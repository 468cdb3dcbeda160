"""Responsibility behind labels: 牵头单位：…；配合单位：…, in sentences, in brackets, and in the rows of tables.

A row of a table comes as ``序号：2；任务：…；牵头单位：…``: the words before ： are the head of its column and
a cell may hold several sentences. In a sentence a label ends with its sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.domain.dialogue import Status
from assistant.domain.duties.brackets import SUPPORT, Parties, read_bracket, states_first_leads
from assistant.domain.language.status import read_status
from assistant.domain.units.names import split_units

_LEADING = (
    "(?:总)?牵头|主要责任|第一责任|责任|主责|负责|主办|承办|组织|实施|落实|建设|办理|完成|承担|整改|"
    "(?:项目)?业主|(?:项目|行业)?主管"
)
_SUPPORTING = "配合|协办|协作|会办|参与|参加|参建|共建|支撑|协同|协助|(?:技术)?支持|成员"
_GUIDING = "(?:业务)?指导"
_KIND = "(?:单位|部门|处室|科室|机构|主体)"
_WHO = re.compile(
    f"(?P<part>{_LEADING}|{_SUPPORTING}|{_GUIDING}){_KIND}(?P<remark>（[^（）]{{1,24}}）)?"
    "(?:为|是)?[ 　]{0,3}[：:]\\s*"
    "(?P<value>[^；;。）)\\]】〕\\n：:]{1,200}?(?:（[^（）：:]{1,24}）)?)"
    "(?=[；;。）)\\]】〕\\n]|$|[，,、\\s]+[一-鿿]{2,6}[ 　]{0,3}[：:])"
)
_HEAD = re.compile(
    f"(?P<part>{_LEADING}|{_SUPPORTING}|{_GUIDING})(?:{_KIND}|方|（{_KIND}）)?(?P<remark>（[^（）]{{1,24}}）)?"
)
_CELL = re.compile("(?:^|[；;\\n])[ 　]*([^：:；;。\\n]{1,24})[：:]")
# A label inside a cell: 责任分工：牵头：市教育局，配合：市财政局.
# A run of spaces is entered at its first one alone, or long runs would take quadratic time.
_INNER = re.compile(
    f"(?:^|[，,。\\n]|(?<![ 　])[ 　])[ 　]*((?:{_LEADING}|{_SUPPORTING}|{_GUIDING})(?:{_KIND}|方)?)[：:]"
)
# 牵头/配合单位, 牵头单位（配合单位）: one column for two parts, told apart by the same mark in the cell.
_TWO_PARTS = re.compile(
    f"(?P<part>{_LEADING}){_KIND}?(?:[/／\\\\]|(?P<bracket>[（(]))(?P<other>{_SUPPORTING}){_KIND}?[）)]?"
)
_TASK = re.compile(
    "(?:主要|重点|具体|年度|目标|工作){0,3}(?:任务|工作|内容|事项|措施|举措|项目|目标)(?:名称|内容|事项|及要求)?"
)
_TASK_IN_SENTENCE = re.compile(
    "(?:任务|工作任务|重点任务|工作内容|事项|主要任务|任务内容|内容)[：:]\\s*([^；;\\n]{2,200})"
)
# 部门：市司法局；职责：负责…: a table of who does what.
_BODY_HEAD = re.compile("(?:成员|各)?(?:部门|单位|机构|科室|处室)(?:名称)?")
_DUTY_HEAD = re.compile("(?:主要|工作|具体|部门|单位)?(?:职责|任务|职能)(?:分工|任务)?|(?:职责|工作|任务)分工")
_LIMIT_HEAD = re.compile("(?:计划|要求)?(?:完成|办结|时间|进度)?(?:时限|期限|时间|节点|要求)|何时完成|完成日期")
_TELLS = re.compile("[已正尚在了]|累计|以来|以上")  # words of a status that are none of an aim
_STATE = re.compile("(?:工作|当前|目前)?(?:进展|进度|状态|完成|落实|推进|办理)(?:情况|结果|状态)?")
_ROLE = {
    "总牵头": "牵头",
    "主要责任": "责任",
    "第一责任": "责任",
    "主责": "责任",
    "负责": "责任",
    "组织": "牵头",
    "业务指导": "指导",
    **dict.fromkeys(("实施", "落实", "建设", "办理", "完成", "整改", "业主", "项目业主"), "责任"),
    **dict.fromkeys(("主管", "项目主管", "行业主管"), "责任"),
}
_ALSO = frozenset("技术支持 配合 协办 协作 会办 参与 参加 参建 共建 支撑 协同 协助 支持 成员".split()) | SUPPORT
_EMPTY = re.compile("^[—\\-－/／无空\\s]*$")
_REMARK = re.compile("[（(]([^（）()]{0,24})[）)]")
_SHARED = re.compile("(?:按(?:照)?(?:各自)?(?:职责|职能|任务)(?:分工)?|分别|共同|各自|分工){0,3}(?:负责|落实|实施)$")
_NAME = re.compile("[0-9A-Za-z·一-鿿（）()]{2,30}")
# 市水务局（牵头）、市财政局: the part of one name of the cell.
_PART_BESIDE = re.compile(
    f"([^、，,；;（）()\\s]{{2,24}})[（(](?:为)?(总?牵头|主办|{_SUPPORTING}|{_GUIDING}){_KIND}?[）)]"
)
# A group of bodies of one kind, which a table may make responsible alone: 各区水务局, 各县（市、区）人民政府.
_GROUP = re.compile(
    "各(?:有关|设区的?)?(?:县[（(]市、?区[）)]|市[（(]州、?[^（）()]{0,4}[）)]|乡镇[（(]街道[）)]|市、县|县区|区县|县市区|乡镇|镇街|[市州盟县区旗镇乡])"
    "[一-鿿]{0,12}?(?:局|委|政府|管委会|办事处|办公室|学校|中心)(?=[、，,；;。 　\\s（(]|等|$)"
)
_PARTED = re.compile("(?<=牵头|负责|配合|参与|协助|协办|会办|指导)[ 　]+(?=[一-鿿])")
_SAYS_PART = re.compile("(?:牵头|负责|配合|参与|协助|协办|会办|指导)$")


def read_labels(text: str, *, row: bool = False) -> list[Parties]:
    """The parties behind the labels of a sentence, or of a table's row; empty where no label names a unit.

    Beside a 牵头单位 (or 主办单位) every other 责任单位 cooperates; 承办 beside 主办 and 指导 are parties of their own.
    """
    by_part: dict[str, list[str]] = {}
    joint = ""
    first = False
    groups: dict[str, list[str]] = {}
    for part, remark, value in _who_in_row(text) if row else _who_in_sentence(text):
        remarks = remark + "".join(_REMARK.findall(value))
        first = first or states_first_leads(remarks)
        joint = joint or next((how for how in ("双", "共同") if how + "牵头" in remarks), "")
        for name, own in _PART_BESIDE.findall(value):
            by_part.setdefault(_ROLE.get(own, own), []).extend(split_units(name))
        for role, names in _names(part, _REMARK.sub("", _PART_BESIDE.sub("", value))):
            by_part.setdefault(_ROLE.get(role, role), []).extend(names)
        if row and part not in _ALSO:
            groups.setdefault(_ROLE.get(part, part), []).extend(_GROUP.findall(value))
    if not any(by_part.get(part) for part in groups):
        by_part = {
            **{part: names for part, names in groups.items() if names},
            **{p: n for p, n in by_part.items() if n},
        }
    return list(_parties(by_part, joint, first))


def labelled_task(text: str, *, row: bool = False) -> str | None:
    """What stands behind 任务： or 事项：, all of the cell in a table's row."""
    if not row:
        match = _TASK_IN_SENTENCE.search(text)
        return match.group(1).strip() if match else None
    return next((value for head, value in cells(text) if _TASK.fullmatch(head) and len(value) >= 2), None)


def row_state(row: str) -> Status:
    """How far a table's row says its matter is: in a column of its own (进展：已完成), else by its words.

    In a row with a limit and no such column a matter is still to be done: 主体完工 is what is wanted, not what is told.
    """
    named = next((read_status(value) for head, value in cells(row) if _STATE.fullmatch(head)), None)
    if named is not None:
        return named
    status = read_status(without_asides(row))
    limited = any(_LIMIT_HEAD.fullmatch(head) for head, _ in cells(row))
    aims = status.state in ("in_progress", "done") and not _TELLS.search(status.cue or "")
    return Status() if limited and aims else status


# What a row remarks beside the matter says nothing of how far it is: 备注：经费已落实.
_ASIDE = re.compile(
    "备注|说明|情况说明|依据|文件依据|政策依据|背景|现状|问题|存在问题|主要问题|资金来源|经费来源|附注|注"
)


def without_asides(row: str) -> str:
    """The words of a table's row without the columns that only remark (备注：经费已落实)."""
    return "；".join(f"{head}：{value}" for head, value in cells(row) if not _ASIDE.fullmatch(head)) or row


def cells(row: str) -> Iterator[tuple[str, str]]:
    """The cells of a table's row: the head of the column and what the cell says."""
    heads = list(_CELL.finditer(row))
    ends = [head.start() for head in heads[1:]] + [len(row)]
    for head, end in zip(heads, ends, strict=False):
        name, value = head.group(1).strip(), row[head.end() : end].strip(" 　；;\n")
        inner = list(_INNER.finditer(value))
        yield name, value[: inner[0].start()] if inner else value
        for label, stop in zip(inner, [*(i.start() for i in inner[1:]), len(value)], strict=False):
            yield label.group(1), value[label.end() : stop].strip(" 　，,")


def _who_in_sentence(text: str) -> Iterator[tuple[str, str, str]]:
    for match in _WHO.finditer(text):
        yield match["part"], match["remark"] or "", match["value"]


def _who_in_row(text: str) -> Iterator[tuple[str, str, str]]:
    for head, value in cells(text):
        if match := _TWO_PARTS.fullmatch(head):
            first, *other = re.split("[（(]" if match["bracket"] else "[/／\\\\]", value.rstrip("）)"), maxsplit=1)
            yield match["part"], "", first
            yield match["other"], "", "".join(other)
        elif match := _HEAD.fullmatch(head):
            yield match["part"], match["remark"] or "", value
    heads = [head for head, _ in cells(text)]
    if not any(_HEAD.fullmatch(head) for head in heads):
        yield from _who_in_sentence(text)
        if any(_DUTY_HEAD.fullmatch(head) for head in heads):
            yield from (("责任", "", value) for head, value in cells(text) if _BODY_HEAD.fullmatch(head))


def _names(part: str, value: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The names of a cell by part; a sentence in it may say another (经开区管委会配合。)."""
    for said in re.split("[。；;\\n]", value):
        said = _PARTED.sub("，", said.strip())
        if _EMPTY.match(said):
            continue
        plain = _SHARED.sub("", said)
        if _SAYS_PART.search(said) and plain == said and (stated := read_bracket(said, False)):
            yield (stated.role if stated.leads else "配合"), stated.leads
            yield "配合", stated.cooperators
        else:
            yield part, tuple(name for name in split_units(plain) if _NAME.fullmatch(name))


def _parties(by_part: dict[str, list[str]], joint: str, first: bool) -> Iterator[Parties]:
    support = [n for part in by_part if part in _ALSO for n in by_part[part]]
    guides = tuple(dict.fromkeys(by_part.get("指导", ())))
    leading = [part for part in by_part if part not in _ALSO and part != "指导" and by_part[part]]
    chief = next((part for part in ("牵头", "主办") if part in leading), leading[0] if leading else "")
    apart = ("承办",) if chief == "主办" else ()
    leads = list(by_part.get(chief, ()))
    for part in leading:
        if part != chief and part not in apart:
            # 责任单位 beside a 牵头单位 has its share of the work and not the lead.
            (support if chief in ("牵头", "主办") else leads).extend(by_part[part])
    if first and len(leads) > 1:
        leads, support = leads[:1], [*leads[1:], *support]
    if leads or support:
        role = (joint + chief if chief == "牵头" else chief) or "配合"
        yield Parties(tuple(dict.fromkeys(leads)), tuple(dict.fromkeys(n for n in support if n not in leads)), role)
    for part in apart:
        if by_part.get(part):
            yield Parties(tuple(dict.fromkeys(by_part[part])), (), part)
    if guides:
        yield Parties(guides, (), "指导")
