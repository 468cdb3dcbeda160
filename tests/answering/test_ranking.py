"""The ranking of sentences: each kind of answer is preferred to words alone, and meaning decides among the best."""

from collections.abc import Sequence

import pytest

from assistant.answering.retrieval.ranking import AT_ONCE, WEIGHTS, Candidate, features, ranked, states


def candidate(text: str, title: str = "实训基地管理办法", before: str = "") -> Candidate:
    return Candidate(text, title, title, before, "", text, 0.5, 0.5)


def scores(question: str, candidates: Sequence[Candidate]) -> list[float]:
    return [found.score for found in ranked(question, candidates)]


@pytest.mark.parametrize(
    ("question", "says", "does_not"),
    [
        ("实训基地什么时候开放？", "实训基地于2025年3月开放。", "实训基地开放由各校自行安排。"),
        ("实训基地开放多久？", "实训基地开放10个工作日。", "实训基地开放由各校自行安排。"),
        ("实训基地多久检查一次？", "实训基地每季度检查。", "实训基地检查由各校自行安排。"),
        ("实训基地有多少个工位？", "实训基地设工位300个。", "实训基地的工位由各校安排。"),
        ("实训基地为什么停用？", "因设备老化，实训基地停用。", "实训基地停用后另行公告。"),
        ("实训基地的目标是什么？", "实训基地要达到省级标准。", "实训基地要安排值班人员。"),
    ],
)
def test_a_sentence_of_the_kind_that_is_asked_for_comes_first(question: str, says: str, does_not: str) -> None:
    good, bad = scores(question, [candidate(says), candidate(does_not)])
    assert good > bad


def test_words_that_the_sentence_before_names_count_less_than_its_own() -> None:
    asked = "中试车间的消防验收"
    own = candidate("中试车间的消防验收已经通过。")
    after_it = candidate("验收已经通过。", before="中试车间的消防由园区负责。")
    neither = candidate("验收已经通过。")
    first, second, third = scores(asked, [own, after_it, neither])
    assert first > second > third


def test_meaning_decides_among_the_best_and_only_they_are_compared() -> None:
    compared: list[str] = []

    def nearness(texts: Sequence[str]) -> list[float]:
        compared.extend(texts)
        return [0.95 if "停放" in text else 0.80 for text in texts]

    candidates = [candidate(f"第{n}处车辆须登记。") for n in range(AT_ONCE + 3)]
    candidates[4] = candidate("第4处车辆须停放。")
    found = ranked("车辆怎么摆", candidates, nearness)
    assert max(range(len(found)), key=lambda i: found[i].score) == 4
    assert sum(place.near is not None for place in found) == AT_ONCE
    assert len(compared) == AT_ONCE
    assert all(text.startswith("实训基地管理办法：") for text in compared)


def test_every_feature_has_a_weight() -> None:
    assert {*features("何时", [candidate("2025年。")])[0], "near"} == set(WEIGHTS)


def test_few_words_of_the_question_are_enough_where_the_meaning_is_near() -> None:
    assert states(named=0.35, near=0.93)
    assert not states(named=0.35, near=0.86)
    assert states(named=0.5, near=0.80)
    assert not states(named=0.35, near=None)
    assert states(named=0.5, near=None)
