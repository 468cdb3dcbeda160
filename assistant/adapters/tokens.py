"""Short-lived tokens for the widget: signed here, kept nowhere.

``pat_<payload>.<signature>``: the payload is readable (the frame looks whether its page is the one that the token was
made for), the signature is HMAC-SHA256 under a secret in the data folder that only the service's account can read.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import os
import secrets
import time
from collections.abc import Callable
from pathlib import Path

from assistant.domain.access import WidgetPass
from assistant.errors import LibraryError

SECONDS = 900  # how long a token is good; the page around the widget then brings another
_SKEW = 60  # seconds by which the clocks of two replicas may differ
_PREFIX = "pat_"
_FILE = "token.secret"


class HmacTokens:
    """:class:`assistant.ports.Tokens` under the secret of a data folder."""

    def __init__(self, data_dir: Path, clock: Callable[[], float] = time.time) -> None:
        self._data_dir = data_dir
        self._clock = clock
        self._secret: bytes | None = None

    def issue(self, widget: WidgetPass) -> tuple[str, int]:
        """See :class:`assistant.ports.Tokens`."""
        claims = {
            "key": widget.key_id,
            "user": widget.user,
            "origin": widget.origin,
            "departments": sorted(widget.departments) if widget.departments is not None else None,
            "until": int(self._clock()) + SECONDS,
        }
        payload = _encoded(json.dumps(claims, ensure_ascii=False, separators=(",", ":")).encode())
        return f"{_PREFIX}{payload}.{_encoded(self._signature(payload))}", SECONDS

    def read(self, token: str) -> WidgetPass | None:
        """See :class:`assistant.ports.Tokens`."""
        payload, dot, signature = token.removeprefix(_PREFIX).partition(".")
        if not token.startswith(_PREFIX) or not dot or len(token) > 4096 or not token.isascii():
            return None
        if not hmac.compare_digest(_encoded(self._signature(payload)), signature):
            return None
        try:
            claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        except (binascii.Error, ValueError):
            return None
        if not 0 < claims["until"] - self._clock() <= SECONDS + _SKEW:  # nor one from before the clock was put back
            return None
        departments = claims["departments"]
        return WidgetPass(
            claims["key"], claims["user"], claims["origin"], None if departments is None else frozenset(departments)
        )

    def _signature(self, payload: str) -> bytes:
        if self._secret is None:
            self._secret = _secret_of(self._data_dir)
        return hmac.digest(self._secret, payload.encode(), hashlib.sha256)


def _secret_of(data_dir: Path) -> bytes:
    """The secret, made at the first need. Several processes agree on one: it appears whole, under its name, once."""
    path = data_dir / _FILE
    try:
        if not path.exists():
            draft = data_dir / f".{_FILE}.{secrets.token_hex(8)}"
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_hex(32))
            try:
                os.link(draft, path)  # unlike a rename, this keeps what another has put there meanwhile
            except FileExistsError:
                pass
            finally:
                draft.unlink()
        return bytes.fromhex(path.read_text("ascii"))
    except (OSError, ValueError) as error:
        raise LibraryError(
            f"密钥文件 {path} 无法建立或读取（{error}）。", "请检查数据目录的权限；文件损坏时可删去，会自动重建。"
        ) from error


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
