"""Errors as HTTP answers, in one shape for ``/api`` and one for ``/v1``.

``/api``: ``{"error": {"code", "message", "advice", "param"}}``. ``/v1``: ``{"error": {"message", "type", "param",
"code"}}``, as OpenAI clients read it. Every error that leaves the service goes through :func:`error_response`, so
that no framework's own shape is ever seen, and none repeats what the caller sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic_core import PydanticCustomError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from assistant.domain.dialogue import Failed
from assistant.errors import AssistantError, BadRequest, Conflict, NotFound
from assistant.faces.web.edge import SECURITY_HEADERS

CLIENT_GONE = 499  # nginx's number for "client closed request"; nobody is left to read it, only access logs


@dataclass(frozen=True, slots=True)
class Fault:
    """What went wrong, before it takes the shape of either face."""

    status: int
    code: str
    message: str
    advice: str = ""
    param: str | None = None


_BY_STATUS: Mapping[int, tuple[str, str, str]] = {
    400: ("bad_request", "请求无法解析", "请检查请求体是否为 UTF-8 编码的合法 JSON"),
    401: ("invalid_api_key", "密钥缺失或不正确", "请在 Authorization 头中提供有效的密钥"),
    403: ("forbidden", "没有权限", "请换用含有所需权限的密钥，或请管理员开通"),
    404: ("not_found", "没有这个地址", "请核对地址；接口列表见 /api/openapi.json"),
    405: ("method_not_allowed", "该地址不支持这种请求方法", "请改用 Allow 响应头所列的方法"),
    408: ("request_timeout", "请求没有在规定的时间内送达", "请检查网络后重试"),
    413: ("body_too_large", "请求体过大", "请缩短内容后重试"),
    429: ("too_many_requests", "请求过于频繁", "请稍后重试"),
}

# What a caller can do about each way in which a field does not fit, by pydantic's name for it.
_FIELD_ADVICE: Mapping[str, str] = {
    "missing": "缺少该字段，请补上",
    "extra_forbidden": "没有这个字段，请删去或核对拼写",
    "string_type": "应为文本",
    "string_unicode": "含有无法编码的字符，请检查文本编码",
    "string_too_long": "过长，最多 {max_length} 个字符",
    "string_pattern_mismatch": "只能用 1 至 64 个字母、数字、下划线或连字符",
    "bool_type": "应为 true 或 false",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "int_parsing_size": "数值过大",
    "greater_than_equal": "最小为 {ge}",
    "less_than_equal": "最大为 {le}",
    "list_type": "应为数组",
    "too_short": "至少要有 {min_length} 项",
    "too_long": "最多 {max_length} 项",
    "model_attributes_type": "应为 JSON 对象",
    "dict_type": "应为 JSON 对象",
}
_LONGEST_PARAM = 100  # characters of a field's name that are given back: the name may be the caller's invention


def of_status(status: int) -> Fault:
    """The fault that an HTTP status alone tells of."""
    code, message, advice = _BY_STATUS.get(status, ("internal", "服务内部出错", "请稍后重试；如仍出现，请联系管理员"))
    return Fault(status, code, message, advice)


def of_exception(error: AssistantError) -> Fault:
    """Ours: 400, 404 or 409 for the caller's faults, 503 for everything that the caller cannot mend."""
    if isinstance(error, BadRequest):
        status = 404 if isinstance(error, NotFound) else 409 if isinstance(error, Conflict) else 400
        return Fault(status, error.code, error.message, error.advice, error.param)
    return Fault(503, error.code, error.message, error.advice)


def of_event(event: Failed) -> Fault:
    """The stream's last event where it is an error."""
    return Fault(400 if event.code == "bad_request" else 503, event.code, event.message)


def of_validation(request: Request, errors: list[Any]) -> Fault:
    """The first field that does not fit, named as the caller wrote it, with what to change."""
    first = errors[0] if errors else {}
    kind = str(first.get("type", ""))
    place = [str(part) for part in first.get("loc", ())]
    if kind == "json_invalid":
        return Fault(400, "invalid_json", "请求体不是合法的 JSON", "请检查引号、逗号和括号是否完整")
    if place == ["body"]:
        if kind == "missing":
            return Fault(400, "missing_body", "请求体为空", '请以 JSON 对象提交，例如 {"question": "……"}')
        if "json" not in request.headers.get("content-type", "").lower():
            return Fault(
                415, "unsupported_media_type", "请求体须为 JSON", "请加上请求头 Content-Type: application/json"
            )
    advice = _FIELD_ADVICE.get(kind, "取值不符合要求，请对照接口说明").format_map(first.get("ctx", {}))
    param = ".".join(place[1:])[:_LONGEST_PARAM].encode(errors="replace").decode()
    if not param:
        return Fault(422, "invalid_body", "请求体有误", advice)
    return Fault(422, "invalid_field", f"字段 {param} 有误", advice, param)


def encodable(text: str) -> str:
    """Validator: refuse half surrogate pairs (``"\\ud800"`` is legal JSON), which no answer could repeat, and NUL,
    which no database of ours but SQLite keeps.
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        raise PydanticCustomError("string_unicode", "not encodable as UTF-8") from None
    if "\x00" in text:
        raise PydanticCustomError("string_unicode", "contains NUL")
    return text


def api_form(fault: Fault) -> dict[str, Any]:
    """The error object of ``/api``."""
    return {
        "error": {"code": fault.code, "message": fault.message, "advice": fault.advice, "param": fault.param},
    }


def openai_form(fault: Fault) -> dict[str, Any]:
    """The error object of ``/v1``; the advice joins the message because clients show nothing else."""
    kind = "invalid_request_error" if fault.status < 500 else "server_error"
    kind = "rate_limit_error" if fault.status == 429 else kind
    message = f"{fault.message.removesuffix('。')}。{fault.advice}" if fault.advice else fault.message
    return {"error": {"message": message, "type": kind, "param": fault.param, "code": fault.code}}


def error_response(request: Request, fault: Fault, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """The fault in the shape that callers of this address read; 422 is a plain 400 to OpenAI clients."""
    if request.url.path.startswith("/v1/"):
        status = 400 if fault.status == 422 else fault.status
        return JSONResponse(openai_form(fault), status_code=status, headers=headers)
    return JSONResponse(api_form(fault), status_code=fault.status, headers=headers)


def install(app: FastAPI) -> None:
    """Have every error of the application leave in our shapes."""

    async def ours(request: Request, error: Exception) -> Response:
        assert isinstance(error, AssistantError)
        return error_response(request, of_exception(error))

    async def http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return error_response(request, of_status(error.status_code), error.headers)

    async def validation(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        return error_response(request, of_validation(request, list(error.errors())))

    async def gone(request: Request, error: Exception) -> Response:
        return Response(status_code=CLIENT_GONE)

    async def unexpected(request: Request, error: Exception) -> Response:
        # Made outside of the middleware that sets the headers; the server logs the traceback.
        return error_response(request, of_status(500), SECURITY_HEADERS)

    app.add_exception_handler(AssistantError, ours)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(RequestValidationError, validation)
    app.add_exception_handler(ClientDisconnect, gone)
    app.add_exception_handler(Exception, unexpected)
