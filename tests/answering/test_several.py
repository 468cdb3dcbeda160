"""Several questions in one sentence, and two documents side by side."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from assistant.answering.several import parts_of
from assistant.answering.understanding.followups import Standalone, topic_of
from assistant.domain.dialogue import Verdict

PLAN = """临市文旅发〔2024〕6号
关于印发图书漂流活动方案的通知
一、图书漂流是指把闲置图书放到公共场所供人自由取阅的活动。
二、漂流站点。由市图书馆牵头，市城管局配合，2024年6月底前设置漂流站点40个。
三、流动书车。由市文旅局牵头，每周出车一次。
四、志愿服务。由团市委牵头招募志愿者。志愿者须年满十六周岁，未经培训的不得上岗。
临市文旅局
2024年2月1日
"""
LIST = """临市文旅发〔2024〕9号
2024年图书漂流任务清单
一、漂流站点。由市城管局牵头，2024年9月底前设置漂流站点40个。
临市文旅局
2024年4月1日
"""


@pytest.fixture
def office(desk: Callable[..., object]) -> object:
    return desk({"方案.txt": PLAN, "清单.txt": LIST})


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("漂流站点由谁牵头，什么时候设置？", ["漂流站点由谁牵头", "漂流站点什么时候设置"]),
        ("什么是图书漂流？由谁牵头？", ["什么是图书漂流", "图书漂流由谁牵头"]),
        ("漂流站点和流动书车分别由谁牵头？", ["漂流站点由谁牵头？", "流动书车由谁牵头？"]),
        ("流动书车由谁牵头？经费是多少？", ["流动书车由谁牵头", "流动书车经费是多少"]),
        ("6号文和9号文的成文日期分别是哪天？", ["6号文的成文日期哪天？", "9号文的成文日期哪天？"]),
        ("漂流站点由谁牵头设置，招募志愿者由谁牵头？", ["漂流站点由谁牵头设置", "招募志愿者由谁牵头"]),
        ("漂流站点由谁牵头、由谁配合？", []),  # one row tells both
        ("这份通知的文号和签发人是什么？", []),
        ("要求各县最迟什么时候制定方案，报谁备案？", []),  # of the same sentence
        ("漂流站点由谁牵头？", []),
    ],
)
def test_a_sentence_is_taken_apart_where_it_asks_two_things(question: str, parts: list[str]) -> None:
    assert [p.alone.text for p in parts_of(Standalone(question, ()))] == parts


def test_what_a_question_is_about() -> None:
    assert topic_of("流动书车由谁牵头？") == "流动书车"
    assert topic_of("什么叫图书漂流？") == "图书漂流"
    assert topic_of("哪些任务逾期了？") == ""


async def test_both_parts_are_answered_in_order(office) -> None:
    answer = await office.ask("漂流站点由谁牵头，什么时候设置？")
    assert answer.answer.index("关于“漂流站点由谁牵头”") < answer.answer.index("关于“什么时候设置”")
    assert "市图书馆" in answer.answer
    assert "2024年6月底前" in answer.answer
    assert answer.verdict is Verdict.ANSWERED


async def test_a_part_on_which_the_documents_are_silent_says_so(office) -> None:
    answer = await office.ask("流动书车由谁牵头？经费是多少？")
    assert answer.verdict is Verdict.PARTIAL
    assert "市文旅局" in answer.answer
    assert "文件未载明" in answer.answer.split("关于“经费是多少”")[1]


async def test_two_documents_side_by_side(office) -> None:
    answer = await office.ask("图书漂流活动方案和2024年图书漂流任务清单对漂流站点的牵头单位规定有什么不同？")
    assert "市图书馆牵头" in answer.answer
    assert "市城管局牵头" in answer.answer
    assert "对比：各文件写的牵头单位不一致。" in answer.answer
    limits = await office.ask("图书漂流活动方案和2024年图书漂流任务清单的漂流站点时限一样吗？")
    assert "2024年6月底前" in limits.answer
    assert "2024年9月底前" in limits.answer
    assert "时限不一致" in limits.answer


@pytest.mark.parametrize(
    ("question", "said", "verdict"),
    [
        ("什么叫图书漂流？", "自由取阅的活动", Verdict.ANSWERED),
        ("流动书车多久出车一次？", "每周出车一次", Verdict.ANSWERED),
        ("未经培训的志愿者能不能上岗？", "原文是否定的说法（“不得”）", Verdict.ANSWERED),
        ("漂流站点要设置多少个？", "40个", Verdict.ANSWERED),
        ("漂流站点设置多少台取书机？", "文件未载明", Verdict.NOT_STATED),
        ("流动书车为什么每周出车？", "文件未载明", Verdict.NOT_STATED),
        ("漂流站点的经费是多少？", "文件未载明", Verdict.NOT_STATED),
        ("志愿者队的队长是谁？", "文件未载明", Verdict.NOT_STATED),
    ],
)
async def test_forms_of_questions_and_what_answers_them(office, question: str, said: str, verdict: Verdict) -> None:
    answer = await office.ask(question)
    assert said in answer.answer
    assert answer.verdict is verdict
