"""An answer in a model's words over evidence, sentence by sentence verified.

The model sees the evidence under opaque keys between fences that it cannot foresee, and every sentence that it
writes passes the gate and the verifier before it leaves. What the model does wrong costs a sentence, never a wrong
one shown. The caller falls back to the extractive answer where nothing is left.
"""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any, Literal

from assistant.answering.checks.sources import is_dependent
from assistant.answering.checks.verify import verify
from assistant.answering.checks.wording import canonical, weighed_pairs
from assistant.answering.evidence import Evidence
from assistant.answering.generative.gate import Draft, Gate
from assistant.domain.dialogue import Turn
from assistant.domain.language.claims import folded
from assistant.errors import ModelError, ModelUnreachable
from assistant.ports import ChatModel, Prompt
from assistant.prompts import Prompts

#: The line that the model is told to write where the documents do not state what is asked.
NOT_STATED = "文件未载明"
_NOT_STATED = re.compile(
    r"^(?:根据(?:所给|现有)?(?:材料|文件)[，,]?)?(?:上述|所给|现有|以上|这些|该)?(?:文件|材料|原文|文中|条款)(?:中|里)?(?:均|都|并|也|尚)?"
    r"(?:未|没有|没)(?:有|明确)?(?:载明|写明|提到|提及|说明|记载|规定|涉及|写|包含|给出)"
)
_BUT = re.compile(
    r"[，,；;](?:但是?|不过|仅|只|而)(?:文件|原文|材料)?(?:中)?(?:仅|只)?(?:写明|提到|载明|说明)?[，,：:]?"
)
_LONGEST_REPLY = 20_000  # characters; a model that writes more is in a loop
_IDLE_SENTENCES = 40  # sentences in a row that were withheld or repeated: a loop as well
_HELD = 0.6  # share of a sentence's words that the clause holds which it is tied to
_HISTORY = 3  # turns of the conversation that the model sees
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")


@dataclass(frozen=True, slots=True)
class Written:
    """One verified sentence, without its keys; ``keys`` are those of the evidence that it stands on."""

    text: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Finished:
    """How the writing ended.

    ``complete``: the model ended by itself. ``cut``: it broke off (``error`` says why) after it had begun.
    ``failed``: nothing came. ``withheld`` counts the sentences that were not shown, ``reasons`` says why, in order,
    for the log; ``not_stated`` tells that the model said that the documents do not state what is asked.
    """

    finish: Literal["complete", "cut", "failed"]
    prompt: str  # the hash of the prompt file
    error: ModelError | None = None
    withheld: int = 0
    shown: int = 0
    not_stated: bool = False
    reasons: tuple[str, ...] = ()


@dataclass(slots=True)
class _Tally:
    shown: int = 0
    withheld: int = 0
    not_stated: bool = False
    idle: int = 0
    seen: set[str] = field(default_factory=set)
    reasons: list[str] = field(default_factory=list)


async def write(
    question: str,
    evidence: Sequence[Evidence],
    model: ChatModel,
    prompts: Prompts,
    *,
    timeout: float,  # noqa: ASYNC109 - a setting, split over many awaits
    stall_timeout: float,
    history: Sequence[Turn] = (),
) -> AsyncGenerator[Written | Finished, None]:
    """Verified sentences as they complete, and one :class:`Finished` at the end.

    ``timeout`` bounds the whole reply, ``stall_timeout`` the silence before or within it, in seconds. Model errors
    do not raise, they are told in ``Finished``. Close the iterator (``aclosing``) to cancel the model.
    """
    by_key = {e.key: e for e in evidence}
    tally, gate = _Tally(), Gate(by_key)
    prompt = answer_prompt(question, evidence, prompts, history)
    error: ModelError | None = None
    length = 0
    async with aclosing(_pieces(model, prompt, timeout, stall_timeout)) as pieces:
        try:
            async for piece in pieces:
                length += len(piece)
                for draft in gate.feed(piece):
                    if written := _judge(draft, by_key, tally):
                        yield written
                if length > _LONGEST_REPLY or tally.idle > _IDLE_SENTENCES:
                    error = ModelUnreachable("模型的回复没有尽头，已经中止。", "请换用更合适的模型。")
                    break
        except ModelError as failure:
            error = failure
    for draft in gate.close(complete=error is None):
        if written := _judge(draft, by_key, tally):
            yield written
    finish: Literal["complete", "cut", "failed"] = "complete" if error is None else "cut" if length else "failed"
    yield Finished(
        finish, prompt.hash, error, tally.withheld, tally.shown, tally.not_stated, tuple(dict.fromkeys(tally.reasons))
    )


