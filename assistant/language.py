"""English for what commands say, where ``ASSISTANT_LANG`` asks for it; answers and documents stay as they are.

Everything is written in Chinese where it is said. A catalogue has the English of whole messages, with ``{}`` for what
is filled in; a message that it does not have stays Chinese. It is applied where words leave the program
(:meth:`Catalogue.echo`, :meth:`Catalogue.said`, the help of commands), so that no command knows of languages. Errors
that both programs tell stand in ``messages.en.toml`` beside this module, each program's own words beside its commands.
"""

from __future__ import annotations

import inspect
import os
import re
import tomllib
from collections.abc import Mapping
from copy import copy
from functools import cached_property
from pathlib import Path
from typing import Any

import click

ERRORS = Path(__file__).with_name("messages.en.toml")
_GAP = "{}"


def english() -> bool:
    """Whether English is asked for."""
    return os.environ.get("ASSISTANT_LANG", "").lower().startswith("en")


class Catalogue:
    """The words of one program, from these files; they are read when they are first needed."""

    def __init__(self, *files: Path) -> None:
        self._files = files

    def said(self, words: str) -> str:
        """A message in the language that is asked for; white space around it stays."""
        if not english() or words.isascii():
            return words
        core = words.strip()
        exact, patterns = self._messages
        told = exact.get(core)
        if told is None:
            for pattern, template in patterns:
                if match := pattern.fullmatch(core):
                    told = template.format(*map(self.said, match.groups()))
                    break
        return words if told is None else words.replace(core, told, 1)

    def echo(self, message: str = "", *, nl: bool = True, err: bool = False) -> None:
        """:func:`click.echo` in that language."""
        click.echo(self.said(message), nl=nl, err=err)

    def secho(self, message: str, *, nl: bool = True, err: bool = False, **style: Any) -> None:
        """:func:`click.secho` in that language."""
        click.secho(self.said(message), nl=nl, err=err, **style)

    def helped(self, command: click.Command) -> click.Command:
        """The command with its help in that language, its subcommands too: a copy where that is another."""
        if not english():
            return command
        told = copy(command)
        told.help, told.short_help = self._help(command.help), self._help(command.short_help)
        told.params = [copy(parameter) for parameter in command.params]
        for parameter in told.params:
            parameter.metavar = self._help(parameter.metavar)
            if isinstance(parameter, click.Option):
                parameter.help = self._help(parameter.help)
        if isinstance(told, click.Group):
            told.commands = {name: self.helped(inner) for name, inner in told.commands.items()}
        return told

    def _help(self, words: str | None) -> str | None:
        return self.said(inspect.cleandoc(words)) if words else words

    @cached_property
    def _messages(self) -> tuple[Mapping[str, str], list[tuple[re.Pattern[str], str]]]:
        """Whole messages, and patterns for those with gaps, the most words first."""
        read: dict[str, str] = {}
        for file in self._files:
            read |= tomllib.loads(file.read_text(encoding="utf-8"))
        exact = {inspect.cleandoc(chinese): told for chinese, told in read.items() if _GAP not in chinese}
        gapped = sorted((chinese for chinese in read if _GAP in chinese), key=lambda c: -len(c.replace(_GAP, "")))
        return exact, [
            (re.compile("(.*?)".join(map(re.escape, chinese.split(_GAP))), re.DOTALL), read[chinese])
            for chinese in gapped
        ]
