"""How far a folded text says that matters are, and what it denies: 拟 is not 已, 尚未 is neither.

Sources of the lexicons: the phrasings of official replies, plans and progress reports (docs/phrasings.md). Used to
compare a sentence with the clause that it cites; the status of a commitment is :mod:`assistant.domain.language.status`.
"""

from __future__ import annotations

import re

# 将 counts where a future verb or 由/于/在 follows: in 将人才纳入目录 it only marks the object.
_FUTURE = (
    "将(?=由|于|会|在|要|陆续|继续|进一步|适时|牵头|建立|成立|组建|设立|启动|开展|完成|举办|举行|出台|印发|推出|建成|挂牌|召开|"
    "新建|改造|实施|加快|加强|推进|争取|力争|投入|打造|达到|实现|发布|编制|制定|研究)|即将"
)
_PLAN = (
    "(?<![虚模比草])拟(?!定|订|制|写|人|任|合)|(?<!原定)(?<!既定)(?<!年度)计划(?=[一-鿿0-9])(?![生书署表的单经性内外中》])|"
    f"力争|打算|准备|预计|有望|{_FUTURE}"
)
_PLANNED = re.compile(_PLAN)
_SCHEDULED = re.compile("将|即将|预计")
_STRONG = re.compile(
    "(?<![虚模比草])拟(?!定|订|制|写|人|任|合)|(?<![工作年度建设行动发展])计划(?=[建于由在组设举印编开])"
)
#: What may stand for 拟 in another wording.
_PLANNED_WORDING = re.compile(
    f"{_PLAN}|将(?![军领士近])|争取|筹备|筹建|规划|待建|下一步|目标|设想|要求|应当?|须|需|要在|要于|时限|期限|完成时间|限期|截止|最迟|鼓励|引导|支持|倡导"
)
# A clause after the one of 拟 is planned too where it does something; 公示期7天 and 占地200亩 only describe.
_GOVERNED = re.compile(
    "牵头|成立|组建|建立|设立|建成|建设|新建|改造|投入|投资|完成|启动|开工|开展|印发|出台|发布|开通|启用|运行|召开|举办|实施|制定|编制|"
    "推动|推进|支持|给予|安排|引进|培育|纳入|聘请|开发|统一|开行|延伸|整治|实现|负责"
)
_OWN_SUBJECT = re.compile("[^由]{2,}由")
_DESCRIBES = re.compile("(?:已|拟|正在|将)[一-鿿]{1,8}?(?:(?:和|或|、)(?:已|拟|正在|将)[一-鿿]{1,8}?)?的")
_QUOTED = re.compile("《[^》]{0,80}》|“[^”]{0,60}”")

_FOUNDED = "成立|组建|建立|设立|建成|建好|落成|挂牌|揭牌|建设完成|组成|创建"
_FINISHED = "完成|办结|结束|完毕|收官|完工|竣工|落实到位|兑现|达成"
_ISSUED = "印发|发布|出台|下发|公布|颁布|公示"
_STARTED = "启动|开始|开工|展开|开展|动工|实施"
_OPENED = "开通|投入使用|投用|启用|运行|开放|上线"
_MET = "召开|举办|举行|举办"
_CLASSES = {
    "成立": _FOUNDED,
    "完成": _FINISHED,
    "印发": _ISSUED,
    "启动": _STARTED,
    "启用": _OPENED,
    "召开": _MET,
    "通过": "通过",
    "达到": "达到|实现|超额",
    "签订": "签订|签约|签署",
    "落实": "落实",
}
_ANY = "|".join(_CLASSES.values())
_CLASS_OF = {word: name for name, words in _CLASSES.items() for word in words.split("|")}
_DONE = [
    re.compile(
        f"(?:(?<![而业早久以])已(?!知|婚|故)经?|业已|正式|顺利|圆满|如期|均已|现已|早已)(?P<gap>[^,，。;；]{{0,12}}?)(?P<verb>{_ANY})"
    ),
    re.compile(f"(?P<gap>)(?P<verb>{_ANY})(?:了|完毕|完成|投用)"),
    re.compile(f"(?P<gap>全部|全面|基本|均|都)(?P<verb>{_FINISHED}|{_FOUNDED}|落实)(?!的)"),
]
_ALREADY = re.compile(
    "(?<![而业早久以])已(?!知|婚|故)经?+(?![市省县区州国党])(?P<verb>[一-鿿]{2})|(?P<before>[一-鿿]{2})了(?=[^解得不]|$)"
)
# A finished event told with its day: “5月16日，…成立”.
_TOLD = re.compile(
    f"[0-9]日(?!前|内|起|之前|以前)[^。;；]{{0,40}}?(?P<verb>{_FOUNDED}|{_ISSUED}|{_MET}|{_OPENED}|通过|签订|签署)"
)
_NOT_DONE = re.compile("前|应当?|须|要(?!求)|力争|争取|确保|必须|各(?:地|级|县)")
_IN_PROGRESS = re.compile(
    "正在|正(?=抓紧|积极|按|有序|加快|会同|组织|研究|推进|编制|起草|对接|办理|协调|与|同)|筹建中|推进中|进行中|建设中|办理中|实施中|推进当中|稳步推进|有序推进|加快推进|扎实推进|"
    "已启动|已着手|进展顺利|施工"
)
_PROGRESS_CLAIM = re.compile("正在|筹建中|推进中|进行中|建设中|办理中|实施中|已着手")

