"""Which documents a question is about: its references matched with what the index holds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answering.retrieval.matching import Match, Saying, is_of_no_kind, is_told_of, matched
from assistant.answering.retrieval.relevance import Relevance
from assistant.answering.understanding.question import Understood
from assistant.domain.language.text import fold, terms
from assistant.domain.overtime.asks import REPLYING
from assistant.ports import DocumentInfo


@dataclass(frozen=True, slots=True)
class Scope:
    """The documents a question names, or ``documents`` None where it names none.

    ``missing`` are references that the index does not hold, as the reader wrote or would write them, and ``nearest``
    what it holds that comes nearest to them. ``likely`` is a description that no document fits wholly: the documents
    are those that it may mean.
    """

    documents: tuple[DocumentInfo, ...] | None
    missing: tuple[str, ...] = ()
    nearest: tuple[DocumentInfo, ...] = ()
    likely: str = ""
    by_focus: bool = False  # narrowed only by what was spoken of before: may be widened again

    @property
    def ids(self) -> tuple[str, ...] | None:
        return None if self.documents is None else tuple(d.id for d in self.documents)


def resolve(
    question: Understood,
    documents: Sequence[DocumentInfo],
    focus: Sequence[str] = (),
    saying: Saying | None = None,
) -> Scope:
    """Match number, proposal, session, title, description and kind, in this order.

    ``focus`` are the documents spoken of before; ``saying`` finds those that hold some words.
    """
    found, missing, near = _numbered(question, documents)
    if question.compares and len(sides := _sides(question, documents, found)) > 1:
        return Scope(sides)
    if found:
        of_another = [d for d in question.described if d.issuers and matched(d, found).absent]
        missing += [d.written for d in of_another]
        if of_another:
            return Scope(None, tuple(missing), nearest=_of_kind(found, question))
    if found or missing:
        return Scope(_of_kind(found, question), tuple(missing), nearest=tuple(near))
    described = () if question.compares else question.described
    matches = [matched(d, documents, saying) for d in described if not d.bare]
    # 管理办法的修改建议谁提: what is asked of a document, not in it, may be told by any that names it.
    matches = [m for m in matches if m.held or m.described.inside or not is_told_of(m.described, documents, saying)]
    absent = [m for m in matches if m.absent]
    if not focus:  # 章程里 of no body in particular, and no charter is held
        absent += [Match(d) for d in described if d.bare and is_of_no_kind(d, documents, saying)]
    if absent:
        nearest = {d.id: d for m in absent for d in m.nearest}
        articled = _articled(question)
        written = [m.described.written for m in absent]
        missing = [f"《{name}》" if name in articled else name for name in written]
        return Scope(None, tuple(missing), nearest=tuple(nearest.values()))
    if unsure := next((m for m in matches if m.likely), None):
        return Scope(unsure.likely, likely=unsure.described.written)
    scope = _spoken_of(question, documents, focus)
    meant = {d.id: d for m in matches for d in m.held}
    if not meant or (scope.documents is None and len(meant) > _FEW):
        return scope
    return Scope(tuple(d for d in scope.documents or () if d.id in meant) or tuple(meant.values()))


def _numbered(
    question: Understood, documents: Sequence[DocumentInfo]
) -> tuple[list[DocumentInfo], list[str], list[DocumentInfo]]:
    """Documents named by number, proposal or title; the numbers that are not held; what is nearest to those."""
    found: list[DocumentInfo] = []
    missing: list[str] = []
    near: list[DocumentInfo] = []
    for number in question.numbers:
        # A word before the number may have been read as its issuer (列出国发〔2018〕42号).
        matches = [
            d
            for d in documents
            if any(number.endswith(n) for n in (*d.fields.get("number", ()), d.number or number + " "))
        ]
        found.extend(matches)
        if not matches:
            missing.append(number)
    for proposal in question.proposals:
        matches = [d for d in documents if str(proposal) in d.fields.get("proposal_number", ())]
        of_session = [d for d in matches if _agrees(question.sessions, d.fields.get("session", ()))]
        found.extend(of_session)
        near.extend([] if of_session else matches)
        if not of_session:
            session = f"{question.sessions[0]}会议" if question.sessions and matches else ""
            missing.append(f"{session}第{proposal}号提案")
    for title in question.titles:
        wanted = _plain(title)
        found.extend(d for d in documents if wanted in _plain(d.title))
    return found, missing, near


def _agrees(asked: Sequence[str], held: Sequence[str]) -> bool:
    return not asked or not held or bool(set(asked) & set(held))


def _spoken_of(question: Understood, documents: Sequence[DocumentInfo], focus: Sequence[str]) -> Scope:
    """Documents by what a title is called, an article's text, a running number, the turn before, or the kind alone."""
    if titled := _titled(question.named, documents):
        return Scope(tuple(titled))
    if absent := [name for name in _articled(question) if not _is_titled(name, documents)]:
        return Scope(None, tuple(f"《{name}》" for name in absent))
    if serial := [d for d in documents if _serial(d) in question.serials]:
        return Scope(_of_kind(serial, question))
    cases = {str(n) for n in question.serials}  # 87号答复: the reply to proposal 87 where no number ends so
    if cases and (of_case := [d for d in documents if cases & set(d.fields.get("proposal_number", ()))]):
        return Scope(_of_kind(of_case, question))
    held = [d for d in documents if d.id in focus]
    if held:
        pointed = [d for d in held if any(is_kind(d, k) for k in question.pointed_kinds)]
        if pointed or not question.pointed_kinds:
            return Scope(tuple(pointed or held), by_focus=True)
    if not question.pointed_kinds:
        return Scope(None)
    named = [d for d in documents if any(is_kind(d, k) for k in question.pointed_kinds)]
    if not named and "提案" in question.pointed_kinds:  # 这件提案: what is held of it may be its reply alone
        named = [d for d in documents if d.fields.get("proposal_number")]
    if not named:
        return Scope(None, question.pointed_kinds if not question.object else ())
    return Scope(_by_title(named, question))


