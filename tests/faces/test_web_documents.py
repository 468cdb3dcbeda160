"""Documents, suggestions, probes, pages and the headers around everything."""

from __future__ import annotations

import re
import subprocess
import sys

import httpx
import pytest

from assistant.domain.policy import Document
from assistant.faces.suggestions import suggestions
from assistant.faces.web.app import create_app
from assistant.faces.web.pages import STATIC
from assistant.ports import DocumentInfo
from tests.fakes.asker import FakeAsker
from tests.fakes.local_client import local_client
from tests.fakes.shelf import ShelfIndexes


def test_documents_are_listed_counted_and_cut(client: httpx.Client) -> None:
    whole = client.get("/api/documents").json()
    second = client.get("/api/documents", params={"limit": 1, "offset": 1}).json()

    assert [d["title"] for d in whole["documents"]] == ["关于第88号提案的答复", "渠道建设方案"]
    assert whole["total"] == second["total"] == 2
    assert [d["title"] for d in second["documents"]] == ["渠道建设方案"]
    assert set(whole["documents"][0]) == {"id", "title", "number", "kind", "source", "fields"}
    assert whole["documents"][0]["fields"] == {"proposal_number": ["88"]}


@pytest.mark.parametrize(
    ("words", "titles"),
    [
        ("渠道", ["渠道建设方案"]),
        ("提案 答复", ["关于第88号提案的答复"]),
        ("８８", ["关于第88号提案的答复"]),  # full-width digits
        ("方案.MD", ["渠道建设方案"]),
        ("提案 渠道", []),
    ],
)
def test_documents_are_filtered_by_words(client: httpx.Client, words: str, titles: list[str]) -> None:
    found = client.get("/api/documents", params={"q": words}).json()

    assert [d["title"] for d in found["documents"]] == titles
    assert found["total"] == len(titles)


@pytest.mark.parametrize(("name", "value"), [("limit", "0"), ("limit", "x"), ("offset", "-1"), ("q", "字" * 201)])
def test_a_bad_parameter_is_named(client: httpx.Client, name: str, value: str) -> None:
    response = client.get("/api/documents", params={name: value})

    assert response.status_code == 422
    assert response.json()["error"]["param"] == name


def test_a_document_comes_with_text_clauses_fields_and_pages(client: httpx.Client, reply: Document) -> None:
    body = client.get(f"/api/documents/{reply.id}").json()

    assert body["text"] == reply.text
    clauses = {c["path"]: c for c in body["clauses"]}
    child = clauses["一（一）"]
    assert body["text"][child["start"] : child["end"]] == "（一）资金安排。由市财政局配合，2024年底前到位。"
    assert (child["level"], child["parent_id"], child["page"]) == (2, clauses["一"]["id"], 2)
    assert clauses["一"]["page"] == 1
    assert body["page_starts"] == [0, body["text"].index("\n（一）")]
    number = body["fields"][0]
    assert (number["name"], body["text"][number["start"] : number["end"]]) == ("proposal_number", "88")


def test_an_unknown_document_is_404_with_advice(client: httpx.Client) -> None:
    response = client.get("/api/documents/d0000000000000000")

    assert response.status_code == 404
    assert response.json()["error"]["code"] == "document_not_found"
    assert response.json()["error"]["advice"]


def test_no_generation_is_503_everywhere_but_for_life() -> None:
    client = local_client(create_app(FakeAsker([]), ShelfIndexes(None)))

    for address in ("/api/documents", "/api/documents/d1", "/api/suggestions"):
        response = client.get(address)
        assert (response.status_code, response.json()["error"]["code"]) == (503, "index_unavailable")
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json()["status"]) == (503, "unavailable")
    assert ready.json()["error"]["advice"] == "请先运行 ingest run"
    assert client.get("/healthz").json() == {"status": "ok"}


def test_ready_names_the_generation_and_gives_the_lease_back(client: httpx.Client, indexes: ShelfIndexes) -> None:
    assert client.get("/readyz").json() == {"status": "ready", "index": "gen-1"}
    assert indexes.leases == []


def info(title: str, kind: str, **fields: str) -> DocumentInfo:
    return DocumentInfo(title, title, None, kind, "a.txt", {name: (value,) for name, value in fields.items()})


