"""Where the document path meets its stores and its embedder: the only reader of the settings under ``ingest``."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, astuple, dataclass
from pathlib import Path
from typing import Any

from assistant.adapters.chroma_server import ChromaServer
from assistant.adapters.database.candidates import CandidateStore
from assistant.adapters.database.commitments import CommitmentStore
from assistant.adapters.database.engine import open_library
from assistant.adapters.database.intake import Intake
from assistant.adapters.database.labels import SqlLabels
from assistant.adapters.database.mentions import LedgerReadings, MentionStore
from assistant.adapters.embeddings import build_embedder
from assistant.adapters.generation.build import GenerationBuilder, elsewhere, ingest_lock
from assistant.adapters.generation.layout import Layout
from assistant.adapters.generation.opened import OpenGeneration
from assistant.adapters.generation.verify import faults
from assistant.adapters.unit_table import read_bodies
from assistant.adapters.workdays import is_workday
from assistant.candidates.at_ingest import AtIngest
from assistant.candidates.finder import Finder
from assistant.domain.access import INTERNAL, Visibility
from assistant.domain.policy import Problem
from assistant.domain.units.registry import adopt
from assistant.domain.uploads import FOLDER
from assistant.errors import IndexUnavailable
from assistant.ports import ChatModel, DocumentInfo, Embedder
from assistant.prompts import Prompts
from assistant.settings import Settings
from ingest import load
from ingest.audit import audit
from ingest.fingerprint import fingerprint
from ingest.formats import causes
from ingest.formats.model import Limits
from ingest.mapping import Mapping, load_mapping
from ingest.outcome import problem_json
from ingest.parsed import SourceFile
from ingest.pipeline import Ingest, Stages
from ingest.pool import Pool
from ingest.ports import Progress
from ingest.preview import Preview, preview
from ingest.relations.links import unanswered
from ingest.relations.relate import named_of


@contextmanager
def ingest_on(
    data_dir: Path,
    embedder: Embedder | None,
    stages: Stages,
    progress: Progress,
    default: Visibility = INTERNAL,
    url: str | None = None,
    vectors: ChromaServer | None = None,
    model: ChatModel | None = None,
) -> Iterator[Ingest]:
    """An ingest on a data folder, the only one until the block ends. Raises Busy or LibraryError.

    ``default`` is who may see what has no label; ``url`` is the database's where it lies on a server, ``vectors`` the
    server that the vectors go to; ``model`` is asked for candidates of the ledger.
    """
    with ingest_lock(data_dir):
        engine = open_library(data_dir, url)
        try:
            with elsewhere(engine):
                library = Intake(engine)
                rows = CommitmentStore(engine, is_workday)
                offers = CandidateStore(engine, rows, is_workday)
                finder = Finder(model, Prompts().candidates, offers) if model else None
                yield Ingest(
                    library,
                    GenerationBuilder(data_dir, library, vectors),
                    LedgerReadings(rows, MentionStore(engine, is_workday)),
                    embedder,
                    stages,
                    progress,
                    SqlLabels(engine),
                    default,
                    AtIngest(offers, finder),
                )
        finally:
            engine.dispose()


@contextmanager
def configured(
    chosen: Settings, progress: Progress, jobs: int | None = None, mapping: Path | None = None
) -> Iterator[Ingest]:
    """An ingest as the settings have it; ``jobs`` processes parse, by default one for each core, but at most four.

    ``mapping`` is a file that says which tables hold one document a row. Raises :class:`MappingError`.
    """
    columns = load_mapping(mapping) if mapping else None
    adopt(read_bodies(chosen.units))
    key = chosen.embeddings_api_key
    embedder = build_embedder(
        chosen.embeddings_engine,
        base_url=chosen.embeddings_base_url,
        model=chosen.embeddings_model,
        api_key=key.get_secret_value() if key else None,
        threads=chosen.embeddings_threads,
        cache_dir=chosen.data_dir / "cache",
    )
    default = Visibility.parse(chosen.default_visibility)
    stages = _stages(chosen, jobs, columns)
    vectors = ChromaServer.of(chosen.chroma)
    model = _chat_model(chosen) if chosen.ledger_candidates else None
    with ingest_on(chosen.data_dir, embedder, stages, progress, default, chosen.library_url, vectors, model) as ingest:
        yield ingest


def _chat_model(chosen: Settings) -> ChatModel | None:
    from assistant.bootstrap import chat_model  # with it comes the whole question path

    return chat_model(chosen)


def dry_run(
    chosen: Settings,
    paths: Sequence[Path],
    progress: Progress,
    jobs: int | None = None,
    mapping: Path | None = None,
    *,
    prune: bool = False,
) -> Preview:
    """What a run over ``paths`` would do. Neither library nor index is written, made or locked."""
    stages = _stages(chosen, jobs, load_mapping(mapping) if mapping else None)
    if chosen.library_url is None and not (chosen.data_dir / "library.db").exists():
        return preview(stages, {}, paths, progress, prune=prune)
    engine = open_library(chosen.data_dir, chosen.library_url)
    try:
        return preview(stages, Intake(engine).sources(), paths, progress, prune=prune)
    finally:
        engine.dispose()


def _stages(chosen: Settings, jobs: int | None, columns: Mapping | None) -> Stages:
    return stages_for(limits_of(chosen), jobs or min(4, os.cpu_count() or 1), columns)


def stores(chosen: Settings) -> tuple[Path, str | None, ChromaServer | None]:
    """Where the library, its database and its vectors are, as :func:`verify` and :func:`status` take it."""
    return chosen.data_dir, chosen.library_url, ChromaServer.of(chosen.chroma)


def settings() -> Settings:
    """The settings from the environment. Raises :class:`SettingsError` that names the variable at fault."""
    return Settings()


def stages_for(limits: Limits, jobs: int, mapping: Mapping | None = None) -> Stages:
    """The real steps: files of the formats that ``ingest.formats`` knows, parsed in ``jobs`` processes."""

    def reading(file: SourceFile) -> bytes | Problem:
        try:
            return load.read(load.SourceFile(file.path, file.name, file.size, file.mtime_ns), limits.max_bytes)
        except load.SourceUnreadable as error:
            return Problem(file.name, "", str(error), lost=True)

    # By its hash: a database server holds a column to its length.
    chosen = "/".join(map(str, (*astuple(limits), *([mapping.digest] if mapping else []))))
    parser = f"{fingerprint()}/{hashlib.sha256(chosen.encode()).hexdigest()[:12]}"
    return Stages(_discovering, reading, Pool(jobs, limits, mapping), parser)


def limits_of(chosen: Settings) -> Limits:
    """How much of a file is taken, as the settings have it."""
    return Limits(
        max_bytes=chosen.max_file_mb * 2**20,
        max_pages=chosen.max_pages,
        max_scanned_pages=chosen.max_scanned_pages,
        max_pixels=chosen.max_picture_megapixels * 1_000_000,
        max_characters=chosen.max_characters,
        max_cells=chosen.max_cells,
        max_unpacked=chosen.max_unpacked_mb * 2**20,
        max_ratio=chosen.max_unpacked_ratio,
        max_members=chosen.max_archive_files,
        max_rows=chosen.max_rows,
        max_depth=chosen.max_archive_depth,
        max_seconds=chosen.parse_seconds,
        max_memory=chosen.parse_memory_mb * 2**20,
        picture_seconds=chosen.picture_seconds,
        picture_memory=chosen.picture_memory_mb * 2**20,
        office_seconds=chosen.office_seconds,
        office_memory=chosen.office_memory_mb * 2**20,
    )


def _discovering(paths: Sequence[Path]) -> tuple[list[SourceFile], list[Problem]]:
    closed: list[Problem] = []

    def note(error: OSError) -> None:
        reason = f"无法列出目录：{causes.of_system(error)}"
        closed.append(Problem(_storable(str(error.filename)), "", reason, lost=True))

    for folder in (path for path in paths if path.is_dir()):
        for _ in os.walk(folder, onerror=note):
            pass
    found: list[SourceFile] = []
    for file in load.discover(paths):
        if _storable(str(file.path)) == str(file.path):
            found.append(file)
        else:
            reason = "文件名不是 UTF-8 编码，无法登记，请改名后再导入"
            closed.append(Problem(_storable(file.name), "", reason, lost=True))
    return found, closed


def _storable(name: str) -> str:
    """A name that can be stored: one whose bytes are no UTF-8 is read as Chinese Windows wrote it."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return os.fsencode(name).decode("gb18030", "replace")
    return name


