"""Parts of a statute asked for by number: 条, 款, 项, and what a follow-up puts in their place."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.answering.understanding.addresses import addressed
from assistant.answering.understanding.question import understand
from ingest.parse import parse

CHARTER = """河湾市实训基地联盟章程
第一章　总则
第一条　为规范运行，制定本章程。
第二条　成员包括：
（一）学校；
（二）企业。
前款成员应当按期报送名单。
下列单位可以列席：
（一）行业协会；
（二）产业园区；
（三）新闻媒体。
第三条　理事会每年召开两次会议。
秘书处设在河湾职业学院，负责会议筹备。
联盟经费由成员分担，分担办法由理事会另行制定。
第三条之一　理事会可以设专门小组。
第四条　本章程自通过之日起施行。
"""


@pytest.mark.parametrize(
    ("question", "paths"),
    [
        ("第三条写了什么", ["第三条第一款", "第三条第二款", "第三条第三款"]),
        ("第3条写了什么", ["第三条第一款", "第三条第二款", "第三条第三款"]),
        ("第三条第二款怎么说", ["第三条第二款"]),
        ("第3条第3款怎么说", ["第三条第三款"]),
        ("第三条第一款怎么说", ["第三条第一款"]),
        ("第二条第一款第（二）项是什么", ["第二条第一款（二）"]),
        ("第二条第三款第3项是什么", ["第二条第三款（三）"]),
        ("第二条第（一）项", ["第二条第一款（一）", "第二条第三款（一）"]),
        ("第三条第二款和第三款", ["第三条第二款", "第三条第三款"]),
        ("第一条和第四条", ["第一条", "第四条"]),
        ("第一条第一款", ["第一条"]),
        ("第三条之一说什么", ["第三条之一"]),
        ("第九条第二款", []),
    ],
)
def test_parts_are_found(question: str, paths: list[str]) -> None:
    document, _ = parse("章程.txt", CHARTER.encode())
    assert document is not None
    found = addressed(document, understand(question).clauses)
    assert [c.path for c in document.clauses if c.id in found] == paths


async def test_an_article_is_told_with_all_its_paragraphs_in_order(desk: Any) -> None:
    answer = await desk({"章程.txt": CHARTER}).ask("联盟章程第三条写了什么？")
    assert [c.path for c in answer.citations] == ["第三条第一款", "第三条第二款", "第三条第三款"]


async def test_a_paragraph_is_told_alone_and_cited_by_its_path(desk: Any) -> None:
    answer = await desk({"章程.txt": CHARTER}).ask("联盟章程第三条第二款写了什么？")
    assert "河湾职业学院" in answer.answer
    assert "两次会议" not in answer.answer
    assert "分担" not in answer.answer
    assert {c.path for c in answer.citations} == {"第三条第二款"}


async def test_the_next_paragraph_is_asked_for_by_its_number_alone(desk: Any) -> None:
    asking = desk({"章程.txt": CHARTER})
    first = await asking.ask("联盟章程第三条第二款写了什么？")
    then = await asking.ask("那第三款呢？", first.conversation_id)
    assert {c.path for c in then.citations} == {"第三条第三款"}
    last = await asking.ask("那第四条呢？", first.conversation_id)
    assert {c.path for c in last.citations} == {"第四条"}


async def test_a_sentence_is_cited_by_its_paragraph(desk: Any) -> None:
    answer = await desk({"章程.txt": CHARTER}).ask("联盟的秘书处设在哪里？")
    assert "第三条第二款" in {c.path for c in answer.citations}
