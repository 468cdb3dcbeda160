"""The product as an administrator starts it, over a small library with documents of every visibility.

Put together by the composition root itself with everything configured that brings an address of its own, so that an
address that is added later is tried as well.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI
from fastapi.testclient import TestClient

from assistant.adapters.generation.build import GenerationBuilder
from assistant.bootstrap import create_web_app, open_service
from assistant.domain.access import Clearance, Keyless, Scope
from assistant.domain.policy import Document
from assistant.settings import Settings
from tests.fakes.embedder import HashingEmbedder
from tests.ingest_runs.conftest import Desk, verified_here
from tests.patience import until
from tests.wecom.peer import AES_KEY, CORP, TOKEN

ORIGIN = "https://oa.example.gov.cn"  # as in the documentation
DOCUMENTS = {
    "公开": ("关于南山绿道建设的通知", "由市林业局牵头建设南山绿道，2099年6月底前完成。"),
    "内部": ("关于北山绿道建设的通知", "由市园林局牵头建设北山绿道，2099年7月底前完成。"),
    "部门:人事处": ("关于东山绿道建设的通知", "由市人事局牵头建设东山绿道，2099年8月底前完成。"),
    "部门:财务处": ("关于西山绿道建设的通知", "由市财政局牵头建设西山绿道，2099年9月底前完成。"),
}
# Words of each document that no question has in it: a question comes back as it was asked.
MARKS = {
    "公开": ("市林业局", "6月底"),
    "内部": ("市园林局", "7月底"),
    "部门:人事处": ("市人事局", "8月底"),
    "部门:财务处": ("市财政局", "9月底"),
}
READERS = {
    "stranger": (Clearance(), {"公开"}),
    "staff": (Clearance(internal=True), {"公开", "内部"}),
    "personnel": (Clearance(internal=True, departments=frozenset({"人事处"})), {"公开", "内部", "部门:人事处"}),
    "finance": (Clearance(internal=True, departments=frozenset({"财务处"})), {"公开", "内部", "部门:财务处"}),
    "administrator": (Clearance(everything=True), set(DOCUMENTS)),
}
QUESTIONS = (
    "绿道由谁牵头？",
    "列出全部牵头事项",
    "东山绿道由谁牵头？",
    "西山绿道什么时候完成？",
    "北山绿道建设的通知说了什么？",
)


class House:
    """The service, its application, and a key for every reader."""

    def __init__(self, desk: Desk, **settings: Any) -> None:
        for n, (label, (title, text)) in enumerate(DOCUMENTS.items()):
            desk.write(f"{n}/notice.txt", title, text)
            desk.write(f"{n}/.visibility", label)
        desk.run()
        self.desk = desk
        self.service = open_service(
            Settings(
                data_dir=desk.data_dir,
                questions_per_minute=0,
                widget_origins=(ORIGIN,),
                wecom_robot_token=TOKEN,
                wecom_robot_aes_key=AES_KEY,
                wecom_corp_id=CORP,
                wecom_agent_id=1000002,
                wecom_app_secret="secret",
                wecom_app_token=TOKEN,
                wecom_app_aes_key=AES_KEY,
                **settings,
            )
        )
        self.keys = self.service.keys
        self.app: FastAPI = create_web_app(self.service, Keyless.NOWHERE)
        self.client = TestClient(self.app, raise_server_exceptions=False, client=("10.9.8.7", 5000))
        self.headers = {name: self.key(clearance) for name, (clearance, _) in READERS.items()}
        with self.service.indexes.lease() as index:
            whole = [index.document(info.id) for info in index.documents()]
        self.documents: dict[str, Document] = {
            label: next(d for d in whole if d and d.title == title) for label, (title, _) in DOCUMENTS.items()
        }
        self.rows: dict[str, str] = {}
        for row in self.client.get("/api/ledger", headers=self.headers["administrator"]).json()["rows"]:
            self.rows[next(label for label, d in self.documents.items() if d.id == row["document_id"])] = row["id"]

    def key(self, clearance: Clearance, *scopes: Scope) -> dict[str, str]:
        """The header of a new key."""
        _, presented = self.keys.make("x", scopes or (Scope.ASK, Scope.READ, Scope.REVIEW), clearance)
        return {"Authorization": f"Bearer {presented}"}

    def close(self) -> None:
        self.client.close()
        self.service.close()


def open_house(tmp_path_factory: pytest.TempPathFactory, **settings: Any) -> Iterator[House]:
    """For a fixture."""
    folder = tmp_path_factory.mktemp("house")
    (folder / "corpus").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(GenerationBuilder, "verify", verified_here)
        patch.setattr("assistant.bootstrap.build_embedder", lambda *_, **__: HashingEmbedder())
        made = House(Desk(folder / "corpus", folder / "data"), **settings)
    yield made
    made.close()


@contextmanager
def serving(app: FastAPI, **options: Any) -> Iterator[str]:
    """An application under uvicorn on a free port of this machine; gives its address."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", timeout_graceful_shutdown=2, **options))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until(lambda: server.started, "uvicorn did not start")
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(5)


def routes(router: Any) -> Iterator[tuple[str, str]]:
    """(method, path) of everything that an application answers, in the routers that it includes too."""
    for route in router.routes:
        if included := getattr(route, "original_router", None):
            yield from routes(included)
            continue
        for method in getattr(route, "methods", None) or {"GET"}:
            if method not in ("HEAD", "OPTIONS"):
                yield method, route.path
