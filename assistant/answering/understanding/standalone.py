"""A follow-up made standalone by a model, under guard: the model may fill in what was left out, nothing else."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Sequence
from contextlib import aclosing
from typing import Any

from assistant.domain.dialogue import Turn
from assistant.domain.duties.roles import named_units
from assistant.domain.language import claims
from assistant.errors import ModelError
from assistant.ports import ChatModel
from assistant.prompts import Prompts

_LONGEST = 200  # characters of a standalone question
_ASKS = re.compile(
    "[?？]$|谁|什么|哪|何|几|多少|吗|呢|是否|如何|怎|多久|有没有|是不是|列出|列举|列一下|说说|介绍|比较|对比|汇总|统计|查询|查一下|请问"
)
_HEAD = re.compile(r"^(?:改写后的?问题|改写|独立问题|完整问题|问题|答)[:：]\s*")


async def standalone(
    question: str,
    history: Sequence[Turn],
    model: ChatModel,
    prompts: Prompts,
    *,
    timeout: float = 10.0,  # noqa: ASYNC109 - covers the whole stream
) -> str | None:
    """The question as it reads without the conversation, or None where the model fails or adds something.

    Takes a reply only when it is one question of at most 200 characters whose units, numbers, dates, document
    numbers and quoted names all stand in the question or the conversation.
    """
    if not history:
        return None
    fence = f"====={secrets.token_hex(6)}====="
    told = "\n".join(f"问：{t.standalone_question}\n答：{t.answer[:500]}" for t in history[-4:]).replace(fence, "")
    prompt = prompts.rewrite.fill(question=question.replace(fence, ""), history=told, fence=fence)
    reply = ""
    stream: Any = model.stream(prompt)
    try:
        async with asyncio.timeout(timeout), aclosing(stream):
            async for piece in stream:
                reply += piece
                if len(reply) > _LONGEST * 4:
                    return None
    except (ModelError, TimeoutError):
        return None
    return _guarded(reply, question, told)


def _guarded(reply: str, question: str, told: str) -> str | None:
    lines = [line.strip() for line in reply.strip().splitlines() if line.strip()]
    if len(lines) != 1:
        return None
    text = _HEAD.sub("", lines[0]).strip("“”\"' ")
    if not text or len(text) > _LONGEST or not _ASKS.search(text) or re.search(r"https?:|[<>\[\]{}`]", text):
        return None
    known = f"{question}\n{told}"
    return None if _adds(claims.folded(text), claims.folded(known)) else text


def _adds(text: str, known: str) -> bool:
    """Whether ``text`` names something that ``known`` does not."""
    if any(unit.name not in known for unit in named_units(text)):
        return True
    names = [*claims.quoted_names(text), *claims.latin_words(text), *claims.named_persons(text)]
    if any(name not in known for name in names):
        return True
    if set(claims.identities(text)) - set(claims.identities(known)):
        return True
    values = {q.value for q in claims.find_quantities(known)}
    if any(q.value not in values for q in claims.find_quantities(text)):
        return True
    moments = {(m.year, m.month, m.day) for m in claims.find_moments(known)}
    return any((m.year, m.month, m.day) not in moments for m in claims.find_moments(text)) or bool(
        claims.time_words(text) - claims.time_words(known)
    )
