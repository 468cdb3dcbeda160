"""``python -m tests.ingest_runs.driver DATA_DIR CORPUS [MOST]``: an ingest as a command runs it, on a fake embedder."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from ingest import cli, wiring
from tests.fakes.embedder import HashingEmbedder
from tests.fakes.stages import Silent, text_stages


class SlowEmbedder(HashingEmbedder):
    """Takes its time, so that a kill can fall into the embedding; for ever once it has embedded ``most`` texts."""

    def __init__(self, most: int | None) -> None:
        super().__init__()
        self._left = most

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        if self._left is not None:
            if self._left <= 0:
                time.sleep(3600)
            self._left -= len(texts)
        time.sleep(0.03)
        return super().embed_documents(texts)


def main(data_dir: Path, corpus: Path, most: int | None) -> None:
    embedder = SlowEmbedder(most)
    with cli.failures(), wiring.ingest_on(data_dir, embedder, text_stages(), Silent()) as ingest:
        ingest.run([corpus])


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else None)
