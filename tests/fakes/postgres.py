"""A real PostgreSQL server for tests, on a socket in a folder of its own; as somebody else where they run as root."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

PORT = 54329  # names the socket; nothing listens on the network


def programs() -> Path | None:
    """The folder of ``initdb`` and ``postgres``; None where PostgreSQL is not installed."""
    for folder in [*Path("/usr/lib/postgresql").glob("*/bin"), *os.get_exec_path()]:
        if (Path(folder) / "initdb").exists() and (Path(folder) / "postgres").exists():
            return Path(folder)
    return None


@dataclass
class Cluster:
    """A server under way."""

    folder: Path
    bin: Path
    as_user: dict[str, Any]
    _numbers: Iterator[int] = field(default_factory=count)

    def url(self, database: str) -> str:
        return f"postgresql://tester@/{database}?host={self.folder}&port={PORT}"

    def fresh(self) -> str:
        """The address of a place of its own: a new schema, which costs less than a database."""
        import psycopg

        name = f"t{next(self._numbers)}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE SCHEMA {name}".encode())
        return self.url("postgres") + f"&options=-csearch_path%3D{name}"

    def start(self) -> None:
        options = f"-c listen_addresses= -k {self.folder} -p {PORT} -c fsync=off -c max_connections=200"
        self._run(
            "pg_ctl", "-D", f"{self.folder}/data", "-w", "-t", "240", "-l", f"{self.folder}/log", "-o", options, "start"
        )

    def stop(self) -> None:
        self._run("pg_ctl", "-D", f"{self.folder}/data", "-w", "-m", "immediate", "stop")

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [str(self.bin / program), *arguments],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=self.folder,
            timeout=300,
            **self.as_user,
        )


@contextmanager
def cluster(binaries: Path) -> Iterator[Cluster]:
    """A server that is gone, with its data, when the block ends."""
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))  # short: the path of a socket may have 107 bytes
    as_user: dict[str, Any] = {}
    if os.geteuid() == 0:  # the server refuses to run as root
        names = {entry.pw_name for entry in pwd.getpwall()}
        account = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
        os.chown(folder, account.pw_uid, account.pw_gid)
        as_user = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    folder.chmod(0o755)
    made = Cluster(folder, binaries, as_user)
    try:
        made._run("initdb", "-D", f"{folder}/data", "-U", "tester", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
        made.start()
        try:
            yield made
        finally:
            made.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
