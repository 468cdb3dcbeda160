"""What a proposal asks against what its reply says: labelled pairs in own words, and the samples."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from assistant.domain.ledger.commitments import entries_of
from assistant.domain.overtime.asks import Answered, answered, asks_of
from assistant.domain.policy import Document
from ingest.parse import parse
from tests.conftest import ROOT
from tests.fakes.shelf import document

GROUPS = [
    json.loads(line)
    for line in (Path(__file__).parent.parent / "ledger" / "asks.jsonl").read_text(encoding="utf-8").splitlines()
]
_MARK = re.compile("（[一二三四五六七八九十]）|[0-9]+[.．]\\s?|[一二三四五六]、|[一二三四五六]是")


def _clauses(lines: list[str]) -> list[tuple[str, str, int, str]]:
    marks = [m.group() for line in lines if (m := _MARK.match(line))]
    return [(re.sub("[（）.、是 ]", "", m), m, 1, line) for m, line in zip(marks, lines, strict=True)]


def _read(group: dict[str, Any]) -> tuple[Answered, ...]:
    proposal = document(group["title"], *_clauses(group["asks"]), kind="提案")
    reply = document(f"对{group['title']}的答复", *_clauses(group["reply"]), kind="答复")
    return answered(asks_of(proposal), [reply], entries_of(reply))


def test_the_labelled_asks() -> None:
    """No ask is called answered that is not; at most one answered ask in ten is missed; refusals are seen."""
    false, missed, total = [], [], 0
    for group in GROUPS:
        for n, said in enumerate(_read(group)):
            total += 1
            want, got = set(group["expect"][n]), {p.clause.path for p in said.places}
            if got and not got & want:
                false.append((said.ask.words, got))
            if want and not got:
                missed.append(said.ask.words)
            assert (said.outcome == "declined") == (n in group.get("declined", ())), said
            for place in said.places:
                assert place.reply.text[place.span.start : place.span.end] == place.quote
    assert total >= 28
    assert not false
    assert len(missed) <= total // 10, missed


def _sample(pattern: str) -> Document:
    (path,) = (ROOT / "corpus").glob(pattern)
    found, _ = parse(path.name, path.read_bytes())
    assert found is not None
    return found


def test_the_samples_asks_that_nobody_answers() -> None:
    silent = []
    for proposal, reply in (("01*", "02*"), ("03*", "04*")):
        said = _sample(reply)
        found = answered(asks_of(_sample(proposal)), [said], entries_of(said))
        silent.append([a.ask.words for a in found if a.outcome == "silent"])
    about = [["专项资金", "住房补贴", "评估报告"], ["实习责任险", "信用名单"]]
    assert [len(s) for s in silent] == [3, 2]
    assert all(
        word in ask for words, asks in zip(about, silent, strict=True) for word, ask in zip(words, asks, strict=True)
    )


def test_what_stands_under_a_heading_in_words_of_the_ask_speaks_to_it() -> None:
    """The sentence itself shares little with the ask; 关于… over it says in the ask's own words what it is about."""
    asks = [
        "（一）把护理员职业技能等级认定放到社区去做，方便就近考核。",
        "（二）为护理员发放岗位津贴，每人每月不少于五百元。",
    ]
    reply = ["一、关于职业技能等级认定。由市人社局负责，正在遴选评价组织，争取年底前备案两家。"]
    first, second = _read({"title": "关于培养护理员的提案", "asks": asks, "reply": reply})
    assert first.outcome == "committed"
    assert [p.clause.path for p in first.places] == ["一"]
    assert second.outcome == "silent"


def test_without_a_reply_nothing_is_said_of_an_answer() -> None:
    found = answered(asks_of(_sample("03*")), [])
    assert {a.outcome for a in found} == {"no_reply"}
    assert len(found) == 5
