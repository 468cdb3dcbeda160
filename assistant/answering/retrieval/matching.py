"""Which held document a description means, and whether any does: its kind, then what tells it apart.

A document of another alliance, another issuer or another year is another document, however well its text would answer.
Words of the matter count by the title first; in the text they count as well, for people name a reply by one of its
matters (实习管理的答复), a charter hardly ever.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import PurePosixPath

from assistant.answering.understanding.described import CLASSES, FAMILIES, Described
from assistant.domain.language.numerals import parse_numeral
from assistant.domain.language.text import fold, fold_names, sentences
from assistant.domain.overtime.asks import ASKING, REPLYING
from assistant.ports import DocumentInfo

Saying = Callable[[str, Sequence[str]], Iterable[tuple[str, str]]]
"""Id and text of those documents, of the ids given, that hold the words best."""

_NAMED = 0.5  # share of the words of a matter that a title holds where the document is meant
_KNOWN = 0.75  # share that title and text hold together
_NEAREST = 3
_OPENING = 300  # characters of a text in which it says what it is
_OF_MANY_MATTERS = frozenset({*ASKING, *REPLYING, "函", "纪要", "通报", "报告", "其他"})
_YEAR = re.compile("20[0-9]{2}")
_YEARS_TO = re.compile("(20[0-9]{2})年?(?:—|-|–|至|到)(20[0-9]{2})")
_STRETCH = re.compile("[上下]半年|[一二三四]季度")
_LEVELS = "省市县区"


@dataclass(frozen=True, slots=True)
class Match:
    """What is held for one description: the documents meant, those that may be meant, and the nearest of the others."""

    described: Described
    held: tuple[DocumentInfo, ...] = ()
    likely: tuple[DocumentInfo, ...] = ()
    nearest: tuple[DocumentInfo, ...] = ()

    @property
    def absent(self) -> bool:
        """Whether no document is held that may be meant."""
        return not (self.held or self.likely)


def matched(described: Described, documents: Sequence[DocumentInfo], saying: Saying | None = None) -> Match:
    """Find what a description means among ``documents``; without ``saying`` by their heads alone."""
    alike = [d for d in documents if _is_alike(d, described.kind)]
    names = _names(alike, documents)
    shares = {d.id: _share(described.topic, names[d.id]) for d in alike}
    fitting = [d for d in _of_period(described, alike, names) if _is_by_all(described, d, names[d.id])]
    fit = {d.id for d in fitting}
    alike.sort(key=lambda d: (d.id not in fit, described.kind not in d.title + d.kind, -shares[d.id]))
    nearest = tuple(alike[:_NEAREST])
    if not described.topic:
        return Match(described, held=tuple(fitting)) if fitting else Match(described, nearest=nearest)
    unsure = saying is not None and max((shares[i] for i in fit), default=1.0) < 1
    texts = dict(saying("".join(described.topic), list(fit))) if saying and unsure else {}
    held: list[DocumentInfo] = []
    likely: list[DocumentInfo] = []
    for document in fitting:
        share, text = shares[document.id], fold(texts.get(document.id, ""))
        whole = f"{names[document.id]}\n{text}"
        known = _share(described.topic, whole)
        if share < _NAMED and _is_another(described, names[document.id]):
            continue
        if not all(_covered(word[:2], whole) for word in described.topic):
            continue  # a name begins with what tells it apart: 海洋牧场产业学院 is no other 产业学院
        if (share >= _NAMED and known >= _KNOWN) or (known == 1 and document.kind in _OF_MANY_MATTERS):
            held.append(document)
        elif (share > 0 or known == 1) and known >= _NAMED:
            likely.append(document)
    if held:
        best = max(shares[d.id] for d in held)
        return Match(described, held=tuple(d for d in held if shares[d.id] == best))
    likely = likely or [d for d in fitting if any(_is_misspelt(word, names[d.id]) for word in described.topic)]
    return Match(described, likely=tuple(likely)) if likely else Match(described, nearest=nearest)


def is_of_no_kind(described: Described, documents: Sequence[DocumentInfo], saying: Saying | None = None) -> bool:
    """Whether no document is called by the kind: not by its own kind, title or file, nor where its text opens."""
    if any(_is_alike(d, described.kind) for d in documents):
        return False
    telling = saying(described.kind, [d.id for d in documents]) if saying else ()
    return not any(name in fold(text[:_OPENING]) for _, text in telling for name in _called(described.kind))


def is_told_of(described: Described, documents: Sequence[DocumentInfo], saying: Saying | None = None) -> bool:
    """Whether a sentence of any document names what is described: its kind, its matter, its year and meeting."""
    ordinal = "第{}{}".format(*described.ordinal) if described.ordinal else ""
    marks = [m for m in (described.kind[-2:], *(f"{y}年" for y in described.years), described.stretch, ordinal) if m]
    telling = saying(described.written, [d.id for d in documents]) if saying else ()
    return any(
        all(mark in sentence for mark in marks) and _share((*described.topic, *described.issuers), sentence) == 1
        for _, text in telling
        for sentence in (fold(span.of(text)) for span in sentences(text))
    )


def _is_alike(document: DocumentInfo, kind: str) -> bool:
    """Whether people may call a document by this kind: by its own kind, its title or the name of its file."""
    names = _called(kind)
    title = document.title.rsplit("关于", 1)[-1]
    written = re.compile(f"(?:{'|'.join(sorted(names, key=len, reverse=True))})(?!的?(?:答复|回复|复函))")
    return document.kind in names or any(written.search(called) for called in (title, _stem(document)))


@cache
def _called(kind: str) -> frozenset[str]:
    """The kind with those that it is taken for."""
    rows = [f for f in FAMILIES if kind in f] or [f for f in FAMILIES if kind.endswith(f)]
    return frozenset(name for row in rows for name in row)


def _names(alike: Sequence[DocumentInfo], documents: Sequence[DocumentInfo]) -> dict[str, str]:
    """What each is called by: its titles and its file, and of a reply the proposal that it answers."""
    asked: dict[str, list[str]] = {}
    for document in documents:
        if document.kind in ASKING:
            for number in document.fields.get("proposal_number", ()):
                asked.setdefault(number, []).append(document.title)
    found: dict[str, str] = {}
    for document in alike:
        titles = [
            document.title,
            *document.fields.get("title", ()),
            _stem(document),
            *document.fields.get("issuer", ()),
        ]
        if document.kind in REPLYING:
            titles += [t for n in document.fields.get("proposal_number", ()) for t in asked.get(n, ())]
        found[document.id] = fold_names("\n".join(titles))
    return found


def _stem(document: DocumentInfo) -> str:
    return PurePosixPath(document.source).stem


def _of_period(described: Described, alike: Sequence[DocumentInfo], names: Mapping[str, str]) -> list[DocumentInfo]:
    """Those of the year, half-year and meeting asked for; where others say theirs, one that says none is not meant."""
    found = [d for d in alike if _is_of_year(described, d)]
    if described.stretch:
        found = _saying_so(_STRETCH.findall(described.stretch), found, lambda d: _STRETCH.findall(names[d.id]))
    if described.ordinal:
        written, measure = described.ordinal
        ordinal = re.compile(f"第([0-9一二三四五六七八九十]{{1,3}}){measure}")
        wanted = [parse_numeral(written)]
        found = _saying_so(wanted, found, lambda d: [parse_numeral(n) for n in ordinal.findall(names[d.id])])
    return found


def _saying_so(
    asked: Sequence[object], found: list[DocumentInfo], told: Callable[[DocumentInfo], Sequence[object]]
) -> list[DocumentInfo]:
    said = [told(d) for d in found]
    if not asked or not any(said):
        return found
    return [d for d, those in zip(found, said, strict=True) if set(asked) & set(those)]


def _is_of_year(described: Described, document: DocumentInfo) -> bool:
    """Whether a document is of the year asked for; 2024年度… is of the year in its title, whenever it was issued."""
    if not described.years:
        return True
    titled = set(_YEAR.findall(document.title))
    for first, last in _YEARS_TO.findall(document.title):
        titled |= {str(year) for year in range(int(first), int(last) + 1)}
    if described.yearly and titled:
        return bool(titled & set(described.years))
    dates = (*document.fields.get("issued_on", ()), *document.fields.get("published_on", ()))
    known = titled | {d[:4] for d in dates} | set(_YEAR.findall(document.number or ""))
    return not known or bool(known & set(described.years))


def _is_by_all(described: Described, document: DocumentInfo, names: str) -> bool:
    """Whether the bodies named issued a document or were written to; where its head names none nothing contradicts."""
    heads = [fold(h) for f in ("issuer", "addressee") for h in document.fields.get(f, ())]
    return not heads or all(any(_is_short_for(fold(i), h) for h in (*heads, names)) for i in described.issuers)


def _is_short_for(issuer: str, head: str) -> bool:
    """Whether a name as people say it (文旅局, 市教育局) means a body in a head, by its characters in their order."""
    level = issuer[0] if len(issuer) > 2 and issuer[0] in _LEVELS else ""
    if level and level not in head and re.search(f"[{_LEVELS}]", head):
        return False
    own = issuer.removeprefix(level)
    return bool(re.search("[^\n，。、]{0,8}?".join(map(re.escape, own)), head))


def _share(topic: Sequence[str], text: str) -> float:
    """Share of the characters of a matter's words that a text holds, in pieces of two and more.

    Two characters may stand for two words (校企 of 学校和企业), and a short word for a name that holds its characters
    in order.
    """
    total = sum(len(word) for word in topic)
    return sum(_covered(word, text) for word in topic) / total if total else 1.0


def _covered(word: str, text: str) -> int:
    position = covered = 0
    while position < len(word):
        end = next((e for e in range(len(word), position + 1, -1) if word[position:e] in text), position)
        if end == position and _stands_for(word[position : position + 2], text):
            end = position + 2
        covered += end - position
        position = max(end, position + 1)
    return covered


def _stands_for(pair: str, text: str) -> bool:
    first, second = map(re.escape, pair[:2]) if len(pair) > 1 else ("", "")
    return bool(first) and bool(re.search(f"{first}[^\n，。；]?[、和与及][^\n，。；]?{second}", text))


def _is_misspelt(word: str, names: str) -> bool:
    """Whether one character of three or more stands wrong behind the first (碳钎维)."""
    if len(word) < 3:
        return False
    return any(
        re.search(re.escape(word[:i]) + "[^\n]" + re.escape(word[i + 1 :]), names) is not None
        for i in range(1, len(word))
    )


def _is_another(described: Described, names: str) -> bool:
    """Whether the title names a thing of the same class, and so another one (碳纤维联合体 for 精细化工联合体)."""
    classes = {fold_names(c)[-3:] for c in CLASSES.findall(described.thing)}
    return any(c in names for c in classes)
