"""``assistant ledger confirm | correct | reject | withdraw | reviews | pending | import``: what people say of rows."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant.faces.cli.language import echo
from assistant.faces.cli.session import USAGE_ERROR, fail, opened

if TYPE_CHECKING:
    from assistant.domain.ledger.reviews import Action, Changes
    from assistant.faces.ledger_import import Plan

_by = click.option("--by", required=True, metavar="姓名", help="核对人。")
_why = click.option("--why", default="", metavar="理由", help="核对说明；更正和驳回必须写明。")
_version = click.option("--version", metavar="版本", help="读到的版本（--json 的 version）；已有变化时拒绝。")
_json = click.option("--json", "as_json", is_flag=True, help="输出 JSON，供程序读取。")
_ids = click.argument("commitment_ids", metavar="ID…", nargs=-1, required=True)


@click.command("confirm")
@_ids
@_by
@_why
@_json
@click.pass_context
def confirm(ctx: click.Context, commitment_ids: tuple[str, ...], by: str, why: str, as_json: bool) -> None:
    """确认台账中的几项：与原文核对无误。"""
    _say(ctx, commitment_ids, "confirm", by, why, as_json=as_json)


@click.command("reject")
@_ids
@_by
@_why
@_json
@click.pass_context
def reject(ctx: click.Context, commitment_ids: tuple[str, ...], by: str, why: str, as_json: bool) -> None:
    """驳回几项：不是责任事项，不再列出（--rejected 可列出）。"""
    _say(ctx, commitment_ids, "reject", by, why, as_json=as_json)


@click.command("withdraw")
@_ids
@_by
@_why
@_json
@click.pass_context
def withdraw(ctx: click.Context, commitment_ids: tuple[str, ...], by: str, why: str, as_json: bool) -> None:
    """撤销核对：恢复为文件所写。"""
    _say(ctx, commitment_ids, "withdraw", by, why, as_json=as_json)


@click.command("correct")
@click.argument("commitment_id", metavar="ID")
@click.option("--task", metavar="文字", help="事项。")
@click.option("--lead", metavar="单位", help="牵头单位，几个用顿号隔开；写 无 表示没有。")
@click.option("--cooperating", metavar="单位", help="配合单位，同上。")
@click.option("--role", metavar="角色", help="牵头、负责、配合……")
@click.option("--due", metavar="YYYY-MM-DD", help="到期日；写 无 表示没有。")
@click.option("--status", type=click.Choice(["planned", "in_progress", "done", "unclear"]), help="进展。")
@_by
@_why
@_version
@_json
@click.pass_context
def correct(
    ctx: click.Context,
    commitment_id: str,
    *,
    task: str | None,
    lead: str | None,
    cooperating: str | None,
    role: str | None,
    due: str | None,
    status: str | None,
    by: str,
    why: str,
    version: str | None,
    as_json: bool,
) -> None:
    """更正一项；原文保持不变，文件所写仍可查。"""
    from assistant.domain.ledger.reviews import Changes
    from assistant.faces.ledger_import import units_in

    none = "无"
    changes = Changes(
        task=task,
        lead_units=None if lead is None else () if lead == none else units_in(lead),
        cooperating_units=None if cooperating is None else () if cooperating == none else units_in(cooperating),
        role=role,
        due="" if due == none else due,
        status=status,
    )
    _say(ctx, (commitment_id,), "correct", by, why, changes, version, as_json=as_json)


@click.command("reviews")
@click.argument("commitment_id", metavar="ID")
@_json
@click.pass_context
def reviews(ctx: click.Context, commitment_id: str, as_json: bool) -> None:
    """一项的核对记录：谁、何时、为什么、改了什么。"""
    from assistant.faces.cli.render import console, print_json
    from assistant.faces.ledger_forms import ACTION_NAMES, moment, review_json, values_text

    with opened(ctx) as service:
        found = service.ledger.reviews(commitment_id)
        if not found and service.ledger.commitment(commitment_id) is None:
            fail(f"台账里没有 {commitment_id} 这一项。", "编号见 assistant ledger --json 的 id。", USAGE_ERROR)
    if as_json:
        print_json({"reviews": [review_json(r) for r in found], "total": len(found)})
        return
    out = console()
    for review in found:
        what = f"（{values_text(review.changes.to_json())}）" if review.action == "correct" else ""
        out.print(f"{moment(review.at)} {review.by} {ACTION_NAMES[review.action]}{what} {review.why}", markup=False)
    out.print(f"共 {len(found)} 条核对记录")


@click.command("pending")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON，供程序读取。")
@click.pass_context
def pending(ctx: click.Context, as_json: bool) -> None:
    """待复核：核对之后条款的文字变了，或者这一项不在了。"""
    from assistant.faces.cli.render import console, print_json
    from assistant.faces.ledger_forms import ACTION_NAMES, moment, pending_json, values_text

    with opened(ctx) as service:
        found = service.ledger.pending()
    if as_json:
        print_json({"rows": [pending_json(p) for p in found], "total": len(found)})
        return
    out = console()
    for p in found:
        review = p.review
        what = f"（{values_text(review.changes.to_json())}）" if review.action == "correct" else ""
        out.print(
            f"{p.entry.id if p.entry else review.commitment_id}　{p.reason}\n"
            f"  核对：{review.by} {moment(review.at)} {ACTION_NAMES[review.action]}{what}\n"
            f"  原先：{_line(review.against.quote) or '（原文已随文件移出资料库）'}\n"
            f"  现在：{_line(p.entry.quote) if p.entry else '（没有对应的事项）'}",
            markup=False,
        )
    out.print(f"共 {len(found)} 项待复核")


@click.command("import")
@click.argument("file", metavar="文件", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_by
@_why
@click.option("--dry-run", is_flag=True, help="只看会改什么，不写入。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON，供程序读取。")
@click.pass_context
def import_(ctx: click.Context, file: Path, by: str, why: str, dry_run: bool, as_json: bool) -> None:
    """把改过的导出表（xlsx 或 csv）读回为更正；只采用改动过的格子。"""
    from assistant.faces.cli.render import console, print_json
    from assistant.faces.ledger_import import carry_out, plan, plan_json

    with opened(ctx) as service:
        made = plan(file.read_bytes(), service.ledger, by, why or f"由表格 {file.name} 导入")
        kept = 0 if dry_run else carry_out(made, service.ledger)
    if as_json:
        print_json(plan_json(made, kept, dry_run))
    else:
        out = console()
        for line in _plan_lines(made, kept, dry_run):
            out.print(line, markup=False)
    if any(remark.lost for remark in made.remarks):
        raise SystemExit(1)


COMMANDS = (confirm, correct, reject, withdraw, reviews, pending, import_)


def _say(
    ctx: click.Context,
    ids: tuple[str, ...],
    action: Action,
    by: str,
    why: str,
    changes: Changes | None = None,
    version: str | None = None,
    *,
    as_json: bool = False,
) -> None:
    from assistant.domain.ledger.reviews import Changes as NoChanges
    from assistant.domain.ledger.reviews import Decision
    from assistant.faces.cli.render import print_json
    from assistant.faces.ledger_forms import ACTION_NAMES, review_json

    decision = Decision(action, by, why, changes or NoChanges(), version)

    with opened(ctx) as service:
        kept = []
        for identity in ids:
            kept.append(service.ledger.review(identity, decision))
            echo(f"已{ACTION_NAMES[action]}：{identity}", err=True)
    if as_json:
        print_json({"reviews": [review_json(review) for review in kept], "total": len(kept)})


def _line(text: str) -> str:
    return " ".join(text.split())


def _plan_lines(made: Plan, kept: int, dry_run: bool) -> list[str]:
    from assistant.faces.ledger_forms import ACTION_NAMES, values_text

    lines = []
    for step in made.steps:
        what = values_text(step.decision.changes.to_json())
        lines.append(f"第 {step.row} 行 {ACTION_NAMES[step.decision.action]} {step.entry.id} {what}".rstrip())
    for remark in made.remarks:
        where = f"第 {remark.row} 行：" if remark.row else ""
        lines.append(f"{'问题' if remark.lost else '提示'} {where}{remark.reason}")
    done = "试运行，未写入" if dry_run else f"已写入 {kept} 项"
    lines.append(
        f"共读 {made.rows} 行：{len(made.steps)} 项有改动，{made.unchanged} 项未改，"
        f"{sum(r.lost for r in made.remarks)} 个问题；{done}"
    )
    return lines
