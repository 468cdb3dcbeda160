"""The interface against its own description, by schemathesis: nothing that it sends makes the service fail, and what
comes back has the status, the type and the form that the description says.

A few examples an address here; as long as you like, against a running service of your own (docs/security.md):

    schemathesis run http://127.0.0.1:8000/api/openapi.json -H "Authorization: Bearer $KEY" --max-examples 500
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from assistant.domain.access import Clearance, Scope
from tests.security.house import House, open_house, serving

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]

EXAMPLES = 5


@pytest.fixture(scope="module")
def own_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house that may be changed."""
    yield from open_house(tmp_path_factory)


@pytest.fixture(scope="module")
def base_url(own_house: House) -> Iterator[str]:
    with serving(own_house.app) as url:
        yield url


@pytest.fixture(scope="module")
def description(base_url: str) -> Any:
    return schemathesis.openapi.from_url(f"{base_url}/api/openapi.json")


@pytest.fixture(scope="module")
def everything(own_house: House) -> dict[str, str]:
    return own_house.key(Clearance(everything=True), *Scope)


def test_nothing_that_the_description_allows_or_forbids_breaks_it(description: Any, everything: dict[str, str]) -> None:
    failures: list[str] = []
    tried = 0
    for operation in description.get_all_operations():
        wellformed = operation.ok()
        for mode in GenerationMode:

            @settings(
                max_examples=EXAMPLES,
                phases=[Phase.explicit, Phase.generate],
                deadline=None,
                derandomize=True,
                database=None,
                suppress_health_check=list(HealthCheck),
            )
            @given(case=wellformed.as_strategy(generation_mode=mode))
            def send(case: Any) -> None:
                nonlocal tried
                tried += 1
                case.call_and_validate(headers=everything, checks=CHECKS)

            try:
                send()
            except (FailureGroup, Unsatisfiable) as error:
                if not isinstance(error, Unsatisfiable):  # there may be nothing wrong to send
                    failures.append(f"{wellformed.label}: {error.exceptions[0]}")
    assert not failures, "\n\n".join(failures)
    assert tried > 100
