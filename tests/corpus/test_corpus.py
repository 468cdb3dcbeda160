"""The sample corpus and the team's questions on it: invented, marked, masked, quotable, and whole."""

from __future__ import annotations

import importlib.util
import json
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from lxml import html
from pypdf import PdfReader

from assistant.evaluation.cases import read_cases

ROOT = Path(__file__).parents[2]
CORPUS = ROOT / "corpus"
QUESTIONS = ROOT / "tests" / "eval" / "questions.jsonl"
DOCUMENTS = sorted(p for p in CORPUS.iterdir() if p.name != "README.md")
CATEGORIES = (
    "牵头 配合 时限 进展 列举 条件查询 计数 比较 一句两问 问法 提案与答复 "
    "联系 元数据 逾期 错误前提 歧义 无法回答 越权/注入 多轮 题外"
).split()
# A run of this many characters in common with a real document is a copied sentence, not a shared fact.
_COPIED = 25
_NAMED_WORK = re.compile(r"《[^》]+》")
_PAGE_NUMBER = re.compile(r"—\d+—")


def squash(text: str) -> str:
    return re.sub(r"\s+", "", text)


def decoded(path: Path) -> str:
    raw = path.read_bytes()
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("gb18030")


def pdf_text(path: Path) -> str:
    """The text layer without the running header (the line that opens every page) and the page numbers."""
    pages = [[squash(line) for line in page.extract_text().splitlines()] for page in PdfReader(path).pages]
    header = pages[0][0]
    return "".join(line for page in pages for line in page if line != header and not _PAGE_NUMBER.fullmatch(line))


def text_of(path: Path) -> str:
    """All text of a document, white space squashed, as any parser should give it."""
    if path.suffix == ".pdf":
        return pdf_text(path)
    text = decoded(path)
    if path.suffix == ".html":
        tree = html.document_fromstring(re.sub(r"<meta charset=[^>]+>", "", text))
        for element in tree.xpath("//script | //style"):
            element.drop_tree()
        text = tree.text_content()
    return squash(text)


TEXTS = {path.name: text_of(path) for path in DOCUMENTS}


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    return [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]


