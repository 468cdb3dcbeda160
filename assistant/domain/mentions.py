"""What one document says of each thing it names: who leads, by when, how far, and what it changes.

A mention is derived data, like an entry of the ledger: one document read by the same rules gives the same mentions,
so they are kept by edition. Only what is said of the thing itself counts. 落实基地的配套资金 is a duty of its own and
says nothing of who leads the base; a sentence under the heading 建设基地 that names no other thing speaks of the base.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from assistant.domain.changes import Change, read_changes, read_table_change
from assistant.domain.commitments import ASKS_ONLY, Entry
from assistant.domain.dates import find_dates
from assistant.domain.deadlines import DeadlineMention
from assistant.domain.identity import find_document_numbers
from assistant.domain.ledger import meant_by, own_words
from assistant.domain.objects import ALLIANCES, Found, Named, find_objects, name_of
from assistant.domain.policy import Clause, ClauseKind, Document, Span
from assistant.domain.progress import Progress, progress_of, state_of_heading
from assistant.domain.resolution import anchor_of, resolve
from assistant.domain.text import sentences

Says = Literal["duty", "change", "progress"]
Stage = Literal["start", "middle", "end"]


@dataclass(frozen=True, slots=True)
class Mention:
    """One statement on one thing; ``text[start:end] == quote`` always holds.

    ``name`` is the thing as written, ``full`` with what the document leaves out (联合体 in a document about one).
    ``leads`` is empty where the statement names no lead; units are given as known outside the document. ``was`` and
    ``was_limit`` are what a change replaces, ``change`` its kind. ``due_on`` is the last day of ``limit`` (ISO 8601),
    ``stage`` how far the thing must be by then (end: built, held, issued). ``on`` is the day of what was done.
    """

    name: str
    full: str
    says: Says
    path: str
    page: int | None
    start: int
    end: int
    quote: str
    table: bool = False
    attached: bool = False
    leads: tuple[str, ...] = ()
    cooperating: tuple[str, ...] = ()
    role: str = ""
    inherited: bool = False
    limit: str | None = None
    limit_kind: str = "none"
    due_on: str | None = None
    due_inferred: bool = False
    stage: Stage = "end"
    state: str = "unclear"
    cue: str | None = None
    on: str | None = None
    on_inferred: bool = False
    change: str | None = None
    proposed: bool = False
    was: tuple[str, ...] = ()
    was_limit: str | None = None
    entry_id: str | None = None

    @property
    def named(self) -> Named:
        """The full name, taken apart for comparison."""
        return name_of(self.full)


@dataclass(frozen=True, slots=True)
class Renamed:
    """A body or a thing that a document says is called otherwise now."""

    was: str
    now: str
    path: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Told:
    """All that one document says of things, and what is needed to put it beside others.

    ``dated`` is its 成文日期 (印发, 发布) in ISO 8601, ``year`` alone where only the number gives one. ``about`` is the
    one alliance that the title names; ``cites`` are numbers and plain titles of the documents that it speaks of.
    """

    document_id: str
    title: str
    number: str | None
    kind: str
    dated: str | None
    year: int | None
    dated_by: str  # 成文日期, 印发日期, 发布日期, 文号年份; empty where nothing dates it
    about: str
    national: bool
    cites: tuple[str, ...]
    mentions: tuple[Mention, ...]
    renamed: tuple[Renamed, ...]

    def to_json(self) -> dict[str, Any]:
        """All of it, to be kept; :meth:`from_json` reads it back."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Told:
        """Raises KeyError or TypeError where ``data`` is no such value."""
        mentions = tuple(
            Mention(**{**m, **{k: tuple(m[k]) for k in ("leads", "cooperating", "was")}}) for m in data["mentions"]
        )
        renamed = tuple(Renamed(**r) for r in data["renamed"])
        return cls(**{**data, "cites": tuple(data["cites"]), "mentions": mentions, "renamed": renamed})


def plain_title(title: str) -> str:
    """A title for comparison: without 《》, brackets behind it and white space."""
    return "".join(re.sub("[（(][^（）()]{0,30}[）)]$", "", title.strip("《》 　")).split())


