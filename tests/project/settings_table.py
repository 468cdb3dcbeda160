"""The table of settings in docs, made from the code; ``python -m tests.project.settings_table`` writes it anew."""

from __future__ import annotations

import typing
from pathlib import Path

from pydantic.fields import FieldInfo

from assistant.settings import Settings

PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "settings.md"
BEGIN = "<!-- settings: made by `python -m tests.project.settings_table` -->"
END = "<!-- end of settings -->"


def table() -> str:
    """All settings with default and meaning, one a row."""
    rows = ["| Variable | Default | Meaning |", "|---|---|---|"]
    prefix = str(Settings.model_config.get("env_prefix"))
    for name, field in Settings.model_fields.items():
        rows.append(f"| `{prefix}{name.upper()}` | {_default(field)} | {field.description}{_choices(field)} |")
    return "\n".join(rows)


def on_page() -> str:
    """What stands between the markers of the page."""
    text = PAGE.read_text(encoding="utf-8")
    return text[text.index(BEGIN) + len(BEGIN) : text.index(END)].strip()


def _default(field: FieldInfo) -> str:
    return "–" if field.default in (None, ()) else f"`{field.default}`"


def _choices(field: FieldInfo) -> str:
    if typing.get_origin(field.annotation) is not typing.Literal:
        return ""
    named = [choice for choice in typing.get_args(field.annotation) if f"`{choice}`" not in (field.description or "")]
    return f" (also: {', '.join(f'`{choice}`' for choice in named)})" if named else ""


def main() -> None:
    """Write the table between the markers."""
    text = PAGE.read_text(encoding="utf-8")
    before, after = text[: text.index(BEGIN) + len(BEGIN)], text[text.index(END) :]
    PAGE.write_text(f"{before}\n{table()}\n{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
