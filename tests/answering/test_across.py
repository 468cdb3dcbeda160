"""哪些文件写到…: every document that says it is listed, by its best sentence, and counted."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from assistant.answering.retrieval.across import wanted
from assistant.answering.retrieval.scope import Scope
from assistant.answering.understanding.question import understand
from assistant.domain.dialogue import Verdict
from assistant.domain.language.plain_words import wordings
from tests.answering.conftest import Desk

PARKS = "城市公园管理条例\n第一条 公园免费开放。\n第二条 对投诉人的姓名应当予以保密。\n"
MARKETS = "农贸市场管理条例\n第一条 市场由经营者维护秩序。\n第二条 受理部门应当为投诉人保密，不得泄露。\n"
LIFTS = "电梯使用管理条例\n第一条 电梯每月维护一次。\n第二条 接到投诉的部门应当在五日内答复投诉人。\n"
NOTICE = "关于夏季防汛的通知\n各单位：\n一、值班电话应当为投诉人保密。\n"


@pytest.fixture
def library(desk: Callable[..., Desk]) -> Desk:
    return desk({"公园.txt": PARKS, "市场.txt": MARKETS, "电梯.txt": LIFTS, "防汛.txt": NOTICE})


async def test_all_documents_that_say_it_are_listed_and_counted(library: Desk) -> None:
    answer = await library.ask("哪些文件要求为投诉人保密？")
    assert answer.verdict is Verdict.ANSWERED
    assert {c.title for c in answer.citations} == {"城市公园管理条例", "农贸市场管理条例", "关于夏季防汛的通知"}
    assert answer.completeness is not None
    assert (answer.completeness.shown, answer.completeness.total) == (3, 3)
    assert "按条文中的用词查找" in answer.answer


async def test_only_documents_of_the_kind_are_listed(library: Desk) -> None:
    answer = await library.ask("哪些条例规定了要为投诉人保密？")
    assert {c.title for c in answer.citations} == {"城市公园管理条例", "农贸市场管理条例"}


async def test_what_one_document_says_is_answered_as_any_question(library: Desk) -> None:
    answer = await library.ask("哪些文件规定电梯每月维护一次？")
    assert {c.title for c in answer.citations} == {"电梯使用管理条例"}
    assert answer.completeness is None


@pytest.mark.parametrize(
    ("question", "kind", "words"),
    [
        ("哪些法律规定了举报有奖？", "法律", ("举报有奖",)),
        ("检察院在哪几部法律里能提起公益诉讼？", "法律", ("检察院 提起公益诉讼",)),
        ("哪几件提案提到养老护理员？", "提案", ("养老护理员",)),
        ("有哪些文件写到中欧班列", "文件", ("中欧班列",)),
        ("投诉人信息保密，哪些法规有这样的规定？", "法规", ("投诉人信息保密",)),
        ("写到夜间施工的法律有哪些？", "法律", ("夜间施工",)),
        ("法律里定下来的纪念日、宣传周都有哪些？", "法律", ("纪念日", "宣传周")),
    ],
)
def test_the_kind_and_the_matter_are_told_apart(question: str, kind: str, words: tuple[str, ...]) -> None:
    found = wanted(understand(question), Scope(None))
    assert found is not None
    assert (found.kind, found.words) == (kind, words)


@pytest.mark.parametrize(
    "question", ["第524号提案提了哪些建议？", "这份文件要求哪些单位配合？", "哪些法院受理？", "哪些法律规定了罚款"]
)
def test_other_questions_are_not_for_documents(question: str) -> None:
    assert wanted(understand(question), Scope(None)) is None


async def test_the_parts_of_a_compound_keep_their_order(desk: Callable[..., Desk]) -> None:
    answer = await desk(
        {
            "泳池.txt": "泳池管理条例\n第一条 泳池应当投保责任保险。\n",
            "缆车.txt": "缆车运营条例\n第一条 运营单位应当投保第三者责任强制保险。\n",
            "聘用.txt": "聘用人员管理条例\n第一条 合同应当写明保险待遇和违约责任。\n",
        }
    ).ask("哪些条例提到责任保险？")
    assert {c.title for c in answer.citations} == {"泳池管理条例", "缆车运营条例"}
    assert "来自 2 份文件（已查 3 份）" in answer.answer


async def test_several_clauses_of_one_document_are_counted_each(desk: Callable[..., Desk]) -> None:
    answer = await desk(
        {
            "游园.txt": "游园条例\n第一条 现场禁止燃放烟花。\n第二条 搭建报批。\n第三条 夜间也禁止燃放烟花。\n",
            "集市.txt": "集市管理条例\n第一条 集市内禁止燃放烟花。\n",
        }
    ).ask("哪些条例禁止燃放烟花？")
    assert sorted(c.path for c in answer.citations) == ["第一条", "第一条", "第三条"]
    assert answer.completeness is not None
    assert answer.completeness.total == 3


def test_an_everyday_word_is_searched_as_it_is_and_as_official_texts_have_it() -> None:
    assert set(wordings("捐款 开枪")) == {"捐款 开枪", "捐赠 开枪", "捐款 使用武器", "捐赠 使用武器"}
    assert wordings("夜间施工") == ("夜间施工",)
