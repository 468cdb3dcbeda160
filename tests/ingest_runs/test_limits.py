"""Every limit of parsing is a setting."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from assistant.settings import Settings
from ingest.formats.model import Limits
from ingest.wiring import limits_of

#: By limit: the setting, and how many of the limit's units are one of the setting's.
SETTINGS: dict[str, tuple[str, int]] = {
    "max_bytes": ("max_file_mb", 2**20),
    "max_pages": ("max_pages", 1),
    "max_scanned_pages": ("max_scanned_pages", 1),
    "max_pixels": ("max_picture_megapixels", 1_000_000),
    "max_characters": ("max_characters", 1),
    "max_cells": ("max_cells", 1),
    "max_unpacked": ("max_unpacked_mb", 2**20),
    "max_ratio": ("max_unpacked_ratio", 1),
    "max_members": ("max_archive_files", 1),
    "max_rows": ("max_rows", 1),
    "max_depth": ("max_archive_depth", 1),
    "max_seconds": ("parse_seconds", 1),
    "max_memory": ("parse_memory_mb", 2**20),
    "picture_seconds": ("picture_seconds", 1),
    "picture_memory": ("picture_memory_mb", 2**20),
    "office_seconds": ("office_seconds", 1),
    "office_memory": ("office_memory_mb", 2**20),
}


def test_the_defaults_are_those_of_the_settings() -> None:
    assert limits_of(Settings()) == Limits()


def test_each_limit_follows_its_setting() -> None:
    assert {field.name for field in fields(Limits)} == set(SETTINGS)
    for name, (setting, unit) in SETTINGS.items():
        raised: Any = getattr(Settings(), setting) * 2
        assert getattr(limits_of(Settings(**{setting: raised})), name) == raised * unit, name
