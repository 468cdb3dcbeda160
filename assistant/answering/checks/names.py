"""Names in a sentence that the evidence does not know: units, titles, numbers of documents, offices, persons."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.answering.checks.sources import GENERIC, THING, Source, facts_of
from assistant.answering.checks.wording import HAN, is_subsequence, pairs_of
from assistant.domain.duties.roles import same_body
from assistant.domain.language import claims

_ANAPHOR = re.compile("[该其此本上]|前述|二者|两者")
_REFERENCE = re.compile(r"[\[【]\s*\^?\d{1,3}\s*[\]】]")
_ONLY = re.compile("仅由|仅有|只有|唯一|只由|仅限|独家|单独")
_ONLY_SUPPORT = re.compile("仅|只(?!要)|唯一|独家|限于|限定")
_LEVEL = re.compile(
    "(?:国家|世界|全国|省部|省|市|县|区|乡镇|校|院)级|全[国省市县区]|[东南西北][门部侧岸区线段路街站城]|[上中下]游"
)
# The two characters before a kind of thing must stand somewhere in the text, unless they are such words.
_NAMED = re.compile(f"(?:{THING.pattern})(?![0-9励补])|部门|机构|处室|[科处](?=[,。;、(]|$)")
_MORE_THAN_A_NAME = re.compile(
    "^(?:不?允许|不得|不准|剩余|其余|其他|剩下的?|另外|还|没|[一-鿿]{0,8}的|提前[一-鿿]{2,8}通知)+"
)
_TAKES = re.compile("纳入|列入|使用|安排|拨付|给予|提供|申请|获得|享受|参加|举办|落实|加入|依托|利用|管理|支付|发放")
_OPEN_BEFORE_THING = re.compile("[的该此各个这那本等和与及由为是、,]")
_OFFICE = re.compile(
    "(?:常务副|副|执行)?(?:理事长|秘书长|会长|主任|组长|局长|处长|厅长|市长|校长|院长|主席)(?:单位)?|签发人|联系人|负责人|主持人|"
    "主送机关|抄送|成员单位|秘书处|联系电话"
)


def foreign_names(sentence: str, text: str, sources: list[Source]) -> Iterator[str]:
    """Names, levels and sweeping words that the evidence does not hold."""
    body = "\n".join(s.body for s in sources)
    everything = "\n".join([body, *(s.around for s in sources)])
    if any(claims.folded(m.group()) not in everything for m in _REFERENCE.finditer(sentence)):
        yield "含有自编的注号"
    for name in claims.quoted_names(text):
        if name.strip("《》“”") not in everything:
            yield f"名称“{name}”不见于所引条款"
    latin = claims.latin_words(everything)
    for word in claims.latin_words(text):
        if word not in latin and (len(word) < 4 or word not in everything):
            yield f"“{word}”不见于所引条款"
    for person in claims.named_persons(text):
        if person not in everything:
            yield f"人名“{person}”不见于所引条款"
    yield from _offices(text, body)
    known = set(claims.identities(everything))
    for identity in claims.identities(text):
        if not any(identity.endswith(other) or other.endswith(identity) for other in known):
            yield f"文号“{identity}”不见于所引条款"
    units = {*facts_of(everything).units}
    for unit in facts_of(text).units:
        if not unit_known(unit, units, everything):
            yield f"单位“{unit}”不见于所引条款"
    for match in _NAMED.finditer(text):
        lead = text[max(0, match.start() - 2) : match.start()]
        names = len(lead) == 2 and all(HAN.match(c) for c in lead) and not _OPEN_BEFORE_THING.search(lead)
        if names and not _TAKES.fullmatch(lead) and lead not in everything and not GENERIC.search(lead):
            yield f"“{lead}{match.group()}”不见于所引条款"
    for match in _LEVEL.finditer(text):
        level = match.group()
        several = level[-1] == "级" and re.search(f"{level[:-1]}[省市县区乡镇、和与及]*[两三四]级", everything)
        if (
            level not in everything
            and not several
            and not (level[0] == "全" and re.search(f"[我本]{level[1]}", everything))
        ):
            yield f"层级“{match.group()}”不见于所引条款"
    if _ONLY.search(text) and not _ONLY_SUPPORT.search(body):
        yield "“唯一”之类的说法没有依据"


def _offices(text: str, body: str) -> Iterator[str]:
    """Who holds an office, or what stands under a label, must stand beside the same label in the text."""
    for match in _OFFICE.finditer(text):
        label = match.group()
        beside = [
            _holder(body, m.start()) + "\n" + _value(body, m.end())
            for m in _OFFICE.finditer(body)
            if m.group() == label
        ]
        given = re.match(r"(?:为|是|由|系|:|设在|叫)+([一-鿿0-9x]{2,24})", text[match.end() :])
        names = re.split("[、和与及]", re.split("担任|推荐|兼任", given.group(1))[0]) if given else []
        if not given and (subject := re.search(r"(?:^|,)([^,]{2,40}?)(?:是|为|担任|兼任|任)$", text[: match.start()])):
            names = re.split("[、和与及]", subject.group(1))
        names = [n.replace("的", "") for n in names]
        beside = [b.replace("的", "") for b in beside]
        if beside and any(
            n and not _ANAPHOR.match(n) and not any(_is_value(n, b) or _bare_in(n, b) for b in beside) for n in names
        ):
            yield f"“{label}”与原文不符"


def _is_value(name: str, beside: str) -> bool:
    value = beside.strip("\n由为是系:")
    return name in beside or (len(value) >= 4 and value in name)


def _bare_in(name: str, beside: str) -> bool:
    return any(same_body(name, unit) for unit in facts_of(beside).units)


def _holder(body: str, end: int) -> str:
    found = re.search(r"([^,;。:()]{2,40})(?:是|为|担任|兼任|任)$", body[max(0, end - 44) : end])
    return found.group(1) if found else ""


def _value(body: str, start: int) -> str:
    rest = re.split("[,;。)]", re.sub(r"\([^()]*\)", "", body[start : start + 200]), maxsplit=1)[0]
    after = _OFFICE.search(rest)
    # 秘书长由理事长提名: the office that follows is who acts, and no label of its own.
    return rest[: after.start()] if after and rest[: after.start()].strip("由为是系:的") else rest


def unit_known(unit: str, units: set[str], everything: str) -> bool:
    """Whether the evidence names the unit, in this or another accepted form."""
    if unit in everything or (unit[0] in "个家所座处名项届" and unit[1:] in everything):
        return True
    plain = _MORE_THAN_A_NAME.sub("", unit)
    if plain != unit and len(plain) > 1 and plain in everything:
        return True
    for other in units:
        if same_body(unit, other) and (
            len(unit) <= len(other) or unit[0] == other[0] or unit[: -len(other)] in everything
        ):
            return True
        if unit[:2] == other[:2] and unit[-1] == other[-1] and is_subsequence(unit, other) and unit[-2:] in other:
            return True  # 碳纤维联合体 for 碳纤维市域产教联合体
    pairs = pairs_of(unit)
    if len(unit) >= 8 and unit[-1] not in "局委办厅部署" and sum(p in everything for p in pairs) >= 0.6 * len(pairs):
        return True  # more than a name was read: 成员单位要退出联合体
    office = re.search("(?:办公室|秘书处|专班|领导小组)$", unit)
    if office and office.group() in everything and unit[: office.start()] in everything:
        return True
    return any(
        THING.search(unit[-4:]) and unit.endswith(t) and unit[: -len(t)] in everything for t in _thing_ends(unit)
    )


def _thing_ends(unit: str) -> list[str]:
    return [m.group() for m in THING.finditer(unit) if unit.endswith(m.group())]
