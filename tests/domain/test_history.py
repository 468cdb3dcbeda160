"""What became of a thing over documents: changes, slips, foundings; and what cannot be decided stays side by side."""

from __future__ import annotations

from functools import cache

import pytest

from assistant.domain.holdings import Link, LinkKind
from assistant.domain.ledger.commitments import entries_of
from assistant.domain.overtime.conflicts import conflicts_of
from assistant.domain.overtime.history import History, histories
from assistant.domain.overtime.mentions import Told
from assistant.domain.overtime.steps import Standing
from assistant.domain.overtime.told import told_by
from assistant.domain.policy import Document
from ingest.parse import parse
from tests.conftest import ROOT
from tests.fakes.shelf import document


@cache
def samples() -> tuple[History, ...]:
    told = []
    for path in sorted((ROOT / "corpus").iterdir()):
        found, _ = parse(path.name, path.read_bytes())
        if found is not None and path.name != "README.md":
            told.append(told_by(found, entries_of(found)))
    return histories(told)


def of(name: str, found: tuple[History, ...]) -> History:
    (history,) = (h for h in found if name in (h.name, *h.names))
    return history


def leads(history: History) -> list[tuple[str, Standing]]:
    return [("、".join(s.units), s.standing) for s in history.leads]


def test_a_founding_with_other_leads_than_planned() -> None:
    alliance = of("碳纤维市域产教联合体", samples())
    assert leads(alliance) == [
        ("市科技局、市教育局", "replaced"),
        ("市科技局、市教育局", "replaced"),
        ("市教育局、经开区管委会", "current"),
    ]
    (now,) = alliance.current("status")
    assert (now.state, now.statement.mention.on, now.statement.mention.on_inferred) == ("done", "2024-03-28", True)
    assert "原为拟定" in alliance.leads[0].reason
    assert not alliance.disputes


def test_a_day_moved_for_a_reason_is_of_the_duty_and_not_of_the_reason() -> None:
    plan, _ = parse(
        "plan.txt",
        (
            "江政办发〔2024〕5号\n关于印发水务联合体建设方案的通知\n各单位：\n现印发给你们。\n"
            "1. 开放测试水槽基地。向成员单位免费开放。市水务局负责，2025年6月底前完成。\n江城市人民政府\n2024年5月8日"
        ).encode(),
    )
    letter, _ = parse(
        "letter.txt",
        (
            "江水函〔2025〕9号\n关于调整水务联合体部分任务时限的函\n各单位：\n对江政办发〔2024〕5号文调整如下：\n"
            "一、市水务局承担的测试水槽基地开放工作，因安全评估延后，完成时限由2025年6月底前调整为2025年9月30日。\n"
            "江城市水务局\n2025年6月1日"
        ).encode(),
    )
    found = histories([told_by(d, entries_of(d)) for d in (plan, letter) if d])
    assert [(s.due, s.standing) for s in of("测试水槽基地", found).deadlines] == [
        ("2025-06-30", "replaced"),
        ("2025-09-30", "current"),
    ]


def test_a_lead_changed_and_a_day_moved_by_letter() -> None:
    base = of("碳纤维中试基地", samples())
    assert leads(base) == [("市科技局", "replaced"), ("市科技局", "replaced"), ("市工信局", "current")]
    assert [(s.due, s.standing) for s in base.deadlines] == [
        ("2024-10-31", "replaced"),
        ("2024-10-31", "replaced"),
        ("2025-03-31", "current"),
    ]
    assert "吉市教函〔2024〕46号（2024-08-09）写明延期" in base.deadlines[0].reason
    assert not base.disputes


def test_a_body_that_is_called_otherwise_now() -> None:
    platform = of("产教信息平台", samples())
    (lead,) = platform.current("lead")
    assert [(was, now.name) for was, now in lead.renamed] == [
        ("市政务服务和数字化建设管理局", "市政务服务和数据管理局")
    ]
    (limit,) = platform.current("deadline")
    assert limit.due == "2024-09-30"


