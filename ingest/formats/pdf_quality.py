"""Whether a page's text layer is text: a rule over its characters.

Measured on 4,370 runs of 400 characters of real documents and the same runs garbled in fifteen ways (characters mapped
to others at random or by a shift, wrong encodings, private use, glyph numbers): the share of common characters among
the Chinese ones is 0.39 and more in text (0.52 in 99 % of the runs), 0.17 and less in garbage; strange characters are
0.003 and less in text, 0.7 and more in garbage of private use and of encodings. The limits stand between.
"""

from __future__ import annotations

import re

#: The characters that make up most of any modern Chinese text.
_COMMON = frozenset(
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种"
    "事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公"
    "此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特"
    "代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数"
    "安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达"
    "光放强即像难且权思王象完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运"
)
_MIN_HAN = 60  # Chinese characters below which their statistics say nothing
_LEAST_COMMON = 0.26
_MOST_STRANGE = 0.2
_MIN_LETTERS = 150
_COMMON_LETTERS = frozenset("etaoinshr")
_LEAST_COMMON_LETTERS = 0.5
_ACCENTED = re.compile("[\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f]")
_CID = re.compile(r"\(cid:[0-9]{1,6}\)")
_EXPECTED = re.compile(
    "[0-9A-Za-z\u0020-\u007e\u3000-\u303f\uff00-\uffef\u4e00-\u9fff\u3400-\u4dbf\uf900-\ufaff"
    "\u2010-\u2027\u2030-\u205e\u2460-\u24ff\u2150-\u218f\u2190-\u21ff\u2200-\u22ff\u2500-\u25ff\u2600-\u27bf"
    "\u3200-\u33ff\u00a0\u00a7\u00b0\u00b1\u00b7\u00d7\u00f7\u00ab\u00bb\u0370-\u03ff\u3040-\u30ff]|[\U00020000-\U0003ffff]"
)
_PICTURED = 0.55  # share of a page covered by one picture from which the page is one
_SPARSE = 60  # characters beside which such a picture is the text, and they are a stamp or a heading on it


def strange_share(text: str) -> float:
    """Share of characters that no Chinese document has: private use, replacements, controls, (cid:…), mojibake."""
    cids = len(_CID.findall(text))
    rest = _CID.sub("", text)
    accented = sum(1 for c in rest if _ACCENTED.match(c))
    # Letters with accents are text in a European language, where most letters have none; else they are mojibake.
    european = accented < 0.25 * sum(1 for c in rest if c.isascii() and c.isalpha())
    strange = cids + sum(1 for c in rest if not _EXPECTED.match(c)) - (accented if european else 0)
    return strange / max(1, cids + len(rest))


def common_share(text: str) -> float | None:
    """Share of common characters among the Chinese ones; None where there are too few to tell."""
    han = [c for c in text if "\u3400" <= c <= "\u9fff" or c >= "\U00020000"]
    return sum(1 for c in han if c in _COMMON) / len(han) if len(han) >= _MIN_HAN else None


def garbage(text: str) -> str | None:
    """Why the text of a page is none, in words for the reader; None where it is text (or too short to tell)."""
    if strange_share(text) > _MOST_STRANGE:
        return "文字层是乱码"
    common = common_share(text)
    if common is not None and common < _LEAST_COMMON:
        return "文字层的字与字形对不上（乱码）"
    return "文字层几乎没有汉字，像是乱码" if _is_broken_latin(text) else None


def _is_broken_latin(text: str) -> bool:
    """Whether a page without Chinese is neither words nor figures: glyph numbers that were taken for letters."""
    han = sum(1 for c in text if "\u3400" <= c <= "\u9fff")
    digits = sum(1 for c in text if c.isdigit())
    if len(text) < _MIN_LETTERS or han > 0.05 * len(text) or digits > 0.4 * len(text):
        return False
    letters = [c.lower() for c in text if c.isascii() and c.isalpha()]
    if len(letters) < 0.4 * len(text):
        return True
    return sum(1 for c in letters if c in _COMMON_LETTERS) < _LEAST_COMMON_LETTERS * len(letters)


def is_picture(text: str, pictured: float) -> bool:
    """Whether a page is a scan: a picture over most of it, with no text or a stamp's worth of it."""
    return pictured >= _PICTURED and len(text) < _SPARSE
