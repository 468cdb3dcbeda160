"""What stands before the name of a text (某局在方案里) is no part of its name."""

from __future__ import annotations

import pytest

from assistant.answering.understanding.question import understand


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("市公安局在实施方案里有啥任务", "实施方案"),
        ("按照校舍检修方案谁牵头", "校舍检修方案"),
        ("校舍检修方案里谁牵头", "校舍检修方案"),
    ],
)
def test_the_name_of_a_text_is_read_alone(question: str, name: str) -> None:
    assert understand(question).named == (name,)
