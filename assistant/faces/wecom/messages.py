"""What members send, read from the forms of robot (JSON) and app (XML) into one value."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Annotated, Any

from lxml import etree
from pydantic import BaseModel, ConfigDict, Field, ValidationError

_LONGEST = 4000  # characters of a message or a quotation that are read


class Kind(StrEnum):
    """What a callback is about."""

    QUESTION = "question"
    MEDIA = "media"  # pictures, files: nothing that can be answered
    POLL = "poll"  # the vendor asks how far a streamed answer is
    ENTERED = "entered"  # a member opened the chat
    FEEDBACK = "feedback"
    OTHER = "other"  # events that need no answer


@dataclass(frozen=True, slots=True)
class Message:
    """A message or an event. ``chat`` is the group's id, empty in a single chat; ``quoted`` the message replied to."""

    kind: Kind
    id: str
    user: str
    chat: str = ""
    text: str = ""
    quoted: str = ""
    stream: str = ""
    response_url: str = ""
    feedback: str = ""  # the id given with the answer
    useful: bool | None = None  # None where a judgement is taken back
    reasons: tuple[str, ...] = ()

    @property
    def session(self) -> str:
        """Whose conversation this belongs to: each member has one of their own in each group."""
        return f"{self.chat}|{self.user}" if self.chat else self.user


class BadMessage(Exception):
    """A callback in none of the forms that the vendor documents."""


class _Form(BaseModel):
    model_config = ConfigDict(extra="ignore")


class _From(_Form):
    userid: Annotated[str, Field(min_length=1, max_length=128)]


class _Content(_Form):
    content: str = ""


class _Stream(_Form):
    id: str = ""


class _Part(_Form):
    msgtype: str
    text: _Content = _Content()


class _Mixed(_Form):
    msg_item: list[_Part] = []


class _Feedback(_Form):
    id: str = ""
    type: int = 0
    content: str = ""
    inaccurate_reason_list: list[int] = []


class _Event(_Form):
    eventtype: str = ""
    feedback_event: _Feedback = _Feedback()


class _Quote(_Part):
    mixed: _Mixed = _Mixed()
    voice: _Content = _Content()


class _Robot(_Form):
    msgid: Annotated[str, Field(max_length=256)] = ""
    chatid: Annotated[str, Field(max_length=256)] = ""
    chattype: str = "single"
    sender: _From = Field(alias="from")
    response_url: Annotated[str, Field(max_length=2048)] = ""
    msgtype: str
    text: _Content = _Content()
    voice: _Content = _Content()
    mixed: _Mixed = _Mixed()
    stream: _Stream = _Stream()
    quote: _Quote | None = None
    event: _Event = _Event()


_REASONS = {1: "与问题无关", 2: "内容不完整", 3: "内容有错误", 4: "数据分析有错误"}  # page 101027


def from_robot(body: dict[str, Any], name: str = "") -> Message:
    """A robot's message or event; ``name`` is the robot's, taken out where it is called. Raises :class:`BadMessage`."""
    try:
        form = _Robot.model_validate(body)
    except ValidationError as error:
        raise BadMessage from error
    message = Message(
        Kind.OTHER,
        form.msgid,
        form.sender.userid,
        chat=form.chatid if form.chattype == "group" else "",
        response_url=form.response_url,
    )
    match form.msgtype:
        case "text" | "voice" | "mixed":
            said = _said(form.msgtype, form.text, form.voice, form.mixed)
            quoted = (
                _said(form.quote.msgtype, form.quote.text, form.quote.voice, form.quote.mixed) if form.quote else ""
            )
            text = _uncalled(said, name) if message.chat else said.strip()
            kind = Kind.QUESTION if text or quoted else Kind.MEDIA
            return replace(message, kind=kind, text=text[:_LONGEST], quoted=quoted.strip()[:_LONGEST])
        case "stream":
            return replace(message, kind=Kind.POLL, stream=form.stream.id)
        case "event":
            return _event(message, form.event)
        case _:
            return replace(message, kind=Kind.MEDIA)


def from_app(xml: str) -> Message:
    """A message or event of a self-built app (page 90239). Raises :class:`BadMessage`."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        fields = {child.tag: (child.text or "").strip() for child in etree.fromstring(xml.encode(), parser)}
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BadMessage from error
    user = fields.get("FromUserName", "")
    if not user or len(user) > 128:
        raise BadMessage
    kind = fields.get("MsgType", "")
    # Events have no id of their own (page 90240).
    identity = fields.get("MsgId") or f"{user}-{fields.get('CreateTime', '')}"
    if kind == "text":
        return Message(Kind.QUESTION, identity, user, text=fields.get("Content", "")[:_LONGEST])
    if kind == "event":
        entered = fields.get("Event", "").lower() in ("enter_agent", "subscribe")
        return Message(Kind.ENTERED if entered else Kind.OTHER, identity, user)
    return Message(Kind.MEDIA, identity, user)


def _said(kind: str, text: _Content, voice: _Content, mixed: _Mixed) -> str:
    match kind:
        case "text":
            return text.content
        case "voice":
            return voice.content  # the vendor has written it down
        case "mixed":
            return "\n".join(part.text.content for part in mixed.msg_item if part.msgtype == "text")
        case _:
            return ""


def _event(message: Message, event: _Event) -> Message:
    if event.eventtype == "enter_chat":
        return replace(message, kind=Kind.ENTERED)
    if event.eventtype == "feedback_event":
        told = event.feedback_event
        reasons = tuple(_REASONS[n] for n in told.inaccurate_reason_list if n in _REASONS)
        return replace(
            message,
            kind=Kind.FEEDBACK,
            feedback=told.id,
            useful={1: True, 2: False}.get(told.type),
            reasons=reasons,
            text=told.content[:_LONGEST],
        )
    return message


def _uncalled(text: str, name: str) -> str:
    """The text without the call of the robot that every message in a group begins with. Names may hold spaces."""
    called = f"@{name}"
    if name and called in text:
        return text.replace(called, " ", 1).strip()
    return re.sub(r"^\s*@\S+\s*", "", text, count=1).strip()
