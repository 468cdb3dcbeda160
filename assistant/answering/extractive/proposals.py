"""Proposals and their replies over time: each ask with what answers it, one ask by its place, the handling limit."""

from __future__ import annotations

import re

from assistant.answering.retrieval.reading import Reading
from assistant.answering.statements import NOT_STATED, Composition, Quote, Statement, name_of, shortened
from assistant.domain.dialogue import Completeness, Verdict
from assistant.domain.language.numerals import parse_numeral
from assistant.domain.ledger.handling import OUTCOMES as HANDLED
from assistant.domain.ledger.handling import Handling
from assistant.domain.overtime.asks import OUTCOMES as ASKED
from assistant.domain.overtime.asks import Answered

_EACH_ASK = re.compile("(?:每一?条|每一?项|逐条|逐项|各条|各项|一条一条|分别)")
_NTH_ASK = re.compile(
    "第([一二三四五六七八九十0-9]{1,3})[条项个点](?:建议|诉求|要求|提案|意见)?[^。？]{0,12}(?:答复|回复|回应|采纳|同意|答的|答了)"
    "|(?:答复|回复|回应)[^。？]{0,12}第([一二三四五六七八九十0-9]{1,3})[条项个点](?:建议|诉求|要求)"
)
_HANDLING = re.compile(
    "办复(?:时限|期限|日期|时间)?|(?:答复|回复|办理)(?:时限|期限)|(?:应|该|须|要)(?:在|于)?(?:何时|什么时候|几时|哪天|多久)[^，。？]{0,6}(?:答复|回复|办结)"
    "|(?:按期|按时|超期|逾期|及时)[^，。？]{0,4}(?:答复|办复|回复)|(?:答复|办复|回复)[^，。？]{0,6}(?:超期|逾期|按期|按时|超时)"
)
_REFUSED = re.compile(
    "(?:没有?|未|不)(?:被|予|得到|获得?)*(?:采纳|同意|接受|答应|批准)(?:的)?(?:建议)?(?:[^，。？]{0,4}(?:哪|什么|啥|几))?|拒绝"
)
_TAKEN = re.compile(
    "(?:采纳|同意|接受|答应)了?(?:的)?(?:[^，。？]{0,4})(?:哪|什么|啥|几)|(?:哪|几)[几些]?条[^，。？]{0,6}(?:采纳|同意)"
)
_WHICH = re.compile("哪|什么|啥|几[条项个]")
_ASKED = re.compile("建议|诉求|要求|提案")


def proposals(reading: Reading) -> Composition | None:
    """The answer to a question for asks with their answers, or for the handling limit; None for any other."""
    text = reading.question.text
    if _HANDLING.search(text) and _ASKED.search(text) and (told := _handling(reading)):
        return told
    if (nth := _NTH_ASK.search(text)) and (told := _nth_ask(reading, parse_numeral(nth.group(1) or nth.group(2)) or 0)):
        return told
    if _EACH_ASK.search(text) and _ASKED.search(text) and (told := _each_ask(reading)):
        return told
    if _WHICH.search(text) and _ASKED.search(text):
        if _REFUSED.search(text) and (told := _by_outcome(reading, ("declined",), "未采纳或暂不具备条件")):
            return told
        taken = _TAKEN.search(text) and not _REFUSED.search(text)
        if taken and (told := _by_outcome(reading, ("committed", "spoken_of"), "有承诺或有回应")):
            return told
    return None


def _by_outcome(reading: Reading, wanted: tuple[str, ...], named: str) -> Composition | None:
    """The asks of the one proposal in reach that its replies answer so, counted; what is silent is told apart."""
    found = reading.books.asks(reading.scope.ids or ())
    if len(found) != 1 or not found[0].replies:
        return None
    proposal = found[0]
    of = f"{name_of(proposal.proposal)}共 {len(proposal.asks)} 条建议"
    chosen = [(n, said) for n, said in enumerate(proposal.asks, start=1) if said.outcome in wanted]
    silent = sum(said.outcome == "silent" for said in proposal.asks)
    beside = f"；另有 {silent} 条未见回应（没有回应不等于不采纳）" if silent else ""
    if not chosen:
        return None
    statements = [Statement(f"{of}，答复中{named}的 {len(chosen)} 条{beside}：")]
    for n, said in chosen:
        statements += _one_ask(n, said)
    return Composition(Verdict.ANSWERED, tuple(statements), Completeness(len(chosen), len(chosen)))


