"""Questions while an ingest publishes: none fails, and none sees two generations."""

from __future__ import annotations

import random
import threading
import time

from assistant.adapters.generation import Generations
from tests.fakes.embedder import HashingEmbedder
from tests.patience import until

UNITS = ("市教育局", "市财政局", "市科技局", "市卫健委", "市水务局")


def lines(n: int, version: int) -> tuple[str, ...]:
    return (f"第{n}号方案第{version}版", *(f"{unit}办理第{n}类事项第{version}次。" for unit in UNITS))


def test_two_hundred_questions_while_three_generations_come(desk) -> None:
    for n in range(12):
        desk.write(f"{n}.txt", *lines(n, 0))
    desk.run()
    failures: list[BaseException] = []
    names: list[str] = []
    asked = threading.Semaphore(200)
    published = threading.Event()

    def ask(generations: Generations, seed: int) -> None:
        chance, embedder = random.Random(seed), HashingEmbedder()
        try:
            while asked.acquire(blocking=False) or not published.is_set():
                question = f"{chance.choice(UNITS)}办理第{chance.randrange(12)}类事项吗？"
                with generations.lease() as index:
                    held = {info.id: info.title for info in index.documents()}
                    hits = [*index.dense(embedder.embed_query(question), 20), *index.lexical(question, 20)]
                    assert len(hits) >= 20
                    assert {hit.document_id for hit in hits} <= set(held)
                    chunks = index.chunks(hit.chunk_id for hit in hits)
                    assert set(chunks) == {hit.chunk_id for hit in hits}
                    for hit in hits[:3]:
                        document = index.document(hit.document_id)
                        assert document is not None
                        assert document.title == held[hit.document_id]
                        chunk = chunks[hit.chunk_id]
                        assert document.text[chunk.span.start : chunk.span.end] == chunk.text
                    names.append(index.name)
                time.sleep(0.02)  # room for the run beside them, on a busy machine too
        except BaseException as error:
            failures.append(error)

    with desk.serving() as generations:
        threads = [threading.Thread(target=ask, args=(generations, seed)) for seed in range(4)]
        for thread in threads:
            thread.start()
        for version in (1, 2, 3):
            for n in range(version, 12, 3):
                desk.write(f"{n}.txt", *lines(n, version))
            assert desk.run().generation == f"gen-{version + 1}"
            until(lambda: failures or f"gen-{version + 1}" in names, names)  # noqa: B023 - called at once
        published.set()
        for thread in threads:
            thread.join()
        with generations.lease() as index:
            assert index.name == "gen-4"
    assert failures == []
    assert len(names) >= 200
    assert set(names) >= {"gen-1", "gen-2", "gen-3"}
    desk.write("0.txt", *lines(0, 9))
    desk.run()  # with nobody serving, what was held while it was served goes
    assert sorted(p.name for p in (desk.data_dir / "index").glob("gen-*")) == ["gen-4", "gen-5"]


def test_another_process_may_read_the_same_generation(desk) -> None:
    desk.write("a.txt", *lines(1, 1))
    desk.run()
    embedder = HashingEmbedder()
    with desk.index() as first, desk.index() as second:
        vector = embedder.embed_query("市教育局")
        assert first.dense(vector, 3) == second.dense(vector, 3)
