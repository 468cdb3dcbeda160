"""Facts that differ by one word of a closed class, by a sibling, or by what stands before and behind something."""

from __future__ import annotations

import pytest

from assistant.answering.checks.verify import verify
from tests.answering.test_verify import evidence

TEXT = (
    "柳园小学已开放操场，松园小学正在修缮围墙，预计秋季开学前完工。护栏每米补助80元，在验收合格后申领。"
    "招标采用公开招标。理事会主任由校长推荐。试用期满后，由教研室决定是否续聘。"
)


@pytest.mark.parametrize(
    ("sentence", "leaves"),
    [
        ("柳园小学的操场已开放。", True),
        ("松园小学已开放操场。", False),  # another school's
        ("松园小学的围墙预计秋季开学前完工。", True),
        ("松园小学的围墙预计春季开学前完工。", False),
        ("护栏的补助在验收合格后申领。", True),
        ("护栏的补助在验收合格前申领。", False),
        ("招标采用邀请招标。", False),
        ("理事会副主任由校长推荐。", False),
        ("试用期满后自动续聘。", False),  # it is yet to be decided
        ("试用期满后，是否续聘由教研室决定。", True),
    ],
)
def test_one_word_makes_another_fact(sentence: str, leaves: bool) -> None:
    check = verify(sentence, [evidence(TEXT)])
    assert check.ok is leaves, check.reasons


def test_counts_of_two_statements_may_be_told_in_one() -> None:
    cited = [evidence("新建书屋2个，6月底前开放；配备管理员5名。")]
    assert verify("新建书屋2个、配备管理员5名。", cited).ok
    assert not verify("新建书屋5个、配备管理员2名。", cited).ok
    assert not verify("已新建书屋2个。", cited).ok
