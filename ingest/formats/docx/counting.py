"""Numbers as the formats of automatic numbering write them (ST_NumberFormat, ECMA-376 part 1, 17.18.59)."""

from __future__ import annotations

from collections.abc import Callable

from assistant.domain.language.numerals import to_chinese

_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_DIGITS = "〇一二三四五六七八九"
_LEGAL = str.maketrans("一二三四五六七八九十百千", "壹贰叁肆伍陆柒捌玖拾佰仟")
_ROMAN = tuple(
    zip((1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1), "M CM D CD C XC L XL X IX V IV I".split(), strict=True)
)
_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


def _one_of(characters: str) -> Callable[[int], str]:
    return lambda n: characters[n - 1] if n <= len(characters) else str(n)


def _enclosed(first: int, last: int) -> Callable[[int], str]:
    """Characters that stand in a row in Unicode, for 1 to ``last``; beyond them plain digits."""
    return lambda n: chr(first + n - 1) if n <= last else str(n)


def circled(n: int) -> str:
    """① to ㊿; beyond them plain digits."""
    for base, first in ((0x2460, 1), (0x3251, 21), (0x32B1, 36)):
        if first <= n <= (20 if first == 1 else first + 14):
            return chr(base + n - first)
    return str(n)


def _letters(n: int) -> str:
    """a … z, aa, bb …: Word repeats the letter."""
    return chr(ord("a") + (n - 1) % 26) * ((n - 1) // 26 + 1) if n <= 260 else str(n)


def _roman(n: int) -> str:
    if n >= 4000:
        return str(n)
    text = ""
    for worth, sign in _ROMAN:
        text += sign * (n // worth)
        n %= worth
    return text


def _ordinal(n: int) -> str:
    ending = "th" if n % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n}{ending}"


def _legal(n: int) -> str:
    return ("一" + to_chinese(n) if 10 <= n < 20 else to_chinese(n)).translate(_LEGAL)


_FORMATS: dict[str, Callable[[int], str]] = {
    **dict.fromkeys(
        (
            "chineseCounting",
            "chineseCountingThousand",
            "taiwaneseCounting",
            "taiwaneseCountingThousand",
            "japaneseCounting",
            "koreanCounting",
        ),
        to_chinese,
    ),
    **dict.fromkeys(
        ("ideographDigital", "japaneseDigitalTenThousand", "taiwaneseDigital", "koreanDigital2"),
        lambda n: "".join(_DIGITS[int(d)] for d in str(n)),
    ),
    **dict.fromkeys(("chineseLegalSimplified", "ideographLegalTraditional", "japaneseLegal"), _legal),
    "ideographTraditional": _one_of(_STEMS),
    "ideographZodiac": _one_of(_BRANCHES),
    "ideographEnclosedCircle": _enclosed(0x3280, 10),
    "decimalEnclosedCircle": circled,
    "decimalEnclosedCircleChinese": circled,
    "decimalEnclosedParen": _enclosed(0x2474, 20),
    "decimalEnclosedFullstop": _enclosed(0x2488, 20),
    "decimalZero": lambda n: f"{n:02d}",
    "decimalFullWidth": lambda n: str(n).translate(_FULL_WIDTH),
    "decimalFullWidth2": lambda n: str(n).translate(_FULL_WIDTH),
    "numberInDash": lambda n: f"- {n} -",
    "upperRoman": _roman,
    "lowerRoman": lambda n: _roman(n).lower(),
    "upperLetter": lambda n: _letters(n).upper(),
    "lowerLetter": _letters,
    "ordinal": _ordinal,
    "none": lambda n: "",
}


def render(number: int, number_format: str) -> str:
    """A number in a format; 0, negative numbers and unknown formats give plain digits."""
    form = _FORMATS.get(number_format)
    return form(number) if form is not None and 0 < number < 10**6 else ("" if number_format == "none" else str(number))
