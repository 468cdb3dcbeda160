"""The figures of retrieval that README and docs show: kept in one file, shown as tables made from it.

python -m benchmarks.retrieval_figures      prints the tables; a test holds the pages to them
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.machine import facts

FIGURES = Path(__file__).with_suffix(".json")


def keep(section: str, measured: Mapping[str, Any]) -> None:
    """Write one section anew, with the machine that it was measured on."""
    told = json.loads(FIGURES.read_text("utf-8")) if FIGURES.is_file() else {}
    told[section] = {"machine": facts("numpy", "onnxruntime", "tantivy"), **measured}
    FIGURES.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", "utf-8")


def cmrc_table(told: Mapping[str, Any]) -> str:
    """The table of CMRC 2018 dev."""
    head = "| | recall@1 | @5 | @10 | MRR@10 | answered | query p50 | ingest |\n|---|---|---|---|---|---|---|---|\n"
    return head + "".join(
        f"| {_name(row)} | {_share(row['recall_1'])} | {_share(row['recall_5'])} | {_share(row['recall_10'])} "
        f"| {_rank(row['mrr_10'])} | {_share(row['answered'])} | {row['p50_ms']:.1f} ms | {row['ingest_s']:.0f} s |\n"
        for row in told["rows"]
    )


def office_table(told: Mapping[str, Any]) -> str:
    """The table of our own questions over real documents."""
    head = (
        "| | recall@1 | @10 | MRR@10 | of lists, in 10 | in 60 | characters in 10 | query p50 | ingest |\n"
        "|---|---|---|---|---|---|---|---|---|\n"
    )
    return head + "".join(
        f"| {_name(row)} | {_share(row['recall_1'])} | {_share(row['recall_10'])} | {_rank(row['mrr_10'])} "
        f"| {_share(row['all_10'])} | {_share(row['all_60'])} | {row['characters']:,.0f} | {row['p50_ms']:.1f} ms "
        f"| {row['ingest_s']:.0f} s |\n"
        for row in told["rows"]
    )


def _name(row: Mapping[str, Any]) -> str:
    return f"**{row['method']}**" if row["method"] in ("ours, hybrid", "ours, as asked") else str(row["method"])


def _share(share: float) -> str:
    return f"{100 * share:.1f}"


def _rank(mrr: float) -> str:
    return f"{mrr:.3f}".lstrip("0")


if __name__ == "__main__":
    told = json.loads(FIGURES.read_text("utf-8"))
    print(cmrc_table(told["cmrc"]))
    print(office_table(told["office"]))
