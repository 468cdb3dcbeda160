"""Files that come with a document: what hangs on a mail, what is attached to an OFD file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath

from assistant.domain.policy import Problem
from ingest.containers import ArchiveLimits, Member, is_archive, members
from ingest.formats import mail, ofd
from ingest.load import is_document

_SOURCES: dict[str, Callable[[bytes], Iterator[tuple[str, bytes | str]]]] = {
    ".eml": mail.attached_files,
    ".mht": mail.attached_files,
    ".mhtml": mail.attached_files,
    ".ofd": ofd.attached_files,
}
_UNFIT = re.compile(r"[\x00-\x1f\x7f/\\\\]")


def enclosed(name: str, data: bytes, limits: ArchiveLimits | None = None) -> Iterator[Member | Problem]:
    """What comes with the file of that name, mails in mails and archives included; nothing for most formats.

    Never raises on bad input: where the file itself cannot be read, its parser says so. Names that occur twice are
    numbered. What exceeds ``limits`` is a problem.
    """
    yield from _enclosed(name, data, limits or ArchiveLimits(), 1)


def _enclosed(name: str, data: bytes, limits: ArchiveLimits, depth: int) -> Iterator[Member | Problem]:
    source = _SOURCES.get(PurePosixPath(name).suffix.lower())
    if source is None or len(data) > limits.member_bytes:
        return
    try:
        found = list(source(data))
    except MemoryError:
        raise
    except Exception:  # the parser of the file meets the same and names it
        return
    seen: set[str] = set()
    for number, (written, content) in enumerate(found, 1):
        if number > limits.members:
            yield Problem(name, "", f"附件超过 {limits.members} 个，其后未收入", lost=True)
            return
        shown = _UNFIT.sub("_", written).strip(". ") or "未命名"
        if not is_document(shown):
            continue
        full = f"{name}/{shown if shown not in seen else f'{number} {shown}'}"
        seen.add(shown)
        if isinstance(content, str):
            yield Problem(full, "", content, lost=True)
        elif is_archive(shown):
            yield from members(full, content, limits)
        else:
            yield Member(full, content)
            if depth < limits.depth:
                yield from _enclosed(full, content, limits, depth + 1)
            # What the parser of the attachment says will come, and does not.
            elif PurePosixPath(shown).suffix.lower() in _SOURCES and next(
                _enclosed(full, content, limits, depth), None
            ):
                yield Problem(full, "", f"附件嵌套超过 {limits.depth} 层", lost=True)
