"""``assistant ledger units``: the names of units in the ledger that the registry does not know, for review."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant.faces.cli.session import USAGE_ERROR, fail, opened

if TYPE_CHECKING:
    from rich.table import Table

    from assistant.domain.ledger.unit_names import UsedName

_KNOWN = {"listed": "名录所载", "regular": "按地名、职能构成", "unknown": "名录未载"}


@click.command("units")
@click.option("--all", "every", is_flag=True, help="连名录已载的单位一并列出。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON，供程序读取。")
@click.option(
    "--table",
    type=click.Path(dir_okay=False, path_type=Path),
    help="把名录未载的名称写成表（CSV），核对增补后由 ASSISTANT_UNITS 指定。",
)
def units(every: bool, as_json: bool, table: Path | None) -> None:
    """列出台账中名录未载的单位名称：出现次数、所在事项、名录中相近的名称、可能同一的名称（不作合并）。"""
    from assistant.domain.ledger.selection import Filters
    from assistant.domain.ledger.unit_names import used_names
    from assistant.faces.cli.render import console, print_json
    from assistant.faces.ledger_forms import today
    from assistant.faces.unit_table import unit_table

    with opened(click.get_current_context()) as service:
        names = used_names(service.ledger.commitments(Filters(today())).entries)
    if table is not None:
        drafted = [n for n in names if n.known == "unknown"]
        try:
            table.write_bytes(unit_table([(n.name, n.possible_same) for n in drafted]))
        except OSError as error:
            fail(f"写不了 {table}：{error.strerror}", "请换一个位置。", USAGE_ERROR)
        console().print(
            f"名录未载的名称 {len(drafted)} 个已写入 {table}；请逐行核对，别名填在 aliases 一栏，不该收的行删去"
        )
        return
    shown = [n for n in names if every or n.known == "unknown" or n.remark or n.possible_same]
    if as_json:
        print_json({"units": [asdict(n) for n in shown], "total": len(shown)})
        return
    out = console()
    if shown:
        out.print(_table(shown))
    unknown = sum(n.known == "unknown" for n in names)
    out.print(f"台账中单位名称共 {len(names)} 个，名录未载 {unknown} 个（照原文保留）；列出 {len(shown)} 个")


def _table(names: list[UsedName]) -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD)
    for head in ("单位（原文）", "次数", "名录", "相近的名称", "可能同一（未合并）", "说明"):
        table.add_column(head)
    for n in names:
        known = _KNOWN[n.known] + (f"：{n.body}" if n.body and n.body != n.name else "")
        cells = (n.name, str(n.count), known, "、".join(n.nearest), "、".join(n.possible_same), n.remark)
        table.add_row(*map(Text, cells))
    return table


COMMANDS = (units,)
