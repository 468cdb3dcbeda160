"""What a person has corrected is what answers tell, marked as theirs, beside the words of the document."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from assistant.domain.ledger.reviews import Changes, Decision

PLAN = """江市发〔2024〕6号

河道整治方案

一、清淤。由市水务局牵头清理河道淤泥，市财政局配合，2024年6月底前完成。

二、绿化。由市林业局牵头栽植岸线林带。

市人民政府
2024年3月1日
"""


async def test_a_corrected_row_is_told_as_corrected(desk: Callable[..., Any]) -> None:
    office = desk({"plan.txt": PLAN})
    row = next(e for e in office.ledger.read.entries if "淤泥" in e.quote)
    changes = Changes(lead_units=("市住建局",), due="2025-03-31")
    office.ledger.review(row.id, Decision("correct", "李明", "会议纪要已调整", changes))

    answer = await office.ask("市住建局牵头哪些事项？")

    assert [(c.lead_units, c.review) for c in answer.commitments] == [(("市住建局",), "corrected")]
    assert "市住建局牵头" in answer.answer
    assert "〔已更正〕" in answer.answer
    assert "由市水务局牵头清理河道淤泥" in answer.answer  # what the document says stays visible
    assert answer.completeness is not None
    assert answer.completeness.total == 1
    overdue = await office.ask("哪些事项已经逾期？")
    assert "淤泥" not in overdue.answer


async def test_a_rejected_row_is_in_no_list(desk: Callable[..., Any]) -> None:
    office = desk({"plan.txt": PLAN})
    row = next(e for e in office.ledger.read.entries if "林带" in e.quote)
    office.ledger.review(row.id, Decision("reject", "李明", "口号"))

    answer = await office.ask("各单位牵头的事项一共有多少项？")

    assert answer.completeness is not None
    assert answer.completeness.total == 1
    assert "林带" not in answer.answer
