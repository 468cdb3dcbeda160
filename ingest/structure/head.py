"""Fields of a document: what its head, its tail and the page around it say, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.domain.language.dates import find_dates
from assistant.domain.language.identity import (
    find_document_numbers,
    find_proposal_numbers,
    find_sessions,
    normalise_number,
)
from assistant.domain.policy import Field, Span
from ingest.formats.model import Trouble
from ingest.formats.spaces import without_inner_spaces
from ingest.structure import roles
from ingest.structure.canonical import Canonical, Line
from ingest.structure.groups import Group, Role
from ingest.structure.parts import Part

_SIGNATORY = re.compile(r"签[ 　]{0,3}发(?:[ 　]{0,3}人)?[：:][ 　]{0,4}(\S(?:[^：:]{0,40}\S)?)")
_PHONE = re.compile(r"[0-9*＊xX×+（()）\-—－ ]{7,24}")
_CONTACT_LABEL = re.compile(r"联[ 　]{0,3}系[ 　]{0,3}人[^：:]{0,6}[：:]|经办人[：:]|承办人[：:]")
# What mail programs put before a subject.
_FORWARDED = re.compile("(?:(?:答复|回复|转发|re|fwd?)[ 　]{0,2}[：:][ 　]{0,3}){1,9}", re.IGNORECASE)
_OPENING_LINES = 4  # body paragraphs in which a reply names the proposal that it answers

#: What the labels of a page's metadata block are called as fields.
_METADATA = {
    **dict.fromkeys(("标题", "名称", "文件名称", "信息名称", "邮件主题"), "title"),
    **dict.fromkeys(("发文字号", "文号", "文件编号"), "number"),
    **dict.fromkeys(("发文机关", "发文单位", "发布机构", "发布机关"), "issuer"),
    **dict.fromkeys(("成文日期", "生成日期", "发文日期"), "issued_on"),
    **dict.fromkeys(("发布日期", "发布时间", "公开日期"), "published_on"),
    **dict.fromkeys(("索引号", "信息索引号"), "index_number"),
    **dict.fromkeys(("主题分类", "主题词"), "theme"),
    **dict.fromkeys(("公开类别", "公开方式", "公开属性", "公开形式"), "publicity"),
}
# How certain a kind is, by what speaks for it: an order, not a measured frequency.
_BY_TITLE_AND_HEAD, _BY_TITLE, _BY_HEAD, _BY_NAME, _BY_NOTHING = 0.99, 0.9, 0.75, 0.5, 0.2


@dataclass(frozen=True, slots=True)
class Kind:
    """What a document is (通知, 答复, …), and how certain that is, 0 to 1."""

    name: str
    confidence: float


#: Fields in which the page and the document can contradict each other.
_COMPARED = {"title": "标题", "number": "发文字号", "issued_on": "成文日期", "issuer": "发文机关"}


def fields_of(text: Canonical, parts: Sequence[Part]) -> tuple[tuple[Field, ...], tuple[Trouble, ...]]:
    """The fields of the main document, those of the body before those of the page, and what contradicts what.

    Dates are ISO 8601; a date that is impossible or lacks its day gives no field.
    """
    main = parts[0] if parts else None
    body = [f for f in (_body_fields(text.text, main) if main else ()) if f.value]
    # 版记 (抄送) stands on the last page, behind any attachment.
    behind = [g for p in parts[1:] for g in p.tail if g.role == Role.COPY]
    body += [f for g in behind for f in _tail_field(text.text, g)]
    page = [f for f in _page_fields(text) if f.value]
    troubles = []
    for name, label in _COMPARED.items():
        ours = {_comparable(f.value) for f in body if f.name == name}
        for theirs in (f for f in page if f.name == name):
            if ours and not _agree(ours, _comparable(theirs.value)):
                first = next(f for f in body if f.name == name)
                note = f"{label}不一致：正文“{first.as_written}”，网页信息“{theirs.as_written}”，以正文为准"
                troubles.append(Trouble("网页信息", note, lost=False))
    unique: dict[tuple[str, str], Field] = {}
    for field in (*body, *page):
        unique.setdefault((field.name, field.value), field)
    return tuple(unique.values()), tuple(troubles)


def document_title(fields: Sequence[Field], parts: Sequence[Part], fallback: str) -> str:
    """The title: the body's, else the page's, else ``fallback`` (the file's name)."""
    return next((f.value for f in fields if f.name == "title"), "") or (parts[0].title if parts else "") or fallback


def document_kind(title: str, parts: Sequence[Part]) -> Kind:
    """The kind by rules over title and head; 其他 where none speaks.

    A letter or reply that names a proposal is a 答复; a 建议 with the head of a proposal (案号, 提案者) is a 提案.
    """
    head = parts[0].head if parts else ()
    written = any(g.role == Role.TITLE or roles.HEAD_LABELS.get(g.name) == "title" for g in head)
    kind = _kind(title, parts)
    if kind == "答复" and _to_a_deputy(title, head):
        kind = "建议答复"
    if kind == "其他":
        return Kind(kind, _BY_NOTHING)
    confirmed = kind in ("提案", "答复", "建议答复") and any(
        g.role == Role.CASE or g.name.startswith("提案") for g in head
    )
    by_end = roles.title_kind(re.sub(r"\s", "", title)) == kind.removeprefix("建议")
    confidence = _BY_TITLE_AND_HEAD if by_end and (confirmed or _has_head(head)) else _BY_TITLE if by_end else _BY_HEAD
    return Kind(kind, confidence if written else min(confidence, _BY_NAME))


def _to_a_deputy(title: str, head: Sequence[Group]) -> bool:
    """Whether a reply goes to a deputy of a people's congress (人大代表建议), not to a member of the 政协 (提案)."""
    asked = re.sub(r"\s", "", title) + "".join(g.joined for g in head if g.role == Role.CASE)
    if re.search(r"提案|政协", asked):
        return False
    deputy = any(g.role == Role.ADDRESSEE and re.search(r"代表[：:]?$", g.joined.rstrip("：: ")) for g in head)
    return "建议" in asked and (deputy or bool(re.search(r"人大|人民代表大会", asked)))


def _has_head(head: Sequence[Group]) -> bool:
    return any(g.role in (Role.NUMBER, Role.MASTHEAD, Role.ADDRESSEE) for g in head)


def _kind(title: str, parts: Sequence[Part]) -> str:
    bare = re.sub(r"\s", "", title)
    kind = roles.title_kind(bare)
    head = parts[0].head if parts else ()
    proposal_head = any(g.role == Role.CASE or "提案" in g.name or g.name == "案由" for g in head)
    proposal_head = proposal_head or any("提案" in g.joined for g in head if g.role in (Role.TITLE, Role.MASTHEAD))
    if kind in ("函", "意见") and find_proposal_numbers(bare) and re.search(r"提案|建议|议案", bare):
        return "答复"
    form = re.fullmatch(r"(?!关于).*(?:人民代表大会|人大|代表).{0,24}(?:建议|议案)", bare)
    if form and (kind in ("其他", "建议") or kind is None):
        return "建议"  # 某县第十八届人民代表大会第三次会议代表建议: the form that deputies write on
    if kind in ("其他", "提案") or kind is None:
        # Titles of proposals are free: 关于…的建议, 加强…. Their head tells them.
        if any(g.name.startswith("提案") or g.name == "案由" for g in head):
            return "提案"
        if re.search(r"(?:建议|提案|议案)$", bare) and (proposal_head or kind == "提案"):
            return "提案"
        if re.fullmatch(r".{0,10}[对就].{0,60}(?:提案|建议|议案).{0,12}(?:答复|回复).{0,6}", bare):
            return "答复"
    return kind or "其他"


def _body_fields(text: str, main: Part) -> Iterator[Field]:
    labelled = [g for g in main.head if g.role == Role.LABELLED]
    yield from (f for g in labelled for f in _labelled(text, g))
    for group in main.head:
        yield from _head_field(text, group)
    yield from _case_fields(text, main)
    for group in main.tail:
        yield from _tail_field(text, group)
    # A note or a line below the title may date a charter or a plan that is not signed.
    if not any(f.name == "issued_on" for g in main.tail for f in _tail_field(text, g)):
        for group in main.head:
            if group.role == Role.DATE or (group.role == Role.NOTE and _dates_document(group.joined)):
                yield from _dates(text, group.span, "issued_on")


def _dates_document(note: str) -> bool:
    """（2024年3月28日成立大会通过）, （某某秘书处　2024年7月6日） or a bare date in brackets."""
    signed = roles.signature_with_date(note.strip(" 　（）()"))
    return (
        roles.is_date(note)
        or signed
        or (len(find_dates(note)) == 1 and bool(re.search(r"通过|印发|公布|发布|批准", note)))
    )


def _head_field(text: str, group: Group) -> Iterator[Field]:
    span = group.span
    match group.role:
        case Role.TITLE:
            yield Field("title", _one_space(group.joined), span.of(text), span)
        case Role.NUMBER:
            yield from _numbers(text, span)
            yield from _signatory(text, span)
        case Role.ISSUER:
            for line in group.lines:
                yield from _signature(text, line)
        case Role.ADDRESSEE:
            start = re.match(r"主[ 　]{0,3}送(?:单位|机关)?[：:][ 　]{0,3}", span.of(text))
            inner = Span(span.start + (start.end() if start else 0), span.end)
            written = inner.of(text).rstrip("：: 　")
            yield Field("addressee", written, written, Span(inner.start, inner.start + len(written)))
        case _:
            yield from ()


def _labelled(text: str, group: Group) -> Iterator[Field]:
    name = roles.HEAD_LABELS.get(group.name)
    line = group.lines[0]
    found = roles.labelled(line.text)
    if name is None or found is None:
        return
    span = Span(line.span.start + found[1], line.span.end)
    written = span.of(text)
    match name:
        case "number":
            yield from _numbers(text, span)
        case "issued_on" | "published_on":
            yield from _dates(text, span, name)
        case "proposal_number" | "session":
            digits = re.fullmatch(r"0{0,5}([0-9]{1,6})", written)
            if name == "proposal_number" and digits:
                yield Field(name, str(int(digits[1])), written, span)
        case "contact":
            yield from _contact(text, line)
        case _:
            yield Field(name, _one_space(written) if name == "title" else written, written, span)


def _case_fields(text: str, main: Part) -> Iterator[Field]:
    """Number and session of the proposal: from the head, else from the sentence that acknowledges it (…收悉)."""
    spans = [g.span for g in main.head if g.role != Role.ADDRESSEE]
    opening = [line.span for line in main.body[:_OPENING_LINES] if re.search(r"收悉|提出的|收到", line.text)]
    numbered = False
    for span in (*spans, *opening):
        part = span.of(text)
        about = re.search(r"提案|建议|议案|政协|人大|案号", text[max(0, span.start - 200) : span.end])
        if not numbered and about:
            for place, number in find_proposal_numbers(part):
                place = Span(span.start + place.start, span.start + place.end)
                yield Field("proposal_number", str(number), place.of(text), place)
                numbered = True
        for place, session in find_sessions(part):
            place = Span(span.start + place.start, span.start + place.end)
            yield Field("session", session, place.of(text), place)


def _tail_field(text: str, group: Group) -> Iterator[Field]:
    for line in group.lines:
        match group.role:
            case Role.SIGNATURE:
                yield from _signature(text, line)
            case Role.CONTACT:
                yield from _contact(text, line)
            case Role.COPY:
                start = re.match(r"[^：:]{2,8}[：:][ 　]{0,3}", line.text)
                offset = start.end() if start else 0
                written = line.text[offset:].rstrip("。 　")
                place = Span(line.span.start + offset, line.span.start + offset + len(written))
                yield Field("copy_to", written, written, place)
            case Role.PUBLICITY:
                written = re.sub(r"^[^：:]{2,8}[：:]", "", line.text.strip("（）() 　"))
                offset = line.text.index(written)
                place = Span(line.span.start + offset, line.span.start + offset + len(written))
                yield Field("publicity", written, written, place)
            case _:
                yield from ()


def _signature(text: str, line: Line) -> Iterator[Field]:
    dates = find_dates(line.text)
    names_end = dates[-1].span.start if dates else len(line.text)
    if dates:
        yield from _dates(text, line.span, "issued_on")
    if roles.is_date(line.text):
        return
    for match in re.finditer(r"[^ 　\t]+", line.text[:names_end]):
        if len(match.group()) > 1:
            place = Span(line.span.start + match.start(), line.span.start + match.end())
            yield Field("issuer", match.group(), match.group(), place)


def _contact(text: str, line: Line) -> Iterator[Field]:
    label = _CONTACT_LABEL.search(line.text)
    if label:
        rest = line.text[label.end() :]
        stop = re.search(r"[，,；;。）)]|联系电话|电话|[ 　](?=[0-9*]{3}|1[3-9])", rest)
        written = rest[: stop.start() if stop else len(rest)].strip(" 　")
        offset = line.text.index(written, label.end()) if written else label.end()
        phone = _PHONE.search(written)
        if phone:
            written = written[: phone.start()].strip(" 　")
        if written:
            place = Span(line.span.start + offset, line.span.start + offset + len(written))
            yield Field("contact", written, written, place)
    for phone in _PHONE.finditer(line.text):
        written = phone.group().strip(" （()）-—－")
        if sum(c.isdigit() or c in "*＊xX×" for c in written) >= 7:
            start = line.span.start + phone.start() + phone.group().index(written)
            yield Field("phone", written, written, Span(start, start + len(written)))


def _numbers(text: str, span: Span) -> Iterator[Field]:
    for place, number in find_document_numbers(span.of(text))[:1]:
        place = Span(span.start + place.start, span.start + place.end)
        yield Field("number", number, place.of(text), place)


def _signatory(text: str, span: Span) -> Iterator[Field]:
    if match := _SIGNATORY.search(span.of(text)):
        place = Span(span.start + match.start(1), span.start + match.end(1))
        yield Field("signatory", place.of(text), place.of(text), place)


def _dates(text: str, span: Span, name: str) -> Iterator[Field]:
    for date in find_dates(span.of(text)):
        if date.iso:
            place = Span(span.start + date.span.start, span.start + date.span.end)
            yield Field(name, date.iso, date.as_written, place)


def _page_fields(text: Canonical) -> Iterator[Field]:
    for label, _, span in text.metadata:
        name = _METADATA.get(label)
        if name is None:
            continue
        written = span.of(text.text)
        if name in ("issued_on", "published_on"):
            yield from _dates(text.text, span, name)
        elif name == "number":
            yield Field(name, normalise_number(written) or written, written, span)
        else:
            value = _FORWARDED.sub("", written) if label == "邮件主题" else re.sub(r"\\+", "/", written)
            yield Field(name, value, written, span)


def _one_space(text: str) -> str:
    """A title of two halves keeps the space between them; lines were joined without one."""
    return re.sub(r"\s+", " ", text)


def _comparable(value: str) -> str:
    return re.sub(r"[\s、，,“”\"《》〈〉()（）]", "", value)


def _agree(ours: set[str], theirs: str) -> bool:
    """Equal, or the page names all the bodies that sign one after the other."""
    return theirs in ours or without_inner_spaces(theirs) == "".join(ours) or all(o in theirs for o in ours)
