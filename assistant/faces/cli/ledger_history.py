"""``assistant ledger history | conflicts | asks | handling``: the ledger over time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from assistant.faces.cli.session import USAGE_ERROR, fail, opened

if TYPE_CHECKING:
    from assistant.domain.ledger.handling import Handling
    from assistant.domain.overtime.asks import Answered
    from assistant.domain.overtime.history import History

_JSON = click.option("--json", "as_json", is_flag=True, help="输出与接口相同的 JSON，供程序读取。")


@click.command("history")
@click.argument("thing", metavar="[事项]", required=False)
@_JSON
@click.pass_context
def history(ctx: click.Context, thing: str | None, as_json: bool) -> None:
    """一个事项历次的牵头单位、时限和进展，现行的与已变更的；不写事项则列出有变化的各项。"""
    from assistant.faces.cli.render import console, print_json
    from assistant.faces.history_forms import chosen, history_json

    with opened(ctx) as service, service.indexes.lease() as index:
        overview = service.over_time.overview(index)
        found = overview.find(thing) if thing else overview.changed()
        if as_json:
            print_json({"histories": [history_json(h) for h in found], "total": len(found), "index": overview.index})
            return
        if thing and not found:
            fail(f"文件中没有找到“{thing}”这一事项。", "请换用文件中的名称，或不写事项列出全部。", USAGE_ERROR)
        out = console()
        for each in found:
            _show(out.print, each)
        out.print(chosen(found, thing))


@click.command("conflicts")
@click.option("--open", "only_open", is_flag=True, help="只列尚未由后来文件解决的。")
@_JSON
@click.pass_context
def conflicts(ctx: click.Context, only_open: bool, as_json: bool) -> None:
    """文件之间（或一份文件的表格与正文之间）相互矛盾的说法：两边并列，附理由，不作取舍。"""
    from rich.text import Text

    from assistant.domain.overtime.conflicts import KINDS
    from assistant.domain.overtime.telling import day_of, document_of
    from assistant.faces.cli.render import console, print_json
    from assistant.faces.history_forms import conflict_json

    with opened(ctx) as service, service.indexes.lease() as index:
        found = [c for c in service.over_time.overview(index).conflicts if not (only_open and c.settled)]
        if as_json:
            print_json({"conflicts": [conflict_json(c) for c in found], "total": len(found), "index": index.name})
            return
        out = console()
        for conflict in found:
            out.print(Text(f"{conflict.thing} · {KINDS[conflict.aspect]}", style="bold"))
            for step in conflict.steps:
                told, mention = step.statement.told, step.statement.mention
                out.print(Text(f"  · {step.value} —— {document_of(told)} {mention.path}（{day_of(told)}）"))
                out.print(Text(f"    “{' '.join(mention.quote.split())}”", style="dim"))
            said = f"；{conflict.settled}" if conflict.settled else "，不能确定以哪一份为准"
            out.print(Text(f"  {conflict.reason}{said}"))
        settled = sum(bool(c.settled) for c in found)
        out.print(f"共 {len(found)} 处，全部列出" + (f"；其中 {settled} 处已由后来的文件解决" if settled else ""))


@click.command("asks")
@click.argument("proposal", metavar="[提案]", required=False)
@_JSON
@click.pass_context
def asks(ctx: click.Context, proposal: str | None, as_json: bool) -> None:
    """提案的每条建议与答复的对应，或未见回应；提案写编号（524）、标题或文件名的一部分。"""
    from rich.text import Text

    from assistant.faces.cli.render import console, print_json
    from assistant.faces.history_forms import asks_json

    with opened(ctx) as service, service.indexes.lease() as index:
        found = service.over_time.asks(index, proposal)
        if as_json:
            print_json({"proposals": [asks_json(p) for p in found], "total": len(found), "index": index.name})
            return
        if not found:
            fail("没有找到提案。" if not proposal else f"没有找到提案“{proposal}”。", "请核对编号或标题。", USAGE_ERROR)
        out = console()
        for each in found:
            named = "、".join(r.number or f"《{r.title}》" for r in each.replies) or "库中没有答复"
            out.print(Text(f"《{each.proposal.title}》（答复：{named}）", style="bold"))
            for said in each.asks:
                _show_ask(out.print, said)
            silent = sum(a.outcome == "silent" for a in each.asks)
            out.print(
                f"共 {len(each.asks)} 条，全部列出" + (f"；{silent} 条未见回应（不等于不采纳）" if silent else "")
            )


@click.command("handling")
@click.argument("proposal", metavar="[提案]", required=False)
@click.option("--as-of", metavar="YYYY-MM-DD", help="按哪一天判断是否超期；默认今天（北京时间）。")
@_JSON
@click.pass_context
def handling(ctx: click.Context, proposal: str | None, as_of: str | None, as_json: bool) -> None:
    """提案的办复时限：到期日、计算依据、是否按期；规则表由管理员填写，没有规则则说明缺什么。"""
    from assistant.faces.cli.render import console, print_json
    from assistant.faces.history_forms import handling_json
    from assistant.faces.ledger_forms import day

    with opened(ctx) as service, service.indexes.lease() as index:
        today = day(as_of, "--as-of")
        found = service.over_time.handling(index, today, proposal)
        if as_json:
            rows = [handling_json(h) for h in found]
            print_json({"rows": rows, "total": len(rows), "as_of": today.isoformat(), "index": index.name})
            return
        out = console()
        for each in found:
            _show_handling(out.print, each)
        out.print(f"共 {len(found)} 件，全部列出；是否超期按 {today} 判断（北京时间）")


COMMANDS = (history, conflicts, asks, handling)


def _show(put: object, each: History) -> None:
    from rich.text import Text

    from assistant.faces.history_forms import summary

    assert callable(put)
    put(Text(each.name, style="bold"))
    for line in summary(each):
        put(Text(f"  {line}"))
    for reason in each.joined:
        put(Text(f"  注：{reason}", style="dim"))
    for near in each.near:
        put(Text(f"  未合并：“{near.right.mention.full}”，{near.reason}", style="dim"))


def _show_ask(put: object, said: Answered) -> None:
    from rich.text import Text

    from assistant.domain.overtime.asks import OUTCOMES

    assert callable(put)
    cue = f"（“{said.cue}”）" if said.cue else ""
    put(Text(f"  {said.ask.clause.path}　{' '.join(said.ask.words.split())}"))
    put(Text(f"    〔{OUTCOMES[said.outcome]}〕{cue}", style="bold"))
    for place in said.places:
        put(
            Text(
                f"    {place.reply.number or place.reply.title} {place.clause.path}：“{' '.join(place.quote.split())}”"
            )
        )
        for entry in place.entries[:3]:
            c = entry.commitment
            leads = "、".join(c.lead_units) or "—"
            put(Text(f"      承诺 {entry.id}：{leads}，时限 {c.deadline.as_written or '未写明'}", style="dim"))


def _show_handling(put: object, each: Handling) -> None:
    from rich.text import Text

    from assistant.domain.ledger.handling import OUTCOMES

    assert callable(put)
    document = each.proposal or (each.replies[0] if each.replies else None)
    put(Text(f"《{document.title if document else ''}》　〔{OUTCOMES[each.outcome]}〕", style="bold"))
    if each.formula:
        put(Text(f"  {each.formula}"))
    if each.rule:
        put(Text(f"  规则：{each.rule.told()}"))
    if each.replied_on:
        put(Text(f"  答复日期：{each.replied_on}"))
    for missing in each.missing:
        put(Text(f"  缺：{missing}"))
    for known in each.known if each.missing else ():
        put(Text(f"  文件载明的日期：“{' '.join(known.quote.split())}”"))
