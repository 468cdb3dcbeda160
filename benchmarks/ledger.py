"""How well the ledger is read: clauses of our own, bracketed duties and time limits of real documents, and the speed.

``python -m benchmarks.ledger [CORPUS] [--rows ROWS.json] [--texts FOLDER] [--wrong]`` prints, as far as the documents
are there: precision, recall and F1 by field over ``tests/ledger/clauses.jsonl`` (own words, in batches, each written
before the code had seen it: what each gave at first stands in docs/phrasings.md); time limits in own words
(``tests/ledger/limits.jsonl``, likewise); bracketed duties of the three State
Council documents, each held against a reading that shares nothing with the rules; time limits against
``tests/ledger/deadlines.jsonl``; bytes of text a minute; how long lists, the timeline and the files of 10,000
commitments take, a tenth of them reviewed. ``--rows`` and ``--texts`` write what an outside grader needs:
the rows as JSON and the plain texts. ``--wrong`` lists what was read wrongly. The exit code is 1 when a bar is missed.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from assistant.adapters.workdays import is_workday
from assistant.domain.language.deadlines import DeadlineMention, find_deadlines
from assistant.domain.language.resolution import Anchor, anchor_of, resolve
from assistant.domain.ledger.commitments import Entry, entries_of
from assistant.domain.ledger.extraction import Row, full_ledger_of, ledger_of, limit_of
from assistant.domain.ledger.reviews import Changes, Decision, decided
from assistant.domain.ledger.selection import Filters, Selection
from assistant.domain.ledger.standing import standing
from assistant.domain.ledger.timeline import timeline
from assistant.domain.policy import Clause, ClauseKind, Document, Field, Span, document_id, part_id
from assistant.faces.ledger_chart import svg
from assistant.faces.ledger_files import csv_bytes
from ingest.parse import parse

LABELS = Path(__file__).resolve().parent.parent / "tests" / "ledger"
BRACKETED = ("0005", "0009", "0015")
_BAR = {"clauses": 0.95, "brackets": 0.98, "precision": 0.95, "recall": 0.9, "speed": 5.0, "list": 100.0}


@dataclass(slots=True)
class Score:
    """Counts of what was right, too much and missed."""

    right: int = 0
    extra: int = 0
    missed: int = 0
    wrong: list[str] = field(default_factory=list)

    def add(self, expected: Iterable[Any], found: Iterable[Any], where: str) -> None:
        """Compare two collections of facts, with multiplicity."""
        gold, got = Counter(expected), Counter(found)
        self.right += (gold & got).total()
        self.extra += (got - gold).total()
        self.missed += (gold - got).total()
        if gold != got:
            self.wrong.append(f"{where}: missed {list((gold - got).elements())}, extra {list((got - gold).elements())}")

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.extra or 1)

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missed or 1)

    @property
    def f1(self) -> float:
        return 2 * self.right / (2 * self.right + self.extra + self.missed or 1)

    def __str__(self) -> str:
        return (
            f"P {self.precision:.3f}  R {self.recall:.3f}  F1 {self.f1:.3f}  "
            f"({self.right} right, {self.extra} extra, {self.missed} missed)"
        )


# ---- clauses in own words ------------------------------------------------------------------------------------------

ISSUED = "2024-03-15"


def labelled(name: str) -> list[dict[str, Any]]:
    """The cases of one labelled set."""
    lines = (LABELS / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def document_of(case: dict[str, Any]) -> Document:
    """A notice of 15 March 2024 whose only clause is the case's text, below the clause ``above`` where it has one.

    ``kind`` table makes the text a row of a table.
    """
    parts = [("一、", case["above"], 1), ("（一）", case["text"], 2)] if "above" in case else [("", case["text"], 0)]
    text = "\n".join(label + written for label, written, _ in parts)
    identity = document_id(text)
    clauses: list[Clause] = []
    start = 0
    for label, written, level in parts:
        span = Span(start, start + len(label + written))
        parent = clauses[-1].id if clauses else None
        place = part_id(identity, "c", span)
        kind = ClauseKind.TABLE if case.get("kind") == "table" else ClauseKind.BODY
        clauses.append(Clause(place, identity, len(clauses), parent, label, label, "", level, kind, span))
        start = span.end + 1
    fields = (
        Field("issued_on", ISSUED, "2024年3月15日", Span(0, 0)),
        Field("issuer", "江城市教育局", "江城市教育局", Span(0, 0)),
    )
    return Document(identity, "通知", "通知", case["id"], text, (), fields, tuple(clauses))


def clause_scores(cases: Iterable[dict[str, Any]]) -> dict[str, Score]:
    """Scores by field over labelled clauses; rows are told apart by their units. Tasks count where labelled."""
    scores = {name: Score() for name in ("lead", "cooperating", "role", "basis", "status", "deadline", "date", "task")}
    for case in cases:
        document = document_of(case)
        rows = [r for r in full_ledger_of(document) if r.clause.id == document.clauses[-1].id]
        wanted = [_wanted(row) for row in case["rows"]]
        found = [_facts(row, any(facts["task"] for facts in wanted)) for row in rows]
        where = f"{case['id']} {case['text']}"
        for name, score in scores.items():
            score.add((f for facts in wanted for f in facts[name]), (f for facts in found for f in facts[name]), where)
    return scores


def total(scores: Iterable[Score]) -> Score:
    """All counts together: the micro average."""
    scores = list(scores)
    return Score(sum(s.right for s in scores), sum(s.extra for s in scores), sum(s.missed for s in scores))


def _facts(row: Row, with_task: bool) -> dict[str, list[Any]]:
    duty, limit = row.duty, limit_of(row, is_workday)
    key = "、".join(duty.leads or duty.cooperators)
    return {
        "lead": list(duty.leads),
        "cooperating": list(duty.cooperators),
        "role": [(key, duty.role)],
        "basis": [(key, row.basis)],
        "status": [(key, duty.status.state)],
        "deadline": [(key, limit.as_written, limit.kind)] if limit else [],
        "date": [(key, limit.end.isoformat())] if limit and limit.end else [],
        "task": [duty.task] if with_task else [],
    }


def _wanted(row: dict[str, Any]) -> dict[str, list[Any]]:
    key = "、".join(row["leads"] or row["cooperators"])
    limit = row["deadline"]
    return {
        "lead": row["leads"],
        "cooperating": row["cooperators"],
        "role": [(key, row["role"])],
        "basis": [(key, row["basis"])],
        "status": [(key, row["status"])],
        "deadline": [(key, limit["as_written"], limit["kind"])] if limit else [],
        "date": [(key, limit["date"])] if limit and limit["date"] else [],
        "task": [row["task"]] if row.get("task") else [],
    }


def limit_scores(cases: Iterable[dict[str, Any]]) -> tuple[Score, Score]:
    """Limits in own words: as written with their kind, and the days that they mean in a notice of 15 March 2024."""
    found_score, day_score = Score(), Score()
    for case in cases:
        text = case["text"]
        anchor = anchor_of(document_of(case))
        mentions = find_deadlines(text)
        found_score.add(
            [(x["as_written"], x["kind"]) for x in case["limits"]], [(m.as_written, m.kind) for m in mentions], text
        )
        means = [_means(text, mention, anchor) for mention in mentions]
        day_score.add([x["date"] for x in case["limits"] if x["date"]], [day for day in means if day], text)
    return found_score, day_score


def _means(text: str, mention: DeadlineMention, anchor: Anchor | None) -> str | None:
    start, end = mention.span.start, mention.span.end
    around = text[max(0, start - 24) : start], text[end : end + 12]
    resolved = resolve(mention, anchor, before=around[0], after=around[1], is_workday=is_workday)
    return resolved.end.isoformat() if resolved.end else None


# ---- bracketed duties of real documents ----------------------------------------------------------------------------

_BRACKET = re.compile("（([^（）]{2,200}?)负责(?:，排在第一位的部门为牵头部门，下同|。列第一位者为牵头单位，下同)?）")
_GROUP = re.compile("(?:等)?(?:和)?各(?:有关)?(?:省级人民政府|地区)$|等(?:有关)?(?:部门|单位)?$")
_FIRST_LEADS = re.compile("第一位(?:者|的部门)为牵头")


def bracketed(document: Document) -> Iterator[tuple[int, frozenset[str], frozenset[str]]]:
    """Each bracketed duty: where the bracket ends, its leads and its other units; brackets of groups only are none."""
    first_leads = False
    for match in _BRACKET.finditer(document.text):
        first_leads = first_leads or bool(_FIRST_LEADS.search(match.group()))
        inner, joint = match.group(1), match.group(1).endswith("牵头")
        names = [n for n in _GROUP.sub("", inner.removesuffix("牵头")).split("、") if n]
        if names:
            leads = names if joint or not first_leads else names[:1]
            yield match.end(), frozenset(leads), frozenset(names) - frozenset(leads)


def bracket_score(documents: Iterable[Document]) -> Score:
    """Bracketed duties that have a row of their clause with exactly their units and parts, ending where they end."""
    score = Score()
    for document in documents:
        rows = [
            (row.quote.end, frozenset(row.duty.leads), frozenset(row.duty.cooperators))
            for row in ledger_of(document)
            if row.duty.rule == "bracket" and row.clause.span.covers(row.quote)
        ]
        score.add(bracketed(document), rows, document.source)
    return score


# ---- time limits of real documents ---------------------------------------------------------------------------------


def deadline_scores(documents: dict[str, Document]) -> tuple[Score, Score]:
    """Limits found in the documents against the labels (all that stand there are labelled), and their last days."""
    found_score, day_score = Score(), Score()
    labels = labelled("deadlines.jsonl")
    for name, document in documents.items():
        anchor = anchor_of(document)
        found: list[tuple[int, str, str]] = []
        days: dict[int, str | None] = {}
        for clause in document.clauses:
            if clause.kind not in (ClauseKind.BODY, ClauseKind.TABLE):
                continue
            text = clause.span.of(document.text)
            for mention in find_deadlines(text):
                start, end = clause.span.start + mention.span.start, clause.span.start + mention.span.end
                found.append((start, mention.as_written, mention.kind))
                moved = replace(mention, span=Span(start, end))
                days[start] = _means(document.text, moved, anchor)
        wanted: list[tuple[int, str, str]] = []
        for label in labels:
            if label["document"] == name and label["as_written"]:
                start = place_of(document.text, label)
                wanted.append((start, label["as_written"], label["kind"]))
                day_score.add([(start, label["date"])], [(start, days.get(start))], f"{name} {label['as_written']}")
        found_score.add(wanted, found, name)
    return found_score, day_score


def place_of(text: str, label: dict[str, Any]) -> int:
    """Where the labelled limit stands: its quote (the n-th occurrence) and the limit inside or from it."""
    start = -1
    for _ in range(label.get("occurrence", 1)):
        start = text.index(label["quote"], start + 1)
    return text.index(label["as_written"], start)


# ---- all of it -----------------------------------------------------------------------------------------------------


def read_all(paths: Iterable[Path]) -> dict[str, Document]:
    """The documents in files, by the name of the file without its suffix."""
    parsed = ((path.stem, parse(path.name, path.read_bytes())[0]) for path in sorted(paths))
    return {name: document for name, document in parsed if document is not None}


def proposals(corpus: Path) -> list[Document]:
    """The texts of the proposals of 2019, a document of one clause each: running prose for the speed."""
    path = corpus / "proposals-2019" / "jszx2019.csv"
    if not path.is_file():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        longest = (max((cell or "" for cell in row.values()), key=len) for row in csv.DictReader(file))
        return [document_of({"id": str(n), "text": text}) for n, text in enumerate(longest)]


def speed(documents: Iterable[Document]) -> tuple[float, float, int]:
    """Megabytes of text, megabytes a minute of processor time on one core, and rows."""
    documents = list(documents)
    size = sum(len(d.text.encode()) for d in documents) / 1e6
    started = time.process_time()
    rows = sum(len(full_ledger_of(d)) for d in documents)
    return size, 60 * size / (time.process_time() - started or 1e-9), rows


# ---- lists of many ---------------------------------------------------------------------------------------------------

DAY = date(2024, 12, 1)
LISTS: dict[str, Filters] = {
    "all": Filters(DAY),
    "lead, overdue": Filters(DAY, lead="市教育局", overdue=True),
    "unit, status, words": Filters(DAY, unit="市财政局", status="unclear", text="项目 2024"),
    "document, days, review": Filters(DAY, document="方案7", due_from=date(2024, 3, 1), review="unreviewed"),
    "done without a day, basis, role": Filters(DAY, done_undated=True, basis="explicit", role="牵头"),
}


def many(count: int) -> list[Entry]:
    """Commitments of our own clauses, repeated under other units, tasks and documents until there are so many."""
    read = [entry for case in labelled("clauses.jsonl") for entry in entries_of(document_of(case), is_workday)]
    made: list[Entry] = []
    for n in range(count):
        like = read[n % len(read)]
        extra = (f"第{n % 700}中学",) if n % 5 == 0 else ()
        task = f"{like.commitment.task}（第{n}项）"
        commitment = replace(like.commitment, task=task, cooperating_units=(*like.commitment.cooperating_units, *extra))
        number = n // 20
        made.append(replace(like, id=f"m{n}", document_id=f"d{number}", title=f"方案{number}", commitment=commitment))
    return made


def list_times(entries: list[Entry]) -> dict[str, float]:
    """Milliseconds that each takes, the best of five: the machine may be busy, a list may not."""
    said = [
        replace(
            decided(e, Decision("correct", "核对人", "核对", Changes(role="负责")), datetime.now(UTC), ""), number=n
        )
        for n, e in enumerate(entries[::10], 1)
    ]
    read = Selection.of(entries)
    found = standing(read.entries, said)
    shown = read.replacing([found.on(e) for e in read.entries if e.id in found.touched])
    page = shown.page(Filters(DAY))
    works: dict[str, Callable[[], object]] = {
        **{f"list: {name}": lambda f=f: shown.page(f, limit=50) for name, f in LISTS.items()},  # type: ignore[misc]
        "reviews found again": lambda: standing(read.entries, said),
        "timeline with picture": lambda: svg(timeline(page.entries, DAY), lambda mark: mark.entries[0].url),
        "csv of all": lambda: csv_bytes(page),
    }
    times = {}
    for name, work in works.items():
        best = float("inf")
        for _ in range(5):
            started = time.perf_counter()
            work()
            best = min(best, 1000 * (time.perf_counter() - started))
        times[name] = best
    return times


def main(arguments: list[str]) -> int:
    """Measure and print; see the module's text for the options."""
    parser = argparse.ArgumentParser(description="How well the ledger is read.")
    parser.add_argument("corpus", nargs="?", type=Path, default=Path("../shared/corpus"))
    parser.add_argument("--rows", type=Path, help="write the rows of the bracketed documents as JSON")
    parser.add_argument("--texts", type=Path, help="write their plain texts into this folder")
    parser.add_argument("--wrong", action="store_true", help="list what was read wrongly")
    options = parser.parse_args(arguments)
    wrong: list[str] = []
    cases = labelled("clauses.jsonl")
    scores = clause_scores(cases)
    wrong += [line for score in scores.values() for line in score.wrong]
    print(f"clauses in own words: {len(cases)}")
    for name, score in scores.items():
        print(f"  {name:12} {score}")
    print(f"  {'all':12} {total(scores.values())}")
    limits, days = limit_scores(labelled("limits.jsonl"))
    print(f"time limits in own words: {limits}\n  their last days: {days}")
    wrong += limits.wrong + days.wrong
    met = [total(scores.values()).f1 >= _BAR["clauses"], limits.f1 >= _BAR["clauses"]]
    times = list_times(many(10_000))
    print("10,000 commitments, 1,000 of them reviewed:")
    for name, milliseconds in times.items():
        print(f"  {name:34} {milliseconds:7.1f} ms")
    met.append(max(t for name, t in times.items() if name.startswith("list")) < _BAR["list"])
    if (options.corpus / "state-council").is_dir():
        documents = read_all((options.corpus / "state-council").glob("*.html"))
        three = [documents[name] for name in BRACKETED]
        brackets = bracket_score(three)
        limits, days = deadline_scores(documents)
        laws = [parse(path.name, path.read_bytes())[0] for path in sorted((options.corpus / "laws").rglob("*.md"))]
        read = [*documents.values(), *(law for law in laws if law), *proposals(options.corpus)]
        size, rate, rows = speed(read)
        print(f"bracketed duties of {', '.join(BRACKETED)}: {brackets}")
        print(f"time limits of {len(documents)} documents: {limits}")
        print(f"  their last days: {days}")
        print(f"speed: {size:.1f} MB of text in {len(read)} documents, {rows} rows: {rate:.0f} MB a minute on one core")
        wrong += brackets.wrong + limits.wrong + days.wrong
        met += [min(brackets.precision, brackets.recall) >= _BAR["brackets"], rate >= _BAR["speed"]]
        met += [limits.precision >= _BAR["precision"], limits.recall >= _BAR["recall"]]
        _write(three, options.rows, options.texts)
    if options.wrong:
        print("\n".join(wrong))
    return 0 if all(met) else 1


def _write(documents: list[Document], rows: Path | None, texts: Path | None) -> None:
    if rows:
        listed = [
            {"lead_units": row.duty.leads, "cooperating_units": row.duty.cooperators, "quote": row.quote.of(d.text)}
            for d in documents
            for row in ledger_of(d)
        ]
        rows.write_text(json.dumps({"rows": listed, "total": len(listed)}, ensure_ascii=False), encoding="utf-8")
    if texts:
        texts.mkdir(parents=True, exist_ok=True)
        for document in documents:
            (texts / f"{Path(document.source).stem}.txt").write_text(document.text, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
