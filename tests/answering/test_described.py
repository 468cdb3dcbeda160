"""Documents that a question describes: found in every form, and never answered from another as if it were that one."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from assistant.answering.retrieval.matching import matched
from assistant.answering.retrieval.scope import resolve
from assistant.answering.understanding.described import descriptions
from assistant.answering.understanding.question import understand
from assistant.domain.dialogue import Verdict
from assistant.ports import DocumentInfo

HELD = [
    DocumentInfo("a", "风电装备产业学院章程", None, "章程", "章程.md", {}),
    DocumentInfo(
        "b",
        "风电装备产业学院2024年度任务清单",
        "海风办〔2024〕2号",
        "清单",
        "清单.md",
        {"issuer": ("风电装备产业学院秘书处",), "issued_on": ("2024-03-01",)},
    ),
    DocumentInfo(
        "c",
        "关于推进社区托育服务的提案",
        None,
        "提案",
        "提案.txt",
        {"proposal_number": ("31",), "session": ("十三届二次",)},
    ),
    DocumentInfo(
        "d",
        "对市政协十三届二次会议第31号提案的答复",
        "海卫提〔2024〕5号",
        "答复",
        "答复.txt",
        {"proposal_number": ("31",), "session": ("十三届二次",), "issuer": ("海东市卫生健康委员会",)},
    ),
    DocumentInfo("e", "产业学院理事会第一次会议纪要", "海风纪〔2024〕1号", "纪要", "纪要.pdf", {}),
    DocumentInfo("f", "2024年上半年重点任务进展情况的通报", "海督〔2024〕9号", "通报", "通报.txt", {}),
    DocumentInfo(
        "g",
        "海东市文化广播电视和旅游局关于夜间游船筹备情况的复函",
        "海文旅函〔2024〕3号",
        "函",
        "复函.txt",
        {"issuer": ("海东市文化广播电视和旅游局",), "addressee": ("市交通运输局",)},
    ),
]


def _held(question: str) -> tuple[str, ...] | None:
    scope = resolve(understand(question), HELD)
    return None if scope.missing else tuple(d.id for d in scope.documents or ())


@pytest.mark.parametrize(
    ("question", "absent"),
    [
        ("海洋牧场产业学院的章程里理事几年一届", "海洋牧场产业学院的章程"),
        ("2025年度任务清单里一共多少项", "2025年度任务清单"),
        ("关于共享单车的提案提了哪些建议", "关于共享单车的提案"),
        ("市民政局的答复是谁签发的", "市民政局的答复"),
        ("理事会第三次会议纪要定了什么", "理事会第三次会议纪要"),
        ("2024年下半年的通报里点了哪几个单位", "2024年下半年的通报"),
        ("民宿奖补办法里申请要什么材料", "民宿奖补办法"),
        ("十四届一次会议第31号提案提了什么建议", "十四届一次会议第31号提案"),
        ("市财政局对第31号提案的答复里怎么说", "市财政局对第31号提案的答复"),
    ],
)
def test_a_document_that_is_not_held_is_missing_whatever_else_is(question: str, absent: str) -> None:
    assert resolve(understand(question), HELD).missing == (absent,)


@pytest.mark.parametrize(
    ("question", "held"),
    [
        ("风电学院章程里怎么规定表决的", ("a",)),
        ("风电装备产业学院的章程第三条", ("a",)),
        ("2024年度任务清单里有几项", ("b",)),
        ("托育那个提案提了哪些建议", ("c",)),
        ("卫健委的答复里怎么说", ("d",)),
        ("对托育服务提案的答复是谁签发的", ("d",)),
        ("理事会第一次会议的纪要定了什么", ("e",)),
        ("上半年的通报里哪几项没启动", ("f",)),
        ("文旅局的复函是哪天发的", ("g",)),
        ("市卫健委对第31号提案的答复里怎么说", ("d",)),
        ("十三届二次会议第31号提案提了什么", ("c", "d")),
    ],
)
def test_a_document_is_found_by_parts_of_what_it_is_called(question: str, held: tuple[str, ...]) -> None:
    assert _held(question) == held


@pytest.mark.parametrize(
    "question",
    [
        "海洋牧场产业学院的章程定了没有",
        "民宿奖补办法什么时候印发",
        "民宿奖补办法由谁起草",
        "学分互认办法要求什么时候出台",
        "有什么办法提高托育率",
        "这份答复怎么说",
        "社区托育由谁牵头",
    ],
)
def test_what_is_not_yet_made_or_only_pointed_at_describes_no_document(question: str) -> None:
    assert descriptions(question) == ()


@pytest.mark.parametrize("question", ["章程里理事几年一届", "第二条答复怎么说", "理事会会议纪要里议定了什么"])
def test_a_kind_alone_is_missing_only_where_nothing_of_the_kind_is_held(question: str) -> None:
    assert resolve(understand(question), HELD).missing == ()
    others = [d for d in HELD if d.id in ("c", "g")]
    assert bool(resolve(understand(question), others).missing) is ("答复" not in question)


def test_a_name_written_nearly_right_is_likely_and_said_to_be_so() -> None:
    (described,) = descriptions("风电装各产业学院章程里怎么规定")
    match = matched(described, HELD)
    assert [d.id for d in match.held + match.likely] == ["a"]


CHARTER = """风电装备产业学院章程
第一条　为规范产业学院运行，制定本章程。
第二条　理事会由九名理事组成，每届任期四年。
第三条　理事会每季度召开一次会议。
"""
REPORT = """关于海洋牧场产业学院筹建情况的报告
市教育局：
海洋牧场产业学院由市海洋局牵头筹建，章程正在起草，办学地点尚未确定。
海东市海洋局
2024年5月6日
"""


@pytest.fixture
def office(desk: Callable[..., object]) -> object:
    return desk({"章程.txt": CHARTER, "报告.txt": REPORT})


async def test_the_charter_of_one_body_does_not_answer_for_that_of_another(office) -> None:
    answer = await office.ask("海洋牧场产业学院的章程里理事会多久开一次会？")
    assert answer.verdict is Verdict.NOT_STATED
    assert "没有找到“海洋牧场产业学院的章程”" in answer.answer
    assert "《风电装备产业学院章程》" in answer.answer  # what is held nearest is named
    assert "每季度" not in answer.answer
    held = await office.ask("风电装备产业学院的章程里理事会多久开一次会？")
    assert held.verdict is Verdict.ANSWERED
    assert "每季度召开一次会议" in held.answer


async def test_how_far_a_charter_is_that_nobody_holds_is_told_by_those_who_report_on_it(office) -> None:
    answer = await office.ask("海洋牧场产业学院的章程起草了没有")
    assert "章程正在起草" in answer.answer


def test_what_is_asked_of_a_document_not_held_is_told_by_one_that_names_it() -> None:
    told = [("c", "三、市司法局负责提出民宿管理办法的修改建议。")]
    question = understand("民宿管理办法的修改建议谁提")
    assert resolve(question, HELD, (), lambda words, ids: told).missing == ()
    assert resolve(question, HELD, (), lambda words, ids: []).missing == ("民宿管理办法",)
