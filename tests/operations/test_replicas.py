"""Two services and an ingest, each a process of its own, on one PostgreSQL, one Chroma server and one shared folder."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.conftest import ROOT
from tests.fakes.chroma_process import ChromaProcess
from tests.fakes.postgres import Cluster
from tests.patience import SECONDS, until

ORIGIN = "https://oa.example.gov.cn"


@dataclass
class Site:
    """What the machines share, and the folder that each has for itself."""

    folder: Path
    database: str
    vectors: str

    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "ASSISTANT_DATA_DIR": str(self.folder / "shared"),
            "ASSISTANT_DATABASE_URL": self.database,
            "ASSISTANT_CHROMA_URL": self.vectors,
            "ASSISTANT_EMBEDDINGS_ENGINE": "package",
            "ASSISTANT_WIDGET_ORIGINS": ORIGIN,
            "ASSISTANT_PORT": "0",
        }

    def write(self, name: str, *lines: str) -> None:
        (self.folder / "corpus").mkdir(exist_ok=True)
        (self.folder / "corpus" / name).write_text("\n".join(lines), "utf-8")

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", *arguments],
            cwd=ROOT,
            env=self.environment(),
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=300,
            check=False,
        )

    def ingest(self) -> subprocess.CompletedProcess[str]:
        return self.command("ingest", "run", str(self.folder / "corpus"))

    def start(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "assistant", "serve"],
            cwd=ROOT,
            env=self.environment(),
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )


@pytest.fixture
def site(tmp_path: Path, postgres: Cluster) -> Iterator[Site]:
    chroma = ChromaProcess(tmp_path)
    chroma.start()
    made = Site(tmp_path, postgres.fresh(), chroma.url)
    made.write("复函.txt", "关于校企合作的复函", "市教育局牵头建立实习基地。")
    yield made
    chroma.stop()


@contextmanager
def replicas(site: Site) -> Iterator[tuple[httpx.Client, httpx.Client, subprocess.Popen[str]]]:
    """Two services, started at once; the process of the second, too."""
    with ExitStack() as open_now:
        processes = [open_now.enter_context(site.start()) for _ in range(2)]
        clients = []
        for process in processes:
            open_now.callback(process.kill)
            assert process.stdout is not None
            said = next(line for line in process.stdout if "打开" in line)
            address = re.search(r"http://[^ ]+", said)
            assert address is not None
            clients.append(open_now.enter_context(httpx.Client(base_url=address[0], timeout=SECONDS, trust_env=False)))
        yield clients[0], clients[1], processes[1]


def followed(client: httpx.Client, generation: str) -> None:
    """Wait until a replica answers from a generation."""
    until(lambda: client.get("/readyz").json().get("index") == generation)


def test_replicas_follow_what_one_machine_publishes_and_share_all_that_they_know(site: Site) -> None:
    assert site.ingest().returncode == 0
    made = site.command("assistant", "keys", "create", "oa", "--scope", "ask", "--scope", "read")
    key = re.search(r"pak_\S+", made.stdout)
    assert key is not None, made.stdout
    with replicas(site) as (one, other, process):
        assert [c.get("/readyz").json() for c in (one, other)] == [{"status": "ready", "index": "gen-1"}] * 2
        answer = one.post("/api/ask", json={"question": "实习基地由谁牵头建立？"}).json()
        assert answer["index"] == "gen-1"
        # A conversation that was begun here goes on there.
        told = {"question": "由谁配合？", "conversation_id": answer["conversation_id"]}
        assert other.post("/api/ask", json=told).status_code == 200
        # So does a page that was let in here.
        token = one.post(
            "/api/widget-tokens", json={"origin": ORIGIN, "user": "u-7"}, headers={"Authorization": f"Bearer {key[0]}"}
        )
        assert token.status_code == 201, token.text
        headers = {"Authorization": f"Bearer {token.json()['token']}", "Origin": ORIGIN}
        assert other.get("/api/documents", headers=headers).json()["total"] == 1
        # One machine publishes, all follow, and nobody was asked to.
        site.write("防汛.txt", "关于防汛的通知", "市水务局负责巡查堤防。")
        assert site.ingest().returncode == 0
        for client in (one, other):
            followed(client, "gen-2")
            found = client.post("/api/ask", json={"question": "谁负责巡查堤防？"}).json()
            assert (found["index"], "市水务局" in found["answer"]) == ("gen-2", True)
        # One is killed: the other does not need it.
        process.kill()
        process.wait()
        assert one.post("/api/ask", json={"question": "谁负责巡查堤防？"}).json()["citations"]
