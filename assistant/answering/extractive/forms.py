"""Forms of questions for content, and what a sentence must have to answer one: a reason, a frequency, an amount, …

A sentence that fits the form is preferred; where a form is ``needed`` and no sentence about the matter fits, the
documents do not state what was asked (文件未载明原因), whatever else they say of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

_FIGURE = "[0-9０-９一二两三四五六七八九十百千万亿.．％%]"
Fits = Callable[[str], re.Match[str] | None]


@dataclass(frozen=True, slots=True)
class Form:
    """One form: what it is called to the reader, how a sentence shows it, what that adds to its score (logits of
    :mod:`assistant.answering.retrieval.ranking`), and whether it is needed."""

    name: str
    fits: Fits
    bonus: float
    needed: bool = False


_COUNTED = re.compile(
    "(?:(?<!哪)几(?!乎)|多少)(?:来|余)?(平方米|公里|千米|小时|分钟|个月|个人(?!信息|所得)|毫升|公斤|千克|毫克|厘米|分贝|周岁|[个项件家条名人所次亩元台套期年天种类位场门处倍篇份章吨辆只间栋股米岁升级届]|分(?![钟之别成为]))"
    "(?=(?P<noun>(?!出席|参加|加入|同意|可以|才能|就能|以上|以内)[一-鿿]{2,8}?(?=[？?，。]|$|的|了|是|有|组成|参加|加入|构成|同意|才能|出席))?)"
)
_WHICH = re.compile("哪几[家个位名所]|哪些(?:家|人|单位|企业|学校|专家)")
_NAMED = re.compile("叫什么(?:名字)?|(?:名字|姓名)(?:是|叫|有)?(?:什么|哪些)?|都有谁|名单")
_CLASS = re.compile(
    "(?:由|是|让|请|委托)?哪(?:个|家|些|几[个家所位]|所|位)(公司|企业|学校|院校|医院|专家|银行|媒体|厂家?)"
)
_WHO = re.compile(
    "(?!单位|部门|机关|机构)([一-鿿]{2})(?:是谁|由谁(?:来)?担任|谁(?:来)?(?:担任|当))|谁(?:是|担任|当)(?![^，。？]{0,4}(?:牵头|主管))[^，。？]{0,6}?([一-鿿]{2})(?:[？?，。]|$)"
)
_SHARE = re.compile(
    "比例|占比|百分之|几成|占(?!地)[^，。？]{0,8}(?:多少|多大|几)|率(?:是|为|达到?)?(?:了)?多少|几分之几|费率|税率"
)
_MONEY = re.compile(
    "多少钱|多少(?:贷|欠|罚)?款(?!项)|多少(?:万|亿)?元|多少(?:万|亿)(?![^，。？]{0,4}[人家名个次])|金额(?:是|为|有|达)?(?:多少|多大)|(?<=[罚赔缴])多少|(?:(?<=资金)|(?<=经费)|(?<=投资)|(?<=预算)|(?<=奖金)|(?<=补[贴助])|(?<=津贴)"
    "|(?<=收入)|(?<=产值)|(?<=会费)|(?<=费用)|(?<=工资)|(?<=报酬)|(?<=罚款)|(?<=学费)|(?<=奖励)|(?<=押金)|(?<=保证金))[^，。？]{0,6}?(?:多少|多大(?![岁年])|几(?![个岁]))"
)
_FREQUENT = re.compile(
    "多久(?=[^，。？]{0,10}[一几]?次)|多长时间(?=[^，。？]{0,12}次)|频次|频率|(?:每年|一年|每月|每季度?|每半年|每学期)[^，。？]{0,10}(?:几|多少)(?:次|场|回|期)|隔多久"
    "|多久(?=[^，。？]{0,16}[一几两](?:回|遍|趟))|多久[^，。？]{0,4}(?:更新|报告|评估|考核|调整|通报|开会|公布|发布)"
)
_TIMES = re.compile("[一几两][次回遍趟](?=会|$|[？?，。])")
_AHEAD = re.compile("提前(?:多久|多少|几)")
_SPAN = re.compile(
    "多久|多长时间|(?<=期)多长|(?<=期限)(?:是|为)?多少|(?<![近这前上第头哪])(?:多少|几)个?(?:工作日|小时|分钟|星期|礼拜|月|年|天|日|周)(?![级度份会])(?:之?内|以内)?"
)
_SINCE = re.compile(
    "(?:从|自)?(?:什么时候|何时|啥时候|哪一?[天年日]|几月几?[日号]?)(?:起|开始|正式)*(?=施行|生效|实施|执行|算(?:起)?(?:[？?。]|$))|(?<=施行|生效|实施)(?:的)?(?:日期|时间)|(?<=施行|生效|实施)(?:是)?(?:哪天|何时|什么时候)"
)
_AGE = re.compile("多大(?:岁数|年纪|年龄)|(?:多少|几)周?岁|年龄(?:是|为)?多(?:大|少)")
_LASTS = re.compile("有效期|任期|期限|周期|届期|试用期|保存期|间隔")
_WHEN = re.compile("什么时候|啥时候|何时|几时|哪一?[年月日天]|几月(?:几[日号])?|什么时间|几[号日]")
_WHICH_PLACES = re.compile(
    "哪(?:些|几|[0-9０-９一二两三四五六七八九十]+)[个座]?(?=省市|城市|省份|地区|省|市|县|国家)|哪[个座](?=城市|省|市(?!场|民)|县)"
)
_WHY = re.compile(
    "为什么|为何|为啥|何故|(?:什么|啥)(?:原因|理由|缘故)|(?:原因|理由)(?:是|有|在)|怎么会|出于什么|(?:的|了)(?:原因|理由)"
)
_CONDITION = re.compile(
    "什么(?:情况|情形|条件|前提)(?:之?下)?|哪些(?:情况|情形)|何种(?:情况|情形)|什么时候可以|例外|除外"
)
_WHERE = re.compile("在(?:哪里|哪儿|哪(?![些个家一])|何处|什么地方)|什么地方|设(?:在)?哪|地点|哪里(?:召开|举行|办)")
_PENALTY = re.compile(
    "(?:怎么|如何|咋|怎样)(?:个)?(?:罚|处罚|处理|处分|追责|追究)|(?:什么|啥|哪些|何种)(?:处罚|处分|后果|罚则|法律责任|责任(?!单位|部门|人))|会(?:怎么样|怎样|咋样)(?=[？?。]|$)"
    "|(?:会|要|得)(?:不会)?(?:被)?(?:罚|处罚|处分|追究)(?!款?多少)"
)
_BY_WHOM = re.compile(
    "由谁|归谁|谁来|(?:找|问|咨询)谁|谁(?:管|批|定|审|出|负责|制定|认定|决定|批准|组织|监督|任命|选)|(?:哪个|哪些|哪一?级|什么)(?:部门|单位|机关|机构|政府)|哪级政府"
)
_MEANING = re.compile("什么(?:叫做?|是)|(?:是|指)(?:的)?(?:什么|啥)(?![时地原])|什么意思|含义|(?:的)?定义|何谓|所称")


_RULES = re.compile(
    "不得|禁止|严禁|不准|不予|不应|不再|不能|可以|应当|必须|须经|有权|允许|同意|无需|无须|免于|不需要?|予以支持"
)


def permission() -> Form:
    """What answers whether something may or must be done: a rule, rather than what follows where it is broken."""
    return Form("可否", _RULES.search, 1.5)


def only_ruled(form: Form, text: str) -> bool:
    """Whether a sentence that is asked for an amount only says by what it is reckoned (按照国家规定缴纳)."""
    said = form.fits(text) if form.name == "金额" else None
    return said is not None and _RULED_AMOUNT.fullmatch(said.group()) is not None


def asks_time(text: str) -> bool:
    """Whether a question asks how long something lasts, from which day it holds, or when a case arises."""
    return bool(_SPAN.search(text) or _SINCE.search(text) or _WHEN.search(text) or _LASTS.search(text))


def asks_length(text: str) -> bool:
    """Whether a question asks how long something lasts or may last."""
    return bool(_SPAN.search(text))


def asks_number(text: str) -> bool:
    """Whether a question asks for a number of something (最晚几岁): not for a day."""
    return bool(_COUNTED.search(text))


def asks_first_day(text: str) -> bool:
    """Whether a question asks from which day a text applies."""
    return bool(_SINCE.search(text))


def form_of(text: str, words: str) -> Form | None:
    """The form of a question, if it is one of those known; ``words`` name its object."""
    return next(
        (form for pattern, make in _FORMS if (match := pattern.search(text)) and (form := make(match, words))), None
    )


def unasked(text: str) -> str:
    """The text without what only asks (多久开一次, 占多大比例): it names nothing that an answer would hold."""
    for pattern, _ in _FORMS:
        if pattern not in (_WHO, _CLASS, _BY_WHOM):  # they name what is asked for
            text = pattern.sub(" ", text)
    return _TIMES.sub(" ", text)


_REASON = re.compile(
    "因(?!而|素|地|材|此之)|由于|鉴于|理由|原因|受[^，。；]{2,16}影响|故(?=[，未不暂])|导致|造成|所致|为了|以便|旨在|超出|不符合|缺乏|缺少|不足"
)
_RHYTHM = re.compile(
    "每(?:半|两|三)?(?:年|个?月|季度?|学期|周|日|天|期)|定期|季度末|逐年|(?<![0-9])年度|按年|按季|按月|(?<![第0-9一二三四])[一二两三四0-9]+次"
)
_EARLIER = re.compile(
    "提前(?:[0-9０-９一二三四五六七八九十两]+)|[0-9一二三四五六七八九十]{1,8}个?(?:工作日|日|天|月)(?:前|内|以前)"
)
_DURATION = re.compile(
    "[0-9０-９一二两三四五六七八九十百半]{1,12}(?:至[0-9一二三四五六七八九十]{1,12})?个?(?:工作日|小时|分钟|星期|月|年(?!代|度|级)|天|日|周|学期|学年)(?!前印发|印发)|长期|终身|永久|无限期|即时|当[日天场]|立即|同时"
)
_FROM_DAY = re.compile(
    "自[^，。；]{2,24}(?:起|施行|实施|执行|生效)|[0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日[^，。；]{0,6}(?:起|施行|实施|执行|生效)"
)
_TIME = re.compile(
    f"{_FIGURE}{{1,12}}个?(?:年|月|日|天|周岁|小时|学期|工作日)|之日|[一-鿿]{{2}}[前后时](?=[，。；、]|[一-鿿])|期间|届满|每[年月季周]|长期|及时|立即|当[日天场]|年[底末初]"
)
_PROVINCES = (
    "北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海|"
    "台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门"
)
_PLACE_NAMES = re.compile(
    f"{_PROVINCES}|[一-鿿]{{2}}(?<![城都各全本该地县直])市(?![场民级域区县政直委属人长容值辖])|[一-鿿]{{2,3}}(?<![各全本该])县(?!级|域|城|政|区|乡)|(?:[一-鿿]{{2,4}}、){{3,20}}[一-鿿]{{2,4}}[0-9一二三四五六七八九十]{{1,3}}个"
)
_AMOUNT = re.compile(
    f"{_FIGURE}{{1,20}}(?:余|多)?(?:万|亿|千|百)?(?:[美欧港日]?元|英镑)|[0-9一二两三四五六七八九十百千]{{1,12}}倍|全额"
)
_RULED_AMOUNT = re.compile("(?:参照|按照?|根据)[^，。；]{2,20}(?:发放|计发|支付|缴纳)")
_FREE = re.compile("免费|不收取|免收|无偿|免征|分文|不得收")
_SPENT = re.compile("补[贴助]|津贴|奖|发|投|罚|赔|工资|报酬|收入|产值")
_PORTION = re.compile(
    "[0-9０-９.．]{1,12}[%％]|百分之[一二三四五六七八九十百零点]+|[一二三四五六七八九十两]{1,8}分之[一二三四五六七八九十两]+|[一二三四五六七八九]成|半数|过半|全部|[0-9.]{1,12}‰|不设[上下]限|不受[^，。；]{0,6}限制"
)
_SANCTION = re.compile(
    "罚款|处[一-鿿0-9]{2,12}(?:罚款|拘留)|处分|责令|吊销|没收|警告|追究|拘留|解聘|开除|撤销|取消[^，。；]{0,8}资格|赔偿|承担[^，。；]{0,8}责任|不得再|约谈|通报批评|予以处理|处罚"
)
_ACTOR = re.compile(
    "由[^，。；：]{2,40}|[一-鿿]{2,16}(?:部门|机关|政府|机构|委员会|主管|部|局|厅|委|院|会)(?:应当|要|须|负责|可以|按照|会同|牵头|承担|主管|组织|监督|依法)|(?:报|经)[^，。；：]{2,24}(?:批准|审批|备案|同意|核准|审核)"
)
_ON_CONDITION = re.compile(
    "的(?:，|,|单位|，可以)|情形|情况下|条件|方可|方能|(?:可以|应当|须|不得)|除[^，。]{1,20}外|如[^何果下]|凡|经[^，。]{2,20}(?:同意|批准|提议|审议)"
)
_PLACE = re.compile(
    "设在|设于|位于|地点|地址|依托|坐落|在[^，。；]{2,16}(?:召开|举行|举办|建设|设立|新建|揭牌|成立)|办公场所"
)


def _priced(before: str) -> Fits:
    """An amount of what is asked for: 总投资 is no 配套资金; where no such word stands before, any amount."""
    kind = _OF_MONEY.search(before)

    paid = _SPENT.search(before)  # free of charge answers what is asked of a price, not of a grant

    def fits(text: str) -> re.Match[str] | None:
        if kind and kind.group()[-2:] not in text:
            return None
        found = _AMOUNT.search(text) or _UNDECIDED.search(text) or _RULED_AMOUNT.search(text)
        return found or (None if paid else _FREE.search(text))

    return fits


_OF_MONEY = re.compile(
    "(?:资金|经费|投资|预算|奖金|补[贴助]|津贴|收入|产值|会费|费用|工资|报酬|罚款|学费|押金|保证金)$"
)
_UNDECIDED = re.compile("尚未确定|未作决定|正在测算|另行")


def _lasting(asked: str) -> Fits:
    """How long: any length of time, but what is asked for in hours is answered in hours."""
    short = re.search("小时|分钟", asked)
    return re.compile(f"{_FIGURE}{{1,12}}(?:小时|分钟)").search if short else _DURATION.search


def _filled(post: str) -> Fits:
    """谁是理事长 wants the place that fills the post: 理事长：甲, 姓名：甲, 由甲担任, 兼任."""
    filled = (
        f"{post}[：:是为]|姓名：|兼任|{post}由|由[^，。；]{{2,24}}(?:担任|兼任|主持)|担任[^，。；]{{0,10}}{post}"
        f"|(?:以|明确|确定)[^，。；]{{2,24}}为[^，。；]{{0,10}}{post}"
    )
    pattern = re.compile(filled)
    return lambda text: pattern.search(text) if post in text else None


_ALIKE = {
    "个": "个家项所名位支",
    "家": "家个所",
    "名": "名人位",
    "人": "人名位",
    "位": "位名人个",
    "个人": "人名位",
    "项": "项条个",
    "条": "条项个",
    "场": "场次",
}
_NUMBER = re.compile(
    f"(?<!第)(?<![0-9一二三四五六七八九十百]){_FIGURE}{{1,20}}(?![条章节款）)、])"
)  # no number of a clause
_OF_UNITS = re.compile("个?人|周?岁|毫?升|公斤|[千毫]克|厘米|分贝|千?米|公里|平方米|[亩元吨天年]|小时|分钟|个月")
_GRADES = "级类种等档"
_GRADED = re.compile(
    "(?:分为?|包括|设有?)[^。；]{1,30}[、和与]"
)  # 分为初级、中级和高级 tells how many without a number
_UNTIL_BREAK = re.compile("[^，。；：“”（）0-9]{0,24}")
_BESIDE = 8  # characters between a number and the noun that it counts


def _thing(match: re.Match[str]) -> str:
    """What is counted; what follows a unit of measure (几岁入学) or 人 is no thing that is counted."""
    return "" if _OF_UNITS.fullmatch(match[1]) else match["noun"] or ""


def _ways_to_count(measure: str) -> str:
    """The measure words, as a pattern, that answer one that was asked with: 几岁 is answered by 六周岁."""
    return f"[{_ALIKE[measure]}]" if measure in _ALIKE else "周?岁" if measure.endswith("岁") else measure


def _measured(measure: str, noun: str, question: str) -> Fits:
    """几个 and 多少家 want a number with that measure word, beside the noun where one is counted (几个奖项).

    People and places are counted by several words. What the question itself says (百个团队) answers nothing.
    """
    number = re.compile(f"{_FIGURE}{{1,20}}余?多?{_ways_to_count(measure)}")

    def fits(text: str) -> re.Match[str] | None:
        for match in number.finditer(text):
            # Attributes may stand between a number and what it counts: 10个左右有条件、有基础的城市.
            behind = _UNTIL_BREAK.match(text, match.end())
            around = text[max(0, match.start() - _BESIDE) : max(match.end() + _BESIDE, behind.end() if behind else 0)]
            beside = not noun or any(noun[i : i + 2] in around for i in range(len(noun) - 1))
            if beside and f"{match.group()}{noun}" not in question:
                return match
        if measure in _GRADES and (grades := _GRADED.search(text)):
            return grades
        return _PORTION.search(text) if measure in "人名位" and not noun else None

    return fits


def _defining(words: str) -> Fits:
    """什么是消费扶贫 wants the sentence that says 消费扶贫是…; the thing may be called by its last word (联合体是…)."""
    name = max(words.split(), key=len, default="")
    names = [re.escape(name), *(re.escape(name[-n:]) for n in (6, 5, 4, 3) if len(name) > n)]
    said = "|".join(dict.fromkeys(names))
    verb = "(?:是指|，是指|，?是(?!否|由(?!政|各|多|若)|在|谁)|指的是|指(?!导|挥|标|定|派|引))"
    return re.compile(f"(?:^|[，。；、：条 　]|所称|本|该|[“《])(?:{said})[”’》]?(?:（[^）]*）)?{verb}").search


def _needed(name: str, pattern: re.Pattern[str]) -> Callable[[re.Match[str], str], Form]:
    return lambda match, words: Form(name, pattern.search, 6.0, needed=True)


def _preferred(name: str, pattern: re.Pattern[str]) -> Callable[[re.Match[str], str], Form]:
    return lambda match, words: Form(name, pattern.search, 1.5)


# The first that fits decides.
_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], str], Form]], ...] = (
    (_WHY, _needed("原因", _REASON)),
    (_FREQUENT, _needed("频次", _RHYTHM)),
    (_AHEAD, _needed("提前的时间", _EARLIER)),
    (_AGE, _needed("年龄", re.compile("周?岁"))),
    (_WHICH_PLACES, _needed("地名", _PLACE_NAMES)),
    (_SINCE, _needed("起始日期", _FROM_DAY)),
    (_SPAN, lambda match, words: Form("时间长短", _lasting(match.group()), 3.0, needed=True)),
    (_MONEY, lambda match, words: Form("金额", _priced(match.string[: match.start()]), 4.0, needed=True)),
    (_SHARE, _needed("比例", _PORTION)),
    (
        _COUNTED,
        lambda match, words: Form("数量", _measured(match[1], _thing(match), match.string), 2.0, needed=True),
    ),
    (
        re.compile("(?<!哪)几(?!乎)|多少|数量|多大|多高"),
        lambda match, words: Form("数量", _NUMBER.search, 0.5, needed=match.group() == "多少"),
    ),
    (_CONDITION, _preferred("条件", _ON_CONDITION)),
    (_PENALTY, _preferred("处理办法", _SANCTION)),
    (_WHEN, lambda match, words: Form("时间", _TIME.search, 1.5, needed=True)),
    (_WHERE, _preferred("地点", _PLACE)),
    (_WHICH, _preferred("名称", re.compile("分别(?:是|为)|如下|包括|[：:][^。；]{2,60}、"))),
    (_NAMED, _needed("名单", re.compile("姓名：|分别(?:是|为)|名单如下|人员(?:有|为)"))),
    (_CLASS, lambda match, words: Form(match[1], re.compile(match[1][:2]).search, 1.5, needed=True)),
    (_WHO, lambda match, words: Form("人选", _filled(match[1] or match[2]), 6.0, needed=True)),
    (_BY_WHOM, _preferred("责任方", _ACTOR)),
    (_MEANING, lambda match, words: Form("含义", _defining(words), 4.0)),
)