@dataclass(frozen=True, slots=True)
class Verification:
    """What ``ingest verify`` found in the current generation; ``faults`` is empty where all is well."""

    generation: str | None
    model: str | None
    documents: int
    clauses: int
    faults: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "faults": list(self.faults), "ok": not self.faults}


def verify(data_dir: Path, url: str | None = None, vectors: ChromaServer | None = None) -> Verification:
    """Hold the current generation against the library, and each of its documents against itself.

    Raises :class:`IndexUnavailable` where nothing has been published.
    """
    layout = Layout(data_dir / "index")
    name = layout.current()
    if name is None:
        raise IndexUnavailable("还没有可用的索引。", "请先运行 ingest run 导入文件。")
    engine = open_library(data_dir, url)
    try:
        library = Intake(engine)
        try:
            generation = OpenGeneration(layout.folder(name), library, server=vectors)
        except IndexUnavailable as error:
            return Verification(name, None, 0, 0, (str(error),))
        try:
            manifest = generation.manifest
            found = list(faults(generation, layout.folder(name), library))
            if library.manifest_hash(name) != manifest.digest:
                found.append("索引清单与资料库的记录不符")
            for holding in manifest.holdings:
                document = generation.document(holding.document_id)
                if document is None:
                    found.append(f"{holding.source}：资料库中没有这份文件")
                    continue
                chunks = generation.chunks_of(holding.document_id)
                found += [f"{holding.source}：{fault}" for fault in audit(document, chunks, holding.edition)]
            return Verification(name, manifest.model, len(manifest.holdings), manifest.chunks, tuple(found))
        finally:
            generation.close()
    finally:
        engine.dispose()


