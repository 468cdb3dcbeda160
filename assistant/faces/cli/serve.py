"""``assistant serve``: the HTTP service and the page, on this machine unless told otherwise."""

from __future__ import annotations

import asyncio
import errno
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from assistant.domain.access import Keyless
from assistant.errors import AssistantError, IndexUnavailable
from assistant.faces.cli.language import echo, secho
from assistant.faces.cli.session import USAGE_ERROR, fail, opened
from assistant.faces.logs import configure
from assistant.faces.peers import is_loopback

if TYPE_CHECKING:
    from assistant.bootstrap import Service
    from assistant.ports import Embedder, Indexes

# Seconds that running answers get after SIGTERM to end by themselves, and then to send that they were ended; what is
# still open after both is cut.
_FINISH, _FAREWELL = 7, 3
_THREADS = 32


@click.command("serve")
@click.option("--host", help="绑定的地址（默认取 ASSISTANT_HOST）。")
@click.option("--port", type=click.IntRange(0, 65535), help="端口（默认取 ASSISTANT_PORT；0 表示任选空闲端口）。")
@click.option("--insecure", is_flag=True, help="不要求密钥就对其他机器开放：同网的人都能提问和查阅内部文件。")
@click.pass_context
def command(ctx: click.Context, host: str | None, port: int | None, insecure: bool) -> None:
    """启动服务与网页。"""
    with opened(ctx) as service:
        address = host or service.settings.host
        port = service.settings.port if port is None else port
        keyless = keyless_at(service, address, insecure)
        configure(service.settings.log)
        listener = _listen(address, port)

        import uvicorn

        from assistant.bootstrap import create_web_app
        from assistant.faces.web.protocol import LIMITS
        from assistant.faces.web.sse import end_feeds

        class Announcing(uvicorn.Server):
            """Says where to look once requests are being taken; lets nobody wait for an answer that will not come."""

            async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
                asyncio.get_running_loop().call_later(_FINISH, end_feeds)
                await super().shutdown(sockets)

            async def startup(self, sockets: list[socket.socket] | None = None) -> None:
                # Threads that wait for the database; by default there are four more than processors.
                asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(_THREADS, "answer"))
                await super().startup(sockets)
                if self.started:
                    threading.Thread(target=warm, args=(service.embedder,), daemon=True).start()
                    announce(service.indexes, address, listener.getsockname()[1])

        config = uvicorn.Config(
            create_web_app(service, keyless),
            log_config=None,  # one form for everything that is logged
            access_log=False,
            proxy_headers=False,  # who is believed is for ASSISTANT_TRUSTED_PROXIES to say
            timeout_graceful_shutdown=_FINISH + _FAREWELL,
            server_header=False,
            **LIMITS,
        )
        with listener:
            Announcing(config).run(sockets=[listener])


def keyless_at(service: Service, address: str, insecure: bool) -> Keyless:
    """Who is served without a key; refuses an open address at which nobody could come in."""
    if is_loopback(address):
        return Keyless.THIS_MACHINE
    if insecure:
        secho(f"注意：{address} 对其他机器开放，且不要求密钥。", fg="yellow", err=True)
        return Keyless.ANYWHERE
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    if service.settings.sso_user_header is None and not any(key.active(now) for key in service.keys.all()):
        fail(
            f"不绑定到 {address}：还没有密钥，也没有配置单点登录，谁也进不来。",
            "请先用 assistant keys create 建立密钥，或配置 ASSISTANT_SSO_USER_HEADER；只在本机使用请用 127.0.0.1。",
            USAGE_ERROR,
        )
    return Keyless.NOWHERE


def warm(embedder: Embedder | None) -> None:
    """Load the embedder now, so that the first question need not wait for it (0.5 to 1 s on two cores)."""
    if embedder is not None:
        with suppress(AssistantError):  # the first question meets it again, and says what to do
            embedder.embed_query("预热")


def announce(indexes: Indexes, host: str, port: int) -> None:
    """Tell the person at the terminal where to look, and what to do first where nothing has been ingested."""
    try:
        with indexes.lease() as index:
            echo(f"已载入 {len(index.documents())} 份文件（{index.name}）。")
    except IndexUnavailable:
        secho("尚未导入文件，请运行 ingest run；导入后无需重启。", fg="yellow")
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104  # nosec B104: only shown
    echo(f"打开 http://{shown}:{port} 提问；按 Ctrl-C 结束。")


#: What the system says where it does not let a service listen, and what to do.
_REFUSED = {
    errno.EADDRINUSE: ("端口已被占用", "可能已有一个服务在运行；换端口请用 --port。"),
    errno.EACCES: ("没有权限", "1024 以下的端口只有管理员能用；换端口请用 --port。"),
    errno.EADDRNOTAVAIL: ("这个地址不是本机的", "请用本机的地址，或 0.0.0.0（所有地址）。"),
}


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        why, advice = _REFUSED.get(error.errno or 0, (f"{error.strerror}", "请核对 --host 与 --port。"))
        fail(f"不能在 {host}:{port} 上启动：{why}。", advice)
    listener.set_inheritable(True)
    return listener
