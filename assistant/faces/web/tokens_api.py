"""``/api/widget-tokens``: an office's own site gets a token for the person before its page, with its key.

The key stays on that site's server; what reaches the browser holds for minutes, for that page, and for asking and
reading alone.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictStr
from starlette.exceptions import HTTPException

from assistant.domain.access import WidgetPass, department
from assistant.errors import BadRequest
from assistant.faces.web.doors import Asking, Doors
from assistant.faces.web.errors import encodable
from assistant.ports import Tokens

_KEY = "key:"


class TokenBody(BaseModel):
    """For whom a token is."""

    model_config = ConfigDict(extra="forbid")

    origin: Annotated[StrictStr, Field(max_length=300)] = Field(description="Of the page, such as https://oa.example")
    user: Annotated[StrictStr, Field(min_length=1, max_length=64), AfterValidator(encodable)] = Field(
        description="The person, or their session on that site; told to nobody, and conversations belong to it."
    )
    departments: list[Annotated[StrictStr, Field(max_length=100), AfterValidator(encodable)]] | None = Field(
        None, max_length=50, description="Of those that the key has; all of them unless given."
    )


def router(doors: Doors, tokens: Tokens) -> APIRouter:
    """The route of tokens."""
    routes = APIRouter(prefix="/api")

    @routes.post("/widget-tokens", summary="Make a token for a widget", status_code=201)
    def issue(caller: Asking, body: Annotated[TokenBody, Body()]) -> dict[str, Any]:
        if not caller.owner.startswith(_KEY):
            raise HTTPException(403)  # tokens come from keys, never from tokens
        if body.origin not in doors.origins:
            raise BadRequest(
                "这个来源没有登记。", "请把它加入 ASSISTANT_WIDGET_ORIGINS。", "origin_not_listed", "origin"
            )
        named = None if body.departments is None else frozenset(map(department, body.departments))
        token, seconds = tokens.issue(WidgetPass(caller.owner.removeprefix(_KEY), body.user, body.origin, named))
        return {"token": token, "expires_in": seconds}

    return routes
