"""The table of a place's own bodies that an administrator fills: a CSV file in the form of ``bodies.csv``."""

from __future__ import annotations

import csv
from pathlib import Path

from assistant.adapters.tables import decoded, read_table
from assistant.domain.units.registry import COLUMNS, Body, bodies_of
from assistant.errors import SettingsError

_ADVICE = "各栏的写法见 docs/ledger.md 的“单位名录”；assistant ledger units --table 可写出待补的名称。"


def read_bodies(path: Path | None) -> tuple[Body, ...]:
    """The bodies of the file, none without one. Raises :class:`SettingsError` with row and column of what is wrong."""
    if path is None:
        return ()
    data = read_table(path, "单位名录", _ADVICE)
    try:
        lines = [line for line in decoded(data).splitlines() if line.strip(", \t") and not line.startswith("#")]
        rows = csv.DictReader(lines)
        if unknown := set(rows.fieldnames or ()) - set(COLUMNS):
            raise ValueError(f"没有名为“{'、'.join(sorted(unknown))}”的栏")
        if lines and "name" not in (rows.fieldnames or ()):
            raise ValueError("缺少 name 一栏")
        return bodies_of({str(k): str(v or "") for k, v in row.items() if k} for row in rows)
    except (ValueError, csv.Error) as error:
        raise SettingsError(f"单位名录 {path.name} 有误：{error}。", _ADVICE) from None
