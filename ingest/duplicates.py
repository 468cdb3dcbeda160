"""Documents of all but the same text, by MinHash over runs of five characters."""

from __future__ import annotations

from collections.abc import Iterable

from assistant.domain.holdings import Link, LinkKind
from assistant.domain.text import fold

ALIKE = 0.9
"""Share of common runs (Jaccard) from which two texts are near duplicates: a date or a signature apart."""

_RUN = 5  # characters
_PERMUTATIONS, _BANDS = 128, 16  # a pair that is 0.9 alike shares no band once in 10 000 times
_SHORTEST = 50  # characters; below, a form letter is like every other one


def near_duplicates(texts: Iterable[tuple[str, str]]) -> list[Link]:
    """Links between (id, text) pairs whose texts are at least :data:`ALIKE`; white space and width do not count."""
    from rensa import RMinHash, RMinHashLSH

    known: list[tuple[str, str]] = []
    index = RMinHashLSH(threshold=ALIKE, num_perm=_PERMUTATIONS, num_bands=_BANDS)
    found: list[Link] = []
    for document, text in texts:
        plain = "".join(fold(text).split())
        if len(plain) < _SHORTEST:
            continue
        signature = RMinHash(num_perm=_PERMUTATIONS, seed=1)
        signature.update(list(_runs(plain)))
        for place in sorted(index.query(signature)):
            other, other_plain = known[place]
            if min(len(plain), len(other_plain)) < ALIKE * max(len(plain), len(other_plain)):
                continue
            if (share := _jaccard(plain, other_plain)) >= ALIKE:
                first, second = sorted((document, other))
                found.append(Link(LinkKind.DUPLICATES, first, second, f"文字重合 {share:.1%}"))
        index.insert(len(known), signature)
        known.append((document, plain))
    return sorted(found)


def _runs(plain: str) -> set[str]:
    return {plain[i : i + _RUN] for i in range(len(plain) - _RUN + 1)}


def _jaccard(one: str, other: str) -> float:
    first, second = _runs(one), _runs(other)
    return len(first & second) / len(first | second)
