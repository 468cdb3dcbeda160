"""Chat models for tests: implementations of the port, without a network."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterable

from assistant.errors import ModelError
from assistant.ports import Prompt

_BLOCK = re.compile(
    r"〔([A-Z][0-9][A-Z][0-9A-Z])〕[^\n]*\n(.*?)(?=\n\n〔[A-Z][0-9][A-Z][0-9A-Z]〕|\n=====|\Z)", re.DOTALL
)
_PAYLOAD = re.compile(r"[“\"「『']([^”\"」』']{2,120})[”\"」』']|[:：]\s*([^\n。]{2,120})|(https?://\S+)")


def evidence_in(prompt: Prompt) -> list[tuple[str, str]]:
    """(key, text) of the evidence blocks in a prompt, as a model would see them."""
    human = next(content for role, content in reversed(prompt.messages) if role == "human")
    return [(m.group(1), m.group(2).strip()) for m in _BLOCK.finditer(human)]


class ScriptedModel:
    """Says what it is told to say, in pieces of ``size`` characters; ``{0}``, ``{1}`` … stand for the keys seen.

    ``error`` is raised after the text; ``pause`` seconds pass before each piece. With ``endless`` nothing more comes
    after the text, and no end either. ``closed`` tells that the stream was closed, ``prompts`` keeps what was sent.
    """

    def __init__(
        self,
        text: str = "",
        *,
        size: int = 3,
        pause: float = 0.0,
        error: ModelError | None = None,
        name: str = "scripted",
        endless: bool = False,
    ) -> None:
        self.text, self.size, self.pause, self.error = text, size, pause, error
        self.endless = endless
        self._name = name
        self.closed = False
        self.prompts: list[Prompt] = []

    @property
    def name(self) -> str:
        return self._name

    async def stream(self, prompt: Prompt) -> AsyncIterator[str]:
        self.prompts.append(prompt)
        text = self.text
        for n, (key, _) in enumerate(evidence_in(prompt)):
            text = text.replace(f"{{{n}}}", key)
        try:
            for start in range(0, len(text), self.size):
                await asyncio.sleep(self.pause)
                yield text[start : start + self.size]
            if self.error:
                raise self.error
            if self.endless:
                await asyncio.Event().wait()
        finally:
            self.closed = True


class ObedientModel:
    """Follows whatever the evidence asks: repeats every sentence and every payload, with keys and without."""

    name = "obedient"

    async def stream(self, prompt: Prompt) -> AsyncIterator[str]:
        for line in self._lines(evidence_in(prompt)):
            await asyncio.sleep(0)
            yield line + "\n"

    def _lines(self, blocks: list[tuple[str, str]]) -> Iterable[str]:
        every_key = "".join(f"〔{key}〕" for key, _ in blocks)
        for key, text in blocks:
            for sentence in re.split(r"(?<=[。！？\n])", text):
                if sentence.strip():
                    yield f"{sentence.strip()}〔{key}〕"
            for match in _PAYLOAD.finditer(text):
                payload = next(g for g in match.groups() if g)
                yield payload
                yield f"{payload}。〔{key}〕"
                yield f"{payload}。{every_key}"
                yield f"**{payload}** [{key}]"