_NOT_YET = "尚未|仍未|并未|从未|还未|暂未|未曾|未能|未予|还没有|还没|没有|没能|暂不|尚不|有待|"
_NEGATION = re.compile(
    _NOT_YET
    + "不再|不予|不得|不宜|不能|不会|不是|不应|严禁|禁止|取消|停止|终止|暂停|撤销|废止|拒绝|否决|驳回|"
    + "无法|无需|无须|无权|并非|而非|未(?!来|成年|央|必)|不|无(?=[一-鿿])"
)
# Verbs that end a thing; what follows them is not denied but acted on.
_ENDINGS = frozenset("取消 停止 终止 暂停 撤销 废止 拒绝 否决 驳回".split())
_NO_NEGATION = re.compile(
    "(?:不得|不能|不应|不会)(?:少于|低于|小于|超过|高于|多于|大于|超出)|"
    "不断|不仅|不但|不少于|不低于|不超过|不高于|不多于|不同(?!意)|不论|不管|不等|不限于|不限|不日|不久|不动产|不可或缺|必不可少|不足|不良|不迟于|"
    "不晚于|无人|无论|无线|无障碍|无偿|无缝|无锡|无疑|未来|与众不同|不懈|不竭|不忘|川流不息|不一|无废|无碍|无形|无公害|无菌"
)


def plans(text: str) -> bool:
    """Whether the text, in any wording, says that the matter is still to come."""
    return bool(_PLANNED_WORDING.search(text))


def claims_plan(text: str) -> bool:
    """Whether the text claims outright that something is only planned (拟, 计划建立)."""
    return bool(_STRONG.search(_QUOTED.sub("", text)))


def plans_outright(text: str) -> bool:
    """Whether the text holds a word that states a plan (拟, 计划, 将由, 力争), in a description too."""
    return bool(_PLANNED.search(text))


def planned_from(text: str) -> int | None:
    """Where in a statement the planned part begins (the place of 拟), or None; 拟 inside a description is left out.

    What follows the word up to the statement's end is governed by it, what precedes it is not. 将 and 预计 set a time
    for their own clause: see :func:`planned_to`.
    """
    visible = _DESCRIBES.sub(lambda m: "\x00" * len(m.group()), _QUOTED.sub(lambda m: "\x00" * len(m.group()), text))
    match = _PLANNED.search(visible)
    return match.start() if match else None


def planned_to(text: str, start: int) -> int:
    """Where the planned part that begins at ``start`` ends.

    After 将 and 预计 with the clause; after 计划 and 力争 before a clause that assigns (由某局负责); after 拟 before a
    clause that only describes.
    """
    if text.startswith("拟", start):
        governed = start
        for clause in re.finditer("[^,，;；。]+[,，;；。]?", text[start:]):
            if clause.start() and (
                clause.group().startswith("由")
                or not _GOVERNED.search(clause.group())
                or _OWN_SUBJECT.match(clause.group())
            ):
                break
            governed = start + clause.end()
        return governed
    rest = "[,，](?:由|[^,，;；。为]{2,8}(?:为|是)(?![了避])[0-9一-鿿])|[;；。]"
    end = re.search("[,，;；。]" if _SCHEDULED.match(text, start) else rest, text[start:])
    return start + end.start() if end else len(text)


def done_verbs(text: str) -> frozenset[str]:
    """What the text says has happened, by kind (成立, 完成, 印发 …), or the verb itself where it is of no kind."""
    visible = _without_denied(text)
    found: set[str] = set()
    for rule in _DONE:
        for match in rule.finditer(visible):
            if not _PLANNED.search(visible, max(0, match.start() - 12), match.start()):
                found.add(_CLASS_OF[match["verb"]])
    for match in _ALREADY.finditer(visible):
        verb = match["verb"] or match["before"]
        if not any(verb in rule for rule in (_ANY,)):
            found.add(verb)
    for match in _TOLD.finditer(visible):
        if not _PLANNED.search(match.group()) and not _NOT_DONE.search(match.group()):
            found.add(_CLASS_OF[match["verb"]])
    return frozenset(found)


def in_progress(text: str) -> bool:
    """Whether the text can carry a claim that the matter is under way."""
    return bool(_IN_PROGRESS.search(text))


def claims_progress(text: str) -> bool:
    """Whether the text claims that the matter is under way."""
    return bool(_PROGRESS_CLAIM.search(text))


def denials(text: str) -> list[str]:
    """What follows each word of negation, up to six characters; look-alikes such as 不断 and 未来 are none."""
    visible = _NO_NEGATION.sub(lambda m: "\x00" * len(m.group()), text)
    return [visible[m.end() : m.end() + 6].split("\x00")[0] for m in _NEGATION.finditer(visible)]


def denied_tails(text: str, reach: int) -> list[str]:
    """What follows each word of negation, up to ``reach`` characters or the next such word."""
    visible = _NO_NEGATION.sub(lambda m: "\x00" * len(m.group()), text)
    found = [m for m in _NEGATION.finditer(visible) if m.group() not in _ENDINGS]
    edges = [*(m.start() for m in found[1:]), len(text)][: len(found)]
    return [text[m.end() : min(edge, m.end() + reach)] for m, edge in zip(found, edges, strict=True)]


def _without_denied(text: str) -> str:
    visible = _NO_NEGATION.sub(lambda m: "\x00" * len(m.group()), text)
    pieces = re.split("([,，。;；])", visible)
    return "".join("" if _NEGATION.search(p) and not re.search("已|完成了", p) else p for p in pieces)
