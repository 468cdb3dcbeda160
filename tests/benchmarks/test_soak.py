"""The soak: what it calls flat, and that it asks a service as it says."""

from __future__ import annotations

from collections import Counter

import pytest

from benchmarks.soak import Readings, figures_of, growth


def readings(memory: list[float], descriptors: list[float], **outcomes: int) -> Readings:
    at = [float(n) for n in range(len(memory))]
    counted = Counter({k.removeprefix("s"): n for k, n in outcomes.items()})
    return Readings(at, memory, descriptors, [20.0] * len(at), [0.1] * 20, counted)


def test_a_line_through_the_readings_is_what_counts() -> None:
    assert growth([0, 1, 2], [1, 2, 3]) == pytest.approx(2.0)
    assert growth([0, 1, 2, 3, 4], [5, 9, 5, 9, 5]) == pytest.approx(0.0)


def test_caches_that_fill_at_the_start_are_no_leak() -> None:
    figures = figures_of(readings([100, 180] + [200] * 18, [10] * 20, s200=20))
    assert figures.flat
    assert (figures.requests, figures.errors, figures.memory_mib) == (20, 0, 200)


@pytest.mark.parametrize(
    ("memory", "descriptors", "outcomes"),
    [
        ([200 + n for n in range(20)], [10] * 20, {"s200": 20}),
        ([200] * 20, [10 + n for n in range(20)], {"s200": 20}),
        ([200] * 20, [10] * 20, {"s200": 19, "s503": 1}),
        ([200] * 20, [10] * 20, {"s200": 19, "cut": 1}),
    ],
)
def test_what_grows_or_fails_is_not_flat(memory: list[float], descriptors: list[float], outcomes: dict) -> None:
    assert not figures_of(readings(memory, descriptors, **outcomes)).flat
