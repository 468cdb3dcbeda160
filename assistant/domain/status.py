"""How far a sentence says a matter is: planned, in progress, done; and the word that says so.

Source of the lexicon: the phrasings of official replies and progress reports collected in ``docs/phrasings.md``.
拟 never becomes 已: a planned cue in the main clause wins over a verb of completion, and 尚未 over both.
"""

from __future__ import annotations

import re

from assistant.domain.dialogue import Status

# 已开办和拟开办的专业: the cue stands inside a description of a noun, it says nothing of the matter itself.
_ATTRIBUTIVE = re.compile("(?:已|拟|正在|将)[一-鿿]{1,8}?(?:(?:和|或|、)(?:已|拟|正在|将)[一-鿿]{1,8}?)?的")
_QUOTED = re.compile("《[^》]{0,80}》|“[^”]{0,60}”")
_NOT_YET = re.compile("尚未|未能|还没有|没有|有待|暂不具备|暂未|未完成|未启动")
_DONE = re.compile(
    "正式成立|正式启用|正式运行|正式投入|正式挂牌|揭牌|挂牌成立|已全部完成|已经完成|已完成|全部完成|圆满完成|顺利完成|如期完成|已建成|"
    "建成投用|已成立|已组建|已印发|已出台|已建立|已设立|已举办|已开通|已落实|已办结|已发布|已签订|已签约|已制定|已投入|已实现|"
    "已达到|已开展|已修订|已审议通过|审议通过|正式印发|正式开通|通过验收"
)
_ALREADY = re.compile("已经?(?=[一-鿿])")
_IN_PROGRESS = re.compile(
    "正在|正抓紧|已启动|已着手|筹建中|筹建(?!情况|方案|工作|的)|稳步推进|有序推进|扎实推进|加快推进中|推进中|进行中|实施中|建设中|办理中|正式启动|"
    "启动建设|启动实施|进展顺利|持续推进中|正积极"
)
_PLANNED = re.compile(
    "拟(?!定|订|制|写|人|任)|计划(?=[^生书署表的单经性内外》]|$)|(?<!现)将(?![军领官士])|力争|争取|打算|准备|预计|下一步"
)


def read_status(text: str) -> Status:
    """The status that the main clause of ``text`` states, with its cue; ``unclear`` where it states none."""
    visible = _QUOTED.sub(lambda m: "\x00" * len(m.group()), text)
    visible = _ATTRIBUTIVE.sub(lambda m: "\x00" * len(m.group()), visible)
    if match := _NOT_YET.search(visible):
        return Status("unclear", match.group())
    planned, done = _PLANNED.search(visible), _DONE.search(visible)
    if done and not (planned and planned.start() < done.start() and done.group()[0] != "已"):
        return Status("done", done.group())
    under_way = _IN_PROGRESS.search(visible)
    if under_way and not (planned and planned.start() < under_way.start()):
        return Status("in_progress", under_way.group())
    if planned:
        return Status("planned", planned.group())
    if match := _ALREADY.search(visible):
        return Status("done", match.group())
    return Status()
