"""What a single line of the head or tail of an official document is, by its own words (GB/T 9704: 版头, 版记)."""

from __future__ import annotations

import re

from assistant.domain.language.dates import find_dates
from assistant.domain.language.identity import find_document_numbers, find_proposal_numbers

#: Words that a title ends with, and the kind of document that they mean, the longest first.
TITLE_ENDS: tuple[tuple[str, str], ...] = (
    ("答复意见", "答复"),
    ("办理意见", "答复"),
    ("答复", "答复"),
    ("复函", "函"),
    ("函", "函"),
    ("批复", "批复"),
    ("通知", "通知"),
    ("通报", "通报"),
    ("决定", "决定"),
    ("决议", "决定"),
    ("会议纪要", "纪要"),
    ("纪要", "纪要"),
    ("章程", "章程"),
    ("任务清单", "清单"),
    ("台账", "台账"),
    ("分解表", "清单"),
    ("任务表", "清单"),
    ("任务分解", "清单"),
    ("清单", "清单"),
    ("名单", "名单"),
    ("分工表", "清单"),
    ("一览表", "台账"),
    ("汇总表", "台账"),
    ("情况表", "台账"),
    ("进度表", "台账"),
    ("明细表", "清单"),
    ("安排表", "清单"),
    ("时间表", "清单"),
    ("计划表", "清单"),
    *(
        (word, "其他")
        for word in ("需求表", "登记表", "申报表", "申请表", "统计表", "对照表", "推荐表", "报名表", "信息表", "评分表")
    ),
    ("方案", "方案"),
    ("规划", "方案"),
    ("计划", "方案"),
    ("要点", "方案"),
    ("措施", "方案"),
    ("预案", "方案"),
    ("提案", "提案"),
    ("议案", "议案"),
    ("意见", "意见"),
    ("请示", "请示"),
    ("报告", "报告"),
    ("总结", "报告"),
    ("公告", "公告"),
    ("通告", "公告"),
    ("公示", "公告"),
    ("说明", "其他"),
    ("条例", "法规"),
    ("规定", "法规"),
    ("办法", "法规"),
    ("细则", "法规"),
    ("规则", "法规"),
    ("规程", "法规"),
    ("法", "法规"),
    ("建议", "其他"),
    ("令", "其他"),
)

#: Labels of head lines such as “案由：…”, and the field that each fills (None: a fact without a field).
HEAD_LABELS: dict[str, str | None] = {
    **dict.fromkeys(("发文字号", "文号", "文件编号", "发布文号"), "number"),
    **dict.fromkeys(("案由", "题目", "标题", "题名", "提案名称", "提案题目"), "title"),
    **dict.fromkeys(("签发人", "签发"), "signatory"),
    **dict.fromkeys(("案号", "提案号", "提案编号", "提案案号"), "proposal_number"),
    **dict.fromkeys(("成文日期", "日期"), "issued_on"),
    **dict.fromkeys(("发布日期", "印发日期", "公开日期"), "published_on"),
    **dict.fromkeys(("发文机关", "印发机关", "发文单位", "发布单位", "发布机关", "颁布单位"), "issuer"),
    **dict.fromkeys(("公开属性", "公开方式"), "publicity"),
    **dict.fromkeys(("主题词", "主题分类"), "theme"),
    **dict.fromkeys(("届次",), "session"),
    **dict.fromkeys(("联系人",), "contact"),
    **dict.fromkeys(
        "类别 提案类别 提案者 提案人 提案单位 提出人 第一提案人 联名人 附议人 界别 立案日期 提交日期 提案日期 承办方式 "
        "承办单位 主办单位 会办单位 协办单位 分办单位 时间 会议时间 地点 会议地点 主持人 主持 记录 记录人 出席 "
        "列席 缺席 参加人员 参会人员 出席人员 列席人员 编号 密级 紧急程度 联系电话 拟稿 审核 校对 "
        "时效性 生效日期 实施日期 效力级别".split(),
        None,
    ),
}

