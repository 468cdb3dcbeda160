"""Which mentions of a library's documents speak of one thing: grouped by words and by what ties documents together.

Two documents are tied where one cites the other, both cite a third that is held, both are about one alliance, or a
link joins them; a document of the State ties only documents of the State, since every local one cites some. Equal
names in tied documents are one thing, proper names everywhere; all else stays apart, and what is nearly alike is told
as such. Linear in the mentions but for names that end alike.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.domain.holdings import Link, LinkKind
from assistant.domain.overtime.mentions import Mention, Told, plain_title
from assistant.domain.overtime.objects import Named, compare
from assistant.domain.units.names import any_same

_TIES = frozenset((LinkKind.SUPERSEDES, LinkKind.REPEALS, LinkKind.REPLACES, LinkKind.SUSPENDS, LinkKind.DUPLICATES))
_INNER = re.compile("《([^《》\n]{4,80})》")
_ABOUT = re.compile(
    "^关于(?:印发|转发|调整|公布|下发)?(?P<what>.{4,80}?)的(?:通知|函|通报|公告|意见|报告|请示|复函|批复)$"
)
_LEAST_SHORT = 4  # characters from which a measure's short name (校企互聘) can stand for a longer one


@dataclass(frozen=True, slots=True)
class Statement:
    """A mention in its document."""

    told: Told
    mention: Mention

    @property
    def order(self) -> tuple[str, str, int, int]:
        """By date; a document of which only the year is known comes first in it, one without a date last."""
        dated = self.told.dated or (f"{self.told.year:04d}" if self.told.year else "9999")
        return (dated, self.told.document_id, self.mention.start, self.mention.end)


@dataclass(frozen=True, slots=True)
class Near:
    """Two names that may mean one thing and are kept apart; ``reason`` says what cannot be decided."""

    left: Statement
    right: Statement
    reason: str
    tied: bool = True  # whether anything but the name ties their documents


@dataclass(frozen=True, slots=True)
class Joined:
    """A merge of two names that differ, with what decided it: every one can be looked at."""

    left: str
    right: str
    reason: str


@dataclass(frozen=True, slots=True)
class Group:
    """What speaks of one thing, in order of date."""

    statements: tuple[Statement, ...]
    joined: tuple[Joined, ...]
    near: tuple[Near, ...]


class _Forest:
    """Disjoint sets over integers."""

    def __init__(self, size: int) -> None:
        self._parent = list(range(size))

    def root(self, n: int) -> int:
        while self._parent[n] != n:
            self._parent[n] = self._parent[self._parent[n]]
            n = self._parent[n]
        return n

    def join(self, left: int, right: int) -> bool:
        """Whether the two were apart."""
        one, two = self.root(left), self.root(right)
        if one != two:
            self._parent[max(one, two)] = min(one, two)
        return one != two


class Ties:
    """What ties the documents together, as keys that tied documents share."""

    def __init__(self, told: Sequence[Told], links: Iterable[Link]) -> None:
        owners: dict[str, list[Told]] = defaultdict(list)
        for t in told:
            for key in _own(t):
                owners[key].append(t)
        self._keys: dict[str, frozenset[str]] = {}
        for t in told:
            cited = {k for k in t.cites if any(o.national == t.national for o in owners.get(k, ()))}
            about = {f"about:{t.about}"} if t.about else set()
            self._keys[t.document_id] = frozenset({*cited, *_own(t), *about})
        for link in links:
            if link.kind in _TIES and link.subject in self._keys and link.object in self._keys:
                tie = frozenset({f"link:{link.subject}:{link.object}"})
                self._keys[link.subject] |= tie
                self._keys[link.object] |= tie

    def of(self, told: Told) -> frozenset[str]:
        """The keys of a document."""
        return self._keys[told.document_id]

    def between(self, left: Told, right: Told) -> bool:
        """Whether two documents are tied; a document is to itself."""
        return left.document_id == right.document_id or not self.of(left).isdisjoint(self.of(right))


def _own(told: Told) -> set[str]:
    names = {plain_title(told.title), *(plain_title(m) for m in _INNER.findall(told.title))}
    if match := _ABOUT.match(plain_title(told.title)):
        names.add(plain_title(match["what"]))
    return {n for n in (*names, told.number or "") if len(n) >= 4}


def programme_of(left: Told, right: Told) -> str:
    """What the programme of two tied documents is called: words that they may leave out of names."""
    return left.about if left.about and left.about == right.about else left.about or right.about


def grouped(told: Sequence[Told], links: Iterable[Link] = ()) -> list[Group]:
    """The things that the documents speak of, each with all that is said of it."""
    statements = sorted((Statement(t, m) for t in told for m in t.mentions), key=lambda s: s.order)
    ties = Ties(told, links)
    forest = _Forest(len(statements))
    by_name: dict[tuple[str, frozenset[str]], list[int]] = defaultdict(list)
    for n, statement in enumerate(statements):
        named = statement.mention.named
        if named.words:
            by_name[named.words, named.marks].append(n)
    joined: list[tuple[int, Joined]] = []
    near: list[tuple[int, int, str]] = []
    for held in by_name.values():
        _join_equal(statements, held, ties, forest)
        _join_by_change(statements, held, forest, joined)
        near += _left_apart(statements, held, forest)
    _join_other(statements, by_name, ties, forest, joined, near)
    members: dict[int, list[Statement]] = defaultdict(list)
    for n, statement in enumerate(statements):
        if statement.mention.named.words:
            members[forest.root(n)].append(statement)
    merges: dict[int, list[Joined]] = defaultdict(list)
    for n, merge in joined:
        merges[forest.root(n)].append(merge)
    kept: dict[int, dict[int, Near]] = defaultdict(dict)
    for left, right, reason in near:
        one, two = forest.root(left), forest.root(right)
        if one != two:
            tied = reason != _NOT_TIED
            kept[one].setdefault(two, Near(statements[left], statements[right], reason, tied))
            kept[two].setdefault(one, Near(statements[right], statements[left], reason, tied))
    return [
        Group(tuple(members[root]), tuple(dict.fromkeys(merges[root])), tuple(kept[root].values()))
        for root in sorted(members)
    ]


def _join_equal(statements: Sequence[Statement], held: Sequence[int], ties: Ties, forest: _Forest) -> None:
    """Join mentions of one name: all where it is proper, else those of tied documents."""
    if len({statements[n].told.document_id for n in held}) < 2 and len(held) == 1:
        return
    by_key: dict[str, dict[str, int]] = defaultdict(dict)
    for n in held:
        told, named = statements[n].told, statements[n].mention.named
        keys = {f"document:{told.document_id}"}
        if named.proper:
            keys.add("proper")
        if not named.bare:
            keys |= ties.of(told)
        for key in keys:
            places = by_key[key]
            others = set(places) - {"", named.place}
            if named.place in places:
                forest.join(places[named.place], n)
            elif places and not others and (not named.place or "" in places):
                forest.join(next(iter(places.values())), n)  # one of the two leaves the place out
            elif len(others) == 1 and not named.place and "" not in places:
                forest.join(places[next(iter(others))], n)
            places.setdefault(named.place, n)


def _join_by_change(
    statements: Sequence[Statement], held: Sequence[int], forest: _Forest, joined: list[tuple[int, Joined]]
) -> None:
    """A change that names the former lead ties what has that lead: 平台的牵头单位由甲调整为乙, and 甲 leads a 平台."""
    if statements[held[0]].mention.named.bare:
        return
    for n in held:
        changing = statements[n]
        was, place = changing.mention.was, changing.mention.named.place
        if not was or changing.mention.proposed:
            continue
        for m in held:
            other = statements[m]
            apart = {place, other.mention.named.place} - {""}
            leads = other.mention.leads
            if len(apart) > 1 or other.told.national != changing.told.national or not leads or m == n:
                continue
            same = len(leads) == len(was) and all(any_same(unit, was) for unit in leads)
            if same and forest.root(n) != forest.root(m):
                reason = f"名称相同，且变更前的牵头单位“{'、'.join(was)}”与之相符"
                joined.append((n, Joined(other.mention.full, changing.mention.full, reason)))
                forest.join(n, m)


def _left_apart(statements: Sequence[Statement], held: Sequence[int], forest: _Forest) -> list[tuple[int, int, str]]:
    """One of each two groups of one name that nothing ties: they may be the same."""
    if statements[held[0]].mention.named.bare:
        return []
    roots = list({forest.root(n): n for n in held}.values())[:_MOST_NEAR]
    found = []
    for n, one in enumerate(roots):
        for two in roots[n + 1 :]:
            places = {statements[one].mention.named.place, statements[two].mention.named.place} - {""}
            if len(places) < 2:
                found.append((one, two, _NOT_TIED))
    return found


_NOT_TIED = "名称相同，但文件没有关联，不能确定是同一事项"
_MOST_NEAR = 4  # groups of one name that are told of one another


def _join_other(
    statements: Sequence[Statement],
    by_name: dict[tuple[str, frozenset[str]], list[int]],
    ties: Ties,
    forest: _Forest,
    joined: list[tuple[int, Joined]],
    near: list[tuple[int, int, str]],
) -> None:
    """Compare names that end alike, or differ in their marks only, between tied documents."""
    by_words: dict[str, list[list[int]]] = defaultdict(list)
    for (words, _), held in by_name.items():
        by_words[words].append(held)
    shorts = _short_measures(statements, by_name)
    for words, lists in by_words.items():
        others = [held for i in range(1, len(words) - 1) for held in by_words.get(words[i:], ())]
        for n, held in enumerate(lists):
            for other in (*lists[n + 1 :], *others, *shorts.get(words, ())):
                _compare(statements, held, other, ties, forest, joined, near)


def _short_measures(
    statements: Sequence[Statement], by_name: dict[tuple[str, frozenset[str]], list[int]]
) -> dict[str, list[list[int]]]:
    """Measures by the longer names that they may be short for: 校企互聘 for 校企互聘教师和技师."""
    measures = {
        words: held
        for (words, _), held in by_name.items()
        if not statements[held[0]].mention.named.head and len(words) >= _LEAST_SHORT
    }
    found: dict[str, list[list[int]]] = defaultdict(list)
    for words, _ in by_name:
        for end in range(_LEAST_SHORT, len(words)):
            if (held := measures.get(words[:end])) is not None:
                found[words].append(held)
    return found


def _compare(
    statements: Sequence[Statement],
    left: Sequence[int],
    right: Sequence[int],
    ties: Ties,
    forest: _Forest,
    joined: list[tuple[int, Joined]],
    near: list[tuple[int, int, str]],
) -> None:
    for one, two in _tied_pairs(statements, left, right, ties):
        a, b = statements[one], statements[two]
        names = a.mention.named, b.mention.named
        if not names[1].head and names[0].words != names[1].words and names[0].words.startswith(names[1].words):
            told, reason = _short_for(a, b)
        else:
            outcome = compare(*names, related=True, programme=programme_of(a.told, b.told))
            told, reason = outcome.likeness, outcome.reason
            if told == "undecided" and _same_year(names, (a.told, b.told)):
                told, reason = "same", "同一系列文件中省略了年份，文件为该年所发"
        if told == "same":
            if forest.join(one, two):
                joined.append((one, Joined(a.mention.full, b.mention.full, reason)))
        elif told == "undecided" and not (names[0].bare or names[1].bare):
            near.append((one, two, reason))


def _tied_pairs(
    statements: Sequence[Statement], left: Sequence[int], right: Sequence[int], ties: Ties
) -> list[tuple[int, int]]:
    """A pair of each two tied documents (or of one document) that hold the two names."""
    by_key: dict[str, list[int]] = defaultdict(list)
    for n in right:
        told = statements[n].told
        for key in (*ties.of(told), f"document:{told.document_id}"):
            by_key[key].append(n)
    pairs: dict[tuple[str, str], tuple[int, int]] = {}
    for n in left:
        told = statements[n].told
        for key in (*ties.of(told), f"document:{told.document_id}"):
            for m in by_key.get(key, ()):
                pairs.setdefault((told.document_id, statements[m].told.document_id), (n, m))
    return list(pairs.values())


def _short_for(whole: Statement, short: Statement) -> tuple[str, str]:
    """A heading of a report that begins like one task of another document, and like no other one there."""
    if whole.told.document_id == short.told.document_id or short.mention.says != "progress":
        return "apart", ""
    words = short.mention.named.words
    alike = {m.named.words for m in whole.told.mentions if m.named.words.startswith(words)}
    if len(alike) > 1:
        return "undecided", f"“{short.mention.full}”可指多项任务"
    return "same", f"“{short.mention.full}”为简称，前一文件中只有一项任务以此开头"


def _same_year(names: tuple[Named, Named], told: tuple[Told, Told]) -> bool:
    if names[0].words != names[1].words:
        return False
    marks = names[0].marks ^ names[1].marks
    years = {t.year for t in told}
    return len(marks) == 1 and len(years) == 1 and marks == {f"{years.pop()}年"}