def test_a_table_against_the_plan_is_a_conflict_and_no_choice() -> None:
    centre = of("共享实训中心", samples())
    assert leads(centre) == [("市人社局", "undecided"), ("市教育局", "undecided")]
    assert len(centre.current("lead")) == 2
    assert {(d.aspect, d.settled) for d in centre.disputes} == {("lead", ""), ("deadline", "")}
    found = [c for c in conflicts_of(samples()) if c.thing == "共享实训中心"]
    assert [c.aspect for c in found] == ["lead", "deadline"]
    assert all(len(c.steps) == 2 and c.reason for c in found)


def test_what_is_not_the_same_stays_apart() -> None:
    found = samples()
    fine, cluster = of("精细化工市域产教联合体", found), of("吉林化工园区化工产业集群产教联合体", found)
    assert fine.id != cluster.id
    first, second = of("第1批人才需求目录", found), of("发布第二批人才需求目录", found)
    assert first.id != second.id
    assert of("理事会第二次全体会议", found).id != of("召开理事会第一次全体会议", found).id
    assert of("抓好实习安全检查", found).id != of("实习安全检查机制", found).id


# ---- own documents -------------------------------------------------------------------------------------------------


def plan(title: str, number: str, day: str, *lines: str, kind: str = "方案") -> Told:
    marks = "一二三四五六七八"
    clauses = [(marks[n], f"{marks[n]}、", 1, f"{marks[n]}、{line}") for n, line in enumerate(lines)]
    fields = {k: v for k, v in (("number", number), ("issued_on", day)) if v}
    head = [("文号", "", 0, number)] if number else []
    tail = [("落款", "", 0, day)] if day else []
    found = document(title, *head, *clauses, *tail, kind=kind, fields=fields)
    return told_by(found, entries_of(found))


BASE = plan(
    "江城冷链物流建设方案",
    "江商发〔2024〕1号",
    "2024-01-10",
    "建设冷链物流基地。由市商务局牵头，市财政局配合，2024年12月底前建成。",
    "搭建农机调度平台。由市农业农村局牵头，2024年9月底前上线。",
)


def later(*lines: str, day: str = "2024-06-01", number: str = "江商函〔2024〕9号", cites: bool = True) -> Told:
    first = "依据《江城冷链物流建设方案》（江商发〔2024〕1号）作如下安排。" if cites else "作如下安排。"
    return plan("关于调整有关任务的函", number, day, first, *lines, kind="函")


def test_a_later_document_that_does_not_say_that_it_changes_anything() -> None:
    found = of("冷链物流基地", histories([BASE, later("冷链物流基地由市农业农村局牵头，2025年3月底前建成。")]))
    assert [s for _, s in leads(found)] == ["undecided", "undecided"]
    assert {d.reason for d in found.disputes} == {"后一文件没有写明作了调整"}


def test_two_documents_of_one_day_and_one_without_a_date() -> None:
    same_day = later("冷链物流基地由市农业农村局牵头。", day="2024-01-10")
    assert of("冷链物流基地", histories([BASE, same_day])).disputes[0].reason == "两份文件同日，先后不能确定"
    undated = later("冷链物流基地由市农业农村局牵头。", day="", number="")
    assert "没有写明日期" in of("冷链物流基地", histories([BASE, undated])).disputes[0].reason


def test_documents_that_do_not_know_one_another_are_not_merged() -> None:
    other = later("建设冷链物流基地。由市农业农村局牵头，2025年3月底前建成。", cites=False)
    found = [h for h in histories([BASE, other]) if "冷链物流基地" in h.name]
    assert len(found) == 2
    assert not any(h.disputes for h in found)