def status(data_dir: Path, url: str | None = None, vectors: ChromaServer | None = None) -> dict[str, Any]:
    """What is in the library and what is served, without opening an index or a model."""
    engine = open_library(data_dir, url)
    try:
        library = Intake(engine)
        wanted, superseded = library.wanted(), library.superseded()
        current = GenerationBuilder(data_dir, library, vectors).current()
        sources = library.sources()
        run = library.last_run()
        links = library.links()
        infos = {info.id: info for info in library.infos((*wanted, *superseded))}
        alone = unanswered([named_of(infos[h.document_id]) for h in wanted], links)
        return {
            "data_dir": str(data_dir.absolute()),
            "sources": sum(source.container is None for source in sources.values()),
            "uploads": sum(
                source.container is None and Path(path).is_relative_to((data_dir / FOLDER).resolve())
                for path, source in sources.items()
            ),
            "documents": len(wanted),
            "superseded": len(superseded),
            "clauses": library.chunk_count(wanted),
            "index": {
                "name": current.name,
                "created_at": current.created_at,
                "model": current.model,
                "documents": len(current.holdings),
                "clauses": current.chunks,
                "up_to_date": current.made_of(current.model, wanted, superseded),
            }
            if current
            else None,
            "last_run": {key: run[key] for key in ("command", "started_at", "ended_at")} if run else None,
            "problems": [problem_json(p) for source in sources.values() for p in source.problems],
            "links": [
                {
                    "kind": link.kind.value,
                    "subject": _shown(infos[link.subject]),
                    "object": _shown(infos[link.object]),
                    "note": link.note,
                }
                for link in links
                if link.subject in infos and link.object in infos
            ],
            **{name: [_shown(infos[d.id]) for d in documents] for name, documents in alone.items()},
        }
    finally:
        engine.dispose()


def _shown(info: DocumentInfo) -> dict[str, Any]:
    return {"id": info.id, "title": info.title, "number": info.number, "source": info.source}
