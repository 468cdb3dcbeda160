from __future__ import annotations

import http.server
import io
import re
import subprocess
import threading
import zipfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from parsing import parsed, paths, with_problems
from word_files import OFFICIAL, deleted, docx, inserted, numbering, p, table, tc

from ingest.fingerprint import fingerprint
from ingest.formats import office
from ingest.formats.model import Limits
from ingest.formats.office import ConversionFailed, convert, parse_word
from tests.patience import until

WORD = ("MS Word 97",)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
NOTICE = docx(
    p("某市教育局关于建设基地的通知", centred=True),
    p("各单位："),
    p("现通知如下。"),
    p("工作目标", num=(1, 0)),
    p("办好甲事，", inserted("年底前"), deleted("尽快"), "完成。", num=(1, 1)),
    p("办好乙事。", num=(1, 1)),
    p("任务分工", num=(1, 0)),
    p("见下表。", num=(1, 1)),
    table(
        ("序号", "任务", "牵头单位"),
        ("1", "建基地", tc("市科技局", merge="restart")),
        ("2", "开培训班", tc(merge="continue")),
    ),
    p("某市教育局"),
    p("2024年1月2日"),
    numbering=numbering(OFFICIAL),
)


@pytest.fixture(scope="session")
def soffice() -> str:
    program = office.office_program()
    if program is None:
        pytest.skip("LibreOffice is not installed (apt-get install libreoffice-writer-nogui)")
    return program


