"""How the documents of a library stand to one another, worked out anew whenever the library has changed.

What is read of a text for that (its length, what it ends, which others it is like) is kept by document, so that a
library is read once and a change costs the reading of what has changed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

from assistant.domain.holdings import Holding, Link, LinkKind, Traits
from assistant.ports import DocumentInfo
from ingest.ports import Library
from ingest.relations import duplicates, links, versions

_MARK = "links"
_TEXTS_KEPT = 200  # in memory, while they are compared


def relate(library: Library, rules: str) -> None:
    """Bring the library's links up to date; nothing is done where it holds what it held, under the same ``rules``."""
    live = library.live()
    histories = library.histories()
    state = _digest(rules, live, histories)
    if library.mark(_MARK) == state:
        return
    infos = library.infos(live)
    named = [named_of(info) for info in infos]
    traits = _traits(library, rules, live)
    arrivals = library.arrivals()
    known = [
        versions.Known(
            info.id,
            info.title,
            info.number,
            _first(info, "issued_on"),
            arrivals.get(info.id, 0),
            traits[info.id]["length"],
        )
        for info in infos
    ]
    current = {holding.document_id for holding in live}
    said = ((id_, links.Ending.from_json(told)) for id_, of in traits.items() for told in of["endings"])
    found = [
        *_of_histories(histories, current),
        *versions.by_number(known),
        *links.ended(said, named),
        *links.replies(named),
        *_duplicates(traits),
    ]
    library.put_links(_sound(found), _MARK, state)


def _traits(library: Library, rules: str, live: Sequence[Holding]) -> dict[str, dict[str, Any]]:
    """What is read of each live document's text, by document; what is missing is read now and kept."""
    there = {holding.document_id: holding for holding in live}
    kept = {t.document_id: t for t in library.traits(rules) if t.document_id in there}

    @lru_cache(_TEXTS_KEPT)
    def text_of(document_id: str) -> str:
        return next(text for _, text in library.texts([there[document_id]]))

    fresh: dict[str, dict[str, Any]] = {}
    signatures: dict[str, bytes] = {}
    for document_id in there.keys() - kept.keys():
        text = text_of(document_id)
        signatures[document_id] = duplicates.signature(text)
        fresh[document_id] = {
            "length": len(text),
            "endings": [ending.to_json() for ending in links.endings(text)],
            "alike": {},
        }
    known = {document_id: t.signature for document_id, t in kept.items()}
    for document_id, other, share in duplicates.near_duplicates(known, signatures, text_of):
        fresh[document_id]["alike"][other] = share
    library.put_traits(rules, [Traits(i, json.dumps(told), signatures[i]) for i, told in fresh.items()], kept)
    return {document_id: json.loads(t.told) for document_id, t in kept.items()} | fresh


def _duplicates(traits: Mapping[str, Mapping[str, Any]]) -> Iterator[Link]:
    for document_id, told in traits.items():
        for other, share in told["alike"].items():
            if other in traits:
                first, second = sorted((document_id, other))
                yield Link(LinkKind.DUPLICATES, first, second, f"文字重合 {share:.1%}")


def named_of(info: DocumentInfo) -> links.Named:
    """A document as the rules for links see it."""
    return links.Named(
        info.id, info.title, info.number, info.kind, _first(info, "proposal_number"), _first(info, "session")
    )


def _of_histories(histories: Sequence[tuple[Holding | None, Sequence[Holding]]], current: set[str]) -> Iterator[Link]:
    """Each earlier document of a file is superseded by the next; one that another file still gives is not."""
    for now, earlier in histories:
        chain = [h.document_id for h in earlier if h.document_id not in current] + ([now.document_id] if now else [])
        for older, newer in pairwise(chain):
            yield Link(LinkKind.SUPERSEDES, newer, older, "同一文件的新内容")


def _sound(found: Iterable[Link]) -> list[Link]:
    """Each link once; a document and its own earlier version are not told as duplicates as well."""
    kept: dict[tuple[LinkKind, str, str], Link] = {}
    versions_of: set[frozenset[str]] = set()
    for link in found:
        pair = frozenset((link.subject, link.object))
        if len(pair) < 2 or (link.kind is LinkKind.SUPERSEDES and pair in versions_of):
            continue  # superseded once is enough; both ways round would take both out of the answers
        if link.kind is LinkKind.SUPERSEDES:
            versions_of.add(pair)
        elif link.kind is LinkKind.DUPLICATES and pair in versions_of:
            continue
        kept.setdefault((link.kind, link.subject, link.object), link)
    return sorted(kept.values())


def _first(info: DocumentInfo, name: str) -> str | None:
    return next(iter(info.fields.get(name, ())), None)


def _digest(rules: str, live: Sequence[Holding], histories: Sequence[tuple[Holding | None, Sequence[Holding]]]) -> str:
    state = [
        rules,
        [[h.document_id, h.edition] for h in live],
        [[now.edition if now else None, [h.edition for h in earlier]] for now, earlier in histories],
    ]
    return hashlib.sha256(json.dumps(state).encode()).hexdigest()
