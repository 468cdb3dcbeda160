"""Questions for documents and not for a passage: 哪些法律规定举报有奖, 哪些提案说到养老护理.

Retrieval by nearness gives the best few; here every clause of the documents of the kind is wanted that says it. So all
clauses that hold most of the question's words are taken, by their words and by what official texts call the same: what
is said in other words is not counted, and the answer tells that. Measured on the lists of
``benchmarks/retrieval_office`` (docs/retrieval.md).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.answering.retrieval.scope import Scope, is_kind
from assistant.answering.retrieval.segments import BODY, Segment, segments_in
from assistant.answering.understanding.intents import Intent
from assistant.answering.understanding.question import Understood
from assistant.domain.language.plain_words import wordings
from assistant.domain.language.text import fold, terms
from assistant.ports import DocumentInfo, Index

SAYS = 0.6
"""Share of the question's terms from which a sentence says what is asked.

Every term counts alike: by rarity, the pairs across two words (人保 of 举报人保密) weigh most, and a text that puts a
word between is missed (of 12 laws that keep informers secret 2 were found, and all 12 so). At 0.5 others come in.
"""
_IN_CLAUSE = 0.9  # a word that stands in the clause and not in the sentence counts so much
_LONE = 0.5  # a single character (奖) tells less than a pair
_REACH = 1000  # clauses that are looked at, the best by words
_AS_GOOD = 0.05  # so far under the best clause of a document its others are told too
_COMPOUND = 4  # characters of a word whose parts keep their order: 责任保险 is no 保险…责任
_ROOM, _EACH = 8, 3  # a word's parts stand within so many characters, and so many for each of its own
_LAW = "法律法规|法律|法规|条例|法(?=[里中规要都有])"
_OTHER = "提案|文件|办法|规定(?=[里中都有对])|方案|通知|意见"
_SAY = "(?:规定|要求|写明|写|提[出到及]?|说到?|讲到?|涉及|明确|定下来?)?[了过到]?"
_SUBJECTS = (
    re.compile(f"(?:哪(?:些|几[部个份件项篇])|几[部份件])(?P<kind>{_LAW}|{_OTHER})(?:里面?|当?中|[都有对])*{_SAY}"),
    re.compile(f"的(?P<kind>{_LAW}|{_OTHER})(?:都|一共|总共)?有(?:哪些|哪几[部份件])"),
    re.compile(f"^(?P<kind>法律|法规|提案|文件)(?:里面?|当?中)(?:{_SAY}的?)(?=.+有哪些)"),
)
_LAWS = ("法律法规", "法律", "法规", "条例", "法")
# Asked of laws these name what the laws say, and no row of the ledger.
_OF_LAWS = (Intent.CONTENT, Intent.ASKS, Intent.LEAD, Intent.COOPERATION, Intent.PROGRESS, Intent.DEADLINE)
# Words that ask, point or join and that a text which says the same may leave out.
_JOINING = re.compile(
    "这样的?|这么|那么|类似的?|相关的?|都?有哪些|哪些|规定|要求|情况|进行|能够|可不可以|可以|允许|应当|应该|必须|需要|不(?:能|得|准|许)再?|[的了]|写[到明]|[提说讲]到"
    "|(?<![功性技职可机智才潜产效节核阳])能(?![源力量耗否够效手见])|(?<![主重必首摘纪概提简需])要(?![求素点件害闻职目])"
)
_OR = re.compile("、|或者?(?!许)|以及")
_EDGES = re.compile(  # at the ends of a word
    "^(?:[替为给对让把被由向跟与和要会能在有都也就]|里面?|当?中(?=[，。]))(?!计|议|外|象|主|素|予|效|关|校|机|害|色|期|职)|[在里中上内有都也]$"
)
_EMPTY = ("", "有", "是", "这", "那", "对", "把")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Documents of a kind (文件 for any) that say ``words``, or any of them where there are several."""

    kind: str
    words: tuple[str, ...]


def wanted(question: Understood, scope: Scope) -> Wanted | None:
    """What documents a question asks for; None where it names its documents or asks for something else."""
    match = next((m for pattern in _SUBJECTS if (m := pattern.search(question.text))), None)
    if match is None or scope.by_focus or question.numbers or question.proposals or question.titles:
        return None
    of_law = match["kind"] in _LAWS
    if question.intent not in (_OF_LAWS if of_law else (Intent.CONTENT, Intent.ASKS)):
        return None
    rest = f"{question.text[: match.start()]} {question.text[match.end() :]}"
    ways = tuple(dict.fromkeys(way for part in _OR.split(rest) if (way := _matter(part))))
    enough = len(ways) > 1 or any(len(way.replace(" ", "")) > 2 for way in ways)  # 罚款 alone is in all of them
    return Wanted(match["kind"], ways) if enough else None


