"""Orders of a list: by a column, up and down, alike ones as they stood, those without a value last."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.domain.ledger.commitments import entries_of
from assistant.domain.ledger.selection import Filters, Selection
from assistant.domain.ledger.sorting import SORTS
from tests.fakes.shelf import document

TEXT = document(
    "分工",
    ("一", "一、", 1, "一、由市园林局牵头栽植苗木，2024年9月底前完成。"),
    ("二", "二、", 1, "二、由市财政局牵头编制预算，2024年5月底前完成。"),
    ("三", "三、", 1, "三、由市审计局牵头开展审计。"),
    ("四", "四、", 1, "四、由市财政局牵头拨付资金，2024年9月底前完成。"),
)
SELECTION = Selection.of(entries_of(TEXT))
TODAY = date(2024, 1, 1)


def _paths(sort: str | None, **page: int) -> list[str]:
    return [e.path for e in SELECTION.page(Filters(TODAY, sort=sort), **page).entries]


@pytest.mark.parametrize(
    ("sort", "paths"),
    [
        (None, "一 二 三 四"),
        ("due", "二 一 四 三"),  # 三 has no day
        ("-due", "一 四 二 三"),
        ("lead", "二 四 三 一"),  # cái, shěn, yuán: by sound
        ("-lead", "一 三 二 四"),
    ],
)
def test_rows_stand_in_order(sort: str | None, paths: str) -> None:
    assert _paths(sort) == paths.split()


def test_a_page_is_a_part_of_the_sorted_whole() -> None:
    for sort in SORTS:
        whole = _paths(sort)
        assert sorted(whole) == sorted(_paths(None))
        assert _paths(sort, limit=2) + _paths(sort, limit=2, offset=2) == whole
