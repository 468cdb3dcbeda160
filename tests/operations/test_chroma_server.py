"""Vectors on a real Chroma server: published, shared by replicas, verified, cleared away, and the server gone."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from assistant.adapters.chroma import AT_ONCE
from assistant.adapters.chroma_server import ChromaServer
from assistant.adapters.database.engine import open_library
from assistant.adapters.database.intake import Intake
from assistant.adapters.generation.opened import OpenGeneration
from assistant.adapters.generation.verify import faults
from assistant.bootstrap import Service, create_web_app, open_service
from assistant.errors import IndexUnavailable, SettingsError, VectorsUnreachable
from assistant.faces.cli import main
from assistant.settings import Settings
from ingest import wiring
from ingest.outcome import Outcome
from tests.fakes.chroma_process import ChromaProcess
from tests.fakes.embedder import HashingEmbedder
from tests.fakes.local_client import local_client
from tests.fakes.ports import free_port
from tests.fakes.stages import Silent, text_stages
from tests.patience import SECONDS

QUESTION = "实习基地由谁牵头建立？"


def verified_here(data_dir: Path, url: str | None, folder: Path, name: str, server: ChromaServer | None = None) -> None:
    """The same verification, without the seconds that a process of its own takes to start."""
    engine = open_library(data_dir, url)
    library = Intake(engine)
    generation = OpenGeneration(folder, library, name=name, server=server)
    assert faults(generation, folder, library) == []
    generation.close()
    engine.dispose()


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.adapters.generation.build.in_fresh_process", verified_here)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChromaProcess]:
    process = ChromaProcess(tmp_path_factory.mktemp("chroma"))
    process.start()
    yield process
    process.stop()


@pytest.fixture
def chroma(running: ChromaProcess) -> ChromaProcess:
    """The server, with nothing of other tests on it."""
    client = at(running).connect()
    for collection in client.list_collections():
        client.delete_collection(collection.name)
    return running


def at(process: ChromaProcess) -> ChromaServer:
    return ChromaServer.at(process.url, "default_tenant", "default_database", None)


def collections(process: ChromaProcess) -> dict[str, int]:
    return {c.name: c.count() for c in at(process).connect().list_collections()}


@dataclass
class Office:
    """Files and a data folder whose vectors go to a server."""

    folder: Path
    server: ChromaServer | None
    embedder: HashingEmbedder = field(default_factory=HashingEmbedder)

    def write(self, name: str, *lines: str) -> None:
        (self.folder / "corpus").mkdir(exist_ok=True)
        (self.folder / "corpus" / name).write_text("\n".join(lines), "utf-8")

    def run(self) -> Outcome:
        with wiring.ingest_on(
            self.folder / "data", self.embedder, text_stages(), Silent(), vectors=self.server
        ) as ingest:
            return ingest.run([self.folder / "corpus"])


@pytest.fixture
def office(tmp_path: Path, chroma: ChromaProcess) -> Office:
    made = Office(tmp_path, at(chroma))
    made.write("复函.txt", "关于校企合作的复函", "市教育局牵头建立实习基地。")
    made.write("长.txt", "关于逐项办理的通知", *(f"第{n}项由第{n}处办理。" for n in range(AT_ONCE)))
    return made


@contextmanager
def served(office: Office, url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    monkeypatch.setattr("assistant.bootstrap.build_embedder", lambda *_a, **_n: HashingEmbedder())
    service = open_service(Settings(data_dir=office.folder / "data", chroma_url=url))
    try:
        yield service
    finally:
        service.close()


def nearest(service: Service, words: str) -> Any:
    with service.indexes.lease() as index:
        return index.dense(HashingEmbedder().embed_query(words), 3)


def test_generations_lie_on_the_server_and_every_replica_reads_them(
    office: Office, chroma: ChromaProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert office.run().generation == "gen-1"
    (count,) = collections(chroma).values()
    assert count == 2 + 1 + AT_ONCE
    assert not list((office.folder / "data" / "index").rglob("*.sqlite3"))
    assert not list((office.folder / "data" / "index").rglob("*.f32"))
    with (
        served(office, chroma.url, monkeypatch) as one,
        served(office, chroma.url, monkeypatch) as other,
    ):
        with one.indexes.lease() as index:
            chunk = next(iter(index.chunks(hit.chunk_id for hit in index.lexical("逐项 第7项", 1)).values()))
        for replica in (one, other):
            (best, *_) = nearest(replica, chunk.passage)
            assert best.score == pytest.approx(1.0, abs=1e-4)
        with other.indexes.lease() as index:
            assert {h.document_id for h in index.dense([1.0] * 64, 300, [chunk.document_id])} == {chunk.document_id}
        assert local_client(create_web_app(one)).get("/readyz").json() == {"status": "ready", "index": "gen-1"}
        office.write("新.txt", "防汛通知", "市水务局负责巡查堤防。")
        assert office.run().generation == "gen-2"
        for replica in (one, other):
            found = {info.title for info in _documents(replica)}
            assert "防汛通知" in found


def _documents(service: Service) -> Any:
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        with service.indexes.lease() as index:
            if index.name == "gen-2":
                return index.documents()
        time.sleep(0.05)
    raise AssertionError("the replica did not take up gen-2")


@pytest.mark.usefixtures("quick")
def test_only_what_changed_is_sent_and_what_is_gone_is_deleted(office: Office, chroma: ChromaProcess) -> None:
    office.run()
    office.write("新.txt", "防汛通知", "市水务局负责巡查堤防。")
    office.run()
    before = collections(chroma)
    assert sorted(before.values()) == [2, 3 + AT_ONCE]
    office.write("新.txt", "防汛通知", "市水务局负责加固堤防。")
    office.run()  # the generation before is kept, and so are its vectors
    assert set(before) < set(collections(chroma))
    office.write("新.txt", "防汛通知", "市水务局负责疏浚河道。")
    office.run()
    now = collections(chroma)
    assert sum(name not in now for name in before) == 1
    assert wiring.verify(office.folder / "data", None, office.server).faults == ()


@pytest.mark.usefixtures("quick")
def test_a_vector_that_is_lost_on_the_server_is_found_by_verification(office: Office, chroma: ChromaProcess) -> None:
    office.run()
    (name,) = collections(chroma)
    client = at(chroma).connect()
    collection = client.get_collection(name, embedding_function=None)
    collection.delete(ids=collection.get(limit=1)["ids"])
    faults = wiring.verify(office.folder / "data", None, office.server).faults
    assert len(faults) == 1
    assert "应为" in faults[0]


@pytest.mark.usefixtures("quick")
def test_moving_to_a_server_and_back_needs_one_run(office: Office, chroma: ChromaProcess) -> None:
    server, office.server = office.server, None
    assert office.run().generation == "gen-1"
    office.server = server
    outcome = office.run()
    assert (outcome.generation, outcome.published, outcome.embedded) == ("gen-2", True, 0)
    assert collections(chroma)
    office.server = None
    assert office.run().generation == "gen-3"
    engine = open_library(office.folder / "data")
    with pytest.raises(IndexUnavailable, match="向量服务器"):
        OpenGeneration(office.folder / "data" / "index" / "gen-2", Intake(engine))
    engine.dispose()


@pytest.mark.usefixtures("quick")
def test_a_server_that_is_gone(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    own = ChromaProcess(tmp_path)
    request.addfinalizer(own.stop)
    own.start()
    office.server = at(own)
    office.run()
    with served(office, own.url, monkeypatch) as service:
        client = local_client(create_web_app(service))
        assert "notices" in client.post("/api/ask", json={"question": QUESTION}).json()
        own.stop()
        answer = client.post("/api/ask", json={"question": QUESTION}).json()
        assert answer["citations"], answer  # by words, and said so
        assert "向量服务器" in "".join(answer["notices"])
        service.condition.examine()
        ready = client.get("/readyz")
        assert ready.status_code == 200
        assert [t["code"] for t in ready.json()["troubles"]] == ["vectors_unreachable"]
        office.write("新.txt", "防汛通知", "市水务局负责巡查堤防。")
        with pytest.raises(VectorsUnreachable) as failed:
            office.run()
        assert "ASSISTANT_CHROMA_URL" in failed.value.advice
    with served(office, own.url, monkeypatch) as service:  # one that starts while it is gone
        client = local_client(create_web_app(service))
        assert client.get("/readyz").status_code == 503
        assert "向量服务器" in client.post("/api/ask", json={"question": QUESTION}).text
        own.start()
        service.condition.examine()
        assert client.get("/readyz").json()["status"] == "ready"
        assert client.post("/api/ask", json={"question": QUESTION}).json()["citations"]
    own.stop()
    told = CliRunner().invoke(
        main,
        ["doctor", "--json"],
        env={
            "ASSISTANT_DATA_DIR": str(office.folder / "data"),
            "ASSISTANT_CHROMA_URL": own.url,
            "ASSISTANT_EMBEDDINGS_ENGINE": "none",
        },
    )
    checks = [c for c in json.loads(told.stdout)["checks"] if c["name"] == "当前索引"]
    assert checks[0]["state"] == "warn"
    own.start()
    assert office.run().published  # the next run goes on
    own.stop()


def test_a_server_that_takes_a_question_and_never_answers_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setattr("assistant.adapters.chroma_server._CONNECT_SECONDS", 0.3)
        server = ChromaServer.at(f"http://127.0.0.1:{silent.getsockname()[1]}", "t", "d", "geheim")
        with pytest.raises(VectorsUnreachable) as failed:
            server.beat()
        assert "geheim" not in str(failed.value) + repr(server)


def test_a_server_that_is_not_there_is_named() -> None:
    port = free_port()
    with pytest.raises(VectorsUnreachable, match=f"127.0.0.1:{port}"):
        ChromaServer.at(f"http://127.0.0.1:{port}", "t", "d", None).connect()


@pytest.mark.parametrize("url", ["ftp://a", "a:8000", "http://", "http://h:99999", "http://h/path"])
def test_an_address_of_something_else_is_refused(url: str) -> None:
    with pytest.raises(SettingsError):
        ChromaServer.at(url, "t", "d", None)


def test_the_cloud_is_reached_by_the_same_constructor(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[dict[str, Any]] = []
    ready = threading.Event()

    def client(**given: Any) -> Any:
        seen.append(given)
        ready.set()
        raise ValueError("no network in tests")

    monkeypatch.setattr("chromadb.HttpClient", client)
    server = ChromaServer.of(
        Settings(chroma_url="https://api.trychroma.com", chroma_tenant="t-1", chroma_token="k").chroma
    )
    assert server is not None
    with pytest.raises(VectorsUnreachable):
        server.connect()
    (given,) = seen
    assert (given["host"], given["port"], given["ssl"]) == ("api.trychroma.com", 443, True)
    assert (given["tenant"], given["headers"]) == ("t-1", {"x-chroma-token": "k"})