def _matter(text: str) -> str:
    """The words of a question that a text has to say, parted by spaces; empty where they are too few."""
    runs = _JOINING.sub(" ", re.sub(r"[^\w]+", " ", text)).split()
    words = " ".join(run for run in (_EDGES.sub("", r) if len(r) > 2 else r for r in runs) if run not in _EMPTY)
    return words if len(words.replace(" ", "")) > 1 else ""


def among(asked: Wanted, held: Sequence[DocumentInfo]) -> list[str]:
    """The ids of the documents that are looked through."""
    return [info.id for info in held if asked.kind == "文件" or _of_kind(info, asked.kind)]


def tellers(index: Index, asked: Wanted, documents: Sequence[str]) -> tuple[Segment, ...]:
    """The clauses of these documents that say it, each by its best sentence; those of the best documents first."""
    ways = [way for words in asked.words for way in wordings(words)]
    hits = index.lexical(" ".join(ways), _REACH, None if asked.kind == "文件" else documents)
    chunks = index.chunks([hit.chunk_id for hit in hits])
    around = {key: fold(chunk.text) for key, chunk in chunks.items()}
    runs_of = [_runs(way) for way in ways]
    found: dict[str, dict[str, tuple[float, Segment]]] = {}
    for hit in hits:
        chunk = chunks.get(hit.chunk_id)
        if chunk is None:
            continue
        clause_says = around[hit.chunk_id]
        if max(_share(runs, "", clause_says) for runs in runs_of) < SAYS * _IN_CLAUSE:
            continue
        document = index.document(chunk.document_id)
        clause = document.clause_at(chunk.span.start) if document else None
        if document is None or clause is None or clause.kind not in BODY:
            continue
        for segment in segments_in(document, document.passage(clause)):
            said = fold(segment.text)
            share = max(_share(runs, said, clause_says) for runs in runs_of)
            of_clause = found.setdefault(document.id, {})
            if share >= SAYS and (clause.id not in of_clause or share > of_clause[clause.id][0]):
                of_clause[clause.id] = (share, segment)
    return tuple(_ordered(found))


def _ordered(found: Mapping[str, Mapping[str, tuple[float, Segment]]]) -> list[Segment]:
    """The clauses of the best documents first, those of one as they stand in it, without what is far under its best."""
    best = {document: max(s for s, _ in told.values()) for document, told in found.items() if told}
    segments: list[Segment] = []
    for document in sorted(best, key=lambda d: -best[d]):
        near = [segment for share, segment in found[document].values() if share >= best[document] - _AS_GOOD]
        segments += sorted(near, key=lambda s: s.span)
    return segments


def _runs(words: str) -> list[tuple[str, list[str]]]:
    """Each word with its terms: pairs of characters, whole numbers and Latin words."""
    found: list[tuple[str, list[str]]] = []
    for run in words.split():
        pairs = [t for t in terms(run) if len(t) > 1 or t.isascii()] or terms(run)
        found.append((run, pairs))
    return found


def _share(runs: Sequence[tuple[str, Sequence[str]]], said: str, around: str) -> float:
    """How much of the terms a sentence and its clause hold, both folded; 0 where some word is wholly missing."""
    held = total = 0.0
    for run, pairs in runs:
        count = max(_together(run, pairs, said), _IN_CLAUSE * _together(run, pairs, around))
        if not count:
            return 0.0
        weight = _LONE if len(pairs) == 1 and len(pairs[0]) == 1 else 1.0
        held += weight * count
        total += weight * len(pairs)
    return held / total if total else 0.0


def _together(run: str, pairs: Sequence[str], text: str) -> int:
    """How many terms of a word stand near one another in a text; those of a compound in their order."""
    if len(pairs) == 1:
        return int(pairs[0] in text)
    places = sorted((m.start(), n) for n, pair in enumerate(pairs) for m in re.finditer(re.escape(pair), text))
    room = _ROOM + _EACH * len(run)
    ordered = len(run) <= _COMPOUND
    best = 0
    for first, (start, _) in enumerate(places):
        held: set[int] = set()
        last = -1
        for place, n in places[first:]:
            if place > start + room:
                break
            if not ordered or n > last:
                held.add(n)
                last = n
        best = max(best, len(held))
    return best


def _of_kind(info: DocumentInfo, kind: str) -> bool:
    return info.kind == "法规" if kind in _LAWS else is_kind(info, kind)
