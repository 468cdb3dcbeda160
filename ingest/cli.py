"""The command ``ingest``: documents in, an index out.

Exit codes: 0 nothing was lost, 1 a problem by which text was lost (what could be read is published), 2 wrong usage,
3 another ingest is at work, 4 the library, the model or the index failed, 130 and 143 interrupted.
"""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, NoReturn

import click

if TYPE_CHECKING:
    from assistant.settings import Settings
    from ingest.outcome import Outcome
    from ingest.pipeline import Ingest

_LOST, _BUSY, _FAILED = 1, 3, 4
_JSON = click.option("--json", "as_json", is_flag=True, help="在标准输出打印一个 JSON 对象。")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """把文件导入资料库并发布检索索引。

    数据写入 ASSISTANT_DATA_DIR（默认 data/）；问答服务运行时也可以导入，新索引会自动启用。
    """


@cli.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--mapping",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="对应表（YAML）：一行一份文件的表格中各列是什么，写法见 docs/mapping.md。",
)
@_JSON
def run(paths: tuple[Path, ...], mapping: Path | None, as_json: bool) -> None:
    """导入 PATHS（文件或目录，默认 corpus/）。

    只处理新增和改动的文件；目录中已不存在的文件从库中移除；PATHS 以外的文件不动。中断后重新运行即可继续。
    """

    def work(ingest: Ingest, settings: Settings) -> Outcome:
        chosen = list(paths) or [settings.corpus_dir]
        if not chosen[0].exists():
            raise click.UsageError(f"目录 {chosen[0]} 不存在，请给出要导入的文件或目录。")
        return ingest.run([path.resolve() for path in chosen])

    _ingest(work, as_json, mapping)


@cli.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@_JSON
def remove(paths: tuple[Path, ...], as_json: bool) -> None:
    """从资料库移除 PATHS（文件或目录，可以已不在磁盘上）。

    不删除文件本身；文件若仍在目录中，下次 ingest run 会再次导入。移除后旧索引不保留。
    """

    def work(ingest: Ingest, settings: Settings) -> Outcome:
        outcome = ingest.remove([path.resolve() for path in paths])
        if not outcome.files:
            raise click.UsageError("资料库中没有来自这些路径的文件，可用 ingest status 查看。")
        return outcome

    _ingest(work, as_json)


@cli.command()
@_JSON
def rebuild(as_json: bool) -> None:
    """由资料库重新建立并发布索引，不重新读取文件。"""
    _ingest(lambda ingest, settings: ingest.rebuild(), as_json)


@cli.command()
@_JSON
def status(as_json: bool) -> None:
    """显示资料库与索引的现状和全部问题。"""
    with failures():
        from ingest import report, wiring

        found = wiring.status(wiring.settings().data_dir)
        if as_json:
            _print(found)
        else:
            report.show_status(found, report.console())


@cli.command()
@_JSON
def verify(as_json: bool) -> None:
    """逐条核对当前索引：位置、校验值、向量、词索引、多余和缺失的条目。"""
    with failures():
        from ingest import report, wiring

        found = wiring.verify(wiring.settings().data_dir)
        if as_json:
            _print(found.to_json())
        else:
            console = report.console()
            console.print(f"{found.generation}：{found.documents} 份文件，{found.clauses} 条段落。")
            for fault in found.faults:
                console.print(f"错误：{fault}", markup=False)
            console.print("有错误，请运行 ingest rebuild 重建索引。" if found.faults else "核对无误。")
    if found.faults:
        sys.exit(_LOST)


def _ingest(work: Callable[[Ingest, Settings], Outcome], as_json: bool, mapping: Path | None = None) -> None:
    with failures():
        from ingest import report, wiring

        settings = wiring.settings()
        console = report.console()
        with report.Bars(console) as bars, wiring.configured(settings, bars, mapping=mapping) as ingest:
            outcome = work(ingest, settings)
        if as_json:
            _print(outcome.to_json())
        else:
            report.show(outcome, console)
    if outcome.lost:
        sys.exit(_LOST)


@contextmanager
def failures() -> Iterator[None]:
    """Errors as one line with advice and an exit code; a request to stop as a clean end."""
    from assistant.errors import AssistantError, Busy

    asked: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> NoReturn:
        asked.append(number)
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    except KeyboardInterrupt:
        click.echo("已停止。已完成的部分都已保存，重新运行即可继续。", err=True)
        sys.exit(128 + (asked[0] if asked else signal.SIGINT))
    except AssistantError as error:
        click.echo(f"错误：{error}", err=True)
        sys.exit(_BUSY if isinstance(error, Busy) else _FAILED)
    finally:
        signal.signal(signal.SIGTERM, before)


def _print(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def main() -> None:
    """The console script."""
    cli(prog_name="ingest")
