"""What ``assistant doctor`` says of access: who can come in, who can read the files, what nobody may see."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Literal, NamedTuple

from assistant.domain.access import HIDDEN
from assistant.errors import AssistantError
from assistant.faces.peers import is_loopback

if TYPE_CHECKING:
    from assistant.bootstrap import Service

_SOON = timedelta(days=14)
_LEVELS = {"public": "公开", "internal": "内部", "departments": "按部门"}


class Finding(NamedTuple):
    """One thing looked at, as a check of the doctor has it."""

    name: str
    state: Literal["ok", "warn", "fail"]
    detail: str
    advice: str = ""


def access(service: Service) -> Iterator[Finding]:
    """Findings in the order in which a person would look."""
    yield _entrance(service)
    settings = service.settings
    if settings.sso_user_header:
        granting = (settings.sso_ingest_groups, settings.sso_review_groups, settings.sso_admin_groups)
        ingest, review, admin = ("、".join(groups) or "无" for groups in granting)
        yield Finding("登录授权", "ok", f"可导入的组：{ingest}；可复核：{review}；可管理：{admin}")
    if expiring := _expiring(service):
        yield Finding("密钥", "warn", f"即将到期：{expiring}", "请用 assistant keys create 换新。")
    yield _files(service)
    if finding := _labels(service):
        yield finding


def _entrance(service: Service) -> Finding:
    settings = service.settings
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    keys = sum(key.active(now) for key in service.keys.all())
    if settings.sso_user_header:
        return Finding("访问", "ok", f"单点登录（{settings.sso_user_header}），密钥 {keys} 个；本机也须登录")
    if is_loopback(settings.host):
        return Finding("访问", "ok", f"只有本机免密钥，密钥 {keys} 个")
    if not keys:
        advice = "请用 assistant keys create 建立密钥，或配置 ASSISTANT_SSO_USER_HEADER。"
        return Finding("访问", "fail", f"{settings.host} 对其他机器开放，但没有密钥，也没有单点登录", advice)
    return Finding("访问", "ok", f"{settings.host} 对其他机器开放，密钥 {keys} 个")


def _expiring(service: Service) -> str:
    now = datetime.now(UTC)
    soon = (now + _SOON).isoformat(timespec="milliseconds")
    at = now.isoformat(timespec="milliseconds")
    return "、".join(
        f"{key.name}（{key.expires_at[:10]}）"
        for key in service.keys.all()
        if key.active(at) and key.expires_at is not None and key.expires_at < soon
    )


def _files(service: Service) -> Finding:
    folder = service.settings.data_dir
    try:
        others = folder.stat().st_mode & (stat.S_IROTH | stat.S_IXOTH)
    except OSError:
        others = 0
    if others:
        advice = f"多人共用的机器请执行 chmod 700 {folder}：库中有文件全文、会话和操作记录。"
        return Finding("数据权限", "warn", f"本机其他用户可以进入 {folder}", advice)
    return Finding("数据权限", "ok", "只有运行服务的账户可以读取")


def _labels(service: Service) -> Finding | None:
    _, labels = service.labels.current()
    try:
        with service.indexes.lease() as index:
            held = [labels.get(info.id) for info in index.documents()]
    except AssistantError:
        return None
    hidden = sum(label is None or label == HIDDEN for label in held)
    if hidden:
        advice = "多为 .visibility 规则写错；ingest run 会列出原因，写法见 docs/security.md。"
        return Finding("可见范围", "warn", f"{hidden} 份文件只有管理员能看", advice)
    counts = {level: sum(label is not None and label.level == level for label in held) for level in _LEVELS}
    said = "，".join(f"{_LEVELS[level]} {count}" for level, count in counts.items() if count)
    return Finding("可见范围", "ok", said or "还没有文件")
