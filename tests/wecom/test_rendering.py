"""What WeCom is given to draw."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.domain.dialogue import Answer, Citation, Verdict
from assistant.faces.wecom.rendering import APP_BYTES, cut, finished, messages, plain, source_lines

CITED = Citation(1, "d1", "渠道建设方案", "市水〔2024〕3号", "二（一）", 4, 10, 20, "由市水务局牵头")
ANSWER = Answer(
    "a",
    "c",
    "谁牵头",
    "谁牵头",
    "由市水务局牵头。[1]",
    Verdict.ANSWERED,
    (CITED,),
    (),
    None,
    "extractive",
    None,
    "gen-1",
)


def test_an_answer_with_its_sources_and_a_link() -> None:
    shown = finished(ANSWER, "https://ask.example.gov.cn/", APP_BYTES)
    assert shown == (
        "由市水务局牵头。[1]\n\n来源：\n"
        "[1] 《渠道建设方案》（市水〔2024〕3号） 二（一） 第4页 [查看原文](https://ask.example.gov.cn/documents/d1#10-20)"
    )
    assert "查看原文" not in finished(ANSWER, "", APP_BYTES)


def test_the_title_of_several_sources_is_said_once() -> None:
    other = replace(CITED, n=3, document_id="d2", title="渠道验收办法", number=None, path="第四条", page=None)
    shown = source_lines([CITED, replace(CITED, n=2, path="三"), other], "", 2000)
    assert shown == (
        "来源：\n《渠道建设方案》（市水〔2024〕3号）\n[1] 二（一） 第4页\n[2] 三 第4页\n[3] 《渠道验收办法》 第四条"
    )


def test_long_lists_quote_the_beginning_of_each_clause() -> None:
    clause = "各有关单位要按照职责分工落实经费保障，建立健全长效管护机制，每季度末将进展情况报市水务局汇总"
    long = "\n".join(f"市水务局牵头：“{clause}”[{n}]" for n in range(1, 20))
    shown = finished(replace(ANSWER, answer=long), "", 20_000)
    assert f"市水务局牵头：“{clause[:29]}……”[1]" in shown
    assert "发送“/来源 序号”看全文" in shown
    assert clause in finished(replace(ANSWER, answer=long[:200]), "", 20_000)  # what is short stays whole


def test_what_is_not_stated_says_what_to_do_next() -> None:
    shown = finished(replace(ANSWER, answer="文件未载明。", citations=(), verdict=Verdict.NOT_STATED), "", APP_BYTES)
    assert shown == "文件未载明。\n\n可换个说法再问，或发送“/帮助”看能问什么。"


def test_a_models_words_are_marked_and_notices_shown() -> None:
    shown = finished(replace(ANSWER, model="m", notices=("有1句没有依据，未显示。",)), "", APP_BYTES)
    assert "AI生成，以原文为准" in shown
    assert "（有1句没有依据，未显示。）" in shown


@pytest.mark.parametrize("limit", [200, 500, APP_BYTES])
def test_a_long_answer_leaves_room_for_its_sources(limit: int) -> None:
    many = tuple(replace(CITED, n=n) for n in range(1, 40))
    shown = finished(
        replace(ANSWER, answer="由市水务局牵头。" * 2000, citations=many), "https://ask.example.gov.cn", limit
    )
    assert len(shown.encode()) <= limit
    assert "（内容较长，未完）" in shown
    if limit == APP_BYTES:
        assert "《渠道建设方案》（市水〔2024〕3号）\n[1] 二（一） 第4页" in shown
        assert "另有" in shown


@pytest.mark.parametrize("limit", range(40, 60))
def test_nothing_is_cut_within_a_character(limit: int) -> None:
    shown = cut("牵头单位😀" * 30, limit)
    assert len(shown.encode()) <= limit
    assert "�" not in shown


def test_documents_cannot_draw() -> None:
    hostile = '# 大字 [点我](http://evil.example) <font color="warning">红</font> <@all> `x` **粗**'
    shown = plain(hostile)
    assert "](" not in shown
    assert "<" not in shown
    assert not shown.startswith("#")
    assert "`" not in shown
    assert "**" not in shown


def test_a_long_text_goes_out_in_several_messages() -> None:
    text = "\n".join(f"{n}. 由市水务局牵头实施的第{n}项任务" for n in range(200))
    parts = messages(text, APP_BYTES, 3)
    assert len(parts) == 3
    assert all(len(part.encode()) <= APP_BYTES for part in parts)
    assert parts[1].startswith(f"{len(parts[0].splitlines())}. ")
    assert parts[2].endswith("（内容较长，未完）")
    assert messages("短", APP_BYTES, 3) == ["短"]


def test_sources_that_find_no_room_are_counted() -> None:
    many = [replace(CITED, n=n) for n in range(1, 13)]
    assert source_lines(many, "", 10_000).splitlines()[-1] == "另有 4 处，发送“/来源 序号”查看"
    assert source_lines(many, "", 10) == ""
