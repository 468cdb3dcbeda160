"""How a command reaches the service: opened late, closed always, failures said in one way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

import click

from assistant.errors import AssistantError, BadRequest

if TYPE_CHECKING:
    from assistant.bootstrap import Service

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


@contextmanager
def opened(ctx: click.Context) -> Iterator[Service]:
    """The service for the length of a command; an error of ours ends the command with advice and its exit code."""
    try:
        service = service_opener(ctx)()
        try:
            yield service
        finally:
            service.close()
    except AssistantError as error:
        fail(error.message, error.advice, USAGE_ERROR if isinstance(error, BadRequest) else SERVICE_ERROR)


def fail(message: str, advice: str = "", code: int = SERVICE_ERROR) -> NoReturn:
    """End the command: what happened and what to do, on standard error."""
    click.secho(f"错误：{message}", fg="red", err=True)
    if advice:
        click.echo(advice, err=True)
    raise SystemExit(code)
