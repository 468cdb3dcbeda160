"""A kept conversation as a file: Markdown for people, JSON for programs."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

from assistant.domain.conversations import Conversation, KeptTurn

_BEIJING = timezone(timedelta(hours=8))
_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~])")
_LABEL = "由程序根据文件生成，以原文为准"
_LABEL_OF_MODEL = "AI生成，以原文为准"


def conversation_json(conversation: Conversation) -> dict[str, Any]:
    """One line of the list of conversations."""
    return {
        "id": conversation.id,
        "title": conversation.title,
        "created_at": conversation.created_at,
        "updated_at": conversation.updated_at,
        "turns": conversation.turns,
    }


def turn_json(turn: KeptTurn) -> dict[str, Any]:
    """The answer in the contract's form, when it was given, and what its reader thinks of it."""
    judged = turn.judgement
    feedback = {"useful": judged.useful, "reasons": list(judged.reasons), "note": judged.note} if judged else None
    return {**turn.answer, "created_at": turn.created_at, "feedback": feedback}


def whole_json(conversation: Conversation, turns: Sequence[KeptTurn]) -> dict[str, Any]:
    """A conversation with all its turns, oldest first."""
    return {**conversation_json(conversation), "turns": [turn_json(turn) for turn in turns]}


def json_text(conversation: Conversation, turns: Sequence[KeptTurn]) -> str:
    """The conversation as a JSON file."""
    return json.dumps(whole_json(conversation, turns), ensure_ascii=False, indent=2) + "\n"


def markdown_text(conversation: Conversation, turns: Sequence[KeptTurn]) -> str:
    """The conversation as a Markdown file: questions as headings, answers, and under each its sources."""
    parts = [f"# {_plain(conversation.title)}\n"]
    for turn in turns:
        parts.append(f"## {_plain(turn.answer['question'])}\n")
        parts.append(f"{_said(turn.answer)}\n")
        parts.extend(f"> {_plain(notice)}\n" for notice in turn.answer.get("notices", ()))
        if sources := [_source(c) for c in turn.answer["citations"]]:
            parts.append("依据：\n\n" + "\n".join(sources) + "\n")
        label = _LABEL if turn.answer["model"] == "extractive" else _LABEL_OF_MODEL
        parts.append(f"{_local(turn.created_at)} · {label}\n")
    return "\n".join(parts)


def _said(answer: Mapping[str, Any]) -> str:
    """The text with its references as they are; line breaks of the text stay line breaks."""
    lines = [_plain(line) for line in str(answer["answer"]).splitlines()]
    text = re.sub(r"\\\[(\d+)\\\]", r"[\1]", "  \n".join(lines))
    return text or "（没有内容）"


def _source(citation: Mapping[str, Any]) -> str:
    number = f"（{_plain(citation['number'])}）" if citation["number"] else ""
    page = f"，第{citation['page']}页" if citation["page"] else ""
    quote = _plain(" ".join(citation["quote"].split()))
    return f"- [{citation['n']}] 《{_plain(citation['title'])}》{number}{_plain(citation['path'])}{page}：“{quote}”"


def _plain(text: str) -> str:
    """Text that Markdown shows as it is, on one line: what stands in documents is no markup of ours."""
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))


def _local(at: str) -> str:
    return datetime.fromisoformat(at).astimezone(_BEIJING).strftime("%Y-%m-%d %H:%M")
