"""Each defence of the threat model names a test, and the test is there."""

from __future__ import annotations

import re

import pytest

from tests.conftest import ROOT

TABLE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8").partition("| threat | defence | test |")[2]
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")] for line in TABLE.splitlines()[2:] if line.startswith("|")
]


def test_the_table_is_read() -> None:
    assert len(ROWS) > 20
    assert all(len(row) == 3 for row in ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_defence_has_its_test(row: list[str]) -> None:
    if row[2] in ("the same",):
        return
    named = re.findall(r"`([^`]+)`", row[2])
    assert named
    for name in named:
        path, _, test = name.partition("::")
        text = (ROOT / path).read_text(encoding="utf-8")
        assert not test or re.search(rf"^(?:async )?def {test}\(", text, re.MULTILINE), name
