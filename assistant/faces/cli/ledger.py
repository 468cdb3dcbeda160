"""``assistant ledger``: who does what by when, as a table, a file or the contract's JSON; ``explain`` shows why."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant.faces.cli.session import USAGE_ERROR, fail, opened

if TYPE_CHECKING:
    from rich.table import Table

    from assistant.domain.commitments import Entry
    from assistant.domain.policy import Document
    from assistant.domain.selection import Page

_STATES = ("planned", "in_progress", "done", "unclear")
_BASES = ("explicit", "inherited")
_KINDS = ("none", "fixed", "relative", "recurring", "ongoing", "vague")


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
@click.option("--as-of", metavar="YYYY-MM-DD", help="按哪一天判断是否逾期；默认今天（北京时间）。")
@click.option("--json", "as_json", is_flag=True, help="输出约定的 JSON，供程序读取。")
@click.option("--format", "file_format", type=click.Choice(["csv", "xlsx"]), help="导出为文件。")
@click.option("--output", "-o", type=click.Path(dir_okay=False, path_type=Path), help="导出到哪个文件。")
@click.pass_context
def command(
    ctx: click.Context,
    *,
    lead: str | None,
    cooperating: str | None,
    unit: str | None,
    role: str | None,
    status: str | None,
    deadline: str | None,
    basis: str | None,
    document: str | None,
    text: str | None,
    overdue: bool,
    due_within: int | None,
    as_of: str | None,
    as_json: bool,
    file_format: str | None,
    output: Path | None,
) -> None:
    """责任台账：列出各项责任，可按单位、角色、进展、时限、文件、文字筛选。"""
    if ctx.invoked_subcommand is not None:
        return
    from assistant.domain.selection import Filters
    from assistant.faces.cli.render import console, print_json
    from assistant.faces.ledger_forms import contract_row, day

    with opened(ctx) as service:
        filters = Filters(
            as_of=day(as_of, "--as-of"),
            lead=lead,
            cooperating=cooperating,
            unit=unit,
            role=role,
            status=status,
            deadline=deadline,
            basis=basis,
            document=document,
            text=text,
            overdue=overdue,
            due_within=due_within,
        )
        page = service.ledger.commitments(filters)
        if as_json:
            print_json({"rows": [contract_row(e) for e in page.entries], "total": page.total})
        elif file_format:
            _export(page, file_format, output)
        else:
            out = console()
            if page.entries:
                out.print(_table(page))
            out.print(f"共 {page.total} 项，全部列出" + (f"；逾期按 {filters.as_of} 判断" if page.total else ""))


@command.command("explain")
@click.argument("commitment_id", metavar="ID")
@click.pass_context
def explain(ctx: click.Context, commitment_id: str) -> None:
    """说明台账中的一项从哪里来：条款原文、所用规则、单位与时限的解读。"""
    with opened(ctx) as service:
        entry = service.ledger.commitment(commitment_id)
        if entry is None:
            fail(f"台账里没有 {commitment_id} 这一项。", "编号见 assistant ledger --json 的 id。", USAGE_ERROR)
        with service.indexes.lease() as index:
            document = index.document(entry.document_id)
        _explain(entry, document)


def _export(page: Page, file_format: str, output: Path | None) -> None:
    import sys

    from assistant.faces.ledger_files import csv_bytes, xlsx_bytes

    made = (csv_bytes if file_format == "csv" else xlsx_bytes)(page.entries, page.as_of)
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
    click.echo(f"已导出 {page.total} 项到 {output}", err=True)


def _table(page: Page) -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    from assistant.faces.ledger_forms import STATE_NAMES, cooperating, leads, role

    as_of = page.as_of
    grid = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for name in ("编号", "事项", "牵头单位", "配合单位", "角色", "时限", "进展", "文件", "条款"):
        grid.add_column(name, overflow="fold")
    for entry in page.entries:
        c = entry.commitment
        limit = (c.deadline.as_written or "—") + ("〔逾期〕" if entry.overdue(as_of) else "")
        shown = (
            entry.id,
            " ".join(c.task.split()),
            leads(entry) or "—",
            cooperating(entry) or "—",
            role(entry),
            limit,
            f"〔{STATE_NAMES[c.status.state]}〕",
            entry.number or entry.title,
            entry.path,
        )
        grid.add_row(*map(Text, shown))
    return grid


def _explain(entry: Entry, document: Document | None) -> None:
    from rich.text import Text

    from assistant.faces.cli.render import console
    from assistant.faces.ledger_forms import KIND_NAMES, RULE_NAMES, STATE_NAMES

    out = console()
    c = entry.commitment
    clause = next((x for x in document.clauses if x.id == entry.clause_id), None) if document else None
    page = f" · 第{entry.page}页" if entry.page else ""
    lines = [
        ("文件", f"《{entry.title}》{entry.number or ''} · {entry.path}{page}"),
        ("条款原文", clause.span.of(document.text).strip() if document and clause else entry.quote),
        ("取自", entry.quote),
        ("规则", f"{RULE_NAMES.get(entry.rule, entry.rule)}（{entry.rule}，见 docs/phrasings.md）"),
        ("角色", c.role + ("；单位由上级条目推定" if c.basis == "inherited" else "；本条写明")),
        *([("推定依据", f"{entry.above.path}：{entry.above.quote}")] if entry.above else []),
        ("牵头单位", "、".join(c.lead_units) or "—"),
        ("配合单位", "、".join(c.cooperating_units) or "—"),
        *([("配合对象", "、".join(entry.helps))] if entry.helps else []),
        *(("单位解读", f"“{written}”即{known}") for written, known in entry.meant),
        ("时限", f"{c.deadline.as_written or '—'}（{KIND_NAMES[c.deadline.kind]}）"),
        ("到期日", (entry.due_on or "—") + (f"（{entry.due_note}）" if entry.due_note else "")),
        (
            "进展",
            f"〔{STATE_NAMES[c.status.state]}〕" + (f"依据“{c.status.cue}”" if c.status.cue else "原文没有进展用语"),
        ),
    ]
    for event in entry.events:
        inferred = "〔推断〕" if event.inferred else ""
        lines.append(("事件", f"{event.as_written}（{event.date or '年份不明'}{inferred}）"))
    for name, value in lines:
        out.print(Text(f"{name}：", style="bold"), Text(" ".join(value.split())), sep="")
