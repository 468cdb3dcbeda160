"""What an answer showed, as the next question may point at it: 第二条是谁负责, 它的协作单位, 第四条怎么答复的.

The items are the lines of the answer that cite something; what they are about is read from their words, for the
answer as it was shown is all that a follow-up can mean.
"""

from __future__ import annotations

import re

from assistant.domain.language.numerals import parse_numeral

_CITED = re.compile(r"\[[0-9]+\]")
_LEAD_IN = re.compile(
    "^(?:据《.*：$|按：|共 [0-9]+ [项条处个]|另外|另有|下列|关于“)|(?:提出|如下|列出|原文是)[：。]$|：。?$"
)
_OPENED = re.compile("(?:^|[：:])“")
_CELL = re.compile("(?:^|；)[^；：]{0,4}?(?:任务|事项|工作|项目|建议|内容|议题|措施|名称)[^；：]{0,4}：([^；]+)")
_MARKER = re.compile(
    "^(?:[·•\\-*]|（?[0-9一二三四五六七八九十]{1,3}[)）、.．]|第?[一二三四五六七八九十0-9]{1,3}[条项款]?[是、，：\\s]|任务[0-9一二三四五六七八九十]{1,3}|[〔【][^〕】]{1,8}[〕】])\\s*"
)
_ROLE_HEAD = re.compile("^[^“：]{2,60}(?:牵头|主办|负责|承办)(?:，[^“：]{2,60}配合)?(?:〔[^〕]+〕)*：")
_AFTER = re.compile("[，。；（(：]|$")
_LONGEST = 28  # characters of a matter
_NTH = re.compile(
    "^(?:刚才|刚刚|上面|上述|前面|列表|清单|名单|里面|其中|你)?(?:说|列|提|给)?(?:出|到)?的?(?:那)?"
    "(第([一二三四五六七八九十0-9]{1,3})|最后一?)(?:条|项|个|点|家|件)(?!议题|章|节|部分|阶段|季度|批|期|次)(?:建议|任务|事项|工作)?(?:的)?(.*)$"
)


def items_of(answer: str) -> tuple[str, ...]:
    """The lines of an answer that show something of the documents, without the numbers of their citations."""
    lines = [line.strip() for line in answer.split("\n")]
    cited = [line for line in lines if _CITED.search(line) and not _LEAD_IN.search(_CITED.sub("", line))]
    return tuple(_CITED.sub("", line).strip() for line in cited)


def _quoted(item: str) -> str:
    """What stands between the first opening mark, at the start or behind a colon, and the last closing one."""
    opened, closed = _OPENED.search(item), item.rfind("”")
    return item[opened.end() : closed] if opened and closed > 0 else ""


def matter_of(item: str) -> str:
    """What a line is about: the cell that names the matter, else the first words of what it quotes."""
    text = (_quoted(item) and _quoted(_ROLE_HEAD.sub("：", item, count=1))) or item
    if cell := _CELL.search(text):
        text = cell.group(1)
    while (shorter := _MARKER.sub("", text)) != text:
        text = shorter
    text = text[: _AFTER.search(text, min(4, len(text))).start()]  # type: ignore[union-attr]
    return text.strip("“”。；，、 ")[:_LONGEST]


def pointed_at(spoken: str, answer: str) -> tuple[str, str] | None:
    """The matter of the line that 第二条…, 最后一项… points at, and what is asked of it; None where nothing does."""
    match = _NTH.match(spoken)
    if match is None:
        return None
    items = items_of(answer)
    nth = len(items) if match.group(2) is None else parse_numeral(match.group(2))
    if nth is None or len(items) < 2 or not 1 <= nth <= len(items):
        return None
    matter = matter_of(items[nth - 1])
    return (matter, match.group(3)) if len(matter) > 1 else None
