"""Whose words a sentence is: the office's own, somebody else's that it reports, or a formula that commits nobody.

Negative knowledge of official documents (``docs/phrasings.md``): what a proposer asked (您建议由…), what another
document provides (《意见》明确由…) and what was said at a meeting (与会人员认为) assign nothing here, unless the
sentence takes it up as its ground (按照省政府要求，由…); “发展改革委会同水利部研究提出了意见” only reports how a
letter was made.
"""

from __future__ import annotations

import re

_OTHERS = re.compile(
    "(?:您|你们|贵|(?<!全体)(?<!政协)委员们?|代表们?|提案人?|建议案|与会|有人|群众|市民|居民|专家|网民|舆论|家长|学者|(?<!本)提案)[^。；，]{0,16}?(?:(?:提出|认为|反映|希望|呼吁|指出|主张)(?!的|了)|"
    "(?<!的)建议(?=[，,：:“]?(?:由|将|尽快|进一步|加|建|设|对|在|以|出台|制定|推|完善|引|开|优|[省市县区])))"
    "|(?:意见|办法|条例|规定|方案|规划|通知|决定|细则|要点|讲话|批示|法|》)[^，。；：]{0,6}?(?:提出|明确|规定|要求|指出|强调|部署)(?!的|了)"
    "|(?:^|[，。；])据(?:了解|介绍|悉|报道|[^，。；]{0,8}(?:统计|测算|反映))"
    "|^[^，。；]{0,12}(?<![本我])建议(?=[，,]?由)"
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


def is_formula(text: str) -> bool:
    """Whether a sentence only tells how an answer came about (经会同某部研究，现答复如下)."""
    return bool(_FORMULA.search(text))
