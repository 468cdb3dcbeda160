"""One house for all tests of this folder that change nothing in it but conversations."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.security.house import House, open_house


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    yield from open_house(tmp_path_factory)
