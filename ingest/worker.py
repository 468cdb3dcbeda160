"""The process in which untrusted files are parsed: ``python -m ingest.worker CONNECTION WATCH CORES COUNT``.

It is a fence against what a bad file does to the process that reads it (memory, time, a crash of a C library), not
against code that takes it over: it runs with the rights of the user. It reads jobs from the connection, answers item by
item, keeps the limit of memory on itself and leaves that of time to :mod:`ingest.pool`, which can end it from outside.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path, PurePosixPath

from assistant.domain.policy import Problem
from ingest.check import check
from ingest.chunk import chunks_of
from ingest.containers import ArchiveLimits, is_archive, members
from ingest.cores import Cores
from ingest.enclosed import enclosed
from ingest.formats.allowance import lend, listen
from ingest.formats.model import Limits, ParsedFile
from ingest.mapping import Mapping, MappingError, documents_in, may_hold_documents
from ingest.parse import format_of, parse, parse_blocks
from ingest.parsed import Parsed

_CPU_SECONDS = 3600  # beyond any limit of time: it ends a worker that nobody is left to end

# Formats that another program reads, that are pictures of pages, or that may hold such.
_OFFICE = frozenset((".doc", ".dot", ".wps", ".wpt", ".rtf"))
_PICTURES = frozenset((".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp"))
_PAGES = frozenset((".pdf", ".ofd"))


@dataclass(frozen=True, slots=True)
class Job:
    """A file to parse. ``skip`` leaves out the first documents: they were answered, or ended the worker before.

    ``ended`` are the names of those that ended it, ``mapping`` says which tables hold one document a row.
    """

    name: str
    data: bytes
    limits: Limits
    skip: int = 0
    ended: frozenset[str] = frozenset()
    mapping: Mapping | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """Sent before an item is parsed, so that its name is known should it end the worker.

    ``suffix`` is that of its content.
    """

    name: str
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class MoreTime:
    """The item recognises one more page, for which it has time from now on."""


@dataclass(frozen=True, slots=True)
class Ended:
    """No more items of this job. ``exhausted`` where memory ran out, after which the worker ends itself."""

    exhausted: bool = False


#: What a worker sends: :class:`Ready` once, then for each job any number of the others and one :class:`Ended`.
Message = Opened | Parsed | MoreTime | Ended


@dataclass(frozen=True, slots=True)
class Ready:
    """All is imported: time counts from here."""


def items(name: str, data: bytes, limits: Limits) -> Iterator[tuple[str, bytes] | Problem]:
    """The files in a file: itself and what is attached to it, or the members of an archive with what they have."""
    archived = archive_limits(limits)
    if not is_archive(name):
        yield name, data
        for item in enclosed(name, data, archived):
            yield item if isinstance(item, Problem) else (item.name, item.data)
    elif len(data) > limits.max_bytes:
        yield Problem(name, "", f"文件过大：上限 {limits.max_bytes / 2**20:.0f} MiB", lost=True)
    else:
        for item in members(name, data, archived):
            if isinstance(item, Problem):
                yield item
                continue
            yield item.name, item.data
            for inner in enclosed(item.name, item.data, archived):
                yield inner if isinstance(inner, Problem) else (inner.name, inner.data)


def archive_limits(limits: Limits) -> ArchiveLimits:
    """How much of an archive, or of what is attached to a file, is unpacked."""
    return ArchiveLimits(limits.max_members, limits.max_bytes, limits.max_unpacked, limits.max_ratio, limits.max_depth)


def limits_for(name: str, limits: Limits) -> Limits:
    """The limits for a file of that name: more time and addresses where the format cannot do with less."""
    suffix = PurePosixPath(name).suffix.lower()
    seconds, memory = 0.0, 0
    if suffix in _OFFICE:
        seconds, memory = limits.office_seconds, limits.office_memory
    elif suffix in _PICTURES:
        seconds, memory = limits.picture_seconds, limits.picture_memory
    elif suffix in _PAGES:
        memory = limits.picture_memory  # and time for each page that is a picture
    return replace(limits, max_seconds=max(limits.max_seconds, seconds), max_memory=max(limits.max_memory, memory))


def documents(name: str, data: bytes, job: Job) -> Iterator[tuple[str, bytes | ParsedFile] | Parsed]:
    """The documents of one file: those of its rows where it is a table of such, else the file itself."""
    try:
        found = documents_in(name, data, job.mapping, job.limits)
    except MappingError as error:
        yield Parsed(name, None, (), (Problem(name, "", str(error), lost=True),))
        return
    if found is None:
        yield name, data
        return
    yield from ((f"{name}/{row}", blocks) for row, blocks in found.documents)
    if found.remarks:
        yield Parsed(name, None, (), tuple(Problem(name, r.place, r.reason, r.lost) for r in found.remarks))


def parsed(name: str, data: bytes | ParsedFile, limits: Limits) -> Parsed:
    """One document of what one file holds, its places checked: what is not exact would be cited wrongly."""
    if isinstance(data, ParsedFile):
        document, problems = parse_blocks(name, data, limits)
    else:
        document, problems = parse(name, data, limits)
    if document is None:
        return Parsed(name, None, (), problems)
    chunks = chunks_of(document)
    broken = check(document, chunks)
    return Parsed(name, None, (), (*problems, *broken)) if broken else Parsed(name, document, chunks, problems)


def answers(job: Job) -> Iterator[Message]:
    """What is sent for a job, but its end."""
    number = 0
    for item in items(job.name, job.data, job.limits):
        found: Iterable[tuple[str, bytes | ParsedFile] | Parsed]
        if isinstance(item, Problem):
            found = (Parsed(item.source, None, (), (item,)),)
        elif not may_hold_documents(item[0]):
            found = (item,)
        elif item[0] in job.ended:
            number += 1  # it was answered as one
            continue
        else:
            yield Opened(item[0])  # to know its rows is to read it
            found = documents(*item, job)
        for document in found:
            number += 1
            if number <= job.skip:
                continue
            if isinstance(document, Parsed):
                yield document
                continue
            shown, content = document
            suffix = format_of(shown, content) if isinstance(content, bytes) else ""
            yield Opened(shown, suffix)
            limits = limits_for(shown + suffix, job.limits)
            _restrict(limits.max_memory)
            yield parsed(shown, content, limits)


def serve(connection: Connection, cores: Cores) -> None:
    """Answer jobs until the other side hangs up or memory runs out."""
    sending = threading.Lock()  # pages that are recognised side by side ask for time side by side

    def ask() -> None:
        with sending:
            connection.send(MoreTime())

    listen(ask)
    lend(cores.take)
    connection.send(Ready())
    while True:
        try:
            job: Job = connection.recv()
        except EOFError:
            return
        _restrict(job.limits.max_memory)
        give_back = cores.take()  # its own; without one it goes on all the same
        try:
            for message in answers(job):
                connection.send(message)
        except MemoryError:
            del job
            connection.send(Ended(exhausted=True))
            return
        finally:
            _restrict(None)
            if give_back is not None:
                give_back()
        connection.send(Ended())


def _restrict(memory: int | None) -> None:
    """Let this process take so many bytes of addresses beyond those that it has; None for what the system allows."""
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    wanted = hard
    if memory is not None:
        wanted = _addresses() + memory
        wanted = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    with suppress(ValueError, OSError):  # not every system keeps this limit
        resource.setrlimit(resource.RLIMIT_AS, (wanted, hard))


def _addresses() -> int:
    """Bytes of addresses in use; 0 where the system does not tell."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    except (OSError, ValueError, IndexError):
        return 0


def _end_with_parent(pipe: int) -> None:
    os.read(pipe, 1)  # nothing is ever written: it returns when the other end is closed
    os.killpg(os.getpgrp(), signal.SIGKILL)  # with what a parser has started


def main(arguments: list[str]) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a dump would leave a document's text lying about
    with suppress(ValueError):
        resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, resource.getrlimit(resource.RLIMIT_CPU)[1]))
    threading.Thread(target=_end_with_parent, args=(int(arguments[1]),), daemon=True).start()
    serve(Connection(int(arguments[0])), Cores(Path(arguments[2]), int(arguments[3])))


if __name__ == "__main__":
    # Pickled values name this module, not __main__.
    from ingest import worker

    worker.main(sys.argv[1:])
