"""What a proposal asks is told as an ask: a clerk must not take it for a decision."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

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
