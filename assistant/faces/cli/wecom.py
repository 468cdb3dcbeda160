"""``assistant wecom``: the robot's long connection, and a check of everything that WeCom needs."""

from __future__ import annotations

import asyncio
import signal
from typing import TYPE_CHECKING

import click

from assistant.faces.cli.language import echo, said
from assistant.faces.cli.session import SERVICE_ERROR, USAGE_ERROR, fail, opened
from assistant.faces.logs import configure

if TYPE_CHECKING:
    from assistant.bootstrap import Service
    from assistant.faces.wecom.checks import Finding
    from assistant.faces.wecom.connection import LongConnection

_VENDORS_SOCKET = "wss://openws.work.weixin.qq.com"


@click.group("wecom")
def command() -> None:
    """企业微信：机器人长连接与检查。"""


@command.command("run")
@click.pass_context
def run(ctx: click.Context) -> None:
    """连接智能机器人并回答问题；同一机器人只能有一处在运行。Ctrl-C 结束。"""
    from filelock import FileLock, Timeout

    from assistant.bootstrap_wecom import build_desk, long_connection

    with opened(ctx) as service:
        settings = service.settings
        if not settings.wecom_robot_id or not settings.wecom_robot_secret:
            fail(
                "没有设置机器人的长连接。",
                "请设置 ASSISTANT_WECOM_ROBOT_ID 和 ASSISTANT_WECOM_ROBOT_SECRET（见 docs/wecom.md）。",
                USAGE_ERROR,
            )
        configure(settings.log)
        lock = FileLock(str(settings.data_dir / "wecom.lock"))
        try:
            lock.acquire(timeout=0)
        except Timeout:
            fail("另一个 assistant wecom run 正在运行。", "同一机器人只能有一处连接，请先停掉它。", USAGE_ERROR)
        with lock:
            desk = build_desk(
                service.asker,
                service.feedback,
                service.readers_indexes,
                service.wecom,
                settings,
                service.readers_ledger,
            )
            reason = asyncio.run(_until_stopped(long_connection(settings, desk, lambda text: echo(text, err=True))))
    if reason:
        fail(f"长连接已停止：{reason}", "处理后重新运行 assistant wecom run。", SERVICE_ERROR)


async def _until_stopped(connection: LongConnection) -> str | None:
    """Run until a signal; then None, else why the connection ended."""
    running = asyncio.ensure_future(connection.run())
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, running.cancel)
    try:
        return await running
    except asyncio.CancelledError:
        return None


@command.command("check")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON，供程序读取。")
@click.option("--offline", is_flag=True, help="不连接企业微信，只查设置和加解密。")
@click.pass_context
def check(ctx: click.Context, as_json: bool, offline: bool) -> None:
    """检查设置、加解密、时钟和网络，逐项说明怎么办。"""
    from dataclasses import asdict

    from assistant.faces.cli.render import print_json

    with opened(ctx) as service:
        findings = _findings(service, offline)
    if as_json:
        print_json({"checks": [asdict(f) for f in findings]})
    else:
        for found in findings:
            sign = {True: said("好"), False: said("错"), None: "—"}[found.ok]
            echo(f"{sign} {said(found.name)}：{said(found.told)}")
            if found.advice:
                echo(f"   {said(found.advice)}")
    if any(found.ok is False for found in findings):
        raise SystemExit(SERVICE_ERROR)


def _findings(service: Service, offline: bool) -> list[Finding]:
    from assistant.faces.wecom import checks

    settings = service.settings
    found: list[Finding] = []
    if settings.wecom_robot_token and settings.wecom_robot_aes_key:
        token, key = settings.wecom_robot_token.get_secret_value(), settings.wecom_robot_aes_key.get_secret_value()
        found.append(checks.round_trip("机器人回调", token, key))
    else:
        found.append(checks.Finding("机器人回调", None, "未设置"))
    if settings.wecom_app_token and settings.wecom_app_aes_key and settings.wecom_corp_id:
        token, key = settings.wecom_app_token.get_secret_value(), settings.wecom_app_aes_key.get_secret_value()
        found.append(checks.round_trip("自建应用回调", token, key, settings.wecom_corp_id))
    else:
        found.append(checks.Finding("自建应用回调", None, "未设置"))
    connected = bool(settings.wecom_robot_id and settings.wecom_robot_secret)
    found.append(checks.Finding("机器人长连接", True if connected else None, "已设置" if connected else "未设置"))
    if not settings.public_url:
        advice = "设置 ASSISTANT_PUBLIC_URL 后，回答里的来源可以点开。"
        found.append(checks.Finding("链接地址", None, "未设置，来源不带链接", advice))
    if not offline:
        found += checks.reach(settings.wecom_api_url)
        if connected:
            found.append(checks.socket_open(settings.wecom_socket_url or _VENDORS_SOCKET))
    return found
