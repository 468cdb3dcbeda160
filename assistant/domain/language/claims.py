"""What a sentence claims that can be checked by rule: numbers, dates, document numbers, names, how far a matter is.

Pure functions over *folded* text (:func:`folded`), so that 四 and 4, （ and ( and a line break in the middle of a
sentence make no difference. They serve :mod:`assistant.answering.checks.verify`, which compares a sentence with the
clauses it cites; sources of the lexicons are the phrasings of official replies, plans and progress reports.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from assistant.domain.language.dates import find_dates
from assistant.domain.language.identity import find_document_numbers, find_proposal_numbers, find_sessions
from assistant.domain.language.numerals import NUMERAL_CHARS, parse_numeral
from assistant.domain.language.text import fold
from assistant.domain.policy import Span

_SPACE = re.compile(r"\s+")


def folded(text: str) -> str:
    """The text for comparison: folded (NFKC, lower case) and without any white space."""
    return _SPACE.sub("", fold(text))


# ---- numbers -------------------------------------------------------------------------------------------------------

# Measures that mean the same in official prose share a name.
_MEASURES = {
    **dict.fromkeys("个 家 所 户 间 座 处 栋 幢".split(), "个"),
    **dict.fromkeys("名 人 位 人次".split(), "人"),
    **dict.fromkeys("项 件 条 款 类 方面".split(), "项"),
    **dict.fromkeys("年 年度".split(), "年"),
    **dict.fromkeys("天 日".split(), "天"),
    **{m: m for m in "元 月 次 场 期 批 届 号 亩 公里 平方米 吨 倍 岁 小时 分钟 级 度".split()},
    **{m: m for m in "班 台 辆 门 套 份 章 页 轮 起 根 册 种 支 笔 趟 株 盏 艘 架 头 组 版 顷".split()},
    **{m: m for m in "公顷 千米 米 千瓦 平方公里 立方米 公斤".split()},
    "个百分点": "百分点",
    "百分点": "百分点",
    "个月": "个月",
    "个工作日": "工作日",
    "工作日": "工作日",
    "%": "%",
}
_DIGIT = "零〇一二三四五六七八九"
#: Measures of how long something takes.
DURATIONS = frozenset("小时 分钟 天 工作日 个月 年 月".split())
_MEASURE = "|".join(sorted(map(re.escape, _MEASURES), key=len, reverse=True))
_QUANTITY = re.compile(
    rf"(?P<share>百分之|(?P<parts>[{NUMERAL_CHARS}]{{1,3}})分之)?(?:(?P<digits>[0-9]+(?:,[0-9]{{3}})*(?:\.[0-9]+)?)|(?P<han>[{NUMERAL_CHARS}]{{1,12}})"
    rf"(?:点(?P<decimals>[{_DIGIT}]{{1,4}}))?)(?P<scale>[万亿千百]{{0,2}})(?P<odd>[余多])?(?P<measure>(?!家长|家庭|家属|户籍)(?:{_MEASURE}))?"
)
# After these measures 一 is a number.
_ORDINALS = ("期", "届", "级", "号", "轮", "次", "月", "年", "个月", "天", "日", "小时", "倍", "工作日")
_COUNTS_ONE = ("第", "仅", "只", "唯", "仅有", "只有")  # before 一, which is an article otherwise
# Before the number may stand what it is of (不得低于车位总数的10%, 最多可申领20万元), but 低于平均水平5个 is no bound.
_OF = f"[^0-9,;:。、(){NUMERAL_CHARS}]{{1,10}}"
_BOUND_BEFORE = {
    "min": re.compile(
        f"(?:(?:(?:不|不得|不能|不应|不会)(?:少于|低于|小于)|至少|最少|最低)(?:[了到]|{_OF})?"
        "|(?:(?<![不得能应会])(?:超过|多于|高于|大于)|突破)[了到]?)$"
    ),
    "max": re.compile(
        f"(?:(?:(?:不|不得|不能|不应|不会)(?:超过|高于|多于|大于|超出|超)|至多|最多|最高|最长|上限(?:为|是)(?:每[一-鿿]{{1,4}})*)(?:[了到]|{_OF})?"
        "|(?:(?<![不得能应会])(?:少于|低于|小于)|不足))$"
    ),
}
_BOUND_AFTER = {
    "min": re.compile("^(?:以上|及以上|或以上|起步)"),
    "max": re.compile("^(?:以下|及以下|或以下|以内|之内|封顶)"),
}


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with what it counts ("" where no measure is written) and its bound ("min", "max" or "")."""

    value: Fraction
    measure: str
    bound: str
    written: str


def find_quantities(text: str) -> list[Quantity]:
    """Numbers of a folded text outside dates and document numbers.

    A Chinese numeral counts only before a measure or after 第 (一 in 进一步 and 一体化 is a part of a word), and 一
    before 个, 批, 些 is an article.
    """
    blank = _blanked(text, [*(d.span for d in find_dates(text)), *_identity_spans(text)])
    blank = _blanked(blank, [Span(*m.span()) for rule in (_YEAR, _MONTH) for m in rule.finditer(blank)])
    pairs = [(m, q) for rule, read in _PAIRED for m in rule.finditer(blank) if (q := read(m))]
    blank = _blanked(blank, [Span(*m.span()) for m, _ in pairs])
    return [*(q for _, q in pairs), *(q for m in _QUANTITY.finditer(blank) if (q := _quantity(blank, m)))]


