"""The self-built app's callback: an empty answer at once, the reply by push."""

from __future__ import annotations

import httpx
import pytest

from assistant.faces.wecom.push import AppMessages, PushFailed, ResponseUrl
from assistant.faces.wecom.rendering import APP_BYTES
from tests.fakes.asker import Held, script
from tests.patience import until
from tests.wecom.conftest import House, Open, Vendor
from tests.wecom.peer import CORP


def pushed(house: House, count: int = 1) -> list[str]:
    until(lambda: len(house.vendor.messages) >= count, lambda: house.vendor.messages)
    return [message["markdown"]["content"] for message in house.vendor.messages]


def test_the_answer_is_pushed_and_the_callback_answered_at_once(house: Open) -> None:
    held = Held()
    opened = house(script("由市水务局牵头。", held=[held]))
    response = opened.app.text("渠道由谁牵头？")
    assert (response.status_code, response.content) == (200, b"")
    assert opened.vendor.messages == []
    held.gate.set()
    assert pushed(opened) == ["由市水务局牵头。"]
    message = opened.vendor.messages[0]
    assert (message["touser"], message["agentid"], message["enable_duplicate_check"]) == ("li", 7, 1)


def test_a_message_that_is_sent_three_times_is_answered_once(house: Open) -> None:
    opened = house()
    for _ in range(3):
        assert opened.app.text("谁牵头？", identity="42").status_code == 200
    opened.app.text("谁配合？", identity="43")
    pushed(opened, 2)
    opened.app.text("何时完成？", identity="44")
    assert len(pushed(opened, 3)) == 3  # each is in its turn, and no other has been in between
    opened.asker.calls.pop()
    assert [call.question for call in opened.asker.calls] == ["谁牵头？", "谁配合？"]
    assert opened.vendor.tokens == 1  # one token for all


def test_a_long_answer_comes_in_several_messages_within_the_limit(house: Open) -> None:
    opened = house(script(*[f"第{n}项由市水务局牵头。\n" for n in range(300)]))
    opened.app.text("列出全部任务")
    shown = pushed(opened, 3)
    assert len(shown) == 3
    assert all(len(text.encode()) <= APP_BYTES for text in shown)


def test_defects_and_damage(house: Open) -> None:
    opened = house([RuntimeError("defect")])
    assert opened.app.post("<xml>broken").status_code == 403
    assert opened.client.post("/wecom/app?msg_signature=x&timestamp=1&nonce=n", content=b"<xml/>").status_code == 403
    opened.app.text("谁牵头？")
    assert pushed(opened) == ["服务暂时出错，请稍后再问。"]


def sender(vendor: Vendor) -> AppMessages:
    client = httpx.AsyncClient(base_url="https://api.example.com", transport=httpx.MockTransport(vendor.answer))
    return AppMessages(client, CORP, 7, "top-secret")


async def test_a_token_that_was_revoked_is_renewed_once() -> None:
    vendor = Vendor(refuse_tokens=["t1"])
    await sender(vendor).send("u", "答")
    assert (vendor.tokens, len(vendor.messages)) == (2, 1)
    stubborn = Vendor(refuse_tokens=["t1", "t2", "t3"])
    with pytest.raises(PushFailed, match="42001"):
        await sender(stubborn).send("u", "答")
    assert stubborn.tokens == 2


async def test_the_vendor_may_stumble_and_errors_name_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    async def at_once(_: float) -> None:
        return None

    monkeypatch.setattr("assistant.faces.wecom.push.asyncio.sleep", at_once)
    vendor = Vendor(failures=2)
    await sender(vendor).send("u", "答")
    assert len(vendor.messages) == 1
    with pytest.raises(PushFailed) as failed:
        await sender(Vendor(failures=50)).send("u", "答")
    assert "top-secret" not in str(failed.value)
    assert failed.value.__cause__ is None


async def test_only_the_vendors_host_is_called_back() -> None:
    vendor = Vendor()
    client = httpx.AsyncClient(transport=httpx.MockTransport(vendor.answer))
    late = ResponseUrl(client, ("api.example.com",))
    for url in (
        "https://evil.example/late",
        "http://api.example.com/late",
        "https://api.example.com@evil.example/late",
        "",
    ):
        await late.send(url, "答")
    assert vendor.late == []
    await late.send("https://api.example.com/late", "答")
    assert len(vendor.late) == 1
