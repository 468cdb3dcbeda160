"""Files that administrators bring in over the web: what is taken, under which name, and how far it has come."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath

from assistant.domain.access import Visibility
from assistant.domain.policy import Problem

FOLDER = "uploads"
"""Of the data folder, where they lie."""

ENDINGS = frozenset(
    ".txt .md .markdown .html .htm .pdf .ofd .eml .mht .mhtml .xlsx .xlsm .xls .csv .png .jpg .jpeg .tif .tiff .bmp "
    ".docx .docm .dotm .dotx .doc .dot .wps .wpt .rtf .zip".split()
)
"""Endings of files that ingest reads; a test holds them to its parsers."""

_UNSAFE = re.compile(r'[\x00-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff<>:"/\\|?*]+')
_NAME_BYTES = 180  # file systems take 255; archives and copies add to a name


class State(StrEnum):
    """How far a file has come."""

    WAITING = "waiting"
    WORKING = "working"
    DONE = "done"
    FAILED = "failed"  # nothing of it could be taken; its problems say why
    REMOVING = "removing"


@dataclass(frozen=True, slots=True)
class Stage:
    """What ingest is doing now, in the reader's words, and how much of it is done."""

    words: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was brought in. ``documents`` are (id, title) of what it gave."""

    id: str
    name: str
    size: int  # bytes
    visibility: Visibility
    by: str  # owner of the identity that brought it
    at: str  # ISO 8601, UTC
    state: State
    message: str = ""  # why it waits or has failed, beside its problems
    stage: Stage | None = None
    documents: tuple[tuple[str, str], ...] = ()
    problems: tuple[Problem, ...] = ()


def safe_name(given: str) -> str:
    """A name for the disk and the screen: no folder, no control or direction character, never hidden, not too long.

    Raises ValueError, in words for the reader, where nothing is left or ingest reads no files of that ending.
    """
    name = unicodedata.normalize("NFC", given).replace("\\", "/").rsplit("/", 1)[-1]
    name = _UNSAFE.sub("_", name).strip(" .~$")
    ending = PurePosixPath(name).suffix.lower()
    if ending not in ENDINGS:
        raise ValueError(f"不能导入{ending or '没有扩展名'}的文件")
    stem = name[: -len(ending)].strip(" .") or "未命名"
    while len(f"{stem}{ending}".encode()) > _NAME_BYTES:
        stem = stem[:-1]
    return stem + ending
