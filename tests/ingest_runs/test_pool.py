"""Parsing in processes of their own: what a bad file does there costs that file alone."""

from __future__ import annotations

import hashlib
import io
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from ingest.formats.model import Limits
from ingest.parsed import Parsed, Reading
from ingest.pool import Pool
from tests.fakes.stages import TextFile
from tests.patience import until

LIMITS = Limits(max_seconds=1.5, max_memory=256 * 2**20, picture_seconds=1.5)

BAD_PARSERS = """
    import os, signal, subprocess, threading, time
    from ingest.formats.allowance import more_time
    from ingest.formats.model import Block, ParsedFile
    from ingest.formats.side_by_side import Later, in_order
    from ingest.parse import PARSERS

    def spin(data, limits):
        while True:
            pass

    def start_and_wait(data, limits):
        child = subprocess.Popen(["sleep", "300"])
        open(data.decode(), "w").write(str(child.pid))
        child.wait()

    def swallow(data, limits):
        held = []
        while True:
            held.append(bytearray(2**24))

    def crash(data, limits):
        os.kill(os.getpid(), signal.SIGSEGV)

    def nest(data, limits):
        return nest(data, limits)

    def slow_pages(data, limits):
        for _ in range(4):
            more_time()
            time.sleep(0.7)
        return ParsedFile((Block("四页都读完了。"),))

    def side_by_side(data, limits):
        met = threading.Barrier(2)

        def page():
            try:
                met.wait(float(data))
            except threading.BrokenBarrierError:
                return Block("一页读完才读下一页。")
            return Block("两页同时在读。")

        return ParsedFile(tuple(in_order([Later(page), Later(page)])))

    def chatter(data, limits):
        os.write(1, b"to stdout")
        os.write(2, b"to stderr")
        return ParsedFile((Block("解析时有输出。"),))

    for function in (spin, start_and_wait, swallow, crash, nest, slow_pages, side_by_side, chatter):
        PARSERS["." + function.__name__.replace("_", "-")] = f"sitecustomize:{function.__name__}"
"""


@pytest.fixture(autouse=True)
def bad_parsers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the workers parsers that misbehave, by a module that every Python imports as it starts."""
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(dedent(BAD_PARSERS), "utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "site"))


def readings(*files: tuple[str, bytes]) -> Iterator[Reading]:
    for name, data in files:
        file = TextFile(Path("/c") / name, name, len(data), 1)
        yield Reading(file, name, data, hashlib.sha256(data).hexdigest())


def parsed(pool: Pool, *files: tuple[str, bytes]) -> list[tuple[str, list[Parsed]]]:
    return [(reading.name, list(documents)) for reading, documents in pool(readings(*files))]


def archive(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, data in files.items():
            packed.writestr(name, data)
    return out.getvalue()


def reasons(documents: list[Parsed]) -> list[str]:
    return [problem.reason for document in documents for problem in document.problems]


NOTICE = "关于开展巡查的通知\n市水务局负责巡查。".encode()


@pytest.mark.parametrize("jobs", [1, 2])
def test_bad_files_become_problems_and_the_good_ones_between_them_go_in_in_order(jobs: int) -> None:
    files = [
        ("1.txt", NOTICE),
        ("2.spin", b"x"),
        ("3.txt", NOTICE + "三".encode()),
        ("4.swallow", b"x"),
        ("5.crash", b"x"),
        ("6.nest", b"x"),
        ("7.txt", NOTICE + "七".encode()),
        ("8.chatter", b"x"),
    ]
    found = parsed(Pool(jobs, LIMITS), *files)
    assert [name for name, _ in found] == [name for name, _ in files]
    by_name = dict(found)
    assert [bool(by_name[name][0].document) for name, _ in files] == [
        True, False, True, False, False, False, True, True,
    ]  # fmt: skip
    assert reasons(by_name["2.spin"]) == ["解析超过 2 秒，已中止"]
    assert reasons(by_name["4.swallow"]) == ["解析所需内存超过 256 MiB，已中止"]
    assert reasons(by_name["5.crash"]) == ["解析进程异常退出（信号 11），已中止"]
    assert "RecursionError" in by_name["6.nest"][0].problems[0].detail
    assert all(problem.lost for name in ("2.spin", "4.swallow", "5.crash") for problem in by_name[name][0].problems)


def test_a_parser_that_asks_for_more_time_for_each_page_has_it() -> None:
    ((_, (document,)),) = parsed(Pool(1, LIMITS), ("long.slow-pages", b"x"))
    assert document.document is not None
    assert document.document.text == "四页都读完了。"


def test_what_a_parser_has_started_ends_with_it(tmp_path: Path) -> None:
    ((_, (document,)),) = parsed(Pool(1, LIMITS), ("x.start-and-wait", str(tmp_path / "pid").encode()))
    assert reasons([document]) == ["解析超过 2 秒，已中止"]
    child = int((tmp_path / "pid").read_text())

    def ended() -> bool:
        try:
            return Path(f"/proc/{child}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
        except OSError:
            return True

    until(ended, "the child of the parser still runs")


def test_a_bad_member_costs_the_archive_nothing_else() -> None:
    packed = archive(**{"a.txt": NOTICE, "b.crash": b"x", "c.spin": b"x", "d.txt": NOTICE + b"!"})
    ((_, documents),) = parsed(Pool(1, LIMITS), ("all.zip", packed))
    assert [(d.name, bool(d.document)) for d in documents] == [
        ("all.zip/a.txt", True),
        ("all.zip/b.crash", False),
        ("all.zip/c.spin", False),
        ("all.zip/d.txt", True),
    ]
    assert documents[3].document is not None
    assert documents[3].document.source == "all.zip/d.txt"


def test_an_archive_of_nothing_but_crashes_comes_to_an_end() -> None:
    packed = archive(**{f"{n}.crash": b"x" for n in range(20)})
    ((_, documents),) = parsed(Pool(1, LIMITS), ("all.zip", packed))
    assert len(documents) == 6
    assert reasons(documents[-1:]) == ["多次解析失败，其后的文件未收入"]


def test_results_are_the_same_with_any_number_of_jobs() -> None:
    files = [(f"{n}.txt", f"第{n}号通知\n第{n}处负责。".encode()) for n in range(20)]
    assert parsed(Pool(1, LIMITS), *files) == parsed(Pool(3, LIMITS), *files)


def test_stopping_early_leaves_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    started = []

    class Seen(subprocess.Popen[bytes]):
        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **options)
            started.append(self)

    monkeypatch.setattr(subprocess, "Popen", Seen)
    results = Pool(2, Limits())(readings(("1.txt", NOTICE), ("2.spin", b"x"), ("3.spin", b"x"), ("4.txt", NOTICE)))
    next(results)
    results.close()  # type: ignore[attr-defined]  # without this the others spin on for twenty seconds each
    assert [process.returncode is not None for process in started] == [True, True]  # ended, and waited for


@pytest.mark.parametrize(("jobs", "waits", "said"), [(1, b"0.1", "一页读完才读下一页。"), (2, b"60", "两页同时在读。")])
def test_pages_of_one_file_are_read_on_the_cores_that_no_other_file_needs(jobs: int, waits: bytes, said: str) -> None:
    limits = replace(LIMITS, max_seconds=60.0)
    [(_, [found])] = parsed(Pool(jobs, limits), ("扫描.side-by-side", waits))
    assert found.document is not None
    assert {clause.span.of(found.document.text) for clause in found.document.clauses} == {said}
