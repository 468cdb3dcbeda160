"""What an administrator must know of a service that still runs; told by the doctor and ``/readyz``."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Part(StrEnum):
    """Where the trouble lies, in the doctor's order."""

    DISK = "disk"
    LIBRARY = "library"
    INDEX = "index"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that is wrong. ``code`` is for programs; ``fatal`` where questions cannot be answered with it."""

    part: Part
    code: str
    message: str  # without paths and names: everybody may read it
    advice: str
    fatal: bool = False
