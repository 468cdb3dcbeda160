"""``docs/commands.md``, made from the commands. ``python -m tests.project.command_reference`` writes it anew."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import click

from assistant.faces.cli import main as assistant
from ingest.cli import cli as ingest
from tests.conftest import ROOT

PATH = ROOT / "docs" / "commands.md"
_HEAD = """# 命令参考 · Commands

<!-- made by `python -m tests.project.command_reference` -->

`assistant` 提问、查台账、提供服务；`ingest` 导入文件。每条命令加 `--help` 有同样的说明。

退出码：0 成功（`assistant` 不论结论如何；`ingest` 没有丢失任何内容），1 服务出错或导入有问题，2 用法有误，
3 另一个导入正在进行，4 导入时资料库、模型或索引出错，130 和 143 被中断。

提示和说明是中文；`ASSISTANT_LANG=en` 时为英文，回答和文件内容不变。所有查询类命令都有 `--json`。

命令补全（bash；zsh、fish 换成相应的名字）：

```sh
eval "$(_ASSISTANT_COMPLETE=bash_source .venv/bin/assistant)"
eval "$(_INGEST_COMPLETE=bash_source .venv/bin/ingest)"
```
"""


def reference() -> str:
    """Every command with its arguments and options."""
    parts = [_HEAD]
    for name, group in (("assistant", assistant), ("ingest", ingest)):
        parts.append(f"## {name}\n")
        for path, command, ctx in _commands(group, (name,), None):
            parts.append(f"### {' '.join(path)}\n")
            parts.append(inspect.cleandoc(command.help or "") + "\n")
            parts.append(_usage(command, ctx))
            options = [_row(p, ctx) for p in command.params if isinstance(p, click.Option) and p.name != "help"]
            if options:
                parts.append("\n".join(["| 选项 | 说明 |", "|---|---|", *options]) + "\n")
    return "\n".join(parts)


def _commands(
    command: click.Command, path: tuple[str, ...], parent: click.Context | None
) -> Iterator[tuple[tuple[str, ...], click.Command, click.Context]]:
    ctx = click.Context(command, info_name=path[-1], parent=parent)
    if not isinstance(command, click.Group):
        yield path, command, ctx
        return
    if command.invoke_without_command:
        yield path, command, ctx
    for name in command.list_commands(ctx):
        found = command.get_command(ctx, name)
        assert found is not None
        yield from _commands(found, (*path, name), ctx)


def _usage(command: click.Command, ctx: click.Context) -> str:
    return f"`{ctx.command_path} {' '.join(command.collect_usage_pieces(ctx))}`\n"


def _row(option: click.Option, ctx: click.Context) -> str:
    record = option.get_help_record(ctx)
    names, text = record or (" / ".join(option.opts), "")
    cells = (f"`{names}`", " ".join(text.split()))
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def main() -> None:
    """Write the file."""
    PATH.write_text(reference(), encoding="utf-8")


if __name__ == "__main__":
    main()
