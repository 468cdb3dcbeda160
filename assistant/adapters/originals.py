"""The files that documents were read from, as long as they lie unchanged where ingest found them."""

from __future__ import annotations

import hashlib
import mimetypes
import stat
import subprocess
import sys
import threading
from collections import OrderedDict
from pathlib import Path

from sqlalchemy import Engine, select

from assistant.adapters import page_picture
from assistant.adapters.database import schema as s
from assistant.adapters.database.engine import reading
from assistant.ports import Original

_PDF = {".pdf"}
_PICTURES = {".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp"}
_SECONDS = 20.0  # for the picture of one page
_KEPT = 24  # pictures of pages kept in memory, some 200 kB each
_AT_ONCE = 2  # pages drawn at the same time: each takes a core


class LibraryOriginals:
    """:class:`assistant.ports.Originals` by the library's list of sources; thread-safe.

    A file that has changed since it was read is not offered: it may hold what was never checked. Neither is a part of
    an archive, whose file holds other documents too.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._drawing = threading.BoundedSemaphore(_AT_ONCE)
        self._drawn: OrderedDict[tuple[str, int], bytes] = OrderedDict()
        self._lock = threading.Lock()

    def original(self, document_id: str) -> Original | None:
        """See :class:`assistant.ports.Originals`."""
        c = s.sources.c
        with reading(self._engine) as connection:
            rows = connection.execute(
                select(c.path, c.name, c.size, c.mtime_ns, c.sha256)
                .join(s.documents, s.documents.c.edition == c.edition)
                .where(s.documents.c.id == document_id, c.container.is_(None), c.sha256.is_not(None))
                .order_by(c.path)
            ).all()
        for row in rows:
            path = Path(row.path)
            if _unchanged(path, row.size, row.mtime_ns, row.sha256):
                media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
                drawable = path.suffix.lower() in _PDF | _PICTURES
                return Original(Path(row.name).name, path, media_type, row.size, row.sha256, drawable)
        return None

    def page(self, original: Original, number: int) -> bytes | None:
        """See :class:`assistant.ports.Originals`. Drawn in a process of its own: the file may be hostile."""
        if not original.drawable:
            return None
        key = (original.sha256, number)
        with self._lock:
            if key in self._drawn:
                self._drawn.move_to_end(key)
                return self._drawn[key]
        command = [sys.executable, "-I", page_picture.__file__, str(original.path), str(number)]
        try:
            with self._drawing:
                made = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False)  # noqa: S603
        except subprocess.TimeoutExpired:
            return None
        if made.returncode or not made.stdout:
            return None
        with self._lock:
            self._drawn[key] = made.stdout
            while len(self._drawn) > _KEPT:
                self._drawn.popitem(last=False)
        return made.stdout


def _unchanged(path: Path, size: int, mtime_ns: int, sha256: str) -> bool:
    """Whether the file is the one that was read: by size and time, else by what it holds."""
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode) or found.st_size != size:
            return False
        if found.st_mtime_ns == mtime_ns:
            return True
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == sha256
    except OSError:
        return False
