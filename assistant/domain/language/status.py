"""How far a sentence says a matter is: planned, in progress, done; and the word that says so.

Source of the lexicon: the phrasings of official replies and progress reports collected in ``docs/phrasings.md``.
拟 never becomes 已: a planned cue in the main clause wins over a verb of completion, and 尚未 over both.
"""

from __future__ import annotations

import re

from assistant.domain.dialogue import Status

# 已开办和拟开办的专业: the cue stands inside a description of a noun, it says nothing of the matter itself.
_ATTRIBUTIVE = re.compile(
    "(?:已[一-鿿]{1,12}?|(?<![局委办厅部院校会们])(?:拟|正在|将)[一-鿿]{1,8}?)(?:(?:和|或|、)(?:已|拟|正在|将)[一-鿿]{1,8}?)?的(?![0-9０-９一二三四五六七八九十百半])"
)
_QUOTED = re.compile("《[^》]{0,80}》|“[^”]{0,60}”")
# What a sentence gives as its reason says nothing of the matter: 鉴于该厂已完成改制，由…承继.
_BECAUSE = re.compile("(?:^|[，,。；;])(?:鉴于|由于|因(?!此|而|为此))[^，,。；;]{2,40}[，,]")
# 7月1日起正式运行 sets a day, 已于7月1日起运行 tells of one.
_FROM_DAY = re.compile(
    "(?<![已于自])(?:[0-9]{4}年)?[0-9]{1,2}月(?:[0-9]{1,2}日)?起(?:正式|全面)?(?:启用|运行|投用|施行|实施|执行|投入使用)"
)
_NOT_YET = re.compile("尚未|未能|还没有|没有|有待|暂不具备|暂未|未完成|未启动")
_DONE = re.compile(
    "正式成立|(?<=[，,；;])[^，,；;。：前内底末到确须应将拟要力争]{0,16}全部(?:完工|竣工|办结|建成投用)(?=[，,；;。]|$)|正式启用|正式运行|正式投入|正式挂牌|揭牌|挂牌成立|已全部完成|已经完成|已完成|全部完成|圆满完成|顺利完成|如期完成|已建成|"
    "建成投用|已成立|已组建|已印发|已出台|已建立|已设立|已举办|已开通|已落实|已办结|已发布|已签订|已签约|已制定|已投入|已实现|"
    "已达到|已开展|已修订|已审议通过|审议通过|正式印发|正式开通|通过验收|"
    "已(?:基本|全面|全部|提前|如期|顺利|陆续|先后|正式|于[^，。；]{2,12})?(?:完工|竣工|完成|建成|投用|开放|运行|印发|施行|实施|出台|上线|启用|开通|落地|办结|挂牌|成立)|"
    "^(?:完成|办结|已?落实|完工|竣工)$"
)
_ALREADY = re.compile(
    "(?:今年|去年|[0-9]{4}年)以来，(?![^。；]{0,60}?(?:将|拟|计划|要|应))|"
    "截[至止](?:到)?[^，。；]{2,14}，[^，。；]{0,24}(?:新建|完成|建成|发放|培训|开展|举办|组织|拨付|排查|化解|新增|改造)(?![^。；]{0,40}?(?:将|拟|计划|力争))|"
    "(?<![一公])共(?=(?:组织|举办|开展|完成|建成|发放|培训|投入|拨付|化解|排查|新增|改造|办理|接待)[^，。；]{0,24}[0-9一二三四五六七八九十百千万]{1,6}[^，。；0-9])|"
    "已经?(?=[一-鿿])(?!超期|逾期|滞后|延期|延误|到期|届满|责成|督促|要求|采纳|收悉|收到|关注|了解|知悉|注意)|累计(?=[一-鿿]{2})|(?:印发|出台|建成|完成|成立|制定|召开|举办|开展|发布|组建|建立|设立|签订|实施)了(?!解)"
)
# A thing that has come through one of these is on its way (该项目已完成初步设计); an office that did it has done it.
_STAGE = (
    "(?:初步设计|可研|可行性|选址|立项|前期|勘察|设计|招标|招投标|主体|土建|征地|拆迁|"
    "备案|初稿|征求意见|调研|论证|用地)"
)
_IN_PROGRESS = re.compile(
    f"(?<![局委办厅院部司队心校])已(?:经)?(?:完成|通过|取得|启动|形成){_STAGE}|"
    "正在|[尚仍还]在(?=[研推办建组制编])|主体(?:工程|结构|建筑)?(?:已)?(?:全部)?(?:封顶|完工)|已(?:于[^，。；]{2,12})?(?:进场|动工|开工|封顶|进入[^，。；]{1,8}阶段)|正(?=由|会同|对接|[与同和][^，。；]{2,24}(?:对接|协商|沟通|会商|衔接|研究|协调|洽谈)|按|抓紧|加快|组织|牵头|有序|研究|推进|编制|起草|着手|积极|稳步)|已启动|已着手|筹建中|筹建(?!情况|方案|工作|的)|(?:稳步|有序|扎实|顺利|加紧)推进(?=[，,。；、]|中|$)|加快推进中|正有序|加紧|(?:推进|进行|实施|建设|办理)中(?![的心小学医])|正式启动|"
    "启动建设|启动实施|进展顺利|持续推进中|在建(?![立设成构议])|在办(?![公理事结学案])|^(?:推进|进行|实施|办理|建设)中?$"
)
# 将 plans where its subject stands before it (市民政局将对…) or a verb after it; in 将人才纳入目录 it marks an object.
# 计划 plans as a verb; 年度计划, 行动计划 and 计划的 are papers.
_PLANNED = re.compile(
    "(?<![虚模比草])拟(?!定|订|制|写|人|任|稿|合|态)|(?:(?<=[局委厅办部署院室我们])|(?<=我[省市县区]))将(?![军领官士])"
    "|(?<!现)将(?=由(?![^，。；]{1,24}(?:调整|变更|改|更换)为)|于|会(?!议)|要|陆续|继续|进一步|不断|适时|牵头|建立|成立|组建|设立|启动|"
    "开展|完成|举办|举行|出台|印发|推出|建成|挂牌|召开|新建|改造|实施|加快|加强|加大|推进|争取|力争|投入|打造|达到|实现|发布|编制|新增|增设|开通|投用|安排|邀请|选派|公布|联合|会同|探索|"
    "扩大|优化|提升|完善|健全|推动|推广|制定|研究|积极|重点|按照?|根据|视|逐步|全面|坚持|在[0-9今明下近年]|[0-9])"
    "|(?<![作度设动展施产划技养坚科育训年造革期济个项])(?<!招[生聘录考])计划(?=[于由在到用组设举印编开新建投引再分将对今明年完实推增培招启]|[0-9])"
    "|(?<=近期|今后|年内|下步|明年|今年|适时|陆续|尽快)将|(?<=今年|明年)计划(?=[开完新建实启改推投安])"
    "|力争|争取|打算|预计|有望|即将|下一步(?!骤)"
)

