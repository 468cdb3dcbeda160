"""Names for the registry of units as a table that a person reviews and the service reads (``ASSISTANT_UNITS``)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from assistant.domain.units.registry import COLUMNS

_ENDINGS = {
    "社团": ("学会", "协会", "商会", "联合会", "促进会", "基金会", "总会"),
    "企业": ("公司", "集团", "银行", "合作社", "厂"),
    "园区": ("园区", "开发区", "示范区", "管委会"),
}


def unit_table(names: Iterable[tuple[str, Iterable[str]]]) -> bytes:
    """A table of bodies for these names, each with those that may mean it; for a spreadsheet (UTF-8 with a mark)."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS, restval="")
    writer.writeheader()
    for name, possible in names:
        writer.writerow({"name": name, "level": _level(name), "possible_same": " ".join(possible)})
    return out.getvalue().encode("utf-8-sig")


def _level(name: str) -> str:
    kind = next((level for level, endings in _ENDINGS.items() if name.endswith(endings)), "")
    return kind or next((level for level in "省市县" if level in name[:4]), "")
