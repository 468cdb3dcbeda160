"""The envelope: the vendor's public vectors, and whatever else comes to the address."""

from __future__ import annotations

import base64

import pytest

from assistant.errors import SettingsError
from assistant.faces.wecom.envelope import WINDOW, BadEnvelope, Envelope
from tests.wecom.peer import AES_KEY, CORP, TOKEN

# Published by the vendor: token, key, corporation, signature, timestamp, nonce, echo, what it holds.
VECTORS = [
    (
        "QDG6eK",
        "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C",
        "wx5823bf96d3bd56c7",
        "5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3",
        "1409659589",
        "263014780",
        "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ==",
        "1616140317555161061",
    ),
    (
        TOKEN,
        AES_KEY,
        CORP,
        "012bc692d0a58dd4b10f8dfe5c4ac00ae211ebeb",
        "1476416373",
        "47744683",
        "fsi1xnbH4yQh0+PJxcOdhhK6TDXkjMyhEPA7xB2TGz6b+g7xyAbEkRxN/3cNXW9qdqjnoVzEtpbhnFyq6SVHyA==",
        "1288432023552776189",
    ),
]


@pytest.mark.parametrize(("token", "key", "corp", "signature", "timestamp", "nonce", "echo", "held"), VECTORS)
def test_the_public_vectors(
    token: str, key: str, corp: str, signature: str, timestamp: str, nonce: str, echo: str, held: str
) -> None:
    envelope = Envelope(token, key, corp, clock=lambda: float(timestamp))
    assert envelope.verify_url(signature, timestamp, nonce, echo) == held
    with pytest.raises(BadEnvelope):
        envelope.verify_url("0" * 40, timestamp, nonce, echo)


def test_only_now_and_only_once() -> None:
    token, key, corp, signature, timestamp, nonce, echo, held = VECTORS[0]
    at = float(timestamp)
    for off in (-WINDOW - 1, WINDOW + 1):
        with pytest.raises(BadEnvelope):
            Envelope(token, key, corp, clock=lambda off=off: at + off).open(echo, signature, timestamp, nonce)
    envelope = Envelope(token, key, corp, clock=lambda: at)
    assert envelope.open(echo, signature, timestamp, nonce) == held
    with pytest.raises(BadEnvelope):
        envelope.open(echo, signature, timestamp, nonce)


def test_what_is_sealed_opens_at_the_other_end() -> None:
    ours = Envelope(TOKEN, AES_KEY)
    sealed = ours.seal("答：由市水务局牵头", "n1")
    opened = Envelope(TOKEN, AES_KEY).open(
        str(sealed["encrypt"]), str(sealed["msgsignature"]), str(sealed["timestamp"]), "n1"
    )
    assert opened == "答：由市水务局牵头"
    assert sealed["nonce"] == "n1"


@pytest.mark.parametrize(
    "body", ["", "AAAA", "不是编码", base64.b64encode(b"x" * 32).decode(), base64.b64encode(b"\0" * 64).decode()]
)
def test_a_signed_body_that_is_damaged_is_refused_like_a_forged_one(body: str) -> None:
    import hashlib

    now = "1700000000"
    signature = hashlib.sha1("".join(sorted([TOKEN, now, "n", body])).encode()).hexdigest()
    with pytest.raises(BadEnvelope):
        Envelope(TOKEN, AES_KEY, clock=lambda: float(now)).open(body, signature, now, "n")


@pytest.mark.parametrize("timestamp", ["", "abc", "-1", "1e9", "９", "9" * 40])
def test_a_timestamp_that_is_none(timestamp: str) -> None:
    with pytest.raises(BadEnvelope):
        Envelope(TOKEN, AES_KEY).open("x", "y", timestamp, "n")


def test_a_key_that_is_none_is_a_setting_to_mend() -> None:
    with pytest.raises(SettingsError, match="EncodingAESKey"):
        Envelope(TOKEN, "short")
