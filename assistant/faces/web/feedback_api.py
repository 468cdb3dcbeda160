"""``/api/feedback``: whether an answer was of use, and why not."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictBool, StrictStr
from starlette.responses import Response

from assistant.domain.conversations import Judgement
from assistant.faces.web.doors import Asking
from assistant.faces.web.errors import encodable
from assistant.ports import Feedback


class FeedbackBody(BaseModel):
    """A judgement of one answer. A later one of the same answer takes its place."""

    model_config = ConfigDict(extra="forbid")

    answer_id: Annotated[StrictStr, Field(max_length=128), AfterValidator(encodable)]
    useful: StrictBool
    reasons: list[Annotated[StrictStr, Field(max_length=50), AfterValidator(encodable)]] = Field([], max_length=10)
    note: Annotated[StrictStr, Field(max_length=2000), AfterValidator(encodable)] = ""


def router(feedback: Feedback) -> APIRouter:
    """The route of feedback."""
    routes = APIRouter(prefix="/api")

    @routes.post("/feedback", summary="Judge an answer", status_code=204)
    def judge(caller: Asking, body: Annotated[FeedbackBody, Body()]) -> Response:
        reasons = tuple(dict.fromkeys(reason.strip() for reason in body.reasons if reason.strip()))
        feedback.judge(caller.owner, body.answer_id, Judgement(body.useful, reasons, body.note.strip()))
        return Response(status_code=204)

    return routes