def answer_prompt(
    question: str, evidence: Sequence[Evidence], prompts: Prompts, history: Sequence[Turn] = ()
) -> Prompt:
    """The prompt for one answer: evidence under its keys between fences made for this request alone."""
    fence = f"====={secrets.token_hex(6)}====="
    example = f"〔{evidence[0].key}〕" if evidence else "〔编号〕"
    blocks = [
        f"〔{e.key}〕{' '.join(filter(None, (f'《{e.title}》', e.number, e.path)))}\n"
        + (f"（所属标题：{e.context}）\n" if e.context else "")
        + e.text
        for e in evidence
    ]
    return prompts.answer.fill(
        question=_fenced(question, fence),
        evidence=_fenced("\n\n".join(blocks), fence),
        fence=fence,
        history=_told(history, fence),
        example=example,
        not_stated=NOT_STATED,
    )


def _told(history: Sequence[Turn], fence: str) -> str:
    if not history:
        return ""
    lines = [f"问：{turn.standalone_question[:200]}\n答：{turn.answer[:300]}" for turn in history[-_HISTORY:]]
    return f"此前的对话（只供理解问题，不作依据）：\n{_fenced(chr(10).join(lines), fence)}\n\n"


def _fenced(text: str, fence: str) -> str:
    """Text that cannot close the fence, and without characters that a reader does not see."""
    return _CONTROL.sub("", text).replace(fence, "")


async def _pieces(
    model: ChatModel,
    prompt: Prompt,
    timeout: float,  # noqa: ASYNC109 - see write
    stall_timeout: float,
) -> AsyncGenerator[str, None]:
    loop = asyncio.get_running_loop()
    deadline = loop.time() + timeout
    stream: Any = model.stream(prompt)
    async with aclosing(stream):
        while True:
            left = deadline - loop.time()
            try:
                async with asyncio.timeout(max(0.0, min(stall_timeout, left))):
                    piece = await anext(stream)
            except StopAsyncIteration:
                return
            except TimeoutError as error:
                if deadline - loop.time() <= 0:
                    message = f"模型在 {timeout:g} 秒内没有写完。"
                else:
                    message = f"模型超过 {stall_timeout:g} 秒没有回音。"
                raise ModelUnreachable(message, "请检查模型服务的负载，或调大相应的时限。") from error
            yield piece


def _judge(draft: Draft, by_key: dict[str, Evidence], tally: _Tally) -> Written | None:
    """The sentence as it may leave, or None; the tally keeps count."""
    tally.idle += 1
    text, marked = _without_marker(draft.text)
    tally.not_stated = tally.not_stated or marked
    if not text:
        return None
    if not draft.keys and text.endswith(("：", ":")):
        return None  # a lead-in says nothing
    mark = folded(text).strip("。.;,!? ")
    if mark in tally.seen:
        return None
    tally.seen.add(mark)
    keys = draft.keys or tied(text, by_key)
    unknown = [key for key in keys if key not in by_key]
    if unknown:
        check_reasons: tuple[str, ...] = ("编号不存在",)
    elif not keys:
        check_reasons = ("没有编号",)
    else:
        check_reasons = verify(text, [by_key[key] for key in keys]).reasons
    if check_reasons:
        tally.withheld += 1
        tally.reasons.extend(check_reasons)
        return None
    tally.shown += 1
    tally.idle = 0
    return Written(text, keys)


def tied(text: str, by_key: Mapping[str, Evidence]) -> tuple[str, ...]:
    """The key of the one clause that a sentence without a key can stand on; empty where none or several can.

    Small models word well and forget the keys. The clause has to hold the sentence's own matter in its words, not
    only its values: of all that was shown to the model, one has a wanted name or day by chance.
    """
    plain = folded(text)
    if is_dependent(plain):
        return ()
    words = weighed_pairs(canonical(plain))
    total = sum(words.values())
    found: list[str] = []
    for key, evidence in by_key.items():
        held = canonical(folded(f"{evidence.title}\n{evidence.context}\n{evidence.text}"))
        if sum(w for pair, w in words.items() if pair in held) < _HELD * total or not verify(text, [evidence]).ok:
            continue
        found.append(key)
        if len(found) > 1:
            return ()
    return tuple(found)


def _without_marker(text: str) -> tuple[str, bool]:
    """The sentence without “文件未载明…”, and whether it said so. The caller words that verdict itself."""
    if not _NOT_STATED.match(text.lstrip("【[〔“ ")):
        return text, False
    rest = _BUT.search(text)
    return (text[rest.end() :] if rest else ""), True
