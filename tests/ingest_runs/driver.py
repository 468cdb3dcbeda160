"""``python -m tests.ingest_runs.driver DATA_DIR CORPUS``: one ingest as the command runs it, with the fake embedder."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from ingest import cli, wiring
from tests.fakes.embedder import HashingEmbedder
from tests.fakes.stages import Silent, text_stages


class SlowEmbedder(HashingEmbedder):
    """Takes its time, so that a kill can fall into the embedding."""

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        time.sleep(0.03)
        return super().embed_documents(texts)


def main(data_dir: Path, corpus: Path) -> None:
    with cli.failures(), wiring.ingest_on(data_dir, SlowEmbedder(), text_stages(), Silent()) as ingest:
        ingest.run([corpus])


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