def loaded_script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_pdfs", Path(__file__).with_name("build_pdfs.py"))
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_corpus_has_every_format_and_both_encodings() -> None:
    kinds = Counter(path.suffix for path in DOCUMENTS)
    assert len(DOCUMENTS) >= 12
    assert set(kinds) == {".txt", ".md", ".html", ".pdf"}
    not_utf8 = []
    for path in DOCUMENTS:
        if path.suffix in (".txt", ".html"):
            try:
                path.read_bytes().decode("utf-8")
            except UnicodeDecodeError:
                not_utf8.append(path.suffix)
    assert sorted(set(not_utf8)) == [".html", ".txt"]


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_every_document_is_marked_as_a_sample_and_listed_in_the_readme(name: str) -> None:
    assert "（模拟样例）" in TEXTS[name]
    assert f"| {name} |" in (CORPUS / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_no_document_holds_a_whole_phone_or_identity_number(name: str) -> None:
    for text in (TEXTS[name], decoded(CORPUS / name) if not name.endswith(".pdf") else ""):
        assert not re.search(r"(?<!\d)1[3-9]\d{9}(?!\d)", text)
        assert not re.search(r"(?<!\d)0\d{2,3}-?\d{7,8}(?!\d)", text)
        assert not re.search(r"(?<!\d)\d{17}[\dXx](?!\d)", text)


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_no_sentence_is_copied_from_the_real_documents(name: str, shared_corpus: Path) -> None:
    real = "".join(squash(_NAMED_WORK.sub("", decoded(p))) for p in (shared_corpus / "replies").glob("*.txt"))
    assert real
    title = squash("关于引导驻吉高校学科专业链与我市产业链精准对接 促进校城融合发展的建议")
    ours = _NAMED_WORK.sub("", TEXTS[name]).replace(title, "")  # the proposal's public title is a fact
    runs = {real[i : i + _COPIED] for i in range(len(real) - _COPIED + 1)}
    copied = [ours[i : i + _COPIED] for i in range(len(ours) - _COPIED + 1) if ours[i : i + _COPIED] in runs]
    assert copied == []


@pytest.mark.parametrize("path", [p for p in DOCUMENTS if p.suffix == ".pdf"], ids=lambda p: p.name)
def test_the_committed_pdf_is_what_the_script_makes(path: Path, tmp_path: Path) -> None:
    script = loaded_script()
    source = script.SOURCES / f"{path.stem}.txt"
    script.build(source, tmp_path / path.name)
    fresh, committed = PdfReader(tmp_path / path.name), PdfReader(path)
    assert [p.extract_text() for p in fresh.pages] == [p.extract_text() for p in committed.pages]
    assert len(committed.pages) > 1
    written = [text.replace("<br/>", "") for name, text in script.directives(source.read_text("utf-8"))]
    header, *body = [squash(text) for text in written if text]
    assert pdf_text(path) == "".join(body)
    for number, page in enumerate(committed.pages, start=1):
        lines = [squash(line) for line in page.extract_text().splitlines() if line.strip()]
        assert lines[0] == header
        assert lines[-1] == f"—{number}—"


def test_the_questions_are_well_formed(rows: list[dict[str, Any]]) -> None:
    assert len(read_cases(QUESTIONS)) == len(rows) >= 200
    keys = {"id", "category", "turns", "quotes", "must", "must_not", "verdict", "also", "note"}
    assert all(set(row) == keys for row in rows)
    assert len({row["id"] for row in rows}) == len(rows)
    assert all(turn.strip() for row in rows for turn in row["turns"])
    assert all(row["note"] for row in rows)
    assert all(len(squash(quote)) >= 8 for row in rows for quote in row["quotes"])
    for row in rows:
        prefix = row["id"].rsplit("-", 1)[0]
        assert all(r["id"].startswith(prefix) for r in rows if r["category"] == row["category"])


def test_the_questions_cover_every_category(rows: list[dict[str, Any]]) -> None:
    counts = Counter(row["category"] for row in rows)
    assert set(counts) == set(CATEGORIES)
    assert min(counts.values()) >= 4
    assert counts["错误前提"] + counts["无法回答"] >= 40
    assert sum(len(row["turns"]) > 1 for row in rows) >= 30


def test_every_gold_quote_stands_in_the_corpus_and_every_document_is_asked_about(rows: list[dict[str, Any]]) -> None:
    asked: set[str] = set()
    for row in rows:
        for quote in row["quotes"]:
            holders = [name for name, text in TEXTS.items() if squash(quote) in text]
            assert holders, (row["id"], quote)
            asked.update(holders)
    # The council list is asked about by its cells, which are shorter than a quote has to be.
    assert {name for name in TEXTS if name not in asked} <= {"08-理事会组成人员名单.html"}


def test_what_an_answer_must_say_is_said_by_the_documents(rows: list[dict[str, Any]]) -> None:
    # Counts and silence are the assistant's own words.
    everything = "".join(TEXTS.values()) + "文件未载明 多1项 共2项 2024-05-31"
    for row in rows:
        if "not_stated" in row["verdict"] or "clarify" in row["verdict"]:
            continue
        for group in row["must"]:
            assert any(squash(text) in everything for text in group.split("|")), (row["id"], group)


def test_a_quoted_gold_clause_is_never_forbidden(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        answer = "。".join(row["quotes"])
        for text in row["must_not"]:
            said = re.search(text[3:], answer) if text.startswith("re:") else squash(text) in squash(answer)
            assert not said, (row["id"], text)


def test_the_planned_traps_stand_in_the_documents() -> None:
    """The contradictions that the questions rely on; whoever edits a document has to keep them."""
    plan, founding = TEXTS["05-碳纤维联合体建设方案.pdf"], TEXTS["06-碳纤维联合体成立通知.html"]
    tasks, letter = TEXTS["09-2024年度任务清单.md"], TEXTS["12-调整牵头单位和时限的函.pdf"]
    assert "拟由市科技局和市教育局共同牵头" in plan and "由市教育局和经开区管委会双牵头" in founding
    assert "由市人社局牵头，市教育局配合，2024年11月底前" in plan and "|建成共享实训中心|市教育局|" in tasks
    assert "2024年10月底前建成" in plan and "调整为2025年3月底前" in letter
    assert "9月31日" in TEXTS["11-理事会第一次全体会议纪要.pdf"]
    web = TEXTS["04-吉市教议〔2024〕19号答复.html"]
    assert "成文日期：2024年06月24日" in web and "二〇二四年六月十四日" in web
    articles = re.findall(r"^第([一二三四五六七八九十]+)条", decoded(CORPUS / "07-碳纤维联合体章程.md"), re.MULTILINE)
    order = "一 二 三 四 五 六 七 八 九 十 十一 十二 十三 十四 十五 十六 十七 十八 十九 二十 二十一 二十二".split()
    assert list(pairwise(articles)) == list(pairwise(order))
