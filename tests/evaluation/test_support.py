"""Whether a cited clause supports its line, by the words alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.domain.dialogue import Answer, Citation, Verdict
from assistant.evaluation.support import supported

QUOTE = "冷库由市商务局牵头建设，市财政局配合，2025年6月底前建成"
BASE = Answer(
    id="a",
    conversation_id="c",
    question="q",
    standalone_question="q",
    answer="",
    verdict=Verdict.ANSWERED,
    citations=(Citation(1, "d", "t", None, "一", 1, 0, len(QUOTE), QUOTE, None),),
    commitments=(),
    completeness=None,
    model="extractive",
    prompt=None,
    index="gen-1",
    timings_ms={},
)


@pytest.mark.parametrize(
    ("line", "holds"),
    [
        ("市商务局牵头：“冷库由市商务局牵头建设，市财政局配合”[1]", 1),
        ("冷库由市商务局牵头建设，市财政局配合，2025年6月底前建成。[1]", 1),
        ("时限为6月底前（到期日2025-06-30〔推断〕）。[1]", 1),
        ("市水利局负责：“河道由市水利局清淤”[1]", 0),
        ("（到期日2025-06-30〔推断〕）〔推定〕[1]", 0),
    ],
)
def test_a_citation_supports_its_line(line: str, holds: int) -> None:
    assert supported(replace(BASE, answer=f"据《某方案》：\n{line}")) == (holds, 1)
