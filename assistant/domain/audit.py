"""What the audit log tells: who asked, opened, exported or changed what; and how much one caller may ask."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Deed:
    """One line of the audit log. ``content`` is empty unless the service is told to keep what was asked."""

    at: str  # ISO 8601, UTC
    who: str  # owner of an identity, such as key:3f… or user:…
    action: str  # ask, open, export, change, delete, refused, …
    object: str  # id of what it was done to, or empty
    status: int  # of the HTTP answer; 0 on the command line
    request_id: str
    content: str = ""


@dataclass(frozen=True, slots=True)
class HouseRules:
    """What one caller may take of the service (0: as much as they like), and what is written down of it."""

    questions_per_minute: int = 0
    questions_at_once: int = 0
    keep_content: bool = False  # of questions, in the audit log