def test_a_change_settles_a_conflict() -> None:
    disputed = later("冷链物流基地由市农业农村局牵头。")
    letter = later("冷链物流基地的牵头单位由市商务局调整为市供销社。", day="2024-08-01", number="江商函〔2024〕20号")
    found = of("冷链物流基地", histories([BASE, disputed, letter]))
    assert ["、".join(s.units) for s in found.current("lead")] == ["市供销社"]
    assert [d.settled for d in found.disputes] == ["江商函〔2024〕20号（2024-08-01）已作调整"]


def test_a_change_that_names_another_former_lead_is_pointed_out() -> None:
    letter = later("冷链物流基地的牵头单位由市财政局调整为市供销社。")
    found = of("冷链物流基地", histories([BASE, letter]))
    assert ["、".join(s.units) for s in found.current("lead")] == ["市供销社"]
    assert "所称原牵头单位“市财政局”与此前文件的“市商务局”不一致" in found.disputes[0].reason


def test_a_request_changes_nothing() -> None:
    found = of("冷链物流基地", histories([BASE, later("申请将冷链物流基地建成时限延期至2025年3月底前。")]))
    assert [s.due for s in found.current("deadline")] == ["2024-12-31"]
    assert [s.standing for s in found.deadlines] == ["current", "proposed"]


def test_a_limit_moved_by_months() -> None:
    found = of("冷链物流基地", histories([BASE, later("冷链物流基地建设期延长6个月。")]))
    assert [s.due for s in found.current("deadline")] == ["2025-06-30"]


def test_who_leads_no_more_leaves_the_lead_open() -> None:
    found = of("冷链物流基地", histories([BASE, later("市商务局不再牵头冷链物流基地建设。")]))
    (now,) = found.current("lead")
    assert (now.units, now.value) == ((), "市商务局不再牵头")


@pytest.mark.parametrize("kind", [LinkKind.REPEALS, LinkKind.REPLACES, LinkKind.SUPERSEDES])
def test_what_is_repealed_no_longer_holds(kind: LinkKind) -> None:
    new = later("冷链物流基地由市农业农村局牵头，2025年3月底前建成。")
    found = of("冷链物流基地", histories([BASE, new], [Link(kind, new.document_id, BASE.document_id)]))
    assert [s for _, s in leads(found)] == ["void", "current"]
    assert "《关于调整有关任务的函》" in found.leads[0].reason
    assert not found.disputes


def test_done_and_later_not_done_is_a_conflict() -> None:
    built = later("冷链物流基地已建成。", day="2024-10-01", number="江商报〔2024〕3号")
    open_ = later("冷链物流基地尚未建成。", day="2024-11-01", number="江商报〔2024〕4号")
    found = of("冷链物流基地", histories([BASE, built, open_]))
    assert [s.standing for s in found.states] == ["undecided", "undecided"]
    assert found.disputes[0].aspect == "status"


def test_possibly_the_same_body_is_not_decided() -> None:
    park = plan("园区方案", "江园发〔2024〕1号", "2024-01-10", "建设危化品实训基地。由化工园区牵头。")
    other = plan(
        "园区通知", "江园发〔2024〕2号", "2024-05-10", "按照《园区方案》，危化品实训基地由化工园区管委会牵头。"
    )
    found = of("危化品实训基地", histories([park, other]))
    assert "可能是同一单位" in found.disputes[0].reason


def test_the_parts_of_a_thing_do_not_make_it_done() -> None:
    report = later("冷链物流基地的土建已完成，设备正在安装。")
    found = of("冷链物流基地", histories([BASE, report]))
    assert not any(s.state == "done" for s in found.states)


def test_an_aim_beside_it_is_no_change_of_lead() -> None:
    funds = later("由市财政局牵头落实冷链物流基地配套资金500万元，6月底前到位。")
    assert leads(of("冷链物流基地", histories([BASE, funds]))) == [("市商务局", "current")]


