"""The AES envelope around every callback: signature, time window, replay, decryption (vendor's pages 90238, 101033).

The cryptography is wechatpy's. Whatever is wrong with a message from outside ends as :class:`BadEnvelope`, which says
nothing of why: the sender of a forged message learns nothing.
"""

from __future__ import annotations

import struct
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from wechatpy.enterprise.crypto import WeChatCrypto
from wechatpy.exceptions import WeChatException

from assistant.errors import SettingsError

WINDOW = 300.0
"""Seconds that a timestamp may lie off our clock."""
_REMEMBERED = 20_000  # nonces
# A body that is signed but damaged raises raw errors of base64, padding and struct.
_DAMAGED = (WeChatException, ValueError, IndexError, TypeError, ArithmeticError, struct.error)


class BadEnvelope(Exception):
    """A callback that the vendor did not send now, or that cannot be opened."""


class Envelope:
    """Opens and seals messages of one robot or app; thread-safe.

    ``receive_id`` is the corporation's id for an app and empty for a robot. Raises
    :class:`~assistant.errors.SettingsError` for a key that is none.
    """

    def __init__(self, token: str, aes_key: str, receive_id: str = "", clock: Callable[[], float] = time.time) -> None:
        try:
            self._crypto = WeChatCrypto(token, aes_key, receive_id)
        except (ValueError, AssertionError) as error:
            raise SettingsError(
                "企业微信的 EncodingAESKey 不对。", "它是 43 位字母和数字，请从管理后台复制。"
            ) from error
        self._clock = clock
        self._nonces: OrderedDict[tuple[str, str, str], None] = OrderedDict()
        self._lock = threading.Lock()

    def verify_url(self, signature: str, timestamp: str, nonce: str, echo: str) -> str:
        """What the vendor's check of the address wants to be answered. Raises :class:`BadEnvelope`."""
        self._refuse_stale(timestamp)
        try:
            return _text(self._crypto.check_signature(signature, timestamp, nonce, echo))
        except _DAMAGED as error:
            raise BadEnvelope from error

    def open(self, encrypted: str, signature: str, timestamp: str, nonce: str) -> str:
        """The message in an envelope, each envelope once. Raises :class:`BadEnvelope`."""
        self._refuse_stale(timestamp)
        try:
            opened = _text(self._crypto.decrypt_message({"Encrypt": encrypted}, signature, timestamp, nonce))
        except _DAMAGED as error:
            raise BadEnvelope from error
        self._refuse_replayed((signature, timestamp, nonce))
        return opened

    def seal(self, message: str, nonce: str) -> dict[str, str | int]:
        """The envelope of a reply, as the fields of its JSON form."""
        from lxml import etree

        timestamp = str(int(self._clock()))
        sealed = etree.fromstring(self._crypto.encrypt_message(message, nonce, timestamp).encode())
        fields = {child.tag: child.text or "" for child in sealed}
        return {
            "encrypt": fields["Encrypt"],
            "msgsignature": fields["MsgSignature"],
            "timestamp": int(timestamp),
            "nonce": nonce,
        }

    def _refuse_stale(self, timestamp: str) -> None:
        if not timestamp.isascii() or not timestamp.isdigit() or len(timestamp) > 12:
            raise BadEnvelope
        if abs(self._clock() - int(timestamp)) > WINDOW:
            raise BadEnvelope

    def _refuse_replayed(self, sent: tuple[str, str, str]) -> None:
        with self._lock:
            if sent in self._nonces:
                raise BadEnvelope
            self._nonces[sent] = None
            while len(self._nonces) > _REMEMBERED:
                self._nonces.popitem(last=False)


def _text(opened: str | bytes) -> str:
    return opened.decode() if isinstance(opened, bytes) else opened