def told_by(document: Document, entries: Sequence[Entry]) -> Told:
    """Read a document; ``entries`` are its ledger (:func:`assistant.domain.commitments.entries_of`).

    Of a proposal, whose sentences ask, only dates and names of documents are read.
    """
    anchor = anchor_of(document)
    about, called = _about(document)
    reader = _Reader(document, called)
    mentions: list[Mention] = []
    renamed: list[Renamed] = []
    if document.kind != ASKS_ONLY:
        mentions, renamed = reader.read(entries)
    return Told(
        document_id=document.id,
        title=document.title,
        number=document.number,
        kind=document.kind,
        dated=anchor.day.isoformat() if anchor and anchor.day else None,
        year=anchor.year if anchor else None,
        dated_by=anchor.source if anchor else "",
        about=about,
        national=_national(document),
        cites=_cites(document),
        mentions=tuple(sorted(mentions, key=lambda m: (m.start, m.end, m.says))),
        renamed=tuple(renamed),
    )


_NATIONAL = re.compile("^(?:国务院|中共中央|中央|国家|全国|中国|[一-鿿]{2,8}部(?:$|[、 　]))")
_NATIONAL_NUMBER = re.compile("^(?:国发|国办|国函|中办|中发|国令)")
_TITLE = re.compile("《([^《》\n]{4,80})》")
_CITED = 200


def _national(document: Document) -> bool:
    issuer = document.field("issuer")
    return bool(issuer and _NATIONAL.match(issuer.value)) or bool(_NATIONAL_NUMBER.match(document.number or ""))


def _about(document: Document) -> tuple[str, str]:
    """The one alliance that the title names, in words for comparison and as written; empty for none or several."""
    title = document.title
    # Cut behind each 联合体: 某联合体理事会会议纪要 is about the alliance as well.
    cuts = [title[: m.end()] for m in re.finditer("|".join(ALLIANCES), title)]
    named = {
        f[-1].named.words: f[-1].named.written for cut in cuts if (f := find_objects(cut)) and not f[-1].named.bare
    }
    return next(iter(named.items())) if len(named) == 1 else ("", "")


def _cites(document: Document) -> tuple[str, ...]:
    numbers = [number for _, number in find_document_numbers(document.text)]
    titles = [plain_title(m.group(1)) for m in _TITLE.finditer(document.text)]
    return tuple(dict.fromkeys([*(n for n in numbers if n != document.number), *titles]))[:_CITED]


_LEAD_ROLE = re.compile("牵头|主办|主责|负责|责任|承办|承担|统筹")
_STATES_LEAD = frozenset(("by", "leads", "bracket", "label", "is unit", "reassigned", "inherited"))
_ACTS_ONLY = frozenset(
    ("by verb", "subject", "plain", "named", "dated", "asked")
)  # 竞赛由甲制定方案: the duty is the paper, not the contest
_SHARED = re.compile("按(?:照)?(?:各自)?(?:职责|职能|任务)分工|按职责")
_SUBJECT = re.compile(
    "^(?:(?:建设|筹建|编制|创建|改造|实施|推进|组建)?(?:任务|工作|项目|工程|事项|事宜)?)[，,]?(?:拟|将|要|继续|暂|现|已|均|主要|具体|统一)?由"
)
# 机制已正式运行，由甲牵头。 The sentence must end with the lead: …，由乙负责资金 is of another matter.
_THEN_LED = re.compile("^[^，。；的]{0,24}[，,](?:现|仍|并|具体)?由")
_LEADS_ALL = re.compile("(?:牵头|负责|主办)(?:推进|实施|建设|落实)?(?:[，,][^，。；]{2,40}(?:配合|参与|协助))?[。；]?$")
_FOUNDED = re.compile("^(?:正式|成功|顺利|已)*(?:于[^，。；]{2,14}(?:正式|成功|顺利|已)*){0,2}(?:揭牌|挂牌)?成立")
_ATTRIBUTE = re.compile(
    "(?:牵头|负责|主办|承办)(?:组织|建设|组建|筹建|推进|实施)?的(?:[0-9一二三四五六七八九十]{1,3}个)?$"
)
_MEASURE = re.compile(
    "^(?:积极|加快|抓紧|继续|着力|大力|全面|统筹|推进|推动|加强|深化)*(?:新建|改建|扩建|共建|建设|建成|建立|设立|成立|组建|筹建|打造|搭建|构建|创建|开发|完善|健全|优化|开展|举办|承办|召开|制定|编制|编印|修订|出台|印发|发布|实施|布局|推进|推动|推广|培育|做好|办好|抓好|用好|搭好|盘活|启动|提高|组织|开放|引进|选派)"
)
_BEFORE_TASK = (
    "(?:[0-9年月日底前内上下半旬季度第一二三四，,\\s]|每年|今年|明年|积极|加快|抓紧|继续|着力|具体|统一|共同|联合|尽快|适时|研究){0,30}"
)
_TASK_LEAD = re.compile(
    f"^{_BEFORE_TASK}(?:会同[^，。；]{{2,30}}?{_BEFORE_TASK}){{0,2}}"
    "(?:推进|推动|开展|组织|负责|做好|抓好|完成|启动|实施)?(?:新建|改建|扩建|共建|建设|建成|建立|设立|成立|组建|筹建|打造|搭建|构建|创建|开发|制定|制订|编制|编印|起草|修订|出台|印发|发布|公布|召开|举办|承办|举行|开展|上线)?"
    "(?:[0-9一二三四五六七八九十两]{1,4}(?:个|场|次|处|所|家|项|套|座|批|支))?$"
)
_AFTER_TASK = re.compile(
    "^(?:[0-9一二三四五六七八九十两不少于至]{0,6}[个场次处所家项套座批支期])?(?:建设|筹建|编制|创建|试点|上线|试运行|上线试运行|改造|组建|修订|工作|任务|项目|工程|方案编制|初稿)*(?:[，。；、,;.）)\n]|$)"
)
_ELLIPTIC = re.compile("(?:建成|完成|投入使用|投用|上线|竣工|验收|印发|发布|召开|举办|启用|开通|挂牌|成立|落地|实施)")
_ALIAS = re.compile('[（(]以下(?:统)?简称[“"]?([^“”"（）()]{2,16})[”"]?[）)]')
_STAGES: tuple[tuple[Stage, re.Pattern[str]], ...] = (
    (
        "end",
        re.compile(
            "建成|竣工|投入使用|投用|上线|启用|开通|运行|召开|举办|举行|印发|出台|发布|成立|挂牌|揭牌|验收|办结|组建|落地|完成建设|全面完成|实现|达到|到位|交付"
        ),
    ),
    ("middle", re.compile("安装|调试|主体|封顶|招标|采购|设备|初稿|征求意见|报(?:市|省|县)?政府|送审|审定|试点|测试")),
    ("start", re.compile("启动|开工|动工|选址|立项|着手|前期|可研|调研|勘察|制定方案|完成方案|方案编制|部署|设计")),
)


