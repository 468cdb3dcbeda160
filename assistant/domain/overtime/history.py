"""The history of a thing over documents: who leads, by when, how far; what holds now and what it replaced."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from assistant.domain.holdings import Link, LinkKind
from assistant.domain.overtime.deadlines import deadlines_of
from assistant.domain.overtime.grouping import Group, Near, Statement, grouped
from assistant.domain.overtime.leads import leads_of
from assistant.domain.overtime.mentions import Told
from assistant.domain.overtime.objects import Named, name_of, shown
from assistant.domain.overtime.renames import Renames
from assistant.domain.overtime.states import states_of
from assistant.domain.overtime.steps import Aspect, Dispute, Step


@dataclass(frozen=True, slots=True)
class History:
    """All that is said of one thing. ``names`` are those in use, the one that says most first."""

    id: str
    name: str
    names: tuple[str, ...]
    statements: tuple[Statement, ...]
    leads: tuple[Step, ...]
    deadlines: tuple[Step, ...]
    states: tuple[Step, ...]
    disputes: tuple[Dispute, ...]
    joined: tuple[str, ...]
    near: tuple[Near, ...]

    @property
    def documents(self) -> int:
        """How many documents speak of it."""
        return len({s.told.document_id for s in self.statements})

    @property
    def changed(self) -> bool:
        """Whether anything was replaced, moved or is in dispute."""
        steps = (*self.leads, *self.deadlines, *self.states)
        return bool(self.disputes) or any(s.standing in ("replaced", "proposed", "void") for s in steps)

    def current(self, aspect: Aspect) -> tuple[Step, ...]:
        """What holds now: one step, several where that cannot be decided, none where nothing is stated."""
        steps = {"lead": self.leads, "deadline": self.deadlines, "status": self.states}[aspect]
        return tuple(s for s in steps if s.standing in ("current", "undecided"))


def histories(told: Sequence[Told], links: Iterable[Link] = ()) -> tuple[History, ...]:
    """The history of every thing that the documents name; ``links`` say how the documents stand to one another.

    This is what questions over time are answered from: find the thing with :func:`find_histories`, then
    :meth:`History.current` says what holds now and the steps say what it replaced, each with its place.
    """
    links = tuple(links)
    renames = Renames(told)
    ended = ended_documents(links, {t.document_id: t.title for t in told})
    return tuple(history_of(group, renames, ended) for group in grouped(told, links))


def find_histories(name: str, found: Iterable[History]) -> tuple[History, ...]:
    """The histories of what a reader calls ``name``, those that fit best; several where that may mean several.

    Those that most documents speak of come first.

    A name fits that is the same in words; else one that ends with it (中试基地 for 碳纤维中试基地), else one that
    holds it. Issues are told apart where the reader names one (第二批), and all given where they do not.
    """
    wanted = name_of(name)
    if not wanted.words:
        return ()
    fitting: dict[int, list[History]] = {}
    for history in found:
        ranks = [rank for n in history.names if (rank := _fits(wanted, name_of(n))) is not None]
        if ranks:
            fitting.setdefault(min(ranks), []).append(history)
    best = fitting[min(fitting)] if fitting else []
    return tuple(sorted(best, key=lambda h: -h.documents))


def _fits(wanted: Named, named: Named) -> int | None:
    if wanted.marks and not wanted.marks <= named.marks:
        return None
    if wanted.words == named.words:
        return 0
    if named.words.endswith(wanted.words):
        return 1
    if wanted.words in named.words and len(wanted.words) >= _LEAST_WORDS:
        return 2
    return None


_LEAST_WORDS = 3  # characters from which a part of a name can stand for it


def history_of(group: Group, renames: Renames, ended: Mapping[str, str]) -> History:
    """The history of one group; ``ended`` gives for documents that no longer hold (by id) the reason in words."""
    names: dict[str, int] = {}
    for s in group.statements:
        full = s.mention.full.strip("“”")
        names[full] = names.get(full, 0) + 1
    ranked = sorted(names, key=lambda n: (name_of(n).words != n, -len(name_of(n).words), -names[n], n))
    words = max((s.mention.named for s in group.statements), key=lambda n: len(n.words))
    disputes: list[Dispute] = []
    leads = leads_of(group.statements, renames, ended, disputes)
    deadlines = deadlines_of(group.statements, ended, disputes)
    states = states_of(group.statements, ended, disputes)
    said = "\x00".join((words.words, *sorted(words.marks), group.statements[0].told.document_id))
    return History(
        id="o" + hashlib.sha256(said.encode()).hexdigest()[:16],
        name=shown(ranked[0]),
        names=tuple(ranked),
        statements=group.statements,
        leads=leads,
        deadlines=deadlines,
        states=states,
        disputes=tuple(disputes),
        joined=tuple(f"“{j.left}”与“{j.right}”视为同一事项：{j.reason}" for j in group.joined),
        near=group.near,
    )


def ended_documents(links: Iterable[Link], titles: Mapping[str, str]) -> dict[str, str]:
    """The documents that no longer hold, by id, each with what ended it in words."""
    verbs = {
        LinkKind.REPEALS: "废止",
        LinkKind.REPLACES: "代替",
        LinkKind.SUPERSEDES: "新版代替",
        LinkKind.SUSPENDS: "停止执行",
    }
    return {
        link.object: f"文件已由《{titles.get(link.subject, '后一文件')}》{verbs[link.kind]}"
        for link in sorted(links)
        if link.kind in verbs
    }
