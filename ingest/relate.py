"""How the documents of a library stand to one another, worked out anew whenever the library has changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from assistant.domain.holdings import Holding, Link, LinkKind
from assistant.ports import DocumentInfo
from ingest import duplicates, links, versions
from ingest.ports import Library

_MARK = "links"


def relate(library: Library, rules: str) -> None:
    """Bring the library's links up to date; nothing is done where it holds what it held, under the same ``rules``."""
    live = library.live()
    histories = library.histories()
    state = _digest(rules, live, histories)
    if library.mark(_MARK) == state:
        return
    infos = library.infos(live)
    named = [named_of(info) for info in infos]
    texts = dict(library.texts(live))
    arrivals = library.arrivals()
    known = [
        versions.Known(
            info.id, info.title, info.number, _first(info, "issued_on"), arrivals.get(info.id, 0), len(texts[info.id])
        )
        for info in infos
    ]
    current = {holding.document_id for holding in live}
    found = [
        *_of_histories(histories, current),
        *versions.by_number(known),
        *links.ended(((id_, ending) for id_, text in texts.items() for ending in links.endings(text)), named),
        *links.replies(named),
        *duplicates.near_duplicates(sorted(texts.items())),
    ]
    library.put_links(_sound(found), _MARK, state)


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
