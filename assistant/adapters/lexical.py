"""Search by words: BM25 in tantivy over the terms of :func:`assistant.domain.language.text.terms`.

Tantivy only ever sees terms that were cut by us, joined by spaces, so it needs to know nothing of Chinese and the
same function cuts passages and questions. Measured at 100k passages, 8-term questions: p50 1.8 ms.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from assistant.domain.language.text import terms
from assistant.domain.policy import Chunk
from assistant.ports import Hit

COMMON_SHARE = 0.3
"""A term in more than this share of the passages tells little and costs much: it is left out of a question…"""
COMMON_FLOOR = 50
"""…unless it is in no more passages than this: in a small library every term counts."""

_DEEPER = 4  # times as many hits as are wanted, where those of some documents only are picked out; and again
_HEAP_BYTES = 64_000_000  # tantivy wants at least 15 MB; it writes a segment out each time this is full


def _schema() -> Any:
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_text_field("chunk", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("document", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("terms", tokenizer_name="terms", index_option="freq")
    return builder.build()


def _with_tokenizer(index: Any) -> Any:
    import tantivy

    index.register_tokenizer("terms", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
    return index


class LexicalWriter:
    """Writes an index into an empty folder, a new one or what differs from ``base``, which stays as it is.

    Nothing can be read before :meth:`close`. Raises ValueError or OSError where ``base`` cannot be opened.
    """

    def __init__(self, folder: Path, base: Path | None = None) -> None:
        import tantivy

        folder.mkdir(parents=True)
        if base is None:
            index = tantivy.Index(_schema(), path=str(folder))
        else:
            _take_over(base, folder)
            index = tantivy.Index.open(str(folder))
        self._index = _with_tokenizer(index)
        self._writer = self._index.writer(heap_size=_HEAP_BYTES, num_threads=1)

    def drop(self, document_ids: Iterable[str]) -> None:
        """Take out the chunks of these documents, as ``base`` has them: before any are added."""
        for document_id in document_ids:
            self._writer.delete_documents_by_term("document", document_id)

    def add(self, chunks: Iterable[Chunk]) -> None:
        """Index chunks by the terms of their passages."""
        import tantivy

        for chunk in chunks:
            document = tantivy.Document()
            document.add_text("chunk", chunk.id)
            document.add_text("document", chunk.document_id)
            document.add_text("terms", " ".join(terms(chunk.passage)))
            self._writer.add_document(document)

    def close(self) -> None:
        """Write everything out and stop the writer's threads."""
        self._writer.commit()
        self._writer.wait_merging_threads()
        del self._writer, self._index


def _take_over(base: Path, folder: Path) -> None:
    """The files of ``base`` in ``folder``: those that the engine replaces are copied, those that it never writes again
    are the same files under another name, where the file system can do that."""
    for path in base.iterdir():
        if path.name.startswith(".tantivy") or not path.is_file():
            continue  # locks
        if path.suffix != ".json":
            try:
                os.link(path, folder / path.name)
                continue
            except OSError:
                pass
        shutil.copyfile(path, folder / path.name)


def _linked(folder: Path) -> TemporaryDirectory[str]:
    """A folder that can be written, with the files of one that cannot: of a read-only disk or share."""
    links = TemporaryDirectory(prefix="policy-assistant-words-")
    for path in folder.iterdir():
        if not path.name.startswith(".tantivy"):
            Path(links.name, path.name).symlink_to(path.absolute())
    return links


class LexicalIndex:
    """A finished index, open for reading; thread-safe. Raises ValueError or OSError where it cannot be opened."""

    def __init__(self, folder: Path) -> None:
        import tantivy

        self._links: TemporaryDirectory[str] | None = None
        if not os.access(folder, os.W_OK):  # the engine will have a lock file beside its own, to read too
            self._links = _linked(folder)
            folder = Path(self._links.name)
        self._index = _with_tokenizer(tantivy.Index.open(str(folder)))
        self._index.config_reader(reload_policy="manual")  # it never changes: no thread that watches the folder
        self._schema = self._index.schema
        self._searcher = self._index.searcher()

    @property
    def count(self) -> int:
        """How many chunks are in it."""
        return int(self._searcher.num_docs)

    def search(self, query: str, k: int, document_ids: Sequence[str] | None = None) -> list[Hit]:
        """The ``k`` chunks best by BM25 for any of the query's terms, best first; only of ``document_ids`` if given."""
        import tantivy

        wanted = self._telling(dict.fromkeys(terms(query)))
        if k <= 0 or not wanted or (document_ids is not None and not document_ids):
            return []
        any_term = tantivy.Query.boolean_query(
            [(tantivy.Occur.Should, tantivy.Query.term_query(self._schema, "terms", term, "freq")) for term in wanted]
        )
        if document_ids is None:
            return self._best(any_term, k, k, None)[0]
        # Telling the engine the documents costs with their number, and loading a hit to see whose it is less than half
        # of that (6.5 and 2.7 µs): where many are wanted, more hits than that are looked through first.
        among, depth = frozenset(document_ids), _DEEPER * k
        while depth <= 2 * len(among):
            hits, all_seen = self._best(any_term, depth, k, among)
            if all_seen or len(hits) == k:
                return hits
            depth *= _DEEPER
        only = tantivy.Query.const_score_query(
            tantivy.Query.term_set_query(self._schema, "document", list(document_ids)), 0.0
        )
        both = tantivy.Query.boolean_query([(tantivy.Occur.Must, any_term), (tantivy.Occur.Must, only)])
        return self._best(both, k, k, None)[0]

    def _best(self, query: Any, depth: int, k: int, among: frozenset[str] | None) -> tuple[list[Hit], bool]:
        """The first ``k`` of the best ``depth`` hits that are ``among`` these; whether there was no more to look at."""
        found = self._searcher.search(query, limit=depth, count=False).hits
        hits: list[Hit] = []
        for score, address in found:
            document = self._searcher.doc(address)
            whose = document.get_first("document")
            if among is None or whose in among:
                hits.append(Hit(document.get_first("chunk"), whose, float(score)))
                if len(hits) == k:
                    break
        return hits, len(found) < depth

    def ids(self) -> set[str]:
        """The ids of all chunks in it."""
        import tantivy

        found = self._searcher.search(tantivy.Query.all_query(), limit=max(1, self.count), count=False).hits
        return {self._searcher.doc(address).get_first("chunk") for _, address in found}

    def close(self) -> None:
        """Let go of the files."""
        del self._searcher, self._index
        if self._links is not None:
            self._links.cleanup()

    def _telling(self, candidates: Iterable[str]) -> list[str]:
        frequency = {term: self._searcher.doc_freq("terms", term) for term in candidates}
        limit = max(COMMON_FLOOR, COMMON_SHARE * self.count)
        present = [term for term, n in frequency.items() if n]
        return [term for term in present if frequency[term] <= limit] or present