def _clock(match: re.Match[str]) -> Quantity:
    return Quantity(Fraction(int(match[1]) * 60 + int(match[2])), "时刻", "", match.group())


def _ratio(match: re.Match[str]) -> Quantity:
    return Quantity(Fraction(int(match[1]) * 1000 + int(match[2])), "比例", "", match.group())


def _fraction(match: re.Match[str]) -> Quantity:
    before = match.string[max(0, match.start() - 16) : match.start()]
    bound = "min" if match[3] else next((name for name, rule in _BOUND_BEFORE.items() if rule.search(before)), "")
    return Quantity(Fraction(int(match[1]), int(match[2])), "份", bound, match.group())


def _tenths(match: re.Match[str]) -> Quantity | None:
    value = int(match[1]) if match[1].isdigit() else parse_numeral(match[1])
    return None if value is None else Quantity(Fraction(value * 10 + (5 if match[2] else 0)), "%", "", match.group())


# Numbers that are written as two (6:4, 6:30, 2/3) or in tenths (四成). A ratio is read as its two numbers in order.
_PAIRED: list[tuple[re.Pattern[str], Callable[[re.Match[str]], Quantity | None]]] = [
    (re.compile(r"(?<![0-9:])([01]?[0-9]|2[0-4]):([0-5][0-9])(?![0-9:])"), _clock),
    (re.compile(r"(?<![0-9:])([0-9]{1,2})(?:[:比])([0-9]{1,2})(?![0-9:])"), _ratio),
    (re.compile("一半|半数|减半|过半(?!年|月|天|小时)"), lambda match: Quantity(Fraction(50), "%", "", match.group())),
    (re.compile(r"(?<![0-9/])([1-9])/([1-9][0-9]?)(?![0-9/])((?:及|或)?以上)?"), _fraction),
    (re.compile(r"([一二三四五六七八九两1-9])成(半)?(?![立员果为本绩效分长功就熟套交年品人像都])"), _tenths),
]


def _quantity(text: str, match: re.Match[str]) -> Quantity | None:
    measure = _MEASURES[match["measure"]] if match["measure"] else ""
    before = text[max(0, match.start() - 16) : match.start()]
    if match["digits"]:
        value = Fraction(match["digits"].replace(",", ""))
        for scale in match["scale"]:
            value *= {"万": 10**4, "亿": 10**8, "千": 1000, "百": 100}[scale]
    else:
        if match["han"] == "一" and match["measure"] == "次" and text.startswith("性", match.end()):
            return None  # 一次性
        whole = parse_numeral(match["han"] + match["scale"])
        if whole is None or not (measure or match["share"] or before.endswith("第") or match["scale"]):
            return None
        article = match["han"] == "一" and not match["scale"] and not match["share"] and measure not in _ORDINALS
        if article and not before.endswith(_COUNTS_ONE):
            return None
        value = Fraction(whole)
        if match["decimals"]:
            value += Fraction(parse_numeral(match["decimals"]) or 0, 10 ** len(match["decimals"]))
    if match["parts"]:
        value, measure = value / (parse_numeral(match["parts"]) or 1), "份"
    elif match["share"]:
        measure = "%"
    if before.endswith("第"):
        measure = "第" + measure
    after = text[match.end() : match.end() + 4]
    bound = next((name for name, rule in _BOUND_BEFORE.items() if rule.search(before)), "") or next(
        (name for name, rule in _BOUND_AFTER.items() if rule.match(after)), ""
    )
    if not bound and measure in DURATIONS and after.startswith("内"):
        bound = "max"
    return Quantity(value, measure, bound or ("min" if match["odd"] else ""), match.group())


# ---- dates ---------------------------------------------------------------------------------------------------------

