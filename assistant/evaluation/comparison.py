"""Two runs side by side: which answers became right or wrong, and whether the later run may stand."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from assistant.errors import BadRequest
from assistant.evaluation.report import Report


@dataclass(frozen=True, slots=True)
class Comparison:
    """Ids of the questions that both runs asked, by what became of them, and those that only one asked."""

    common: int
    right_before: int
    right_now: int
    newly_right: tuple[str, ...]
    newly_wrong: tuple[str, ...]
    added: tuple[str, ...]
    left_out: tuple[str, ...]

    @property
    def worse(self) -> bool:
        """Whether fewer of the common questions are right, or questions were left out."""
        return self.right_now < self.right_before or bool(self.left_out)

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "worse": self.worse}


def read_run(path: Path) -> dict[str, bool]:
    """Which questions an earlier run (``assistant eval --json``) got right, by id.

    Raises :class:`~assistant.errors.BadRequest` where the file is no such run.
    """
    advice = "请给出 assistant eval --json 输出的文件。"
    try:
        right = json.loads(path.read_text(encoding="utf-8"))["right"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadRequest(f"读不了对照的结果 {path}：{error}", advice) from error
    if not isinstance(right, dict) or not all(isinstance(value, bool) for value in right.values()):
        raise BadRequest(f"{path} 不是检验结果。", advice)
    return right


def compared(before: Mapping[str, bool], now: Report) -> Comparison:
    """The present run beside an earlier one."""
    present = {grade.case.id: grade.right for grade in now.grades}
    common = [case for case in present if case in before]
    return Comparison(
        common=len(common),
        right_before=sum(before[case] for case in common),
        right_now=sum(present[case] for case in common),
        newly_right=tuple(case for case in common if present[case] and not before[case]),
        newly_wrong=tuple(case for case in common if before[case] and not present[case]),
        added=tuple(case for case in present if case not in before),
        left_out=tuple(case for case in before if case not in present),
    )
