"""``assistant audit``: who asked, opened, exported and changed what."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime, timedelta

import click

from assistant.faces.cli.language import echo
from assistant.faces.cli.session import opened

ACTIONS = {
    "ask": "提问",
    "open": "查阅",
    "export": "导出",
    "upload": "上传",
    "change": "修改",
    "delete": "删除",
    "judge": "评价",
    "token": "签发令牌",
    "refused": "被拒",
    "key.create": "建立密钥",
    "key.revoke": "吊销密钥",
}


@click.group("audit")
def command() -> None:
    """操作记录：谁在何时提问、查阅、导出、修改了什么。"""


@command.command("list")
@click.option("--who", default="", help="只看某个密钥、用户，如 key:3f… 或 user:王五。")
@click.option("--action", type=click.Choice(list(ACTIONS)), default=None, help="只看某类操作。")
@click.option("--days", type=click.IntRange(1), help="只看最近多少天。")
@click.option("--limit", type=click.IntRange(1), default=100, show_default=True, help="最多多少条，最近的在前。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON，供程序读取。")
@click.pass_context
def list_deeds(ctx: click.Context, who: str, action: str | None, days: int | None, limit: int, as_json: bool) -> None:
    """列出操作记录。"""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    from assistant.faces.cli.render import console, print_json

    since = _ago(days) if days else ""
    with opened(ctx) as service:
        deeds = service.audit.deeds(since=since, who=who, action=action or "", limit=limit)
    if as_json:
        print_json({"deeds": [asdict(deed) for deed in deeds], "total": len(deeds)})
        return
    grid = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for title in ("时间", "谁", "操作", "对象", "结果", "内容"):
        grid.add_column(title, overflow="fold")
    for deed in deeds:
        at = datetime.fromisoformat(deed.at).astimezone().strftime("%Y-%m-%d %H:%M:%S")
        said = ACTIONS.get(deed.action, deed.action)
        grid.add_row(*map(Text, (at, deed.who, said, deed.object or "—", str(deed.status or "—"), deed.content)))
    out = console()
    if deeds:
        out.print(grid)
    out.print(f"共 {len(deeds)} 条。")


@command.command("purge")
@click.option("--days", type=click.IntRange(0), help="保留最近多少天；默认按 ASSISTANT_AUDIT_DAYS。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON，供程序读取。")
@click.pass_context
def purge(ctx: click.Context, days: int | None, as_json: bool) -> None:
    """删除过期的操作记录。服务运行时每天自动删除。"""
    from assistant.faces.cli.render import print_json

    with opened(ctx) as service:
        keep = service.settings.audit_days if days is None else days
        kept_for_ever = days is None and not keep
        deleted = 0 if kept_for_ever else service.audit.purge(_ago(keep))
    if as_json:
        print_json({"deleted": deleted})
    elif kept_for_ever:
        echo("ASSISTANT_AUDIT_DAYS 为 0，操作记录一直保留。")
    else:
        echo(f"已删除 {deleted} 条操作记录。")


def _ago(days: int) -> str:
    return (datetime.now(UTC) - timedelta(days=days)).isoformat(timespec="milliseconds")
