"""How much one caller may ask: questions a minute, questions at once, and requests of all kinds a minute.

Counted in this process and by who asks, so that one busy program does not take the service away from the others.
Administrators and the person at the machine are not counted.
"""

from __future__ import annotations

import math
import time
from collections import Counter

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection

from assistant.domain.access import Identity, Scope

_REQUESTS_A_QUESTION = 10  # a page that shows an answer opens its sources too
_BACK = 5.0  # seconds that a clock is put back in keeping it right
_SOON = "2"  # seconds after which one of several running answers has likely ended


class Allowance:
    """What each caller may do; 0 for as much as they like."""

    def __init__(self, questions_per_minute: int = 0, questions_at_once: int = 0) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._questions = RateLimitItemPerMinute(questions_per_minute) if questions_per_minute else None
        requests = questions_per_minute * _REQUESTS_A_QUESTION
        self._requests = RateLimitItemPerMinute(requests) if requests else None
        self._at_once = questions_at_once
        self._running: Counter[str] = Counter()
        self._latest = 0.0  # the wall clock at the last hit

    def count_request(self, caller: str) -> None:
        """Raises HTTPException 429 with the time after which to come again."""
        self._hit(self._requests, "request", caller)

    def begin_question(self, caller: str) -> None:
        """To be followed by :meth:`end_question`. Raises as :meth:`count_request`."""
        if self._at_once and self._running[caller] >= self._at_once:
            raise HTTPException(429, headers={"Retry-After": _SOON})
        self._hit(self._questions, "question", caller)
        self._running[caller] += 1

    def end_question(self, caller: str) -> None:
        """The answer has gone out, or nobody waits for it any more."""
        self._running[caller] -= 1
        if not self._running[caller]:
            del self._running[caller]

    def _hit(self, limit: RateLimitItemPerMinute | None, kind: str, caller: str) -> None:
        if limit is None:
            return
        now = time.time()
        if now < self._latest - _BACK:  # the clock was put back: what was counted lies in the future and would not end
            self._limiter.storage.reset()
            self._latest = now
        self._latest = max(self._latest, now)
        if self._limiter.hit(limit, kind, caller):
            return
        free_at = self._limiter.get_window_stats(limit, kind, caller).reset_time
        raise HTTPException(429, headers={"Retry-After": str(max(1, math.ceil(free_at - time.time())))})


def counted_as(request: HTTPConnection, identity: Identity) -> str | None:
    """Under what name a caller is counted; None where they are not."""
    if identity.may(Scope.ADMIN):
        return None
    if identity.owner.startswith("session:"):  # a browser that forgets its cookie is still the same machine
        return f"peer:{request.client.host if request.client else ''}"
    return identity.owner
