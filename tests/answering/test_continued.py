"""Going on with a conversation by rules: pointing at lines, corrections, switches, narrowing, what was left out."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.answering.understanding.followups import standalone
from assistant.answering.understanding.intents import Intent
from assistant.answering.understanding.periods import as_of
from assistant.answering.understanding.question import understand
from assistant.answering.understanding.shown import items_of, matter_of
from assistant.domain.dialogue import Turn

LISTED = """据《河东市康养联合体任务表》：
市民政局主办，市财政局配合：“编号：1；工作任务：扩建护理实训楼；主办单位：市民政局；完成期限：2025年6月底”[1]
市卫健委主办〔进行中〕：“编号：2；工作任务：编写护理教材；主办单位：市卫健委；完成期限：2025年9月底”[2]
共 2 项，全部列出。"""


def after(question: str, text: str, answer: str = "已有回答。[1]") -> str:
    """What ``text`` becomes after ``question`` was answered so."""
    return standalone(text, [Turn(question, question, answer, ("d1",))]).text


@pytest.mark.parametrize(
    ("before", "text", "expected"),
    [
        # corrections keep what was asked
        ("市民政局负责什么", "我说的是市科技局", "市科技局负责什么"),
        ("护理教材谁主办", "不是这个，我问的是护理实训楼", "护理实训楼谁主办"),
        ("护理教材进展如何", "不对，我问的是实训楼", "实训楼进展如何"),
        # another year, another role
        ("2025年的护理竞赛谁主办", "换成去年的", "2024年的护理竞赛谁主办"),
        ("护理竞赛谁主办", "协办的呢", "护理竞赛由谁协办"),
        ("市民政局在任务表里参与哪些任务", "只看牵头的", "市民政局在任务表里牵头哪些任务"),
        # what came after, and no more than there is
        ("护理楼原定什么时候完成", "那后来呢", "护理楼现在什么时候完成"),
        ("护理楼谁负责", "那后来呢", "护理楼后来进展如何"),
        ("任务表有哪些任务", "还有吗", "任务表有哪些任务"),
        ("任务表有哪些任务", "这些事项里哪些没完成", "任务表里哪些没完成"),
        # what is left out
        ("护理教材谁编写", "印了没有", "护理教材印了没有"),
        ("护理竞赛谁主办", "现在搞了几场", "护理竞赛现在搞了几场"),
        ("护理楼进展怎么样", "总投资呢", "护理楼的总投资是多少"),
        ("第61号提案是谁提的", "答复是哪一类", "第61号提案答复是哪一类"),
        ("任务2是什么", "任务5呢", "任务5是什么"),
        # a question of its own carries nothing over
        ("61号提案答复了什么", "章程里会费怎么收", "章程里会费怎么收"),
    ],
)
def test_what_a_follow_up_leaves_out_is_filled_in(before: str, text: str, expected: str) -> None:
    assert after(before, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("上面第二条是谁负责", "编写护理教材是谁负责"),
        ("第一项什么时候完成", "扩建护理实训楼什么时候完成"),
        ("最后一项进展如何", "编写护理教材进展如何"),
        ("第三项谁负责", "第三项谁负责"),  # there is no third line
    ],
)
def test_a_line_of_the_answer_is_pointed_at(text: str, expected: str) -> None:
    assert after("任务表有哪些任务", text, LISTED) == expected


def test_lines_are_what_cites_and_their_matter_is_the_cell_that_names_it() -> None:
    first, second = items_of(LISTED)
    assert matter_of(first) == "扩建护理实训楼"
    assert matter_of(second) == "编写护理教材"
    assert matter_of("3. 在乡镇设立护理站，每站不少于两人") == "在乡镇设立护理站"


def test_a_greeting_between_does_not_end_what_was_spoken_of() -> None:
    turns = [Turn("护理楼谁负责", "护理楼谁负责", "市民政局负责。[1]", ("d1",)), Turn("谢谢", "谢谢", "不客气。")]
    assert standalone("它什么时候完成", turns).text == "护理楼什么时候完成"


def test_a_number_alone_is_named_by_what_was_shown() -> None:
    shown = "任务5 编写护理教材。[1]"
    assert after("任务5是什么", "它的协作单位", shown) == "编写护理教材的协作单位"


@pytest.mark.parametrize("text", ["谁负责编写护理教材", "教材由谁编写", "虚构交易的怎么处理"])
def test_writing_a_book_is_no_order_to_make_something_up(text: str) -> None:
    assert understand(text).intent is not Intent.INSTRUCTION


def test_a_day_that_things_are_judged_on() -> None:
    assert as_of("截至2025年10月31日，哪些事项超期") == date(2025, 10, 31)
    assert as_of("截至2025年2月31日，哪些事项超期") is None
    assert as_of("2025年10月31日前完成的有哪些") is None


@pytest.mark.parametrize(
    ("before", "text", "expected"),
    [
        ("章程第九条讲什么", "上一条再说一遍", "章程第八条讲什么"),
        ("章程第九条", "那下一条呢", "章程第十条"),
        ("章程第一条", "上一条呢", None),  # there is none before
        ("第61号提案答复谁签的", "35号的呢", "第35号提案答复谁签的"),
        ("上半年通报里已完成几项", "没启动的呢", "上半年通报里没启动几项"),
        ("上半年通报里已完成几项", "哪两项", "上半年通报里已完成哪些"),
        ("护理津贴有没有定", "35号答复里怎么说的", "35号答复里护理津贴怎么说的"),
        ("护理教材多久更新一次", "方案里有没有提到", "方案里护理教材有没有提到"),
        ("调整函改了什么", "为啥改", "调整函为啥改"),
        ("护理联合体牵头的是谁", "它和康养联合体是一个吗", "护理联合体和康养联合体是一个吗"),
    ],
)
def test_what_resumes_a_question_puts_its_own_in_one_place(before: str, text: str, expected: str | None) -> None:
    assert after(before, text) == expected if expected else "第零" not in after(before, text)


def test_a_correction_of_nothing_opens_a_conversation() -> None:
    assert standalone("不对，我问的是护理教材谁编写", []).text == "护理教材谁编写"
