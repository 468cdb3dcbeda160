"""Which documents a question is about."""

from __future__ import annotations

import pytest

from assistant.answering.retrieval.scope import resolve
from assistant.answering.understanding.question import understand
from assistant.ports import DocumentInfo

HELD = [
    DocumentInfo("d1", "实训基地管理办法", None, "办法", "办法.md", {}),
    DocumentInfo("d2", "关于职业教育工作的答复", "市教议〔2024〕3号", "答复", "答复.md", {}),
]


@pytest.mark.parametrize(
    ("question", "absent"),
    [
        ("职业教育法第六条怎么规定？", "《职业教育法》"),
        ("按照公共场所卫生条例第三条，谁来检查？", "《公共场所卫生条例》"),
        ("《校外培训管理办法》第二条写了什么", "《校外培训管理办法》"),
    ],
)
def test_an_article_of_a_text_that_is_not_held_is_not_looked_for_elsewhere(question: str, absent: str) -> None:
    scope = resolve(understand(question), HELD)
    assert (scope.documents, scope.missing) == (None, (absent,))


@pytest.mark.parametrize(
    "question",
    ["实训基地管理办法第六条怎么规定？", "《实训基地管理办法》第六条", "第六条怎么规定？", "职业教育工作由谁负责？"],
)
def test_what_is_held_or_not_named_is_not_missing(question: str) -> None:
    assert resolve(understand(question), HELD).missing == ()
