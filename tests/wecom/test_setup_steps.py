"""docs/wecom.md followed by somebody who sets WeCom up: its commands are run as they stand, and WeCom is played.

Only what the page leaves open is filled in: what the console of WeCom gave (``…``) and where this machine has things.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
import trustme
from websockets.asyncio.server import serve as serve_socket

from tests.conftest import ROOT
from tests.fakes.ports import free_port
from tests.patience import SECONDS, until
from tests.wecom.peer import AES_KEY, CORP, ECHO, TOKEN, App, Robot
from tests.wecom.test_connection import Vendor, asked

CONSOLE = {
    "ROBOT_ID": "aib-1",
    "ROBOT_SECRET": "secret",
    "ROBOT_TOKEN": TOKEN,
    "ROBOT_AES_KEY": AES_KEY,
    "CORP_ID": CORP,
    "APP_SECRET": "secret",
    "APP_TOKEN": TOKEN,
    "APP_AES_KEY": AES_KEY,
}
NOTICE = "关于修建北渠的通知\n一、由市水务局牵头修建北渠，2031年6月底前完成。\n"
QUESTION = "北渠由谁牵头？"


def step(heading: str) -> list[str]:
    """The commands under a heading of the page, with what the console gave filled in."""
    page = (ROOT / "docs" / "wecom.md").read_text(encoding="utf-8")
    section = page.split(f"## {heading}")[1].split("\n## ")[0]
    [block] = re.findall(r"(?s)```sh\n(.*?)```", section)
    filled = re.sub(r"ASSISTANT_WECOM_(\w+)=…", lambda m: f"ASSISTANT_WECOM_{m[1]}={CONSOLE[m[1]]}", block)
    assert "…" not in filled
    filled = filled.replace(".venv/bin/assistant", f"{sys.executable} -m assistant")
    return [line.strip() for line in filled.splitlines() if line.strip()]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment whose library holds one notice."""
    folder = tmp_path_factory.mktemp("wecom")
    (folder / "notice.txt").write_text(NOTICE, encoding="utf-8")
    known = {name: value for name, value in os.environ.items() if not name.startswith("ASSISTANT_")}
    here = {"ASSISTANT_DATA_DIR": str(folder / "data"), "ASSISTANT_EMBEDDINGS_ENGINE": "none", "PYTHONPATH": str(ROOT)}
    environment = known | here
    ran = subprocess.run(
        [sys.executable, "-m", "ingest", "run", str(folder / "notice.txt")], env=environment, capture_output=True
    )
    assert ran.returncode == 0, ran.stderr.decode()
    return environment


class _Interface(BaseHTTPRequestHandler):
    """WeCom's interface for messages that are sent."""

    def do_GET(self) -> None:
        self._say({"errcode": 0, "access_token": "t", "expires_in": 7200})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.taken.append(json.loads(body))  # type: ignore[attr-defined]
        self._say({"errcode": 0})

    def _say(self, told: dict[str, Any]) -> None:
        body = json.dumps(told).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Nothing."""


@pytest.fixture(scope="module")
def interface() -> Iterator[Any]:
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), _Interface)
    server.daemon_threads, server.taken = True, []
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    thread.join(5)
    server.server_close()


def hears_ctrl_c() -> None:
    """As in a terminal: a shell starts what runs in the background, such as these tests, deaf to it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@contextmanager
def following(heading: str, environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """Run the commands of a step; its last one goes on while the step is looked at, and is stopped by Ctrl-C."""
    lines = step(heading)
    assert "wecom check" in lines[-2]
    script = "\n".join([*lines[:-1], f"exec {lines[-1]}"])
    running = subprocess.Popen(
        ["bash", "-ec", script],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        cwd=ROOT,
        preexec_fn=hears_ctrl_c,
    )
    try:
        yield running
    finally:
        running.send_signal(signal.SIGINT)
        try:
            told = running.communicate(timeout=SECONDS)[0]
        except subprocess.TimeoutExpired:
            running.kill()
            raise
        assert "Traceback" not in told, told


@contextmanager
def opened(running: subprocess.Popen[str], port: int) -> Iterator[httpx.Client]:
    """The service, as soon as it answers."""
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=SECONDS) as client:
        end = time.monotonic() + SECONDS
        while True:
            assert running.poll() is None and time.monotonic() < end, running.stdout and running.stdout.read()
            try:
                client.get("/healthz")
                break
            except httpx.TransportError:
                time.sleep(0.1)
        yield client


@contextmanager
def set_up(heading: str, library: dict[str, str], interface: Any) -> Iterator[httpx.Client]:
    """The service as a step leaves it, on a free port and with WeCom's interface played by ``interface``."""
    port = free_port()
    url = f"http://127.0.0.1:{interface.server_address[1]}"
    environment = library | {"ASSISTANT_PORT": str(port), "ASSISTANT_WECOM_API_URL": url}
    with following(heading, environment) as running, opened(running, port) as client:
        yield client


def test_the_robots_callback_step_by_step(library: dict[str, str], interface: Any) -> None:
    with set_up("二、智能机器人·回调", library, interface) as client:
        robot = Robot(client)
        saved = robot.verify()
        assert (saved.status_code, saved.text) == (200, ECHO)
        answer = robot.ask(QUESTION)
        assert "市水务局" in answer and "来源：\n[1] 《关于修建北渠的通知》" in answer


def test_the_app_step_by_step(library: dict[str, str], interface: Any) -> None:
    with set_up("三、自建应用", library, interface) as client:
        app = App(client)
        saved = app.verify()
        assert (saved.status_code, saved.text) == (200, ECHO)
        assert app.text(QUESTION).content == b""
        until(lambda: interface.taken, "nothing was sent")
    [sent] = interface.taken
    assert (sent["touser"], sent["agentid"]) == ("li", 1000002)
    assert "市水务局" in sent["markdown"]["content"]


async def test_the_long_connection_step_by_step(library: dict[str, str], interface: Any, tmp_path: Path) -> None:
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    # The vendor's client trusts what certifi holds, and nothing else.
    (tmp_path / "sitecustomize.py").write_text(
        f"import certifi\ncertifi.where = lambda: {str(tmp_path / 'ca.pem')!r}\n"
    )
    played = Vendor(frames=[asked(QUESTION)])
    async with serve_socket(played.talk, "127.0.0.1", 0, ssl=context) as server:
        environment = library | {
            "ASSISTANT_WECOM_SOCKET_URL": f"wss://127.0.0.1:{server.sockets[0].getsockname()[1]}",
            "ASSISTANT_WECOM_API_URL": f"http://127.0.0.1:{interface.server_address[1]}",
            "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}",
        }
        with following("一、智能机器人·长连接", environment) as running:
            async with asyncio.timeout(SECONDS):
                while not (played.sent and played.sent[-1]["body"]["stream"]["finish"]):
                    assert running.poll() is None, running.stdout and running.stdout.read()
                    await asyncio.sleep(0.05)
    shown = played.contents()
    assert shown[0] == "正在查询…"
    assert "市水务局" in shown[-1] and "https://ask.example.gov.cn/documents/" in shown[-1]


def test_the_check_that_every_step_runs_tells_what_is_wrong(library: dict[str, str]) -> None:
    exported = [line for line in step("二、智能机器人·回调") if line.startswith("export")]
    broken = "\n".join([*exported, "export ASSISTANT_WECOM_ROBOT_AES_KEY=too-short"])
    ran = subprocess.run(
        ["bash", "-ec", f"{broken}\n{sys.executable} -m assistant wecom check --offline"],
        env=library,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert ran.returncode == 1
    assert "错 机器人回调" in ran.stdout
