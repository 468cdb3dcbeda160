"""What the person at the terminal sees: bars while it works, then a table and the problems.

All of it goes to stderr; stdout is for ``--json``. In a pipe the bars are left out and the rest is plain text.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from time import monotonic
from typing import TYPE_CHECKING, Any

from ingest.language import said
from ingest.outcome import Outcome

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress, TaskID

    from ingest.preview import Preview

STAGES = {
    "discover": "查找文件",
    "read": "读取文件",
    "relate": "查找关联",
    "label": "标注范围",
    "embed": "计算语义",
    "ledger": "更新台账",
    "build": "建立索引",
    "verify": "校验索引",
    "publish": "发布索引",
    "candidates": "请模型找候选",
}
"""Stages of a run as the reader knows them, in order."""

_UNITS = {"read": "个文件", "embed": "段", "ledger": "份文件", "build": "段", "candidates": "条"}

LINKS = {
    "supersedes": "{0} 是 {1} 的新版本",
    "repeals": "{0} 废止 {1}",
    "suspends": "{0} 停止执行 {1}",
    "replaces": "{0} 代替 {1}",
    "answers": "{0} 答复 {1}",
    "duplicates": "{0} 与 {1} 几乎相同",
    "conflicts": "{0} 与 {1} 冲突，两份均保留",
}
"""How one document stands to another, for the reader, by :class:`assistant.domain.holdings.LinkKind`."""

_COMMANDS = {"run": "入库", "remove": "移除", "rebuild": "重建"}
_BETWEEN_LINES = 0.25  # seconds
_SHOWN = 50  # problems shown; the rest are counted, and all are in --json and `ingest status`


def console() -> Console:
    """A console on stderr that neither colours nor wraps for a pipe."""
    from rich.console import Console

    return Console(stderr=True, highlight=False, soft_wrap=True)


class Bars:
    """:class:`ingest.ports.Progress` as rich bars: files; then passages with rate and time left. A context manager."""

    def __init__(self, on: Console) -> None:
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        self._progress: Progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
            console=on,
            disable=not on.is_terminal,
        )
        self._task: TaskID | None = None
        self._unit = self._taken = ""
        self._documents = self._pages = 0

    def __enter__(self) -> Bars:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def begin(self, stage: str, total: int) -> None:
        """Show a bar for a stage with something to do."""
        if total:
            self._unit = _UNITS.get(stage, "")
            self._task = self._progress.add_task(said(STAGES[stage]), total=total, rate="")

    def advance(self, count: int = 1) -> None:
        """So many more are done."""
        if self._task is None:
            return
        self._progress.advance(self._task, count)
        task = next(t for t in self._progress.tasks if t.id == self._task)
        if task.speed:
            rate = f"{task.speed:.0f}" if task.speed >= 10 else f"{task.speed:.1f}"
            self._progress.update(self._task, rate=f"{self._taken}{said(f'{rate} {self._unit}/秒')}")

    def took(self, documents: int, pages: int) -> None:
        """So many more documents and pages were read."""
        self._documents += documents
        self._pages += pages
        counted = f" {self._pages} 页，" if self._pages else "，"
        self._taken = said(f"{self._documents} 份文件{counted}")

    def end(self) -> None:
        """The stage is done."""
        self._task = None
        self._taken = ""


class Lines:
    """:class:`ingest.ports.Progress` as JSON lines on stderr, for a program that watches. A context manager."""

    def __init__(self) -> None:
        self._words = ""
        self._done = self._total = 0
        self._told = 0.0

    def __enter__(self) -> Lines:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def begin(self, stage: str, total: int) -> None:
        """Tell of a stage with something to do."""
        self._words, self._done, self._total = STAGES[stage], 0, total
        if total:
            self._tell()

    def advance(self, count: int = 1) -> None:
        """So many more are done."""
        self._done += count
        if monotonic() - self._told > _BETWEEN_LINES:
            self._tell()

    def took(self, documents: int, pages: int) -> None:
        """Not told: the counts are in the outcome."""

    def end(self) -> None:
        """The next stage tells of itself."""

    def _tell(self) -> None:
        self._told = monotonic()
        line = {"stage": self._words, "done": self._done, "total": self._total}
        print(json.dumps(line, ensure_ascii=False), file=sys.stderr, flush=True)  # noqa: T201


def show(outcome: Outcome, on: Console) -> None:
    """The summary table and the problems of a run."""
    from rich.table import Table

    table = Table(title=said(f"{_COMMANDS[outcome.command]}结果"), title_justify="left", show_header=False)
    table.add_column(justify="left")
    table.add_column(justify="right")

    def row(name: str, value: str) -> None:
        table.add_row(said(name), said(value))

    if outcome.command == "remove":
        row("移除源文件", str(outcome.files))
    else:
        row("查看文件", f"{outcome.files}（其中重新读取 {outcome.read}）")
    row("文件新增 / 不变 / 移除", f"{outcome.new} / {outcome.unchanged} / {outcome.removed}")
    row("库中文件 / 条款段落", f"{outcome.documents} / {outcome.clauses}")
    if outcome.superseded:
        row("另存旧版本", str(outcome.superseded))
    row("本次计算语义的段落", str(outcome.embedded) if outcome.model else "未启用，仅按词检索")
    row("索引", f"{outcome.generation or '无'}（{'新发布' if outcome.published else '未变'}）")
    row("问题", f"{len(outcome.problems)}（其中有内容丢失 {outcome.lost}）")
    row("用时", said("，").join(said(f"{STAGES[k]} {v:.1f} 秒") for k, v in outcome.seconds.items()))
    on.print(table)
    show_problems([(p.source, p.place, p.reason, p.lost) for p in outcome.problems], on)


def show_preview(preview: Preview, on: Console) -> None:
    """What a dry run found: files by what would become of them, and the problems."""
    from rich.markup import escape

    for what, names in (("新增", preview.new), ("改动", preview.changed), ("移除", preview.removed)):
        for name in names[:_SHOWN]:
            on.print(f"{said(what)} {escape(name)}")
        if len(names) > _SHOWN:
            on.print(said(f"……另有 {len(names) - _SHOWN} 个，见 --json"))
    on.print(
        said(
            f"试运行，未写入：新增 {len(preview.new)}，改动 {len(preview.changed)}，不变 {len(preview.unchanged)}，"
            f"移除 {len(preview.removed)} 个源文件，读不出 {len(preview.unreadable)} 个；"
            f"可得 {preview.documents} 份文件，{preview.characters} 字。"
        )
    )
    show_problems([(p.source, p.place, p.reason, p.lost) for p in preview.problems], on)


def show_problems(problems: Iterable[tuple[str, str, str, bool]], on: Console) -> None:
    """Problems as (file, place, reason, lost), those with lost text first."""
    from rich.markup import escape

    listed = sorted(problems, key=lambda p: not p[3])
    for source, place, reason, lost in listed[:_SHOWN]:
        mark = f"[red]{said('丢失')}[/red]" if lost else f"[yellow]{said('提示')}[/yellow]"
        where = f"{said('，')}{escape(said(place))}" if place else ""
        on.print(f"{mark} {escape(source)}{where}{said('：')}{escape(said(reason))}")
    if len(listed) > _SHOWN:
        on.print(said(f"……另有 {len(listed) - _SHOWN} 项，见 ingest status --json"))


def show_status(status: Mapping[str, Any], on: Console) -> None:
    """What ``ingest status`` knows, as a table."""
    from rich.table import Table

    table = Table(title=said("资料库"), title_justify="left", show_header=False)

    def row(name: str, value: str) -> None:
        table.add_row(said(name), said(value))

    row("数据目录", str(status["data_dir"]))
    row("源文件 / 文件 / 条款段落", f"{status['sources']} / {status['documents']} / {status['clauses']}")
    if status["uploads"]:
        row("其中由网页上传的源文件", str(status["uploads"]))
    if status["superseded"]:
        row("旧版本（可查阅，不参与问答）", str(status["superseded"]))
    index = status["index"]
    if index is None:
        row("索引", "无可用索引，请运行 ingest run")
    else:
        row("索引", f"{index['name']}，{index['created_at']}，{index['documents']} 份文件")
        row("语义模型", index["model"] or "未启用，仅按词检索")
    run = status["last_run"]
    if run is not None:
        ended = run["ended_at"] or "未完成（被中断，重新运行 ingest run 即可继续）"
        row("最近一次运行", f"{run['command']}：{run['started_at']} 至 {ended}")
    row("问题", str(len(status["problems"])))
    on.print(table)
    _show_links(status["links"], on)
    _show_alone("没有答复的提案", status["proposals_without_reply"], on)
    _show_alone("没有提案的答复", status["replies_without_proposal"], on)
    show_problems([(p["source"], p["place"], p["reason"], p["lost"]) for p in status["problems"]], on)


def _show_links(links: list[Mapping[str, Any]], on: Console) -> None:
    from rich.markup import escape

    for kind, phrase in LINKS.items():
        of_kind = [link for link in links if link["kind"] == kind]
        for link in of_kind[:_SHOWN]:
            subject, object_ = escape(_called(link["subject"])), escape(_called(link["object"]))
            note = f"（{escape(said(link['note']))}）" if link["note"] else ""
            on.print(f"[cyan]{said('关联')}[/cyan] {said(phrase.format(subject, object_))}{note}")
        if len(of_kind) > _SHOWN:
            on.print(said(f"……同类关联另有 {len(of_kind) - _SHOWN} 项，见 ingest status --json"))


def _show_alone(what: str, documents: list[Mapping[str, Any]], on: Console) -> None:
    from rich.markup import escape

    if documents:
        names = "、".join(escape(_called(d)) for d in documents[:10])
        more = said(f" 等 {len(documents)} 份") if len(documents) > 10 else ""
        on.print(f"[cyan]{said(what)}[/cyan] {names}{more}")


def _called(document: Mapping[str, Any]) -> str:
    return f"《{document['title']}》" + (document["number"] or "")
