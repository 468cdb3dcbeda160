"""Whose words a sentence is: the office's own, somebody else's that it reports, or a formula that commits nobody.

Negative knowledge of official documents (``docs/phrasings.md``): what a proposer asked (您建议由…), what another
document provides (《意见》明确由…) and what was said at a meeting (与会人员认为) assign nothing here, unless the
sentence takes it up as its ground (按照省政府要求，由…); “发展改革委会同水利部研究提出了意见” only reports how a
letter was made.
"""

from __future__ import annotations

import re

_OTHERS = re.compile(
    "(?:您|你们|贵|(?<!全体)(?<!政协)委员们?|代表们?|提案人?|建议案|与会|有人|群众|市民|居民|专家|网民|舆论|家长|学者|(?<!本)提案)[^。；，]{0,16}?(?:(?:提出|认为|反映|希望|呼吁|指出|主张|留言|投诉|举报|质疑|(?<![名简职号])称(?![为号职赞]))(?!的|了)|"
    "(?<!的)建议(?=[，,：:“]?(?:由|将|尽快|进一步|加|建|设|对|在|以|出台|制定|推|完善|引|开|优|[省市县区])))"
    "|(?:意见|办法|条例|规定|方案|规划|通知|决定|细则|要点|讲话|批示|法|》)[^，。；：]{0,6}?(?:提出|明确|(?<!另有)(?<!的)规定|要求|指出|强调|部署)(?!的|了)"
    "|(?:^|[，。；])[据经](?:了解|核实|核查|调查|介绍|悉|报道|[^，。；]{0,8}(?:统计|测算|反映))"
    "|(?:^|[：，。；])[^，。；：]{0,12}(?<![本我该此项件条的])建议(?=[，,：:]?(?:由|请|将|把|[国省市县区各][一-鿿]{2}))"
    "|(?:^|[，。；])(?:如|像|据)?(?:邻市|邻县|邻省|外地|外省|外市|兄弟(?:省市|城市|地市|省份)|先进地区|发达地区|周边(?:城市|地市|省市))(?!的?经验，)"
    "|^(?:借鉴|参考|学习)[^，。；]{2,16}(?:经验|做法|模式)[^。；]{0,60}(?=值得|可以推广)"
)
_GROUNDS = re.compile(
    "按照?|根据|依据|针对|结合|围绕|落实|采纳|吸收|遵照|对照|为贯彻|本(?:方案|通知|意见|办法|章程|规定|细则|规划)|会议"
)
_FORMULA = re.compile(
    "研究提出|提出了?[^，。；]{0,8}意见(?:[：:]|如下|[，,]现)|[答函]复(?:意见)?如下|(?:函告|报告|汇报|通报|说明)如下|"
    "^[ 　]*(?:您|你们?)?[^。；]{0,60}(?:收悉|收到)[^。；]{0,60}(?:研究|答复|函复)"
)


def others_speak_from(text: str) -> int | None:
    """Where in a sentence others begin to speak (the proposer, another document, a speaker); None where nobody does."""
    voice = _OTHERS.search(text)
    return voice.end() if voice and not _GROUNDS.search(text, 0, voice.end()) else None


def formula_until(text: str) -> int:
    """How far a sentence only tells how an answer came about (经会同某部研究，现答复如下); 0 where it does not.

    Behind its colon the answer itself may begin: 某委会同某部研究提出了意见：某委将….
    """
    formula = _FORMULA.search(text)
    if formula is None:
        return 0
    colon = text.find("：", formula.end() - 1)
    return colon + 1 if colon >= 0 else len(text)


def is_formula(text: str) -> bool:
    """Whether a sentence tells how an answer came about, and nothing before that."""
    return formula_until(text) > 0
