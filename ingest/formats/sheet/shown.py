"""Numbers as a spreadsheet shows them: by the format of their cell (ECMA-376 part 1, 18.8.30 and 18.8.31)."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from ingest.formats.sheet.book import Cell, CellType

#: Formats without a text in the file. 27–36 and 50–58 are those of a Chinese Excel.
BUILT_IN: dict[int, str] = {
    0: "General",
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    14: "yyyy/m/d",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm",
    19: "h:mm:ss",
    20: "h:mm",
    21: "h:mm:ss",
    22: "yyyy/m/d h:mm",
    27: "yyyy年m月",
    28: "m月d日",
    29: "m月d日",
    30: "m-d-yy",
    31: "yyyy年m月d日",
    32: "h:mm",
    33: "h:mm:ss",
    34: "h:mm",
    35: "h:mm:ss",
    36: "yyyy年m月",
    37: "#,##0",
    38: "#,##0",
    39: "#,##0.00",
    40: "#,##0.00",
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mm:ss",
    49: "@",
    **dict.fromkeys((50, 52, 57), "yyyy年m月"),
    **dict.fromkeys((51, 53, 54, 58), "m月d日"),
    **dict.fromkeys((55,), "h:mm"),
    **dict.fromkeys((56,), "h:mm:ss"),
}

_LITERAL = re.compile(r'"([^"]*)"|\\(.)|_.|\*.', re.DOTALL)  # _x leaves a gap, *x fills the cell
_BRACKET = re.compile(r"\[([^\[\]]{0,40})\]")
_CURRENCY = re.compile(r"\[\$([^\[\]\-]{0,8})(?:-[0-9A-Fa-f]{1,8})?\]")
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
_DIGITS = re.compile(r"[0#?][0#?,]*(?:\.[0#?]*)?,*|\.[0#?]+,*")
_LARGEST = 1e17  # beyond it no format is applied: a number has 15 digits
_MOST_PLACES = 9
_LAST_SERIAL = 2_958_465  # 9999-12-31


def shown(number: float, pattern: str, *, from_1904: bool = False) -> Cell:
    """The cell of a number: a date where its format is one, else the number with the format's digits and words.

    Dates are written as documents do: 2024年9月30日, 2024年9月 where the format has no day, 9月30日 where it has no
    year (a year that the sheet does not show is not made up). A serial that no date has is shown as a number.
    """
    if not abs(number) < _LARGEST:
        return Cell(plain(number), CellType.NUMBER)
    section = _section(pattern, number)
    parts = _date_parts(section)
    if parts and (written := _date(number, parts, from_1904=from_1904)):
        return Cell(written, CellType.DATE)
    return Cell(_number(number, section), CellType.NUMBER)


def plain(number: float) -> str:
    """A number in the format General: up to 15 digits, no exponent where it can be helped, no “.0”."""
    if number != number or number in (float("inf"), float("-inf")):
        return str(number)
    decimal = Decimal(f"{number:.15g}")
    if decimal == 0:
        return "0"
    return f"{decimal:f}" if -12 <= decimal.adjusted() <= 20 else f"{number:.15g}"


def iso_date(value: str) -> Cell:
    """A date that the file holds as ISO 8601 text (cells of type d)."""
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return Cell(value)
    date = f"{moment.year}年{moment.month}月{moment.day}日"
    clock = f"{moment.hour}:{moment.minute:02d}" if (moment.hour, moment.minute) != (0, 0) else ""
    return Cell(f"{date} {clock}".strip(), CellType.DATE)


def _section(pattern: str, number: float) -> str:
    """Of “positive;negative;zero;text” the one that holds for the number."""
    sections = _sections(pattern)
    if number < 0 and len(sections) > 1:
        return sections[1]
    if number == 0 and len(sections) > 2:
        return sections[2]
    return sections[0] if number >= 0 or len(sections) > 1 else "-" + sections[0]


@lru_cache(maxsize=512)
def _sections(pattern: str) -> tuple[str, ...]:
    found, start = [], 0
    quoted = escaped = False
    for position, character in enumerate(pattern):
        if escaped:
            escaped = False
        elif character == "\\":
            escaped = True
        elif character == '"':
            quoted = not quoted
        elif character == ";" and not quoted:
            found.append(pattern[start:position])
            start = position + 1
    return (*found, pattern[start:])


@lru_cache(maxsize=512)
def _date_parts(section: str) -> str:
    """Which of y, m (month), d, h, i (minute), s the format shows, as a string; empty for a format of numbers.

    ``[h]`` gives H. In Chinese formats “年”, “月” are literals or stand bare.
    """
    if elapsed := _ELAPSED.search(section):
        return elapsed[1][0].upper()
    bare = _BRACKET.sub("", _LITERAL.sub("", section)).lower()
    bare = bare.replace("am/pm", "").replace("a/p", "").replace("上午/下午", "")
    if "general" in bare or re.search(r"[0#?@]", bare.replace(".000", "").replace(".00", "").replace(".0", "")):
        return ""
    found, last = "", ""
    runs = [m.group()[0] for m in re.finditer(r"y+|e+|m+|d+|h+|s+", bare)]
    for position, letter in enumerate(runs):
        following = runs[position + 1] if position + 1 < len(runs) else ""
        if letter == "m" and (last == "h" or following == "s"):
            letter = "i"
        letter = "y" if letter == "e" else letter
        found += letter if letter not in found else ""
        last = letter
    return found


def _date(number: float, parts: str, *, from_1904: bool) -> str:
    if parts in ("H", "M", "S"):
        seconds = round(number * 86_400)
        return f"{seconds // 3600}:{seconds % 3600 // 60:02d}:{seconds % 60:02d}" if seconds >= 0 else ""
    if not 0 <= number <= _LAST_SERIAL:
        return ""
    if not from_1904 and 60 <= number < 61 and "y" in parts:
        return "1900年2月29日"  # a day that only Excel has
    start = datetime(1904, 1, 1) if from_1904 else datetime(1899, 12, 31 if number < 60 else 30)
    try:
        moment = start + timedelta(seconds=round(number * 86_400))
    except OverflowError:
        return ""
    date = "".join(
        text
        for part, text in (("y", f"{moment.year}年"), ("m", f"{moment.month}月"), ("d", f"{moment.day}日"))
        if part in parts
    )
    clock = ""
    if "h" in parts or "i" in parts:
        clock = f"{moment.hour}:{moment.minute:02d}" + (f":{moment.second:02d}" if "s" in parts else "")
    return f"{date} {clock}".strip()


def _number(number: float, section: str) -> str:
    section = _BRACKET.sub("", _CURRENCY.sub(lambda m: f'"{m[1]}"', section))
    words: list[str] = []

    def keep(match: re.Match[str]) -> str:
        words.append(match[1] if match[1] is not None else match[2] or "")
        return "\x00"

    negative = section.startswith("-")
    bare = _LITERAL.sub(keep, section.removeprefix("-") if negative else section)
    digits = _DIGITS.search(bare)
    sign = "-" if negative else ""
    if "general" in bare.lower() or "@" in bare or not bare:
        pattern = "General" if "general" in bare.lower() else "@"
        start = bare.lower().find(pattern.lower())
        before, after = (bare[:start], bare[start + len(pattern) :]) if start >= 0 else ("", "")
        value = plain(abs(number) if negative else number)
    elif digits is None or "/" in bare or "E" in bare.upper():
        # Fractions and exponents; a section without a digit shows nothing but its words, and the number is more.
        return plain(number)
    else:
        before, after = bare[: digits.start()], bare[digits.end() :]
        shown_percent = "%" in before + after
        value = _rounded(abs(number) * (100 if shown_percent else 1), digits.group())
        if value.strip("0.,") == "":
            sign = ""
    return _worded(sign + before, words) + value + _worded(after, words[before.count("\x00") :])


def _worded(text: str, words: list[str]) -> str:
    supply = iter(words)
    return re.sub("\x00", lambda _: next(supply, ""), text)


def _rounded(number: float, pattern: str) -> str:
    scale = len(pattern) - len(pattern.rstrip(","))  # each comma at the end divides by a thousand
    whole, _, fraction = pattern.rstrip(",").partition(".")
    value = Decimal(f"{number:.15g}") / (1000**scale)
    places = min(len(fraction), _MOST_PLACES)
    value = value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    text = f"{value:f}"
    integer, _, decimals = text.partition(".")
    least = len(fraction.rstrip("#?"))
    decimals = decimals[:least] + decimals[least:].rstrip("0")
    integer = integer.zfill(whole.count("0"))
    if "," in whole:
        integer = f"{int(integer):,}"
    return f"{integer}.{decimals}" if decimals else integer
