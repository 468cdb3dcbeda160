"""Prompts are files: ``prompts/*.md``, one a purpose, readable and checked when they are loaded.

A file holds prose for its reader, then a section ``## system`` and a section ``## human`` with placeholders in
braces. Placeholders are exactly those that the code fills; anything else is a :class:`PromptError` at start, not a
surprise in an answer. The hash of the file is recorded in every answer that it made.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from functools import cached_property
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING

from assistant.errors import PromptError
from assistant.ports import Prompt

if TYPE_CHECKING:
    from langchain_core.prompts import ChatPromptTemplate

#: What each file must hold, no more and no less.
PLACEHOLDERS: Mapping[str, frozenset[str]] = {
    "answer": frozenset({"question", "evidence", "fence", "history", "example", "not_stated"}),
    "rewrite": frozenset({"question", "history", "fence"}),
    "candidates": frozenset({"title", "clause", "fence", "example"}),
}
_ROLES = ("system", "human")
_SECTION = re.compile(r"^## +(\S+) *$", re.MULTILINE)


class PromptFile:
    """One prompt: its messages as templates and the hash (12 hex digits of SHA-256) of the file."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.hash = hashlib.sha256(text.encode()).hexdigest()[:12]
        self._sections = _sections(name, text)
        wanted = PLACEHOLDERS.get(name)
        found = frozenset().union(*(_placeholders(name, body) for _, body in self._sections))
        if wanted is not None and found != wanted:
            missing, unknown = sorted(wanted - found), sorted(found - wanted)
            raise PromptError(
                f"提示词 {name}.md 的占位符不对：缺少 {missing or '无'}，多出 {unknown or '无'}。",
                f"占位符应当正好是：{'、'.join(sorted(wanted))}。文字里要写花括号时请写两个。",
            )

    @cached_property
    def template(self) -> ChatPromptTemplate:
        """The prompt as LangChain's template (f-string placeholders only)."""
        from langchain_core.prompts import ChatPromptTemplate

        return ChatPromptTemplate.from_messages(list(self._sections), template_format="f-string")

    def fill(self, **values: str) -> Prompt:
        """The prompt with its placeholders filled. Braces inside the values stay as they are."""
        messages = self.template.format_messages(**values)
        return Prompt(
            tuple((role, str(message.content)) for (role, _), message in zip(self._sections, messages, strict=True)),
            self.hash,
        )


class Prompts:
    """All prompts, loaded and checked. ``folder`` overrides the place (tests, a deployment's own wording)."""

    def __init__(self, folder: Path | None = None) -> None:
        place = folder if folder is not None else prompts_folder()
        self._files = {name: PromptFile(name, _read(place, name)) for name in PLACEHOLDERS}

    @property
    def answer(self) -> PromptFile:
        """The prompt that writes an answer over evidence."""
        return self._files["answer"]

    @property
    def rewrite(self) -> PromptFile:
        """The prompt that turns a follow-up into a standalone question."""
        return self._files["rewrite"]

    @property
    def candidates(self) -> PromptFile:
        """The prompt that looks in a clause for commitments that the rules miss."""
        return self._files["candidates"]


def prompts_folder() -> Traversable:
    """Where the prompts lie: inside an installed wheel, else in the checkout."""
    packed = resources.files("assistant") / "data" / "prompts"
    if packed.is_dir():
        return packed
    return Path(__file__).resolve().parent.parent / "prompts"


def _read(place: Traversable, name: str) -> str:
    try:
        return (place / f"{name}.md").read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PromptError(
            f"读不到提示词文件 {name}.md。", "请检查 prompts 目录是否完整，文件是否为 UTF-8 编码。"
        ) from error


def _sections(name: str, text: str) -> tuple[tuple[str, str], ...]:
    pieces = _SECTION.split(text)[1:]
    found = tuple((role, body.strip()) for role, body in zip(pieces[::2], pieces[1::2], strict=True))
    if tuple(role for role, _ in found) != _ROLES or not all(body for _, body in found):
        raise PromptError(f"提示词 {name}.md 的章节不对。", "应当依次有“## system”和“## human”两节，且都有内容。")
    return found


def _placeholders(name: str, body: str) -> frozenset[str]:
    try:
        fields = [
            (field, spec, conversion) for _, field, spec, conversion in Formatter().parse(body) if field is not None
        ]
    except ValueError as error:
        raise PromptError(f"提示词 {name}.md 的花括号不成对。", "文字里要写花括号时请写两个。") from error
    for field, spec, conversion in fields:
        if not field.isidentifier() or spec or conversion:
            raise PromptError(f"提示词 {name}.md 的占位符“{field}”写法不对。", "占位符只能是花括号里的一个名字。")
    return frozenset(field for field, _, _ in fields)
