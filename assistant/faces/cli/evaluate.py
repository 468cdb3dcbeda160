"""``assistant eval``: run question files and print figures by category and every failure with its reason."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant.faces.cli.session import SERVICE_ERROR, opened

if TYPE_CHECKING:
    from assistant.evaluation.case import Case, Grade
    from assistant.evaluation.comparison import Comparison
    from assistant.evaluation.report import Figures, Report
    from assistant.ports import Asker, Indexes

_EXISTING_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("eval")
@click.argument("files", nargs=-1, required=True, type=_EXISTING_FILE, metavar="FILE…")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON，供程序读取。")
@click.option("--show", is_flag=True, help="每题都列出，不只列出错的。")
@click.option(
    "--least",
    type=click.FloatRange(0, 1),
    default=0.0,
    show_default=True,
    help="至少答对的比例；达不到，或有引文与原文不符，退出码为 1。",
)
@click.option(
    "--against",
    type=_EXISTING_FILE,
    help="与以前的结果（--json 或 --keep 的输出）对照，列出变对、变错的题；"
    "有题变错或缺少，而对照文件的 accepted 没有列出，退出码为 1。",
)
@click.option(
    "--keep",
    type=click.Path(dir_okay=False, path_type=Path),
    help="把各题的对错存为文件，供以后 --against 对照；文件里已有的 accepted 保留。",
)
@click.pass_context
def command(
    ctx: click.Context,
    files: tuple[Path, ...],
    as_json: bool,
    show: bool,
    least: float,
    against: Path | None,
    keep: Path | None,
) -> None:
    """用题目文件（jsonl）检验回答。"""
    from assistant.evaluation.cases import read_cases
    from assistant.evaluation.comparison import compared, keep_run, read_run
    from assistant.evaluation.report import report
    from assistant.faces.cli.render import print_json

    with opened(ctx) as service:
        before = read_run(against) if against else None
        cases = [case for path in files for case in read_cases(path)]
        grades = asyncio.run(_run(cases, service.asker, service.indexes))
        result = report(grades)
        comparison = compared(before, result) if before is not None else None
        if keep is not None:
            keep_run(keep, result)
        if as_json:
            print_json(result.to_json() | ({"comparison": comparison.to_json()} if comparison else {}))
        else:
            _print(result, grades if show else result.failures)
            if comparison:
                _print_comparison(comparison)
    if not result.passes(least) or (comparison is not None and comparison.worse):
        raise SystemExit(SERVICE_ERROR)


async def _run(cases: Sequence[Case], asker: Asker, indexes: Indexes) -> list[Grade]:
    from rich.console import Console
    from rich.progress import Progress

    from assistant.evaluation.run import graded

    grades: list[Grade] = []
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("提问", total=len(cases))
        async for grade in graded(cases, asker, indexes):
            grades.append(grade)
            progress.advance(task)
    return grades


def _print(result: Report, listed: Sequence[Grade]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    from assistant.faces.cli.render import console

    out = console()
    for grade in listed:
        sign = "对" if grade.right else "错"
        text = " / ".join(grade.answer.split("\n"))
        out.print(f"{sign} {grade.case.id} {grade.case.turns[-1]} → {grade.verdict}｜{text[:160]}", markup=False)
        for reason in grade.reasons:
            out.print(f"    {reason}", markup=False, style="yellow")
    grid = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False)
    grid.add_column("类别")
    for name in ("答对", "应说", "误说", "引用", "引文相符", "结论"):
        grid.add_column(name, justify="right")
    for category, figures in {**result.categories, "合计": result.total}.items():
        grid.add_row(category, *_cells(figures))
    out.print(grid)
    total = result.total
    if total.judged:
        out.print(
            f"引用恰当（逐条判定） {_share(total.fitting, total.judged)}，"
            f"应引条款引到 {_share(total.fitting_cited, total.fitting_clauses)}"
        )
    out.print(
        f"引用支持其句 {_share(total.supporting, total.cited_lines)}，"
        f"引用在依据内 {_share(total.on_gold, total.cited)}，"
        f"无答案的识别 {_share(total.refused, total.unanswerable)}，"
        f"误拒 {_share(total.wrongly_refused, total.answerable)}，列举完整 {_share(total.complete, total.lists)}"
    )
    out.print(f"用时 中位 {result.p50_seconds * 1000:.0f} 毫秒，最长 {result.max_seconds * 1000:.0f} 毫秒")


def _share(part: int, whole: int) -> str:
    return f"{part}/{whole}" + (f"（{part / whole:.1%}）" if whole else "")


def _print_comparison(comparison: Comparison) -> None:
    from assistant.faces.cli.render import console

    out = console()
    out.print(f"对照：共同的 {comparison.common} 题，以前答对 {comparison.right_before}，现在 {comparison.right_now}")
    for name, cases in (
        ("变对", comparison.newly_right),
        ("变错", comparison.newly_wrong),
        ("其中已说明", comparison.accepted),
        ("新增", comparison.added),
        ("缺少", comparison.left_out),
    ):
        if cases:
            out.print(f"  {name} {len(cases)}：{' '.join(cases)}", markup=False)


def _cells(figures: Figures) -> tuple[str, ...]:
    return (
        f"{figures.right}/{figures.questions}",
        f"{figures.must_said}/{figures.must}",
        str(figures.forbidden_said),
        f"{figures.gold_cited}/{figures.gold}",
        f"{figures.quotes_exact}/{figures.quotes}",
        f"{figures.verdict_right}/{figures.questions}",
    )
