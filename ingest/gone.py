"""Files that are no longer where they were: which of them are to be forgotten."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from assistant.domain.holdings import SourceRecord
from assistant.domain.policy import Problem
from ingest.parsed import SourceFile


def gone(
    paths: Sequence[Path],
    found: Iterable[SourceFile],
    known: Mapping[str, SourceRecord],
    unreachable: Iterable[Problem],
    *,
    prune: bool = False,
) -> tuple[list[str], list[Problem]]:
    """The paths of sources under ``paths`` whose files have gone, and remarks on those that are kept all the same.

    A folder that could not be listed says nothing about its files. Neither does one in which nothing at all is left
    where there were documents: so looks the place of a drive that is not mounted. Its documents are kept and the folder
    is named, unless ``prune`` says that it was emptied on purpose.
    """
    seen = {str(file.path) for file in found}
    closed = [Path(problem.source) for problem in unreachable if Path(problem.source).is_absolute()]
    missing = [
        path
        for path, source in known.items()
        if (source.container or path) not in seen and within(path, paths) and not within(path, closed)
    ]
    if prune:
        return missing, []
    empty: dict[Path, bool] = {}
    kept: Counter[Path] = Counter()
    forgotten = []
    for path in missing:
        folder = _nearest(Path(known[path].container or path))
        if folder not in empty:
            empty[folder] = _is_empty(folder)
        if empty[folder] and within(str(folder), paths):
            kept[folder] += known[path].container is None
        else:
            forgotten.append(path)
    return forgotten, [
        Problem(
            str(folder),
            "",
            f"文件夹是空的，可能是共享盘没有连上；其中原有的 {count} 份文件仍保留在库中。"
            "确实已清空的，请加 --prune 再运行一次",
            lost=False,
        )
        for folder, count in sorted(kept.items())
    ]


def within(path: str, paths: Iterable[Path]) -> bool:
    """Whether a path is one of ``paths`` or below one."""
    return any(Path(path).is_relative_to(p) for p in paths)


def _nearest(path: Path) -> Path:
    """The nearest folder above a path that is there."""
    return next((parent for parent in path.parents if parent.is_dir()), path.parent)


def _is_empty(folder: Path) -> bool:
    try:
        with os.scandir(folder) as entries:
            return next(entries, None) is None
    except OSError:
        return True
