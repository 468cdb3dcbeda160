"""The product from ingest to an answer with every way out of the machine cut, in programs of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT

WATCH = """
import os, socket, sys

def watch(event, arguments):
    if event == "socket.connect":
        family, address = arguments[0].family, arguments[1]
        if family in (socket.AF_INET, socket.AF_INET6) and not str(address[0]).startswith(("127.", "::1")):
            tell(address)
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        if arguments[0] not in (None, "localhost", "127.0.0.1"):
            tell(arguments[0])

def tell(what):
    with open(os.environ["OUTSIDE"], "a") as file:
        file.write(f"{sys.argv} {what}\\n")

sys.addaudithook(watch)
"""

SERVED = """
import asyncio, httpx
from assistant.bootstrap import create_web_app, open_service
service = open_service()
async def main():
    transport = httpx.ASGITransport(create_web_app(service), client=("127.0.0.1", 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
        answer = (await client.post("/api/ask", json={"question": "城南骨干冷库由谁牵头？"})).json()
        assert "市商务局" in answer["answer"], answer
        for path in ("/", "/api/documents", "/api/ledger", "/api/suggestions", "/readyz"):
            assert (await client.get(path)).status_code == 200, path
asyncio.run(main())
service.close()
"""


def test_ingest_questions_and_pages_ask_nobody_outside(tmp_path: Path) -> None:
    """Every try to reach or to look up another machine is noted in every process; where the kernel lets us, there is
    no network at all.
    """
    (tmp_path / "watch").mkdir()
    (tmp_path / "watch" / "sitecustomize.py").write_text(WATCH)
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "cold.txt").write_text(
        "关于加快冷链物流建设的通知\n一、建设城南骨干冷库。由市商务局牵头，市财政局配合，2024年9月底前建成城南骨干冷库。\n",
        "utf-8",
    )
    noted = tmp_path / "outside.txt"
    environment = {
        **os.environ,
        "ASSISTANT_DATA_DIR": str(tmp_path / "data"),
        "OUTSIDE": str(noted),
        "PYTHONPATH": f"{tmp_path / 'watch'}{os.pathsep}{ROOT}",
    }
    cut: list[str] = []
    unshare = shutil.which("unshare")
    if unshare:
        alone = [unshare, "--net", "--map-root-user"]
        if subprocess.run([*alone, "true"], capture_output=True, check=False).returncode == 0:
            cut = alone
    for command in (
        ["-m", "ingest", "run", str(tmp_path / "corpus")],
        ["-m", "assistant", "ask", "城南骨干冷库由谁牵头？", "--json"],
        ["-c", SERVED],
    ):
        done = subprocess.run(
            [*cut, sys.executable, *command], env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=300
        )
        assert done.returncode == 0, (command, done.stdout[-2000:], done.stderr[-2000:])
    assert not noted.exists(), noted.read_text()


def test_the_watch_sees_who_goes_out(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(WATCH)
    noted = tmp_path / "outside.txt"
    environment = {**os.environ, "OUTSIDE": str(noted), "PYTHONPATH": str(tmp_path)}
    code = "import sys; sys.audit('socket.getaddrinfo', 'elsewhere.example', 1, 0, 0, 0)"
    subprocess.run([sys.executable, "-c", code], env=environment, check=True, timeout=300)
    assert "elsewhere.example" in noted.read_text()
