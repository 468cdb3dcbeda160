"""The ``assistant`` command. Subcommands are looked up by name and imported only when they run or are listed.

``main`` takes ``obj=open_service`` so that a test, or a program that embeds the command, brings its own service.
Exit codes: 0 answered (whatever the verdict), 1 the service failed, 2 the command was used wrongly.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

import click

import assistant
from assistant.faces.cli.language import helped
from assistant.usage import Group, in_chinese

_COMMANDS = {
    "serve": "assistant.faces.cli.serve",
    "ask": "assistant.faces.cli.ask",
    "chat": "assistant.faces.cli.chat",
    "documents": "assistant.faces.cli.documents",
    "ledger": "assistant.faces.cli.ledger",
    "eval": "assistant.faces.cli.evaluate",
    "keys": "assistant.faces.cli.keys",
    "audit": "assistant.faces.cli.audit",
    "feedback": "assistant.faces.cli.feedback",
    "mcp": "assistant.faces.cli.mcp",
    "wecom": "assistant.faces.cli.wecom",
    "backup": "assistant.faces.cli.backup",
    "restore": "assistant.faces.cli.restore",
    "doctor": "assistant.faces.cli.doctor",
}


class _Commands(Group):
    """A group whose commands are modules with an attribute ``command``."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        shown = helped(self)
        assert isinstance(shown, Group)
        return Group.make_context(shown, info_name, args, parent, **extra)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        module = _COMMANDS.get(cmd_name)
        if module is None:
            return None
        command = import_module(module).command
        assert isinstance(command, click.Command)
        return helped(in_chinese(command))


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(assistant.__version__, prog_name="assistant")
@click.option(
    "--server", metavar="网址", envvar="ASSISTANT_SERVER", help="向这个服务提问、查文件和台账，不用本机的资料库。"
)
@click.option(
    "--server-key", metavar="密钥", envvar="ASSISTANT_SERVER_KEY", help="那个服务的密钥；写在环境变量里更稳妥。"
)
def main(server: str | None, server_key: str | None) -> None:
    """政策文件问答：每一句回答都有条款依据。"""
    _never_fail_on_a_character(sys.stdout, sys.stderr)


def _never_fail_on_a_character(*streams: Any) -> None:
    """A terminal that cannot show a character shows a question mark; it must not end the program."""
    for stream in streams:
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
