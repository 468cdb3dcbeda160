"""What a list costs in a large ledger: processor time of a question, beside one that lists as many rows of a small one.

``python -m benchmarks.lists [--small]`` writes documents of our own into a temporary folder
(250 plans of 40 commitments each; ``--small`` 25), reads them in without vectors, and asks each question five times
in one process, the conversation kept as a service keeps it. Printed: rows in the answer, rows that it counts, the
median of the processor time in milliseconds, and the ratio to the same question over a tenth of the documents, which
says what the size of the library adds. The exit code is 1 where a list takes 100 ms or more.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant.bootstrap import Service, open_service
from assistant.domain.access import LOCAL
from assistant.domain.dialogue import Done
from assistant.settings import Settings
from ingest.wiring import ingest_on, limits_of, stages_for

BAR = 100.0  # milliseconds
_AGAIN = 5
_UNITS = ("教育局", "财政局", "科技局", "住建局", "水务局", "林业局", "民政局", "商务局", "交通局", "人社局")
_TASKS = ("实训基地", "校舍维修", "河道清淤", "中试平台", "公交线路", "托育机构", "技能培训", "数据平台")
_STATES = ("由{0}牵头建设{1}{2}号，{3}配合，{4}年{5}月底前完成。", "拟由{0}牵头筹建{1}{2}号，{3}参与。")
QUESTIONS = (
    "市教育局牵头哪些事项",
    "市教育局牵头多少项",
    "列出全部责任事项",
    "哪些事项逾期了",
    "市科技局今年要完成的、还没完成的有哪些",
    "各单位分别牵头几项",
    "没有写明时限的事项有哪些",
    "市财政局配合哪些单位",
)


def plan(number: int, commitments: int = 40) -> str:
    """A plan of that many commitments, in Markdown."""
    lines = [f"# 关于第{number}项工作的实施方案", "", f"吉市发〔2024〕{number}号", ""]
    for n in range(commitments):
        at = number * commitments + n
        lead, helping = _UNITS[at % 10], _UNITS[(at * 7 + 3) % 10]
        year, month = 2024 + at % 4, 1 + at % 12
        said = _STATES[at % 2].format(f"市{lead}", _TASKS[at % 8], at, f"市{helping}", year, month)
        lines += [f"{n + 1}. {_TASKS[at % 8]}{at}号。{said}", ""]
    return "\n".join([*lines, "市政府办公室", "", "2024年3月1日", ""])


@contextmanager
def library(folder: Path, documents: int) -> Iterator[Service]:
    """A service over that many plans."""
    corpus = folder / "corpus"
    corpus.mkdir(parents=True)
    for number in range(documents):
        (corpus / f"{number:04d}.md").write_text(plan(number), encoding="utf-8")
    settings = Settings(data_dir=folder / "data", embeddings_engine="none")
    with ingest_on(settings.data_dir, None, stages_for(limits_of(settings), 1), _Quiet()) as ingest:
        ingest.run([corpus])
    service = open_service(settings)
    try:
        yield service
    finally:
        service.close()


class _Quiet:
    """Progress that nobody watches."""

    def begin(self, stage: str, total: int) -> None: ...
    def advance(self, count: int = 1) -> None: ...
    def took(self, documents: int, pages: int) -> None: ...
    def end(self) -> None: ...


def asked(service: Service, question: str) -> tuple[float, int, int]:
    """Processor milliseconds (median), rows shown and rows counted."""

    async def once() -> Done:
        async for event in service.asker.ask(question, reader=LOCAL):
            if isinstance(event, Done):
                return event
        raise RuntimeError("no answer")

    async def several() -> tuple[float, int, int]:
        done = await once()
        taken = []
        for _ in range(_AGAIN):
            began = time.process_time()
            done = await once()
            taken.append(1000 * (time.process_time() - began))
        counted = done.answer.completeness
        return statistics.median(taken), counted.shown if counted else 0, counted.total if counted else 0

    return asyncio.run(several())


def main(arguments: list[str]) -> int:
    """Measure and print; see the module's text for the options."""
    parser = argparse.ArgumentParser(description="What a list costs in a large ledger.")
    parser.add_argument("--small", action="store_true", help="1,000 commitments instead of 10,000")
    options = parser.parse_args(arguments)
    documents = 25 if options.small else 250
    with tempfile.TemporaryDirectory() as folder:
        with library(Path(folder) / "few", documents // 10) as service:
            few = {question: asked(service, question)[0] for question in QUESTIONS}
        with library(Path(folder) / "many", documents) as service:
            print(f"{'rows':>5} {'of':>6} {'ms':>7} {'ratio':>6}")
            worst = 0.0
            for question in QUESTIONS:
                taken, shown, total = asked(service, question)
                worst = max(worst, taken)
                print(f"{shown:5} {total:6} {taken:7.1f} {taken / few[question]:6.1f}  {question}")
    return 0 if worst < BAR else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
