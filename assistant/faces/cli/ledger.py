"""``assistant ledger``: who does what by when, as a table, a file or the contract's JSON; its review by people."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assistant.faces.cli import ledger_candidates, ledger_history, ledger_review, ledger_units
from assistant.faces.cli.language import echo
from assistant.faces.cli.session import USAGE_ERROR, fail, opened, remote, told

if TYPE_CHECKING:
    from rich.table import Table

    from assistant.domain.ledger.selection import Filters, Page
    from assistant.faces.cli.remote import RemoteService

_STATES = ("planned", "in_progress", "done", "unclear")
_BASES = ("explicit", "inherited")
_KINDS = ("none", "fixed", "relative", "recurring", "ongoing", "vague")
_SORTS = tuple(
    sign + column
    for column in ("task", "lead", "cooperating", "role", "due", "status", "document")
    for sign in ("", "-")
)
_REVIEWS = ("unreviewed", "confirmed", "corrected", "rejected", "pending")


@click.group("ledger", invoke_without_command=True)
@click.option("--lead", metavar="单位", help="牵头（责任）单位。")
@click.option("--cooperating", metavar="单位", help="配合单位。")
@click.option("--unit", metavar="单位", help="以任何角色出现的单位。")
@click.option("--role", metavar="角色", help="牵头、双牵头、负责、协调、配合……")
@click.option("--status", type=click.Choice(_STATES), help="进展：拟、进行中、已完成、不明。")
@click.option("--deadline", type=click.Choice(_KINDS), help="时限的种类；none 为未写明。")
@click.option("--basis", type=click.Choice(_BASES), help="单位是本条写明，还是由上级条目推定。")
@click.option("--document", metavar="文件", help="文号、标题（可以是一部分）或文件 ID。")
@click.option("--text", metavar="文字", help="事项和原文里要有的词，空格隔开。")
@click.option("--overdue", is_flag=True, help="只列时限已过而原文未记载完成的。")
@click.option("--due-within", type=click.IntRange(0, 36500), metavar="天数", help="只列若干天内到期而未记载完成的。")
@click.option("--due-from", metavar="YYYY-MM-DD", help="到期日在这一天或以后的。")
@click.option("--due-to", metavar="YYYY-MM-DD", help="到期日在这一天或以前的。")
@click.option("--done-undated", is_flag=True, help="只列称已完成、而没有日期佐证的。")
@click.option("--review", type=click.Choice(_REVIEWS), help="核对：未核对、已核对、已更正、已驳回、待复核。")
@click.option("--rejected", is_flag=True, help="把已驳回的也列出来。")
@click.option("--as-of", metavar="YYYY-MM-DD", help="按哪一天判断是否逾期；默认今天（北京时间）。")
@click.option("--sort", type=click.Choice(_SORTS), help="按哪一列排序，前加 - 为降序；默认按文件中的先后。")
@click.option("--json", "as_json", is_flag=True, help="输出约定的 JSON，供程序读取。")
@click.option("--format", "file_format", type=click.Choice(["csv", "xlsx"]), help="导出为文件。")
@click.option("--output", "-o", type=click.Path(dir_okay=False, path_type=Path), help="导出到哪个文件。")
@click.option("--site", metavar="网址", default="", help="导出文件中的链接指向哪个服务，如 http://10.0.0.5:8000。")
@click.pass_context
def command(
    ctx: click.Context, /, *, as_json: bool, file_format: str | None, output: Path | None, site: str, **chosen: Any
) -> None:
    """责任台账：列出各项责任，可按单位、角色、进展、时限、文件、文字、核对情况筛选。"""
    if ctx.invoked_subcommand is not None:
        return
    from assistant.faces.cli.render import console, print_json
    from assistant.faces.ledger_forms import contract_row, filters_of

    if elsewhere := remote(ctx):
        _of_server(elsewhere, chosen, as_json, file_format, output)
        return
    with opened(ctx) as service:
        filters = filters_of(named=lambda name: f"--{name.replace('_', '-')}", **chosen)
        page = service.ledger.commitments(filters)
        if as_json:
            print_json({"rows": [contract_row(e) for e in page.entries], "total": page.total})
        elif file_format:
            _export(page, filters, file_format, output, site)
        else:
            out = console()
            if page.entries:
                out.print(_table(page))
            for line in _counts(page):
                out.print(line)


for _further in (
    *ledger_review.COMMANDS,
    *ledger_history.COMMANDS,
    *ledger_units.COMMANDS,
    *ledger_candidates.COMMANDS,
):
    command.add_command(_further)


@command.command("explain")
@click.argument("commitment_id", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON，供程序读取。")
@click.pass_context
def explain(ctx: click.Context, commitment_id: str, as_json: bool) -> None:
    """说明台账中的一项从哪里来：条款原文、所用规则、单位与时限的解读。"""
    from rich.text import Text

    from assistant.faces.cli.render import console, print_json
    from assistant.faces.ledger_forms import contract_row
    from assistant.faces.ledger_reasons import reasons

    with opened(ctx) as service:
        entry = service.ledger.commitment(commitment_id)
        if entry is None:
            fail(f"台账里没有 {commitment_id} 这一项。", "编号见 assistant ledger --json 的 id。", USAGE_ERROR)
        with service.indexes.lease() as index:
            document = index.document(entry.document_id)
        if as_json:
            told_of = [{"name": name, "text": text} for name, text in reasons(entry, document)]
            print_json({**contract_row(entry), "reasons": told_of})
            return
        out = console()
        for name, text in reasons(entry, document):
            out.print(Text(f"{name}：", style="bold"), Text(" ".join(text.split())), sep="")


def _of_server(
    elsewhere: RemoteService, chosen: dict[str, Any], as_json: bool, file_format: str | None, output: Path | None
) -> None:
    import asyncio

    from assistant.faces.cli.render import console, print_json

    with told():
        if file_format:
            _write(asyncio.run(elsewhere.ledger_file(chosen, file_format)), file_format, output, "")
            return
        rows, total = asyncio.run(elsewhere.ledger(chosen))
    if as_json:
        print_json({"rows": rows, "total": total})
        return
    out = console()
    if rows:
        out.print(_table_of_rows(rows))
    out.print(f"共 {total} 项，全部列出")


def _table_of_rows(rows: list[dict[str, Any]]) -> Table:
    """The table of a service elsewhere: what the contract's rows hold."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    from assistant.faces.ledger_forms import STATE_NAMES

    grid = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for name in ("编号", "事项", "牵头单位", "配合单位", "角色", "时限", "进展", "条款"):
        grid.add_column(name, overflow="fold")
    for row in rows:
        units = ("、".join(row["lead_units"]) or "—", "、".join(row["cooperating_units"]) or "—")
        state = f"〔{STATE_NAMES[row['status']['state']]}〕"
        limit = row["deadline"]["as_written"] or "—"
        grid.add_row(*map(Text, (row["id"], row["task"], *units, row["role"], limit, state, row["path"])))
    return grid


