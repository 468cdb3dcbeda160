"""Whether a piece of a sentence speaks of the matter of its evidence, in words that the evidence knows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from assistant.answering.checks.atoms import Atom
from assistant.answering.checks.sources import GENERIC, Facts, Source, facts_of
from assistant.answering.checks.wording import (
    HAN,
    canonical,
    content,
    is_subsequence,
    pairs_of,
    uncovered_runs,
    weighed_pairs,
)
from assistant.domain.language import modality

_PREFIXES = re.compile("^(?:分管|常务)?(?:副|非|半|准|原|前|代|次|基本|初步|部分|大部分|原则上)$")
#: The share of Han characters of a piece that may be words of its own.
NOVEL = 0.5
# Characters that a paraphrase changes freely: 于 for 在, 应 for 须.
_LIGHT_CHARACTERS = (
    "[的了和与及或在于为是将对从以等把被向也都均且并而其该此这那各中后前内时要应得会能可需须有由给按至到做作进行开展再又还仍就则均共总"
    "约达仅只才所之下上里起来去出成好过着得地一另其原自从据]"
)
_LIGHT_ENDS = re.compile(f"^{_LIGHT_CHARACTERS}+|{_LIGHT_CHARACTERS}+$")
_CONTRASTS = (
    "一二两三四五六七八九十0123456789",
    "红橙黄蓝绿白黑",
    "东西南北",
    "上中下",
    "内外",
    "大中小",
    "高初低",
    "省市县区乡镇村校国州",
    "年月日周季期",
    "一二三四五六日末",
    "男女",
    "甲乙丙丁",
    "金银铜",
    "长短",
    "新老旧",
    "优良差",
    "单双",
)
_REASON = re.compile("(?:因为?(?!此)|由于|受(?=[^,;。]{2,12}影响)|原因(?:是|为|在于)|理由(?:是|为))([^,;。:]{2,24})")
_SAID = 3  # characters of a reason that say something
_OF_ROW = 10.0  # words that the number of a row counts for
_CONDITION = re.compile("^(?!关于|其中|已|正在|未[一-鿿]{1,3}的$).{4,}的$")
_GIVES = re.compile("给予|处|补助|奖励|补贴|收回|取消|追|扣|罚|责令|可以|不得|不予|应当|须|免费|免收|享受|优先")
_COPULA = re.compile("(?:包括|有|为|是|系)$")
_JUDGED = re.compile("禁止|未|不|无|已|拟|最[多少高低长短]|至[多少]|超过|[该本此]")  # what other rules read


def binds(facts: Facts) -> bool:
    """Whether facts must be carried by one window together."""
    return bool(facts.roles or facts.moments or facts.done or facts.times or facts.quantities)


def beyond(piece: str, facts: Facts, sources: Sequence[Source]) -> Iterator[str]:
    """Whether the piece says much in words that no evidence holds."""
    bare = content(canonical(piece))
    if not bare.strip():
        if not (binds(facts) or modality.claims_progress(piece)):
            yield "不成句"
        return
    known = canonical("\n".join([*(s.body for s in sources), *(s.around for s in sources)]))
    total = sum(len(run) for run in re.findall("[一-鿿]+", bare))
    novel = sum(len(run) for run in uncovered_runs(bare, known))
    if total and novel / total > NOVEL:
        yield "内容超出所引条款"


def substituted(part: str, atom: Atom, atoms: Sequence[Atom]) -> Iterator[str]:
    """A word of the text that another word stands for, between the same neighbours (向初中毕业生 → 向高中毕业生)."""
    yield from _swaps(canonical(part), atom.words, _statement(atom, atoms))


def baseless(part: str, sources: Sequence[Source]) -> Iterator[str]:
    """A reason that the evidence does not give."""
    known = canonical("\n".join(s.body for s in sources))
    for match in _REASON.finditer(part):
        reason = canonical(match.group(1))
        words = weighed_pairs(reason)
        if len(reason) > _SAID and words.get(reason[:2], 0.0) >= 1 and not any(c in known for c in _halves(reason)):
            yield f"原因“{match.group(1)}”不见于所引条款"
            continue
        if sum(words.values()) >= 1 and sum(w for p, w in words.items() if p in known) < 0.5 * sum(words.values()):
            yield f"原因“{match.group(1)}”不见于所引条款"


def _halves(reason: str) -> tuple[str, ...]:
    """What a reason begins with: its first pair and the one behind (场地未落实 is another reason than 经费未落实)."""
    return (reason[:2], reason[1:3])


def other_cells(part: str, sources: Sequence[Source]) -> Iterator[str]:
    """A cell of a table told with another value (成果形式为竞赛总结)."""
    records = [s for s in sources if s.is_record]
    if not records:
        return
    words = weighed_pairs(canonical(part))
    number = re.search("第([0-9]+)项", part)
    row = f"序号:{number.group(1)};" if number else "\x00"

    def held(record: Source) -> float:
        return sum(w for p, w in words.items() if p in canonical(record.body)) + (_OF_ROW if row in record.body else 0)

    nearest = max(records, key=held)
    for label, value in re.findall("([^:;]{2,8}):([^;]*)", nearest.body):
        told = re.search(f"(?<![副常]){re.escape(label)}(?:都|均)?(?:为|是|系|:)+([^,;。]+)", part)
        pairs = pairs_of(canonical(told.group(1))) if told else set()
        if pairs and sum(p in canonical(value) for p in pairs) < 0.5 * len(pairs):
            yield f"“{label}”一栏与原文不符"


def other_condition(part: str, lead: str, group: str, atom: Atom, atoms: Sequence[Atom]) -> Iterator[str]:
    """A condition dropped or exchanged: 逾期不改的，处罚款 told without 逾期, or of those who have no licence."""
    if not (atom.facts.quantities or atom.facts.denials or _GIVES.search(atom.text)):
        return
    before = [c for c in atom.lead.split(",") if _CONDITION.search(c)]
    if not before or part[-1:] == "的" or before[-1] == atom.text:
        return
    asked, told = facts_of(before[-1]).quantities, facts_of(group).quantities
    values = {q.value for q in told}
    if asked and told and not any(q.value in values for q in asked) and part != group:
        yield f"条件“{before[-1]}”与原文不符"
    words = weighed_pairs(canonical(before[-1]))
    total = sum(words.values())
    if total >= 1 and sum(w for p, w in words.items() if p in canonical(group)) < 0.3 * total:
        yield f"漏掉了条件“{before[-1]}”"


def _statement(atom: Atom, atoms: Sequence[Atom]) -> str:
    return "\n".join(a.words for a in atoms if a.statement == atom.statement)


def _swaps(piece: str, text: str, statement: str) -> Iterator[str]:
    steps = SequenceMatcher(None, piece, text, autojunk=False).get_opcodes()
    for n, (kind, a, b, c, d) in enumerate(steps):
        mine, written = piece[a:b], text[c:d]
        left = piece[a - 1 : a] if n and steps[n - 1][0] == "equal" else ""
        right = steps[n + 1] if n + 1 < len(steps) else None
        last = right is not None and right[2] >= len(piece) and right[4] >= len(text)
        follows = right is not None and right[0] == "equal" and (right[2] - right[1] >= 2 or last)
        ends = b == len(piece) and d == len(text) and n > 0 and steps[n - 1][2] - steps[n - 1][1] >= 2
        numbered = text[c - 1 : c] in "一二两三四五六七八九十0123456789" if c else False
        if kind == "insert" and (left or not a) and follows and not numbered and _PREFIXES.match(written):
            yield f"漏掉了“{written}”"
        if kind != "replace" or not (follows or ends) or len(mine) > 6 or (a and len(written) > 8):
            continue
        if a == 0 and right and right[2] - right[1] >= 3 and not HAN.fullmatch(written):
            written = written[-len(mine) :]  # the piece begins within the statement
        if not (all(HAN.match(x) for x in mine) and all(HAN.match(x) for x in written)):
            continue
        if is_subsequence(mine, written) or is_subsequence(written, mine):
            continue
        if not GENERIC.sub("", mine) or _COPULA.search(mine):
            continue
        if {mine, written} == {"前", "后"}:
            yield f"原文的“{written}”写成了“{mine}”"
        mine, written = _LIGHT_ENDS.sub("", mine), _LIGHT_ENDS.sub("", written)
        if not mine and _PREFIXES.match(written):
            yield f"漏掉了“{written}”"
        if not mine or not written or _JUDGED.search(mine + written) or not _parallel(mine, written):
            continue
        if not GENERIC.sub("", mine) or not GENERIC.sub("", written):
            continue
        if _stands(piece, a, b, text if len(mine) == 1 == len(written) else statement):
            continue
        yield f"原文的“{written}”写成了“{mine}”"


def _parallel(mine: str, written: str) -> bool:
    """Whether one word can stand for the other as another of its kind; single characters only in known contrasts."""
    if len(mine) == 1 or len(written) == 1:
        return len(mine) == len(written) and any(mine in kind and written in kind for kind in _CONTRASTS)
    return max(len(mine), len(written)) <= 4 and abs(len(mine) - len(written)) <= 1


def _stands(piece: str, start: int, end: int, text: str) -> bool:
    """Whether the text has ``piece[start:end]`` too; a single character with one of its neighbours."""
    if end - start > 1:
        return piece[start:end] in text
    return piece[max(0, start - 1) : end] in text or piece[start : end + 1] in text
