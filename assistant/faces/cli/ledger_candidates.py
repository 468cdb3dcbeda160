"""``assistant ledger candidates``: what a chat model offers beside the rules, to be confirmed or rejected by people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from assistant.faces.cli.language import echo
from assistant.faces.cli.session import USAGE_ERROR, fail, opened

if TYPE_CHECKING:
    from assistant.bootstrap import Service
    from assistant.candidates.finder import Tally
    from assistant.domain.ledger.commitments import Entry

_json = click.option("--json", "as_json", is_flag=True, help="输出 JSON，供程序读取。")


@click.group("candidates", invoke_without_command=True)
@click.option("--rejected", is_flag=True, help="列出已驳回的候选。")
@_json
@click.pass_context
def candidates(ctx: click.Context, /, *, rejected: bool, as_json: bool) -> None:
    """待确认的候选：模型在规则没有提取的条款里指出的责任事项，确认之前不列入台账。"""
    if ctx.invoked_subcommand is not None:
        return
    from assistant.faces.cli.render import console, print_json
    from assistant.faces.ledger_forms import contract_row

    with opened(ctx) as service:
        found = [e for e in service.ledger.candidates() if e.rejected == rejected]
    if as_json:
        print_json({"rows": [contract_row(e) for e in found], "total": len(found)})
        return
    out = console()
    for entry in found:
        for line in _lines(entry):
            out.print(line, markup=False)
    out.print(f"共 {len(found)} 项{'已驳回' if rejected else '待确认'}")
    if found and not rejected:
        out.print("核对原文后：assistant ledger confirm | correct | reject 编号 --by 姓名", markup=False)


@candidates.command("find")
@click.option("--most", type=click.IntRange(1), metavar="条", help="最多看多少条条款；其余下次接着看。")
@click.option("--at-once", type=click.IntRange(1, 32), default=1, show_default=True, help="同时向模型发几个请求。")
@_json
@click.pass_context
def find(ctx: click.Context, most: int | None, at_once: int, as_json: bool) -> None:
    """请模型看规则没有提取的条款；看过的不再看，中断后接着看。"""
    import asyncio

    from assistant.faces.cli.render import print_json

    with opened(ctx) as service:
        if service.finder is None:
            fail(
                "没有配置模型，候选要由模型提出。",
                "请设置 ASSISTANT_LLM_BASE_URL 和 ASSISTANT_LLM_MODEL；台账本身不需要模型。",
                USAGE_ERROR,
            )
        tally = asyncio.run(_found(service, most, at_once))
    if as_json:
        print_json(tally.to_json())
    else:
        for line in tally_lines(tally):
            echo(line)
    if tally.failed:
        raise SystemExit(1)


def tally_lines(tally: Tally) -> list[str]:
    """What a run did, in words."""
    from assistant.domain.ledger.candidates import DROPPED

    left = f"，还有 {tally.left} 条未看" if tally.left else ""
    failed = f"，{tally.failed} 条没有得到答复" if tally.failed else ""
    lines = [f"看了 {tally.read} 条条款{failed}{left}；模型提出 {tally.offered} 项，留下 {tally.kept} 项待确认"]
    lines += [f"  未采用 {count}：{DROPPED[reason]}" for reason, count in tally.dropped.most_common()]
    return lines


async def _found(service: Service, most: int | None, at_once: int) -> Tally:
    from rich.console import Console
    from rich.progress import Progress

    assert service.finder is not None
    on = Console(stderr=True)
    with Progress(console=on, transient=True, disable=not on.is_terminal) as progress:
        task = progress.add_task("看条款", total=None)
        return await service.finder.find(
            service.listed(),
            begin=lambda total: progress.update(task, total=total),
            advance=lambda: progress.advance(task),
            most=most,
            at_once=at_once,
        )


def _lines(entry: Entry) -> list[str]:
    from assistant.faces.ledger_forms import cooperating, leads, mark, role

    c = entry.commitment
    units: list[Any] = [leads(entry) or "—", *([f"配合 {cooperating(entry)}"] if c.cooperating_units else [])]
    return [
        f"{entry.id}　{mark(entry)}{entry.number or f'《{entry.title}》'} {entry.path}",
        f"  原文：{' '.join(entry.quote.split())}",
        f"  读作：{role(entry)} {'；'.join(units)}；时限 {c.deadline.as_written or '—'}；职责用语“{entry.cue}”",
    ]


COMMANDS = (candidates,)
