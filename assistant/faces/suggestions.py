"""Questions that the documents answer: for the empty page, and to go on with after an answer.

First what rows of the ledger state: who leads a thing, by when, what a unit leads. Where that is not enough, what a
kind of document states by its nature (a plan names who leads), and headings with text below them. A rule is used once,
and each on a document of its own, so that three suggestions show three uses.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from assistant.domain.dialogue import Commitment
from assistant.domain.ledger.commitments import Entry
from assistant.domain.overtime.asks import REPLYING
from assistant.domain.policy import Clause, Document
from assistant.ports import DocumentInfo

_MOST = 3
_THING = re.compile("[\u4e00-\u9fffA-Za-z0-9“”]{4,18}")
_NO_THING = re.compile(
    "本|该|此|其|上述|以上|各[项地]|有关|尽快|适时|继续|进一步"  # says little, or nothing outside of its clause
    "|^(?:根据|按照?|依据|依照|为了?|对|在|由|以|结合|围绕|会同|负责|商|报|经|将|就|并|及|和|与)"
    "|^(?:加强|强化|激发|完善|落实|做好|抓好|健全|推动|推进|优化).{2,4}$"  # many documents have such a heading
    "|(?:清单|方案|办法|通知|文件)$"  # a document rather
)
_NAMED = re.compile("联合体|平台|基地|中心|目录|细则|机制|项目|工程|试点|专班")  # a thing that readers know by its name
_HEADING = re.compile(r"(?!.*(?:其他|其它|附则|总则|总体要求|存在|问题|意见|信息))[\u4e00-\u9fff]{4,16}")
_LIMIT_LEFT = re.compile("^(?:于|在|到|至|力争|争取|确保)+|^(?:之?前|内|底)+")
_STATED_LIMITS = frozenset(("fixed", "relative", "recurring"))
_FEWEST_LED = 2  # rows from which a list is worth asking for
_LEAST_TEXT = 20  # characters below a heading that are worth asking for
_ASKS = {  # what a question asked for, so that it is not offered again
    "lead": re.compile("牵头|负责|责任|谁"),
    "help": re.compile("配合|参与|协同|会同"),
    "due": re.compile("时限|何时|什么时候|期限|几月|哪天|截止"),
}
_SAME_THING = 0.7  # of a thing's characters in one piece
_LONGEST_TITLE = 40  # a longer one would fill the button
_CITED_NUMBER = re.compile(r"第?(\d+)号?")
_ISSUED_TEXT = re.compile(r"印发《([^《》]+)》")
_FOUNDED = re.compile(r"关于(?:成立|组建|建立|设立)([^《》]{1,60})的(?:通知|批复|决定)")


def _quoted(title: str) -> str:
    """A title in 《》; inside, title marks become single ones (GB/T 15834)."""
    return f"《{title.translate({ord('《'): '〈', ord('》'): '〉'})}》"


def _replied(info: DocumentInfo) -> str | None:
    for number in info.fields.get("proposal_number", ()):
        if info.kind in REPLYING and (match := _CITED_NUMBER.fullmatch(number)):
            return f"第{match[1]}号提案答复了什么？"
    return None


def _proposed(info: DocumentInfo) -> str | None:
    return f"{_quoted(info.title)}提出了哪些建议？" if info.kind == "提案" else None


def _led(info: DocumentInfo) -> str | None:
    if issued := _ISSUED_TEXT.search(info.title):
        return f"《{issued[1]}》由谁牵头？"
    return f"{_quoted(info.title)}由谁牵头？" if info.kind in {"方案", "清单"} else None


def _founded(info: DocumentInfo) -> str | None:
    found = _FOUNDED.search(info.title)
    return f"{found[1].strip()}由哪些单位组成？" if found else None


def _ruled(info: DocumentInfo) -> str | None:
    return f"{_quoted(info.title)}有哪些规定？" if info.kind in {"章程", "法规"} else None


def _agreed(info: DocumentInfo) -> str | None:
    return f"{_quoted(info.title)}议定了哪些事项？" if info.kind == "纪要" else None


def _contact(info: DocumentInfo) -> str | None:
    return f"{_quoted(info.title)}的联系人是谁？" if info.fields.get("contact") else None


def _issued(info: DocumentInfo) -> str | None:
    return f"{_quoted(info.title)}是什么时候印发的？" if info.fields.get("issued_on") else None


_RULES: tuple[Callable[[DocumentInfo], str | None], ...] = (
    _led,
    _replied,
    _founded,
    _proposed,
    _agreed,
    _ruled,
    _contact,
    _issued,
)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question that a row answers: what it asks for, and of which document."""

    kind: str
    text: str
    document_id: str


