"""Whether what a model wrote, as it reached the reader, stands in what it cites: read by another eye than the verifier.

    ASSISTANT_LLM_BASE_URL=… ASSISTANT_LLM_MODEL=… python -m benchmarks.faithfulness --out report.json

Asks each case, takes the sentences that the model wrote (what the documents add in their own words is left out) and
looks up every body, date, number and word of state in the paragraphs cited and their headings. The reading is its own
and simple: digits and numerals as they stand, names by what they end with, states by single words. It shares no code
with ``assistant.answering.checks``, so that a hole there is not a hole here. It errs on the side of alarm: what it
lists is for a person to look at. Each answer is also graded beside the extractive one to the same case.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import time
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from assistant.bootstrap import Service, open_service
from assistant.domain.dialogue import Answer
from assistant.domain.policy import Document
from assistant.errors import AssistantError
from assistant.evaluation.cases import read_cases
from assistant.evaluation.run import graded
from assistant.settings import Settings
from benchmarks.machine import facts

ADDED = "原文另载："
_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_NUMERAL = "零〇一二三四五六七八九十百千万两"
_MEASURE = "个|家|项|年|月|日|名|人|次|所|件|条|期|届|天|倍|元|万|亿|成|分之"
_BODY = re.compile(
    "(?:[一-鿿]{0,4}[市省县区])?[一-鿿]{2,8}?(?:局|厅|委员会|管委会|委(?![托员])|办公室|政府|总工会|秘书处|理事会|学院|大学|公司|联合体)"
)
_OF_NAMES = re.compile("[由和与、及向对给报]|牵头|配合|负责|会同|单位|部门|是|为|的|了|将|拟|已")
_DATE = re.compile(r"(?:(\d{4})年)?(?:(\d{1,2})月)?(?:(\d{1,2})日)?")
_DONE = re.compile("已|业已|完成了|建成了|正式成立|圆满|办结")
_PLAN = re.compile("拟|计划|力争|预计|将(?=由|于|在)")
_STILL = re.compile("拟|计划|将|力争|争取|预计|应|须|要|前|目标|时限|建议|打算|筹")
_DENIED = re.compile("尚未|未能|没有|未|不得|不再|暂不")


def alarms(sentence: str, cited: str, around: str) -> Iterator[str]:
    """What of the sentence does not stand in the cited paragraphs or the headings, as a plain reader sees it."""
    said, text = _plain(sentence), _plain(cited)
    known = text + "\n" + _plain(around)
    numbers = set(_numbers(known))
    for number in _numbers(said):
        if number not in numbers:
            yield f"number {number:g}"
    dates = list(_dates(known))
    for date in _dates(said):
        if not any(all(m is None or m == w for m, w in zip(date, other, strict=True)) for other in dates):
            yield f"date {'-'.join(str(p) for p in date if p)}"
    for match in _BODY.finditer(said):
        name = _OF_NAMES.split(match.group())[-1]
        if len(name) >= 3 and name not in known and not _short_for(name, known):
            yield f"body {name}"
    if _DONE.search(said) and not _DENIED.search(said) and not re.search("已|了|完成|正式|召开|成立|建成|\\d日", text):
        yield "state: told as done"
    line = max(re.split("[。；;\n]", text), key=lambda s: len(_grams(s) & _grams(said)) / (len(_grams(s)) + 9))
    if _PLAN.search(line) and not _STILL.search(said) and not re.search("已|正式|了", line):
        yield "state: a plan told without its word"
    if _DENIED.search(line) and not _DENIED.search(said) and _DONE.search(said) and not _DONE.search(line):
        yield "state: a denial lost"


def _plain(text: str) -> str:
    return re.sub(r"\s+|(?<=\d),(?=\d{3})", "", unicodedata.normalize("NFKC", text))


def _grams(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1)}


def _numbers(text: str) -> Iterator[float]:
    for digits, scale in re.findall(r"(\d+(?:\.\d+)?)([万亿]?)", text):
        yield float(digits) * {"": 1, "万": 10**4, "亿": 10**8}[scale]
    for numeral in re.findall(f"([{_NUMERAL}]+)(?={_MEASURE})", text):
        if (value := _value(numeral)) is not None and value > 1:
            yield float(value)


def _value(numeral: str) -> int | None:
    total = digit = 0
    for c in numeral:
        if c in _DIGITS:
            digit = digit * 10 + _DIGITS[c] if digit and "十" not in numeral else _DIGITS[c]
        elif c in "十百千":
            total, digit = total + (digit or 1) * {"十": 10, "百": 100, "千": 1000}[c], 0
        else:
            return None
    return total + digit


def _dates(text: str) -> Iterator[tuple[int | None, int | None, int | None]]:
    for match in _DATE.finditer(re.sub(r"(\d{4})-(\d{1,2})-(\d{1,2})", r"\1年\2月\3日", text)):
        if match.group():
            year, month, day = (int(g) if g else None for g in match.groups())
            yield year, month, day


def _short_for(name: str, known: str) -> bool:
    """Whether the characters of a short name stand in order in some longer one (市人社局, 市人力资源和社会保障局)."""
    pattern = ".{0,6}?".join(map(re.escape, name))
    return re.search(pattern, known) is not None


def model_sentences(answer: Answer) -> list[tuple[str, list[int]]]:
    """The sentences of the model with the numbers of their citations."""
    written = answer.answer.split(ADDED)[0]
    lines = [line for line in written.split("\n") if line.strip()]
    return [(re.sub(r"\[\d+\]", "", line), [int(n) for n in re.findall(r"\[(\d+)\]", line)]) for line in lines]


def _paragraphs(document: Document, start: int, end: int) -> str:
    """The lines that a quote touches."""
    first = document.text.rfind("\n", 0, start) + 1
    last = document.text.find("\n", end)
    return document.text[first : last if last >= 0 else len(document.text)]


def judged(answer: Answer, service: Service) -> list[dict[str, object]]:
    """Each sentence of the model with its alarms."""
    found: list[dict[str, object]] = []
    by_number = {c.n: c for c in answer.citations}
    with service.indexes.lease() as index:
        for sentence, numbers in model_sentences(answer):
            cited, around = [], []
            for n in numbers:
                document = index.document(by_number[n].document_id)
                assert document is not None
                cited.append(_paragraphs(document, by_number[n].start, by_number[n].end))
                clause = document.clause_at(by_number[n].start)
                headings = [c.heading for c in document.ancestors(clause)] if clause else []
                around += [document.title, document.number or "", *headings, by_number[n].path]
            wrong = list(alarms(sentence, "\n".join(cited), "\n".join(around))) if cited else ["no citation"]
            found.append({"sentence": sentence, "cited": cited, "alarms": wrong})
    return found


async def measure(cases: Path, out: Path, step: int, limit: int | None) -> None:
    """Ask every ``step``-th case with the model and without, write what was found."""
    settings = Settings()
    service = open_service(settings)
    plain = open_service(settings.model_copy(update={"llm_base_url": None}))
    chosen = list(read_cases(cases))[::step][:limit]
    report: list[dict[str, object]] = []
    kept: list[Answer] = []
    asker = _Listening(service, kept)
    try:
        extractive = [g async for g in graded(chosen, plain.asker, plain.indexes)]
        for case, before in zip(chosen, extractive, strict=True):
            kept.clear()
            begun = time.perf_counter()
            (grade,) = [g async for g in graded([case], asker, service.indexes)]
            answer = kept[-1] if kept else None
            wrote = answer is not None and answer.model != "extractive"
            report.append(
                {
                    "id": case.id,
                    "model": answer.model if answer else "error",
                    "seconds": round(time.perf_counter() - begun, 1),
                    "right": not grade.reasons,
                    "right_extractive": not before.reasons,
                    "reasons": list(grade.reasons),
                    "notices": list(answer.notices) if answer else [],
                    "sentences": judged(answer, service) if answer and wrote else [],
                    "answer": answer.answer if answer else "",
                }
            )
            _keep(report, out)  # after each case: a model on a processor is slow, and a run may be ended
    finally:
        service.close()
        plain.close()
    _tell(report)


def _keep(report: list[dict[str, object]], out: Path) -> None:
    out.write_text(json.dumps(report, ensure_ascii=False, indent=1), "utf-8")


class _Listening:
    """The service's asker; keeps the answers that pass."""

    def __init__(self, service: Service, kept: list[Answer]) -> None:
        self._asker, self._kept = service.asker, kept

    async def ask(self, question: str, **options: object):  # type: ignore[no-untyped-def]
        async for event in self._asker.ask(question, **options):  # type: ignore[arg-type]
            if hasattr(event, "answer"):
                self._kept.append(event.answer)
            yield event


