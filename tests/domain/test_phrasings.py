"""Every phrasing is taken by its own example, and every rule has one."""

from __future__ import annotations

import pytest

from assistant.domain.duties.phrasing_table import DATED, PHRASINGS, Phrasing, Side
from assistant.domain.duties.phrasings import read_phrasings
from assistant.domain.duties.reading import RULES, read_duties
from assistant.domain.duties.runs import Marked
from assistant.domain.language.speech import is_formula, others_speak_from
from assistant.faces.ledger_forms import RULE_NAMES


@pytest.mark.parametrize("phrasing", PHRASINGS, ids=lambda p: f"{p.rule}: {p.example}")
def test_an_example_is_taken_by_its_own_phrasing(phrasing: Phrasing) -> None:
    taken = list(read_phrasings(Marked(phrasing.example)))
    assert phrasing in [match.phrasing for match in taken]
    if phrasing.side is Side.LEAD:
        assert phrasing.rule in [duty.rule for duty in read_duties(phrasing.example + "。")]


@pytest.mark.parametrize(
    ("rule", "text"),
    [(DATED.rule, DATED.example), ("bracket", "扩建冷库" + RULES["bracket"]), ("label", RULES["label"])],
)
def test_the_other_rules_take_their_examples(rule: str, text: str) -> None:
    assert rule in [duty.rule for duty in read_duties(text + "。")]


def test_every_rule_has_an_example_and_a_plain_name() -> None:
    assert all(RULES.values())
    assert set(RULES) <= set(RULE_NAMES)


@pytest.mark.parametrize(
    ("text", "cue"),
    [
        ("老旧管网由市水务局牵头改造。", "由市水务局牵头"),
        ("会议要求，市审计局要会同市财政局开展检查。", "市审计局要会同"),
        ("修订目录（市商务局牵头，市统计局参与）。", "（市商务局牵头，市统计局参与）"),
    ],
)
def test_a_duty_shows_the_words_that_its_rule_read(text: str, cue: str) -> None:
    duty = read_duties(text)[0]
    assert duty.cue.endswith(cue)
    assert duty.cue in text


@pytest.mark.parametrize(
    ("text", "lists"),
    [
        ("由市财政局、市商务局和各县区政府牵头", [("市财政局", "市商务局")]),
        ("市水利和湖泊局会同市文化广播电视和旅游局等5家单位", [("市水利和湖泊局",), ("市文化广播电视和旅游局",)]),
        ("由市直有关部门和江北区人民政府分头落实", [("江北区人民政府",)]),
        ("各派出所参与，由国务院教育主管部门负责", []),
        ("由丰乐林场负责管护", [("丰乐林场",)]),
        ("市教育局职业教育与成人教育处负责", [("市教育局职业教育与成人教育处",)]),
    ],
)
def test_lists_of_units_become_one_mark_each(text: str, lists: list[tuple[str, ...]]) -> None:
    marked = Marked(text)
    assert [units.names for units in marked.lists] == lists
    assert all(name in units.span.of(text) for units in marked.lists for name in units.names)
    assert marked.written(0, len(marked.text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "您在提案中建议由市财政局设立专项基金。",
        "省里印发的意见明确，由市教育局牵头建立台账。",
        "与会人员认为，由市财政局全额承担有困难。",
        "据了解，市热力公司已更换管线三公里。",
        "收到来函后，我委立即会同市税务局进行了研究，现答复如下：",
    ],
)
def test_the_words_of_others_and_formulas_commit_nobody(text: str) -> None:
    assert others_speak_from(text) is not None or is_formula(text)
    assert read_duties(text) == []


def test_a_ground_taken_up_commits() -> None:
    (duty,) = read_duties("按照省政府通知要求，由市教育局牵头建立台账。")
    assert duty.leads == ("市教育局",)


def test_the_cells_of_a_row_belong_together() -> None:
    row = "序号：3；任务：扩建校舍。其中新建两栋；主责部门：市教育局。市住建局配合。；时限：8月底前；进展：推进中"
    (duty,) = read_duties(row, row=True)
    assert (duty.leads, duty.cooperators, duty.role) == (("市教育局",), ("市住建局",), "责任")
    assert duty.task == "扩建校舍。其中新建两栋"
    assert duty.status.state == "in_progress"
    assert duty.span.of(row) == row
