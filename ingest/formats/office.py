"""Word files of every age: the new ones by our own walk, the old ones through LibreOffice first.

LibreOffice runs as a job of its own: a fresh profile that forbids macros, links and the network, a limit of time, and
a check of what it wrote. It stays in the process group of whoever calls, so that ending a worker's group ends it too.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from ingest.formats.docx import parse_docx
from ingest.formats.html import parse_html
from ingest.formats.model import Limits, ParsedFile, Trouble

_CONVERTING = 0.75  # of the time of a file that LibreOffice may take; a document of 100 pages takes two seconds
MISSING = (
    "需要 LibreOffice 才能读取旧格式的 Word 文件（.doc、.wps、.rtf）："
    "apt-get install libreoffice-writer-nogui（有界面的系统可装 libreoffice-writer），或另存为 .docx 后再导入"
)
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Readers of LibreOffice, by name: left to choose, it takes a damaged file for plain text and gives rubbish.
_WORD = ("MS Word 97", "MS Word 95")
_WORKS = ("MS_Works",)
_RICH_TEXT = ("Rich Text Format",)
_SNIFFED = 4096  # bytes at the front by which text formats are told
_HTML = re.compile(rb"<(?:!doctype html|html|meta|head|body|table|p)\b", re.IGNORECASE)
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse">
<value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse">
<value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link" oor:op="fuse">
<value>2</value></prop></item>
<item oor:path="/org.openoffice.Inet/Settings"><prop oor:name="ooInetProxyType" oor:op="fuse">
<value>2</value></prop></item>
<item oor:path="/org.openoffice.Inet/Settings"><prop oor:name="ooInetHTTPProxyName" oor:op="fuse">
<value>127.0.0.1</value></prop></item>
<item oor:path="/org.openoffice.Inet/Settings"><prop oor:name="ooInetHTTPProxyPort" oor:op="fuse">
<value>9</value></prop></item>
</oor:items>
"""


class ConversionFailed(Exception):
    """LibreOffice gave nothing that can be read; the message is for the user."""


def parse_word(data: bytes, limits: Limits) -> ParsedFile:
    """Blocks of a Word file by what it holds, whatever its name ends with.

    Zip containers go to :func:`ingest.formats.docx.parse_docx`; binary Word and WPS files and RTF through LibreOffice
    to the same walk; a web page that was saved as .doc to the parser of pages. What none of them reads, a locked
    file, a missing LibreOffice and one that fails or takes too long are troubles.
    """
    if data.startswith(_ZIP):
        return parse_docx(data, limits)
    front = data[:_SNIFFED]
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            return _trouble("文件已加密，请取消密码后再导入")
        readers = _WORD if "WordDocument".encode("utf-16-le") in data else _WORKS
        return _converted(data, ".doc" if readers is _WORD else ".wps", readers, limits)
    if front.lstrip().startswith(b"{\\rtf"):
        return _converted(data, ".rtf", _RICH_TEXT, limits)
    if _HTML.search(front):
        return parse_html(data, limits)
    if b"mime-version:" in front.lower():
        return _trouble("内容是网页存档，不是 Word 文档；请把扩展名改为 .mht 后再导入")
    return _trouble("内容不是 Word 文档，可能已损坏，或用加密软件保护；请在原来的电脑上打开后另存为 .docx")


def office_program() -> str | None:
    """The LibreOffice of this machine."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def _converted(data: bytes, suffix: str, readers: Sequence[str], limits: Limits) -> ParsedFile:
    try:
        return parse_docx(convert(data, suffix, readers, limits.max_bytes, _CONVERTING * limits.office_seconds), limits)
    except ConversionFailed as error:
        return _trouble(str(error))


def _trouble(reason: str) -> ParsedFile:
    return ParsedFile((), troubles=(Trouble("", reason, lost=True),))


def convert(data: bytes, suffix: str, readers: Sequence[str], max_bytes: int, seconds: float = 90.0) -> bytes:
    """The file as .docx, written by LibreOffice. Raises :class:`ConversionFailed` with the reason.

    ``readers`` are filters of LibreOffice, tried in turn until one reads the file; ``max_bytes`` limits what it may
    write, ``seconds`` what all of them may take.
    """
    program = office_program()
    if program is None:
        raise ConversionFailed(MISSING)
    deadline = time.monotonic() + seconds
    with tempfile.TemporaryDirectory(prefix="ingest-office-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        profile = home / "profile" / "user"
        profile.mkdir(parents=True)
        (profile / "registrymodifications.xcu").write_text(_PROFILE, encoding="utf-8")
        source = home / f"in{suffix}"
        source.write_bytes(data)
        written = home / "out" / "in.docx"
        code = 0
        for reader in readers:
            command = [
                program,
                f"-env:UserInstallation={profile.parent.as_uri()}",
                *("--headless", "--norestore", "--nolockcheck", "--nodefault", "--nofirststartwizard"),
                f"--infilter={reader}",
                *("--convert-to", "docx:MS Word 2007 XML", "--outdir", str(written.parent), str(source)),
            ]
            code = _run(command, home, deadline - time.monotonic(), max_bytes)
            if written.is_file():
                break
        else:
            raise ConversionFailed(
                f"LibreOffice 无法读取：文件可能已损坏或已加密，请打开后另存为 .docx（返回码 {code}）"
            )
        size = written.stat().st_size
        if not 0 < size <= max_bytes:
            raise ConversionFailed(f"转换结果为空或过大：{size} 字节，上限 {max_bytes / 2**20:.0f} MiB")
        return written.read_bytes()


def _run(command: list[str], home: Path, seconds: float, max_bytes: int) -> int:
    """Run a program in a bare environment for at most so many seconds; nothing that it started is left behind."""
    environment = {
        "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
        "HOME": str(home),
        "TMPDIR": str(home),
        "LANG": "C.UTF-8",
        "SAL_USE_VCLPLUGIN": "svp",
    }
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(  # noqa: S603 - the program is LibreOffice, no part of the command comes from the file
        command, cwd=home, env=environment, stdin=quiet, stdout=quiet, stderr=quiet
    )
    try:
        _limit_files(process.pid, 4 * max_bytes)
        return process.wait(max(0.0, seconds))
    except subprocess.TimeoutExpired:
        raise ConversionFailed("LibreOffice 超时：没有在限定时间内转换完") from None
    finally:
        _end(process)


def _limit_files(pid: int, size: int) -> None:
    """Keep every file that the process writes below a size, in bytes, where the system can."""
    import resource

    if hasattr(resource, "prlimit"):
        with suppress(OSError, ValueError):
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, size))


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a program and all that it started: soffice is only the parent of the process that works."""
    if process.poll() is None:
        for pid in [*_descendants(process.pid), process.pid]:
            with suppress(OSError):
                os.kill(pid, signal.SIGKILL)
    process.wait()


def _descendants(pid: int) -> list[int]:
    """Processes that a process started, and those that these started; none where the system does not tell."""
    found: list[int] = []
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            for child in children.read_text().split():
                found += [*_descendants(int(child)), int(child)]
    return found
