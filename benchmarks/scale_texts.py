"""Libraries of any size out of real documents: first they themselves, then copies with other figures and bodies.

A copy has the same number of characters, so everything that was parsed keeps its place: figures of up to four digits
that are no date are counted on, departments and provinces change places with others of as many characters. So the
copies are other documents, with words, lengths and structures of real ones. Their vectors are those of the originals
moved a little (cosine about 0.98, as passages of one form lie to each other under the bundled model): what embedding
costs is measured elsewhere, and a hundred thousand passages would take it more than half an hour.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.domain.policy import Chunk, Document, Problem, Span, document_id, part_id
from assistant.ports import Embedder
from ingest.parsed import Parsed, Reading, SourceFile
from ingest.pipeline import Stages

_FIGURE = re.compile(r"(?<![0-9年月.-])[0-9]{1,4}(?![0-9年月日.-])")
_RINGS = (
    "教育 民政 财政 交通 水利 农业 卫生 文化 科技 商务 环保 住建 体育 审计 统计 林业".split(),
    "江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 四川 贵州".split(),
    "南京 苏州 无锡 常州 徐州 扬州 镇江 泰州 宿迁 淮安 盐城 南通 连云".split(),
)
_NEXT = {name: (ring, n) for ring in _RINGS for n, name in enumerate(ring)}
_NAME = re.compile("|".join(_NEXT))
_NOISE = 0.2  # length of what is added to a unit vector: cosine 0.98


@dataclass(frozen=True, slots=True)
class Made:
    """A document with its chunks, and the passages that those were copied from."""

    document: Document
    chunks: tuple[Chunk, ...]
    originals: tuple[str, ...]


def varied(text: str, copy: int) -> str:
    """A text of the same length with other figures and bodies; copy 0 is the text itself."""
    if copy == 0:
        return text

    def figure(match: re.Match[str]) -> str:
        digits = match.group()
        low = 0 if len(digits) == 1 else 10 ** (len(digits) - 1)
        return str(low + (int(digits) - low + 7 * copy) % (10 ** len(digits) - low)).zfill(len(digits))

    def name(match: re.Match[str]) -> str:
        ring, place = _NEXT[match.group()]
        return ring[(place + copy) % len(ring)]

    return _NAME.sub(name, _FIGURE.sub(figure, text))


def copy_of(document: Document, chunks: Sequence[Chunk], number: int) -> Made:
    """A copy of a parsed document; of number 0 the document itself."""
    originals = tuple(chunk.passage for chunk in chunks)
    if number == 0:
        return Made(document, tuple(chunks), originals)
    # A line of its own at the end: some texts have no figure and no body in them.
    text = f"{varied(document.text, number)}\n副本{number}"
    identity = document_id(text)

    def moved(old: str | None) -> str | None:
        return old.replace(document.id, identity) if old else old

    clauses = tuple(
        replace(
            c,
            id=moved(c.id) or "",
            document_id=identity,
            parent_id=moved(c.parent_id),
            heading=varied(c.heading, number),
        )
        for c in document.clauses
    )
    last = Span(len(text) - len(f"副本{number}"), len(text))
    if clauses:
        ending = replace(clauses[-1], id=part_id(identity, "c", last), ordinal=len(clauses), parent_id=None, span=last)
        clauses = (*clauses, replace(ending, path="末尾", label="", heading="", level=0))
    copied = replace(
        document,
        id=identity,
        title=varied(document.title, number),
        source=f"{number}/{document.source}",
        text=text,
        fields=tuple(replace(f, value=varied(f.value, number), as_written=f.span.of(text)) for f in document.fields),
        clauses=clauses,
    )
    pieces = tuple(
        replace(
            k,
            id=moved(k.id) or "",
            document_id=identity,
            clause_id=moved(k.clause_id) or "",
            context=varied(k.context, number),
            text=k.span.of(text),
        )
        for k in chunks
    )
    return Made(copied, pieces, originals)


def library_of(parsed: Sequence[tuple[Document, Sequence[Chunk]]], passages: int) -> list[Made]:
    """Documents with at least so many passages together: all originals first, then their copies, round by round."""
    made: list[Made] = []
    total = copy = 0
    while total < passages:
        for document, chunks in parsed:
            made.append(copy_of(document, chunks, copy))
            total += len(chunks)
            if total >= passages:
                break
        copy += 1
    return made


class KnownEmbedder:
    """An embedder that looks passages up: the vectors of originals, moved a little for their copies.

    Originals come from ``learned``, which may keep them; anything else, and questions, from ``embedder`` itself.
    """

    def __init__(self, embedder: Embedder, learned: Callable[[list[str]], list[list[float]]]) -> None:
        self.model = embedder.model
        self._embedder = embedder
        self._learned = learned
        self._known: dict[str, tuple[str, bool]] = {}  # original, and whether it is one itself
        self._vectors: dict[str, NDArray[np.float32]] = {}

    def learn(self, made: Iterable[Made]) -> None:
        """Be ready for these documents: their originals are embedded now."""
        for one in made:
            for chunk, original in zip(one.chunks, one.originals, strict=True):
                self._known[chunk.passage] = (original, chunk.passage == original)
        originals = list(dict.fromkeys(original for original, _ in self._known.values()))
        missing = [text for text in originals if text not in self._vectors]
        for text, vector in zip(missing, self._learned(missing) if missing else [], strict=True):
            self._vectors[text] = np.asarray(vector, np.float32)

    def embed_query(self, text: str) -> list[float]:
        return self._embedder.embed_query(text)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        unknown = [text for text in texts if text not in self._known]
        fresh = dict(zip(unknown, self._embedder.embed_documents(unknown), strict=True)) if unknown else {}
        return [fresh[text] if text in fresh else self._vector(text).tolist() for text in texts]

    def _vector(self, text: str) -> NDArray[np.float32]:
        original, itself = self._known[text]
        vector = self._vectors[original]
        if itself:
            return vector
        seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
        noise = np.random.default_rng(seed).standard_normal(len(vector), np.float32)
        moved = vector + _NOISE * noise / np.linalg.norm(noise)
        return np.asarray(moved / np.linalg.norm(moved), np.float32)


@dataclass(frozen=True, slots=True)
class _File:
    path: Path
    name: str
    size: int
    mtime_ns: int


class MadeStages:
    """The steps of ingest before the library, over documents that were made: files without a disk."""

    def __init__(self, root: Path, made: Sequence[Made]) -> None:
        self.root = root
        self._made = {f"{n}.txt": one for n, one in enumerate(made)}
        self._changed: dict[str, int] = {}

    def change(self, number: int) -> None:
        """Give a document another paragraph."""
        name = f"{number}.txt"
        self._changed[name] = self._changed.get(name, 0) + 1
        self._made[name] = _revised(self._made[name], self._changed[name])

    def made(self) -> list[Made]:
        """The documents as they are now."""
        return list(self._made.values())

    def stages(self) -> Stages:
        """What ``ingest_on`` takes."""
        return Stages(self._discover, self._read, self._parsing, "scale")

    def _discover(self, paths: Sequence[Path]) -> tuple[Sequence[SourceFile], Sequence[Problem]]:
        return [_File(self.root / name, name, 1, self._changed.get(name, 0)) for name in self._made], []

    def _read(self, file: SourceFile) -> bytes | Problem:
        return f"{file.name} {file.mtime_ns}".encode()

    def _parsing(self, readings: Iterable[Reading]) -> Iterator[tuple[Reading, tuple[Parsed, ...]]]:
        for reading in readings:
            one = self._made[reading.name]
            yield reading, (Parsed(reading.name, one.document, one.chunks),)


def _revised(made: Made, number: int) -> Made:
    """The document with one sentence more in its last passage, as after an amendment."""
    first, *rest = made.chunks
    document = made.document
    text = f"{document.text}\n第{number}次修订后，由市审计局每季度公布一次进展。"
    identity = document_id(text)
    span = Span(len(document.text) + 1, len(text))

    def moved(old: str) -> str:
        return old.replace(document.id, identity)

    clauses = tuple(
        replace(c, id=moved(c.id), document_id=identity, parent_id=moved(c.parent_id) if c.parent_id else None)
        for c in document.clauses
    )
    added = replace(clauses[-1], id=part_id(identity, "c", span), ordinal=len(clauses), parent_id=None, span=span)
    chunks = tuple(
        replace(k, id=moved(k.id), document_id=identity, clause_id=moved(k.clause_id)) for k in (first, *rest)
    )
    new = replace(first, id=part_id(identity, "k", span), document_id=identity, clause_id=added.id)
    new = replace(new, ordinal=len(chunks), path="修订", span=span, text=span.of(text))
    revised = replace(document, id=identity, text=text, clauses=(*clauses, replace(added, path="修订")))
    return Made(revised, (*chunks, new), (*made.originals, new.passage))


def questions_of(made: Sequence[Made], count: int, seed: int = 7) -> list[str]:
    """Questions in the words of passages from all over: a run of each, asked about."""
    chance = random.Random(seed)
    found: list[str] = []
    while len(found) < count:
        chunk = chance.choice(chance.choice(made).chunks or (None,))
        words = re.findall("[一-鿿]{6,24}", chunk.text) if chunk else []
        if words:
            found.append(f"{chance.choice(words)}由谁负责？")
    return found
