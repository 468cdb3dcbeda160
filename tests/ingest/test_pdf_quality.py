"""Whether a text layer is text: the rule on texts of its own, and on the documents beside the repository."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.formats.pdf_quality import common_share, garbage, is_picture, strange_share
from ingest.parse import parse

PROSE = (
    "各县（市、区）人民政府，市政府各部门：为进一步加强和改进城市供水工作，保障居民饮水安全，根据国家有关规定，结合我市实际，"
    "现就有关事项通知如下。要充分认识做好供水工作的重要意义，建立健全工作机制，明确责任分工，确保各项任务落到实处。"
    "到2025年底，全市城镇供水普及率达到98%以上，管网漏损率控制在9%以内。各地要加大资金投入，加快老旧管网改造，定期检测水质并向社会公布结果。"
)
_RANDOM = random.Random(5)
_GB2312 = [bytes((a, b)).decode("gb2312", "ignore") for a in range(0xB0, 0xF8) for b in range(0xA1, 0xFF)]


def _mapped(pool: list[str]) -> Callable[[str], str]:
    """Every character stands for another one, as in a font whose mapping is wrong."""

    def garble(text: str) -> str:
        table: dict[str, str] = {}
        return "".join(table.setdefault(c, _RANDOM.choice(pool)) for c in text)

    return garble


GARBLED: dict[str, Callable[[str], str]] = {
    "other characters": _mapped([c for c in _GB2312 if c]),
    "characters one further": lambda t: "".join(chr(ord(c) + 1) for c in t),
    "private use": lambda t: "".join(chr(0xE000 + ord(c) % 6000) for c in t),
    "glyph numbers": lambda t: "".join(f"(cid:{ord(c)})" for c in t),
    "no mapping": lambda t: "\ufffd" * len(t),
    "utf-8 read as latin-1": lambda t: t.encode().decode("latin-1"),
    "gb18030 read as latin-1": lambda t: t.encode("gb18030").decode("latin-1"),
    "utf-8 read as gb18030": lambda t: t.encode().decode("gb18030", "replace"),
    "glyph numbers as letters": lambda t: "".join(chr(33 + ord(c) % 90) for c in t),
    "controls": lambda t: "".join(chr(1 + ord(c) % 8) for c in t),
}


@pytest.mark.parametrize("kind", sorted(GARBLED))
def test_garbage_is_known(kind: str) -> None:
    assert garbage(re.sub(r"\s", "", GARBLED[kind](PROSE))) is not None


@pytest.mark.parametrize(
    "text",
    [
        PROSE,
        PROSE[:30],
        "",
        "第一章总则",
        "张伟、王芳、李娜、刘洋、陈静、杨帆、赵磊、黄敏、周涛、吴昊",
        "2023AA+372.53252.06120.47330,435.30234,850.0095,585.30330,435.30256,735.3073,700.00" * 4,
        "Thisisapageinaforeignlanguagewhichhasfewmarksandmanylettersasanyotherpagewould." * 4,
        "Lesélèvesétaientàl’écoleoùlesfenêtresétaientfermées,etlamaîtreparlaitdesoiseaux." * 4,
        "關於進一步加強城市供水工作的通知，各縣市區人民政府應當結合實際，認真貫徹執行，並將落實情況報送市政府。" * 3,
        "①②③④⑤（一）（二）（三）“”《》〔2024〕№℃㎡×±≥√□☑■★",
        "def main(args): return [x for x in open(args[0]) if x.startswith('#')]" * 4,
    ],
)
def test_text_is_not_taken_for_garbage(text: str) -> None:
    assert garbage(re.sub(r"\s", "", text)) is None


def test_the_margins_hold_on_real_documents(shared_corpus: Path) -> None:
    """Runs of 400 characters of real documents on one side, the same garbled on the other, limits between."""
    files = [*sorted((shared_corpus / "state-council").glob("*.html"))[:8]]
    files += sorted((shared_corpus / "laws").rglob("README.md"))[:8]
    runs: list[str] = []
    for path in files:
        document, _ = parse(path.name, path.read_bytes())
        assert document is not None
        text = re.sub(r"\s", "", document.text)
        runs += [text[i : i + 400] for i in range(0, len(text) - 400, 400)]
    assert len(runs) > 100
    assert [run for run in runs if garbage(run)] == []
    common = [share for run in runs if (share := common_share(run)) is not None]
    assert min(common) > 0.38
    assert max(strange_share(run) for run in runs) < 0.01
    swapped = [common_share(GARBLED["other characters"](run)) for run in runs]
    assert max(share for share in swapped if share is not None) < 0.2


def test_a_page_that_is_a_picture_with_a_stamp_is_a_picture() -> None:
    assert is_picture("扫描全能王创建", 0.98)
    assert not is_picture(PROSE, 0.98)  # a scan that somebody recognised before
    assert not is_picture("第一章　总则", 0.3)


def test_judging_takes_linear_time() -> None:
    import time

    began = time.process_time()
    for text in ("é" * 100_000, "(cid:" * 20_000, "(cid:1)" * 15_000, "国" * 100_000):
        garbage(text)
    assert time.process_time() - began < 5
