"""The vendor's side of the callbacks, played by another implementation of its cryptography."""

from __future__ import annotations

import json
import re
import secrets
import time
from dataclasses import dataclass
from typing import Any

import httpx
from wx_crypt import WXBizMsgCrypt, WxChannel_Wecom, WxChannel_WecomAiBot

from tests.patience import SECONDS

TOKEN = "hJqcu3uJ9Tn2gXPmxx2w9kkCkCE2EPYo"
AES_KEY = "6qkdMrq68nTKduznJYO1A37W2oEgpkMUvkttRToqhUt"
CORP = "ww1436e0e65a779aee"


ECHO = "1288432023552776189"  # what WeCom seals for the check of an address


def _saved(client: httpx.Client, path: str, crypt: Any) -> httpx.Response:
    nonce, timestamp = secrets.token_hex(5), str(int(time.time()))
    code, sealed = crypt.EncryptMsg(ECHO.encode(), nonce, timestamp)
    assert code == 0
    if sealed.startswith("<"):
        fields = dict(re.findall(r"<(Encrypt|MsgSignature)><!\[CDATA\[(.*?)\]\]>", sealed))
        echo, signature = fields["Encrypt"], fields["MsgSignature"]
    else:
        echo, signature = json.loads(sealed)["encrypt"], json.loads(sealed)["msgsignature"]
    query = {"msg_signature": signature, "timestamp": timestamp, "nonce": nonce, "echostr": echo}
    return client.get(path, params=query)


@dataclass
class Robot:
    """WeCom as a robot's callback sees it: sends messages, asks for streams, opens what comes back."""

    client: httpx.Client
    user: str = "zhang"
    chat: str = ""
    sent: int = 0

    def __post_init__(self) -> None:
        self._crypt = WXBizMsgCrypt(TOKEN, AES_KEY, "", WxChannel_WecomAiBot)

    def verify(self) -> httpx.Response:
        """What WeCom does when the address is saved: the answer has to be what it sealed."""
        return _saved(self.client, "/wecom/aibot", self._crypt)

    def post(self, body: dict[str, Any], *, at: float | None = None) -> httpx.Response:
        nonce, timestamp = secrets.token_hex(5), str(int(time.time() if at is None else at))
        code, sealed = self._crypt.EncryptMsg(json.dumps(body, ensure_ascii=False).encode(), nonce, timestamp)
        assert code == 0
        fields = json.loads(sealed)
        query = {"msg_signature": fields["msgsignature"], "timestamp": timestamp, "nonce": nonce}
        self.query, self.sealed = query, {"encrypt": fields["encrypt"]}
        return self.client.post("/wecom/aibot", params=query, json=self.sealed)

    def opened(self, response: httpx.Response) -> dict[str, Any] | None:
        """The reply in the envelope; None for an empty one."""
        assert response.status_code == 200, response.text
        if not response.content:
            return None
        fields = response.json()
        code, text = self._crypt.DecryptMsg(
            response.content, fields["msgsignature"], str(fields["timestamp"]), fields["nonce"]
        )
        assert code == 0
        found: dict[str, Any] = json.loads(text)
        return found

    def message(self, msgtype: str, **content: Any) -> dict[str, Any]:
        self.sent += 1
        chat = {"chatid": self.chat, "chattype": "group"} if self.chat else {"chattype": "single"}
        head = {"msgid": f"{self.user}{self.chat}{self.sent}", "aibotid": "b", "from": {"userid": self.user}}
        return {**head, **chat, "msgtype": msgtype, "response_url": "https://api.example.com/late", **content}

    def text(self, words: str, **more: Any) -> dict[str, Any]:
        reply = self.opened(self.post(self.message("text", text={"content": words}, **more)))
        assert reply is not None
        return reply

    def poll(self, stream: str) -> dict[str, Any]:
        reply = self.opened(self.post(self.message("stream", stream={"id": stream})))
        assert reply is not None
        found: dict[str, Any] = reply["stream"]
        return found

    def ask(self, words: str, **more: Any) -> str:
        """Send a question and poll until it is answered; the last text."""
        reply = self.text(words, **more)["stream"]
        end = time.monotonic() + SECONDS
        while not reply["finish"]:
            assert time.monotonic() < end, "the stream never ends"
            time.sleep(0.01)
            reply = self.poll(reply["id"])
        content: str = reply["content"]
        return content


@dataclass
class App:
    """WeCom as a self-built app's callback sees it."""

    client: httpx.Client
    user: str = "li"

    def __post_init__(self) -> None:
        self._crypt = WXBizMsgCrypt(TOKEN, AES_KEY, CORP, WxChannel_Wecom)

    def verify(self) -> httpx.Response:
        """As :meth:`Robot.verify`."""
        return _saved(self.client, "/wecom/app", self._crypt)

    def post(self, xml: str) -> httpx.Response:
        nonce, timestamp = secrets.token_hex(5), str(int(time.time()))
        code, sealed = self._crypt.EncryptMsg(xml.encode(), nonce, timestamp)
        assert code == 0
        signature = sealed.split("<MsgSignature><![CDATA[")[1].split("]]>")[0]
        query = {"msg_signature": signature, "timestamp": timestamp, "nonce": nonce}
        return self.client.post("/wecom/app", params=query, content=sealed.encode())

    def text(self, words: str, identity: str = "1") -> httpx.Response:
        return self.post(
            f"<xml><ToUserName>{CORP}</ToUserName><FromUserName>{self.user}</FromUserName><CreateTime>1</CreateTime>"
            f"<MsgType>text</MsgType><Content><![CDATA[{words}]]></Content><MsgId>{identity}</MsgId>"
            "<AgentID>7</AgentID></xml>"
        )
