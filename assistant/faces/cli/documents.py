"""``assistant documents``: what has been ingested."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import click

from assistant.domain.access import HIDDEN
from assistant.faces.cli.session import opened, remote, told
from assistant.faces.document_list import info_json, matching
from assistant.ports import DocumentInfo

if TYPE_CHECKING:
    from assistant.faces.cli.remote import RemoteService


@click.command("documents")
@click.argument("query", required=False, default="")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON，供程序读取。")
@click.pass_context
def command(ctx: click.Context, query: str, as_json: bool) -> None:
    """列出已导入的文件；QUERY 按标题、文号、类别、单位、来源筛选。"""
    from assistant.faces.cli.render import print_json

    if elsewhere := remote(ctx):
        _of_server(elsewhere, query, as_json)
        return
    with opened(ctx) as service:
        with service.indexes.lease() as index:
            found = matching(index.documents(), query)
            total = len(index.documents())
        _, known = service.labels.current()
        labels = {d.id: str(known.get(d.id, HIDDEN)) for d in found}
        if as_json:
            rows = [{**info_json(d), "visibility": labels[d.id]} for d in found]
            print_json({"documents": rows, "total": len(found)})
            return
        _print_table(found, total, labels)


def _of_server(elsewhere: RemoteService, query: str, as_json: bool) -> None:
    import asyncio

    from assistant.faces.cli.render import print_json

    with told():
        found, total = asyncio.run(elsewhere.documents(query))
    if as_json:
        print_json({"documents": [info_json(d) for d in found], "total": len(found)})
    else:
        _print_table(found, total, {})


def _print_table(documents: Sequence[DocumentInfo], total: int, labels: Mapping[str, str]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    from assistant.faces.cli.render import console

    out = console()
    grid = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for name in ("标题", "文号", "类别", "成文日期", "可见范围", "来源"):
        grid.add_column(name, overflow="fold")
    for document in documents:
        dated = document.fields.get("issued_on") or ("—",)
        label = labels.get(document.id, "—").removeprefix("部门:") or "管理员"
        cells = (document.title, document.number or "—", document.kind, dated[0], label, document.source)
        grid.add_row(*map(Text, cells))
    if documents:
        out.print(grid)
    out.print(f"共 {total} 份文件" + (f"，符合条件 {len(documents)} 份" if len(documents) != total else ""))
