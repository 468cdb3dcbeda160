"""What documents say of one another: this one repeals that one, this reply answers that proposal. Pure functions."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.domain.holdings import Link, LinkKind
from assistant.domain.language.identity import find_document_numbers
from assistant.domain.policy import Span
from ingest.relations.versions import plain_title

# One level of inner title marks; every repetition is bounded, so that a search takes time linear in the text.
_TITLE = "《(?:[^《》\n]|《[^《》\n]{1,80}》){2,120}》"
_NUMBER = "[㐀-鿿]{1,12}[〔\\[【（(][0-9０-９]{4}[〕\\]】）)][ 　]?(?:第[ 　]?)?[0-9０-９]{1,5}[ 　]?号"
_NAMED = f"(?:{_TITLE}(?:[（(][^（）()\n]{{1,60}}[）)])?|(?:原)?{_NUMBER}(?:文件?)?)"
_LIST = f"{_NAMED}(?:(?:[、，,和及与]|以及)?{_NAMED}){{0,40}}+"
_ENDS = "废止|停止执行|不再执行|失效|不再施行|停止施行"
_TAKES_OVER = "代替|取代|替代"
# 《…》（…号）自本通知印发之日起同时停止执行
_BEFORE = re.compile(
    f"(?P<list>{_LIST})(?:等[0-9一二三四五六七八九十]{{0,3}}[件个]?文件)?(?:自[^。；;《》\n]{{1,20}}起)?[，,]?"
    f"(?:同时|即行|自行|一并|予以|均|相应|全部|自动|随之)*(?P<verb>{_ENDS})(?![前的])"
)
# 决定废止《…》; 本办法代替《…》
_AFTER = re.compile(
    f"(?:(?:决定|现|兹|同时|[，,。；;：:\n])(?:将|予以|同时)?(?P<verb>废止|停止执行)|本[㐀-鿿]{{1,8}}?(?P<takes>{_TAKES_OVER}))"
    f"(?:了|原|原有的|原来的)?(?P<list>{_LIST})"
)
_KINDS = dict.fromkeys(("停止执行", "不再执行", "停止施行", "不再施行"), LinkKind.SUSPENDS)
_EACH_TITLE = re.compile(_TITLE)
_EACH = re.compile(_NAMED)
_STATE = re.compile("^中华人民共和国")


@dataclass(frozen=True, slots=True)
class Ending:
    """A statement that a document named by title or number ends; ``span`` is its place in the text that says so."""

    kind: LinkKind
    title: str | None
    number: str | None  # normalised
    span: Span

    def to_json(self) -> list[Any]:
        return [self.kind.value, self.title, self.number, self.span.start, self.span.end]

    @classmethod
    def from_json(cls, told: Sequence[Any]) -> Ending:
        """What :meth:`to_json` gave."""
        kind, title, number, start, end = told
        return cls(LinkKind(kind), title, number, Span(start, end))


def endings(text: str) -> list[Ending]:
    """The documents of which a text says that they are repealed, no longer carried out, or replaced.

    Takes 自本通知印发之日起，《…》（…号）停止执行 and 现决定废止《…》; leaves what only speaks of such a thing
    (修改或者废止), repeals a part (《…》第三条同时废止), tells of the past (《…》已于2019年废止) or denies it.
    """
    found: dict[Span, Ending] = {}
    for pattern in (_BEFORE, _AFTER):
        for match in pattern.finditer(text):
            kind = _KINDS.get(match["verb"], LinkKind.REPEALS) if match["verb"] else LinkKind.REPLACES
            for named in _EACH.finditer(text, match.start("list"), match.end("list")):
                span = Span(named.start(), named.end())
                title = _EACH_TITLE.match(named[0])
                # A title may hold the number of yet another document; its own stands in brackets behind it.
                numbers = find_document_numbers(named[0][title.end() :] if title else named[0].removeprefix("原"))
                ending = Ending(kind, title[0][1:-1] if title else None, numbers[0][1] if numbers else None, span)
                found.setdefault(span, ending)
    return sorted(found.values(), key=lambda e: e.span)


@dataclass(frozen=True, slots=True)
class Named:
    """What a document goes by. ``proposal`` is the number of the proposal that it is or answers."""

    id: str
    title: str
    number: str | None
    kind: str
    proposal: str | None
    session: str | None


def ended(said: Iterable[tuple[str, Ending]], documents: Iterable[Named]) -> list[Link]:
    """Links from the documents that say so (by id) to those among ``documents`` that end."""
    by_number: dict[str, list[str]] = defaultdict(list)
    by_title: dict[str, list[str]] = defaultdict(list)
    for document in documents:
        if document.number:
            by_number[document.number].append(document.id)
        by_title[_plain(document.title)].append(document.id)
    links: dict[tuple[LinkKind, str, str], Link] = {}
    for subject, ending in said:
        targets = by_number.get(ending.number or "") or (by_title.get(_plain(ending.title), []) if ending.title else [])
        note = f"《{ending.title}》" if ending.title else ending.number or ""
        for target in targets:
            if target != subject:
                links.setdefault((ending.kind, subject, target), Link(ending.kind, subject, target, note))
    return sorted(links.values())


def replies(documents: Iterable[Named]) -> list[Link]:
    """Links from replies to the proposals that they answer: the same number of the same session.

    Where one of the two names no session, there must be no other proposal of that number, or but one whose title is
    in the reply's.
    """
    proposals: dict[str, list[Named]] = defaultdict(list)
    answers: list[Named] = []
    for document in documents:
        if document.proposal and is_proposal(document.kind):
            proposals[document.proposal].append(document)
        elif document.proposal and is_reply(document.kind):
            answers.append(document)
    links: set[Link] = set()
    for answer in answers:
        for proposal in _answered(answer, proposals.get(answer.proposal or "", [])):
            note = f"{answer.session or proposal.session or ''}第{answer.proposal}号提案"
            links.add(Link(LinkKind.ANSWERS, answer.id, proposal.id, note))
    return sorted(links)


def _answered(answer: Named, candidates: list[Named]) -> Iterator[Named]:
    certain = [p for p in candidates if p.session and p.session == answer.session]
    if certain:
        yield from certain
        return
    possible = [p for p in candidates if not p.session or not answer.session]
    if len(possible) > 1:
        possible = [p for p in possible if plain_title(p.title) in plain_title(answer.title)]
    if len(possible) == 1:
        yield possible[0]


def unanswered(documents: Iterable[Named], links: Iterable[Link]) -> Mapping[str, tuple[Named, ...]]:
    """Proposals without a reply and replies without their proposal, under those two names."""
    linked = {end for link in links if link.kind is LinkKind.ANSWERS for end in (link.subject, link.object)}
    alone = [d for d in documents if d.id not in linked]
    return {
        "proposals_without_reply": tuple(d for d in alone if is_proposal(d.kind)),
        "replies_without_proposal": tuple(d for d in alone if is_reply(d.kind)),
    }


def is_proposal(kind: str) -> bool:
    """Whether a kind of document is a proposal to an authority."""
    return kind in ("提案", "建议", "议案")


def is_reply(kind: str) -> bool:
    """Whether a kind of document is the reply to one."""
    return kind in ("答复", "建议答复", "提案答复")


def _plain(title: str) -> str:
    return _STATE.sub("", plain_title(title))
