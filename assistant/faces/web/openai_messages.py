"""What OpenAI clients send, read as a question with its history.

Clients send more than a question needs (system prompts, tools, images, sampling); all of that is accepted and
ignored, because the answer is made of the documents.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Self

from pydantic import BaseModel, Field, StrictBool, StrictStr, model_validator

from assistant.domain.conversations import recent
from assistant.domain.dialogue import Turn
from assistant.errors import BadRequest
from assistant.faces.web.errors import encodable

SOURCES_TITLE = "参考来源："
_FOOTER = re.compile(rf"\n\n{SOURCES_TITLE}\n(?:\[\d+\][^\n]*(?:\n|$))+\s*\Z")
_DOCUMENT_LINK = re.compile(r"/documents/([A-Za-z0-9_-]{1,64})#\d+-\d+")


class Message(BaseModel):
    """One message; ``content`` is a text, a list of parts of which the text ones count, or absent (tool calls)."""

    role: StrictStr
    content: StrictStr | list[dict[str, Any]] | None = None

    @model_validator(mode="after")
    def _encodable(self) -> Self:
        encodable(self.text)
        return self

    @property
    def text(self) -> str:
        """The words of the message."""
        if isinstance(self.content, list):
            parts = (part.get("text") for part in self.content if part.get("type") == "text")
            return "\n".join(part for part in parts if isinstance(part, str))
        return self.content or ""


class StreamOptions(BaseModel):
    include_usage: StrictBool | None = None


class ChatBody(BaseModel):
    """The fields of a chat completion request that mean something here."""

    model: StrictStr
    messages: list[Message] = Field(min_length=1, max_length=2000)
    stream: StrictBool | None = None
    stream_options: StreamOptions | None = None


def question_and_history(messages: Sequence[Message]) -> tuple[str, list[Turn]]:
    """The last user message, and the exchanges before it, oldest first.

    A question that was never answered stays in the history with an empty answer: a follow-up may still refer to it.
    Raises :class:`BadRequest` where no user message has words.
    """
    asked = [n for n, message in enumerate(messages) if message.role == "user"]
    if not asked or not messages[asked[-1]].text.strip():
        raise BadRequest("没有可以回答的问题", "最后一条 user 消息须含文本", "missing_question", "messages")
    turns: list[Turn] = []
    for start, end in pairwise(asked):
        question = messages[start].text
        replies = [message.text for message in messages[start + 1 : end] if message.role == "assistant"]
        turns.append(_turn(question, "\n".join(reply for reply in replies if reply)))
    return messages[asked[-1]].text, recent(reversed(turns))


def _turn(question: str, reply: str) -> Turn:
    """A past exchange. Our own footer is taken off again; its links tell which documents the answer stood on."""
    footer = _FOOTER.search(reply)
    documents = dict.fromkeys(_DOCUMENT_LINK.findall(footer[0])) if footer else {}
    answer = reply[: footer.start()] if footer else reply
    return Turn(question, question, answer, tuple(documents))


def usage(messages: Sequence[Message], reply: str) -> dict[str, int]:
    """An estimate, because no tokenizer is involved: a character beyond ASCII counts one, four ASCII ones count one."""
    prompt, completion = sum(units(message.text) for message in messages), units(reply)
    return {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}


def units(text: str) -> int:
    """What a text counts in ``usage``."""
    narrow = sum(character.isascii() for character in text)
    return len(text) - narrow + -(-narrow // 4)