def _tell(report: list[dict[str, object]]) -> None:
    sentences = [s for r in report for s in r["sentences"]]  # type: ignore[attr-defined]
    alarmed = [s for s in sentences if s["alarms"]]
    print(facts())
    print(f"cases {len(report)}; worded by the model {sum(r['model'] not in ('extractive', 'error') for r in report)}")
    print(f"sentences of the model shown {len(sentences)}, to be looked at {len(alarmed)}")
    worse = [r["id"] for r in report if r["right_extractive"] and not r["right"]]
    right, before = sum(bool(r["right"]) for r in report), sum(bool(r["right_extractive"]) for r in report)
    print(f"right with the model {right}, without {before}; worse with it: {worse}")
    for s in alarmed:
        print(s["alarms"], s["sentence"], "|", *s["cited"])


def main() -> None:
    """Read the options, measure, report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=Path, default=Path("tests/eval/questions.jsonl"))
    parser.add_argument("--out", type=Path, default=Path("faithfulness.json"))
    parser.add_argument("--step", type=int, default=1, help="ask every n-th case")
    parser.add_argument("--limit", type=int)
    options = parser.parse_args()
    try:
        asyncio.run(measure(options.cases, options.out, options.step, options.limit))
    except AssistantError as error:
        raise SystemExit(str(error)) from None


if __name__ == "__main__":
    main()
