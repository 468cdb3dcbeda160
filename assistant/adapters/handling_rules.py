"""The table of handling time limits (办复时限) that an administrator fills: a CSV or YAML file."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from assistant.adapters.tables import decoded, read_table
from assistant.domain.ledger.handling import Rule, rules_of
from assistant.errors import SettingsError

_ADVICE = "各栏的写法见 docs/ledger.md 的“办复时限规则表”。"


def read_rules(path: Path | None) -> tuple[Rule, ...]:
    """The rules of the file, none without one. Raises :class:`SettingsError` with row and column of what is wrong."""
    if path is None:
        return ()
    data = read_table(path, "办复时限规则表", _ADVICE)
    try:
        text = decoded(data)
        if path.suffix.lower() in (".yaml", ".yml"):
            import yaml

            rows = yaml.safe_load(text) or []
            if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
                raise ValueError("应为一个列表，每项一条规则")
        else:
            lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
            rows = list(csv.DictReader(io.StringIO("\n".join(lines))))
        return rules_of(rows)
    except (ValueError, csv.Error) as error:
        raise SettingsError(f"办复时限规则表 {path.name} 有误：{error}。", _ADVICE) from None
    except Exception as error:  # what the YAML library raises has no common base with the above
        if type(error).__module__.startswith("yaml"):
            raise SettingsError(f"办复时限规则表 {path.name} 不是 YAML。", _ADVICE) from None
        raise
