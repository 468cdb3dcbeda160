"""One dependency that turns a request into the identity it acts as; every route that is not for everybody has it."""

from __future__ import annotations

from typing import Annotated

from fastapi import Security
from fastapi.security import SecurityScopes
from starlette.requests import Request

from assistant.domain.access import LOCAL, Identity, Scope


async def admitted(request: Request, needed: SecurityScopes) -> Identity:
    """The identity of a request that may do what the route needs."""
    return LOCAL


Asking = Annotated[Identity, Security(admitted, scopes=[Scope.ASK])]
Reading = Annotated[Identity, Security(admitted, scopes=[Scope.READ])]
