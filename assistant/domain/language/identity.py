"""What identifies a document: its number (发文字号), the number of a proposal, the session it was made in.

The forms are those of GB/T 9704 and of what is met in practice (other brackets, lost brackets, full-width digits).
Every pattern is bounded, so that a search takes time linear in the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.domain.language.numerals import NUMERAL_CHARS, parse_numeral, to_chinese
from assistant.domain.policy import Span

_WIDE = str.maketrans("０１２３４５６７８９", "0123456789")
_OPEN, _CLOSE = "〔[﹝【（(［〖", "〕]﹞】）)］〗"
_DIGIT = "[0-9０-９]"
_AGENCY = r"(?P<agency>[㐀-鿿]{1,16})"
_SERIAL = rf"(?:第[ 　]?)?({_DIGIT}{{1,5}})[ 　]?号"
# The three ways: brackets whole; closing bracket lost (〔201763号), where four digits of the run are the year; opening
# bracket lost (2017〕63号).
_NUMBER = re.compile(
    _AGENCY
    + rf"(?:[ 　]?[{re.escape(_OPEN)}][ 　]?({_DIGIT}{{4}})[ 　]?年?[{re.escape(_CLOSE)}][ 　]?{_SERIAL}"
    + rf"|[ 　]?[{re.escape(_OPEN)}]({_DIGIT}{{5,9}})[ 　]?号"
    + rf"|({_DIGIT}{{4}})[{re.escape(_CLOSE)}][ 　]?{_SERIAL})"
)
_YEARS = range(1949, 2100)

# Words before an agency's code in running text; the code is what follows the last of them.
_LEAD_INS = re.compile(
    r"[的据按照见于由为和与及在]|文号|字号|文件|通知|印发|批复|复函|下发|转发|参照|贯彻|落实|执行|废止|根据|依据|发布|详见"
)


@dataclass(frozen=True, slots=True)
class DocumentNumber:
    """A document number in its parts; ``str()`` gives the form of GB/T 9704, such as 吉市教议〔2023〕7号."""

    agency: str
    year: int
    serial: int

    def __str__(self) -> str:
        return f"{self.agency}〔{self.year}〕{self.serial}号"


def parse_number(raw: str) -> DocumentNumber | None:
    """The number that ``raw`` is (white space around and inside it is allowed), or None."""
    match = _NUMBER.fullmatch(re.sub(r"\s", "", raw))
    return _parts(match) if match else None


def normalise_number(raw: str) -> str | None:
    """``raw`` in the form 机关〔年〕序号号, or None where it is no document number.

    Takes [2014], ﹝2014﹞, 【2014】, (2014), full-width digits, and one lost bracket: in 〔201763号 the first four
    digits are the year. 〔20227号 reads as year 2022, serial 7. A year outside 1949–2099 is no year.
    """
    number = parse_number(raw)
    return str(number) if number else None


def find_document_numbers(text: str) -> list[tuple[Span, str]]:
    """Every document number in a text, in order: its place and its normalised form.

    Chinese has no space before an agency's code; where a word such as 根据 or 文号 runs into it, the code starts
    after that word.
    """
    found: list[tuple[Span, str]] = []
    for match in _NUMBER.finditer(text):
        number = _parts(match)
        if number is None:
            continue
        lead = 0
        for word in _LEAD_INS.finditer(number.agency):
            if word.end() < len(number.agency):
                lead = word.end()
        number = DocumentNumber(number.agency[lead:], number.year, number.serial)
        found.append((Span(match.start() + lead, match.end()), str(number)))
    return found


def _parts(match: re.Match[str]) -> DocumentNumber | None:
    agency, whole_year, whole_serial, run, open_year, open_serial = match.groups()
    year, serial = (run[:4], run[4:]) if run else (whole_year or open_year, whole_serial or open_serial)
    year, serial = year.translate(_WIDE), serial.translate(_WIDE)
    if int(year) not in _YEARS or not int(serial):
        return None
    return DocumentNumber(agency, int(year), int(serial))


_COUNT = rf"(?:{_DIGIT}{{1,6}}|[{NUMERAL_CHARS}]{{1,9}})"
_CASE = r"(?:[㐀-鿿]{0,8}?(?:提案|建议|议案))"
# 第524号 stands alone; without 第 the word 提案 or 建议 must follow within a few characters.
_PROPOSAL = re.compile(
    rf"第[ 　]?(?P<a>{_COUNT})[ 　]?号(?!令|公告|修正|文件|决定|主席令)"
    rf"|(?<![{NUMERAL_CHARS}0-9０-９〕\])）﹞】])(?P<b>{_COUNT})[ 　]?号{_CASE}"
)


def find_proposal_numbers(text: str) -> list[tuple[Span, int]]:
    """Numbers of proposals, suggestions and motions: 第524号, 五二四号提案, 524号提案, 第7240号建议.

    The span covers 第…号. Numbers of documents (〔2023〕7号) and of decrees (第588号令) are none.
    """
    found: list[tuple[Span, int]] = []
    for match in _PROPOSAL.finditer(text):
        raw = match["a"] or match["b"]
        value = parse_numeral(raw)
        before = text[max(0, match.start() - 1) : match.start()]
        if value is None or (before and before in _CLOSE):
            continue
        found.append((Span(match.start(), text.index("号", match.end("a" if match["a"] else "b")) + 1), value))
    return found


_ORDINAL = rf"(?:[0-9０-９]{{1,2}}|[{NUMERAL_CHARS}]{{1,3}})"
_SESSION = re.compile(
    rf"第?(?P<term>{_ORDINAL})届(?:(?:全国|[省市县区州]|[㐀-鿿]{{2,5}}[省市县区州])?(?:委员会|人大|政协|人民代表大会|政治协商会议)?)"
    rf"第?(?P<session>{_ORDINAL})次(?:(?:全体)?会议|提案|大会)?"
)


def find_sessions(text: str) -> list[tuple[Span, str]]:
    """Sessions of a congress or conference, normalised to the form 十四届二次.

    市政协十四届二次会议, 十四届委员会第二次会议 and 14届2次 are the same session. A session whose number was lost
    (十届人大次会议) is not found: it cannot be told which it was.
    """
    found: list[tuple[Span, str]] = []
    for match in _SESSION.finditer(text):
        term, session = parse_numeral(match["term"]), parse_numeral(match["session"])
        if term and session:
            found.append((Span(match.start(), match.end()), f"{to_chinese(term)}届{to_chinese(session)}次"))
    return found
