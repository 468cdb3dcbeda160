"""A stock Firefox driven by WebDriver BiDi, because Playwright drives only a build of its own that must be fetched."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

from tests.patience import SECONDS, until

_ADDRESS = re.compile(r"WebDriver BiDi listening on (ws://\S+)\n")
EXECUTABLE = shutil.which("firefox-esr") or shutil.which("firefox")


class Firefox:
    """One window of it."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._calls = 0
        self.errors: list[str] = []
        self.call("session.new", capabilities={})
        self.call("session.subscribe", events=["log.entryAdded"])
        self.window = self.call("browsingContext.getTree")["contexts"][0]["context"]

    def call(self, method: str, **params: Any) -> Any:
        """A command's result; console errors that come meanwhile are kept in :attr:`errors`."""
        self._calls += 1
        self._socket.send(json.dumps({"id": self._calls, "method": method, "params": params}))
        while True:
            said = json.loads(self._socket.recv(timeout=2 * SECONDS))
            if said.get("method") == "log.entryAdded" and said["params"]["level"] == "error":
                self.errors.append(str(said["params"]["text"]))
            if said.get("id") == self._calls:
                assert said["type"] == "success", said
                return said["result"]

    def open(self, address: str) -> None:
        self.call("browsingContext.navigate", context=self.window, url=address, wait="complete")

    def frame(self, path: str) -> str:
        """The window of the first frame, once it has this page."""
        found: list[str] = []

        def there() -> bool:
            frames = self.call("browsingContext.getTree", root=self.window)["contexts"][0]["children"]
            found[:] = [str(frame["context"]) for frame in frames[:1] if frame["url"].endswith(path)]
            return bool(found)

        until(there, f"no frame with {path}")
        return found[0]

    def run(self, expression: str, window: str | None = None) -> Any:
        """A script's value; promises are awaited."""
        done = self.call(
            "script.evaluate", expression=expression, target={"context": window or self.window}, awaitPromise=True
        )
        assert done["type"] == "success", done
        return done["result"].get("value")

    def until(self, condition: str, window: str | None = None) -> None:
        """Wait for a condition of the page."""
        self.run(
            f"""new Promise((resolve, reject) => {{
              const late = setTimeout(() => reject(new Error("never: " + {json.dumps(condition)})), {SECONDS * 1000});
              const look = () => {{ if ({condition}) {{ clearTimeout(late); resolve(); }} else setTimeout(look, 30); }};
              look();
            }})""",
            window,
        )

    def press(self, keys: str, window: str | None = None) -> None:
        """Type these characters; `\\ue007` is Enter, `\\ue00c` Escape."""
        strokes = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        actions = [{"type": "key", "id": "keyboard", "actions": strokes}]
        self.call("input.performActions", context=window or self.window, actions=actions)


@contextmanager
def firefox() -> Iterator[Firefox]:
    """Firefox without a screen, and with nothing that looks for the network."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        prefs = {
            "app.normandy.enabled": "false",
            "browser.safebrowsing.malware.enabled": "false",
            "browser.safebrowsing.phishing.enabled": "false",
            "datareporting.policy.dataSubmissionEnabled": "false",
            "network.captive-portal-service.enabled": "false",
            "network.connectivity-service.enabled": "false",
            "services.settings.server": '"http://127.0.0.1:9"',
        }
        lines = "".join(f'user_pref("{name}", {value});\n' for name, value in prefs.items())
        (Path(profile) / "user.js").write_text(lines, "utf-8")
        command = [str(EXECUTABLE), "--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0"]
        said = Path(profile) / "said"  # in a file, for it goes on talking and nobody would empty a pipe
        with said.open("wb") as log:
            process = subprocess.Popen(command, stderr=log, stdout=subprocess.DEVNULL)

        def address() -> str | None:
            assert process.poll() is None, said.read_text("utf-8", "replace")
            match = _ADDRESS.search(said.read_text("utf-8", "replace"))
            return match[1] if match else None

        try:
            until(address, "firefox did not start")
            with connect(f"{address()}/session", max_size=None, open_timeout=SECONDS) as socket:
                yield Firefox(socket)
        finally:
            process.kill()
            process.wait()