def stage_of(text: str) -> Stage:
    """How far a thing must be by a limit, by the verb beside it: 开工 is a start, 设备安装 on the way, 建成 the end."""
    found = [stage for stage, pattern in _STAGES if pattern.search(text)]
    if "middle" in found and "end" not in found:
        return "middle"
    if "start" in found and "end" not in found:
        return "start"
    return "end"


class _Reader:
    """Reads one document; holds what the names in it are short for."""

    def __init__(self, document: Document, about: str) -> None:
        """``about`` is the alliance that a bare 联合体 means here."""
        self._document = document
        self._about = about
        self._aliases = _aliases(document)
        self._anchor = anchor_of(document)
        self._own = {c.id: own_words(document, c) for c in document.clauses}
        parents = {c.id: c for c in document.clauses}
        self._over = {c.id: parents.get(c.parent_id or "") for c in document.clauses}

    def read(self, entries: Sequence[Entry]) -> tuple[list[Mention], list[Renamed]]:
        by_clause: dict[str, list[Entry]] = {}
        for entry in entries:
            by_clause.setdefault(entry.clause_id, []).append(entry)
        mentions: list[Mention] = []
        renamed: list[Renamed] = []
        for clause in self._document.clauses:
            if clause.kind not in (ClauseKind.BODY, ClauseKind.TABLE):
                continue
            changed = list(self._changes(clause))
            renamed += [
                Renamed(c.was[0], c.now[0], clause.path, c.span.start, c.span.end, c.span.of(self._document.text))
                for c in changed
                if c.kind == "renamed" and not c.proposed
            ]
            own = [c for c in changed if c.kind != "renamed"]
            mentions += [m for c in own if (m := self._of_change(clause, c))]
            spans = [c.span for c in own if c.kind in ("lead", "leaves")]
            duties = list(self._duties(clause, by_clause.get(clause.id, ()), spans))
            mentions += duties
            mentions += self._progress(clause, duties)
        return mentions, renamed

    # ---- changes -----------------------------------------------------------------------------------------------

    def _changes(self, clause: Clause) -> Iterator[Change]:
        text, span = self._document.text, self._own[clause.id]
        if clause.kind is ClauseKind.TABLE:
            yield from read_table_change(text, span)
        else:
            yield from read_changes(text, span)

    def _of_change(self, clause: Clause, change: Change) -> Mention | None:
        named = self._matter(clause, change.matter, change.span)
        if named is None:
            return None
        mention = self._mention(clause, change.span, named, "change")
        mention = replace(mention, change=change.kind, proposed=change.proposed, stage=stage_of(change.matter))
        if change.kind in ("lead", "leaves"):
            was, now = (tuple(self._known(u) for u in units) for units in (change.was, change.now))
            return replace(mention, was=was, leads=now, cooperating=change.cooperators, role="牵头")
        limit = change.now[0]
        if change.kind == "shift":
            return replace(mention, limit=limit, limit_kind="relative")
        resolved = resolve(DeadlineMention(limit, Span(0, len(limit)), "fixed"), self._anchor)
        return replace(
            mention,
            limit=limit,
            limit_kind="fixed",
            due_on=resolved.end.isoformat() if resolved.end else None,
            due_inferred=resolved.inferred,
            was_limit=change.was[0] if change.was else None,
        )

    def _matter(self, clause: Clause, matter: str, span: Span) -> tuple[str, str] | None:
        """What a change is about: its own words, else the clause above it, else what the clause named before."""
        matter = _REASON.sub("", matter)
        said = find_objects(matter) if clause.kind is not ClauseKind.TABLE else []
        for found in reversed(said):
            if full := self._full(clause, found.named, span.start):
                return found.named.written, full
        if clause.kind is ClauseKind.TABLE and (named := name_of(matter)).words and not named.bare:
            return matter, matter
        if said:
            return None
        own = matter.strip("，,将对把现就 　")
        if 4 <= len(own) <= 24 and not (named := name_of(own)).bare and not _VAGUE_MATTER.search(own):
            trimmed = _LIMIT_WORDS.sub("", own)
            if not name_of(trimmed).bare:
                return trimmed, trimmed
        above: Clause | None = clause
        while above is not None:
            for found in reversed(find_objects(above.heading)):
                if not found.named.bare:
                    return found.named.written, found.named.written
            above = self._over[above.id]
        return None

    # ---- duties ------------------------------------------------------------------------------------------------

    def _duties(self, clause: Clause, entries: Iterable[Entry], changed: Sequence[Span]) -> Iterator[Mention]:
        first = True
        for entry in entries:
            if any(s.start < entry.end and entry.start < s.end for s in changed):
                continue
            named = self._object_of(clause, entry, first)
            first = False
            if named is None:
                continue
            commitment = entry.commitment
            states = entry.rule in _STATES_LEAD and _LEAD_ROLE.search(commitment.role)
            leads = entry.leads_known if states and not _SHARED.search(entry.quote) else ()
            fixed = commitment.deadline.kind in ("fixed", "relative") and not _EACH_OF.search(
                commitment.deadline.as_written or ""
            )
            event = next((e for e in entry.events if e.date), None)
            yield replace(
                self._mention(clause, Span(entry.start, entry.end), named, "duty"),
                leads=leads,
                cooperating=entry.cooperating_known,
                role=commitment.role,
                inherited=commitment.basis == "inherited",
                limit=commitment.deadline.as_written,
                limit_kind=commitment.deadline.kind,
                due_on=entry.due_on if fixed else None,
                due_inferred=entry.due_inferred,
                stage=stage_of(_beside(entry.quote, commitment.deadline.as_written)),
                state=commitment.status.state if not _part_only(entry.quote) else "in_progress",
                cue=commitment.status.cue,
                on=event.date if event else None,
                on_inferred=event.inferred if event else False,
                entry_id=entry.id,
            )

    def _object_of(self, clause: Clause, entry: Entry, first: bool) -> tuple[str, str] | None:
        """What the duty is to bring about; None where that is nothing with a name."""
        quote, task = entry.quote, entry.commitment.task
        if clause.kind is ClauseKind.TABLE:
            return (task, task) if not name_of(task).bare and len(task) <= 60 else None
        found = find_objects(quote)
        for o in found:
            after, before = _BRACKET.sub("", quote[o.span.end :]), quote[: o.span.start]
            if entry.rule in _ACTS_ONLY:
                break
            led = _THEN_LED.match(after) and _LEADS_ALL.search(quote)
            if led or _SUBJECT.match(after) or _FOUNDED.match(after) or _ATTRIBUTE.search(before):
                full = self._full(clause, o.named, entry.start)
                return (o.named.written, full) if full else None
        heading = clause.heading if not clause.heading.startswith(("关于", "对", "针对")) else ""
        whole = entry.rule in ("inherited", "bracket") or entry.start == clause.span.start
        fits = bool(heading) and len(heading) <= _LONGEST_HEADING and (whole or _MEASURE.match(heading) is not None)
        measure = named if fits and not (named := name_of(heading)).bare else None
        if whole:
            if measure:
                return heading, heading
            quote_own = quote.removeprefix(clause.label)
            return self._acted_on(clause, quote_own, entry.start) if entry.rule != "inherited" else None
        if acted := self._acted_on(clause, task, entry.start, measure):
            return acted
        if not first and not _ELLIPTIC.match(_LIMIT_OPENS.sub("", task)):
            return None
        return (heading, heading) if measure else self._just_named(clause, quote, entry.start)

    def _just_named(self, clause: Clause, quote: str, start: int) -> tuple[str, str] | None:
        """The one thing that the sentence before is about: 建设冷链基地。由市商务局牵头。"""
        before = list(sentences(self._document.text, Span(self._own[clause.id].start, start)))
        if not before or find_objects(quote):
            return None
        parts = re.split("[，；]", before[-1].of(self._document.text).removeprefix(clause.label))
        parts = [p for p in (part.strip("。 ") for part in parts) if _MEASURE.match(p)]
        named = {n[1]: n for p in parts if (n := self._acted_on(clause, p, start))}
        return next(iter(named.values())) if len(named) == 1 else None

    def _acted_on(self, clause: Clause, task: str, start: int, measure: Named | None = None) -> tuple[str, str] | None:
        """The direct object of the task's first verb."""
        task = _OWN_PERIOD.sub("", task)
        found = next(iter(find_objects(task)), None)
        if (
            found is None
            or not _TASK_LEAD.match(task[: found.span.start])
            or not _AFTER_TASK.match(task[found.span.end :])
        ):
            return None
        named = found.named
        if named.bare and measure is not None and (measure.words.endswith(named.words) or measure.head == named.head):
            marks = "".join(sorted(named.marks - measure.marks))  # 首批目录 under 编制人才需求目录
            return (named.written, marks + measure.words) if marks else (clause.heading, clause.heading)
        full = self._full(clause, named, start)
        return (named.written, full) if full else None

    # ---- progress ----------------------------------------------------------------------------------------------

    def _progress(self, clause: Clause, duties: Sequence[Mention]) -> Iterator[Mention]:
        if clause.kind is ClauseKind.TABLE:
            return
        text = self._document.text
        ruled = self._ruled_by_heading(clause)
        if ruled is not None and clause.heading and not state_of_heading(clause.heading):
            named = name_of(clause.heading)
            if not named.bare and len(clause.heading) <= 30:
                span = _trimmed(text, clause.span)
                day = self._day_in(span.of(text))
                yield replace(
                    self._mention(clause, span, (clause.heading, clause.heading), "progress"),
                    state=ruled.state,
                    cue=ruled.cue,
                    on=day[0] if ruled.state == "done" else None,
                    on_inferred=day[1] if ruled.state == "done" else False,
                )
                return
        for sentence in sentences(text, self._own[clause.id]):
            written = sentence.of(text)
            for found, progress in progress_of(written, find_objects(written)):
                full = self._full(clause, found.named, sentence.start)
                said = (d for d in duties if d.start < sentence.end and sentence.start < d.end and d.state != "unclear")
                if not full or any(d.named.words == name_of(full).words for d in said):
                    continue
                day = self._day_in(progress.words)
                day = day if day[0] else self._day_in(written[: found.span.start])
                done = progress.state == "done"
                yield replace(
                    self._mention(clause, sentence, (found.named.written, full), "progress"),
                    state=progress.state,
                    cue=progress.cue,
                    on=day[0] if done else None,
                    on_inferred=day[1] if done else False,
                )

    def _ruled_by_heading(self, clause: Clause) -> Progress | None:
        above = self._over[clause.id]
        while above is not None:
            if found := state_of_heading(above.heading):
                return found
            above = self._over[above.id]
        return None

    def _day_in(self, written: str) -> tuple[str | None, bool]:
        """The first day that a sentence dates, and whether its year is inferred (推断)."""
        for found in find_dates(written):
            if found.day is None or not found.possible or re.match("[前内底]|以?之?前|之内", written[found.span.end :]):
                continue
            if found.iso:
                return found.iso, False
            if self._anchor is None or found.month is None:
                return None, False
            last = written[: found.span.start].endswith("去年")
            return f"{self._anchor.year - last:04d}-{found.month:02d}-{found.day:02d}", True
        return None, False

    # ---- names -------------------------------------------------------------------------------------------------

    def _full(self, clause: Clause, named: Named, before: int) -> str:
        """The name with what the document leaves out; empty where a bare kind (平台) cannot be told."""
        if named.words in self._aliases:
            return self._aliases[named.words]
        if not named.bare:
            return named.written
        if named.words == ALLIANCES[0]:
            return self._about
        text = self._document.text[max(0, before - _LOOK_BACK) : before]
        earlier = [f.named for f in find_objects(text) if f.named.head == named.head and not f.named.bare]
        if len({n.words for n in earlier}) == 1 and named.words == named.head and not named.marks:
            return earlier[-1].written
        return ""

    def _known(self, unit: str) -> str:
        return meant_by(self._document, unit)

    def _mention(self, clause: Clause, span: Span, named: tuple[str, str], says: Says) -> Mention:
        span = _trimmed(self._document.text, span)
        return Mention(
            name=named[0],
            full=named[1],
            says=says,
            path=clause.path,
            page=self._document.page_of(span.start),
            start=span.start,
            end=span.end,
            quote=span.of(self._document.text),
            table=clause.kind is ClauseKind.TABLE,
            attached=clause.path.startswith("附"),
        )


