"""A model may complete a follow-up; it may not add to it."""

from __future__ import annotations

import pytest

from assistant.answering.understanding.standalone import standalone
from assistant.domain.dialogue import Turn
from assistant.errors import ModelUnreachable
from assistant.prompts import Prompts
from tests.fakes.chat_model import ScriptedModel

PROMPTS = Prompts()
HISTORY = [Turn("东湖清淤谁牵头？", "东湖清淤由谁牵头？", "由市水利局牵头，市城管局配合，2025年6月底前完成。[1]")]


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ("东湖清淤由哪些单位配合？", "东湖清淤由哪些单位配合？"),
        ("改写后的问题：“东湖清淤由哪些单位配合？”", "东湖清淤由哪些单位配合？"),
        ("市水利局牵头的东湖清淤何时完成？", "市水利局牵头的东湖清淤何时完成？"),
        ("列出市水利局牵头的事项", "列出市水利局牵头的事项"),
        ("东湖清淤由市林业局配合吗？", None),  # a unit from nowhere
        ("东湖清淤2026年6月底前能完成吗？", None),  # a date from nowhere
        ("东湖清淤的3个配合单位是谁？", None),
        ("《东湖整治方案》由谁配合？", None),
        ("江环议〔2024〕9号由谁配合？", None),
        ("由市城管局配合。", None),  # an answer, no question
        ("东湖清淤由谁配合？\n由市城管局配合。", None),
        ("谁" * 300 + "？", None),
        ("Who assists with the dredging?", None),
        ("见 http://x.example 吗？", None),
        ("", None),
    ],
)
async def test_only_a_question_that_adds_nothing_is_taken(reply: str, expected: str | None) -> None:
    assert await standalone("谁配合？", HISTORY, ScriptedModel(reply), PROMPTS) == expected


async def test_without_a_conversation_no_model_is_asked() -> None:
    model = ScriptedModel("谁牵头？")
    assert await standalone("谁牵头？", [], model, PROMPTS) is None
    assert model.prompts == []


async def test_a_failing_or_silent_model_rewrites_nothing() -> None:
    failing = ScriptedModel("", error=ModelUnreachable("断开。"))
    assert await standalone("谁配合？", HISTORY, failing, PROMPTS) is None
    assert await standalone("谁配合？", HISTORY, ScriptedModel("慢", pause=5), PROMPTS, timeout=0.05) is None
