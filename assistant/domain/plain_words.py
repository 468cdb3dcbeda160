"""Everyday words and what laws and official documents call the same: 孩子 and 儿童, 上学 and 入学, 老板 and 用人单位.

People ask in the words of the street; texts answer in theirs. The pairs are of general language, not of any document.
A pair only adds a way in which a text may say a word: the everyday word still counts where a document uses it.
"""

from __future__ import annotations

import re

_PAIRS: tuple[tuple[str, str], ...] = (
    # people
    ("儿女|孩子们", "子女"),
    ("病人|病号", "患者"),
    ("生孩子|生娃|要孩子", "生育"),
    ("(?:小|女)?孩子|小孩|娃娃?|小朋友", "儿童"),
    ("老师", "教师"),
    ("(?<!村)医生|大夫", "医师"),
    ("老人家?(?!院)", "老年人"),
    ("爸妈|爸爸妈妈|父母亲|爹妈", "父母"),
    ("老百姓|百姓", "公民"),
    ("老板|雇主", "用人单位"),
    ("打工的|打工人|员工|职员", "劳动者"),
    ("残疾的?人|残障人", "残疾人"),
    ("小学生|中学生", "学生"),
    ("坏人|罪犯|犯人", "犯罪嫌疑人"),
    ("当兵的", "军人"),
    ("外国人|老外", "外国人"),
    ("邻居们?", "相邻"),
    # what people do
    ("上学|念书|读书", "入学"),
    ("打官司", "诉讼"),
    ("看病", "就医"),
    ("打疫苗|种疫苗|打防疫针", "接种"),
    ("抽血", "采血"),
    ("捐钱|捐款|捐东西", "捐赠"),
    ("开车", "驾驶"),
    ("喝了?酒开车|酒驾", "饮酒后驾驶"),
    ("吸毒", "吸食、注射毒品"),
    ("当兵|参军", "服兵役"),
    ("出国", "出境"),
    ("打人|动手打", "殴打"),
    ("家暴", "家庭暴力"),
    ("炒(?:掉|鱿鱼)|辞掉|辞退|开掉", "解除劳动合同"),
    ("辞职", "解除劳动合同"),
    ("换工作|找工作", "就业"),
    ("开公司|办公司", "设立企业"),
    ("撒谎|说假话|造假|作假|做假", "虚假"),
    ("瞒着|瞒住", "隐瞒"),
    ("(?:保守|守住?|守着)秘密", "保密"),
    ("偷偷|私自|私下", "擅自"),
    ("不准|不许|不让", "不得"),
    ("不给(?=[一-鿿]{2})", "不予"),
    ("拦着|阻拦|拦住", "干涉"),
    ("养老人", "赡养老年人"),
    ("批下来|批复下来|办下来", "批准"),
    ("乱收费", "违反规定收取费用"),
    ("赔钱", "赔偿"),
    ("罚钱|被罚|罚(?!款)", "罚款"),
    ("举报", "检举"),
    ("弄丢|丢了|掉了|丢失", "遗失"),
    ("搬走|搬家", "迁移"),
    ("批(?:一下|下来)?(?=[吗才，？?]|$)", "批准"),
    ("定价|定的价", "价格"),
    ("当(?=[^，。？]{0,6}(?:员|师|官|长|律师))", "担任"),
    # things
    ("片子", "电影"),
    ("网上|线上", "互联网"),
    ("报纸电台", "报纸、广播"),
    ("天气预报", "气象预报"),
    ("人工(?:降雨|增雨|下雨)", "人工影响天气"),
    ("工钱|薪水|薪酬", "工资"),
    ("车子|汽车", "机动车"),
    ("gdp", "地区生产总值"),
    ("养老院|敬老院", "养老机构"),
    ("托儿所|幼儿园", "学前教育机构"),
    ("钱(?=从|哪|怎么|由)", "经费"),
    ("证件?(?=过期)", "有效期满"),
    ("轮椅坡道|盲道", "无障碍设施"),
    ("条件差", "条件不具备"),
    ("(?<!第)不够(?:格|条件)", "不具备条件"),
)  # fmt: skip
_COMPILED = tuple((re.compile(everyday, re.IGNORECASE), official) for everyday, official in _PAIRS)


def official_words(text: str) -> tuple[str, ...]:
    """What official texts call the everyday words of ``text``; words that it says itself are left out."""
    found = (official for everyday, official in _COMPILED if official not in text and everyday.search(text))
    return tuple(dict.fromkeys(found))


def in_official_words(text: str) -> str:
    """The text with its everyday words in the words of official texts."""
    for everyday, official in _COMPILED:
        if official not in text:
            text = everyday.sub(official, text)
    return text
