"""Uploaded files in the data folder: the folder is the truth, a thread brings the library to it through ``ingest``.

``uploads/<id>/<name>`` is the file, ``.upload.json`` beside it says who brought it and whether it is to go, and
``.visibility`` beside it is the rule file that ingest labels it by, whoever starts ingest. What has come of a file is
read from the library. So nothing is lost by a crash, and a restart goes on where it was. A backup has the files alone:
what stood beside them is written again from what the library knows.
"""

from __future__ import annotations

import json
import logging
import re
import secrets
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import IO, Protocol

from sqlalchemy import Engine, select

from assistant.adapters.database import access_schema as a
from assistant.adapters.database import schema as s
from assistant.adapters.database.conversations import now
from assistant.adapters.database.engine import reading
from assistant.adapters.ingest_process import Ended
from assistant.domain.access import HIDDEN, Visibility
from assistant.domain.policy import Problem
from assistant.domain.uploads import FOLDER, Stage, State, Upload
from assistant.errors import LibraryError, NotFound

_ARRIVING = ".arriving"
_NOTE = ".upload.json"
_UNFINISHED = ".unfinished"  # there while ingest runs: one that was cut off may have read without publishing
_RULE = ".visibility"
_ID = re.compile(r"u[0-9a-f]{12}")
_AGAIN_SECONDS = 5.0  # after which it is tried again where another run is at work

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Note:
    """What the library does not know of a file."""

    name: str
    visibility: str
    by: str
    at: str
    going: bool = False
    failed: str = ""


class _Runner(Protocol):
    """Runs ingest; see :class:`assistant.adapters.ingest_process.IngestProcess`."""

    def run(self, arguments: Sequence[str], note: Callable[[Stage], None]) -> Ended: ...

    def stop(self) -> None: ...


