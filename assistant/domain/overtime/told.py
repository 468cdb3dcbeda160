"""What a document tells of things, with what puts it beside others: its day, its alliance, what it cites."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.domain.language.identity import find_document_numbers
from assistant.domain.language.resolution import anchor_of
from assistant.domain.ledger.commitments import ASKS_ONLY, Entry
from assistant.domain.overtime.mention_reader import Reader
from assistant.domain.overtime.mentions import Mention, Renamed, Told, plain_title
from assistant.domain.overtime.objects import ALLIANCES, find_objects
from assistant.domain.policy import Document


def told_by(document: Document, entries: Sequence[Entry]) -> Told:
    """Read a document; ``entries`` are its ledger (:func:`assistant.domain.ledger.commitments.entries_of`).

    Of a proposal, whose sentences ask, only dates and names of documents are read.
    """
    anchor = anchor_of(document)
    about, called = _about(document)
    reader = Reader(document, called)
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