def test_suggestions_are_made_of_the_documents() -> None:
    shelf = [
        info("关于第31号提案的答复", "答复", proposal_number="31"),
        info("绿道建设方案", "方案"),
        info("章程", "章程"),
    ]

    assert suggestions(shelf) == ["《绿道建设方案》由谁牵头？", "第31号提案答复了什么？", "《章程》有哪些规定？"]


@pytest.mark.parametrize(
    ("title", "kind", "question"),
    [
        ("关于印发《绿道建设方案》的通知", "通知", "《绿道建设方案》由谁牵头？"),
        ("关于成立绿道建设专班的通知", "通知", "绿道建设专班由哪些单位组成？"),
        ("《绿道》实施方案", "方案", "《〈绿道〉实施方案》由谁牵头？"),
    ],
)
def test_suggestions_name_what_a_notice_is_about(title: str, kind: str, question: str) -> None:
    assert suggestions([info(title, kind)]) == [question]


def test_a_notice_that_names_no_task_is_not_asked_for_a_lead() -> None:
    assert suggestions([info("关于做好防汛工作的通知", "通知")]) == []


def test_suggestions_leave_out_titles_that_fill_the_button() -> None:
    assert suggestions([info("很长的标题" * 10, "方案"), info("绿道建设方案", "方案")]) == [
        "《绿道建设方案》由谁牵头？"
    ]
    assert suggestions([]) == []


def test_a_document_is_suggested_once() -> None:
    assert suggestions([info("绿道建设方案", "方案", contact="王某", issued_on="2024-01-01")]) == [
        "《绿道建设方案》由谁牵头？"
    ]


PAGES = ["/", "/documents/d1", "/static/js/chat.js", "/static/css/page.css"]


@pytest.mark.parametrize("address", [*PAGES, "/healthz", "/api/documents", "/v1/models", "/nothing"])
def test_every_answer_carries_the_security_headers(client: httpx.Client, address: str) -> None:
    headers = client.get(address, headers={"Origin": "https://elsewhere.example"}).headers

    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'")
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "access-control-allow-origin" not in headers


@pytest.mark.parametrize("address", PAGES)
def test_pages_answer_get_and_head(client: httpx.Client, address: str) -> None:
    assert client.get(address).status_code == 200
    assert client.head(address).status_code == 200


def test_pages_name_nothing_outside_and_hold_no_inline_code() -> None:
    for page in STATIC.glob("*.html"):
        text = page.read_text(encoding="utf-8")
        targets = re.findall(r'(?:src|href)="([^"]*)"', text)
        assert targets
        for target in targets:
            assert target.startswith(("/", "#")), f"{page.name} points to {target}"
            if target.startswith("/static/"):
                assert (STATIC / target.removeprefix("/static/")).is_file()
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\bstyle=|\bon\w+=", text)


def test_scripts_never_write_markup() -> None:
    for path in STATIC.rglob("*.js"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function", text), (
            path
        )
        assert not re.search(r"https?://(?!www\.w3\.org/2000/svg\")", text), path  # but the name of SVG elements


@pytest.mark.parametrize("address", ["/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2fapp.py"])
def test_static_files_end_at_their_folder(client: httpx.Client, address: str) -> None:
    assert client.get(address).status_code == 404


def test_the_command_line_does_not_pay_for_the_web() -> None:
    code = "import sys, assistant.faces.cli; assert not {'fastapi', 'uvicorn'} & set(sys.modules)"

    subprocess.run([sys.executable, "-c", code], check=True)


def test_only_allowed_origins_may_show_the_widget_in_a_frame(asker: FakeAsker, indexes: ShelfIndexes) -> None:
    app = create_app(asker, indexes, embedders=("https://oa.example", "http://10.0.0.7:8080"))
    with local_client(app) as opened:
        widget, page = opened.get("/widget"), opened.get("/")

    policy = widget.headers["content-security-policy"]
    assert policy.endswith("frame-ancestors 'self' https://oa.example http://10.0.0.7:8080")
    assert '<meta name="embedders" content="https://oa.example http://10.0.0.7:8080">' in widget.text
    assert page.headers["content-security-policy"].endswith("frame-ancestors 'none'")