def _export(page: Page, filters: Filters, file_format: str, output: Path | None, site: str) -> None:
    from assistant.faces.ledger_files import csv_bytes, xlsx_bytes

    made = csv_bytes(page, site) if file_format == "csv" else xlsx_bytes(page, filters, site)
    _write(made, file_format, output, f" {page.total} 项")


def _write(made: bytes, file_format: str, output: Path | None, counted: str) -> None:
    import sys

    if output is None and sys.stdout.isatty() and file_format == "xlsx":
        fail("表格文件不能直接显示。", "请用 -o 台账.xlsx 指定文件，或用管道接走。", USAGE_ERROR)
    if output is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(made)
        sys.stdout.buffer.flush()
        return
    try:
        output.write_bytes(made)
    except OSError as error:
        fail(f"写不进 {output}：{error.strerror}。", "请换一个位置，或关闭正在打开它的程序。")
    echo(f"已导出{counted}到 {output}", err=True)


def _counts(page: Page) -> list[str]:
    """What stands below the table: the size of the list, and how it divides."""
    from assistant.faces.ledger_forms import REVIEW_NAMES, STATE_NAMES

    if not page.total:
        return ["共 0 项"]
    said = [f"共 {page.total} 项，全部列出；逾期按 {page.as_of} 判断（北京时间）"]
    for head, names, counts in (("进展", STATE_NAMES, page.statuses), ("核对", REVIEW_NAMES, page.reviews)):
        said.append(f"{head}：" + "，".join(f"{names[name]} {rows}" for name, rows in counts if rows))
    said.append("单位：" + "，".join(f"{unit} {rows}" for unit, rows in page.units[:8]))
    return said


def _table(page: Page) -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    from assistant.faces.ledger_forms import STATE_NAMES, cooperating, leads, limit, mark, role

    as_of = page.as_of
    grid = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for name in ("编号", "事项", "牵头单位", "配合单位", "角色", "时限", "进展", "文件", "条款"):
        grid.add_column(name, overflow="fold")
    for entry in page.entries:
        c = entry.commitment
        shown = (
            entry.id,
            " ".join(c.task.split()) + mark(entry),
            leads(entry) or "—",
            cooperating(entry) or "—",
            role(entry),
            limit(entry, as_of),
            f"〔{STATE_NAMES[c.status.state]}〕",
            entry.number or entry.title,
            entry.path,
        )
        grid.add_row(*map(Text, shown))
    return grid