def is_kind(document: DocumentInfo, kind: str) -> bool:
    """Whether a document is of a kind, or carries it: a notice that issues a 方案 is asked for as that 方案."""
    return document.kind == kind or kind in document.title.rsplit("关于", 1)[-1]


_FEW = 3  # documents that a description may mean and the question still be about them alone
# Share of a name's words that a title must hold, and how far the next title must lie behind, for a name to mean it.
_NAMES_TITLE, _AHEAD = 0.6, 0.15


def _titled(names: Sequence[str], documents: Sequence[DocumentInfo]) -> list[DocumentInfo]:
    """Documents meant by a name as people say it (按公共图书馆法, 无废城市试点方案): by the words of their titles."""
    found: list[DocumentInfo] = []
    for name in names:
        if short := _abbreviated(name, documents):
            found.append(short)
            continue
        relevance = Relevance(name, [d.title for d in documents])
        scored = sorted(((relevance(d.title), d) for d in documents), key=lambda pair: -pair[0])
        best = scored[0][0] if scored else 0.0
        near = [d for score, d in scored if score > best - _AHEAD]
        # A report on the list names the list too: the one whose title ends with the name is meant.
        ending = [d for d in near if len(near) > 1 and _plain(_NOTE.sub("", d.title)).endswith(_plain(name))]
        if best >= _NAMES_TITLE and len(ending or near) == 1:
            found.append((ending or near)[0])
    return found


_NOTE = re.compile("(?:[（(][^（()）]{1,12}[)）]){1,3}$")  # 年度任务清单（模拟样例）, …（2024—2026年）
_SHORTENED = range(6, 2, -1)  # characters of a name cut short, with the kind of text at its end
_LAW = "中华人民共和国"