_YEAR = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2}|[一二][〇零○一二三四五六七八九]{3})年(?!前?[0-9])")
_MONTH = re.compile(
    rf"(?<![0-9{NUMERAL_CHARS}])(?<![0-9{NUMERAL_CHARS}]年)(1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])月(?!球)"
)
_PERIOD = re.compile("^(?:年)?(底|末|初|上旬|中旬|下旬|上半年|下半年|第?[一二三四1-4]季度)")
_BEFORE = re.compile("^(?:之前|以前|前|以内|之内|内)(?!期|瞻|沿|后|往|来|提(?![出交供请报])|列|述|款|身)")
_AFTER = re.compile("^(?:起|之后|以后|后|以来|开始)")
_LATEST = re.compile("(?:(?:期限|时限)(?:为|到|至|是)?|最迟|最晚|不迟于|不晚于|截止(?:时间|日期)?(?:为|到|至|是)?)$")
_BY = re.compile("(?:^|[,;。:(])到$")
_AS_OF = re.compile("(?:截至|截止到)$")
# Times that name no day. Words of one meaning share a name.
_WORDS_OF_TIME = {
    "年底": "年底|年末|岁末",
    "年内": "(?<![0-9一二三四五六七八九十两])年内",
    "上半年": "上半年",
    "下半年": "下半年",
    "一季度": "第?[一1]季度",
    "二季度": "第?[二2]季度",
    "三季度": "第?[三3]季度",
    "四季度": "第?[四4]季度",
    "今年": "今年|本年",
    "明年": "明年",
    "去年": "去年|上一?年(?!级)",
    "月底": "月底|月末",
    "每年": "每年|逐年|年度",
    "每半年": "每半年|半年一次",
    "每季度": "每季度|每季|按季",
    "每月": "每月|按月",
    "每周": "每周",
    "每学期": "每学期",
    "每学年": "每学年",
    "每日": "每日|每天",
    "每小时": "每小时|每个小时",
    "近期": "近期|尽快|尽早|抓紧",
    "长期": "(?<!最)长期(?!限)|常年",
    "定期": "定期",
    "十二五": "十二五",
    "十三五": "十三五",
    "十四五": "十四五",
    "十五五": "十五五",
    "当日": "当日|当天",
}
_TIME_WORDS = {name: re.compile(words) for name, words in _WORDS_OF_TIME.items()}


@dataclass(frozen=True, slots=True)
class Moment:
    """A date as far as it is written, its part (底, 上旬) and its bound: "before", "after", "as of", "by" or ""."""

    year: int | None
    month: int | None
    day: int | None
    part: str
    bound: str
    written: str


def find_moments(text: str) -> list[Moment]:
    """Dates of a folded text, years and months alone among them."""
    dates = find_dates(text)
    blank = _blanked(text, [*(d.span for d in dates), *_identity_spans(text)])
    places: list[tuple[Span, int | None, int | None, int | None]] = [
        *((d.span, d.year, d.month, d.day) for d in dates),
        *((Span(*m.span()), parse_numeral(m.group(1)), None, None) for m in _YEAR.finditer(blank)),
        *((Span(*m.span()), None, parse_numeral(m.group(1)), None) for m in _MONTH.finditer(blank)),
    ]
    return [_moment(text, *place) for place in sorted(places, key=lambda p: p[0])]


def time_words(text: str) -> frozenset[str]:
    """Names of the times in words (今年, 年底, 每半年, 近期) that a folded text holds."""
    return frozenset(name for name, rule in _TIME_WORDS.items() if rule.search(text))


def _moment(text: str, span: Span, year: int | None, month: int | None, day: int | None) -> Moment:
    written = span.of(text)
    before, after = text[max(0, span.start - 7) : span.start], text[span.end : span.end + 8]
    part = written[-1] if written[-1] in "底末" else ""
    if not part and (match := _PERIOD.match(after)):
        part, after = match.group(1), after[match.end() :]
    part = {"末": "底"}.get(part, part)
    bound = ""
    if _BEFORE.match(after) or _LATEST.search(before):
        bound = "before"
    elif _AFTER.match(after):
        bound = "after"
    elif _AS_OF.search(before):
        bound = "as of"
    elif _BY.search(before):
        bound = "by"
    return Moment(year, month, day, part, bound, written)


# ---- names ---------------------------------------------------------------------------------------------------------

_QUOTED = re.compile(r"《([^《》]{1,80})》?|[“\"]([^“”\"]{1,60})[”\"]|「([^」]{1,60})」")
_LATIN = re.compile(r"[a-z][a-z0-9@._:/*-]*|(?<![0-9*x])[0-9]*[*x][0-9*x]*[0-9][0-9*x]*")
_PERSON = re.compile(
    r"(?:签发人|联系人|理事长|副理事长|秘书长|主任|副主任|局长|副局长|处长|厅长|市长|主席|校长|院长|组长|主持人|负责人|委员|代表)"
    r"(?:为|是|由|系|:|叫)+([一-鿿]{2,4})(?=担任|同志|[,，。;；、()]|$)"
)


def quoted_names(text: str) -> list[str]:
    """What stands in 《》, “” or 「」, without spaces."""
    return [next(g for g in m.groups() if g) for m in _QUOTED.finditer(text)]


def latin_words(text: str) -> list[str]:
    """Words in Latin letters, and masked numbers such as 138xxxx2011."""
    return [m.group().rstrip(".:/-") for m in _LATIN.finditer(text)]


def named_persons(text: str) -> list[str]:
    """Names given to an office (联系人：…, 理事长是…)."""
    return [m.group(1) for m in _PERSON.finditer(text)]


def identities(text: str) -> list[str]:
    """Numbers of documents, proposals and sessions, normalised."""
    return [
        *(number for _, number in find_document_numbers(text)),
        *(f"第{number}号" for _, number in find_proposal_numbers(text)),
        *(session for _, session in find_sessions(text)),
    ]


def _identity_spans(text: str) -> list[Span]:
    finders = (find_document_numbers, find_proposal_numbers, find_sessions)
    return [span for find in finders for span, _ in find(text)]


def _blanked(text: str, spans: list[Span]) -> str:
    for span in spans:
        text = text[: span.start] + "\x00" * (span.end - span.start) + text[span.end :]
    return text