_LONGEST_HEADING = 30  # characters up to which a heading can be a name
_BRACKET = re.compile("^[（(][^（）()]{0,30}[）)]")  # 联合体（以下简称…）拟由…
_LOOK_BACK = 400  # characters in which a bare kind (该基地) finds its name
_EACH_OF = re.compile("各[0-9一二两三四]")  # 上半年、下半年各1场 has no one day
_OWN_PERIOD = re.compile("^自[^，。；]{2,16}之日起[^，。；]{0,8}?内[，,]?")
_VAGUE_MATTER = re.compile("^(?:该|此|这|上述|以上|其|有关|相关|部分|其他|各)|任务$|工作$|事项$|时限$")
_REASON = re.compile("[，,]?(?:因|由于|鉴于|考虑到)[^，。；]{2,40}[，,]")  # 开放工作，因安全评估延后，时限…
_LIMIT_WORDS = re.compile(
    "(?:的)?(?:建成|完成|上线|试运行|上线试运行|召开|举办|实施|建设)?(?:时限|期限|时间|日期|工期|节点)$"
)
_LIMIT_OPENS = re.compile(
    "^(?:(?:[0-9]{4}年|今年|明年|每年)?[0-9一二三四五六七八九十]{0,3}月?(?:底|末|中旬|上旬|下旬)?(?:以?之?前|内)?[，,]?)"
)
_PART = re.compile(
    "(?:土建|主体|地基|基础|设备|软件开发|前期|招标|选址|方案|初稿|部分)[^，。；]{0,8}已(?:经)?(?:完成|到位|启动|起草)|已(?:完成|启动)(?:前期|选址|土建|主体|初稿|调研)"
)


def _part_only(quote: str) -> bool:
    """Whether what is done is but a part of the thing (土建已完成，正在安装)."""
    return bool(_PART.search(quote))


def _beside(quote: str, limit: str | None) -> str:
    """The words that a limit is for: those behind it up to the next stop, else those before it."""
    if not limit or (at := quote.find(limit)) < 0:
        return ""
    behind = re.split("[，。；\n]", quote[at + len(limit) :], maxsplit=1)[0]
    return behind if len(behind) > 1 else quote[max(0, at - 20) : at]


def _aliases(document: Document) -> dict[str, str]:
    found: dict[str, str] = {}
    for match in _ALIAS.finditer(document.text):
        before = document.text[max(0, match.start() - 30) : match.start()]
        last = next((f for f in reversed(find_objects(before)) if f.span.end == len(before)), None)
        if last is not None and not last.named.bare:
            found[name_of(match.group(1)).words] = last.named.written
    return found


def _trimmed(text: str, span: Span) -> Span:
    written = span.of(text)
    start = span.start + len(written) - len(written.lstrip())
    return Span(start, max(start, span.start + len(written.rstrip())))


__all__ = ["Found", "Mention", "Renamed", "Told", "plain_title", "stage_of", "told_by"]
