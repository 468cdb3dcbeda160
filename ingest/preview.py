"""What a run would do, without doing any of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assistant.domain.holdings import SourceRecord
from assistant.domain.policy import Problem
from ingest.gone import gone
from ingest.outcome import problem_json
from ingest.parsed import Reading, SourceFile
from ingest.pipeline import Stages, is_current
from ingest.ports import Progress


@dataclass(slots=True)
class Preview:
    """Names of files by what would become of them, and what parsing them says."""

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)  # new or changed, and nothing can be taken of them
    removed: list[str] = field(default_factory=list)
    documents: int = 0  # in files that would be read
    characters: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def lost(self) -> int:
        """Problems by which text would be lost."""
        return sum(p.lost for p in self.problems)

    def to_json(self) -> dict[str, Any]:
        return {
            "dry_run": True,
            "new": self.new,
            "changed": self.changed,
            "unchanged": len(self.unchanged),
            "unreadable": self.unreadable,
            "removed": self.removed,
            "documents": self.documents,
            "characters": self.characters,
            "lost": self.lost,
            "problems": [problem_json(p) for p in self.problems],
        }


def preview(
    stages: Stages,
    known: Mapping[str, SourceRecord],
    paths: Sequence[Path],
    progress: Progress,
    *,
    prune: bool = False,
) -> Preview:
    """Look at everything under ``paths`` as a run would, over a library of ``known`` sources."""
    found, unreachable = stages.discover(paths)
    forgotten, kept = gone(paths, found, known, unreachable, prune=prune)
    result = Preview(problems=[*unreachable, *kept])
    result.removed = [known[path].name for path in forgotten if known[path].container is None]

    def due() -> Iterator[Reading]:
        for file in found:
            reading = _reading(stages, file, known.get(str(file.path)), result)
            if reading is None:
                progress.advance()
            else:
                yield reading

    progress.begin("read", len(found))
    for reading, documents in stages.parse(due()):
        if not any(parsed.document for parsed in documents):
            result.unreadable.append(reading.name)
        else:
            (result.changed if str(reading.file.path) in known else result.new).append(reading.name)
        for parsed in documents:
            result.problems += parsed.problems
            if parsed.document:
                result.documents += 1
                result.characters += len(parsed.document.text)
        progress.advance()
    progress.end()
    return result


def _reading(stages: Stages, file: SourceFile, known: SourceRecord | None, result: Preview) -> Reading | None:
    name = known.name if known else file.name
    if known is not None and is_current(known, file, stages.parser):
        result.unchanged.append(name)
        return None
    data = stages.read(file)
    if isinstance(data, Problem):
        result.unreadable.append(name)
        result.problems.append(data)
        return None
    digest = hashlib.sha256(data).hexdigest()
    if known is not None and (known.sha256, known.parser) == (digest, stages.parser):
        result.unchanged.append(name)
        return None
    return Reading(file, name, data, digest)
