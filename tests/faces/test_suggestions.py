"""Questions that are offered stand in the rows and headings of the documents, and nowhere else."""

from __future__ import annotations

from assistant.domain.ledger.commitments import Entry, entries_of
from assistant.domain.policy import Document
from assistant.faces.suggestions import follow_ups, suggestions
from ingest.parse import parse
from tests.fakes.shelf import Shelf


def read(text: str, name: str) -> Document:
    document, _ = parse(name, text.encode())
    assert document is not None
    return document


PLAN = read(
    "关于推进老旧电梯更新的通知\n"
    "一、健全机制\n"
    "（一）建立电梯更新联席会议\n由市住建局牵头，市市场监管局配合，于2025年6月底前建立电梯更新联席会议，统筹解决资金和选型。\n"
    "（二）开通维修绿色通道\n由市市场监管局牵头开通维修绿色通道，缩短停梯时间，方便老年人出行。\n"
    "二、落实资金\n（一）用好维修资金\n业主共同决定后可以使用住宅专项维修资金，审核应当在五个工作日内办结。\n"
    "（二）公开分摊办法\n由市住建局牵头编制分摊办法指引，供业主委员会参考，不得收取费用。\n",
    "电梯.txt",
)
LAW = read(
    "电梯安全管理办法\n第一章 维护保养\n第一条 维护保养单位应当每十五日进行一次清洁、润滑、调整和检查。\n"
    "第二章 应急救援\n第二条 接到困人报警后，救援人员应当在三十分钟内到达现场并开展救援。\n",
    "办法.txt",
)


def rows(*documents: Document) -> list[Entry]:
    return [entry for document in documents for entry in entries_of(document)]


def test_the_empty_page_asks_for_what_the_ledger_holds() -> None:
    infos = Shelf([PLAN, LAW]).documents()
    offered = suggestions(infos, rows(PLAN, LAW))
    assert offered[0] == "市住建局牵头哪些事项？"
    assert len(offered) <= 3
    assert "建立电梯更新联席会议什么时候完成？" in offered or "建立电梯更新联席会议由谁牵头？" in offered
    assert suggestions(infos, rows(PLAN, LAW)) == offered  # the same documents give the same questions


def test_an_answer_goes_on_with_rows_near_its_sources_and_never_with_what_was_asked() -> None:
    place = PLAN.text.index("由市住建局牵头")
    entries = rows(PLAN)
    offered = follow_ups("建立电梯更新联席会议由谁牵头？", [(PLAN, place)], entries, entries)
    assert "建立电梯更新联席会议由谁牵头？" not in offered
    assert "建立电梯更新联席会议什么时候完成？" in offered
    assert len(offered) == len(set(offered)) <= 3


def test_a_question_in_other_words_is_not_offered_again() -> None:
    entries = rows(PLAN)
    offered = follow_ups("电梯更新联席会议谁牵头？", [(PLAN, PLAN.text.index("由市住建局牵头"))], entries, entries)
    assert "建立电梯更新联席会议由谁牵头？" not in offered
    assert "建立电梯更新联席会议什么时候完成？" in offered


def test_without_rows_it_goes_on_with_the_headings_that_follow() -> None:
    offered = follow_ups("多久维护保养一次？", [(LAW, LAW.text.index("第一条"))], [], [])
    assert offered == ["《电梯安全管理办法》关于应急救援写了什么？", "《电梯安全管理办法》关于维护保养写了什么？"]


def test_nothing_is_offered_that_no_document_states() -> None:
    bare = read("关于安全的函\n请做好安全工作。\n", "函.txt")
    assert follow_ups("安全工作由谁牵头？", [(bare, 0)], rows(bare), rows(bare)) == []
    assert follow_ups("问题", [], [], []) == []
