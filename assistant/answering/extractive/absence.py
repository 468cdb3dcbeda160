"""What a question speaks of and the best sentences do not say: a year, a name, a noun, the kind of value."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answering.extractive.forms import Form
from assistant.answering.extractive.scoring import Scored
from assistant.answering.retrieval.reading import Reading
from assistant.domain.language.plain_words import in_official_words
from assistant.domain.language.text import fold

SENTENCES = 3  # measured: the answer is among the first three sentences for 88 of 100 questions
_COUNTED_NOUN = re.compile(
    # 考了多少人了, 交多少钱一年: what follows is no noun that a text would have to name.
    "多少(?!(?:钱|人|次|天|年)(?:(?:每?一?[年月天次])?[了呢啊吗呀]?)(?:[？?，。]|$))([一-鿿]{2,6}?)[了呢啊吗呀]?(?=[？?，。]|$)"
    "|(?!完成|达到|投入|安排|建设|现在|目前|一共|总共|分别)([一-鿿]{2})(?:分别|各|要|应当?|须|需要?|可以?|能)*(?:是|有|为|达到?)多少[？?。]*$"
)
# Words for how much: a text says 不超过1% and not 上限, 达到80% and not 比例.
_MEASURES = re.compile(
    "^(?:[上下]限|最[高低多少大小长短]|金额|数[额量目]|总[数量额]|比[例率重]|标准|规模|期限|时[限间]|[一-鿿]率|费用|价格|资金|人数|面积|指标|目标|要求|程度|水平)$"
)
_NUMBER_OF = re.compile("([一-鿿]{2})[了过到]?(?:百分之多少|多少(?=[个家名项人所位次]))")
_NO_DEED = re.compile(
    "[的了是有要能可以需应会在到个年月日每共少多高低总占达含约用]|完成|投入|安排|建设|现在|目前|分别|设置|设立|包括"
)
_YEAR = re.compile("(?:19|20)[0-9]{2}(?=年)")
_QUOTED = re.compile("“([^”]{2,30})”")
_SPOKEN = "不没太很别要会能罚给跟"  # they begin what people say of a matter, seldom its name
_WORD = 3  # characters from which a run that is nowhere in a document is a word that it does not know
FITS = 0.3  # coverage from which a sentence that fits the form shows that the matter is stated
_MEANT = 0.92  # cosine
_BEARS = 0.65  # of the best sentence's coverage


def absent_in(reading: Reading, scored: list[Scored], words: str, form: Form | None, *, fitting: bool) -> str:
    """What the question speaks of and the answer would lack: a year, a quoted name, a noun, or what its form needs.

    Years and names are looked for in the whole document, the noun (多少在校生, 预算是多少) in the sentence and over it.
    """
    text, best = reading.question.text, scored[0].segment
    held = fold(f"{best.document.title}{best.document.text}")
    # What is only put to the documents for confirmation (是2011年吧) is compared with them, not demanded of them.
    named = [*([] if reading.question.yes_no else _YEAR.findall(text)), *_QUOTED.findall(text)]
    if missing := next((n for n in named if fold(n) not in held), ""):
        return missing
    if form and form.needed and not any(i.coverage >= FITS and i.fits(form) for i in scored[:SENTENCES]):
        return form.name
    near = "".join(level.text for level in reading.levels(best))
    noun = next((a or b for a, b in _COUNTED_NOUN.findall(text)), "")
    ways = [noun, in_official_words(noun)]
    if len(noun) > 1 and not _MEASURES.search(noun) and not any(_shares(way, near) for way in ways):
        return noun
    # What is as near as this in meaning and has what is asked for says it in other words.
    said = fitting and (scored[0].near or 0.0) >= _MEANT
    return "" if said else _foreign(reading, in_official_words(words), held)


def _shares(word: str, text: str) -> bool:
    return any(word[i : i + 2] in text for i in range(len(word) - 1))


def _foreign(reading: Reading, words: str, held: str) -> str:
    """A word of the question that other documents know and the answer's does not (秘书处, of a body without one)."""
    others = ""
    for run in fold(words).split():
        covered = [
            (i + 1 < len(run) and run[i : i + 2] in held) or (i > 0 and run[i - 1 : i + 1] in held)
            for i in range(len(run))
        ]
        for start in range(len(run) - 2):
            if run[start] in _SPOKEN:
                continue
            if not any(covered[start : start + _WORD]) and len(run[start : start + _WORD]) == _WORD:
                others = others or _known(reading)
                if run[start : start + _WORD] in others:
                    return run[start : start + _WORD]
    return ""


def _known(reading: Reading) -> str:
    texts = (*(f"{d.title}{d.text}" for d in reading.documents), *(p.chunk.passage for p in reading.passages))
    return fold("".join(texts))


def unsaid(reading: Reading, best: Scored) -> str:
    """The word right before an asked number (抽查多少个, 降价百分之多少) that neither sentence nor headings say."""
    match = _NUMBER_OF.search(reading.question.text)
    if match is None or _NO_DEED.search(match[1]):
        return ""
    held = fold("".join(level.text for level in reading.levels(best.segment)) + (best.lead.text if best.lead else ""))
    said = any(fold(word) in held for word in (match[1], in_official_words(match[1])))
    return "" if said else match[1]


def fits_beside(scored: Sequence[Scored], form: Form, first: Scored) -> bool:
    """Whether a sentence of the best one's document that is nearly as much about the matter has what is asked for."""
    near = (i for i in scored[: 2 * SENTENCES] if i.segment.document.id == first.segment.document.id)
    return any(i.fits(form) and i.coverage >= _BEARS * first.coverage for i in near)
