"""Chat models behind an OpenAI-compatible endpoint (vLLM, Ollama, Xinference, DashScope …), through LangChain.

The client is built at the first call: importing it costs seconds that a command without a model must not pay. The
vendors' exceptions are translated here and nowhere else.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from assistant.errors import ModelError, ModelRefused, ModelUnreachable, ReplyCut
from assistant.ports import Prompt

if TYPE_CHECKING:
    from langchain_openai import ChatOpenAI
    from openai import AsyncOpenAI, AsyncStream

_TAG = re.compile(r"<(/?)(?:think|thinking|thought|reasoning)>", re.IGNORECASE)
_LONGEST_TAG = len("</reasoning>")
_ADVICE = {
    400: "请核对 ASSISTANT_LLM_MODEL 的名称，以及模型的上下文长度是否够用。",
    401: "请核对 ASSISTANT_LLM_API_KEY。",
    403: "请核对 ASSISTANT_LLM_API_KEY 是否有权使用这个模型。",
    404: "请核对 ASSISTANT_LLM_BASE_URL（通常以 /v1 结尾）和 ASSISTANT_LLM_MODEL。",
    429: "模型服务正忙或额度已用完，请稍后再试，或联系模型服务的管理员。",
}


class OpenAIChatModel:
    """The :class:`~assistant.ports.ChatModel` port over ``langchain_openai.ChatOpenAI``.

    ``timeout`` bounds a whole request in seconds, ``stall_timeout`` the silence before or within a reply. Without a
    key a placeholder is sent: local servers want the header but not its value, and a key that the environment holds
    for another service must not reach them. A refused request is tried once more.
    """

    def __init__(
        self,
        base_url: str,
        model: str,
        api_key: str | None = None,
        *,
        timeout: float = 60.0,
        stall_timeout: float = 15.0,
    ) -> None:
        self._base_url = base_url
        self._model = model
        self._api_key = api_key or "none"
        self._timeout = timeout
        self._stall_timeout = stall_timeout
        self._built: tuple[asyncio.AbstractEventLoop, asyncio.Task[ChatOpenAI]] | None = None
        self._takes_schema = True  # until it refuses one

    @property
    def name(self) -> str:
        """The model's name at its endpoint."""
        return self._model

    async def stream(self, prompt: Prompt) -> AsyncIterator[str]:
        """The reply in pieces, thinking left out; an empty piece tells that the model is alive (it thinks).

        Closing the iterator closes the connection, which makes the server stop. An endpoint that refuses a schema is
        asked again without, and not given one any more. Raises :class:`~assistant.errors.ModelUnreachable` or
        :class:`~assistant.errors.ModelRefused`.
        """
        thinking = ThinkingFilter()
        finish: str | None = None
        begun = False
        body = self._body(prompt)
        try:
            model = await self._client()
            async with aclosing(model.astream(list(prompt.messages), **body)) as chunks:  # type: ignore[type-var]
                async for chunk in chunks:
                    begun = True
                    finish = chunk.response_metadata.get("finish_reason") or finish
                    yield thinking.feed(chunk.content if isinstance(chunk.content, str) else "")
        except ModelError:
            raise
        except Exception as error:
            if begun or not (_schema_in(body) and _refuses_form(error)):
                raise translated(error) from error
            self._takes_schema = False
        if not self._takes_schema and _schema_in(body):
            again: Any = self.stream(prompt)
            async with aclosing(again):
                async for piece in again:
                    yield piece
            return
        if finish is None:
            raise ModelUnreachable("模型的回复中途断开。", "请稍后再试；若反复出现，请检查模型服务及其代理。")
        if finish == "length":
            raise ReplyCut("模型的回复达到了长度上限，没有写完。", "请在模型服务一侧放宽输出长度。")
        if finish == "content_filter":
            raise ModelRefused("模型服务拦截了这次回复。", "请联系模型服务的管理员。")
        yield thinking.rest()

    def _body(self, prompt: Prompt) -> dict[str, Any]:
        """What goes into the request beside the messages, by the names that servers of this kind share."""
        body: dict[str, Any] = {}
        if prompt.most_tokens is not None:
            body["max_tokens"] = prompt.most_tokens
        if prompt.schema is not None and self._takes_schema:
            form = {"name": "reply", "schema": prompt.schema, "strict": True}
            body["response_format"] = {"type": "json_schema", "json_schema": form}
        # Not as the client's own arguments: it would take the stream apart itself.
        return {"extra_body": body} if body else {}

    async def _client(self) -> ChatOpenAI:
        # Connections belong to the event loop that opened them; the command line may run several loops in turn.
        # One task builds, however many ask first; who stops waiting does not stop it.
        loop = asyncio.get_running_loop()
        if self._built is None or self._built[0] is not loop:
            self._built = (loop, loop.create_task(asyncio.to_thread(self._build)))
        built = self._built[1]
        try:
            return await asyncio.shield(built)
        except Exception:
            self._built = None  # the next question tries again
            raise

    def _build(self) -> ChatOpenAI:
        import openai
        from langchain_openai import ChatOpenAI
        from pydantic import SecretStr

        options: dict[str, Any] = {
            "model": self._model,
            "base_url": self._base_url,
            "api_key": SecretStr(self._api_key),
            "timeout": openai.Timeout(self._timeout, connect=min(5.0, self._timeout), read=self._stall_timeout),
            "max_retries": 1,
            "stream_chunk_timeout": self._stall_timeout,
            "temperature": 0.0,
            "stream_usage": False,
            "use_responses_api": False,
            "http_async_client": openai.DefaultAsyncHttpxClient(),
        }
        model = ChatOpenAI(**options)
        model.async_client = _PlainCompletions(model.root_async_client)
        return model


