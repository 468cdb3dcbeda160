"""The clause tree: a document's parts as clauses whose own spans tile the canonical text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from assistant.domain.policy import Clause, ClauseKind, Span, part_id
from ingest.structure import roles
from ingest.structure.canonical import Canonical
from ingest.structure.clause_builder import PartBuilder
from ingest.structure.drafts import Draft
from ingest.structure.parts import Part


def clauses_of(text: Canonical, parts: Sequence[Part], document_id: str) -> tuple[Clause, ...]:
    """The clauses in text order. Own spans tile the text but for white space; paths are unique in the document."""
    drafts: list[Draft] = []
    if text.metadata:
        # What stands on every page of a Word file is no information of a web page.
        running = all(label in ("页眉", "页脚") for label, _, _ in text.metadata)
        mailed = any(label in ("邮件主题", "发件人") for label, _, _ in text.metadata)
        name = "页眉页脚" if running else "邮件信息" if mailed else "网页信息"
        drafts.append(Draft(text.metadata[0][1].start, name, "", name, 0, ClauseKind.META, None))
    attached = "附件说明" if any(p.label for p in parts) else "附件"
    for part, prefix in zip(parts, part_names(parts), strict=True):
        PartBuilder(drafts, part, prefix, attached).build()
    return _finished(drafts, text.text, document_id)


def part_names(parts: Sequence[Part]) -> list[str]:
    """What the paths of each part begin with: nothing for the main document, 附件1, or 附《方案》 by its title.

    Several of one kind are counted: 附1《规定》, 附2《规定》.
    """
    shorts = [("附文" if not p.title else f"附《{_short(p.title)}》") for p in parts]
    totals = Counter(short for short, part in zip(shorts[1:], parts[1:], strict=True) if not part.label)
    counts: Counter[str] = Counter()
    names = [""] if parts else []
    for part, short in zip(parts[1:], shorts[1:], strict=True):
        counts[short] += not part.label
        numbered = f"附{counts[short]}{short[1:]}" if totals[short] > 1 else short
        names.append(part.label or numbered)
    return names


def _short(title: str) -> str:
    """方案 for a long title that ends with a word for its kind."""
    title = re.sub(r"\s", "", title).strip("《》")
    if len(title) <= 12:
        return title
    return next((word for word, _ in roles.TITLE_ENDS if title.endswith(word) and len(word) > 1), title)


def _end(text: str, end: int) -> int:
    while end and text[end - 1].isspace():
        end -= 1
    return end


def _finished(drafts: Sequence[Draft], text: str, document_id: str) -> tuple[Clause, ...]:
    starts = [d.start for d in drafts]
    ends = [_end(text, end) for end in (*starts[1:], len(text))]
    spans = [Span(start, end) for start, end in zip(starts, ends, strict=True)]
    ids = [part_id(document_id, "c", span) for span in spans]
    taken: Counter[str] = Counter()
    clauses = []
    for ordinal, (draft, span) in enumerate(zip(drafts, spans, strict=True)):
        taken[draft.path] += 1
        path = draft.path if taken[draft.path] == 1 else f"{draft.path}·{taken[draft.path]}"
        parent = ids[draft.parent] if draft.parent is not None else None
        clauses.append(
            Clause(
                ids[ordinal],
                document_id,
                ordinal,
                parent,
                path,
                draft.label,
                draft.heading,
                draft.level,
                draft.kind,
                span,
            )
        )
    return tuple(clauses)
