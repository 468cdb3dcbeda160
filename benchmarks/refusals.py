"""Where a form of question needs a fitting sentence: how much is known to be unstated, and how much refused wrongly.

    ASSISTANT_DATA_DIR=… python -m benchmarks.refusals [QUESTIONS.jsonl]

The library has to hold the documents that the questions are of (``ingest run`` for the sample questions). Each bar of
:data:`assistant.answering.extractive.absence.FITS` is tried, and last no need at all; the verdicts of single questions
count. A question is unanswerable where its row allows no ``answered``, answerable where it does not allow
``not_stated``; those that allow both are left out.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from unittest import mock

from assistant.answering.extractive import absence, forms, passages
from assistant.bootstrap import Service, open_service
from assistant.domain.access import LOCAL
from assistant.domain.dialogue import Done, Verdict
from assistant.evaluation.case import Case
from assistant.evaluation.cases import read_cases

QUESTIONS = Path(__file__).resolve().parent.parent / "tests" / "eval" / "questions.jsonl"
BARS = (0.1, 0.2, 0.3, 0.4, 0.5)
_SILENT = {Verdict.NOT_STATED, Verdict.OUT_OF_SCOPE, Verdict.REFUSED}


async def _verdict(service: Service, question: str) -> Verdict | None:
    async for event in service.asker.ask(question, reader=LOCAL, history=[]):
        if isinstance(event, Done):
            return event.answer.verdict
    return None


async def measured(service: Service, cases: Iterable[Case]) -> tuple[float, float]:
    """Shares of unanswerable questions known as such (silent or partial), and of answerable ones refused."""
    known: list[bool] = []
    refused: list[bool] = []
    for case in cases:
        verdict = await _verdict(service, case.turns[0])
        if "answered" not in case.verdicts:
            known.append(verdict is not Verdict.ANSWERED)
        elif "not_stated" not in case.verdicts:
            refused.append(verdict in _SILENT)
    return sum(known) / max(1, len(known)), sum(refused) / max(1, len(refused))


def _told(bar: str, shares: tuple[float, float]) -> str:
    known, refused = (100 * share for share in shares)
    return f"{bar:5} {known:5.1f}%  {refused:5.1f}%"


def main(path: Path) -> None:
    """Print the shares for each bar."""
    cases = [c for c in read_cases(path) if len(c.turns) == 1 and c.verdicts]
    service = open_service()
    print("bar    known  refused wrongly")
    for bar in BARS:
        with mock.patch.object(absence, "FITS", bar):
            print(_told(str(bar), asyncio.run(measured(service, cases))))
    with mock.patch.object(passages, "form_of", _not_needed):
        print(_told("none", asyncio.run(measured(service, cases))))
    service.close()


def _not_needed(text: str, words: str) -> forms.Form | None:
    form = forms.form_of(text, words)
    return replace(form, needed=False) if form else None


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else QUESTIONS)