class _PlainCompletions:
    """The endpoint's ``create`` as LangChain calls it, with pieces as the JSON that they are.

    The SDK would build a typed object of each piece, which LangChain takes apart again at once: together two thirds of
    the processor time of an answer in a model's words. Requests, retries, time limits and errors stay the SDK's.
    """

    def __init__(self, client: AsyncOpenAI) -> None:
        self._client = client

    async def create(self, **payload: Any) -> AsyncStream[Any]:
        """Post a request that streams. Raises what the SDK raises."""
        from openai import AsyncStream

        extra = payload.pop("extra_body", {})
        # `object` is the SDK's word for JSON that nobody casts.
        return await self._client.post(
            "/chat/completions", body=payload | extra, cast_to=object, stream=True, stream_cls=AsyncStream[Any]
        )


def _schema_in(options: dict[str, Any]) -> bool:
    return "response_format" in options.get("extra_body", {})


def _refuses_form(error: Exception) -> bool:
    """Whether an endpoint may have refused a request for its schema: it says that the request is bad."""
    import openai

    return isinstance(error, openai.BadRequestError | openai.UnprocessableEntityError | openai.InternalServerError)


def translated(error: Exception) -> ModelError:
    """The error of our tree for an exception of the client libraries."""
    import openai

    if isinstance(error, openai.APITimeoutError | TimeoutError):
        return ModelUnreachable("模型服务没有按时答复。", "请检查模型服务的负载，或调大 ASSISTANT_LLM_TIMEOUT。")
    if isinstance(error, openai.APIStatusError):
        status = error.status_code
        advice = _ADVICE.get(status, "请查看模型服务的日志，稍后再试。" if status >= 500 else "请核对模型服务的设置。")
        return ModelRefused(f"模型服务拒绝了请求（HTTP {status}）。", advice)
    ancestors = {kind.__name__ for kind in type(error).__mro__}
    if isinstance(error, openai.APIConnectionError | OSError) or ancestors & {"TransportError", "StreamError"}:
        return ModelUnreachable("连不上模型服务，或连接中断。", "请检查 ASSISTANT_LLM_BASE_URL 和模型服务是否在运行。")
    return ModelRefused(
        "模型服务的回复无法解读。", "请确认 ASSISTANT_LLM_BASE_URL 指向与 OpenAI 兼容的接口（通常以 /v1 结尾）。"
    )


class ThinkingFilter:
    """Leaves ``<think>…</think>`` (also thinking, thought, reasoning) out of a text that comes in pieces."""

    def __init__(self) -> None:
        self._held = ""
        self._inside = False

    def feed(self, piece: str) -> str:
        """What of the text so far is sure to be no thinking; may be empty."""
        text, shown = self._held + piece, ""
        while match := _TAG.search(text):
            if not self._inside:
                # A closing tag without an opening one ends thinking that the server began: a line of its own.
                shown += text[: match.start()] + ("\n" if match.group(1) else "")
            self._inside = not match.group(1)
            text = text[match.end() :]
        open_tag = text.rfind("<", max(0, len(text) - _LONGEST_TAG + 1))
        self._held = text[open_tag:] if open_tag >= 0 else ""
        return shown + ("" if self._inside else text[: len(text) - len(self._held)])

    def rest(self) -> str:
        """What was held back at the end of the reply."""
        held, self._held = self._held, ""
        return "" if self._inside else held
