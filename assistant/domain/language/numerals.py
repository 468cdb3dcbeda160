"""Chinese numerals, as official documents write them."""

from __future__ import annotations

_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "○": 0,
    "Ｏ": 0,
    "两": 2,
    "壹": 1,
    "贰": 2,
    "叁": 3,
    "肆": 4,
    "伍": 5,
    "陆": 6,
    "柒": 7,
    "捌": 8,
    "玖": 9,
}
_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_TENS = {"廿": 20, "卅": 30}
_LARGE = {"亿": 10**8, "万": 10**4}
_LONGEST = 24  # characters; longer runs are no numbers of documents

#: The characters that a Chinese numeral of a document may consist of, for use inside a regular expression's [].
NUMERAL_CHARS = "零〇○一二三四五六七八九十百千两廿卅"


def parse_numeral(text: str) -> int | None:
    """The value of a numeral: 二十一, 一百零三, 两, 廿三, digit by digit 二〇〇五, and 2005 or ２００５.

    None for anything else (also for 第三, 十百, an empty text, or runs longer than 24 characters).
    """
    text = text.strip()
    if not text or len(text) > _LONGEST:
        return None
    if all(c in "0123456789０１２３４５６７８９" for c in text):
        return int(text)
    if all(c in _DIGITS for c in text):
        # A single digit, or digits in positions (二〇〇五, 五二四).
        return int("".join(str(_DIGITS[c]) for c in text))
    return _with_units(text)


def _with_units(text: str) -> int | None:
    for mark, value in _LARGE.items():
        left, found, right = text.partition(mark)
        if found:
            high = _with_units(left)
            low = _with_units(right) if right else 0
            if high is None or low is None or low >= value:
                return None
            return high * value + low
    total, digit, last_unit = 0, None, 10**4
    for position, c in enumerate(text):
        if c in _DIGITS:
            if digit is not None and digit != 0:
                return None
            digit = _DIGITS[c]
        elif c in _UNITS or c in _TENS:
            unit = 10 if c in _TENS else _UNITS[c]
            if unit >= last_unit:
                return None
            if c in _TENS:
                if digit:
                    return None
                total += _TENS[c]
            elif digit is None:
                if unit != 10 or position:  # only 十 may open a numeral without a digit before it
                    return None
                total += 10
            else:
                total += (digit or 1) * unit
            digit, last_unit = None, unit
        else:
            return None
    return total + (digit or 0)


def to_chinese(number: int) -> str:
    """The usual reading of a number from 0 to 99,999,999: 21 is 二十一, 103 is 一百零三, 10 is 十.

    Raises ValueError outside that range.
    """
    if not 0 <= number < 10**8:
        raise ValueError(f"no numeral of a document: {number}")
    if number >= 10**4:
        high, low = divmod(number, 10**4)
        gap = "零" if 0 < low < 1000 else ""
        return to_chinese(high) + "万" + gap + (_below_ten_thousand(low) if low else "")
    text = _below_ten_thousand(number)
    return text[1:] if text.startswith("一十") else text


def _below_ten_thousand(number: int) -> str:
    if number == 0:
        return "零"
    text, gap = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            text += ("零" if gap and text else "") + "零一二三四五六七八九"[digit] + name
            gap = False
        else:
            gap = True
    return text
