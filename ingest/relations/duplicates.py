"""Documents of all but the same text, by MinHash over runs of five characters."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping

from assistant.domain.language.text import fold

ALIKE = 0.9
"""Share of common runs (Jaccard) from which two texts are near duplicates: a date or a signature apart."""

_RUN = 5  # characters
_PERMUTATIONS, _BANDS = 128, 16  # a pair that is 0.9 alike shares no band once in 10 000 times
_PROMISING = 0.75  # share of equal minima below which no pair is compared: one that is 0.9 alike is five deviations off
_SHORTEST = 50  # characters; below, a form letter is like every other one


def signature(text: str) -> bytes:
    """What a text is found by; empty where it is too short to be like another. White space and width do not count."""
    import numpy as np
    from rensa import RMinHash

    plain = _plain(text)
    if len(plain) < _SHORTEST:
        return b""
    minima = RMinHash(num_perm=_PERMUTATIONS, seed=1)
    minima.update(list(_runs(plain)))
    return np.array(minima.digest(), "<u4").tobytes()


def near_duplicates(
    known: Mapping[str, bytes], fresh: Mapping[str, bytes], text_of: Callable[[str], str]
) -> Iterator[tuple[str, str, float]]:
    """(fresh document, other document, share of common runs) for pairs that are at least :data:`ALIKE`, each once.

    Both mappings are signatures by document; documents that are known are not compared with each other.
    """
    bands: dict[tuple[int, bytes], list[str]] = defaultdict(list)
    signatures = dict(known)
    for document, minima in known.items():
        for band in _bands(minima):
            bands[band].append(document)
    for document, minima in sorted(fresh.items()):
        near = {other for band in _bands(minima) for other in bands.get(band, ())}
        promising = sorted(other for other in near if _common(minima, signatures[other]) >= _PROMISING)
        if promising:
            plain = _plain(text_of(document))
            for other in promising:
                if (share := _jaccard(plain, _plain(text_of(other)))) >= ALIKE:
                    yield document, other, share
        signatures[document] = minima
        for band in _bands(minima):
            bands[band].append(document)


def _bands(minima: bytes) -> Iterator[tuple[int, bytes]]:
    width = 4 * _PERMUTATIONS // _BANDS
    for start in range(0, len(minima), width):
        yield start, minima[start : start + width]


def _common(one: bytes, other: bytes) -> float:
    """The share of equal minima, which is about that of common runs."""
    import numpy as np

    return float((np.frombuffer(one, "<u4") == np.frombuffer(other, "<u4")).mean())


def _plain(text: str) -> str:
    return "".join(fold(text).split())


def _runs(plain: str) -> set[str]:
    return {plain[i : i + _RUN] for i in range(len(plain) - _RUN + 1)}


def _jaccard(one: str, other: str) -> float:
    if min(len(one), len(other)) < ALIKE * max(len(one), len(other)):
        return 0.0
    first, second = _runs(one), _runs(other)
    return len(first & second) / len(first | second)