@pytest.fixture(scope="session")
def old_word(soffice: str, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The notice as a binary .doc; what WPS Writer saves as .wps is the same format."""
    folder = tmp_path_factory.mktemp("old")
    (folder / "a.docx").write_bytes(NOTICE)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [soffice, profile, "--headless", "--convert-to", "doc:MS Word 97", "--outdir", str(folder)]
    subprocess.run([*command, str(folder / "a.docx")], check=True, capture_output=True, timeout=60)
    return (folder / "a.doc").read_bytes()


def test_old_files_give_the_tree_of_the_new_one_also_two_at_a_time(old_word: bytes) -> None:
    assert old_word.startswith(OLE)
    new = parsed(NOTICE, "a.docx")
    with ThreadPoolExecutor(2) as pool:
        for old in pool.map(lambda name: parsed(old_word, name), ("a.doc", "a.wps")):
            assert old.text == new.text
            assert paths(old) == paths(new)
    assert "一（一）" in paths(new)
    assert "（一）办好甲事，年底前完成。" in new.text
    assert "序号：2；任务：开培训班；牵头单位：市科技局" in new.text


class _Hits(http.server.BaseHTTPRequestHandler):
    seen: list[str]

    def do_GET(self) -> None:
        self.seen.append(self.path)
        self.send_error(404)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[tuple[int, list[str]]]:
    seen: list[str] = []
    handler = type("Hits", (_Hits,), {"seen": seen, "do_HEAD": _Hits.do_GET, "do_OPTIONS": _Hits.do_GET})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as listening:
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        yield listening.server_port, seen
        listening.shutdown()


def test_what_a_file_links_to_is_not_fetched(soffice: str, server: tuple[int, list[str]], tmp_path: Path) -> None:
    port, seen = server
    (tmp_path / "other.rtf").write_text(r"{\rtf1 SECRETS}")
    fields = "".join(
        rf"{{\field{{\*\fldinst {code}}}{{\fldrslt old}}}}"
        for code in (
            f'INCLUDEPICTURE "http://127.0.0.1:{port}/x.png" \\\\d',
            f'INCLUDETEXT "http://127.0.0.1:{port}/x.txt"',
            f'INCLUDETEXT "{(tmp_path / "other.rtf").as_uri()}"',
        )
    )
    found = parse_word(rf"{{\rtf1\ansi A {fields} B\par}}".encode(), Limits())
    text = " ".join(b.text for b in found.blocks)
    assert text.startswith("A old")
    assert "SECRETS" not in text
    assert seen == []


def test_files_are_read_again_once_libreoffice_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    found = []
    for there in (None, "/usr/bin/soffice"):
        monkeypatch.setattr("shutil.which", lambda name, there=there: there)
        found.append(fingerprint())
    assert found[0] != found[1]


def test_without_libreoffice_the_problem_names_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda name: None)
    found = parse_word(OLE + bytes(600), Limits())
    assert found.blocks == ()
    assert "apt-get install libreoffice-writer-nogui" in found.troubles[0].reason
    assert found.troubles[0].lost


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "不是 Word 文档"),
        (b"\x00\x01rubbish", "不是 Word 文档"),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related", "网页存档"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "加密"),
    ],
    ids="empty rubbish mht locked".split(),
)
def test_what_is_no_word_file_is_refused(data: bytes, reason: str) -> None:
    found = parse_word(data, Limits())
    assert found.blocks == ()
    assert reason in found.troubles[0].reason


def test_the_content_decides_not_the_name() -> None:
    assert parsed(NOTICE, "a.doc").text == parsed(NOTICE, "a.docx").text
    page = "<html><body><p>关于某事的通知</p><p>各单位：</p><p>请执行。</p></body></html>"
    assert "请执行。" in parsed(page, "a.doc").text


def _program(folder: Path, script: str) -> str:
    """A stand-in for LibreOffice; $out is where it should write."""
    path = folder / "soffice"
    path.write_text(f'#!/bin/sh\nwhile [ "$1" != --outdir ]; do shift; done\nout=$2; mkdir -p "$out"\n{script}\n')
    path.chmod(0o755)
    return str(path)


def _runs(pid: int) -> bool:
    """Whether a process is there and no zombie."""
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and status.read_text().rsplit(")", 1)[1].split()[0] != "Z"


def test_a_job_that_takes_too_long_is_ended_with_all_that_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pid = tmp_path / "pid"
    program = _program(tmp_path, f'sleep 600 & echo $! > "{pid}"; wait')
    monkeypatch.setattr(office, "office_program", lambda: program)
    with pytest.raises(ConversionFailed, match="超时"):
        convert(b"x", ".doc", WORD, 2**20, seconds=2)
    until(lambda: not _runs(int(pid.read_text())))


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("exit 3", "返回码 3"),
        (': > "$out/in.docx"', "为空或过大"),
        ('head -c 3000 /dev/zero > "$out/in.docx"', "为空或过大"),
        ('head -c 100000000 /dev/zero > "$out/in.docx"', "为空或过大"),
    ],
    ids="nothing empty large huge".split(),
)
def test_what_was_written_is_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, reason: str) -> None:
    program = _program(tmp_path, script)
    monkeypatch.setattr(office, "office_program", lambda: program)
    with pytest.raises(ConversionFailed, match=reason):
        convert(b"x", ".doc", WORD, 2000)


def test_rubbish_is_a_problem_and_no_text(soffice: str) -> None:
    found = parse_word(OLE + "WordDocument".encode("utf-16-le") + bytes(range(256)) * 40, Limits())
    assert found.blocks == ()
    assert found.troubles[0].lost
    assert "无法读取" in found.troubles[0].reason


def _written(data: bytes) -> Counter[str]:
    """Characters of all w:t of the body, as an independent reading of the file."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        xml = archive.read("word/document.xml").decode()
    text = "".join(re.findall(r"<w:t(?: [^>]*)?>([^<]*)</w:t>", xml))
    return Counter("".join(text.split()))


def test_every_character_of_the_real_files_is_in_a_clause(shared_corpus: Path) -> None:
    files = sorted((shared_corpus / "formats" / "word").glob("*.docx"))
    assert files
    for path in files:
        data = path.read_bytes()
        document, problems = with_problems(data, path.name)
        inside = Counter("".join("".join(c.span.of(document.text).split()) for c in document.clauses))
        assert _written(data) - inside == Counter(), path.name
        assert not [p for p in problems if p.lost]


def test_a_real_old_file_loses_nothing(soffice: str, shared_corpus: Path) -> None:
    (path,) = (shared_corpus / "formats" / "word").glob("*.doc")
    written = convert(path.read_bytes(), ".doc", WORD, 2**20)
    document, problems = with_problems(written, "a.docx")
    assert _written(written) == Counter("".join(document.text.split()))
    assert problems == ()
