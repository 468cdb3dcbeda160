"""Tables that an administrator fills by hand or in a spreadsheet: their bytes, and the text of those."""

from __future__ import annotations

from pathlib import Path

from assistant.errors import SettingsError


def read_table(path: Path, called: str, advice: str) -> bytes:
    """The bytes of a table, named ``called`` to the reader. Raises :class:`SettingsError`."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise SettingsError(f"读不了{called} {path}：{error.strerror}。", advice) from None


def decoded(data: bytes) -> str:
    """UTF-8, or GB18030 as spreadsheets on Chinese systems save CSV. Raises UnicodeDecodeError where it is neither."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030")
