"""Words of closed classes, which cannot stand for each other: seasons and feasts, degrees, streets, what each is of.

A sentence that names one must find it in its evidence; 春季 for 秋季, 硕士 for 本科 and 每户 for 每台 are other facts
even where every other word stands. The same for what comes before and behind something (评估前 for 评估后).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.answering.checks.sources import Source
from assistant.answering.checks.wording import canonical, weighed_pairs

_CLASSES = (
    "春节|国庆|元旦|五一|劳动节|中秋|端午|清明节|暑假|寒假|春季|夏季|秋季|冬季|年中|年初|汛期|采暖季",
    "博士|硕士|本科|专科|大专|高中|初中|小学|幼儿园|中职|高职|研究生",
    "户籍|学籍|国籍",
    "笔试|面试|体检",
    "财政拨款|银行贷款|事业收入|自筹资金|专项债券",
    "公开招标|邀请招标|竞争性谈判|竞争性磋商|单一来源|询价",
)
_WORDS = re.compile("|".join(_CLASSES))
_DEPUTY = re.compile("(?:常务副|执行|名誉|副)(?P<office>理事长|会长|主任|组长|局长|市长|县长|秘书长|主席|院长|校长)")
_STREET = re.compile(
    "(?P<name>[一-鿿]{2}(?:大道|路|街(?![区道办])|巷))(?![一-鿿]{0,2}(?:建设|改造|运输|交通|径|线|灯|段|口|网))"
)
_NO_STREET = re.compile("[线公铁道思套出网电一上走半沿水陆空][路]|道路|的|[在到位于]$")
_EACH = re.compile("每(?P<of>台|户|亩|辆|校|班|间|套|家|课时|平方米|公里|学期|学年|季度|月|周|年|人|名|生|篇|次|场)")
_ONE_EACH = {"名": "人", "生": "人"}
_SIDE = re.compile(
    "(?P<what>[一-鿿]{2}(?<![目此以当滞落课先今然最随提日]))之?(?P<side>前|后)(?![期瞻沿往续勤置缀果备景顾台排任])"
)
_FROM = re.compile("自(?P<what>[一-鿿]{2,10}?)之日起")
_SHARED = 2  # pairs of characters before 是否 that a part must share to speak of it
_OTHER_SIDE = {"前": "后", "后": "前"}
_WHETHER = re.compile("是否(?P<what>[一-鿿]{2})")
_OPEN = re.compile("是否|决定|研究|确定|有没有|能否")


def exchanged(part: str, sources: Sequence[Source]) -> Iterator[str]:
    """What the part names of a closed class that its evidence does not, in Chinese, for logs and tests."""
    body = "\n".join(s.body for s in sources)
    known = body + "\n" + "\n".join(s.around for s in sources)
    for match in _WORDS.finditer(part):
        if match.group() not in known:
            yield f"“{match.group()}”不见于所引条款"
    for match in _DEPUTY.finditer(part):
        if match.group() not in known and match["office"] in known:
            yield f"“{match.group()}”不见于所引条款"
    for match in _STREET.finditer(part):
        name = match["name"]
        if name not in known and not _NO_STREET.search(name[:3]) and re.search(r"[一-鿿]{2}(?:大道|路|街|巷)", known):
            yield f"“{name}”不见于所引条款"
    written = {_ONE_EACH.get(m["of"], m["of"]) for m in _EACH.finditer(known)}
    for match in _EACH.finditer(part):
        of = _ONE_EACH.get(match["of"], match["of"])
        yearly = of == "年" and re.search("年度|全年|逐年", known)
        if written and of not in written and not yearly and "每个" not in known and "按" not in known:
            yield f"“{match.group()}”与原文不符"
    for match in _SIDE.finditer(part):
        same = re.search(f"{match['what']}之?{match['side']}", known)
        other = re.search(f"{match['what']}之?{_OTHER_SIDE[match['side']]}", known)
        unknown = weighed_pairs(match["what"]).get(match["what"], 0.0) >= 1 and match["what"] not in canonical(known)
        if (other and not same) or (unknown and canonical(match["what"]) not in canonical(known)):
            yield f"“{match.group()}”与原文的先后不符"
    for match in _FROM.finditer(part):
        begins = [m["what"] for m in _FROM.finditer(known)]
        if begins and not any(canonical(match["what"])[-2:] == canonical(b)[-2:] for b in begins):
            yield f"“{match.group()}”与原文的起算不符"
    for match in _WHETHER.finditer(body):
        told = part.count(match["what"]) or re.search("取消|停止|继续", part)
        beside = body[max(0, match.start() - 16) : match.start()]
        shared = sum(beside[i : i + 2] in part for i in range(len(beside) - 1))
        if told and shared >= _SHARED and not _OPEN.search(part):
            yield f"原文没有定下是否{match['what']}"