def test_a_mention_survives_being_kept() -> None:
    for told in (BASE, later("市商务局更名为市商务和贸易局。", "冷链物流基地建设期延长6个月。")):
        assert Told.from_json(told.to_json()) == told


def test_quotes_stand_where_they_say() -> None:
    found: Document = document("方案", ("一", "一、", 1, "一、建设冷链基地。由市商务局牵头，年底前建成。"))
    for mention in told_by(found, entries_of(found)).mentions:
        assert found.text[mention.start : mention.end] == mention.quote


def test_two_parts_of_one_clause_contradict_nothing() -> None:
    both = plan(
        "试点方案", "江环发〔2024〕3号", "2024-02-01", "建设再生水示范区。由市生态环境局牵头，由市水务局负责管网部分。"
    )
    found = of("再生水示范区", histories([both]))
    assert not found.disputes


def test_a_table_against_the_text_of_its_document() -> None:
    from assistant.domain.overtime.mentions import Mention

    text = Mention("冷链物流基地", "冷链物流基地", "duty", "一", None, 0, 3, "甲乙丙", leads=("市商务局",), role="牵头")
    row = Mention(
        "冷链物流基地", "冷链物流基地", "duty", "表第1行", None, 9, 12, "丁戊己", True, leads=("市财政局",), role="牵头"
    )
    told = Told("d1", "分工表", None, "清单", "2024-01-01", 2024, "成文日期", "", False, (), (text, row), ())
    assert of("冷链物流基地", histories([told])).disputes[0].reason == "同一文件中表格与正文不一致"


def test_another_city_is_another_thing() -> None:
    here = plan("海州方案", "海商发〔2024〕1号", "2024-01-01", "建设海州市智慧水务平台。由市水务局牵头。")
    there = plan(
        "江城方案", "江商发〔2024〕1号", "2024-02-01", "参照《海州方案》，建设江城市智慧水务平台。由市数据局牵头。"
    )
    found = [h for h in histories([here, there]) if "智慧水务平台" in h.name]
    assert len(found) == 2
    short = plan("海州进展", "海商发〔2024〕2号", "2024-03-01", "按照《海州方案》，智慧水务平台由市水务局牵头。")
    assert of("智慧水务平台", histories([here, short])).documents == 2


def test_a_name_of_before_and_a_kind_that_points_back() -> None:
    letter = later(
        "冷链物流基地的牵头单位由市商务局调整为市供销社。", "该基地建成时间由2024年12月底前推迟至2025年5月底前。"
    )
    found = of("冷链物流基地", histories([BASE, letter]))
    assert [s.due for s in found.current("deadline")] == ["2025-05-31"]


def test_a_change_that_names_the_former_lead_ties_what_has_it() -> None:
    minutes = later("会议同意将冷链物流基地牵头单位由市商务局调整为市供销社。", cites=False)
    found = of("冷链物流基地", histories([BASE, minutes]))
    assert ["、".join(s.units) for s in found.current("lead")] == ["市供销社"]
    assert "变更前的牵头单位“市商务局”与之相符" in found.joined[0]
    other = later("会议同意将冷链物流基地牵头单位由市财政局调整为市供销社。", cites=False)
    apart = [h for h in histories([BASE, other]) if "冷链物流基地" in h.name]
    assert len(apart) == 2
    assert "文件没有关联" in apart[0].near[0].reason
    assert not conflicts_of(apart)


def test_a_lead_told_behind_how_far_it_is() -> None:
    report = later("冷链物流基地已于2024年11月正式运行，由市供销社牵头。", day="2024-12-01")
    found = of("冷链物流基地", histories([BASE, report]))
    assert [s for _, s in leads(found)] == ["undecided", "undecided"]
    assert [s.state for s in found.current("status")] == ["done"]
    funds = later("冷链物流基地已开工，由市财政局负责资金落实。", day="2024-12-01")
    assert leads(of("冷链物流基地", histories([BASE, funds]))) == [("市商务局", "current")]
