"""The steps before the library, made simple: each .txt file is one document with a clause a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.domain.policy import Problem
from ingest.parsed import Parsed, SourceFile, in_turn
from ingest.pipeline import Stages
from tests.fakes.documents import document_of


@dataclass(frozen=True)
class TextFile:
    path: Path
    name: str
    size: int
    mtime_ns: int


def discover(paths: Sequence[Path]) -> tuple[list[TextFile], list[Problem]]:
    found = []
    for root in paths:
        for path in sorted(root.rglob("*.txt")) if root.is_dir() else [root]:
            stat = path.stat()
            name = str(path.relative_to(root)) if root.is_dir() else path.name
            found.append(TextFile(path, name, stat.st_size, stat.st_mtime_ns))
    return found, []


def read(file: SourceFile) -> bytes | Problem:
    try:
        return file.path.read_bytes()
    except OSError as error:
        return Problem(file.name, "", f"无法读取：{error.strerror}", True)


def parse(name: str, data: bytes) -> list[Parsed]:
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return [Parsed(name, None, (), (Problem(name, "", "编码无法识别", True),))]
    if not text:
        return [Parsed(name, None, (), (Problem(name, "", "文件为空", True),))]
    document, chunks = document_of(text, name)
    remarks = (Problem(name, "第1行", "标题过短", False),) if len(document.title) < 2 else ()
    return [Parsed(name, document, chunks, remarks)]


def text_stages(parser: str = "1") -> Stages:
    """The stages; another ``parser`` makes every file be read again."""
    return Stages(discover, read, in_turn(parse), parser)


class Silent:
    """Progress that nobody watches; it notes the stages that were begun."""

    def __init__(self) -> None:
        self.begun: list[tuple[str, int]] = []

    def begin(self, stage: str, total: int) -> None:
        self.begun.append((stage, total))

    def advance(self, count: int = 1) -> None:
        pass

    def took(self, documents: int, pages: int) -> None:
        pass

    def end(self) -> None:
        pass
