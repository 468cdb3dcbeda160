"""What the documents say over time, as one value: histories, conflicts, and how to find a thing by what it is called.

For questions such as 现在由谁牵头, 换过牵头单位吗, 什么时候延期的: take :meth:`Overview.find` with the words that the
question calls the thing by, then :meth:`~assistant.domain.overtime.history.History.current` for what holds now and the
steps for what it replaced. Every step has its document, path and exact quote. Several current steps are a conflict:
show all of them with the reason. For 对第524号提案的每条建议是怎么答复的 see
:func:`assistant.domain.overtime.asks.answered`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from assistant.domain.holdings import Link
from assistant.domain.language.text import fold
from assistant.domain.ledger.commitments import Entry
from assistant.domain.overtime.asks import Answered
from assistant.domain.overtime.conflicts import Conflict, conflicts_of
from assistant.domain.overtime.history import History, find_histories, histories
from assistant.domain.overtime.mentions import Mention, Told
from assistant.domain.policy import Document


@dataclass(frozen=True)
class Overview:
    """The histories of a generation's documents. ``index`` names the generation; nothing in it ever changes."""

    index: str
    histories: tuple[History, ...]

    @classmethod
    def of(cls, index: str, told: Sequence[Told], links: Iterable[Link] = ()) -> Overview:
        """Group and order what the documents say."""
        return cls(index, histories(told, links))

    @cached_property
    def conflicts(self) -> tuple[Conflict, ...]:
        """Everything that contradicts, open ones first."""
        return conflicts_of(self.histories)

    def find(self, name: str) -> tuple[History, ...]:
        """The histories of what a reader calls ``name``; several where the name may mean several things."""
        return find_histories(name, self.histories)

    def changed(self) -> tuple[History, ...]:
        """Those over several documents, or with anything replaced, moved or in dispute."""
        return tuple(h for h in self.histories if h.documents > 1 or h.changed)


@dataclass(frozen=True, slots=True)
class ProposalAsks:
    """A proposal with each of its asks and what its replies say to it."""

    proposal: Document
    replies: tuple[Document, ...]
    asks: tuple[Answered, ...]


def as_reviewed(told: Iterable[Told], entries: Iterable[Entry]) -> list[Told]:
    """What documents say, as people have corrected it: rejected commitments say nothing, corrected ones the correction.

    ``entries`` are those of the served ledger, without rejected ones.
    """
    served = {(e.document_id, e.id.split("-")[0]): e for e in entries}
    return [replace(t, mentions=tuple(m for n in t.mentions if (m := _reviewed(t, n, served)))) for t in told]


def _reviewed(told: Told, mention: Mention, served: Mapping[tuple[str, str], Entry]) -> Mention | None:
    if mention.entry_id is None:
        return mention
    entry = served.get((told.document_id, mention.entry_id))
    if entry is None:
        return None
    if entry.reviewed is None or entry.reviewed.state != "corrected":
        return mention
    fields = entry.reviewed.fields
    changed = mention
    if "lead_units" in fields:
        changed = replace(changed, leads=entry.leads_known)
    if "cooperating_units" in fields:
        changed = replace(changed, cooperating=entry.cooperating_known)
    if "due" in fields:
        changed = replace(changed, due_on=entry.due_on, due_inferred=False)
    if "status" in fields:
        changed = replace(changed, state=entry.commitment.status.state)
    return changed


def called(document_names: Iterable[str | None], wanted: str) -> bool:
    """Whether a document goes by ``wanted``: a part of its title, number or file name, or its id."""
    plain = "".join(fold(wanted).split()).strip("《》")
    return any(plain in "".join(fold(name).split()) for name in document_names if name)
