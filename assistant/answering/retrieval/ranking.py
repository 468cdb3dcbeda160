"""Which sentence answers a question: a linear model over what the two share, with weights fitted on data.

The features are few and readable; :data:`WEIGHTS` is what ``python -m benchmarks.sentences --fit`` gives on CMRC 2018
dev (3,219 questions; softmax over the sentences of the four passages retrieved best, folds by paragraph). There the
first sentence holds the answer for 88 questions of 100, one of the first three for 96; without vectors 81 and 93; by
coverage of the question's words alone 71 and 84.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from assistant.domain.language.text import fold, terms

Nearness = Callable[[Sequence[str]], Sequence[float]]
"""Cosines of texts to the question that is being answered."""

FITTED_FOR = "multilingual-e5-small"
"""The model whose cosines the weights are fitted to; those of another lie elsewhere and are not used."""

AT_ONCE = 8
"""So many sentences, the best without it, are compared by meaning: that costs a few milliseconds each."""

_DIGIT = "[0-9〇零一二两三四五六七八九十百千万亿]"
_MEASURE = re.compile("(?:几|多少)(?!乎)([一-鿿])")
_KINDS: Mapping[str, tuple[re.Pattern[str], re.Pattern[str]]] = {
    # What is asked for, and how a sentence that says it looks.
    "when": (
        re.compile("何[时日]|什么时候|啥时候|几时|哪一?[年月天日]|几[月号日]|时间|日期|年份|哪几年|年代|[期时]限|截止"),
        re.compile("[0-9〇零一二三四五六七八九十]{1,4}(?:年|月|日|世纪)|年底|月底|期间"),
    ),
    "span": (
        re.compile("多久|多长时间|几年|几个月|多少天|几天|多少年"),
        re.compile(f"{_DIGIT}{{1,12}}个?(?:年|月|日|天|周|小时|分钟|工作日)"),
    ),
    "often": (
        re.compile("(?:多久|多长时间)[^，。？]{0,6}[次回]|频率|频次|隔多久"),
        re.compile("每[^，。；]{0,4}[年月周季次天日]|[年月周季天日][^，。；]{0,4}次|定期|按(?:年|月|季)"),
    ),
    "count": (
        re.compile("多少|几(?!乎)|比例|金额|数量|多大|多高|多长"),
        re.compile(f"{_DIGIT}|[%％]"),
    ),
    "where": (
        re.compile("哪里|哪儿|何地|何处|什么地方|哪个?(?:城市|国家|省|市|县|地区|洲|区)|位于|在哪"),
        re.compile("[省市县区州国镇乡村岛山路]"),
    ),
    "why": (re.compile("为什么|为何|原因|缘故"), re.compile("因|由于|为了|以便|使得")),
    "how": (re.compile("怎么|怎样|如何"), re.compile("通过|采用|采取|以|用|方式|方法|按")),
    "who": (
        re.compile("谁|何人|哪位|什么人|哪个(?:单位|部门|机构|公司)|哪些(?:单位|部门|人)"),
        re.compile("[局厅部委院会校府司]|[他她人者家·]"),
    ),
    "goal": (re.compile("目标|(?:达|做|实现)到?什么|什么要求"), re.compile("达到|实现|建成|完成|以上|不(?:低|少)于")),
    "called": (re.compile("叫什么|名字|别名|又称|称为|称呼|名称"), re.compile("[叫称名《“「]")),
}

_NAMED_ENOUGH = 0.45
_STATED_PLANE = 44.4
_NAMED_FITTING, _FITTING_PLANE = 0.4, 43.0
_MAY_STATE = (43.3, 42.3)  # the same planes, from which a sentence may be meant; with the kind of answer asked for
WEIGHTS: Mapping[str, float] = {
    "own": 0.8,
    "before": 0.8,
    "before_over": 1.4,
    "after": 0.5,
    "around": 2.0,
    "retrieved": 3.9,
    "named": 1.6,
    "short": 1.0,
    "measure": 2.3,
    "when": 2.8,
    "span": 1.1,
    "often": 2.0,  # by hand: CMRC asks it three times
    "count": 1.4,
    "where": 1.0,
    "why": 1.7,
    "how": 0.8,
    "who": 0.3,
    "goal": 1.4,
    "called": 1.5,
    "near": 82.0,  # cosines of this model lie close together
}
"""Weight by feature: of :func:`features`, and ``near`` for the cosine of question and sentence."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence with what stands around it.

    ``title`` is its document's, ``over`` that and the headings over it, ``before`` and ``after`` its neighbours,
    ``around`` the passage it stands in, ``retrieved`` that passage's score in [0, 1], ``named`` how much of the
    question's object sentence and headings name (:class:`assistant.answering.retrieval.relevance.Relevance`).
    """

    text: str
    title: str
    over: str
    before: str
    after: str
    around: str
    retrieved: float
    named: float


@dataclass(frozen=True, slots=True)
class Ranked:
    """``score`` is a candidate's logit for being the sentence that answers, comparable within one question only;
    ``near`` its cosine to the question, None where it was not compared."""

    score: float
    near: float | None = None


def ranked(question: str, candidates: Sequence[Candidate], nearness: Nearness | None = None) -> list[Ranked]:
    """What each candidate is worth, in the order given; only the best by words are compared by meaning."""
    found = [sum(WEIGHTS[name] * value for name, value in row.items()) for row in features(question, candidates)]
    if nearness is None:
        return [Ranked(score) for score in found]
    best = sorted(range(len(found)), key=lambda i: -found[i])[:AT_ONCE]
    near = nearness([shown(candidates[i]) for i in best])
    # A sentence that is not compared counts as one as far as the farthest that is.
    least = min(near, default=0.0)
    near_of = dict(zip(best, near, strict=True))
    return [
        Ranked(score + WEIGHTS["near"] * (near_of.get(i, least) - least), near_of.get(i))
        for i, score in enumerate(found)
    ]


def states(named: float, near: float | None, fitting: bool = False) -> bool:
    """Whether the best sentence states what is asked, by how much of the question's object it names and how near it is.

    Fitted on the same questions, each asked again with its answering sentences taken away. Naming alone refuses 9 of
    100 that are answered, and knows 45 of 100 whose answer was taken out of its paragraph and 80 of 100 whose paragraph
    is missing; with the plane, which speaks for a sentence that says it in other words, 5, 39 and 79.

    ``fitting`` says that it has the kind of answer that the question asks for (a length of time, an amount): then less
    is asked of it (set on 206 questions of ``tests/eval``; among them it lets no silence pass for an answer).
    """
    if fitting and (named >= _NAMED_FITTING or (near is not None and 4.0 * named + 46.7 * near >= _FITTING_PLANE)):
        return True
    return named >= _NAMED_ENOUGH or (near is not None and 4.0 * named + 46.7 * near >= _STATED_PLANE)


def may_state(named: float, near: float | None, fitting: bool = False) -> bool:
    """Whether a sentence that does not surely state what is asked is near enough to be shown for checking.

    The planes are set on real questions in everyday words (``tests/eval/real.jsonl`` and those of the same kind):
    between them and those of :func:`states` lie answers in other words more often than silence.
    """
    return near is not None and 4.0 * named + 46.7 * near >= _MAY_STATE[fitting]


def shown(candidate: Candidate) -> str:
    """A candidate as it is compared by meaning: under its title, as passages are."""
    return f"{candidate.title}：{candidate.text}"


def features(question: str, candidates: Sequence[Candidate]) -> list[dict[str, float]]:
    """The features of each candidate but its nearness in meaning."""
    asked = fold(question)
    folded = [_folded(c) for c in candidates]
    weights = _rarity(asked, folded)
    total = sum(weights.values()) or 1.0
    kinds = [(name, holds) for name, (asks, holds) in _KINDS.items() if asks.search(asked)]
    measure = _MEASURE.search(asked)
    counted = re.compile(f"{_DIGIT}[余多]?{re.escape(measure.group(1))}") if measure else None

    def share(*texts: str) -> float:
        return sum(w for term, w in weights.items() if any(term in text for text in texts)) / total

    rows: list[dict[str, float]] = []
    for c in folded:
        row = {
            "own": share(c.text),
            "before": share(c.text, c.before),
            "before_over": share(c.text, c.before, c.over),
            "after": share(c.text, c.after) - share(c.text),
            "around": share(c.text, c.around),
            "retrieved": c.retrieved,
            "named": c.named,
            "short": min(len(c.text), 15) / 15,
            "measure": float(counted is not None and counted.search(c.text) is not None),
        }
        rows.append(row | dict.fromkeys(_KINDS, 0.0) | {n: 1.0 for n, holds in kinds if holds.search(c.text)})
    return rows


def _folded(c: Candidate) -> Candidate:
    text, title, over, before, after, around = map(fold, (c.text, c.title, c.over, c.before, c.after, c.around))
    return Candidate(text, title, over, before, after, around, c.retrieved, c.named)


def _rarity(asked: str, candidates: Sequence[Candidate]) -> dict[str, float]:
    """Inverse frequency of the question's terms among the candidates; terms that none has tell nothing apart."""
    wanted = {t for t in terms(asked) if len(t) > 1 or t.isascii()}
    counts = {t: sum(t in c.text for c in candidates) for t in wanted}
    over = {c.over for c in candidates}
    held = {t: n for t, n in counts.items() if n or any(t in text for text in over)}
    return {t: math.log(1 + (len(candidates) + 1) / (n + 0.5)) for t, n in held.items()}
