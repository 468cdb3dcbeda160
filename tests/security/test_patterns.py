"""Every regular expression of the product takes less than a tenth of a second for a hundred thousand characters that
were made to break it."""

from __future__ import annotations

import re
import signal
import time
from collections.abc import Iterator
from functools import cache

import pytest

from tests.security.patterns import Found, patterns, seeds, shapes

SIZE = 100_000
MOST = 0.1  # seconds of processor time for that, on a machine like the one that the product is developed on
REFERENCE = 0.009  # seconds that the search of :func:`slower` takes there
#: (characters, seconds) from which on a pattern is put to the next test, and in the end to the whole length.
SCREENS = ((1_000, 0.0002), (8_000, 0.004))

#: Patterns that are only ever given so many characters, and what sees to it.
GIVEN_AT_MOST = {
    "assistant.answering.understanding.followups._ENDING_VERB": 2000,  # a question, ASSISTANT_MAX_QUESTION_CHARS
    "assistant.answering.understanding.intents._INTENTS": 2000,  # as above
    "assistant.usage._SAID": 1000,  # a message, _LONGEST
    "assistant.domain.overtime.changes.": 1000,  # a sentence, _LONGEST
    "assistant.domain.duties.phrasings._READ": 1000,  # what stands around a list of units: _REACH before it, a sentence
}


class TooLong(Exception):
    """The time is up."""


@pytest.fixture(autouse=True)
def _alarm() -> Iterator[None]:
    def ring(*_: object) -> None:
        raise TooLong

    before = signal.signal(signal.SIGVTALRM, ring)
    yield
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    signal.signal(signal.SIGVTALRM, before)


def seconds(found: Found, text: str, most: float, times: int = 0) -> float:
    """Time to go through the text once; a little over ``most`` where it takes longer.

    Processor time where it is gone through so many ``times``, else by the wall.
    """
    clock = time.process_time if times else time.perf_counter
    signal.setitimer(signal.ITIMER_VIRTUAL, most * max(times, 1))
    began = clock()
    try:
        for _ in range(max(times, 1)):
            if found.anchored:
                found.pattern.match(text)
                found.pattern.fullmatch(text)
            else:
                for _ in found.pattern.finditer(text):
                    pass
        return (clock() - began) / max(times, 1)
    except TooLong:
        return most * 1.01
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def fastest(found: Found, text: str, most: float, times: int = 0) -> float:
    """Of three times, because the machine may be busy and the pattern may not; of one where that was nothing."""
    first = seconds(found, text, most, times)
    if first < SCREENS[0][1]:
        return first
    return min(first, *(seconds(found, text, most, times) for _ in range(2)))


def size_for(found: Found) -> int:
    return next((size for place, size in GIVEN_AT_MOST.items() if found.place.startswith(place)), SIZE)


def test_patterns_are_found_wherever_they_stand() -> None:
    places = {found.place for found in patterns()}
    assert len(patterns()) > 900
    assert "assistant.domain.units.names._TWO_FIELDS" in places  # a name of a module
    assert any(place.startswith("ingest.structure.markers._") for place in places)  # in a table
    assert any(
        re.fullmatch(r"ingest\.structure\.head:[0-9]+", place) for place in places
    )  # in the middle of a function


def test_texts_are_made_of_the_patterns_own_parts() -> None:
    assert ("A", "3") in seeds(re.compile("A[0-9]+B"))
    assert ("", "ab") in seeds(re.compile("(?:ab)*c"))


@pytest.mark.parametrize("evil", ["(a+)+$", "[0-9]+号", "x*y", "《[^》]*》废止", "(?:由|一)*(?:由|二)*牵头"])
def test_a_pattern_that_takes_too_long_is_found_out(evil: str) -> None:
    with pytest.raises(AssertionError, match="here"):
        hold(Found(re.compile(evil), "here"))


@pytest.mark.timeout(1800)  # half a minute of processor time
def test_none_takes_long() -> None:
    slow = []
    for found in patterns():
        try:
            hold(found)
        except AssertionError as error:
            slow.append(str(error))
    assert not slow, "\n".join(slow)


@cache
def slower() -> float:
    """How many times as long as there this machine takes for the same; 1 where it is faster."""
    known = Found(re.compile("(?:一[二三四]|五[六七]){2,8}[八九]"), "here")
    return max(1.0, min(seconds(known, "一二五六" * 25_000, 60.0, 5) for _ in range(5)) / REFERENCE)


def hold(found: Found) -> None:
    most = MOST * slower()
    full = size_for(found)
    for start, pump, end in shapes(found.pattern):
        if full == SIZE and any(
            fastest(found, start + pump * (size // len(pump)) + end, 0.2) < limit for size, limit in SCREENS
        ):
            continue
        whole = start + pump * (full // len(pump)) + end
        # The kernel counts a process's own time in steps of some milliseconds: what is given less is looked at often.
        times = 1 if full == SIZE else 5
        taken = fastest(found, whole, 2 * most, times)
        # Half as much again: other processes take from caches too. What runs away takes seconds.
        assert taken < 1.5 * most, f"{found} on {whole[:30]!r}…: {taken * 1000:.0f} ms"
