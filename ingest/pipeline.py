"""The document path: discover, read, parse, check, store, embed, publish.

Every step is committed as it is done and every step begins by looking at what is there, so a run that was cut off
anywhere is finished by the next one, and a run with nothing to do does nothing.

What becomes of a file's document when the file goes bad: where the file could not be *read* at all (rights, a broken
disk, a folder that is not mounted), its document stays, with the problem listed, for the file may well be as it was.
Where it was read and no document could be made of it, the old document no longer says what the file says, and goes.
A file that has disappeared from under a given path is forgotten, but where its folder is empty now
(:mod:`ingest.gone`); files outside of the given paths stay.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path, PurePath
from time import perf_counter

from assistant.domain.access import INTERNAL, Visibility
from assistant.domain.holdings import Reuse, SourceRecord
from assistant.domain.policy import Problem
from assistant.ports import Embedder
from ingest.embed import embed
from ingest.gone import gone, within
from ingest.labels import label
from ingest.outcome import Outcome
from ingest.parsed import Parsed, Parsing, Reading, SourceFile
from ingest.ports import Builder, Candidates, Commitments, Labels, Library, Progress
from ingest.publish import publish
from ingest.relations.relate import relate

_AT_ONCE = 100  # documents of one file that are written in one transaction: others must not wait long for theirs


@dataclass(frozen=True, slots=True)
class Stages:
    """The steps before the library. ``parser`` changes whenever the same bytes may give something else."""

    discover: Callable[[Sequence[Path]], tuple[Sequence[SourceFile], Sequence[Problem]]]
    read: Callable[[SourceFile], bytes | Problem]
    parse: Parsing
    parser: str


@dataclass(frozen=True, slots=True)
class _Begun:
    command: str
    number: int
    documents: frozenset[str]  # ids before anything was done


@dataclass(slots=True)
class Ingest:
    """One run over the stores; made by ``ingest.wiring``, used under the ingest lock."""

    library: Library
    builder: Builder
    commitments: Commitments
    embedder: Embedder | None
    stages: Stages
    progress: Progress
    labels: Labels
    default_visibility: Visibility = INTERNAL
    candidates: Candidates | None = None
    _seconds: dict[str, float] = field(default_factory=dict)

    def run(self, paths: Sequence[Path], visibility: Visibility | None = None, *, prune: bool = False) -> Outcome:
        """Bring the library to what lies under ``paths`` now, and publish it where that changes anything.

        ``visibility`` labels all of it for which no rule file says otherwise; ``prune`` says that folders which are
        empty now were emptied on purpose.

        Raises :class:`~assistant.errors.AssistantError` where the library, the embedder or the index fails; what was
        done until then is kept.
        """
        begun = self._begin("run")
        with self._timed("discover"):
            found, unreachable = self.stages.discover(paths)
            known = self.library.sources()
            forgotten, kept = gone(paths, found, known, unreachable, prune=prune)
            self.library.drop_sources(forgotten)
        read = 0
        with self._timed("read"):
            self.progress.begin("read", len(found))
            for reading, documents in self.stages.parse(self._due(found, known)):
                self._keep(reading, documents, known)
                read += 1
                taken = [d.document for d in documents if d.document]
                self.progress.took(len(taken), sum(len(d.page_starts) for d in taken))
                self.progress.advance()
            self.progress.end()
        seen = {str(file.path) for file in found}
        with self._timed("label"):
            stored = self.library.sources()
            there = [path for path, source in stored.items() if (source.container or path) in seen]
            unruly = label(self.labels, stored, there, visibility)
        return self._finish(begun, seen, files=len(found), read=read, problems=(*unreachable, *kept, *unruly))

    def remove(self, paths: Sequence[Path]) -> Outcome:
        """Take files and folders out of the library, whether they still lie there or not.

        Unlike a run, which keeps the generation before, this leaves no generation that has their text.
        """
        begun = self._begin("remove")
        gone = {path: source for path, source in self.library.sources().items() if within(path, paths)}
        self.library.drop_sources(gone)
        # The documents in an archive count as one file with it.
        files = sum(source.container not in gone for source in gone.values())
        return self._finish(begun, set(), files=files, keep_previous=False)

    def rebuild(self) -> Outcome:
        """A new generation from what the library holds, whatever state the current one is in."""
        return self._finish(self._begin("rebuild"), set(), force=True)

    def _begin(self, command: str) -> _Begun:
        self._seconds.clear()
        self.builder.clear_staging()
        return _Begun(command, self.library.begin_run(command), frozenset(h.document_id for h in self.library.wanted()))

    def _due(self, found: Iterable[SourceFile], known: Mapping[str, SourceRecord]) -> Iterator[Reading]:
        """Those files that must be parsed; the others are recorded as they come by."""
        for file in found:
            due = self._read(file, known.get(str(file.path)))
            if due is None:
                self.progress.advance()
            else:
                yield due

    def _read(self, file: SourceFile, known: SourceRecord | None) -> Reading | None:
        """A file's bytes, None where they need not or cannot be parsed."""
        parser = self.stages.parser
        if known is not None and is_current(known, file, parser):
            return None
        # A file keeps the name that it came in under, even when a later run is given another folder above it.
        name, root = (known.name, known.root) if known else (file.name, str(_root(file)))
        data = self.stages.read(file)
        if isinstance(data, Problem):
            kept = known.edition if known else None
            self.library.put_reading(
                SourceRecord(str(file.path), root, name, file.size, file.mtime_ns, None, parser, kept, (data,))
            )
            return None
        digest = hashlib.sha256(data).hexdigest()
        if known is not None and (known.sha256, known.parser) == (digest, parser):
            self.library.put_reading(replace(known, size=file.size, mtime_ns=file.mtime_ns))
            return None
        return Reading(file, name, data, digest)

    def _keep(self, reading: Reading, documents: Sequence[Parsed], known: Mapping[str, SourceRecord]) -> None:
        """Bring what one file gave into the library.

        A file that is one document is one source. Of others each document is a source, below the file's own; that
        comes last, so that a run that is cut off in between parses the file again.
        """
        file, path = reading.file, str(reading.file.path)
        before = known.get(path)
        root = before.root if before else str(_root(file))
        # Other bytes are a new version; the same bytes read by another parser are not.
        revised = before is not None and before.sha256 not in (None, reading.digest)
        own = SourceRecord(path, root, reading.name, file.size, file.mtime_ns, reading.digest, self.stages.parser, None)
        by_name = _by_name(documents)
        whole = by_name.pop(reading.name, Parsed(reading.name, None))
        parts = {path + name.removeprefix(reading.name): parsed for name, parsed in by_name.items()}
        entries = [
            (
                replace(own, path=p, name=d.name, size=0, sha256=None, problems=d.problems, container=path),
                d.document,
                d.chunks,
            )
            for p, d in parts.items()
        ]
        for start in range(0, len(entries), _AT_ONCE):
            self.library.put_sources(entries[start : start + _AT_ONCE], revised=revised)
        self.library.drop_sources(p for p, source in known.items() if source.container == path and p not in parts)
        self.library.put_source(replace(own, problems=whole.problems), whole.document, whole.chunks, revised=revised)

    def _finish(
        self,
        begun: _Begun,
        seen: set[str],
        *,
        files: int = 0,
        read: int = 0,
        problems: Sequence[Problem] = (),
        force: bool = False,
        keep_previous: bool = True,
    ) -> Outcome:
        """Embed, publish, tidy up, and tell what came of it."""
        with self._timed("label"):  # before anything is published: what is new is seen by nobody until it has a label
            self.labels.settle(self.default_visibility)
        with self._timed("relate"):
            relate(self.library, self.stages.parser)
        wanted = self.library.wanted()
        embedded = 0
        if self.embedder is not None:
            with self._timed("embed"):
                embedded = embed(self.library, self.embedder, wanted, self.progress)
        with self._timed("ledger"):  # here, so that the first who asks for the ledger need not wait
            lacking = self.commitments.lacking(wanted)
            self.progress.begin("ledger", len(lacking))
            self.commitments.refresh(lacking, self.progress.advance)
            if self.candidates is not None:  # before the editions that they are taken over from may go
                self.candidates.carry(lacking)
            self.progress.end()
        model = self.embedder.model if self.embedder else None
        with self._timed("publish"):
            reuse = Reuse.NOTHING if force else Reuse.ALL if keep_previous else Reuse.CLEAN
            published = publish(self.library, self.builder, model, self.progress, force=force, reuse=reuse)
            self.builder.sweep(keep_previous)
            self.library.purge()
        if self.candidates is not None and self.candidates.asks:  # nobody waits for a model: the new is served by now
            with self._timed("candidates"):
                begin = partial(self.progress.begin, "candidates")
                problems = (*problems, *self.candidates.find(wanted, begin, self.progress.advance))
                self.progress.end()
        current = published or self.builder.current()
        old, new = begun.documents, {h.document_id for h in wanted}
        stored = self.library.sources()
        listed = [p for path, source in stored.items() if (source.container or path) in seen for p in source.problems]
        outcome = Outcome(
            command=begun.command,
            files=files,
            read=read,
            new=len(new - old),
            unchanged=len(new & old),
            removed=len(old - new),
            documents=len(new),
            superseded=len(self.library.superseded()),
            clauses=self.library.chunk_count(wanted),
            embedded=embedded,
            model=model,
            generation=current.name if current else None,
            published=published is not None,
            problems=(*problems, *listed),
            seconds=dict(self._seconds),
        )
        self.library.end_run(begun.number, json.dumps(outcome.to_json(), ensure_ascii=False))
        return outcome

    @contextmanager
    def _timed(self, stage: str) -> Iterator[None]:
        began = perf_counter()
        try:
            yield
        finally:
            self._seconds[stage] = self._seconds.get(stage, 0.0) + perf_counter() - began


def is_current(known: SourceRecord, file: SourceFile, parser: str) -> bool:
    """Whether a file is as it was read, as far as can be told without reading it."""
    return known.sha256 is not None and (known.size, known.mtime_ns, known.parser) == (
        file.size,
        file.mtime_ns,
        parser,
    )


def _by_name(documents: Iterable[Parsed]) -> dict[str, Parsed]:
    """One entry a name: what is said of a document beside it (of what is attached to it, say) joins its problems."""
    found: dict[str, Parsed] = {}
    for parsed in documents:
        known = found.get(parsed.name)
        if known is None:
            found[parsed.name] = parsed
        else:
            base = known if known.document else parsed
            found[parsed.name] = replace(base, problems=(*known.problems, *parsed.problems))
    return found


def _root(file: SourceFile) -> Path:
    return file.path.parents[len(PurePath(file.name).parts) - 1]
