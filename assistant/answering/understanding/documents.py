"""How a question names documents and their parts: by kind, running number, title or clause."""

from __future__ import annotations

import re

from assistant.answering.understanding.manner import DIFFERS
from assistant.domain.language.text import fold

_KINDS = {
    "答复": "答复", "回复": "答复", "复函": "函", "提案": "提案", "建议案": "提案", "通知": "通知", "方案": "方案",
    "督办单": "督办单", "简报": "简报",
    "章程": "章程", "纪要": "纪要", "会议纪要": "纪要", "名单": "名单", "清单": "清单", "任务表": "清单",
    "分工表": "清单", "分解表": "清单", "台账": "台账", "通报": "通报", "行动计划": "行动计划",
    "批复": "批复", "意见": "意见", "决定": "决定", "函": "函",
}  # fmt: skip
_KIND = re.compile("|".join(sorted(_KINDS, key=len, reverse=True)))
KIND_NAMES = "|".join(sorted(_KINDS, key=len, reverse=True))
_SERIAL = re.compile("(?<![第0-9])([0-9]{1,4})号(?=文|答复|通知|函|文件|方案|意见)")
TITLE = re.compile("《([^》]{2,60})》")
CLAUSE_REF = re.compile(
    "第[〇零一二三四五六七八九十百0-9]{1,5}(?:条(?:之[一二三四五六七八九十](?![定些切直]))?|章|编(?![辑号制写])|项|款|节|部分|点)|第?[（(][一二三四五六七八九十]{1,3}[）)](?:条|项|款|点|目)?|[一二三四五六七八九十]{1,3}（[一二三四五六七八九十]{1,3}）|附件[一二三四五六七八九十0-9]*"
)
_NAMED = re.compile(
    "[一-鿿“”0-9]{2,24}(?:法|条例|规定|办法|细则|章程|方案|意见|通知|规划|纲要|决定|批复|复函)"
    "|[一-鿿“”0-9]{3,24}(?:清单|名单|通报|说明|报告)|[一-鿿“”0-9]{2,24}(?:任务分工|台账|工作要点|简报|督办单)"
    "|[一-鿿0-9]{1,10}年分工(?!表|方案)"
)
# 这份答复, 章程里, 建设方案的文号: the document is meant, not a thing of that name in general.
_POINTED = re.compile(
    f"(?:这|那|该|本|此)(?:份|个|件|篇)?[^，。？]{{0,6}}?({KIND_NAMES})"
    f"|({KIND_NAMES})(?=里|中(?!心)|上|内|全|一共|共|安排|第[0-9一二三四五六七八九十]|提|承诺|规定|说|写|怎么|是怎么|有没有|都|的(?:任务|事项|工作|内容|要求|文号|签发|联系|成文|发文|抄送|主送|标题|落款))"
)


def kinds_in(text: str) -> tuple[str, ...]:
    """Kinds of documents that are named, each once."""
    return tuple(dict.fromkeys(_KINDS[k] for k in _KIND.findall(text)))


def pointed_in(text: str) -> tuple[str, ...]:
    """Kinds of documents that are pointed at."""
    return tuple(dict.fromkeys(_KINDS[a or b] for a, b in _POINTED.findall(text)))


def serials_in(text: str) -> tuple[int, ...]:
    """Running numbers that stand for a document number (19号答复, 7号文)."""
    return tuple(int(n) for n in _SERIAL.findall(fold(text)))


# 市公安局在实施方案里, 按照建设方案: who is asked for in it is no part of its name.
_BEFORE_NAME = re.compile("^(?:请问)?(?:按照|根据|依据|依照|[^，。]{2,12}?[局委办厅院校会部心队府]在)(?=.{4})")


def names_in(text: str) -> tuple[str, ...]:
    """What may be the end of a title; of documents that are compared each has its own (建设方案和任务清单)."""
    if DIFFERS.search(text):
        text = re.sub("[和与跟对、，,]|以及|关于", "\n", text)
        return tuple(name for name in _NAMED.findall(text) if "的" not in name)  # 中试基地的时限规定 is what they say
    return tuple(_BEFORE_NAME.sub("", name) for name in _NAMED.findall(text))


def without_titles(text: str) -> str:
    """The text with every title in 《》 made unreadable, places kept."""
    return TITLE.sub(lambda m: "\x00" * len(m.group()), text)
