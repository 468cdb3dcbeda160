"""What a person would check by hand before the robot answers: settings, cryptography, clock, reachability."""

from __future__ import annotations

import secrets
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import httpx

from assistant.errors import SettingsError
from assistant.faces.wecom.envelope import WINDOW, BadEnvelope, Envelope

_SECONDS = 8.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: ``ok`` None where it does not apply; ``advice`` says what to do."""

    name: str
    ok: bool | None
    told: str
    advice: str = ""


def round_trip(name: str, token: str, aes_key: str, receive_id: str = "") -> Finding:
    """Whether what is sealed with these settings opens again."""
    try:
        said = secrets.token_hex(8)
        sealed = Envelope(token, aes_key, receive_id).seal(said, "n")
        opened = Envelope(token, aes_key, receive_id).open(
            str(sealed["encrypt"]), str(sealed["msgsignature"]), str(sealed["timestamp"]), "n"
        )
    except (SettingsError, BadEnvelope) as error:
        return Finding(
            name, False, str(error) or "加解密不通", "请从企业微信管理后台重新复制 Token 和 EncodingAESKey。"
        )
    return Finding(name, opened == said, "加解密往返正常")


def reach(url: str, clock: Callable[[], float] = time.time) -> Iterator[Finding]:
    """Whether the vendor's interface answers, and how far our clock is off its."""
    host = urlsplit(url).hostname or url
    try:
        response = httpx.get(url, timeout=_SECONDS)
    except httpx.HTTPError as error:
        yield Finding(
            "接口可达",
            False,
            f"{host} 连不上（{type(error).__name__}）",
            "内网服务器需放行到企业微信的 443 端口，或设代理地址。",
        )
        return
    yield Finding("接口可达", True, f"{host} 有应答")
    try:
        off = clock() - parsedate_to_datetime(response.headers["date"]).timestamp()
    except (KeyError, ValueError, TypeError):
        yield Finding("时钟", None, "对方没有报时，未比较")
        return
    sound = abs(off) < WINDOW / 2
    yield Finding(
        "时钟", sound, f"与对方相差 {off:+.0f} 秒", "" if sound else "请校准本机时间：相差过大的回调会被拒绝。"
    )


def socket_open(url: str) -> Finding:
    """Whether the long connection's address takes connections."""
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or 443
    try:
        with socket.create_connection((host, port), timeout=_SECONDS):
            return Finding("长连接可达", True, f"{host}:{port} 可连接")
    except OSError as error:
        return Finding(
            "长连接可达", False, f"{host}:{port} 连不上（{type(error).__name__}）", "请放行到该地址的出站连接。"
        )
