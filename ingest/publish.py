"""From the library to the generation that is served."""

from __future__ import annotations

from assistant.domain.holdings import Manifest, Reuse
from assistant.errors import IndexUnavailable
from ingest.ports import Builder, Library, Progress, Staged


def publish(
    library: Library,
    builder: Builder,
    model: str | None,
    progress: Progress,
    *,
    force: bool = False,
    reuse: Reuse = Reuse.ALL,
) -> Manifest | None:
    """Build, verify and switch to a new generation where what is wanted differs from what is served.

    Wanted are the library's documents, the earlier versions that can be read, the model's name and the index format; a
    damaged current generation counts as none. ``force`` builds in any case. Returns the new generation's manifest, None
    where the current one stays. With no documents and nothing served there is nothing to publish.

    What is the same in the current generation is taken over as far as ``reuse`` lets it, so that the work goes with
    what has changed. Where the outcome is not sound the generation is built again from the library alone: the damage
    was in what it took over. Raises :class:`~assistant.errors.IndexUnavailable` where that one fails its verification
    too; the old one stays.
    """
    wanted, superseded = library.wanted(), library.superseded()
    current = builder.current()
    if not force and (current.made_of(model, wanted, superseded) if current else not wanted):
        return None

    def built(reuse: Reuse) -> Staged:
        progress.begin("build", library.chunk_count(wanted))
        staged = builder.build(model, wanted, progress.advance, superseded, reuse)
        progress.end()
        progress.begin("verify", 1)
        try:
            builder.verify(staged)
        except BaseException as error:
            builder.clear_staging()
            if staged.anew or not isinstance(error, IndexUnavailable):
                raise
            return built(Reuse.NOTHING)
        progress.advance()
        progress.end()
        return staged

    staged = built(reuse)
    builder.install(staged)
    return staged.manifest
