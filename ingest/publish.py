"""From the library to the generation that is served."""

from __future__ import annotations

from assistant.domain.holdings import Manifest
from ingest.ports import Builder, Library, Progress


def publish(
    library: Library, builder: Builder, model: str | None, progress: Progress, *, force: bool = False
) -> Manifest | None:
    """Build, verify and switch to a new generation where what is wanted differs from what is served.

    Wanted are the library's documents, the earlier versions that can be read, the model's name and the index format; a
    damaged current generation counts as none. ``force`` builds in any case. Returns the new generation's manifest, None
    where the current one stays. With no documents and nothing served there is nothing to publish. Raises
    :class:`~assistant.errors.IndexUnavailable` where the new one fails its verification; the old one stays.
    """
    wanted, superseded = library.wanted(), library.superseded()
    current = builder.current()
    if not force and (current.made_of(model, wanted, superseded) if current else not wanted):
        return None
    progress.begin("build", library.chunk_count(wanted))
    staged = builder.build(model, wanted, progress.advance, superseded)
    progress.end()
    progress.begin("verify", 1)
    builder.verify(staged)
    progress.advance()
    progress.end()
    builder.install(staged)
    return staged.manifest