class FolderUploads:
    """:class:`assistant.ports.Uploads` in a folder beside the library; thread-safe."""

    def __init__(self, engine: Engine, data_dir: Path, runner: _Runner, most_bytes: int, default: Visibility) -> None:
        self._engine = engine
        self._folder = (data_dir / FOLDER).resolve()
        self._unfinished = self._folder / _UNFINISHED
        self._runner = runner
        self.most_bytes = most_bytes
        self.default = default
        self._lock = threading.Lock()  # around the notes and what follows
        self._worker: threading.Thread | None = None
        self._wake = threading.Event()
        self._closed = threading.Event()
        self._at_work: frozenset[str] = frozenset()
        self._stage: Stage | None = None
        self._busy = False

    @contextmanager
    def receiving(self) -> Iterator[IO[bytes]]:
        """See :class:`assistant.ports.Uploads`."""
        arriving = self._folder / _ARRIVING
        try:
            arriving.mkdir(mode=0o700, parents=True, exist_ok=True)
            file = tempfile.NamedTemporaryFile(dir=arriving, delete=False)  # noqa: SIM115 - closed below, kept or not
        except OSError as error:
            raise _unwritable(error) from error
        try:
            yield file
        except OSError as error:
            raise _unwritable(error) from error
        finally:
            file.close()
            with suppress(OSError):
                Path(file.name).unlink()

    def keep(self, arrived: IO[bytes], name: str, visibility: Visibility, by: str, replaces: str | None) -> Upload:
        """See :class:`assistant.ports.Uploads`."""
        with self._lock:
            if replaces is not None:
                name = self._note(replaces).name  # a new version lies where the old one lay
            upload_id = replaces or f"u{secrets.token_hex(6)}"
            home = self._folder / upload_id
            try:
                arrived.flush()
                home.mkdir(mode=0o700, exist_ok=True)
                (home / _RULE).write_text(f"{visibility}\n", encoding="utf-8")
                self._put(upload_id, _Note(name, str(visibility), by, now()))
                Path(arrived.name).replace(home / name)
            except OSError as error:
                if replaces is None:
                    shutil.rmtree(home, ignore_errors=True)
                raise _unwritable(error) from error
        self.resume()
        return self._one(upload_id)

    def all(self) -> Sequence[Upload]:
        """See :class:`assistant.ports.Uploads`."""
        with self._lock:
            notes = {upload_id: self._note(upload_id) for upload_id in self._ids()}
        found = [self._upload(upload_id, note) for upload_id, note in notes.items()]
        return sorted(found, key=lambda upload: (upload.at, upload.id), reverse=True)

    def remove(self, upload_id: str) -> Upload:
        """See :class:`assistant.ports.Uploads`."""
        with self._lock:
            note = replace(self._note(upload_id), going=True)
            self._put(upload_id, note)
        going = self._upload(upload_id, note)
        self.resume()
        return going

    def resume(self) -> None:
        """See :class:`assistant.ports.Uploads`."""
        with self._lock:
            self._mend()
            if self._closed.is_set() or not (any(self._ids()) or self._unfinished.exists()):
                return
            self._wake.set()
            if self._worker is None:
                self._worker = threading.Thread(target=self._work, name="uploads", daemon=True)
                self._worker.start()

    def close(self) -> None:
        """See :class:`assistant.ports.Uploads`."""
        self._closed.set()
        self._wake.set()
        self._runner.stop()
        if self._worker is not None:
            self._worker.join()

    # The work

    def _work(self) -> None:
        while not self._closed.is_set():
            self._wake.wait()
            self._wake.clear()
            try:
                again = not self._closed.is_set() and self._settle()
            except Exception:  # a full disk now must not end the work for good
                log.exception("the uploads could not be brought in; they are tried again")
                again = True
            if again:
                self._closed.wait(_AGAIN_SECONDS)
                self._wake.set()

    def _settle(self) -> bool:
        """Bring the library to the folder; whether it must be tried again."""
        found = self.all()
        going = [upload for upload in found if upload.state is State.REMOVING]
        waiting = [upload for upload in found if upload.state is State.WAITING]
        if self._unfinished.exists():
            there = [self._path(upload) for upload in found if upload.state is not State.REMOVING]
            if self._run("run", there or [self._folder], waiting).outcome == "busy":
                return True
        if going:
            known = [path for upload in going if self._sources(path := self._path(upload))]
            ended = self._run("remove", known, going) if known else Ended("done")
            if ended.outcome == "busy":
                return True
            if ended.outcome == "done":
                with self._lock:
                    for upload in going:
                        shutil.rmtree(self._folder / upload.id)
            else:
                self._fail(going, ended)
        if waiting:
            ended = self._run("run", [self._path(upload) for upload in waiting], waiting)
            if ended.outcome == "busy":
                return True
            left = {upload.id for upload in self.all() if upload.state is State.WAITING}
            self._fail([upload for upload in waiting if upload.id in left], ended)
        return False

    def _run(self, command: str, paths: Sequence[Path], uploads: Sequence[Upload]) -> Ended:
        self._at_work = frozenset(upload.id for upload in uploads)
        self._unfinished.touch(mode=0o600)
        try:
            ended = self._runner.run([command, "--json", "--progress", "json", *map(str, paths)], self._take)
            self._busy = ended.outcome == "busy"
            if not self._busy:
                self._unfinished.unlink(missing_ok=True)
            return ended
        finally:
            self._at_work, self._stage = frozenset(), None

    def _take(self, stage: Stage) -> None:
        self._stage = stage

    def _fail(self, uploads: Sequence[Upload], ended: Ended) -> None:
        """Note that a run ended and left these as they were; a file that has come anew meanwhile waits for the next."""
        with self._lock:
            for upload in uploads:
                note = self._note(upload.id)
                if note.at == upload.at:
                    said = ended.said.splitlines()[-1].removeprefix("错误：") if ended.said else "导入意外中断"
                    self._put(upload.id, replace(note, going=False, failed=said))
                    log.error("uploaded file %s was not brought in: %s", upload.id, ended.said)

    # What is known

    def _ids(self) -> list[str]:
        if not self._folder.is_dir():
            return []
        return [entry.name for entry in self._folder.iterdir() if _ID.fullmatch(entry.name) and self._has(entry.name)]

    def _mend(self) -> None:
        """Write again what stood beside files that came back from a backup."""
        if not self._folder.is_dir():
            return
        for home in self._folder.iterdir():
            if not _ID.fullmatch(home.name) or self._has(home.name):
                continue
            path = next((file for file in home.iterdir() if not file.name.startswith(".")), None)
            if path is None:
                continue
            label = a.source_labels.c
            with reading(self._engine) as connection:
                known = connection.execute(select(label.label).where(label.path == str(path))).scalar()
            visibility = known or str(HIDDEN)  # of which nothing is known is for administrators alone
            (home / _RULE).write_text(f"{visibility}\n", encoding="utf-8")
            self._put(home.name, _Note(path.name, visibility, "", now()))

    def _has(self, upload_id: str) -> bool:
        return (self._folder / upload_id / _NOTE).is_file()

    def _note(self, upload_id: str) -> _Note:
        if not _ID.fullmatch(upload_id) or not self._has(upload_id):
            raise NotFound("没有这份上传的文件。", "它可能已被删除；请刷新列表。", "upload_not_found", "upload_id")
        return _Note(**json.loads((self._folder / upload_id / _NOTE).read_text(encoding="utf-8")))

    def _put(self, upload_id: str, note: _Note) -> None:
        place = self._folder / upload_id / _NOTE
        written = place.with_suffix(".new")
        written.write_text(json.dumps(asdict(note), ensure_ascii=False), encoding="utf-8")
        written.replace(place)

    def _one(self, upload_id: str) -> Upload:
        with self._lock:
            note = self._note(upload_id)
        return self._upload(upload_id, note)

    def _path(self, upload: Upload) -> Path:
        return self._folder / upload.id / upload.name

    def _sources(self, path: Path) -> bool:
        c = s.sources.c
        with reading(self._engine) as connection:
            return connection.execute(select(c.path).where(c.path == str(path))).first() is not None

    def _upload(self, upload_id: str, note: _Note) -> Upload:
        path = self._folder / upload_id / note.name
        try:
            visibility = Visibility.parse(note.visibility)
        except ValueError:
            visibility = HIDDEN
        try:
            found = path.stat()
            size, changed = found.st_size, found.st_mtime_ns
        except OSError:
            size, changed = 0, 0
        upload = Upload(upload_id, note.name, size, visibility, note.by, note.at, State.WAITING, note.failed)
        read, documents, problems = self._given(path, size, changed)
        if note.going:
            state = State.REMOVING
        elif read and upload_id in self._at_work:
            state = State.WORKING  # read, and not yet to be found
        elif read:
            state = State.DONE if documents else State.FAILED
        else:
            state = State.FAILED if note.failed else State.WAITING
        upload = replace(upload, state=state, documents=documents, problems=problems)
        if upload_id in self._at_work:
            going = State.REMOVING if state is State.REMOVING else State.WORKING
            return replace(upload, state=going, stage=self._stage)
        if state is State.WAITING and self._busy:
            return replace(upload, message="另一次导入正在进行，结束后自动继续")
        return upload

    def _given(
        self, path: Path, size: int, changed: int
    ) -> tuple[bool, tuple[tuple[str, str], ...], tuple[Problem, ...]]:
        """Whether ingest has read this very file, the documents that it gave, and the problems."""
        c, d, p = s.sources.c, s.documents.c, s.problems.c
        of_file = (c.path == str(path)) | (c.container == str(path))
        with reading(self._engine) as connection:
            own = connection.execute(select(c.size, c.mtime_ns).where(c.path == str(path))).first()
            if own is None or (own.size, own.mtime_ns) != (size, changed):
                return False, (), ()
            documents = connection.execute(
                select(d.id, d.title).join(s.sources, c.edition == d.edition).where(of_file).order_by(c.path)
            ).all()
            problems = connection.execute(
                select(c.name, p.place, p.reason, p.lost)
                .join(s.sources, c.path == p.path)
                .where(of_file)
                .order_by(p.path, p.ordinal)
            ).all()
        return (
            True,
            tuple((row.id, row.title) for row in documents),
            tuple(Problem(row.name, row.place, row.reason, row.lost) for row in problems),
        )


def _unwritable(error: OSError) -> LibraryError:
    return LibraryError(f"文件没有存下：{error.strerror}。", "请检查服务所在机器的磁盘空间与目录权限。")
