"""Messages of robot and app, read into one value."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.faces.wecom.messages import BadMessage, Kind, Message, from_app, from_robot


def robot(msgtype: str, **content: Any) -> Message:
    return from_robot(
        {"msgid": "1", "chattype": "single", "from": {"userid": "u"}, "msgtype": msgtype, **content}, "小 助手"
    )


def group(words: str) -> Message:
    return robot("text", text={"content": words}, chattype="group", chatid="g")


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ("@小 助手 谁牵头？", "谁牵头？"),  # a name with a space
        ("谁牵头？@小 助手", "谁牵头？"),
        ("@别的名字 谁牵头？", "谁牵头？"),  # renamed in this group
        ("联系 a@example.com 的是谁", "联系 a@example.com 的是谁"),
    ],
)
def test_the_call_of_the_robot_is_not_part_of_the_question(words: str, asked: str) -> None:
    assert group(words).text == asked


def test_each_member_of_a_group_has_a_conversation_of_their_own() -> None:
    assert group("问").session == "g|u"
    assert robot("text", text={"content": "问"}).session == "u"


def test_what_can_be_asked_with() -> None:
    assert robot("voice", voice={"content": "谁配合"}).text == "谁配合"
    parts = [{"msgtype": "image", "image": {"url": "x"}}, {"msgtype": "text", "text": {"content": "谁配合"}}]
    assert robot("mixed", mixed={"msg_item": parts}).text == "谁配合"
    for kind in ("image", "file", "video", "something-new"):
        assert robot(kind).kind is Kind.MEDIA
    assert robot("mixed", mixed={"msg_item": parts[:1]}).kind is Kind.MEDIA


def test_the_quoted_message_stays_apart_from_the_question() -> None:
    quote = {"msgtype": "text", "text": {"content": "碳纤维联合体"}}
    message = robot("text", text={"content": "由谁配合？"}, quote=quote)
    assert (message.text, message.quoted) == ("由谁配合？", "碳纤维联合体")


def test_a_judgement() -> None:
    told = {"id": "f1", "type": 2, "content": "少了一家", "inaccurate_reason_list": [2, 9]}
    message = robot("event", event={"eventtype": "feedback_event", "feedback_event": told})
    assert (message.kind, message.feedback, message.useful) == (Kind.FEEDBACK, "f1", False)
    assert (message.reasons, message.text) == (("内容不完整",), "少了一家")
    taken_back = robot("event", event={"eventtype": "feedback_event", "feedback_event": {"id": "f1", "type": 3}})
    assert taken_back.useful is None


@pytest.mark.parametrize("body", [{}, {"msgtype": "text"}, {"from": {"userid": ""}, "msgtype": "text"}, {"from": 1}])
def test_a_robots_message_in_no_known_form(body: dict[str, Any]) -> None:
    with pytest.raises(BadMessage):
        from_robot(body)


def test_an_apps_messages() -> None:
    head = "<FromUserName>u</FromUserName><CreateTime>5</CreateTime>"
    text = from_app(f"<xml>{head}<MsgType>text</MsgType><Content>谁牵头</Content><MsgId>9</MsgId></xml>")
    assert (text.kind, text.id, text.text) == (Kind.QUESTION, "9", "谁牵头")
    entered = from_app(f"<xml>{head}<MsgType>event</MsgType><Event>enter_agent</Event></xml>")
    assert (entered.kind, entered.id) == (Kind.ENTERED, "u-5")
    assert from_app(f"<xml>{head}<MsgType>image</MsgType></xml>").kind is Kind.MEDIA


@pytest.mark.parametrize(
    "xml",
    [
        "",
        "<xml>",
        "<xml/>",
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><xml><FromUserName>&e;</FromUserName></xml>',
    ],
)
def test_an_apps_message_in_no_known_form(xml: str) -> None:
    with pytest.raises(BadMessage):
        from_app(xml)
