"""``assistant restore``: a library back from its backup, or only a look whether the backup is whole."""

from __future__ import annotations

from pathlib import Path

import click

from assistant.faces.cli.language import echo, secho
from assistant.faces.cli.session import told


@click.command("restore")
@click.argument("backup", metavar="备份", type=click.Path(exists=True, path_type=Path))
@click.option("--check", is_flag=True, help="只核对备份是否完整，不写入。")
@click.option(
    "--originals",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="目录",
    help="把原始文件放到这个目录下；/ 表示放回原处。已有的文件不覆盖。",
)
@click.option("--overwrite", is_flag=True, help="数据目录中已有资料库时也恢复；原有的移到旁边保留。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON，供程序读取。")
def command(backup: Path, check: bool, originals: Path | None, overwrite: bool, as_json: bool) -> None:
    """从备份恢复资料库和索引，写入 ASSISTANT_DATA_DIR。

    先逐个核对校验值，有一处不符就不写入。请先停止服务；旧版本的备份会自动升级。
    """
    from assistant.bootstrap_backup import check_backup, restore
    from assistant.faces.cli.backup import contents_json, described
    from assistant.faces.cli.render import print_json

    if check:
        with told():
            contents = check_backup(backup)
        if as_json:
            print_json({"ok": True, **contents_json(contents)})
        else:
            echo(f"备份完整。{described(contents)}")
        return
    with told():
        restored = restore(backup, originals=originals, overwrite=overwrite)
    if as_json:
        print_json(
            {
                "data_dir": restored.data_dir,
                "index_restored": restored.index,
                "set_aside": restored.set_aside,
                "originals_written": restored.put_back,
                "originals_kept": list(restored.kept),
                "originals_waiting": restored.waiting,
                **contents_json(restored.contents),
            }
        )
        return
    echo(f"已恢复到 {restored.data_dir}。{described(restored.contents)}")
    if restored.set_aside:
        echo(f"原有的资料库移到了 {restored.set_aside}，确认无误后可删除。")
    if restored.put_back:
        echo(f"放回 {restored.put_back} 个原始文件。")
    if restored.kept:
        secho(f"注意：{len(restored.kept)} 处已有不同的文件，没有覆盖：{'、'.join(restored.kept[:5])}", fg="yellow")
    if restored.waiting:
        echo(f"{restored.waiting} 个原始文件没有放回；需要时加 --originals / 重新恢复，或从备份中取出。")
    if not restored.index:
        echo("索引没有随备份恢复，请运行 ingest rebuild 重建（不必重新读取文件）。")
