"""``assistant ask``: one question, its answer with numbered sources, or the contract's JSON."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import click

from assistant.domain.access import LOCAL
from assistant.domain.dialogue import Answer, Done, Failed, Searching, Sentence
from assistant.errors import AssistantError
from assistant.faces.cli.language import said
from assistant.faces.cli.session import asking

if TYPE_CHECKING:
    from rich.console import Console

    from assistant.ports import Asker


@click.command("ask")
@click.argument("question")
@click.option("--json", "as_json", is_flag=True, help="输出约定的 JSON，供程序读取。")
@click.option("--conversation", metavar="ID", help="接着这个会话提问。")
@click.pass_context
def command(ctx: click.Context, question: str, as_json: bool, conversation: str | None) -> None:
    """提一个问题，回答附编号依据。"""
    from assistant.faces.cli.render import console, print_json, print_rest

    with asking(ctx) as asker:
        if as_json:
            print_json(asyncio.run(answered(asker, question, conversation)).to_json())
            return
        out = console()
        print_rest(out, asyncio.run(stream_to(out, asker, question, conversation)))


async def answered(asker: Asker, question: str, conversation: str | None) -> Answer:
    """The whole answer. Raises :class:`~assistant.errors.AssistantError` where the stream ends badly."""
    async for event in asker.ask(question, reader=LOCAL, conversation_id=conversation):
        match event:
            case Done():
                return event.answer
            case Failed():
                raise AssistantError(event.message)
    raise _interrupted()


async def stream_to(out: Console, asker: Asker, question: str, conversation: str | None) -> Answer:
    """Print sentences as they are verified and return the answer they add up to.

    Progress goes to standard error and only to a terminal, so that a pipe carries the answer alone. Raises
    :class:`~assistant.errors.AssistantError` where the stream ends badly.
    """
    from rich.console import Console

    from assistant.faces.cli.render import print_answer_text

    progress = Console(stderr=True, highlight=False)
    with progress.status(said("正在检索…")) as status:
        begun = False
        async for event in asker.ask(question, reader=LOCAL, conversation_id=conversation):
            match event:
                case Searching():
                    status.update(event.message)
                case Sentence():
                    status.stop()
                    print_answer_text(out, event.text)
                    begun = True
                case Done():
                    status.stop()
                    if not begun:
                        print_answer_text(out, event.answer.answer)
                    out.print()
                    return event.answer
                case Failed():
                    status.stop()
                    if begun:
                        out.print()
                    raise AssistantError(event.message)
    raise _interrupted()


def _interrupted() -> AssistantError:
    return AssistantError("回答中断，没有收到结果。", "请重试；仍不行请运行 assistant doctor。")
