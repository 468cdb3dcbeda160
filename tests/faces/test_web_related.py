"""The document endpoint on versions and on what documents say of one another."""

from __future__ import annotations

from assistant.domain.holdings import Link, LinkKind
from assistant.faces.web.app import create_app
from tests.fakes.asker import FakeAsker
from tests.fakes.local_client import local_client
from tests.fakes.shelf import Shelf, ShelfIndexes, document

OLD, MIDDLE, NEW, OTHER = (document(t, ("一", "一、", 1, "一、巡查。")) for t in ("旧办法", "中办法", "新办法", "答复"))
LINKS = (
    Link(LinkKind.SUPERSEDES, NEW.id, MIDDLE.id),
    Link(LinkKind.SUPERSEDES, MIDDLE.id, OLD.id),
    Link(LinkKind.REPEALS, OTHER.id, OLD.id, "《旧办法》"),
)


def get(identity: str) -> dict:
    shelf = Shelf((OLD, MIDDLE, NEW, OTHER), linked=LINKS)
    return local_client(create_app(FakeAsker([]), ShelfIndexes(shelf))).get(f"/api/documents/{identity}").json()


def test_a_document_names_all_its_versions_the_newest_first() -> None:
    for identity in (OLD.id, MIDDLE.id, NEW.id):
        versions = get(identity)["versions"]
        assert [(v["title"], v["current"]) for v in versions] == [
            ("新办法", True),
            ("中办法", False),
            ("旧办法", False),
        ]


def test_a_document_names_what_is_said_of_it_and_what_it_says() -> None:
    (passive,) = get(OLD.id)["related"]
    assert (passive["kind"], passive["by"], passive["document"]["title"]) == ("repeals", False, "答复")
    (active,) = get(OTHER.id)["related"]
    assert (active["by"], active["note"], active["document"]["id"]) == (True, "《旧办法》", OLD.id)


def test_where_nothing_is_to_be_told_nothing_is() -> None:
    assert "related" not in get(NEW.id)
    assert "versions" not in get(OTHER.id)
