"""The one handler of members' messages: commands, questions and what is said to everything else.

It answers with drafts, each the whole text so far (WeCom replaces what it shows). The transports decide how often
they pass one on.
"""

from __future__ import annotations

import logging
import re
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass

from assistant.domain.access import Clearance, Identity, Scope
from assistant.domain.conversations import Judgement
from assistant.domain.dialogue import Answer, Done, Failed, Searching, Sentence, Turn
from assistant.errors import AssistantError, IndexUnavailable, NotFound
from assistant.faces.wecom.messages import Kind, Message
from assistant.faces.wecom.rendering import STREAM_BYTES, cut, finished, plain, source
from assistant.ports import Asker, Feedback, WecomMemory

_log = logging.getLogger(__name__)
_SOURCE = re.compile(r"[/／]来源\s*\[?(\d{1,3})\]?")
_NEW = re.compile(r"[/／]?(?:新会话|新对话|重新开始)")
_HELP = re.compile(r"[/／]?(?:帮助|help)", re.IGNORECASE)
_QUOTED = 1000  # characters of a quoted message that go with the question

SEARCHING = "正在查询…"
MEDIA = "目前只能回答文字问题，请用文字提问。"
EMPTY = "现在没有可查的文件，请联系管理员导入。"
WITHDRAWN = "这份文件已撤下，或现在不能查看。"
RENEWED = "已开始新会话，请提问。"
HELP = (
    "可以问：谁牵头、谁配合、什么时候完成、进展如何，例如“碳纤维联合体由谁牵头？”\n"
    "接着问“什么时候完成？”会沿用上文。\n"
    "/新会话 重新开始　/来源 1 查看第 1 处原文　/帮助 显示本说明"
)


@dataclass(frozen=True, slots=True)
class Draft:
    """The reply so far; the last one is ``final``."""

    text: str
    final: bool = False


class Desk:
    """Answers messages. ``suggest`` gives questions for the welcome; ``hidden`` tells whether a document may
    not be seen any more; ``limit`` is in bytes of one message.

    All members are staff of the one corporation: they see public and internal documents, and nobody's by department.
    """

    def __init__(
        self,
        asker: Asker,
        memory: WecomMemory,
        feedback: Feedback | None = None,
        *,
        suggest: Callable[[Identity], Sequence[str]] = lambda _: (),
        hidden: Callable[[Identity, str], bool] = lambda _, __: False,
        public_url: str = "",
    ) -> None:
        self._asker = asker
        self._memory = memory
        self._feedback = feedback
        self._suggest = suggest
        self._hidden = hidden
        self._public_url = public_url

    def first_time(self, message: Message) -> bool:
        """Whether this message has not come before; the vendor sends again what it believes lost."""
        return not message.id or self._memory.first_time(message.id)

    async def drafts(self, message: Message, feedback: str = "", limit: int = STREAM_BYTES) -> AsyncIterator[Draft]:
        """The reply to a message as it grows. ``feedback`` is the id under which the vendor will report judgements."""
        if message.kind is Kind.MEDIA:
            yield Draft(MEDIA, final=True)
        elif told := self._command(message, limit):
            yield Draft(told, final=True)
        else:
            yield Draft(SEARCHING)
            async for draft in self._answered(message, feedback, limit):
                yield draft

    def welcome(self, message: Message) -> str:
        """What a member sees on opening the chat."""
        try:
            asked = self._suggest(identity_of(message))
        except IndexUnavailable:
            return f"您好，我依据已导入的文件回答责任分工、时限和进展，并注明出处。\n{EMPTY}"
        examples = "\n".join(f"· {plain(question)}" for question in asked)
        return "您好，我依据已导入的文件回答责任分工、时限和进展，并注明出处。" + (
            f"\n可以这样问：\n{examples}" if examples else f"\n{HELP}"
        )

    def judged(self, message: Message) -> None:
        """Keep a member's judgement of an answer, where it is known."""
        answer = self._memory.answer_of(message.feedback)
        if answer is None or self._feedback is None or message.useful is None:
            return
        try:
            judgement = Judgement(message.useful, message.reasons, message.text)
            self._feedback.judge(identity_of(message).owner, answer, judgement)
        except NotFound:  # the conversation was deleted meanwhile
            _log.info("a judgement came for an answer that is not kept")

    def _command(self, message: Message, limit: int) -> str | None:
        if _HELP.fullmatch(message.text):
            return HELP
        if _NEW.fullmatch(message.text):
            self._memory.keep_conversation(message.session, None)
            self._memory.keep_sources(message.session, ())
            return RENEWED
        if match := _SOURCE.fullmatch(message.text):
            cited = {c.n: c for c in self._memory.sources(message.session)}
            if (found := cited.get(int(match[1]))) is None:
                span = f"，序号为 1 至 {max(cited)}" if len(cited) > 1 else ""
                return f"上一次回答有 {len(cited)} 处来源{span}。" if cited else "还没有带来源的回答，请先提问。"
            if self._hidden(identity_of(message), found.document_id):
                return WITHDRAWN
            return source(found, self._public_url, limit)
        return None

    async def _answered(self, message: Message, feedback: str, limit: int) -> AsyncIterator[Draft]:
        said = ""
        try:
            async for event in self._asker.ask(
                message.text or "这段话说的是什么？",
                reader=identity_of(message),
                conversation_id=self._memory.conversation(message.session),
                history=_quoted(message),
            ):
                match event:
                    case Searching():
                        yield Draft(plain(event.message))
                    case Sentence():
                        said += event.text
                        yield Draft(cut(plain(said.strip()), limit))
                    case Failed():
                        fault = EMPTY if event.code == IndexUnavailable.code else event.message
                        yield Draft(cut("\n\n".join(filter(None, (plain(said.strip()), fault))), limit), final=True)
                    case Done():
                        self._keep(message, event.answer, feedback)
                        yield Draft(finished(event.answer, self._public_url, limit), final=True)
                    case _:
                        pass
        except NotFound:  # the conversation was deleted or purged: a new one begins
            self._memory.keep_conversation(message.session, None)
            yield Draft("上一个会话已不在，已开始新会话，请再问一次。", final=True)
        except IndexUnavailable:
            yield Draft(EMPTY, final=True)
        except AssistantError as error:
            yield Draft(plain(str(error)), final=True)

    def _keep(self, message: Message, answer: Answer, feedback: str) -> None:
        self._memory.keep_sources(message.session, answer.citations)
        if not message.quoted:  # with a quotation the answer stands outside of the conversation
            self._memory.keep_conversation(message.session, answer.conversation_id)
            if feedback:
                self._memory.keep_answer(feedback, answer.id)


def identity_of(message: Message) -> Identity:
    """Whom a member is to the rest of the service."""
    return Identity(f"wecom:{message.user}", frozenset({Scope.ASK, Scope.READ}), Clearance(internal=True))


def _quoted(message: Message) -> list[Turn] | None:
    """The message that was replied to, as what was said before: data, never part of the question."""
    if not message.quoted:
        return None
    words = message.quoted[:_QUOTED]
    return [Turn(words, words, words)]
