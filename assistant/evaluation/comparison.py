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
class Run:
    """An earlier run: which questions it got right, and losses that were accepted, each with its reason."""

    right: Mapping[str, bool]
    accepted: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Ids of the questions that both runs asked, by what became of them, and those that only one asked.

    ``accepted`` are those lost or left out that the earlier run's file lists with a reason.
    """

    common: int
    right_before: int
    right_now: int
    newly_right: tuple[str, ...]
    newly_wrong: tuple[str, ...]
    added: tuple[str, ...]
    left_out: tuple[str, ...]
    accepted: tuple[str, ...] = ()

    @property
    def worse(self) -> bool:
        """Whether a question that was right is lost, or one was left out, and nobody has said why.

        So no category can fall either: gains elsewhere do not make up for a loss.
        """
        return bool((set(self.newly_wrong) | set(self.left_out)) - set(self.accepted))

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "worse": self.worse}


def read_run(path: Path) -> Run:
    """An earlier run, as ``assistant eval --json`` or ``--keep`` wrote it.

    Raises :class:`~assistant.errors.BadRequest` where the file is no such run.
    """
    advice = "请给出 assistant eval --json 或 --keep 输出的文件。"
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        right, accepted = data["right"], data.get("accepted", {})
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadRequest(f"读不了对照的结果 {path}：{error}", advice) from error
    if not _maps(right, bool) or not _maps(accepted, str):
        raise BadRequest(f"{path} 不是检验结果。", advice)
    return Run(right, accepted)


def keep_run(path: Path, now: Report) -> None:
    """Write what a later run is compared with: right or wrong by id, and what the file already accepts."""
    accepted = read_run(path).accepted if path.exists() else {}
    kept = {"right": {g.case.id: g.right for g in now.grades}, "accepted": dict(accepted)}
    path.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def compared(before: Run, now: Report) -> Comparison:
    """The present run beside an earlier one."""
    was = before.right
    present = {grade.case.id: grade.right for grade in now.grades}
    common = [case for case in present if case in was]
    newly_wrong = tuple(case for case in common if was[case] and not present[case])
    left_out = tuple(case for case in was if case not in present)
    return Comparison(
        common=len(common),
        right_before=sum(was[case] for case in common),
        right_now=sum(present[case] for case in common),
        newly_right=tuple(case for case in common if present[case] and not was[case]),
        newly_wrong=newly_wrong,
        added=tuple(case for case in present if case not in was),
        left_out=left_out,
        accepted=tuple(case for case in (*newly_wrong, *left_out) if case in before.accepted),
    )


def _maps(value: object, kind: type) -> bool:
    return isinstance(value, dict) and all(isinstance(v, kind) for v in value.values())