_LABELLED = re.compile(r"[\-*•·]?[ 　]*((?:[㐀-鿿][ 　]{0,4}){2,6})[：:][ 　]*(\S.*)")
_BRACKETED_LABEL = re.compile(r"【[ 　]?((?:[㐀-鿿][ 　]?){2,6})】[：: 　]{0,2}(\S.*)")
_ORGANISATION = re.compile(
    r"(?:局|厅|部|委|会|院|办公室|办公厅|办|政府|处|中心|集团|公司|联盟|联合体|小组|指挥部|大学|学院|学校|总署|署|社|银行|队"
    r"|站|所|馆|党组|支部|总工会|妇联)(?:[（(][^（）()]{1,20}[）)])?"
)
_PUBLICITY = re.compile(
    r"[（(](?:此件|本文|本件|公开|主动公开|依申请|不予公开|不公开)[^（）()]{0,40}[）)]"
    r"|(?:公开(?:属性|方式|类别)|信息公开选项)[：:].{1,30}"
)
_CONTACT = re.compile(
    r"[（(]?[ 　]?(?:[^：:（）()]{0,12}：[A-E]类[ 　，,]{0,4})?(?:联[ 　]{0,3}系[ 　]{0,3}人"
    r"|联系(?:电话|方式|单位|部门|地址)|咨询电话|电[ 　]{0,3}话|传[ 　]{0,3}真|邮[ 　]{0,3}编|经办人|承办人)"
    r"(?:及(?:联系)?电话)?[：:]"
)
_COPY = re.compile(r"(?:抄[ 　]{0,3}送|抄[ 　]{0,3}报|分[ 　]{0,3}送|主[ 　]{0,3}送|发[ 　]{0,3}送)(?:单位|机关)?[：:]")
_PRINT = re.compile(r".{2,40}印[ 　]?发|共印\s?\d+\s?份.{0,4}|校对[：:].{1,10}")
_NOTE = re.compile(r"[（(【\[［〔].{1,80}[）)】\]］〕]")
# （…年…月…日…会议通过　根据…修正）, however often the law was amended
_HISTORY = re.compile(r"[（(].{1,1500}(?:通过|修正|修订|公布|发布|批准|施行).{0,40}[）)]")
# What stands alone beside a head: how a proposal was dealt with, whether a reply is public, how urgent a file is, the
# star between its number and its signatory, which copy it is (份号), and that it is a draft or a sample.
_CLASS = re.compile(
    "[A-EＡ-Ｅ](?:[ 　]?类)?|(?:主动|依申请|不予|此件)?公开|特[ 　]?急|加[ 　]?急|平[ 　]?急|急[ 　]?件|[★☆]|0[0-9]{5}"
    "|(?:模拟)?样例|样[本稿]|范[本例]|示例|草[案稿]|初稿|讨论稿|送审稿|审议稿|报批稿|征求意见稿|内部(?:资料|文件|参考)"
    "|内部资料[ 　，,]{0,3}(?:注意保存|妥善保管|请勿外传)|仅供(?:内部)?参考"
)
_ATTACHMENT = re.compile(
    r"附[ 　]{0,4}([件表图录])[ 　]{0,2}([0-9０-９]{1,3}|[一二三四五六七八九十]{1,3})?[ 　]{0,2}[：:]?"
)
_BARE_NUMBER = re.compile(r"[〔\[【（(［][0-9０-９]{4}[〕\]】）)］][ 　]?(?:第[ 　]?)?[0-9０-９]{1,5}[ 　]?号")
_BLANK = frozenset(
    "姓名 性别 年龄 单位 职务 职称 电话 手机 地址 邮编 民族 内容 理由 建议 办法 时间 地点 说明 备注 注 附".split()
)
_MASTHEAD = re.compile(r".{2,60}(?:文件|公报|会议纪要)")
_SECRET = re.compile(
    r"(?:密级[：:][ 　]{0,4})?(?:绝[ 　]{0,4}密|机[ 　]{0,4}密|秘[ 　]{0,4}密)[ 　]{0,4}"
    r"(?:[★☆*].{0,12}|[0-9一二三四五六七八九十]{1,3}年.{0,6})?"
)


#: How letters and reports close; alone on its line such a phrase is not the name of who signs.
CLOSING = re.compile(
    r"(?:特此|此复|此函|专此|此致|敬礼|以上(?:意见|报告|请示|方案|汇报)|妥否|当否|请予|(?:再次|衷心|诚挚)?感谢|谢谢|最后，|现将有关部门)"
)


def is_date(text: str) -> bool:
    """Whether the line is a date and nothing else (brackets aside)."""
    inner = text.strip(" 　（）()")
    return len(inner) <= 24 and any(d.as_written == inner and d.year and d.month for d in find_dates(inner))


def is_signature(text: str) -> bool:
    """Whether the line can be the name of who signs: short, no sentence, no colon. Weak: its neighbours decide."""
    weak = len(text) <= 60 and not re.search(r"[。；！？!?;：:，]|^[（(]", text) and not is_date(text)
    return weak and not CLOSING.match(text)


def is_organisation(text: str) -> bool:
    """Whether the line is the name of a body, or several with spaces between."""
    names = re.split(r"[ 　、]+", text.strip())
    return is_signature(text) and all(2 <= len(n) <= 40 and _ends_with(_ORGANISATION, n) for n in names)


def _ends_with(pattern: re.Pattern[str], text: str) -> bool:
    return any(m.end() == len(text) for m in pattern.finditer(text))


