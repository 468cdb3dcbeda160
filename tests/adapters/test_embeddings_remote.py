"""The endpoint engine against a real HTTP server on this machine that speaks the OpenAI form."""

from __future__ import annotations

import base64
import hashlib
import json
import struct
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from assistant.adapters.embeddings.remote import TEXTS_A_REQUEST, RemoteEmbeddings
from assistant.errors import EmbeddingError
from tests.conformance.embedder import check_embedder
from tests.patience import SECONDS


def vector_of(text: str) -> list[float]:
    """A vector of length 5 (not a unit one) that only this text has."""
    digest = hashlib.sha256(text.encode()).digest()
    numbers = [byte - 127.5 for byte in digest[:8]]
    size = sum(number * number for number in numbers) ** 0.5
    return [5 * number / size for number in numbers]


def unit_of(text: str) -> list[float]:
    return [number / 5 for number in vector_of(text)]


@dataclass
class Endpoint:
    """The server's state: what it was asked, and how it shall behave."""

    url: str = ""
    requests: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)  # of the next replies; 200 when used up
    silence: threading.Event | None = None  # that a reply waits for
    body: bytes | None = None
    shuffle: bool = False

    def reply(self, request: dict[str, Any]) -> bytes:
        if self.body is not None:
            return self.body
        data = []
        for index, text in enumerate(request["input"]):
            vector: Any = vector_of(text)
            if request.get("encoding_format") == "base64":
                vector = base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode()
            data.append({"object": "embedding", "index": index, "embedding": vector})
        if self.shuffle:
            data.reverse()
        usage = {"prompt_tokens": 1, "total_tokens": 1}
        return json.dumps({"object": "list", "data": data, "model": request["model"], "usage": usage}).encode()


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    state = Endpoint()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            state.requests.append({"path": self.path, **request})
            state.keys.append(self.headers["Authorization"])
            status = state.statuses.pop(0) if state.statuses else 200
            if state.silence is not None:
                state.silence.wait(SECONDS)
            content = state.reply(request) if status == 200 else b'{"error": {"message": "no", "type": "x"}}'
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: Any, client_address: Any) -> None:
            """A client that stopped waiting is part of these tests."""

    server = Server(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{server.server_port}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield state
    server.shutdown()
    thread.join()
    server.server_close()


def remote(endpoint: Endpoint, **options: Any) -> RemoteEmbeddings:
    return RemoteEmbeddings(base_url=endpoint.url, model="bge-m3", **options)


def test_conforms(endpoint: Endpoint) -> None:
    check_embedder(remote(endpoint))


def test_texts_come_back_in_order_in_requests_of_limited_size(endpoint: Endpoint) -> None:
    texts = [f"第{n}条" for n in range(2 * TEXTS_A_REQUEST + 3)]
    vectors = remote(endpoint, api_key="sk-1").embed_documents(texts)
    for vector, text in zip(vectors, texts, strict=True):
        assert vector == pytest.approx(unit_of(text), abs=1e-6)
    assert [len(request["input"]) for request in endpoint.requests] == [TEXTS_A_REQUEST, TEXTS_A_REQUEST, 3]
    assert {request["path"] for request in endpoint.requests} == {"/v1/embeddings"}
    assert {request["model"] for request in endpoint.requests} == {"bge-m3"}
    assert set(endpoint.keys) == {"Bearer sk-1"}
    assert all(isinstance(text, str) for request in endpoint.requests for text in request["input"]), "no token ids"


def test_the_index_of_a_vector_counts_not_its_place(endpoint: Endpoint) -> None:
    endpoint.shuffle = True
    vectors = remote(endpoint).embed_documents(["甲", "乙", "丙"])
    assert vectors[0] == pytest.approx(unit_of("甲"), abs=1e-6)
    assert vectors[2] == pytest.approx(unit_of("丙"), abs=1e-6)


def test_a_question_is_sent_as_it_is(endpoint: Endpoint) -> None:
    assert remote(endpoint).embed_query(" 谁牵头？\x00 ") == pytest.approx(unit_of("谁牵头？"), abs=1e-6)
    assert endpoint.requests[0]["input"] == ["谁牵头？"]


@pytest.mark.parametrize(("status", "advice"), [(401, "API_KEY"), (403, "API_KEY"), (404, "BASE_URL"), (400, "日志")])
def test_a_refusal_is_not_repeated_and_says_what_to_do(endpoint: Endpoint, status: int, advice: str) -> None:
    endpoint.statuses = [status]
    with pytest.raises(EmbeddingError, match=str(status)) as caught:
        remote(endpoint, api_key="sk-secret").embed_documents(["文"])
    assert advice in caught.value.advice
    assert "sk-secret" not in str(caught.value)
    assert len(endpoint.requests) == 1


def test_a_passing_failure_is_tried_once_more(endpoint: Endpoint) -> None:
    endpoint.statuses = [500]
    assert remote(endpoint).embed_query("谁？") == pytest.approx(unit_of("谁？"), abs=1e-6)
    assert len(endpoint.requests) == 2


def test_a_lasting_failure_is_an_embedding_error(endpoint: Endpoint) -> None:
    endpoint.statuses = [500] * 9
    with pytest.raises(EmbeddingError, match="500"):
        remote(endpoint).embed_query("谁？")
    assert len(endpoint.requests) == 2


def test_silence_is_an_embedding_error_in_time(endpoint: Endpoint) -> None:
    endpoint.silence = threading.Event()
    with pytest.raises(EmbeddingError, match="没有答复"):
        remote(endpoint, timeout=0.2).embed_query("谁？")
    endpoint.silence.set()


def test_no_server_is_an_embedding_error() -> None:
    with pytest.raises(EmbeddingError, match="无法连接"):
        RemoteEmbeddings(base_url="http://127.0.0.1:9/v1", model="m").embed_query("谁？")


@pytest.mark.parametrize(
    "body",
    [
        b"<html>hello</html>",
        b"{}",
        b'{"object": "list", "data": []}',
        b'{"object": "list", "data": [{"index": 0, "embedding": [1.0]}]}',
        b'{"object": "list", "data": [{"index": 0, "embedding": [0.0, 0.0]}, {"index": 1, "embedding": [1.0, 0.0]}]}',
        b'{"object": "list", "data": [{"index": 0, "embedding": [1.0]}, {"index": 1, "embedding": [1.0, 0.0]}]}',
    ],
    ids=["not JSON", "no data", "no vectors", "a vector too few", "a vector of length zero", "vectors of two sizes"],
)
def test_a_reply_that_makes_no_sense_is_an_embedding_error(endpoint: Endpoint, body: bytes) -> None:
    endpoint.body = body
    with pytest.raises(EmbeddingError):
        remote(endpoint).embed_documents(["甲", "乙"])


def test_threads_share_one_embedder(endpoint: Endpoint) -> None:
    embedder = remote(endpoint)
    questions = [f"第{n}问" for n in range(20)]
    with ThreadPoolExecutor(5) as pool:
        for vector, question in zip(pool.map(embedder.embed_query, questions), questions, strict=True):
            assert vector == pytest.approx(unit_of(question), abs=1e-6)
