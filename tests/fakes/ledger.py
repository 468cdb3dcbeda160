"""Three documents with commitments of every kind that a list tells apart, and the ledger over such, in memory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from assistant.domain.access import Clearance
from assistant.domain.ledger.commitments import Entry, entries_of
from assistant.domain.ledger.reviews import Decision, Pending, Review, decided
from assistant.domain.ledger.selection import Filters, Page, Selection
from assistant.domain.ledger.standing import standing
from assistant.domain.policy import Document
from assistant.errors import BadRequest, Conflict, NotFound
from assistant.ports import Index
from tests.fakes.shelf import document

PLAN = document(
    "河道整治方案",
    ("文号", "", 0, "吉市水发〔2024〕3号"),
    ("一", "一、", 1, "一、清淤。由市水务局牵头，市财政局配合，2024年6月底前完成清淤。"),
    ("二", "二、", 1, "二、绿化。拟由市林业局牵头栽植岸线，2099年底前完成。"),
    ("三", "三、", 1, "三、巡查。由我局负责组织巡查，每年4月底前进行。"),
    ("落款", "", 0, "市水务局 2024-03-01"),
    source="方案/河道.md",
    fields={"number": "吉市水发〔2024〕3号", "issuer": "市水务局", "issued_on": "2024-03-01"},
    page_after="完成清淤。",
)
REPORT = document(
    "河道整治进展",
    ("一", "一、", 1, "一、示范段。由吉林市水务局牵头的示范段已完成验收。"),
    ("二", "二、", 1, "二、资金。由市财政局牵头筹措资金，9月底前到位。"),
    ("落款", "", 0, "2024-08-01"),
    source="进展.txt",
    fields={"issued_on": "2024-08-01"},
)
ASK = document("关于河道的提案", ("一", "一、", 1, "一、建议由市交通局牵头修建码头。"), kind="提案")


@dataclass
class MemoryLedger:
    """:class:`assistant.ports.Ledger` over documents in memory, which everybody sees."""

    documents: Iterable[Document] = (PLAN, REPORT, ASK)
    read: Selection = field(init=False)
    said: list[Review] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.read = Selection.of(entry for d in self.documents for entry in entries_of(d))

    def seen_by(self, clearance: Clearance) -> MemoryLedger:
        return self

    def commitments(self, filters: Filters, *, limit: int | None = None, offset: int = 0) -> Page:
        return self._shown().page(filters, limit=limit, offset=offset)

    def commitment(self, commitment_id: str) -> Entry | None:
        return self._shown().entry(commitment_id)

    def candidates(self) -> Sequence[Entry]:
        return ()

    def review(self, commitment_id: str, decision: Decision) -> Review:
        if unfit := decision.unfit():
            raise BadRequest("核对内容有误", unfit.reason, "invalid_field", unfit.field)
        entry = self.commitment(commitment_id)
        if entry is None:
            raise NotFound("没有这项责任", "请重新查找", "commitment_not_found", "commitment_id")
        if decision.version not in (None, entry.version):
            raise Conflict("这一项在您读取之后已有变化", "请刷新后对照最新内容再提交", param="version")
        review = decided(entry, decision, datetime(2024, 12, 1, tzinfo=UTC), entry.quote)
        self.said.append(replace(review, number=len(self.said) + 1))
        return self.said[-1]

    def reviews(self, commitment_id: str) -> Sequence[Review]:
        return [r for r in self.said if r.commitment_id == commitment_id]

    def pending(self) -> Sequence[Pending]:
        return standing(self.read.entries, self.said).pending

    def _shown(self) -> Selection:
        found = standing(self.read.entries, self.said)
        return self.read.replacing([found.on(e) for e in self.read.entries if e.id in found.touched])

    def chosen(self, index: Index, filters: Filters) -> Sequence[Entry]:
        return self._shown().chosen(filters)
