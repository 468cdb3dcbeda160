"""Ask the cases one after the other, each as a conversation of its own, and grade the last answers."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterable

from assistant.domain.access import LOCAL
from assistant.domain.dialogue import Answer, Done, Failed, Turn
from assistant.errors import AssistantError
from assistant.evaluation.case import Case, Grade
from assistant.evaluation.grading import failed, grade
from assistant.ports import Asker, Indexes


async def graded(cases: Iterable[Case], asker: Asker, indexes: Indexes) -> AsyncIterator[Grade]:
    """Grades in the order of the cases. A question that fails is a wrong answer, never the end of the run."""
    for case in cases:
        begun = time.perf_counter()
        try:
            answer = await _last_answer(case, asker)
        except Exception as error:  # a defect on one question must not hide the figures of all others
            message = str(error) if isinstance(error, AssistantError) else f"{type(error).__name__}: {error}"
            yield failed(case, message, time.perf_counter() - begun)
            continue
        seconds = time.perf_counter() - begun
        texts = _texts({citation.document_id for citation in answer.citations}, indexes)
        yield grade(case, answer, texts.get, seconds)


async def _last_answer(case: Case, asker: Asker) -> Answer:
    # The history is brought along, so that nothing of an evaluation is kept among people's conversations.
    history: list[Turn] = []
    answer: Answer | None = None
    for question in case.turns:
        answer = None
        async for event in asker.ask(question, reader=LOCAL, history=history):
            match event:
                case Done():
                    answer = event.answer
                    history.append(Turn.of(answer))
                case Failed():
                    raise AssistantError(event.message)
        if answer is None:
            raise AssistantError("回答中断，没有收到结果。")
    assert answer is not None  # a case has at least one turn
    return answer


def _texts(document_ids: set[str], indexes: Indexes) -> dict[str, str]:
    with indexes.lease() as index:
        found = ((document_id, index.document(document_id)) for document_id in document_ids)
        return {document_id: document.text for document_id, document in found if document is not None}
