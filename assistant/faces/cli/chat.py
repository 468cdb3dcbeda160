"""``assistant chat``: a conversation. Ctrl-C stops the answer that is being written, not the program."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

import click

from assistant.errors import AssistantError
from assistant.faces.cli.ask import stream_to
from assistant.faces.cli.language import said
from assistant.faces.cli.session import asking

if TYPE_CHECKING:
    from rich.console import Console

    from assistant.ports import Asker

_NEW = ("/新会话", "/new")
_QUIT = ("/退出", "/quit", "/exit")
_HELP = "直接输入问题提问；/新会话 重新开始，/退出 结束；回答时按 Ctrl-C 停止。"


@click.command("chat")
@click.option("--conversation", metavar="ID", help="接着这个会话提问。")
@click.pass_context
def command(ctx: click.Context, conversation: str | None) -> None:
    """连续提问，可以追问。"""
    from assistant.faces.cli.render import console

    if sys.stdin.isatty():
        import readline  # noqa: F401  line editing and history for input()

    out = console()
    # One event loop for the whole conversation: a model client keeps connections that belong to its loop.
    with asking(ctx) as asker, asyncio.Runner() as runner:
        out.print(_HELP, style="dim")
        while True:
            try:
                line = input(said("\n问：")).strip()
            except EOFError:
                break
            except KeyboardInterrupt:
                out.print("\n结束请输入 /退出。", style="dim")
                continue
            if line in _QUIT:
                break
            if line in _NEW:
                conversation = None
                out.print("已开始新会话。", style="dim")
            elif line.startswith("/"):
                out.print(_HELP, style="dim")
            elif line:
                conversation = _turn(runner, out, asker, line, conversation) or conversation


def _turn(runner: asyncio.Runner, out: Console, asker: Asker, question: str, conversation: str | None) -> str | None:
    """Ask one question; the conversation's id, or None where the answer was stopped or failed."""
    from assistant.faces.cli.render import print_rest

    try:
        answer = runner.run(stream_to(out, asker, question, conversation))
    except KeyboardInterrupt:
        out.print("\n已停止。", style="yellow")
        return None
    except AssistantError as error:
        out.print(f"错误：{error.message}", style="red", markup=False)
        if error.advice:
            out.print(error.advice, markup=False)
        return None
    print_rest(out, answer, talking=True)
    return answer.conversation_id