def _each_ask(reading: Reading) -> Composition | None:
    """Each ask of the proposals in reach with what the replies say to it."""
    found = reading.books.asks(reading.scope.ids or ())
    if len(found) != 1 or not found[0].asks:
        return None
    proposal = found[0]
    named = "、".join(name_of(r) for r in proposal.replies)
    head = f"{name_of(proposal.proposal)}共 {len(proposal.asks)} 条建议" + (
        f"，对照{named}：" if named else "，库中没有答复："
    )
    statements = [Statement(head)]
    for n, said in enumerate(proposal.asks, start=1):
        statements += _one_ask(n, said)
    counts = {o: sum(a.outcome == o for a in proposal.asks) for o in ASKED}
    told = "，".join(f"{ASKED[o]} {count} 条" for o, count in counts.items() if count)
    note = "；没有回应不等于不采纳" if counts["silent"] else ""
    statements.append(Statement(f"共 {len(proposal.asks)} 条，全部列出：{told}{note}。"))
    return Composition(Verdict.ANSWERED, tuple(statements), Completeness(len(proposal.asks), len(proposal.asks)))


def _nth_ask(reading: Reading, n: int) -> Composition | None:
    """One ask by its place in the one proposal in reach, with what the replies say to it."""
    found = reading.books.asks(reading.scope.ids or ()) or reading.books.asks(d.id for d in reading.documents)
    if len(found) != 1 or not 0 < n <= len(found[0].asks):
        return None
    said = found[0].asks[n - 1]
    verdict = Verdict.ANSWERED if said.places else Verdict.NOT_STATED
    return Composition(verdict, tuple(_one_ask(n, said)))


def _one_ask(n: int, said: Answered) -> list[Statement]:
    ask = Statement(f"{n}. {shortened(said.ask.words)}", (Quote(said.ask.proposal, said.ask.span),))
    mark = f"〔{ASKED[said.outcome]}〕"
    if not said.places:
        return [ask, Statement(f"　答复：{mark}")]
    return [ask, *(Statement(f"　答复{mark}：“{shortened(p.quote)}”", (Quote(p.reply, p.span),)) for p in said.places)]


def _handling(reading: Reading) -> Composition | None:
    """By when the proposals in reach must be answered; 无法计算 with what is missing."""
    found = reading.books.handling(reading.scope.ids or ())
    if not found:
        return None
    statements = [s for h in found for s in _handled(h)]
    known = any(h.due for h in found)
    return Composition(Verdict.ANSWERED if known else Verdict.NOT_STATED, tuple(statements))


def _handled(handling: Handling) -> list[Statement]:
    document = handling.proposal or handling.replies[0]
    start = handling.start
    quotes = (Quote(start.document, start.span),) if start else ()
    if handling.due is None:
        missing = "；".join(handling.missing)
        known = [Statement(f"文件载明的日期：“{d.quote}”。", (Quote(d.document, d.span),)) for d in handling.known]
        return [Statement(f"{name_of(document)}的办复时限无法计算，缺：{missing}（{NOT_STATED}）。"), *known]
    lines = [Statement(f"{name_of(document)}：{handling.formula}。", quotes)]
    if handling.rule:
        lines.append(Statement(f"规则：{handling.rule.told()}。"))
    replied = f"答复日期{handling.replied_on.isoformat()}，" if handling.replied_on else ""
    lines.append(
        Statement(
            f"{replied}{HANDLED[handling.outcome]}{'：' + '；'.join(handling.missing) if handling.missing else ''}。"
        )
    )
    return lines
