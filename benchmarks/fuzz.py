"""Damaged files against each parser: no crash, no hang, no place in a text that is not exact.

    python -m benchmarks.fuzz [--seconds 600] [--seed 1] [SUFFIX …]

Takes the files that the tests generate, one or two for each format, and damages them: bytes are flipped, cut out,
doubled and replaced by telling numbers, pieces of other files are put in, inside the zip formats the XML is changed by
tags and attributes before it is packed again, and binary Word files are changed in their places. Every case goes
through the worker processes of the product, with 5 seconds and 1 GiB for each; those that start LibreOffice (.doc,
.wps, .rtf) have the seconds of the settings. A case that ends a worker, takes too long, or gives a document whose
places are not exact is a finding: its bytes are kept in ``benchmarks/results/fuzz`` and the exit code is 1. Any other
refusal is as it should be. The same seed gives the same cases, in the same order.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import re
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from assistant.domain.policy import Problem
from ingest.formats.model import Limits
from ingest.formats.office import office_program
from ingest.load import SourceFile
from ingest.parsed import Parsed, Reading
from ingest.pool import Pool

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / "benchmarks" / "results" / "fuzz"
LIMITS = Limits(max_seconds=5.0, max_memory=2**30)
_MEMBERS = re.compile(rb"<[^<>]{1,400}>")
_NUMBERS = re.compile(rb"\d{1,9}")
_TELLING = (
    b"0",
    b"-1",
    b"1",
    b"255",
    b"65536",
    b"2147483647",
    b"4294967296",
    b"99999999999999999999",
    b"1e308",
    b"NaN",
)
#: Reasons of the pool, and of the check of places, that no damaged file may bring about.
_FINDINGS = ("解析进程异常退出", "解析超过", "解析所需内存", "多次解析失败", "内部错误", "LibreOffice 超时")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLD_WORD = {".doc", ".wps", ".rtf"}
_SECTOR = 512  # bytes


@dataclass(slots=True)
class Tally:
    """What became of the cases of one format."""

    cases: int = 0
    taken: int = 0
    longest: float = 0.0
    refusals: Counter[str] = field(default_factory=Counter)
    findings: list[str] = field(default_factory=list)


def seeds(wanted: Collection[str] = ()) -> dict[str, list[bytes]]:
    """Whole files by suffix, made by the builders of the tests; LibreOffice is started where its formats are wanted."""
    sys.path.insert(0, str(ROOT / "tests" / "ingest"))
    import same_document as same
    import sheet_files
    import word_files as word

    found = {suffix: [make()] for suffix, make in same.FORMATS.items()}
    rows = [same.HEADER, *same.ROWS]
    text = same.as_txt().decode("gb18030")
    found[".docx"].append(
        word.docx(
            word.p("关于某事的通知", word.note_mark(1)),
            word.p(word.text_box(word.p("框中的字。")), word.complex_field("PAGE", "1")),
            word.table(
                word.tr(word.tc("甲", columns=2, merge="restart"), "乙"),
                word.tr(word.tc(columns=2, merge="continue"), "丙"),
            ),
            headers={"default": word.p("页眉")},
            footnotes=[word.p("注。")],
            numbering=word.numbering(word.OFFICIAL),
            styles=word.styles(word.style("甲", based_on="乙")),
        )
    )
    found[".xlsx"] = [same.as_xlsx(), sheet_files.xlsx([["任务分工表", None], *rows], merges=["A1:B1"])]
    found[".xls"] = [sheet_files.xls(rows, merges=[(1, 2, 2, 2)])]
    found[".csv"] = ["\n".join(",".join(row) for row in rows).encode("gb18030")]
    found[".eml"] = [
        b"From: a@b\nSubject: =?utf-8?b?6YCa55+l?=\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n"
        b"--x\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
        + text.encode()
        + b"\n--x\n"
        b'Content-Type: text/html\nContent-Disposition: attachment; filename="a.html"\n\n'
        + same.as_html()
        + b"\n--x--\n"
    ]
    found[".zip"] = [
        word.zipped({"甲.txt": same.as_txt(), "乙.docx": found[".docx"][0], "丙.zip": word.zipped({"丁.md": b"# x"})})
    ]
    old = old_word(found[".docx"]) if not wanted or _OLD_WORD & set(wanted) else {}
    return found | pictures() | old


def old_word(files: list[bytes]) -> dict[str, list[bytes]]:
    """The Word files as LibreOffice writes them in older formats; none without it. WPS Writer saves as .doc."""
    program = office_program()
    if program is None:
        return {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number, data in enumerate(files):
            (folder / f"{number}.docx").write_bytes(data)
        sources = [str(folder / f"{number}.docx") for number in range(len(files))]
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        for target in ("doc:MS Word 97", "rtf:Rich Text Format"):
            command = [program, profile, "--headless", "--convert-to", target, "--outdir", name, *sources]
            subprocess.run(command, check=True, capture_output=True, timeout=120)
        old, rich = ([path.read_bytes() for path in sorted(folder.glob(f"*.{kind}"))] for kind in ("doc", "rtf"))
    return {".doc": old, ".wps": old, ".rtf": rich}


def pictures() -> dict[str, list[bytes]]:
    """Small pictures with print, a line and a red mark, in what scanners write; a .tif has two frames."""
    from PIL import Image, ImageDraw, ImageFont

    frames = []
    for number in (1, 2):
        frame = Image.new("RGB", (360, 96), "white")
        draw = ImageDraw.Draw(frame)
        draw.text((20, 16), f"No. {number} of 2024-05-06", fill="black", font=ImageFont.load_default(28))
        draw.line((10, 64, 350, 64), fill="black", width=2)
        draw.ellipse((280, 30, 340, 90), outline=(215, 25, 25), width=4)
        frames.append(frame)

    def saved(image: Image.Image, **options: Any) -> bytes:
        file = io.BytesIO()
        image.save(file, **options)
        return file.getvalue()

    first, second = frames
    return {
        ".png": [
            saved(first, format="PNG"),
            saved(first.convert("P"), format="PNG"),
            saved(first.convert("1"), format="PNG"),
        ],
        ".jpg": [saved(first, format="JPEG"), saved(first.convert("L"), format="JPEG", progressive=True)],
        ".tif": [
            saved(first, format="TIFF", compression=packing, save_all=True, append_images=[second])
            for packing in ("raw", "tiff_lzw", "jpeg")
        ]
        + [saved(first.convert("1"), format="TIFF", compression="group4")],
    }


def damaged(data: bytes, random: Random, others: list[bytes]) -> bytes:
    """A file with one to eight damages, inside its zip where it is one."""
    if data.startswith(b"PK") and random.random() < 0.8:
        return _repacked(data, random)
    if data.startswith(_OLE) and random.random() < 0.8:
        return _overwritten(data, random)
    for _ in range(random.choice((1, 1, 2, 4, 8))):
        data = random.choice(_BYTES)(data, random, others)
    return data


def _repacked(data: bytes, random: Random) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    names = sorted(members)
    for _ in range(random.choice((1, 1, 2, 4))):
        name = random.choice(names)
        kind = random.random()
        if kind < 0.05:
            members.pop(name, None)
        elif kind < 0.1:
            members[name] = members[random.choice([n for n in names if n in members] or [name])] if members else b""
        elif name in members:
            members[name] = random.choice(_MARKUP)(members[name], random, list(members.values()))
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def _overwritten(data: bytes, random: Random) -> bytes:
    """Changes that move nothing, for a file of sectors is rubbish where these are: a number, noise, another sector."""
    changed = bytearray(data)
    for _ in range(random.choice((1, 1, 2, 4, 8, 40))):
        at = random.randrange(len(data))
        piece = random.choice(
            (
                random.randbytes(random.randint(1, 4)),
                random.choice((0, 1, 0x7FFFFFFF, 0xFFFFFFFE, 0xFFFFFFFF)).to_bytes(4, "little"),
                bytes(random.randint(4, 64)),
                data[(from_ := random.randrange(len(data)) // _SECTOR * _SECTOR) : from_ + _SECTOR],
            )
        )
        at = at // _SECTOR * _SECTOR if len(piece) == _SECTOR else at
        changed[at : at + len(piece)] = piece
    return bytes(changed[: len(data)])


def _place(data: bytes, random: Random, longest: int = 64) -> slice:
    start = random.randrange(len(data) + 1)
    return slice(start, min(len(data), start + random.randint(1, longest)))


def _flip(data: bytes, random: Random, _: list[bytes]) -> bytes:
    if not data:
        return data
    at = random.randrange(len(data))
    return data[:at] + bytes([data[at] ^ (1 << random.randrange(8))]) + data[at + 1 :]


def _cut(data: bytes, random: Random, _: list[bytes]) -> bytes:
    at = _place(data, random, 400)
    return data[: at.start] + data[at.stop :]


def _double(data: bytes, random: Random, _: list[bytes]) -> bytes:
    at = _place(data, random, 200)
    return data[: at.stop] + data[at] * random.choice((1, 2, 40, 1000)) + data[at.stop :]


def _noise(data: bytes, random: Random, _: list[bytes]) -> bytes:
    at = _place(data, random, 16)
    return data[: at.start] + random.randbytes(at.stop - at.start) + data[at.stop :]


def _number(data: bytes, random: Random, _: list[bytes]) -> bytes:
    found = list(_NUMBERS.finditer(data))
    if not found:
        return data
    match = random.choice(found)
    return data[: match.start()] + random.choice(_TELLING) + data[match.end() :]


def _splice(data: bytes, random: Random, others: list[bytes]) -> bytes:
    other = random.choice(others)
    at, piece = _place(data, random), other[_place(other, random, 2000)]
    return data[: at.start] + piece + data[at.stop :]


def _truncate(data: bytes, random: Random, _: list[bytes]) -> bytes:
    return data[: random.randrange(len(data) + 1)]


def _tags(data: bytes, random: Random, _: list[bytes]) -> bytes:
    """A tag taken out, doubled, put elsewhere, or nested many times."""
    found = list(_MEMBERS.finditer(data))
    if not found:
        return data
    one, two = random.choice(found), random.choice(found)
    match random.randrange(4):
        case 0:
            return data[: one.start()] + data[one.end() :]
        case 1:
            return data[: one.start()] + two.group() + data[one.end() :]
        case 2:
            return data[: one.start()] + one.group() * random.choice((2, 300)) + data[one.end() :]
        case _:
            first, last = sorted((one.start(), two.end()))
            return data[:last] + data[first:last] * random.choice((1, 20)) + data[last:]


Change = Callable[[bytes, Random, list[bytes]], bytes]
_BYTES: tuple[Change, ...] = (_flip, _cut, _double, _noise, _number, _splice, _truncate, _tags)
_MARKUP: tuple[Change, ...] = (_tags, _tags, _number, _number, _flip, _cut, _double, _noise, _splice)


def fuzz(suffix: str, files: list[bytes], others: list[bytes], seconds: float, seed: int) -> Tally:
    """Damage ``files`` for so many seconds and tell what the parser made of them."""
    tally = Tally()
    until = time.monotonic() + seconds

    def cases() -> Iterator[Reading]:
        number = 0
        while time.monotonic() < until:
            random = Random(f"{seed}/{suffix}/{number}")
            data = damaged(random.choice(files), random, others)
            name = f"{number}{suffix}"
            digest = hashlib.sha256(data).hexdigest()
            yield Reading(SourceFile(KEPT / name, name, len(data), 0), name, data, digest)
            number += 1

    last = time.monotonic()
    for reading, documents in Pool(1, LIMITS)(cases()):
        now = time.monotonic()
        tally.longest, last = max(tally.longest, now - last), now
        _count(tally, suffix, seed, reading, documents)
    return tally


def _count(tally: Tally, suffix: str, seed: int, reading: Reading, documents: tuple[Parsed, ...]) -> None:
    tally.cases += 1
    tally.taken += any(d.document is not None for d in documents)
    problems: list[Problem] = [p for d in documents for p in d.problems]
    for problem in problems:
        if problem.lost:
            tally.refusals[re.split("[：:（(]", problem.reason)[0][:24]] += 1
    # A document that was made and not taken has places that are not exact, which names a clause or a chunk.
    bad = next((p.reason for p in problems if p.reason.startswith(_FINDINGS)), None)
    if bad is not None:
        KEPT.mkdir(parents=True, exist_ok=True)
        kept = KEPT / f"seed{seed}-{reading.name}"
        kept.write_bytes(reading.data)
        tally.findings.append(f"{kept.relative_to(ROOT)}  {bad}")


def main(arguments: list[str]) -> int:
    """Fuzz the formats one after the other; print a line a format and every finding."""
    parser = argparse.ArgumentParser(description="Damaged files against each parser.")
    parser.add_argument("suffixes", nargs="*", help="such as .docx; all by default")
    parser.add_argument("--seconds", type=float, default=600.0, help="for each format")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args(arguments)
    files = seeds(chosen.suffixes)
    others = [data for listed in files.values() for data in listed]
    found = 0
    for suffix in chosen.suffixes or files:
        tally = fuzz(suffix, files[suffix], others, chosen.seconds, chosen.seed)
        found += len(tally.findings)
        print(
            f"{suffix:6} {tally.cases:6} cases  {tally.taken:6} taken  longest {tally.longest:4.1f} s  "
            f"{len(tally.findings)} findings",
            flush=True,
        )
        for finding in tally.findings:
            print(f"       {finding}", flush=True)
        for reason, count in tally.refusals.most_common(4):
            print(f"       {count:6} {reason}", flush=True)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