def _abbreviated(name: str, documents: Sequence[DocumentInfo]) -> DocumentInfo | None:
    """The text whose name is cut short to some of its characters, in order (职教法 of 职业教育法), if there is but one.

    A short name keeps the first character, and the kind of text at its end.
    """
    kind = _NAMED_KIND.search(name)
    titles = ((d, _plain(d.title).removeprefix(_LAW)) for d in documents) if kind else ()
    titled = [(d, t) for d, t in titles if kind and t.endswith(kind.group())]
    for short in dict.fromkeys(name[-length:] for length in _SHORTENED):
        if any(short in t for _, t in titled):
            return None  # the name itself, not cut short
        pattern = re.compile("[^第]{0,3}?".join(map(re.escape, short)))
        fitting = [d for d, t in titled if pattern.match(t)]
        if fitting:
            return fitting[0] if len(fitting) == 1 else None
    return None


# 职业教育法第六条, 《职业教育法》第六条: an article is asked of that text and of no other.
_ARTICLE_OF = re.compile(
    "《([^》]{2,60})》(?:里|中|的)?(?:第|附件)"
    "|([一-鿿]{2,30}?(?:法|条例|规定|办法|细则|章程))(?:里|中|的)?第[〇零一二三四五六七八九十百0-9]{1,5}条"
)


def _articled(question: Understood) -> list[str]:
    """Names of texts whose articles a question asks for."""
    return [_LED_BY.sub("", a or b) for a, b in _ARTICLE_OF.findall(question.text)] if question.clauses else []


_LED_BY = re.compile("^(?:请问|根据|依据|按照?|依照?|对照|查一?下|看一?下|我想知道)+")


def _is_titled(name: str, documents: Sequence[DocumentInfo]) -> bool:
    """Whether some title holds the name, or most of its words with the kind of text that it ends in (…法, …办法)."""
    wanted, kind = _plain(name), _NAMED_KIND.search(name)
    relevance = Relevance(name, [d.title for d in documents])
    return any(
        wanted in _plain(d.title) or (relevance(d.title) >= _NAMES_TITLE and (kind is None or kind.group() in d.title))
        for d in documents
    )


_NAMED_KIND = re.compile("(?:办法|法|条例|规定|细则|章程)$")


def _sides(
    question: Understood, documents: Sequence[DocumentInfo], found: Sequence[DocumentInfo]
) -> tuple[DocumentInfo, ...]:
    """The documents that are compared: those named in full, by their titles, or by their kinds (方案和清单)."""
    sides = {d.id: d for d in (*_of_kind(found, question), *_titled(question.named, documents))}
    for kind in question.kinds:
        if not any(is_kind(d, kind) for d in sides.values()):
            ending = [d for d in documents if d.kind == kind or _KIND_AT_END.sub("", d.title).endswith(kind)]
            words = [d for d in ending if any(_plain(n) in _plain(d.title) for n in question.named)] or ending
            if len(words) == 1:
                sides[words[0].id] = words[0]
    return tuple(sides.values())


_KIND_AT_END = re.compile("》?(?:的(?:通知|函|批复))?$")
_SERIAL = re.compile("([0-9]{1,12})号$")


def _serial(document: DocumentInfo) -> int | None:
    match = _SERIAL.search(document.number or "")
    return int(match.group(1)) if match else None


def _of_kind(found: Sequence[DocumentInfo], question: Understood) -> tuple[DocumentInfo, ...]:
    """Of a proposal and its reply, the reply where the question says 答复; otherwise all that was named."""
    unique = list({d.id: d for d in found}.values())
    if "答复" in question.kinds and "proposer" not in question.fields:  # 谁提的，谁答复的 asks of both
        unique = [d for d in unique if d.kind in REPLYING] or unique
    return tuple(unique)


def _by_title(named: Sequence[DocumentInfo], question: Understood) -> tuple[DocumentInfo, ...]:
    """Of the documents of one kind, those whose title shares most words with the question; all where none shares."""
    asked = set(terms(question.object + " " + " ".join(question.units)))
    asked = {t for t in asked if len(t) > 1}
    shared = {d.id: len(asked & set(terms(d.title))) for d in named}
    best = max(shared.values())
    return tuple(d for d in named if shared[d.id] == best) if best > 1 else tuple(named)


def _plain(title: str) -> str:
    return "".join(c for c in fold(title) if c.isalnum())
