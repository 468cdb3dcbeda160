"""``assistant backup``: one whole copy of the library, taken while the service answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from assistant.domain.backups import Contents, Taken
from assistant.faces.cli.language import echo, secho
from assistant.faces.cli.session import told

_SHOWN = 10


@click.command("backup")
@click.argument("target", metavar="去处", type=click.Path(path_type=Path))
@click.option("--without-originals", is_flag=True, help="不含原始文件，只备份资料库和索引。")
@click.option("--overwrite", is_flag=True, help="去处已有备份时替换它。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON，供程序读取。")
def command(target: Path, without_originals: bool, overwrite: bool, as_json: bool) -> None:
    """备份资料库、索引和原始文件，不必停止服务。

    去处以 .tar、.tar.gz、.tgz 结尾时写成一个文件，否则写成目录。写完之前去处不会出现；每个文件都记下校验值。
    备份里有文件全文、会话和操作记录，请像原件一样保管。
    """
    from assistant.bootstrap_backup import back_up
    from assistant.faces.cli.render import print_json

    with told():
        taken = back_up(target, originals=not without_originals, overwrite=overwrite)
    if as_json:
        print_json(taken_json(taken))
        return
    contents = taken.contents
    echo(f"已备份到 {taken.target}（{taken.size / 2**20:.1f} MB，{taken.files} 个文件）。")
    echo(described(contents))
    if contents.missing:
        secho(f"注意：{len(contents.missing)} 个原始文件已不在原处，或与导入时不同，没有备份：", fg="yellow")
        for path in contents.missing[:_SHOWN]:
            echo(f"  {path}")
        if len(contents.missing) > _SHOWN:
            echo("  ……（全部见 --json）")


def described(contents: Contents) -> str:
    """What is in a backup, in a sentence."""
    index = contents.generation or "没有索引"
    originals = f"{len(contents.originals)} 个原始文件" if contents.with_originals else "不含原始文件"
    return f"内有 {contents.documents} 份文件的资料、{index}、{originals}；建于 {contents.created_at}。"


def taken_json(taken: Taken) -> dict[str, Any]:
    """For programs; the list of all originals stands in the backup itself."""
    return {"target": taken.target, "bytes": taken.size, "files": taken.files, **contents_json(taken.contents)}


def contents_json(contents: Contents) -> dict[str, Any]:
    """What is in a backup, with the originals counted."""
    return {**contents.to_json(), "originals": len(contents.originals)}
