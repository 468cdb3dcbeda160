from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from parsing import parsed

from ingest.chunk import chunks_of

REPLY = """关于第524号提案的答复
市政协：
现答复如下：
一、关于拓宽渠道的建议
由市科技局协调。
（一）建立市域产教联合体。由市教育局牵头，组建联合体。
某市教育局
"""


def test_a_clause_is_a_chunk_under_its_headings() -> None:
    chunks = {c.path: c for c in chunks_of(parsed(REPLY))}
    assert chunks["一（一）"].text == "（一）建立市域产教联合体。由市教育局牵头，组建联合体。"
    assert chunks["一（一）"].context == "关于第524号提案的答复 一、关于拓宽渠道的建议"
    assert chunks["一（一）"].passage.startswith("关于第524号提案的答复 一、关于拓宽渠道的建议：（一）")
    assert chunks["标题"].context == ""


def test_a_long_clause_is_split_between_sentences() -> None:
    sentence = "由市教育局牵头，市人社局配合，抓好各项工作的落实。"
    document = parsed(f"关于某事的通知\n各单位：\n（一）抓落实。{sentence * 12}\n（二）其他。做好。")
    pieces = [c for c in chunks_of(document, limit=100) if c.path == "（一）"]
    assert len(pieces) > 2
    assert all(len(c.text) <= 100 and c.text.endswith("。") for c in pieces)
    assert "（一）抓落实" in pieces[1].context
    assert "（一）抓落实" not in pieces[0].context


def test_a_sentence_beyond_the_limit_is_split_at_its_clauses() -> None:
    document = parsed("关于某事的通知\n各单位：\n" + "市教育局、市科技局、市工信局负责，" * 20 + "全部完成。")
    pieces = [c.text for c in chunks_of(document, limit=60) if c.path == "第1段"]
    assert all(len(p) <= 60 for p in pieces)
    assert all(p.endswith(("，", "。")) for p in pieces)


def test_a_context_stays_short() -> None:
    title = "关于" + "加强某项工作" * 15 + "的通知"
    document = parsed(
        f"{title}\n各单位：\n一、{'推进重点任务落实' * 4}\n（一）{'健全机制' * 6}\n1.做好甲事。\n2.做好乙事。"
    )
    assert all(len(c.context) <= 130 for c in chunks_of(document))
    assert all(c.context.startswith("关于加强") for c in chunks_of(document) if c.path == "一（一）1")


@settings(max_examples=80, deadline=None)
@given(st.text(alphabet="国家，。；、一1（）\n ", max_size=300), st.integers(min_value=5, max_value=60))
def test_every_character_is_in_exactly_one_chunk(text: str, limit: int) -> None:
    document = parsed("题目\n" + text)
    chunks = chunks_of(document, limit)
    assert "".join("".join(c.text.split()) for c in chunks) == "".join(document.text.split())
    assert all(len(c.text) <= limit for c in chunks)
    assert len({c.id for c in chunks}) == len(chunks)
