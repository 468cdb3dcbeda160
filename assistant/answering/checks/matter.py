"""Whether a piece of a sentence speaks of the matter of a window, in words that the evidence knows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from assistant.answering.checks.wording import HAN, content, is_subsequence, uncovered_runs
from assistant.answering.sources import GENERIC, Facts, Source, Window
from assistant.domain import modality

_SYNONYMS = [
    frozenset(words.split())
    for words in (
        "召开 举行 举办",
        "补助 补贴 资助",
        "公布 发布 印发 下发 出台",
        "完成 办结 竣工 完工 建成",
        "设立 成立 建立 组建 创建",
        "讨论 研究",
        "时间 时限 期限",
        "达 达到 为 有 共",
        "每 各",
        "在 于 应 须 要 需",
        "制定 制订 编制 起草",
        "开始 启动 开工",
        "增加 新增 增设",
        "使用 利用",
        "协助 配合",
        "参加 参与",
        "及 和 与 、",
        "聘请 邀请",
        "我 本 全 该 此",
    )
]
_PREFIXES = re.compile("^(?:分管|常务)?(?:副|非|半|准|原|前|代|次|基本|初步|部分|大部分|原则上)$")
_NOVEL_BOUND = 0.5
NOVEL = 0.5


def binds(facts: Facts) -> bool:
    """Whether facts must be carried by one window together."""
    return bool(facts.roles or facts.moments or facts.done or facts.times or facts.quantities)


def other_matter(piece: str, facts: Facts, window: Window, source: Source, sources: list[Source]) -> Iterator[str]:
    """Whether the piece speaks of what the window speaks of, in words that the evidence knows."""
    known = f"{window.text}\n{source.around}"
    elsewhere = "\n".join(s.body for s in sources)
    bare = content(piece)
    if not bare:
        if not binds(facts):
            yield "不成句"
        return
    uncovered = uncovered_runs(bare, known)
    total = sum(len(run) for run in re.findall("[一-鿿]+", bare))
    novel = sum(len(run) for run in uncovered_runs(bare, known + "\n" + elsewhere))
    if binds(facts) or modality.claims_progress(piece) or modality.claims_plan(piece):
        for run in uncovered:
            stands_elsewhere = any(run[i : i + 2] in elsewhere for i in range(len(run) - 1))
            if stands_elsewhere and not _continues(run, piece, window):
                yield f"“{run}”属于另一条"
                return
    if total and novel / total > (_NOVEL_BOUND if binds(facts) else NOVEL):
        yield "内容超出所引条款"


def _continues(run: str, piece: str, window: Window) -> bool:
    """Whether ``run`` is the matter that the text names just before and the window goes on with.

    “人才公寓二期正在施工” of “人才公寓一期已竣工；二期正在施工”: what follows the run opens a clause of the window.
    """
    if run[-2:] not in window.topic:
        return False
    rest = re.sub("^(?:项目|工程|工作|建设)", "", piece[piece.find(run) + len(run) :])
    openings = [re.sub("^(?:目前|其中|现|一是|二是|三是)", "", c)[:2] for c in re.split("[,;。:()]", window.text)]
    return rest[:2] in [o for o in openings if len(o) == 2]


def substituted(piece: str, window: Window) -> Iterator[str]:
    """A word of the text that another word stands for, between the same neighbours (向初中毕业生 → 向高中毕业生)."""
    matcher = SequenceMatcher(None, piece, window.text, autojunk=False)
    steps = matcher.get_opcodes()
    for n, (kind, a, b, c, d) in enumerate(steps):
        mine, written = piece[a:b], window.text[c:d]
        left = piece[a - 1 : a] if n and steps[n - 1][0] == "equal" else ""
        right = steps[n + 1] if n + 1 < len(steps) else None
        follows = right is not None and right[0] == "equal" and right[2] - right[1] >= 2
        if kind == "insert" and left and follows and _PREFIXES.match(written):
            yield f"漏掉了“{written}”"
        if kind != "replace" or not follows or len(mine) > 6 or (a and len(written) > 8):
            continue
        if a == 0 and right and right[2] - right[1] >= 3 and not HAN.fullmatch(written):
            written = written[-len(mine) :]  # the piece begins within the statement
        if not (all(HAN.match(x) for x in mine) and all(HAN.match(x) for x in written)):
            continue
        if is_subsequence(mine, written) or is_subsequence(written, mine) or _means_same(mine, written):
            continue
        if not GENERIC.sub("", mine) or not GENERIC.sub("", written) or _stands(piece, a, b, window.text):
            continue
        yield f"原文的“{written}”写成了“{mine}”"


def _stands(piece: str, start: int, end: int, text: str) -> bool:
    """Whether the text has ``piece[start:end]`` too; a single character with one of its neighbours."""
    if end - start > 1:
        return piece[start:end] in text
    return piece[max(0, start - 1) : end] in text or piece[start : end + 1] in text


def _means_same(left: str, right: str) -> bool:
    return any(left in words and right in words for words in _SYNONYMS)
