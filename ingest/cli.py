"""The command ``ingest``: documents in, an index out.

Exit codes: 0 nothing was lost, 1 a problem by which text was lost (what could be read is published), 2 wrong usage,
3 another ingest is at work, 4 the library, the model or the index failed, 130 and 143 interrupted.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assistant.usage import Group
from ingest.language import echo, helped, said
from ingest.stopping import stoppable

if TYPE_CHECKING:
    from assistant.domain.access import Visibility
    from assistant.errors import AssistantError
    from assistant.settings import Settings
    from ingest.outcome import Outcome
    from ingest.pipeline import Ingest

_LOST, _BUSY, _FAILED = 1, 3, 4
_JSON = click.option("--json", "as_json", is_flag=True, help="在标准输出打印一个 JSON 对象。")
_JOBS = click.option(
    "--jobs", type=click.IntRange(1, 64), help="同时解析文件的进程数；默认等于处理器核数，最多 4。", metavar="N"
)
_PROGRESS = click.option(
    "--progress",
    type=click.Choice(("bars", "json")),
    default="bars",
    help="进度的样子：终端上的进度条，或在标准错误逐行给出 JSON，供程序读取。",
)
_MAPPING = click.option(
    "--mapping",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="对应表（YAML）：一行一份文件的表格中各列是什么，写法见 docs/mapping.md。",
)


class _Label(click.ParamType[Any]):
    """A label as :meth:`assistant.domain.access.Visibility.parse` reads it."""

    name = "范围"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        from assistant.domain.access import Visibility

        try:
            return value if isinstance(value, Visibility) else Visibility.parse(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


_VISIBILITY = click.option(
    "--visibility",
    type=_Label(),
    metavar="范围",
    help="谁能看这些文件：公开、内部，或 部门:名称、名称；目录中的 .visibility 规则优先，写法见 docs/security.md。",
)


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """把文件导入资料库并发布检索索引。

    数据写入 ASSISTANT_DATA_DIR（默认 data/）；问答服务运行时也可以导入，新索引会自动启用。
    """


@cli.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@_MAPPING
@_VISIBILITY
@_JOBS
@click.option("--dry-run", is_flag=True, help="只查看会有哪些变化和问题，不写入。")
@click.option(
    "--prune", is_flag=True, help="空文件夹是有意清空的：移除其中原有的文件。不加时保留，以防共享盘没有连上。"
)
@_PROGRESS
@_JSON
def run(
    paths: tuple[Path, ...],
    mapping: Path | None,
    visibility: Visibility | None,
    jobs: int | None,
    dry_run: bool,
    prune: bool,
    progress: str,
    as_json: bool,
) -> None:
    """导入 PATHS（文件或目录，默认 corpus/ 和网页上传的文件）。

    只处理新增和改动的文件；目录中已不存在的文件从库中移除，但目录整个变空时保留（可能是共享盘没有连上）；
    PATHS 以外的文件不动。中断后重新运行即可继续。
    """
    if dry_run:
        _preview(paths, mapping, jobs, prune, as_json)
        return
    _ingest(
        lambda ingest, settings: ingest.run(_chosen(paths, settings), visibility, prune=prune),
        as_json,
        mapping,
        jobs,
        progress,
    )


@cli.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@_MAPPING
@_JOBS
@click.option(
    "--every",
    type=click.FloatRange(1),
    default=300.0,
    show_default=True,
    metavar="秒",
    help="没有收到变动通知时，也每隔这么久查看一次；网络共享盘通常不发通知。",
)
def watch(paths: tuple[Path, ...], mapping: Path | None, jobs: int | None, every: float) -> None:
    """持续监视 PATHS（默认 corpus/），有变动即导入，直到按 Ctrl-C 或收到 SIGTERM。

    出错时说明原因并稍后重试，不退出。
    """
    import threading

    with failures(stopped=0):
        from ingest import report, wiring
        from ingest.watch import watch as watching

        settings = wiring.settings()
        console = report.console()
        chosen = _chosen(paths, settings)
        quiet = False

        def once() -> None:
            nonlocal quiet
            with report.Bars(console) as bars, wiring.configured(settings, bars, jobs, mapping) as ingest:
                outcome = ingest.run(chosen)
            if outcome.read or outcome.published or not quiet:
                report.show(outcome, console)
            quiet = True

        echo(f"正在监视 {'、'.join(map(str, chosen))}，按 Ctrl-C 停止。", err=True)
        watching(
            chosen,
            once,
            lambda error: echo(_told(error), err=True),
            threading.Event(),  # a stop is raised
            every=every,
            leave_out=settings.data_dir.resolve(),
        )


@cli.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@_PROGRESS
@_JSON
def remove(paths: tuple[Path, ...], progress: str, as_json: bool) -> None:
    """从资料库移除 PATHS（文件或目录，可以已不在磁盘上）。

    不删除文件本身；文件若仍在目录中，下次 ingest run 会再次导入。移除后旧索引不保留。
    """

    def work(ingest: Ingest, settings: Settings) -> Outcome:
        outcome = ingest.remove([path.resolve() for path in paths])
        if not outcome.files:
            raise click.UsageError(said("资料库中没有来自这些路径的文件，可用 ingest status 查看。"))
        return outcome

    _ingest(work, as_json, progress=progress)


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

        settings = wiring.settings()
        found = wiring.status(*wiring.stores(settings))
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

        settings = wiring.settings()
        found = wiring.verify(*wiring.stores(settings))
        if as_json:
            _print(found.to_json())
        else:
            console = report.console()
            console.print(said(f"{found.generation}：{found.documents} 份文件，{found.clauses} 条段落。"))
            for fault in found.faults:
                console.print(said(f"错误：{fault}"), markup=False)
            console.print(said("有错误，请运行 ingest rebuild 重建索引。" if found.faults else "核对无误。"))
    if found.faults:
        sys.exit(_LOST)


def _chosen(paths: tuple[Path, ...], settings: Settings) -> list[Path]:
    chosen = list(paths) or [settings.corpus_dir]
    if not chosen[0].exists():
        raise click.UsageError(said(f"目录 {chosen[0]} 不存在，请给出要导入的文件或目录。"))
    if not paths:
        from assistant.domain.uploads import FOLDER

        # Each by its own path, so that its name is the one that it was uploaded under.
        uploaded = (settings.data_dir / FOLDER).glob("u*/*")
        chosen += sorted(file for file in uploaded if not file.name.startswith("."))
    return [path.resolve() for path in chosen]


def _preview(paths: tuple[Path, ...], mapping: Path | None, jobs: int | None, prune: bool, as_json: bool) -> None:
    with failures():
        from ingest import report, wiring

        settings = wiring.settings()
        console = report.console()
        with report.Bars(console) as bars:
            found = wiring.dry_run(settings, _chosen(paths, settings), bars, jobs, mapping, prune=prune)
        if as_json:
            _print(found.to_json())
        else:
            report.show_preview(found, console)
    if found.lost:
        sys.exit(_LOST)


def _ingest(
    work: Callable[[Ingest, Settings], Outcome],
    as_json: bool,
    mapping: Path | None = None,
    jobs: int | None = None,
    progress: str = "bars",
) -> None:
    with failures():
        from ingest import report, wiring

        settings = wiring.settings()
        console = report.console()
        shown = report.Lines() if progress == "json" else report.Bars(console)
        with shown, wiring.configured(settings, shown, jobs, mapping) as ingest:
            outcome = work(ingest, settings)
        if as_json:
            _print(outcome.to_json())
        else:
            report.show(outcome, console)
    if outcome.lost:
        sys.exit(_LOST)


@contextmanager
def failures(stopped: int | None = None) -> Iterator[None]:
    """Errors as one line with advice and an exit code; a request to stop as a clean end, with the code ``stopped``."""
    from assistant.errors import AssistantError, Busy

    with stoppable() as request:
        try:
            yield
        except KeyboardInterrupt:
            echo("已停止。已完成的部分都已保存，重新运行即可继续。", err=True)
            sys.exit(128 + request.number if stopped is None else stopped)
        except AssistantError as error:
            echo(_told(error), err=True)
            sys.exit(_BUSY if isinstance(error, Busy) else _FAILED)


def _told(error: AssistantError) -> str:
    return " ".join(filter(None, (said(f"错误：{error.message}"), said(error.advice))))


def _print(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def main() -> None:
    """The console script."""
    helped(cli)(prog_name="ingest")
