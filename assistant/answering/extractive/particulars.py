"""Questions for what stands in the head and tail of a document: number, signatory, dates, contact."""

from __future__ import annotations

import re

from assistant.answering.extractive.passages import passages
from assistant.answering.extractive.replies import which_document
from assistant.answering.retrieval.reading import Reading
from assistant.answering.retrieval.relevance import Relevance
from assistant.answering.statements import NOT_STATED, Composition, Quote, Statement, attributed, trimmed
from assistant.answering.understanding.subjects import is_short_of
from assistant.domain.dialogue import Verdict
from assistant.domain.policy import Document, Field, Span
from assistant.domain.units.names import same_unit

NAMES = {
    "number": "发文字号",
    "signatory": "签发人",
    "copy_to": "抄送",
    "addressee": "主送",
    "issued_on": "成文日期",
    "published_on": "发布日期",
    "issuer": "署名",
    "publicity": "公开属性",
    "contact": "联系人",
    "phone": "联系电话",
    "index_number": "索引号",
    "theme": "主题分类",
    "session": "届次",
    "proposal_number": "提案号",
    "proposer": "提案者",
    "title": "标题",
    "category": "答复类别",
}
# 答复类别：B类 stands in the tail of a reply; what a class means differs from place to place and is not explained.
_CATEGORY = re.compile("(?:答复|办理)?类别[：:] ?([A-DＡ-Ｄ]) ?类?")
_RULED = re.compile("谁签发|哪位[^，。？]{0,6}签发|是否公开|公开吗|找谁|问谁|问哪个|咨询谁|咨询哪")
_PROPOSER = re.compile(
    "^(?:第一)?(?:提案者|提案人|提案单位|提出人|领衔代表|领衔人)[：:][ \u3000]?([^\n]{1,80})$", re.MULTILINE
)
_CATEGORY_ALONE = re.compile("(?:^|[\\s　])([A-EＡ-Ｅ])[ 　]?类(?=\\s|$)")  # beside the number in the head
_HEAD = 400  # characters
_MASKED = "（文件中已遮蔽，不能补全）"
_MANY = 3  # more documents than this that fit equally well are asked back


def particulars(reading: Reading) -> Composition:
    """The asked fields of the document in question, each quoted; what it does not bear is said."""
    asked = reading.question.fields
    if reading.scope.documents is None and reading.question.object and _RULED.search(reading.question.text):
        # 护照由谁签发, 招标结果是否公开 may be asked of what a text rules, not of the head of a document.
        ruled = passages(reading)
        if ruled.verdict is Verdict.ANSWERED:
            return ruled
    if "category" in asked and (said := _categories(reading)):
        return said
    holders = [d for d in reading.documents if all(_found(d, name) for name in asked)]
    documents = holders or [d for d in reading.documents if any(_found(d, name) for name in asked)]
    if reading.scope.documents is not None:
        documents = list(reading.documents)
    elif reading.question.object and len(documents) > 1:
        documents = _by_title(documents, reading.question.object)
    whose = reading.question.units if reading.scope.documents is None and set(asked) & {"contact", "phone"} else ()
    if whose:  # another office's contact would send the reader to the wrong door
        documents = [d for d in documents if any(_speaks_for(d, unit) for unit in whose)]
    if not documents and whose:
        missing = "、".join(NAMES[name] for name in asked)
        return Composition(Verdict.NOT_STATED, (Statement(f"{NOT_STATED}{'、'.join(whose)}的{missing}。"),))
    if not documents:
        missing = "、".join(NAMES[name] for name in asked)
        return Composition(Verdict.NOT_STATED, (Statement(f"{NOT_STATED}{missing}。"),))
    if len(documents) > _MANY:
        return which_document(reading)
    if any(_found(d, name) for d in documents for name in asked):
        documents = [d for d in documents if any(_found(d, name) for name in asked)]
    statements = [s for d in documents for s in _of_document(d, asked)]
    stated = any(s.quotes for s in statements)
    silent = any(not s.quotes for s in statements)
    verdict = Verdict.NOT_STATED if not stated else Verdict.PARTIAL if silent else Verdict.ANSWERED
    return Composition(verdict, attributed(statements))


def _speaks_for(document: Document, unit: str) -> bool:
    """Whether a document is a unit's, or its contact an office of that name (职成科 for 职业教育与成人教育科)."""
    names = [f.value for name in ("issuer", "contact") for f in _found(document, name)]
    parts = [part for name in names for part in re.split(r"\s", name)]
    # 市教体局 of 江城市教育体育局: the place before the level is left out in talk.
    return any(same_unit(unit, p) or unit in p or is_short_of(unit, p[max(p.find(unit[0]), 0) :]) for p in parts)


def _categories(reading: Reading) -> Composition | None:
    lines: list[Statement] = []
    for document in reading.documents:
        if match := _CATEGORY.search(document.text) or _CATEGORY_ALONE.search(document.text[:_HEAD]):
            quote = Quote(document, Span(match.start(), match.end()))
            lines.append(Statement(f"答复类别：{match.group(1)}类。", (quote,)))
    return Composition(Verdict.ANSWERED, attributed(lines)) if lines else None


def _by_title(documents: list[Document], words: str) -> list[Document]:
    """Of documents that retrieval found, those whose title says most of what the question names."""
    relevance = Relevance(words, [d.title for d in documents])
    scores = {d.id: relevance(d.title) for d in documents}
    best = max(scores.values())
    return [d for d in documents if scores[d.id] >= best - 0.01]


def _found(document: Document, name: str) -> list[Field]:
    """The fields of a name; a proposer stands in a labelled line, and the own day of a text for that of publication."""
    found = [f for f in document.fields if f.name == name]
    if name == "proposer" and not found:
        found = [Field(name, m[1].strip(), m[1], Span(*m.span(1))) for m in _PROPOSER.finditer(document.text)]
    return found or ([f for f in document.fields if f.name == "issued_on"] if name == "published_on" else [])


def _of_document(document: Document, asked: tuple[str, ...]) -> list[Statement]:
    statements: list[Statement] = []
    for name in asked:
        fields = _found(document, name)
        phone = document.field("phone") if name == "contact" else None
        if not fields:
            statements.append(Statement(f"{NOT_STATED}{NAMES[name]}。"))
        for field in fields[:2]:
            note = f"，电话{phone.as_written}{_MASKED if _is_masked(phone) else ''}" if phone else ""
            statements.append(
                Statement(f"{NAMES.get(field.name, NAMES[name])}：{_shown(field)}{note}。", (_line(document, field),))
            )
    return statements


def _is_masked(phone: Field) -> bool:
    return any(c in phone.as_written for c in "xX*＊×")


def _shown(field: Field) -> str:
    return field.value if field.name == "number" else field.as_written.strip() or field.value


def _line(document: Document, field: Field) -> Quote:
    """The whole line that a field stands in: it shows the label beside the value."""
    start = document.text.rfind("\n", 0, field.span.start) + 1
    end = document.text.find("\n", field.span.end)
    line = trimmed(document, Span(start, end if end >= 0 else len(document.text)))
    return Quote(document, line if line.end - line.start <= 160 else field.span)
