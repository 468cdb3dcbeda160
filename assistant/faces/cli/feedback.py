"""``assistant feedback``: readers' judgements as an evaluation file, and what the documents did not answer."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from assistant.faces.cli.language import echo
from assistant.faces.cli.session import opened

_VERDICTS = {"not_stated": "文件未载明", "partial": "部分载明", "answered": "已答"}
_SINCE = click.option("--days", type=click.IntRange(1), help="只看最近多少天。")


@click.group("feedback")
def command() -> None:
    """读者的评价与没有答上的问题。"""


@command.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), required=False)
@click.option("--useful/--not-useful", default=None, help="只导出有用的，或只导出没用的；默认全部。")
@_SINCE
@click.pass_context
def export(ctx: click.Context, file: Path | None, useful: bool | None, days: int | None) -> None:
    """把评价导出为题目文件（jsonl，供 assistant eval 使用）；不写 FILE 则输出到屏幕。"""
    from assistant.faces.feedback_forms import case_row

    with opened(ctx) as service:
        rows = [case_row(judged) for judged in service.feedback.judged(useful=useful, since=_since(days))]
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    if file is None:
        click.echo(text, nl=False)
        return
    file.write_text(text, encoding="utf-8")
    echo(f"已导出 {len(rows)} 条评价到 {file}。", err=True)


@command.command("unanswered")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON，供程序读取。")
@_SINCE
@click.pass_context
def unanswered(ctx: click.Context, as_json: bool, days: int | None) -> None:
    """列出文件没有答上的问题：同类合并计数，最常问的在前。"""
    from assistant.faces.cli.render import console, print_json
    from assistant.faces.feedback_forms import grouped

    with opened(ctx) as service:
        groups = grouped(service.feedback.open_questions(since=_since(days)))
    total = sum(group.times for group in groups)
    if as_json:
        print_json({"questions": [asdict(group) for group in groups], "groups": len(groups), "total": total})
        return

    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    grid = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False)
    grid.add_column("问题", overflow="fold")
    for name in ("次数", "略去的句子"):
        grid.add_column(name, justify="right")
    for name in ("结论", "最近"):
        grid.add_column(name)
    for group in groups:
        verdicts = "、".join(_VERDICTS.get(verdict, verdict) for verdict in group.verdicts)
        cells = (group.question, str(group.times), str(group.withheld or "—"), verdicts, group.last[:10])
        grid.add_row(*map(Text, cells))
    out = console()
    if groups:
        out.print(grid)
    out.print(f"共 {total} 次没有答上，合并为 {len(groups)} 类。")


def _since(days: int | None) -> str:
    return "" if days is None else (datetime.now(UTC) - timedelta(days=days)).isoformat(timespec="milliseconds")
