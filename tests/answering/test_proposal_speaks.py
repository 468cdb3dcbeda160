"""Proposal and reply: an ask is told as an ask and never as a decision; how a proposal was answered, the reply says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

PROPOSAL = """政协江城市第九届委员会第三次会议提案
第77号

案由：关于增设夜间图书室的提案

一、每晚开放到十点。
二、夜间值守人员的补贴由财政承担。
"""
PLAN = """江文发〔2024〕4号
关于延长图书室开放时间的通知
各区文旅局：
一、夜间图书室每晚开放到九点。
江城市文广旅局
2024年5月1日
"""


async def test_an_ask_is_marked_and_a_notice_is_not(desk: Callable[..., Any]) -> None:
    office = desk({"提案.txt": PROPOSAL, "通知.txt": PLAN})
    asked = await office.ask("夜间值守人员的补贴由谁承担")
    assert "据《关于增设夜间图书室的提案》（提出的是建议，不是决定）" in asked.answer
    ruled = await office.ask("江文发〔2024〕4号规定夜间图书室开放到几点")
    assert "九点" in ruled.answer and "不是决定" not in ruled.answer


REPLY = """江文议〔2024〕6号
对市政协九届三次会议第77号提案的答复
王委员：
您提出的《关于增设夜间图书室的提案》收悉，现答复如下：
一、关于开放时间。由市图书馆负责，2024年9月起每晚开放到九点。
江城市文广旅局
2024年6月3日
"""


@pytest.mark.parametrize("question", ["77号提案怎么答的", "第77号提案是怎么回复的？", "夜间图书室那个提案怎么答复的"])
async def test_how_a_proposal_was_answered_is_what_its_reply_says(desk: Callable[..., Any], question: str) -> None:
    office = desk({"提案.txt": PROPOSAL, "答复.txt": REPLY})
    answer = await office.ask(question)
    assert {c.title for c in answer.citations} == {"对市政协九届三次会议第77号提案的答复"}
    assert "市图书馆负责" in answer.answer
    assert "收悉" not in answer.answer


async def test_the_number_of_a_proposal_without_its_counting_word(desk: Callable[..., Any]) -> None:
    office = desk({"提案.txt": PROPOSAL, "答复.txt": REPLY})
    answer = await office.ask("077提案哪条没回应")
    assert "夜间值守人员的补贴" in answer.answer
    assert "每晚开放到十点" not in answer.answer
