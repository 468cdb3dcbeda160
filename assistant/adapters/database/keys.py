"""API keys: made, listed, revoked, recognised. Only the SHA-256 of a secret is kept.

A key reads ``pak_<id>_<secret>``: the id is public and finds the row, the secret has 256 random bits, so that a plain
hash cannot be reversed by guessing and needs no salt.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, select, update

from assistant.adapters.database import access_schema as a
from assistant.adapters.database.conversations import now
from assistant.adapters.database.engine import reading, writing
from assistant.domain.access import ApiKey, Clearance, Scope
from assistant.errors import LibraryError, NotFound

_FORM = re.compile(r"pak_([0-9a-f]{12})_([A-Za-z0-9_-]{43})")
_NOBODY = hashlib.sha256(b"").hexdigest()  # compared with where there is no such key, which takes as long
_NOTE_USE = timedelta(minutes=1)  # the last use is written down no more often than this


class SqlKeys:
    """:class:`assistant.ports.Keys` in the library's database; thread-safe."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def make(
        self, name: str, scopes: Iterable[Scope], clearance: Clearance, days: int | None = None
    ) -> tuple[ApiKey, str]:
        """See :class:`assistant.ports.Keys`."""
        key_id, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
        ends = (datetime.now(UTC) + timedelta(days=days)).isoformat(timespec="milliseconds") if days else None
        key = ApiKey(key_id, name, frozenset(scopes), clearance, now(), ends)
        row = {
            "id": key_id,
            "name": name,
            "hash": _hash(secret),
            "scopes": json.dumps(sorted(key.scopes)),
            "clearance": json.dumps(_clearance_json(clearance), ensure_ascii=False),
            "created_at": key.created_at,
            "expires_at": ends,
        }
        with writing(self._engine) as connection:
            connection.execute(a.api_keys.insert(), row)
        return key, f"pak_{key_id}_{secret}"

    def all(self) -> Sequence[ApiKey]:
        """See :class:`assistant.ports.Keys`."""
        k = a.api_keys
        with reading(self._engine) as connection:
            return [_key(row) for row in connection.execute(select(k).order_by(k.c.created_at, k.c.id))]

    def revoke(self, key_id: str) -> ApiKey:
        """See :class:`assistant.ports.Keys`."""
        k = a.api_keys
        with writing(self._engine) as connection:
            connection.execute(update(k).where(k.c.id == key_id, k.c.revoked_at.is_(None)).values(revoked_at=now()))
            row = connection.execute(select(k).where(k.c.id == key_id)).first()
        if row is None:
            raise NotFound("没有这个密钥。", "请用 assistant keys list 查看编号。", "key_not_found", "key_id")
        return _key(row)

    def find(self, presented: str) -> ApiKey | None:
        """See :class:`assistant.ports.Keys`."""
        form = _FORM.fullmatch(presented)
        if form is None:
            return None
        k = a.api_keys
        with reading(self._engine) as connection:
            row = connection.execute(select(k).where(k.c.id == form[1])).first()
        fits = hmac.compare_digest(_hash(form[2]), row.hash if row else _NOBODY)
        if row is None or not fits:
            return None
        key = _key(row)
        if not key.active(now()):
            return None
        self._note_use(key)
        return key

    def by_id(self, key_id: str) -> ApiKey | None:
        """See :class:`assistant.ports.Keys`."""
        k = a.api_keys
        with reading(self._engine) as connection:
            row = connection.execute(select(k).where(k.c.id == key_id)).first()
        key = _key(row) if row else None
        return key if key and key.active(now()) else None

    def _note_use(self, key: ApiKey) -> None:
        at = datetime.now(UTC)
        if key.last_used_at and at - datetime.fromisoformat(key.last_used_at) < _NOTE_USE:
            return
        k = a.api_keys
        with suppress(LibraryError), writing(self._engine) as connection:  # a full disk must not lock people out
            connection.execute(
                update(k).where(k.c.id == key.id).values(last_used_at=at.isoformat(timespec="milliseconds"))
            )


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _clearance_json(clearance: Clearance) -> dict[str, Any]:
    return {
        "internal": clearance.internal,
        "departments": sorted(clearance.departments),
        "everything": clearance.everything,
    }


def _key(row: Any) -> ApiKey:
    seen = json.loads(row.clearance)
    return ApiKey(
        row.id,
        row.name,
        frozenset(map(Scope, json.loads(row.scopes))),
        Clearance(seen["internal"], frozenset(seen["departments"]), seen["everything"]),
        row.created_at,
        row.expires_at,
        row.revoked_at,
        row.last_used_at,
    )
