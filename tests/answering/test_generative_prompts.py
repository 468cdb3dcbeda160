"""Prompts are files that are checked when they are loaded."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from assistant.errors import PromptError
from assistant.prompts import PLACEHOLDERS, PromptFile, Prompts, prompts_folder

GOOD = "## system\n\n材料在 {fence} 之间。\n\n## human\n\n{history}\n{question}\n"


def test_our_own_prompts_load_and_their_hash_is_the_files() -> None:
    prompts = Prompts()
    text = (prompts_folder() / "answer.md").read_text(encoding="utf-8")
    assert prompts.answer.hash == hashlib.sha256(text.encode()).hexdigest()[:12]
    assert prompts.rewrite.hash != prompts.answer.hash


def test_values_with_braces_and_templates_stay_as_they_are() -> None:
    filled = PromptFile("rewrite", GOOD).fill(
        fence="##", history="{question} {{x}} {0.__class__}", question="{history}？"
    )
    assert filled.messages[1] == ("human", "{question} {{x}} {0.__class__}\n{history}？")
    assert [role for role, _ in filled.messages] == ["system", "human"]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (GOOD.replace("{question}", ""), "question"),
        (GOOD + "{surprise}", "surprise"),
        (GOOD.replace("{fence}", "{fence.__class__}"), "fence.__class__"),
        (GOOD.replace("{fence}", "{fence!r}"), "fence"),
        (GOOD.replace("{fence}", "{fence:>10}"), "fence"),
        (GOOD + "{", "不成对"),
        (GOOD + "{}", "写法"),
        (GOOD.replace("## human", "## ai"), "章节"),
        ("没有章节 {question}", "章节"),
        ("## system\n\n## human\n\n{question}{history}{fence}", "章节"),
    ],
)
def test_a_wrong_file_is_refused_at_load(text: str, complaint: str) -> None:
    with pytest.raises(PromptError, match=complaint):
        PromptFile("rewrite", text)


def test_a_missing_file_is_refused_at_load(tmp_path: Path) -> None:
    with pytest.raises(PromptError, match=r"answer\.md"):
        Prompts(tmp_path)


def test_a_folder_of_ones_own_can_stand_in(tmp_path: Path) -> None:
    for name in PLACEHOLDERS:
        text = (prompts_folder() / f"{name}.md").read_text(encoding="utf-8")
        (tmp_path / f"{name}.md").write_text(text + "\n请用简体字。\n", encoding="utf-8")
    assert Prompts(tmp_path).answer.hash != Prompts().answer.hash
