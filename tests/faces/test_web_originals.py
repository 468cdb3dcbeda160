"""The original file of a document and the pictures of its pages, for those who may see the document."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from assistant.domain.policy import Document
from assistant.faces.web.app import create_app
from assistant.ports import Original
from tests.fakes.asker import FakeAsker
from tests.fakes.local_client import local_client
from tests.fakes.shelf import Shelf, ShelfIndexes


@dataclass
class OneOriginal:
    """:class:`assistant.ports.Originals` with one file for every document that there is."""

    file: Path

    def original(self, document_id: str) -> Original | None:
        return Original("答复 88.pdf", self.file, "application/pdf", self.file.stat().st_size, "ab", drawable=True)

    def page(self, original: Original, number: int) -> bytes | None:
        return b"a picture" if number == 1 else None


@pytest.fixture
def client(tmp_path: Path, reply: Document) -> Iterator[httpx.Client]:
    file = tmp_path / "x.pdf"
    file.write_bytes(b"%PDF-1.7")
    with local_client(create_app(FakeAsker([]), ShelfIndexes(Shelf([reply])), originals=OneOriginal(file))) as opened:
        yield opened


def test_a_document_names_its_original_and_it_is_given_for_keeping(client: httpx.Client, reply: Document) -> None:
    told = client.get(f"/api/documents/{reply.id}").json()["original"]
    assert told == {"name": "答复 88.pdf", "size": 8, "pages": 2}

    response = client.get(f"/api/documents/{reply.id}/original")
    assert response.content == b"%PDF-1.7"
    assert response.headers["content-disposition"] == "attachment; filename*=utf-8''%E7%AD%94%E5%A4%8D%2088.pdf"
    assert response.headers["content-security-policy"].endswith("; sandbox")
    assert response.headers["x-content-type-options"] == "nosniff"


def test_pages_are_pictures(client: httpx.Client, reply: Document) -> None:
    response = client.get(f"/api/documents/{reply.id}/pages/1")
    assert (response.content, response.headers["content-type"]) == (b"a picture", "image/jpeg")
    assert client.get(f"/api/documents/{reply.id}/pages/2").json()["error"]["code"] == "original_not_found"
    assert client.get(f"/api/documents/{reply.id}/pages/0").status_code == 422


@pytest.mark.parametrize("rest", ["original", "pages/1"])
def test_who_may_not_see_the_document_gets_nothing_of_its_file(client: httpx.Client, rest: str) -> None:
    """The file is asked for only after the document was found among what this reader sees."""
    response = client.get(f"/api/documents/d0000000000000000/{rest}")
    assert (response.status_code, response.json()["error"]["code"]) == (404, "original_not_found")
