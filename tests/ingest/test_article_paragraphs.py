"""Paragraphs of articles (款): each has its path, and is read with the others of its article."""

from __future__ import annotations

import pytest
from parsing import body, clause_text, parsed

from assistant.domain.policy import Document, Span
from ingest.check import check
from ingest.chunk import chunks_of

HEAD = "河湾市实训基地联盟章程\n第一章　总则\n第一条　为规范运行，制定本章程。\n"
TAIL = "第九条　本章程自通过之日起施行。"


def read(*lines: str) -> Document:
    return parsed("\n".join([HEAD.rstrip(), *lines, TAIL]))


def articles(document: Document) -> list[str]:
    """The paths between the first article and the last."""
    return [path for path in body(document) if path not in ("第一章", "第一条", "第九条")]


def test_each_paragraph_of_an_article_has_its_path() -> None:
    document = read("第二条　理事会每年开两次会。", "秘书处负责筹备会议。", "经费由成员分担。")
    assert articles(document) == ["第二条第一款", "第二条第二款", "第二条第三款"]
    assert clause_text(document, "第二条第一款") == "第二条　理事会每年开两次会。"
    assert clause_text(document, "第二条第三款") == "经费由成员分担。"
    first, *others = (c for c in document.clauses if c.path.startswith("第二条"))
    assert [c.parent_id for c in others] == [first.id, first.id]
    assert [c.is_paragraph for c in (first, *others)] == [False, True, True]


def test_an_article_of_one_paragraph_is_called_by_its_number() -> None:
    assert articles(read("第二条　成员包括：", "（一）学校；", "（二）企业。")) == [
        "第二条",
        "第二条（一）",
        "第二条（二）",
    ]


def test_items_belong_to_the_paragraph_that_announces_them() -> None:
    document = read(
        "第二条　成员分为两类。",
        "下列单位可以加入：",
        "（一）学校；",
        "（二）企业。",
        "前款单位应当守约。",
        "退出的，应当具备下列条件：",
        "（一）提前一个月提出；",
        "（二）办结任务。",
    )
    assert articles(document) == [
        "第二条第一款", "第二条第二款", "第二条第二款（一）", "第二条第二款（二）", "第二条第三款",
        "第二条第四款", "第二条第四款（一）", "第二条第四款（二）",
    ]  # fmt: skip


def test_a_paragraph_between_items_is_more_of_the_item_above_it() -> None:
    lines = [
        "第二条　津贴按下列标准发放：",
        "（一）带教师傅每月五百元；",
        "带教满三年的，可以增加一百元。",
        "（二）学徒三百元。",
    ]
    document = read(*lines)
    assert articles(document) == ["第二条", "第二条（一）", "第二条（二）"]
    assert clause_text(document, "第二条（一）").endswith("可以增加一百元。")


@pytest.mark.parametrize(
    "more",
    [
        ["基地的名称依照有关规定确", "定，不得重复。"],  # a broken line
        ["成员名录：河湾一中、河湾二中"],  # no sentence
        ["- 河湾一中", "- 河湾二中"],
        ["（2021年3月修正）"],
        ["注：名录由秘书处更新。"],
    ],
)
def test_what_is_no_sentence_of_its_own_begins_no_paragraph(more: list[str]) -> None:
    before = (
        "第二条　基地实行挂牌制度，牌匾由秘书处统一" if more[0].startswith("基地的") else "第二条　基地实行挂牌制度。"
    )
    assert articles(read(before, *more)) == ["第二条"]


def test_a_list_without_numbers_is_one_paragraph_with_what_announces_it() -> None:
    document = read("第二条　本章程下列用语的含义：", "学徒，是指在岗学习的学生。", "师傅，是指带教的职工。")
    assert articles(document) == ["第二条"]


def test_a_quoted_text_ends_with_its_quotation() -> None:
    document = read("第二条　誓词如下：", "“我志愿加入联盟，遵守章程。”", "宣誓由理事长主持。")
    assert articles(document) == ["第二条第一款", "第二条第二款"]
    assert clause_text(document, "第二条第一款").endswith("遵守章程。”")


def test_the_title_of_an_article_is_no_paragraph() -> None:
    document = read("第二条　【名称】", "联盟名称为河湾市实训基地联盟。", "简称河湾联盟。")
    assert articles(document) == ["第二条第一款", "第二条第二款"]
    assert clause_text(document, "第二条第一款") == "第二条　【名称】\n联盟名称为河湾市实训基地联盟。"


def test_what_follows_a_table_is_the_next_paragraph() -> None:
    rows = ("类别", "标准"), ("学校", "免收")
    table = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    page = (
        "<h1>河湾市实训基地收费办法</h1><p>第一条　制定本办法。</p><p>第二条　收费标准见下表。</p>"
        f"<table>{table}</table><p>收费标准每年公布。</p><p>第三条　施行。</p>"
    )
    paths = [p for p in body(parsed(page, "a.html")) if p.startswith("第二条")]
    assert paths == ["第二条第一款", "第二条第一款表第1行", "第二条第二款"]


def test_paragraphs_of_attached_rules_and_of_inserted_articles() -> None:
    document = parsed(
        "关于印发办法的通知\n各学校：\n现将办法印发给你们。\n河湾市教育局\n2024年3月1日\n附件1\n基地管理办法\n"
        "第一条　制定本办法。\n基地适用本办法。\n第一条之一　校外基地参照执行。\n具体办法另定。\n第二条　施行。"
    )
    assert [p for p in body(document) if "条" in p] == [
        "附件1 第一条第一款", "附件1 第一条第二款", "附件1 第一条之一第一款", "附件1 第一条之一第二款", "附件1 第二条",
    ]  # fmt: skip


def test_paragraphs_that_nothing_parts_are_one_passage() -> None:
    document = read(
        "第二条　理事会每年开两次会。", "秘书处负责筹备会议：", "（一）起草；", "（二）印发。", "会议公开。"
    )
    passages = [c.text for c in chunks_of(document) if c.path.startswith("第二条")]
    assert passages == [
        "第二条　理事会每年开两次会。\n秘书处负责筹备会议：",
        "（一）起草；",
        "（二）印发。",
        "会议公开。",
    ]
    assert check(document, chunks_of(document)) == ()


def test_a_long_article_is_cut_at_sentences_and_each_piece_begins_in_its_clause() -> None:
    document = read("第二条　" + "甲" * 90 + "。", "乙" * 90 + "。", "丙" * 90 + "。")
    chunks = chunks_of(document, limit=120)
    assert [c.path for c in chunks if c.path.startswith("第二条")] == ["第二条第一款", "第二条第二款", "第二条第三款"]
    assert check(document, chunks) == ()


def test_a_place_is_addressed_by_what_it_covers() -> None:
    document = read("第二条　理事会每年开两次会。", "秘书处负责筹备会议。")
    first, second = (c for c in document.clauses if c.path.startswith("第二条"))
    assert document.path_of(first.span) == "第二条第一款"
    assert document.path_of(second.span) == "第二条第二款"
    assert document.path_of(Span(first.span.start, second.span.end)) == "第二条"


def test_what_has_paragraphs_without_end_is_read_in_time_linear_in_them() -> None:
    document = read("第二条　甲。", *(f"第{n}次会议照常举行。" for n in range(20_000)))
    assert [p for p in body(document) if p.startswith("第二条")][-1] == "第二条第九十九款"
    assert max(len(document.read_with(c)) for c in document.clauses) == 99
    assert check(document, chunks_of(document)) == ()
