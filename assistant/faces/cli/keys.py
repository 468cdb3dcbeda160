"""``assistant keys``: who may use the service from other machines and programs, and for what."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from assistant.domain.access import LOCAL, Clearance, Scope, department
from assistant.domain.audit import Deed
from assistant.faces.cli.language import echo
from assistant.faces.cli.session import opened

if TYPE_CHECKING:
    from assistant.bootstrap import Service
    from assistant.domain.access import ApiKey

_JSON = click.option("--json", "as_json", is_flag=True, help="输出 JSON，供程序读取。")
_MEANING = {
    Scope.ASK: "提问",
    Scope.READ: "查阅",
    Scope.REVIEW: "复核",
    Scope.INGEST: "导入",
    Scope.ADMIN: "管理",
}


@click.group("keys")
def command() -> None:
    """建立、列出和吊销访问密钥。"""


@command.command("create")
@click.argument("name")
@click.option(
    "--scope",
    "scopes",
    type=click.Choice([scope.value for scope in Scope]),
    multiple=True,
    default=(Scope.ASK.value, Scope.READ.value),
    show_default=True,
    help="权限，可重复：ask 提问、read 查阅、review 复核、ingest 导入、admin 管理（含全部）。",
)
@click.option("--department", "departments", multiple=True, metavar="名称", help="可看标为该部门的文件，可重复。")
@click.option("--public-only", is_flag=True, help="只能看标为公开的文件。")
@click.option("--days", type=click.IntRange(1), help="有效天数；默认一直有效，直到吊销。")
@_JSON
@click.pass_context
def create(
    ctx: click.Context,
    name: str,
    scopes: tuple[str, ...],
    departments: tuple[str, ...],
    public_only: bool,
    days: int | None,
    as_json: bool,
) -> None:
    """建立密钥，NAME 写明给谁用。密钥只显示这一次。

    默认可看公开和内部文件；含 admin 权限的密钥可看全部文件。
    """
    from assistant.faces.cli.render import print_json

    if public_only and departments:
        raise click.UsageError("--public-only 与 --department 不能同时使用。")
    chosen = frozenset(map(Scope, scopes))
    named = frozenset(filter(None, map(department, departments)))
    clearance = Clearance(not public_only, named, everything=Scope.ADMIN in chosen and not public_only)
    with opened(ctx) as service:
        key, secret = service.keys.make(name.strip(), chosen, clearance, days)
        _note(service, "key.create", key)
    if as_json:
        print_json({**key_json(key), "key": secret})
        return
    echo(secret)
    echo(f"密钥 {key.id}（{key.name}）已建立：{_allowed(key)}。只显示这一次，请妥善保存。", err=True)


@command.command("list")
@click.option("--all", "everything", is_flag=True, help="也列出已吊销和过期的。")
@_JSON
@click.pass_context
def list_keys(ctx: click.Context, everything: bool, as_json: bool) -> None:
    """列出密钥及最近使用时间。"""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    from assistant.faces.cli.render import console, print_json

    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    with opened(ctx) as service:
        keys = [key for key in service.keys.all() if everything or key.active(now)]
    if as_json:
        print_json({"keys": [key_json(key) for key in keys], "total": len(keys)})
        return
    grid = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for title in ("编号", "用途", "权限与范围", "建立", "有效至", "最近使用"):
        grid.add_column(title, overflow="fold")
    for key in keys:
        ends = f"已吊销 {_day(key.revoked_at)}" if key.revoked_at else _day(key.expires_at) or "长期"
        used = _minute(key.last_used_at) or "未用过"
        grid.add_row(*map(Text, (key.id, key.name, _allowed(key), _day(key.created_at), ends, used)))
    out = console()
    if keys:
        out.print(grid)
    out.print(f"共 {len(keys)} 个密钥。")


@command.command("revoke")
@click.argument("key_id", metavar="编号")
@_JSON
@click.pass_context
def revoke(ctx: click.Context, key_id: str, as_json: bool) -> None:
    """吊销密钥，立即生效；由它签发的网页令牌同时失效。"""
    from assistant.faces.cli.render import print_json

    with opened(ctx) as service:
        key = service.keys.revoke(key_id)
        _note(service, "key.revoke", key)
    if as_json:
        print_json(key_json(key))
        return
    echo(f"密钥 {key.id}（{key.name}）已吊销。")


def _note(service: Service, action: str, key: ApiKey) -> None:
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    service.audit.note(Deed(at, LOCAL.owner, action, key.id, 0, ""))


def key_json(key: ApiKey) -> dict[str, Any]:
    """A key for programs; its secret is known to nobody."""
    return {
        "id": key.id,
        "name": key.name,
        "scopes": [scope.value for scope in Scope if scope in key.scopes],
        "internal": key.clearance.internal,
        "departments": sorted(key.clearance.departments),
        "everything": key.clearance.everything,
        "created_at": key.created_at,
        "expires_at": key.expires_at,
        "revoked_at": key.revoked_at,
        "last_used_at": key.last_used_at,
    }


def _allowed(key: ApiKey) -> str:
    scopes = "、".join(_MEANING[scope] for scope in Scope if scope in key.scopes)
    seen = key.clearance
    if seen.everything:
        return f"{scopes}；全部文件"
    names = [*(["内部"] if seen.internal else []), *sorted(seen.departments)]
    return f"{scopes}；公开{''.join(f'、{name}' for name in names)}"


def _day(at: str | None) -> str:
    return datetime.fromisoformat(at).astimezone().strftime("%Y-%m-%d") if at else ""


def _minute(at: str | None) -> str:
    return datetime.fromisoformat(at).astimezone().strftime("%Y-%m-%d %H:%M") if at else ""
