"""When two names mean one thing: measured on labelled pairs; names found in running text."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from assistant.domain.overtime.objects import compare, find_objects, name_of

PAIRS = [
    json.loads(line)
    for line in (Path(__file__).parent.parent / "ledger" / "objects.jsonl").read_text(encoding="utf-8").splitlines()
]


def test_the_labelled_pairs() -> None:
    """Nothing is called the same that is not; what is the same or open is found in at least 95 of 100."""
    outcomes: Counter[tuple[str, str]] = Counter()
    wrong = []
    for pair in PAIRS:
        found = compare(
            name_of(pair["left"]), name_of(pair["right"]), related=pair["related"], programme=pair["programme"]
        )
        outcomes[pair["expect"], found.likeness] += 1
        if found.likeness != pair["expect"]:
            wrong.append((pair["left"], pair["right"], pair["expect"], found))
    assert len(PAIRS) >= 70
    assert not [w for w in wrong if w[3].likeness == "same"], wrong
    assert len(wrong) <= 0.05 * len(PAIRS), wrong


@pytest.mark.parametrize("pair", PAIRS[::7])
def test_comparing_is_symmetric(pair: dict[str, str]) -> None:
    left, right = name_of(pair["left"]), name_of(pair["right"])
    one = compare(left, right, related=bool(pair["related"]), programme=pair["programme"])
    two = compare(right, left, related=bool(pair["related"]), programme=pair["programme"])
    assert one.likeness == two.likeness


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("依托水务学院新建面向全市开放的智慧水务中心，建筑面积三千平方米", ["智慧水务中心"]),
        ("到2026年底，建成城市书房10处、社区食堂3个", ["社区食堂"]),
        ("召开理事会第二次全体会议", ["理事会第二次全体会议"]),
        ("5月9日，临港园区轮胎产业集群产教联合体正式揭牌", ["临港园区轮胎产业集群产教联合体"]),
        ("技能竞赛、用工检查机制、年度自评3项任务尚未启动", ["技能竞赛", "用工检查机制", "年度自评"]),
        ("把中心任务落到实处，按照会议要求抓好道路交通安全", []),
    ],
)
def test_names_in_running_text(text: str, names: list[str]) -> None:
    found = find_objects(text)
    assert [f.named.written for f in found] == names
    assert all(f.span.of(text) == f.named.written for f in found)


def test_a_name_is_compared_without_verb_number_and_generic_words() -> None:
    assert name_of("新建共享仓储中心2个").words == "共享仓储中心"
    assert name_of("汽车零部件市域产教融合体").words == "汽车零部件联合体"
    assert name_of("发布首批技术需求清单").marks == {"第1批"}
    assert name_of("加强组织领导").bare
    assert name_of("工作机制").bare
    assert name_of("实训基地").bare and not name_of("公共实训基地").bare
    assert name_of("开放体育场馆").words == name_of("体育场馆").words
