"""How a command reaches the service: opened late, closed always, failures said in one way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

import click

from assistant.errors import AssistantError, BadRequest
from assistant.faces.cli.language import echo, secho

if TYPE_CHECKING:
    from assistant.bootstrap import Service
    from assistant.faces.cli.remote import RemoteService
    from assistant.ports import Asker

SERVICE_ERROR = 1
USAGE_ERROR = 2

OpenService = Callable[[], "Service"]


def service_opener(ctx: click.Context) -> OpenService:
    """What opens the service: the caller's own function where one was given, else the composition root."""
    if ctx.obj is not None:
        given: OpenService = ctx.obj
        return given
    from assistant.bootstrap import open_service

    return open_service


def remote(ctx: click.Context) -> RemoteService | None:
    """The service of ``--server``; None where the library of this machine is meant."""
    root = ctx.find_root().params
    if not root.get("server"):
        return None
    from assistant.faces.cli.remote import RemoteService

    return RemoteService(root["server"], root.get("server_key"))


@contextmanager
def asking(ctx: click.Context) -> Iterator[Asker]:
    """The question path for the length of a command, here or at ``--server``."""
    if elsewhere := remote(ctx):
        with told():
            yield elsewhere
        return
    with opened(ctx) as service:
        yield service.asker


@contextmanager
def opened(ctx: click.Context) -> Iterator[Service]:
    """The service of this machine for the length of a command."""
    if remote(ctx) is not None:
        fail("这条命令只能在服务所在的机器上运行。", "请去掉 --server，或到那台机器上运行。", USAGE_ERROR)
    with told():
        service = service_opener(ctx)()
        try:
            yield service
        finally:
            service.close()


@contextmanager
def told() -> Iterator[None]:
    """An error of ours ends the command with advice and its exit code."""
    try:
        yield
    except AssistantError as error:
        fail(error.message, error.advice, USAGE_ERROR if isinstance(error, BadRequest) else SERVICE_ERROR)


def fail(message: str, advice: str = "", code: int = SERVICE_ERROR) -> NoReturn:
    """End the command: what happened and what to do, on standard error."""
    secho(f"错误：{message}", fg="red", err=True)
    if advice:
        echo(advice, err=True)
    raise SystemExit(code)
