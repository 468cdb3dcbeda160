"""How a row of the ledger is told: its units with their roles, its signs, the sentence that it stands in."""

from __future__ import annotations

import re

from assistant.answering.retrieval.books import Row
from assistant.answering.statements import (
    INFERRED_UNIT,
    INFERRED_YEAR,
    REVIEWED,
    SIGNS,
    Quote,
    Statement,
    shortened,
    trimmed,
)
from assistant.domain.policy import Clause, Document, Span

# Headings of parts that every plan has: they say what kind of part it is and name no matter.
_SECTION = re.compile(
    "^(?:加强|强化|健全|完善|明确|落实|做好|严格|抓好)?(?:组织(?:领导|保障|实施)|(?:经费|资金|政策|制度|人员|要素)?保障(?:措施)?|"
    "宣传(?:推广|引导|发动)|(?:监督|督导|督促)?(?:检查|考核|评估|落实)+|(?:职责|责任|任务)分工|工作要求|时间安排|"
    "(?:牵头|责任|配合|承办)(?:单位|部门)|[^，。]{2,12}的(?:任务|关系|事项))$"
)
_SAID = 0.42  # share of a heading's pairs of characters from which its sentence names the matter itself


def told(row: Row) -> Statement:
    """Who, how far, and the sentence; under its heading where that says what the sentence leaves out."""
    quote, heading = row.quote, heading_of(row.document, row.clause)
    over = row.clause.heading if heading and _names_more(row.clause.heading, quote.text) else ""
    quotes = [quote, *([heading] if over and heading else [])]
    said = parties(row)
    if row.inherited and row.entry.above is not None:
        above = row.entry.above
        quotes.append(Quote(row.document, trimmed(row.document, Span(above.start, above.end))))
        if row.helps:
            acting = "、".join(row.entry.commitment.cooperating_units) or "上级条目的单位"
            said = f"配合{'、'.join(row.entry.helps)}（主体按“{above.path}”部分的{acting}推定{INFERRED_UNIT}）"
        else:
            said += f"（按“{above.path}”部分推定{INFERRED_UNIT}）"
    text = f"{over}{'：' if over else ''}{said}{sign(row)}：“{shortened(quote.text)}”"
    return Statement(text, tuple(dict.fromkeys(quotes)), row.entry)


def _names_more(heading: str, text: str) -> bool:
    """Whether a heading names a matter that the sentence under it leaves out (建设实训中心: 由甲牵头，年底前建成)."""
    if heading in text or _SECTION.search(heading):
        return False
    pairs = {heading[i : i + 2] for i in range(len(heading) - 1)}
    return sum(pair in text for pair in pairs) < _SAID * len(pairs)


def told_with_limit(row: Row) -> Statement:
    """The same with its time limit in front: as written, and the day that it ends on."""
    statement = told(row)
    return Statement(f"{limit_said(row)}，{statement.text}", statement.quotes, row.entry)


def limit_said(row: Row) -> str:
    """A row's time limit as written, with the last day that it means; 推断 where its year is not written."""
    limit, due = row.entry.commitment.deadline, row.entry.due
    if row.entry.reviewed and "due" in row.entry.reviewed.fields:
        return f"时限{due.isoformat() if due else '无'}（原文：{limit.as_written or '未写'}）"
    if limit.as_written is None:
        return "未写时限" if due is None else f"时限{due.isoformat()}"
    if due is None or (limit.kind == "fixed" and not row.entry.due_inferred):
        return f"时限{limit.as_written}"
    return f"时限{limit.as_written}（到期日{due.isoformat()}{INFERRED_YEAR if row.entry.due_inferred else ''}）"


def sign(row: Row) -> str:
    """〔拟〕, 〔进行中〕 or 〔已完成〕, and behind it what a person has said of the row: 〔已核对〕, 〔已更正〕."""
    commitment = row.entry.commitment
    return SIGNS[commitment.status.state] + (REVIEWED[commitment.review] if commitment.review else "")


def parties(row: Row) -> str:
    """The units of a row with their roles, as the document calls them; 我局 with who that is."""
    known = dict(row.entry.meant)
    commitment = row.entry.commitment

    def called(name: str) -> str:
        return f"{name}（即{known[name]}）" if name in known else name

    if row.helps:
        said = f"配合{'、'.join(row.entry.helps)}"
        return f"{'、'.join(map(called, commitment.cooperating_units))}{said}"
    role = "负责" if commitment.role == "责任" else commitment.role
    said = f"{'、'.join(map(called, commitment.lead_units))}{role}"
    helping = "、".join(map(called, commitment.cooperating_units))
    return said + (f"，{helping}配合" if helping else "")


def heading_of(document: Document, clause: Clause) -> Quote | None:
    """The heading of a clause with its marker, as it stands; None where the clause has none, or only repeats an ask."""
    if not clause.heading or clause.heading.startswith("关于"):
        return None
    start = document.text.find(clause.heading, clause.span.start, clause.span.end)
    if start < 0:
        return None
    return Quote(document, trimmed(document, Span(clause.span.start, start + len(clause.heading))))
