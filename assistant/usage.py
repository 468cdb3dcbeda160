"""Chinese for what the command-line library itself says: the frame of its help, and errors of usage.

The library's own words are English; commands keep them where ``ASSISTANT_LANG`` asks for English
(:mod:`assistant.language`), and say them in Chinese everywhere else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import IO, Any

import click

from assistant.language import english

_HEADINGS = {"Options": "选项", "Commands": "命令", "Arguments": "参数"}
_FRAME = {
    "Show this message and exit.": "显示这段说明。",
    "Show the version and exit.": "显示版本。",
    "[OPTIONS]": "[选项]",
    "[COMMAND] [ARGS]...": "[命令] [参数]...",
    "COMMAND [ARGS]...": "命令 [参数]...",
    "QUESTION": "问题",
    "INTEGER RANGE": "整数",
    "FLOAT RANGE": "数",
    " TEXT": " 文字",
    "[default: ": "[默认：",
    "[required]": "[必填]",
}
_LONGEST = 1000  # characters: a message repeats what was typed
# The library's sentences (click 8) and ours; the first that fits a whole message tells it.
_SAID: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.DOTALL), told)
    for pattern, told in (
        (r"No such command '(.*?)'\.(?: Did you mean '(.*?)'\?)", "没有“{0}”这条命令，是不是“{1}”？"),
        (r"No such command '(.*?)'\..*", "没有“{0}”这条命令。"),
        (r"No such option:? '?(.*?)'?\.?(?: Did you mean '?(.*?)'?\?)", "没有 {0} 这个选项，是不是 {1}？"),
        (r"No such option:? '?([^']*?)'?\.?(?: .*)?", "没有 {0} 这个选项。"),
        (r"Missing argument '?(.*?)'?\.(?: .*)?", "缺少 {0}。"),
        (r"Missing (?:option|parameter) '?(.*?)'?\.(?: .*)?", "缺少选项 {0}。"),
        (r"Missing command\.", "没有写命令。"),
        (r"Got unexpected extra arguments? \((.*)\)", "多写了“{0}”；内容里有空格时请加引号。"),
        (r"Option '(.*?)' requires an argument\.", "{0} 后面没有写内容。"),
        (r"Option '(.*?)' requires \d+ arguments\.", "{0} 后面写的内容不够。"),
        (r"Option '(.*?)' does not take a value\.", "{0} 后面不写内容。"),
        (r"Invalid value for '?(.*?)'?: '(.*?)' is not one of (.*)\.", "{0} 不能写“{1}”，可以写 {2}。"),
        (
            r"Invalid value for '?(.*?)'?: '(.*?)' is not a valid (?:integer|float)(?: range)?\.",
            "{0} 要写数字。",
        ),
        (r"Invalid value for '?(.*?)'?: (\S+) is not in the range (.*)\.", "{0} 不能是 {1}，范围是 {2}。"),
        (r"Invalid value for '?(.*?)'?: (?:File|Path|Directory) '(.*?)' does not exist\.", "找不到“{1}”。请核对路径。"),
        (r"Invalid value for '?(.*?)'?: File '(.*?)' is a directory\.", "“{1}”是文件夹，这里要写文件。"),
        (r"Invalid value for '?(.*?)'?: Directory '(.*?)' is a file\.", "“{1}”是文件，这里要写文件夹。"),
        (r"Invalid value for '?(.*?)'?: \w+ '(.*?)' is not (?:readable|writable)\.", "“{1}”没有读写权限。"),
        (r"Invalid value for '?(.*?)'?: (.*)", "{0} 写得不对：{1}"),
    )
)


def told(message: str) -> str:
    """An error of usage in Chinese; one that is already, that nothing here knows, or of any length, as it is."""
    if len(message) > _LONGEST:
        return message
    for pattern, chinese in _SAID:
        if match := pattern.fullmatch(message):
            return _framed(chinese.format(*match.groups()))
    return message


def _framed(text: str) -> str:
    for said, chinese in _FRAME.items():
        text = text.replace(said, chinese)
    return text


class Formatter(click.HelpFormatter):
    """Writes the frame of a help page in Chinese unless English is asked for."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        if english():
            super().write_usage(prog, args, prefix)
        else:
            super().write_usage(prog, _framed(args), "用法：" if prefix is None else prefix)

    def write_heading(self, heading: str) -> None:
        if english():
            super().write_heading(heading)
        else:
            self.write(f"{'':>{self.current_indent}}{_HEADINGS.get(heading, heading)}：\n")

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        chosen = rows if english() else [(_framed(left), _framed(right)) for left, right in rows]
        super().write_dl(chosen, col_max, col_spacing)


class Context(click.Context):
    """A context whose help is written by :class:`Formatter`."""

    formatter_class = Formatter


class Misused(click.UsageError):
    """An error of usage that is shown in Chinese, with the usage and the way to the help."""

    def show(self, file: IO[Any] | None = None) -> None:
        err = file is None
        if self.ctx is not None:
            click.echo(self.ctx.get_usage(), file=file, err=err)
        click.echo(f"错误：{told(self.message)}", file=file, err=err)
        if self.ctx is not None:
            click.echo(f"用法见 {self.ctx.command_path} --help", file=file, err=err)


class Group(click.Group):
    """The root of a program's commands: its help and errors of usage, and those of all its commands, in Chinese."""

    context_class = Context

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        try:
            return super().make_context(info_name, args, parent, **extra)
        except click.UsageError as error:
            raise _plain(error) from error

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except click.UsageError as error:
            raise _plain(error) from error

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        command = super().get_command(ctx, cmd_name)
        return command and in_chinese(command)


def in_chinese(command: click.Command) -> click.Command:
    """The command, with its help and that of its subcommands framed in Chinese."""
    command.context_class = Context
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            in_chinese(inner)
    return command


def _plain(error: click.UsageError) -> click.UsageError:
    if english() or isinstance(error, (Misused, click.exceptions.NoArgsIsHelpError)):
        return error
    return Misused(error.format_message(), error.ctx)