def signature_with_date(text: str) -> bool:
    """“国务院办公厅　2004年4月27日” in one line."""
    for date in find_dates(text[-24:]):
        before = text[: len(text) - len(text[-24:]) + date.span.start].strip()
        # An office of a body signs reports too: 某局基础教育科　2026年1月20日.
        body = re.sub(r"(?<=[局委厅部会院校])[㐀-鿿]{2,10}[科股室组]$", "", before)
        if text.endswith(date.as_written) and date.day and is_organisation(body):
            return True
    return False


def is_publicity(text: str) -> bool:
    return len(text) <= 60 and bool(_PUBLICITY.fullmatch(text))


def is_contact(text: str) -> bool:
    return len(text) <= 150 and bool(_CONTACT.match(text))


def is_copy(text: str) -> bool:
    return bool(_COPY.match(text))


def is_print(text: str) -> bool:
    """“某办公室　2023年5月8日印发”."""
    return len(text) <= 60 and bool(_PRINT.fullmatch(text)) and bool(find_dates(text) or "份" in text or "校对" in text)


def is_note(text: str) -> bool:
    """A line wholly in brackets: （模拟样例）, （2024年3月28日通过）, （征求意见稿）; or a mark such as A类, 特急."""
    return bool(_NOTE.fullmatch(text) or _HISTORY.fullmatch(text) or _CLASS.fullmatch(text)) and not is_publicity(text)


def attachment_label(text: str) -> str | None:
    """附件1, 附件 or 附表 for a line that is nothing but such a label."""
    match = _ATTACHMENT.fullmatch(text)
    return f"附{match[1]}{match[2] or ''}" if match else None


def is_masthead(text: str) -> bool:
    """The red head of a file: “某局文件”."""
    return (
        len(text) <= 60 and bool(_MASTHEAD.fullmatch(text)) and "关于" not in text and text.endswith(("文件", "公报"))
    )


def secrecy(text: str) -> str | None:
    """The secrecy mark that the line is (机密★1年), or None."""
    return text if len(text) <= 30 and _SECRET.fullmatch(text) else None


def is_number(text: str) -> bool:
    """A line that opens with the document number and holds little else (签发人)."""
    if _BARE_NUMBER.fullmatch(text):
        return True
    numbers = find_document_numbers(text[:60])
    return (
        bool(numbers)
        and len(text) <= 90
        and numbers[0][0].start <= 1
        and not re.search("[。；，：:]", text[: numbers[0][0].end])
    )


def is_serial(text: str) -> bool:
    """第15号, with or without brackets or a year: the number of a proclamation or a set of minutes."""
    return bool(
        re.fullmatch(
            r"[（(]?(?:[0-9]{4}年|[〔\[（(【][0-9]{4}[〕\]）)】])?[ 　]?"
            r"第[ 　]?[0-9〇零一二三四五六七八九十百]{1,5}[ 　]?[号期次][）)]?",
            text,
        )
    )


def is_case(text: str) -> bool:
    """A line that only says which proposal it is: 第87号, 市政协十四届二次会议第524号提案."""
    if len(text) > 50 or "关于" in text or len(find_proposal_numbers(text)) != 1:
        return False
    return bool(re.fullmatch(r"[（(]?.{0,40}号(?:[㐀-鿿]{0,6}(?:提案|建议|议案))?[）)]?", text))


def labelled(text: str) -> tuple[str, int] | None:
    """A known label of a head line and the offset of its value; None for other lines."""
    found = any_label(text) or _bracketed(text)
    return found if found and found[0] in HEAD_LABELS else None


def _bracketed(text: str) -> tuple[str, int] | None:
    """【发布文号】…, as collections of laws have it."""
    match = _BRACKETED_LABEL.fullmatch(text) if len(text) <= 200 else None
    return (re.sub(r"\s", "", match[1]), match.start(2)) if match else None


def any_label(text: str) -> tuple[str, int] | None:
    """As :func:`labelled`, of any line that has the form of one: 办理结果类别：B."""
    match = _LABELLED.fullmatch(text) if len(text) <= 200 else None
    return (re.sub(r"\s", "", match[1]), match.start(2)) if match else None


def is_addressee(text: str) -> bool:
    """“各县（市）区人民政府：”: ends with a colon, and announces no list."""
    if not text.endswith(("：", ":")) or len(text) > 400 or "。" in text or text[:-1] in _BLANK:
        return False
    return not re.search(r"如下|下列|以下|包括|分别是|是[：:]$|为[：:]$", text)


def title_kind(title: str) -> str | None:
    """The kind that the words at the end of a title mean (通知, 方案…), without what follows in brackets."""
    bare = re.sub(r"[（(【〔][^（）()【】〔〕]{0,60}[）)】〕]$", "", re.sub(r"\s", "", title)).rstrip("》”")
    return next((kind for word, kind in TITLE_ENDS if bare.endswith(word)), None)
