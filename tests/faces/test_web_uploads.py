"""Bringing files in over HTTP: who may, what is refused, and the whole way to an answer's source."""

from __future__ import annotations

import time
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from fastapi import FastAPI

from assistant.adapters.database.audit import SqlAudit
from assistant.adapters.database.engine import open_library
from assistant.adapters.database.keys import SqlKeys
from assistant.adapters.ingest_process import IngestProcess
from assistant.adapters.uploads import FolderUploads
from assistant.domain.access import INTERNAL, Clearance, Entrance, Keyless, Scope
from assistant.faces.web.app import create_app
from tests.fakes.asker import FakeAsker
from tests.fakes.local_client import local_client
from tests.fakes.shelf import ShelfIndexes
from tests.patience import SECONDS

FILE = {"Content-Type": "application/octet-stream"}
TEXT = "关于冬季供暖的通知\n一、由市住建局牵头检修管网，于2024年10月15日前完成。\n".encode()


class Service:
    """A service that takes files, its ingest a real process, and keys of each kind."""

    def __init__(self, folder: Path, indexes: ShelfIndexes) -> None:
        self.engine = open_library(folder)
        self.keys, self.audit = SqlKeys(self.engine), SqlAudit(self.engine)
        runner = IngestProcess({"ASSISTANT_DATA_DIR": str(folder), "ASSISTANT_EMBEDDINGS_ENGINE": "none"})
        self.uploads = FolderUploads(self.engine, folder, runner, 1000, INTERNAL)
        self.app: FastAPI = create_app(
            FakeAsker([]),
            indexes,
            uploads=self.uploads,
            keys=self.keys,
            audit=self.audit,
            entrance=Entrance(Keyless.NOWHERE),
            max_body_bytes=500,
        )
        self.client: httpx.Client = local_client(self.app)

    def key(self, *scopes: Scope, internal: bool = True) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.keys.make('k', scopes, Clearance(internal))[1]}"}

    def bring(self, key: dict[str, str], name: str, data: bytes = TEXT, **more: str) -> httpx.Response:
        return self.client.post("/api/documents", params={"name": name, **more}, content=data, headers={**FILE, **key})


@pytest.fixture
def service(tmp_path: Path, indexes: ShelfIndexes) -> Service:
    return Service(tmp_path, indexes)


def test_the_whole_way(service: Service, tmp_path: Path) -> None:
    key = service.key(Scope.ASK, Scope.READ, Scope.INGEST)
    assert service.client.get("/api/me", headers=key).json()["upload"]["max_bytes"] == 1000
    sent = service.bring(key, "供暖.txt", visibility="部门:房管处")
    assert sent.status_code == 202
    upload = sent.json()
    assert sent.headers["location"] == f"/api/uploads/{upload['id']}"
    assert (upload["name"], upload["visibility"]) == ("供暖.txt", "部门:房管处")

    deadline = time.monotonic() + SECONDS
    while (upload := service.client.get(f"/api/uploads/{upload['id']}", headers=key).json())["state"] != "done":
        assert upload["state"] in ("waiting", "working") and time.monotonic() < deadline, upload
        time.sleep(0.1)
    assert [d["title"] for d in upload["documents"]] == ["关于冬季供暖的通知"]
    assert (tmp_path / "index" / "CURRENT").exists()

    assert service.client.delete(f"/api/uploads/{upload['id']}", headers=key).status_code == 202
    while service.client.get("/api/uploads", headers=key).json()["total"]:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    service.uploads.close()
    service.audit.flush()
    assert [d.action for d in service.audit.deeds() if d.action in ("upload", "delete")] == ["delete", "upload"]


def test_only_who_may_bring_files_in(service: Service) -> None:
    service.uploads.close()
    reader = service.key(Scope.ASK, Scope.READ)
    assert service.client.get("/api/me", headers=reader).json() == {"may": ["ask", "read"], "upload": None}
    assert service.bring(reader, "供暖.txt").status_code == 403
    assert service.bring({}, "供暖.txt").status_code == 401
    assert service.client.get("/api/uploads", headers=reader).status_code == 403
    assert service.client.delete("/api/uploads/u000000000000", headers=reader).status_code == 403
    assert service.uploads.all() == []


def test_what_is_no_file_is_refused_in_words(service: Service) -> None:
    service.uploads.close()
    key = service.key(Scope.INGEST, Scope.ASK)
    wrong = [
        (service.bring(key, "程序.exe"), 400, "unsupported_type"),
        (service.bring(key, "空.txt", b""), 400, "empty_file"),
        (service.bring(key, "大.txt", b"x" * 1001), 413, "body_too_large"),
        (service.bring(key, "供暖.txt", visibility="大家"), 400, "invalid_field"),
        (service.bring(key, "供暖.txt", replaces="u000000000000"), 404, "upload_not_found"),
        (service.client.post("/api/documents", json={}, params={"name": "a.txt"}, headers=key), 415, None),
        (service.client.post("/api/documents", content=b"x", headers={**FILE, **key}), 422, "invalid_field"),
    ]
    for response, status, code in wrong:
        assert response.status_code == status, response.text
        error = response.json()["error"]
        assert error["message"] and error["advice"] and code in (None, error["code"])
    assert service.uploads.all() == []
    assert service.bring(key, "大些.txt", b"x" * 900).status_code == 202  # more than other bodies may be


def test_a_name_that_is_there_needs_a_word_and_a_hidden_file_is_unknown(service: Service) -> None:
    service.uploads.close()
    first, second = (service.key(Scope.INGEST, Scope.ASK) for _ in range(2))
    mine = service.bring(first, "供暖.txt", visibility="部门:房管处").json()
    assert service.bring(first, "供暖.txt").json()["error"]["code"] == "same_name"
    assert service.bring(first, "供暖.txt", TEXT + b"!", replaces=mine["id"]).json()["id"] == mine["id"]
    # Another administrator, who may not see it, learns nothing of it and does it no harm.
    assert service.client.get("/api/uploads", headers=second).json()["total"] == 0
    assert service.client.delete(f"/api/uploads/{mine['id']}", headers=second).status_code == 404
    assert service.bring(second, "供暖.txt", replaces=mine["id"]).status_code == 404
    other = service.bring(second, "供暖.txt")
    assert other.status_code == 202 and other.json()["id"] != mine["id"]


@pytest.mark.parametrize("name", ["../../../tmp/供暖.txt", "..\\供暖.txt", "%2e%2e/供暖.txt", "\u202e供暖.txt"])
def test_a_name_leads_nowhere_else(service: Service, tmp_path: Path, name: str) -> None:
    service.uploads.close()
    kept = service.bring(service.key(Scope.INGEST, Scope.ASK), name).json()
    assert kept["name"].endswith("供暖.txt") and "/" not in kept["name"] and quote(kept["name"])
    assert (tmp_path / "uploads" / kept["id"] / kept["name"]).read_bytes() == TEXT
