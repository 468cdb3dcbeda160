"""The reranking endpoint against a server on the loopback, in the forms that servers speak and misspeak."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from assistant.adapters.rerank import RerankEndpoint
from assistant.answering.retrieval.retrieve import RERANK_FAILED, Retriever
from assistant.errors import RerankError
from ingest.chunk import chunks_of
from ingest.parse import parse
from tests.fakes.memory_index import MemoryIndex
from tests.patience import SECONDS

Reply = tuple[int, Any]
SERVED: list[dict[str, Any]] = []


@contextmanager
def rerank_server(answer: Callable[[dict[str, Any]], Reply]) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["content-length"])))
            SERVED.append({"path": self.path, "key": self.headers.get("authorization"), **request})
            status, body = answer(request)
            payload = body if isinstance(body, bytes) else json.dumps(body).encode()
            with suppress(ConnectionError):  # the client may have given up
                self.send_response(status)
                self.send_header("content-length", str(len(payload)))
                self.end_headers()
                self.wfile.write(payload)

        def log_message(self, *_: object) -> None:
            pass

    SERVED.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def by_length(texts: list[str], name: str) -> list[dict[str, Any]]:
    """Results best first, as servers give them; the longest text is the best."""
    order = sorted(range(len(texts)), key=lambda n: -len(texts[n]))
    return [{"index": n, name: float(len(texts[n]))} for n in order]


def jina(request: dict[str, Any]) -> Reply:
    return 200, {"model": "m", "results": by_length(request["documents"], "relevance_score")}


def tei(request: dict[str, Any]) -> Reply:
    return (200, by_length(request["texts"], "score")) if "texts" in request else (422, {"error": "missing `texts`"})


def test_scores_come_in_the_order_of_the_texts() -> None:
    with rerank_server(jina) as url:
        assert RerankEndpoint(f"{url}/v1", "m", "k").scores("问", ["一", "一二三", "一二"]) == [1, 3, 2]
    assert SERVED == [
        {
            "path": "/v1/rerank",
            "key": "Bearer k",
            "model": "m",
            "query": "问",
            "documents": ["一", "一二三", "一二"],
            "top_n": 3,
            "return_documents": False,
        }
    ]


def test_the_other_form_is_found_and_remembered() -> None:
    with rerank_server(tei) as url:
        endpoint = RerankEndpoint(url, None)
        assert endpoint.scores("问", ["一", "一二"]) == [1, 2]
        assert endpoint.scores("问", ["一二", "一"]) == [2, 1]
    assert [sorted(set(r) & {"documents", "texts"}) for r in SERVED] == [["documents"], ["texts"], ["texts"]]


def test_many_texts_go_in_several_requests() -> None:
    with rerank_server(jina) as url:
        texts = ["字" * (n + 1) for n in range(70)]
        assert RerankEndpoint(url, None).scores("问", texts) == [float(n + 1) for n in range(70)]
    assert [len(r["documents"]) for r in SERVED] == [32, 32, 6]


@pytest.mark.parametrize(
    "reply",
    [
        (401, {}),
        (404, {}),
        (429, {}),
        (500, b"oops"),
        (200, b"<html>"),
        (200, {"results": []}),
        (200, {"results": [{"index": 0, "relevance_score": None}]}),
        (200, {"results": [{"index": 5, "relevance_score": 1.0}]}),
        (200, [1, 2]),
        (200, {"results": [{"index": 0, "relevance_score": "NaN"}, {"index": 1, "relevance_score": 1}]}),
    ],
)
def test_a_failing_server_is_an_error_with_advice_and_left_alone_for_a_while(reply: Reply) -> None:
    with rerank_server(lambda _: reply) as url:
        endpoint = RerankEndpoint(url, None)
        with pytest.raises(RerankError) as failure:
            endpoint.scores("问", ["一", "二"])
        assert failure.value.advice
        calls = len(SERVED)
        with pytest.raises(RerankError, match="暂不使用"):
            endpoint.scores("问", ["一", "二"])
        assert len(SERVED) == calls


def test_a_slow_server_is_given_up_in_time() -> None:
    given_up = threading.Event()

    def slow(_: dict[str, Any]) -> Reply:
        given_up.wait(SECONDS)
        return 200, {}

    with rerank_server(slow) as url:
        with pytest.raises(RerankError, match="按时"):
            RerankEndpoint(url, None, timeout=0.2).scores("问", ["一", "二"])
        given_up.set()


def test_nobody_listens() -> None:
    with pytest.raises(RerankError, match="连不上"):
        RerankEndpoint("http://127.0.0.1:9", None).scores("问", ["一"])


def index() -> MemoryIndex:
    text = "关于环境整治的通知\n一、南河清淤。由市水利局清淤南河。\n二、北山绿化。由市林业局绿化北山，栽种乡土树种。\n"
    document, _ = parse("通知.txt", text.encode())
    assert document is not None
    return MemoryIndex([(document, chunks_of(document))])


def test_the_reranker_orders_what_the_routes_found() -> None:
    class LikesTrees:
        def scores(self, query: str, texts: list[str]) -> list[float]:
            return [float("绿化" in text) for text in texts]

    plain = Retriever(None).find(index(), "南河清淤由谁负责", 5)
    ranked = Retriever(None, LikesTrees()).find(index(), "南河清淤由谁负责", 5)  # type: ignore[arg-type]
    assert "南河" in plain[0].chunk.text
    if len(plain) > 1:
        assert "绿化" in ranked[0].chunk.text
        assert (ranked[0].score, ranked[-1].score) == (1.0, 0.0)
    assert {p.chunk.id for p in plain} == {p.chunk.id for p in ranked}


def test_without_the_reranker_the_usual_order_stands_and_the_reader_is_told() -> None:
    class Broken:
        def scores(self, query: str, texts: list[str]) -> list[float]:
            raise RerankError("坏了。")

    notices: list[str] = []
    found = Retriever(None, Broken()).find(index(), "南河清淤由谁负责", 5, notices=notices)  # type: ignore[arg-type]
    assert found == Retriever(None).find(index(), "南河清淤由谁负责", 5)
    assert notices == ([RERANK_FAILED] if len(found) > 1 else [])