def suggestions(infos: Sequence[DocumentInfo], entries: Sequence[Entry] = ()) -> list[str]:
    """At most three questions that these documents can answer; the same documents give the same questions."""
    questions: list[str] = []
    used: set[str] = set()
    kinds: set[str] = set()
    if unit := _leads_most(entries):
        questions.append(f"{unit}牵头哪些事项？")
    for asked in _of_rows(sorted(entries, key=lambda e: not _NAMED.search(e.commitment.task))):
        if len(questions) < _MOST and asked.kind not in kinds and asked.document_id not in used:
            questions.append(asked.text)
            used.add(asked.document_id)
            kinds.add(asked.kind)
    for rule in _RULES:
        if len(questions) == _MOST:
            break
        for info in infos:
            if info.id in used or not 0 < len(info.title) <= _LONGEST_TITLE:
                continue
            if question := rule(info):
                questions.append(question)
                used.add(info.id)
                break
    return questions


def follow_ups(
    question: str, cited: Sequence[tuple[Document, int]], entries: Sequence[Entry], every: Sequence[Entry]
) -> list[str]:
    """At most three questions that go on from an answer, each whole in itself.

    ``cited`` are the documents of its citations with the place in each, ``entries`` the rows of these documents and
    ``every`` those of all. What was asked is left out.
    """
    places = {document.id: start for document, start in reversed(cited)}
    near = sorted(entries, key=lambda e: abs(e.start - places.get(e.document_id, 0)))
    found: list[str] = []
    kinds: set[str] = set()
    for asked in _of_rows(near):
        thing = asked.text.partition("由")[0].partition("什么")[0]
        if _named_in(thing, question) and _ASKS[asked.kind].search(question):
            continue
        if asked.kind not in kinds and len(found) < _MOST - 1:
            found.append(asked.text)
            kinds.add(asked.kind)
    led = Counter(name for entry in every for name in set(entry.leads_known))
    named = (name for entry in near for name in entry.leads_known)
    unit = next((name for name in named if led[name] >= _FEWEST_LED and name not in question), None)
    if unit is not None:
        found.append(f"{unit}牵头哪些事项？")
    for text in _of_headings(cited):
        if len(found) < _MOST and text not in found and text != question:
            found.append(text)
    return found[:_MOST]


def _named_in(thing: str, question: str) -> bool:
    """Whether a question is about this thing, whatever verb stands before it (建立联席会议)."""
    shared = SequenceMatcher(None, thing, question, autojunk=False).find_longest_match().size
    return shared >= _SAME_THING * len(thing)


def _leads_most(entries: Iterable[Entry]) -> str | None:
    leading = (entry for entry in entries if "牵头" in entry.commitment.role)
    led = Counter(name for entry in leading for name in set(entry.leads_known))
    [(unit, rows)] = led.most_common(1) or [("", 0)]
    return unit if rows >= _FEWEST_LED else None


def _of_rows(entries: Iterable[Entry]) -> Iterator[_Asked]:
    """Questions that rows answer in words of their own: not by units of a clause above, nor as a person corrected."""
    for entry in entries:
        row = entry.commitment
        task = _thing(row)
        if row.basis != "explicit" or entry.reviewed is not None or not _is_thing(task):
            continue
        if row.lead_units:
            yield _Asked("lead", f"{task}由谁牵头？", entry.document_id)
        written = row.deadline.as_written
        if written and row.deadline.kind in _STATED_LIMITS and written in entry.quote:
            yield _Asked("due", f"{task}什么时候完成？", entry.document_id)
        if row.cooperating_units:
            yield _Asked("help", f"{task}由哪些单位配合？", entry.document_id)


def _is_thing(words: str) -> bool:
    """Whether these words name something that can be asked about without its clause."""
    return bool(_THING.fullmatch(words)) and not _NO_THING.search(words)


def _thing(row: Commitment) -> str:
    """What a row is about, without the limit that it begins with and what follows the first comma."""
    first = re.split("[，。；：]", row.task, maxsplit=1)[0]
    written = row.deadline.as_written or ""
    return _LIMIT_LEFT.sub("", first.replace(written, "", 1)) if written and written in first else first


def _of_headings(cited: Sequence[tuple[Document, int]]) -> Iterator[str]:
    """The headings that follow the cited places in their documents, then those before."""
    for document, start in cited:
        if not 0 < len(document.title) <= _LONGEST_TITLE:
            continue
        headed = [clause for n, clause in enumerate(document.clauses) if _worth_asking(clause, n, document)]
        behind = [clause for clause in headed if clause.span.start > start]
        before = [clause for clause in headed if clause.span.end <= start]
        for clause in (*behind, *reversed(before)):
            yield f"{_quoted(document.title)}关于{clause.heading.removeprefix('关于')}写了什么？"


def _worth_asking(clause: Clause, number: int, document: Document) -> bool:
    following = (c.span.start for c in document.clauses[number + 1 :] if c.level <= clause.level and not c.is_paragraph)
    body = next(following, len(document.text)) - clause.span.start - len(clause.heading)
    return bool(_HEADING.fullmatch(clause.heading)) and body >= _LEAST_TEXT and clause.heading not in document.title
