"""Questions as clerks and citizens put them: names cut short, penalties, differences, amounts."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from assistant.answering.extractive.premise import claimed
from assistant.answering.retrieval.ranking import may_state, states
from assistant.answering.several import parts_of
from assistant.answering.understanding.followups import Standalone
from assistant.answering.understanding.intents import Intent
from assistant.answering.understanding.question import understand
from assistant.domain.dialogue import Verdict

RULES = """城市养犬管理办法
第一章　总则
第一条　为了规范养犬行为，制定本办法。
第二条　市公安机关主管养犬管理工作。
第三条　本办法所称烈性犬，是指体型高大、攻击性强的犬只。本办法所称工作犬，是指执行任务的犬只。
第二章　登记
第四条　养犬人应当自取得犬只之日起十五日内办理登记。登记证有效期最长不超过二年。
第五条　养犬登记费按照规定的标准缴纳。
第六条　办理登记的窗口抽查比例不设上限。
第三章　罚则
第七条　有下列行为之一的，由公安机关处二百元以上五百元以下的罚款；拒不改正的，没收犬只：
（一）犬只夜间吠叫干扰他人生活的；
（二）未及时清理犬只粪便的。
第八条　虐待犬只的，予以警告。
"""
PROPOSAL = """关于设立社区宠物角的提案
提案者：甲某某
一、现状。社区内没有宠物活动场地，居民意见较多。
二、建议。建议宠物角由街道办事处和物业企业共同承担牵头责任，2026年底基本建成。
"""


@pytest.fixture
def office(desk: Callable[..., object]) -> object:
    return desk({"城市养犬管理办法.txt": RULES, "提案.txt": PROPOSAL})


async def test_a_name_cut_short_means_the_one_text_that_it_fits(office) -> None:
    answer = await office.ask("养犬办法第二条说了什么？")
    assert answer.verdict is Verdict.ANSWERED
    assert "市公安机关主管" in answer.answer


async def test_a_name_that_fits_no_title_is_still_missing(office) -> None:
    answer = await office.ask("养鸽办法第二条说了什么？")
    assert answer.verdict is Verdict.NOT_STATED


async def test_a_penalty_is_told_with_all_that_rules_the_item(office) -> None:
    answer = await office.ask("犬只半夜吠叫干扰他人怎么处罚？")
    assert "二百元以上五百元以下的罚款；拒不改正的，没收犬只" in answer.answer
    assert "犬只夜间吠叫" in answer.answer
    assert "清理犬只粪便" not in answer.answer


async def test_a_difference_is_told_side_by_side(office) -> None:
    answer = await office.ask("烈性犬和工作犬有什么区别？")
    assert answer.verdict is Verdict.ANSWERED
    assert "攻击性强" in answer.answer
    assert "执行任务" in answer.answer


async def test_an_amount_that_is_ruled_elsewhere_is_not_passed_off_as_one(office) -> None:
    answer = await office.ask("养犬登记费是多少元？")
    assert answer.verdict is Verdict.PARTIAL
    assert answer.answer.startswith("文件没有写明具体数额")


async def test_no_limit_is_an_answer_to_how_much(office) -> None:
    answer = await office.ask("登记窗口的抽查比例上限是多少？")
    assert answer.verdict is Verdict.ANSWERED
    assert "不设上限" in answer.answer


async def test_how_long_it_lasts_is_no_deadline(office) -> None:
    answer = await office.ask("犬只登记证有效期最长多久？")
    assert "不超过二年" in answer.answer


async def test_what_a_proposal_asks_answers_who_should_lead(office) -> None:
    answer = await office.ask("社区宠物角那份提案建议由哪些单位牵头？")
    assert "街道办事处和物业企业" in answer.answer
    assert answer.verdict in (Verdict.ANSWERED, Verdict.PARTIAL)


@pytest.mark.parametrize(
    ("question", "intent"),
    [
        ("楼下太吵，这事该找谁管？", Intent.LEAD),
        ("有问题找谁？", Intent.METADATA),
        ("什么是固定期限合同？", Intent.CONTENT),
        ("隧道开工了吗？", Intent.PROGRESS),
    ],
)
def test_words_that_ask_for_one_thing_and_look_like_another(question: str, intent: Intent) -> None:
    assert understand(question).intent is intent


def test_an_open_ended_contract_is_no_missing_limit() -> None:
    assert not understand("固定期限和无固定期限劳动合同都有哪些？").asked.undated


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("短期和中短期借款有什么区别？", ["什么是短期借款？", "什么是中短期借款？"]),
        ("小店噪声和工厂噪声罚款一样吗？", ["小店噪声罚款多少？", "工厂噪声罚款多少？"]),
        ("任务清单和建设方案有什么区别？", []),  # documents are compared as such
    ],
)
def test_each_side_of_a_difference_is_asked_for(question: str, parts: list[str]) -> None:
    assert [p.alone.text for p in parts_of(Standalone(question, ()))] == parts


def test_a_claimed_figure_wants_a_sentence_that_measures_alike() -> None:
    form = claimed("费率要降到0.5%以下，是吧？")
    assert form is not None
    assert form.fits("平均费率逐步降至1%以下")
    assert not form.fits("加强对费率的跟踪监测")
    assert claimed("费率要下降，是吧？") is None


def test_between_sure_and_silent_lies_what_is_shown_for_checking() -> None:
    assert states(0.5, 0.92)
    assert not states(0.3, 0.92)
    assert may_state(0.3, 0.92)
    assert not may_state(0.1, 0.9)
    assert not may_state(0.4, None)
