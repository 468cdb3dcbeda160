"""Quotation marks that a PDF writes apart from the line that they stand in, put back into it.

Some programs (LibreOffice with a Chinese and a Latin font) take “ and ” from the Latin font and write all of a line's
in one go before or after its Chinese characters, which leave gaps for them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ingest.formats.pdf_text import Character

_MARKS = frozenset("“”‘’…—·")
_LEVEL = 4.0  # points: how finely lines are told apart when gaps are looked up
_NEAR = 0.6  # how far apart two characters of one line may lie vertically, in heights


def marks_in_place(characters: Sequence[Character]) -> list[Character]:
    """The characters with every misplaced mark between the two characters whose gap it fills; others stay as they are.

    Takes time linear in the characters where lines do not lie upon one another.
    """
    inked = [i for i, c in enumerate(characters) if c.text.strip() and not c.turned]
    marks = [i for i in inked if characters[i].text in _MARKS]
    if not marks:
        return list(characters)
    gaps: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    solid = [i for i in inked if characters[i].text not in _MARKS]
    for a, b in pairwise(solid):
        if _gapes(characters[a], characters[b]) and not any(characters[k].text in _MARKS for k in range(a + 1, b)):
            gaps[_row(characters[a])].append((a, b))
    moved: defaultdict[int, list[int]] = defaultdict(list)  # marks by the character behind which they belong
    taken: set[int] = set()
    for i in marks:
        row = _row(characters[i])
        found = [a for r in (row - 1, row, row + 1) for a, b in gaps[r] if _fills(characters, a, i, b)]
        if found:
            moved[found[0]].append(i)
            taken.add(i)
    placed: list[Character] = []
    for i, character in enumerate(characters):
        if i not in taken:
            placed.append(character)
        placed += [characters[k] for k in sorted(moved.get(i, ()), key=lambda k: characters[k].left)]
    return placed


def _row(character: Character) -> int:
    return round((character.top + character.bottom) / 2 / _LEVEL)


def _gapes(a: Character, b: Character) -> bool:
    """Whether two characters that follow each other leave room for one more on their line."""
    height = max(a.bottom - a.top, 0.1)
    return abs(a.bottom - b.bottom) < _NEAR * height and b.left - a.right > 0.3 * height


def _fills(characters: Sequence[Character], a: int, mark: int, b: int) -> bool:
    left, here, right = characters[a], characters[mark], characters[b]
    slack = 0.2 * max(left.bottom - left.top, 0.1)
    level = abs(left.bottom - here.bottom) < _NEAR * max(left.bottom - left.top, 0.1)
    return level and left.right - slack <= here.left and here.right <= right.left + slack
