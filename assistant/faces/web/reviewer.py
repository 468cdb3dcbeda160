"""Who reviews, when a request does."""

from __future__ import annotations

from assistant.domain.access import Identity
from assistant.errors import BadRequest


def reviewer(caller: Identity, given: str) -> str:
    """The name under which a review is kept.

    Who is signed on goes by the name of the sign-on, whatever the request says; a key is a program's, and the person at
    the machine has no name here: both say whose word it is. Raises :class:`BadRequest` where nobody is named.
    """
    kind, _, name = caller.owner.partition(":")
    if kind == "user" and name:
        return name
    if given.strip():
        return given.strip()
    raise BadRequest("没有写明核对人", "请填写核对人姓名", "invalid_field", "by")
