"""Peers take the same texts in with the same vectors and tell places; pages show the figures that were measured."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.peers import PEERS, Noting, Peer, Place, ready
from benchmarks.retrieval_figures import FIGURES, cmrc_table, office_table
from tests.cli.fake_service import FakeEmbedder

ROOT = Path(__file__).resolve().parents[2]
TEXTS = {
    "d-library": "市图书馆周末开放到二十一点。\n少年阅览室在二楼。",
    "d-bus": "夜间公交延长三条线路。\n末班车为二十三点。",
    "d-gym": "体育馆对学生免费。\n每周一闭馆。",
}


@pytest.mark.parametrize("peer", PEERS, ids=lambda peer: peer.name)
def test_a_peer_gives_places_of_the_texts(peer: Peer, tmp_path: Path) -> None:
    if not peer.installed:
        pytest.skip(f"{peer.package} is not installed")
    held = ready(peer, TEXTS, FakeEmbedder(), 0.001, tmp_path)
    found = held.find("夜间公交延长三条线路。", 3)
    assert held.pieces == 3
    assert {place.document for place in found} == set(TEXTS)
    for place in found:
        assert 0 <= place.start < place.end <= len(TEXTS[place.document])


def test_pieces_are_what_was_embedded() -> None:
    noting = Noting(FakeEmbedder())
    noting.embed_documents(["一", "二"])
    noting.embed_query("三")
    assert noting.texts == ["一", "二"]


@pytest.mark.parametrize(
    ("piece", "shares"),
    [
        (Place("d", 0, 100), True),  # holds the clause whole
        (Place("d", 25, 60), True),  # half of the clause
        (Place("d", 28, 60), False),
        (Place("d", 12, 16), True),  # a part of the clause
        (Place("e", 0, 100), False),
    ],
)
def test_a_piece_counts_where_half_of_the_shorter_one_is_shared(piece: Place, shares: bool) -> None:
    assert piece.shares(Place("d", 10, 40)) is shares


@pytest.mark.parametrize("page", ["README.md", "docs/retrieval.md"])
def test_the_pages_show_the_figures_that_were_measured(page: str) -> None:
    told = json.loads(FIGURES.read_text("utf-8"))
    text = (ROOT / page).read_text("utf-8")
    assert cmrc_table(told["cmrc"]) in text
    if page != "README.md":
        assert office_table(told["office"]) in text


def test_hybrid_search_holds_its_bars_and_beats_the_peers() -> None:
    rows = {row["method"]: row for row in json.loads(FIGURES.read_text("utf-8"))["cmrc"]["rows"]}
    hybrid = rows.pop("ours, hybrid")
    assert hybrid["recall_10"] >= 0.993
    assert hybrid["mrr_10"] >= 0.98
    assert all(hybrid["mrr_10"] > row["mrr_10"] for row in rows.values())
    assert all(hybrid["recall_10"] >= row["recall_10"] for row in rows.values())
