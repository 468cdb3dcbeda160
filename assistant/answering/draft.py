"""An answer while it is being made: what is known of it so far, and how that becomes an answer."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass, field

from assistant.answering.statements import Numbering
from assistant.domain.dialogue import Answer, Commitment, Sentence, Table, Verdict

EXTRACTIVE = "extractive"


@dataclass(slots=True, kw_only=True)
class Aside:
    """What reading a question tells beside what it finds: words for the reader, and milliseconds by stage."""

    notices: list[str] = field(default_factory=list)
    timings: dict[str, float] = field(default_factory=dict)

    def took(self, stage: str, since: float) -> None:
        """Add the time since ``since`` to a stage; a question of several parts goes through one more than once."""
        self.timings[stage] = self.timings.get(stage, 0.0) + (time.perf_counter() - since) * 1000


@dataclass(slots=True)
class Draft(Aside):
    """What is known of the answer so far; becomes an :class:`Answer` at the end."""

    conversation_id: str
    question: str
    standalone_question: str
    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    index: str = ""
    model: str = EXTRACTIVE
    numbering: Numbering = field(default_factory=Numbering)
    sentences: list[Sentence] = field(default_factory=list)
    shown: int = 0  # of the sentences, those that have been given out
    withheld: int = 0
    started: float = field(default_factory=time.perf_counter)

    def add(self, aside: Aside) -> None:
        """Take in what reading told; others may be told the same."""
        self.notices += aside.notices
        self.timings |= aside.timings

    def finished(
        self,
        verdict: Verdict,
        commitments: tuple[Commitment, ...] = (),
        completeness: Table | None = None,
        model: str = EXTRACTIVE,
        prompt: str | None = None,
    ) -> Answer:
        """The whole answer; counts the time from when the draft was begun."""
        self.took("total", self.started)
        if doubtful := "".join(f"[{n}]" for n in self.numbering.doubtful):
            self.notices.append(f"{doubtful} 出自扫描件，文字识别把握不大，请对照原件。")
        return Answer(
            id=self.id,
            conversation_id=self.conversation_id,
            question=self.question,
            standalone_question=self.standalone_question,
            answer="".join(s.text for s in self.sentences),
            verdict=verdict,
            citations=tuple(self.numbering.citations),
            commitments=commitments,
            completeness=completeness.completeness if completeness else None,
            model=model,
            prompt=prompt,
            index=self.index,
            timings_ms=self.timings,
            notices=tuple(self.notices),
            withheld=self.withheld,
        )

    def stopped(self) -> Answer:
        """What the reader had seen when they stopped it."""
        self.took("total", self.started)
        shown = self.sentences[: self.shown]
        cited = {n for sentence in shown for n in sentence.citations}
        return Answer(
            id=self.id,
            conversation_id=self.conversation_id,
            question=self.question,
            standalone_question=self.standalone_question,
            answer="".join(s.text for s in shown),
            verdict=Verdict.PARTIAL,
            citations=tuple(c for c in self.numbering.citations if c.n in cited),
            commitments=(),
            completeness=None,
            model=self.model,
            prompt=None,
            index=self.index,
            timings_ms=self.timings,
            notices=("回答被停止，以上是停止前的内容。" if shown else "回答在给出内容之前被停止。",),
            stopped=True,
        )
