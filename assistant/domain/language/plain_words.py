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
    ("压(?=[^，。？]{0,4}(?:身份证|证件|工资))", "扣押"),
    ("裁掉|被裁|开除(?=[^学]{0,4}(?:员工|职工|工人))", "解除劳动合同"),
    ("房子", "房屋"),
    ("裂了|裂开", "开裂"),
    ("孕期|怀孕", "孕期"),
    ("女工", "女职工"),
    ("签(?=[^，。？名字]{0,4}(?:合同|协议))", "订立"),
    ("入职", "用工"),
    ("噪音", "噪声"),
    ("太吵|吵闹|吵得", "噪声"),
    ("大?半夜|深夜|大晚上", "夜间"),
    ("工地", "建筑施工"),
    ("广场舞|跳舞", "娱乐、健身等活动"),
    ("工资|(?<!罚)(?:给|拿|付|发)钱", "劳动报酬"),
    ("关掉|停掉", "关停"),
    ("开办?(?=[一-鿿]{0,6}(?:学校|高职|幼儿园|医院|诊所|机构|公司|书店|影院))", "设立"),
    ("划(?![定分算拨转归入])", "划定"),
    ("教育局", "教育行政部门"),
    ("人社局", "人力资源社会保障行政部门"),
    ("环保局|环保部门|生态环境(?:局|部门)", "生态环境主管部门"),
    ("卫健[委局]|卫生局", "卫生健康主管部门"),
    ("派出所|警察|公安局", "公安机关"),
    ("体检", "健康检查"),
    ("精神病人?", "精神障碍患者"),
    ("驾照|驾驶本", "机动车驾驶证"),
    ("醉驾", "醉酒驾驶"),
    ("坐牢|判刑|蹲监狱", "有期徒刑"),
    ("合同到期", "合同期满"),
    ("律师证", "律师执业证书"),
    ("教师(?:资格)?证", "教师资格"),
    ("屡教不改", "经教育不改"),
    # what laws say of many things in the same words
    ("天天罚|按天罚|一天天地?罚", "按日连续处罚"),
    ("动用武器|开枪|用枪", "使用武器"),
    ("不要钱|免收费用|不收钱|不花钱", "免费"),
    ("不用买票|不买票|不用花钱坐", "免费乘坐"),
    ("(?:再)?干这一?行|干这个行当", "从事"),
    ("人大(?!代表大会)", "人民代表大会"),
    ("(?<=[一二三四五六七八九十0-9])岁", "周岁"),
    ("喂奶", "哺乳"),
    ("公交车", "公共汽车"),
    ("上了年纪的?人?|年纪大的人", "老年人"),
    ("逛公园", "游览公园"),
    ("记进|记到", "记入"),
    ("诚信档案|信用档案", "信用记录"),
    ("违法情况", "违法信息"),
    ("打头|挑头|领头|挂帅", "牵头"),
    ("奖金?(?=[？?，。]|$)|有奖", "奖励"),
)  # fmt: skip
_WAYS = 16
_COMPILED = tuple((re.compile(everyday, re.IGNORECASE), official) for everyday, official in _PAIRS)


def official_words(text: str) -> tuple[str, ...]:
    """What official texts call the everyday words of ``text``; words that it says itself are left out."""
    found = (official for everyday, official in _COMPILED if official not in text and everyday.search(text))
    return tuple(dict.fromkeys(found))


def wordings(text: str) -> tuple[str, ...]:
    """All ways to say ``text``: each everyday word as it is or as official texts have it; the first few words."""
    found = [text]
    for everyday, official in _COMPILED:
        if official not in text and everyday.search(text) and len(found) < _WAYS:
            found += [everyday.sub(official, way) for way in found]
    return tuple(dict.fromkeys(found))


def in_official_words(text: str) -> str:
    """The text with its everyday words in the words of official texts."""
    for everyday, official in _COMPILED:
        if official not in text:
            text = everyday.sub(official, text)
    return text