_LAST_YEAR = re.compile(
    "(?:去年|上年|前年)[^，,。；;]{0,16}?(?:成立|组建|设立|揭牌|挂牌|建成|竣工|完工|印发|发布|出台|开通|启用|投用)(?!的)"
)
# What is told with its day has happened: 理事会于2024年11月22日成立. Not 11月22日前, and not what must be.
_TOLD = re.compile(
    "(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})月(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})日(?!前|内|起|之前|以前|止|至|—)"
    "[^，。；：前应须要拟将]{0,16}?(?:成立|组建|设立|揭牌|挂牌|建成|竣工|开工|完毕|完工|办结|印发|发布|出台|召开|举行|举办|签订|签约|开通|启用|投用|通过)(?!的?(?:时间|日期|前|后))"
)


def read_status(text: str) -> Status:
    """The status that the main clause of ``text`` states, with its cue; ``unclear`` where it states none."""
    visible = _QUOTED.sub(lambda m: "\x00" * len(m.group()), text)
    visible = _BECAUSE.sub(lambda m: "\x00" * len(m.group()), visible)
    visible = _FROM_DAY.sub(lambda m: "\x00" * len(m.group()), visible)
    visible = _ATTRIBUTIVE.sub(lambda m: "\x00" * len(m.group()), visible)
    if match := _NOT_YET.search(visible):
        return Status("unclear", match.group())
    planned, done = _PLANNED.search(visible), _DONE.search(visible)
    already = _ALREADY.search(visible)
    stage = _IN_PROGRESS.match(visible, done.start()) if done else None  # 已完成主体施工
    if done and not stage and not (planned and planned.start() < done.start() and done.group()[0] != "已"):
        return Status("done", done.group())
    under_way = _IN_PROGRESS.search(visible)
    if under_way and not (planned and planned.start() < under_way.start()):
        return Status("in_progress", under_way.group())
    # 已将护理员纳入目录，并计划组织培训: the first clause tells what is done.
    first = already and planned and re.search("[，,；;]", visible[already.end() : planned.start()])
    if planned and not first:
        return Status("planned", planned.group())
    if already:
        return Status("done", already.group())
    if match := _TOLD.search(visible) or _LAST_YEAR.search(visible):
        return Status("done", match.group())
    return Status()
