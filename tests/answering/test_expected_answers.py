"""What kind of answer a question for content expects, over a rule and a plan of the test's own."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from assistant.answering.extractive.forms import form_of
from assistant.answering.extractive.premise import contradicted
from assistant.domain.dialogue import Verdict
from assistant.domain.language.plain_words import in_official_words, official_words

RULE = """临市公共浴场管理办法
第一章 总则
第一条 为了规范公共浴场的管理，制定本办法。
第二条 浴场许可证由市卫生健康局签发，经营者不满五年的，许可证有效期三年；满五年的，有效期十年。
第三条 浴场设三等九级，分为下列三等：
（一）一等：一级至三级；
（二）二等：四级至六级；
（三）三等：七级至九级。
第四条 经营者每次换水量一般为二十立方米，最多不超过四十立方米，两次换水间隔不少于十二小时。
第五条 浴场门票对六十五周岁以上老年人的优惠不低于票价的百分之四十。
第六条 浴场的收入来源主要是：
（一）门票；
（二）租金；
（三）其他合法收入。
第七条 浴场许可的申请由市卫生健康局受理，自受理之日起十五个工作日内办完。
对举报人，市卫生健康局可以给予适当奖励。浴场应当对入浴者免费提供储物柜。
第八条 有下列行为之一的，由市卫生健康局责令改正，处三千元以下罚款：
（一）未按时换水的；
（二）擅自关闭储物柜的；
（三）拒绝儿童随同监护人入浴的。
第九条 本办法自2021年3月1日起施行。
"""

PLAN = """临市政发〔2022〕5号
关于印发节水浴场试点方案的通知
各区人民政府：
一、试点范围。在全市选择6个左右有条件、有基础、积极性高的街道开展节水浴场试点，优先选择老城街道和缺水街道。
二、改造措施（共5项）。循环用水方面2项：更换循环泵；加装水表。
三、热源改造方面3项。
四、资金安排。（略）
五、工作目标。到2024年，浴场循环水利用率达到75%以上。
临市人民政府
2022年4月6日
"""


@pytest.fixture
def office(desk: Callable[..., object]) -> object:
    return desk({"办法.txt": RULE, "方案.txt": PLAN})


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("浴场许可证由谁签发？", "市卫生健康局签发"),
        ("经营满五年的，浴场许可证有效期多久？", "有效期十年"),
        ("公共浴场管理办法从哪天开始施行？", "2021年3月1日"),
        ("浴场一共分几等几级？", "三等九级"),
        ("浴场的收入主要从哪里来？", "租金"),
        ("浴场一次最多换多少水？", "四十立方米"),
        ("两次换水至少隔几小时？", "十二小时"),
        ("节水浴场试点要选多少个街道？", "6个左右"),
        ("浴场循环水利用率要达到多少？", "75%"),
        ("老年人浴场门票的优惠比例下限是多少？", "百分之四十"),
        ("浴场没按时换水罚多少钱？", "三千元以下罚款：[1]\n（一）未按时换水的"),
        ("浴场不让小孩子随同监护人洗澡，罚多少？", "三千元"),
        ("节水浴场的改造措施总共多少项？", "共5项"),
        ("节水浴场循环用水方面的2项列一下", "更换循环泵；加装水表"),
        ("浴场许可归哪个部门受理？", "市卫生健康局受理"),
        ("浴场许可要在三十个工作日内办完，对吗？", "十五个工作日"),
        ("享受浴场门票优惠要多大岁数？", "六十五周岁"),
        ("浴场哪些行为会被罚款？", "（二）擅自关闭储物柜的"),
        ("几岁的老人买浴场门票有优惠？", "六十五周岁"),
    ],
)
async def test_what_is_stated_is_told(office, question: str, said: str) -> None:
    answer = await office.ask(question)
    assert answer.verdict is Verdict.ANSWERED
    assert said in answer.answer


@pytest.mark.parametrize(
    "question",
    [
        "节水浴场试点最后选了哪6个城市？",
        "浴场举报人能拿多少钱奖励？",
        "浴场每天最多营业几小时？",
        "节水浴场试点的举报电话是多少？",
    ],
)
async def test_what_lacks_the_kind_of_answer_is_not_stated(office, question: str) -> None:
    assert (await office.ask(question)).verdict is Verdict.NOT_STATED


async def test_a_number_of_something_else_is_only_near(office) -> None:
    answer = await office.ask("节水浴场试点每年抽查多少个街道？")
    assert answer.verdict is Verdict.PARTIAL
    assert answer.answer.startswith("文件没有直接写明“抽查”的数目")


async def test_who_proposed_and_when_it_was_published(desk) -> None:
    text = "关于增设母婴室的建议\n提案编号：0912\n提案者：甲某某\n发布日期：2020-01-08\n建议在车站增设母婴室。"
    office = desk({"提案.txt": text})
    answer = await office.ask("0912号提案的提案人是谁？")
    assert "提案者：甲某某" in answer.answer
    assert answer.verdict is Verdict.ANSWERED


async def test_a_count_without_its_things_is_no_list(office) -> None:
    answer = await office.ask("节水浴场热源改造方面的3项具体是哪些？")
    assert answer.verdict is Verdict.PARTIAL
    assert answer.answer.startswith("文件未载明具体内容，只写了数目：")


async def test_what_the_text_omits_is_said_to_be_omitted(office) -> None:
    answer = await office.ask("节水浴场试点方案的资金安排是怎么写的？")
    assert answer.verdict is Verdict.NOT_STATED
    assert "原文此处从略" in answer.answer


async def test_a_list_is_told_with_what_leads_over_to_it(office) -> None:
    answer = await office.ask("浴场的收入主要来源有哪些？")
    assert [word for word in ("收入来源", "门票", "租金", "其他合法收入") if word not in answer.answer] == []
    assert answer.completeness is not None and answer.completeness.total == 3


async def test_a_wrong_figure_is_corrected_with_the_clause(office) -> None:
    answer = await office.ask("老年人浴场门票优惠不低于票价的50%，是这样吗？")
    assert answer.verdict is Verdict.ANSWERED
    assert answer.answer.startswith("与原文不符：问题中的“50%”")
    assert "百分之四十" in answer.answer


@pytest.mark.parametrize(
    ("question", "sentence", "differing"),
    [
        ("预付50%，对吗", "预付不低于30%", "50%"),
        ("预付30%，对吗", "预付不低于30%", ""),
        ("预付百分之三十，对吗", "预付不低于30%", ""),
        ("是2011年举办的吧", "2009年举办", "2011年"),
        ("第88号提案的答复预付30%，对吗", "预付30%", ""),
        ("要预付5台设备的款，对吗", "预付30%", ""),
    ],
)
def test_what_a_question_asserts_otherwise(question: str, sentence: str, differing: str) -> None:
    assert contradicted(question, [sentence]) == differing


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("许可证有效期多久", "时间长短"),
        ("近几年投入多少钱", "金额"),
        ("办法何时起施行", "起始日期"),
        ("试点选了哪几个城市", "地名"),
        ("一次换多少立方米水", "数量"),
        ("补贴发给多大岁数的人", "年龄"),
        ("票价金额不变，理由是什么", "原因"),
    ],
)
def test_the_form_of_a_question(question: str, name: str) -> None:
    form = form_of(question, question)
    assert form is not None
    assert form.name == name


@pytest.mark.parametrize(
    ("asked", "official"),
    [
        ("小孩子几岁上学", "儿童几岁入学"),
        ("儿童几岁入学", "儿童几岁入学"),
        ("老师被罚多少", "教师罚款多少"),
        ("村医生由谁培训", "村医生由谁培训"),
        ("病人不准带孩子", "患者不得带儿童"),
    ],
)
def test_everyday_words_in_the_words_of_texts(asked: str, official: str) -> None:
    assert in_official_words(asked) == official


def test_official_words_are_added_only_where_they_are_not_said() -> None:
    assert official_words("孩子几岁上学") == ("儿童", "入学")
    assert official_words("孩子和儿童几岁入学") == ()
