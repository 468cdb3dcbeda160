"""Files to take in: found under the given paths, in a stable order, and read with a limit."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath

from assistant.errors import AssistantError
from ingest.formats import causes

#: Files that stand beside documents and are none: code, data of evaluations, lists, licences.
_IGNORED_SUFFIXES = frozenset(
    ".py .pyc .sh .js .css .ts .tsv .jsonl .json .yaml .yml .toml .ini .cfg .lock .log .db .sqlite".split()
)
_IGNORED_NAMES = frozenset(("license", "licence", "makefile", "thumbs.db", "desktop.ini"))


class SourceUnreadable(AssistantError):
    """A source is missing, cannot be opened, or exceeds the size limit; the pipeline lists it as a problem."""

    code = "source_unreadable"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to take in. ``name`` is relative to the folder that was given (the bare name for a single file)."""

    path: Path
    name: str
    size: int  # bytes
    mtime_ns: int


def discover(paths: Iterable[Path]) -> Iterator[SourceFile]:
    """Every file under the paths that may be a document, by name, each file once.

    Left out without a word: hidden files and folders, office lock files (~$…), a README at the root of a given folder
    (it explains the folder; READMEs below are documents), code and data files (.py, .json, .jsonl, .tsv …), LICENSE.
    Anything else is given, whatever its suffix: an unknown format is for :func:`ingest.parse.parse` to report. A file
    that is given by its own path is always taken. Links to folders are not followed. Raises
    :class:`SourceUnreadable` for a path that does not exist.
    """
    seen: set[str] = set()
    for root in paths:
        if root.is_file():
            candidates: Iterable[tuple[Path, str]] = [(root, root.name)]
        elif root.is_dir():
            candidates = _files_under(root)
        else:
            raise SourceUnreadable(f"路径不存在：{root}", "请检查文件或文件夹的名称。")
        for path, name in candidates:
            real = os.path.realpath(path)  # Path.resolve raises on links in a circle
            if real in seen:
                continue
            seen.add(real)
            try:
                status = path.stat()
            except OSError:
                # A link to nothing, or in a circle: reading it will say so.
                yield SourceFile(path, name, 0, 0)
                continue
            yield SourceFile(path, name, status.st_size, status.st_mtime_ns)


def _files_under(root: Path) -> Iterator[tuple[Path, str]]:
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(f for f in folders if not f.startswith((".", "__")))
        for file in sorted(files):
            path = Path(folder) / file
            at_root = Path(folder) == root
            if not _is_ignored(file, at_root=at_root):
                yield path, path.relative_to(root).as_posix()


def is_document(name: str) -> bool:
    """Whether a file of that name, in an archive, may be a document: by the rules of :func:`discover`."""
    *folders, file = name.split("/")
    return not any(f.startswith((".", "__")) and f != ".." for f in folders) and not _is_ignored(file, at_root=False)


def _is_ignored(file: str, *, at_root: bool) -> bool:
    lower = file.lower()
    stem, suffix = os.path.splitext(lower)  # noqa: PTH122 - names only, many of them
    if lower.startswith((".", "~$")) or suffix in _IGNORED_SUFFIXES:
        return True
    # A NOTICE goes with a licence and has no suffix; notice.txt may well be a 通知.
    return stem in _IGNORED_NAMES or lower in _IGNORED_NAMES or lower == "notice" or (at_root and stem == "readme")


def read(source: SourceFile, max_bytes: int) -> bytes:
    """The file's bytes; at most ``max_bytes``. Raises :class:`SourceUnreadable`.

    Refused: what is no regular file, for a pipe would wait for ever, and a link that leads out of the folder that was
    given, for whoever may write there could have any file of the machine read.
    """
    root = source.path.parents[len(PurePath(source.name).parts) - 1]
    try:
        if not stat.S_ISREG(source.path.stat().st_mode):
            raise SourceUnreadable("不是普通文件（是管道、设备或套接字），未收入", "请改为导入普通文件。")
        if source.path.is_symlink() and not source.path.resolve().is_relative_to(root.resolve()):
            raise SourceUnreadable("是指向文件夹之外的链接，未收入", "请直接导入它所指的文件。")
        with source.path.open("rb") as file:
            data = file.read(max_bytes + 1)
    except OSError as error:
        raise SourceUnreadable(f"无法读取：{causes.of_system(error)}", "请检查文件权限和网络盘的连接。") from error
    if len(data) > max_bytes:
        raise SourceUnreadable(f"文件过大：超过 {max_bytes / 2**20:.0f} MiB", "可调大 ASSISTANT_MAX_FILE_MB。")
    return data
