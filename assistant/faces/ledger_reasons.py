"""Why a row of the ledger says what it says: clause, rule, how units and limit were read, what a person made of it."""

from __future__ import annotations

from assistant.domain.ledger.commitments import Entry
from assistant.domain.ledger.reviews import as_read, as_shown
from assistant.domain.policy import Document
from assistant.faces.ledger_forms import KIND_NAMES, REVIEW_NAMES, RULE_NAMES, STATE_NAMES, moment, values_text


def reasons(entry: Entry, document: Document | None) -> list[tuple[str, str]]:
    """Names and texts, in the order of reading."""
    c, read = entry.commitment, as_read(entry)
    original = entry.reviewed.said if entry.reviewed and entry.reviewed.said else c
    clause = next((x for x in document.clauses if x.id == entry.clause_id), None) if document else None
    page = f" · 第{entry.page}页" if entry.page else ""
    state, cue = STATE_NAMES[original.status.state], original.status.cue
    lines = [
        ("文件", f"《{entry.title}》{entry.number or ''} · {entry.path}{page}"),
        ("条款原文", clause.span.of(document.text).strip() if document and clause else entry.quote),
        ("取自", entry.quote),
        ("规则", f"{RULE_NAMES.get(entry.rule, entry.rule)}（{entry.rule}，见 docs/phrasings.md）"),
        *([("读到的词句", entry.cue)] if entry.cue else []),
        ("角色", original.role + ("；单位由上级条目推定" if c.basis == "inherited" else "；本条写明")),
        *([("推定依据", f"{entry.above.path}：{entry.above.quote}")] if entry.above else []),
        ("牵头单位", "、".join(original.lead_units) or "—"),
        ("配合单位", "、".join(original.cooperating_units) or "—"),
        *([("配合对象", "、".join(entry.helps))] if entry.helps else []),
        *(("单位解读", f"“{written}”即{known}") for written, known in entry.meant),
        ("时限", f"{original.deadline.as_written or '—'}（{KIND_NAMES[original.deadline.kind]}）"),
        (
            "到期日",
            (read.due or "—") + (f"（{entry.due_note}）" if entry.due_note and entry.due_on == read.due else ""),
        ),
        ("进展", f"〔{state}〕" + (f"依据“{cue}”" if cue else "原文没有进展用语")),
    ]
    for event in entry.events:
        inferred = "〔推断〕" if event.inferred else ""
        lines.append(("事件", f"{event.as_written}（{event.date or '年份不明'}{inferred}）"))
    return [*lines, *_review(entry)]


def _review(entry: Entry) -> list[tuple[str, str]]:
    said = entry.reviewed
    if said is None:
        return []
    why = f"，{said.why}" if said.why else ""
    lines = [("核对", f"〔{REVIEW_NAMES[said.state]}〕{said.by} {moment(said.at)}{why}")]
    if said.fields:
        shown = as_shown(entry).to_json()
        lines.append(("更正为", values_text({name: shown[name] for name in said.fields})))
    return lines
