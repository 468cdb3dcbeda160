"""``assistant doctor``: is everything in place, and what to do where it is not."""

from __future__ import annotations

import asyncio
import tempfile
from collections import Counter
from collections.abc import Generator, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from assistant.domain.conditions import Part
from assistant.domain.uploads import State
from assistant.errors import AssistantError
from assistant.faces.cli.doctor_access import access
from assistant.faces.cli.language import echo, said, secho
from assistant.faces.cli.session import SERVICE_ERROR, remote, service_opener

if TYPE_CHECKING:
    from assistant.bootstrap import Service
    from assistant.faces.cli.remote import RemoteService

_SIGN = {"ok": "正常", "warn": "注意", "fail": "故障"}
# What each error of opening the service is about; the rest is the service itself.
_OPENING = {
    "settings": "设置",
    "library": "数据库",
    "library_damaged": "数据库",
    "busy": "数据库",
    "prompt": "提示词",
    "embedding": "检索模型",
}
# What the parts are called, and what is said where nothing is wrong; of the index more is said below.
_PARTS = {
    Part.DISK: ("磁盘", "有空间，可写"),
    Part.LIBRARY: ("数据库", "文件完好"),
    Part.INDEX: ("当前索引", "打得开"),
    Part.CLOCK: ("系统时间", "与记录相符"),
}
_GRAVE = {"disk_full", "read_only", "library_damaged"}  # answers come still, but something is being lost
_ENDPOINT_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: ``state`` says whether the service can work with it, ``advice`` what to do."""

    name: str
    state: Literal["ok", "warn", "fail"]
    detail: str
    advice: str = ""


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON，供程序读取。")
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> None:
    """检查设置、数据目录、索引与模型，指出怎么办。"""
    from assistant.faces.cli.render import print_json

    checks = list(_checks(ctx))
    if as_json:
        print_json({"ok": all(c.state != "fail" for c in checks), "checks": [asdict(c) for c in checks]})
    else:
        for check in checks:
            secho(f"[{said(_SIGN[check.state])}] ", nl=False, fg="red" if check.state == "fail" else None)
            echo(f"{said(check.name)}：{said(check.detail)}")
            if check.advice:
                echo(f"       {said(check.advice)}")
    if any(check.state == "fail" for check in checks):
        raise SystemExit(SERVICE_ERROR)


def _checks(ctx: click.Context) -> Iterator[Check]:
    if (there := remote(ctx)) is not None:
        yield from server(there)
        return
    try:
        service = service_opener(ctx)()
    except AssistantError as error:
        yield Check(_OPENING.get(error.code, "服务"), "fail", error.message, error.advice)
        return
    try:
        yield Check("设置", "ok", "已读取")
        yield data_folder(service.settings.data_dir)
        yield from condition(service)
        yield from uploads(service)
        model = yield from _generation(service)
        for finding in access(service):
            yield Check(*finding)
        yield _embedder(service, model)
        yield chat_model(service)
    finally:
        service.close()


def server(there: RemoteService) -> Iterator[Check]:
    """The service of ``--server``: whether it answers, and what we may do there."""
    try:
        index, documents, may = asyncio.run(there.standing())
    except AssistantError as error:
        yield Check("服务", "fail", error.message, error.advice)
        return
    yield Check("服务", "ok", f"可用，{index}，看得到 {documents} 份文件")
    yield Check("权限", "ok", "、".join(may))


def uploads(service: Service) -> Iterator[Check]:
    """Files that were uploaded and are not in the library; nothing where there are none."""
    states = Counter(upload.state for upload in service.uploads.all())
    if failed := states[State.FAILED]:
        yield Check("上传的文件", "warn", f"{failed} 个没有导入", "原因见网页“上传和管理”；请修好后重新上传，或删除。")
    if waiting := states[State.WAITING] + states[State.REMOVING]:
        yield Check(
            "上传的文件", "warn", f"{waiting} 个等待处理", "服务运行时会自动继续；没有运行请启动 assistant serve。"
        )


def data_folder(folder: Path) -> Check:
    """Whether the folder for everything that is written takes a file."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        advice = "请检查目录权限与磁盘空间，或用 ASSISTANT_DATA_DIR 换一个目录。"
        return Check("数据目录", "fail", f"{folder} 不能写入：{error.strerror}", advice)
    return Check("数据目录", "ok", f"{folder} 可写")


def condition(service: Service) -> Iterator[Check]:
    """Disk, database file, index and clock, after every page of the database file was read."""
    service.condition.examine()
    found = service.condition.troubles()
    for part, (name, well) in _PARTS.items():
        troubles = [trouble for trouble in found if trouble.part is part]
        for trouble in troubles:
            state: Literal["warn", "fail"] = "fail" if trouble.fatal or trouble.code in _GRAVE else "warn"
            yield Check(name, state, trouble.message, trouble.advice)
        if not troubles:
            yield Check(name, "ok", well)


def _generation(service: Service) -> Generator[Check, None, str | None]:
    """The generation that is served; gives the name of the model that made its vectors."""
    try:
        with service.indexes.lease() as index:
            count = len(index.documents())
            kind = "含语义检索" if index.model else "只有词语检索"
            yield Check("索引", "ok", f"{index.name}，{count} 份文件，{kind}")
            return index.model
    except AssistantError as error:
        yield Check("索引", "warn", error.message, error.advice or "请运行 ingest run。")
        return None


def _embedder(service: Service, built_with: str | None) -> Check:
    embedder = service.embedder
    if embedder is None:
        return Check("检索模型", "warn", "未启用，只按词语检索", "见 ASSISTANT_EMBEDDINGS_ENGINE。")
    try:
        size = len(embedder.embed_query("检查"))
    except AssistantError as error:
        return Check("检索模型", "fail", error.message, error.advice)
    if built_with is not None and built_with != embedder.model:
        detail = f"{embedder.model}，而索引由 {built_with} 建成"
        return Check("检索模型", "warn", detail, "请运行 ingest run，用现在的模型重建索引。")
    return Check("检索模型", "ok", f"{embedder.model}，{size} 维")


def chat_model(service: Service) -> Check:
    """Whether the chat model's endpoint answers; nothing is sent but a question for its list of models."""
    base, key = service.settings.llm_base_url, service.settings.llm_api_key
    if not base:
        return Check("模型服务", "ok", "未配置，回答为原文摘录")

    import httpx

    headers = {"Authorization": f"Bearer {key.get_secret_value()}"} if key else {}
    advice = "请检查 ASSISTANT_LLM_BASE_URL 与 ASSISTANT_LLM_API_KEY；不可用期间回答为原文摘录。"
    try:
        response = httpx.get(f"{base.rstrip('/')}/models", headers=headers, timeout=_ENDPOINT_SECONDS)
    except httpx.HTTPError as error:
        return Check("模型服务", "warn", f"{base} 没有响应（{type(error).__name__}）", advice)
    if response.is_error:
        return Check("模型服务", "warn", f"{base} 返回 {response.status_code}", advice)
    return Check("模型服务", "ok", f"{base} 可用，模型 {service.settings.llm_model}")
