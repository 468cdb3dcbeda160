"""From bytes to a document: the whole pure path, which never raises on bad input."""

from __future__ import annotations

import importlib
from pathlib import PurePosixPath

from assistant.domain.language.dates import find_dates
from assistant.domain.policy import Document, Field, Problem, document_id
from ingest.formats import causes
from ingest.formats.actual import actual_suffix
from ingest.formats.model import Limits, ParsedFile, Parser, Trouble
from ingest.formats.ocr import SURE_CONFIDENCE
from ingest.structure.canonical import Canonical, canonical
from ingest.structure.head import Kind, document_kind, document_title, fields_of
from ingest.structure.parts import split_parts
from ingest.structure.roles import secrecy
from ingest.structure.tree import clauses_of
from ingest.unsupported import advice

#: Parsers by suffix; a parser is imported when its first file comes.
PARSERS = {
    ".txt": "ingest.formats.text:parse_text",
    ".md": "ingest.formats.markdown:parse_markdown",
    ".markdown": "ingest.formats.markdown:parse_markdown",
    ".html": "ingest.formats.html:parse_html",
    ".htm": "ingest.formats.html:parse_html",
    ".pdf": "ingest.formats.pdf:parse_pdf",
    ".ofd": "ingest.formats.ofd:parse_ofd",
    ".eml": "ingest.formats.mail:parse_mail",
    ".mht": "ingest.formats.mail:parse_saved_page",
    ".mhtml": "ingest.formats.mail:parse_saved_page",
    **dict.fromkeys((".xlsx", ".xlsm", ".xls", ".csv"), "ingest.formats.sheet.parse:parse_sheet"),
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp"), "ingest.formats.image:parse_image"),
    **dict.fromkeys(
        (".docx", ".docm", ".dotm", ".dotx", ".doc", ".dot", ".wps", ".wpt", ".rtf"), "ingest.formats.office:parse_word"
    ),
}
_HEAD_LINES = 12  # lines in which a secrecy mark stands (GB/T 9704: top of the first page)


def parse(name: str, data: bytes, limits: Limits | None = None) -> tuple[Document | None, tuple[Problem, ...]]:
    """The document in a file and what is wrong with it. The same bytes give the same document.

    ``name`` is the file's name as the reader knows it; its suffix chooses the parser unless the content is clearly
    that of another (:func:`format_of`). None where nothing can be
    taken: an unknown format, a damaged, encrypted, empty or oversized file, or one with a secrecy mark (绝密, 机密,
    秘密), which must not be taken in. Any exception of a parser becomes a problem, but a lack of memory, which is
    raised: the caller decides whether it can go on.
    """
    limits = limits or Limits()

    written, suffix = PurePosixPath(name).suffix.lower(), format_of(name, data)
    if not suffix:
        return _refused(name, f"格式不支持：{written or '没有扩展名'}。{advice(written)}")
    if len(data) > limits.max_bytes:
        return _refused(name, f"文件过大：{len(data) / 2**20:.1f} MiB，上限 {limits.max_bytes / 2**20:.0f} MiB")
    try:
        parsed = _parser(suffix)(data, limits)
    except MemoryError:
        raise  # the limit of the process: what is left of it is not to be relied on
    except Exception as error:  # bad input may break any parser, and one file must not stop the others
        return _refused(name, _reason(error), causes.detail(error))
    document, problems = parse_blocks(name, parsed, limits)
    if PARSERS.get(written) != PARSERS[suffix]:
        read_as = f"扩展名是 {written}，内容是 {suffix} 文件" if written else f"没有扩展名，内容是 {suffix} 文件"
        problems = (Problem(name, "", f"{read_as}，已按内容读取", lost=False), *problems)
    return document, problems


def format_of(name: str, data: bytes) -> str:
    """The suffix whose parser reads a file: its own, or another where the content is clearly that; empty for none."""
    written = PurePosixPath(name).suffix.lower()
    actual = actual_suffix(name, data)
    return actual if actual in PARSERS else written if written in PARSERS else ""


def parse_blocks(
    name: str, parsed: ParsedFile, limits: Limits | None = None
) -> tuple[Document | None, tuple[Problem, ...]]:
    """The document in what a parser gave; as :func:`parse` in all else."""
    limits = limits or Limits()

    def problem(trouble: Trouble) -> Problem:
        return Problem(name, trouble.place, trouble.reason, trouble.lost, trouble.detail)

    try:
        troubles = list(parsed.troubles)
        size = sum(len(b.text) for b in parsed.blocks)
        if size > limits.max_characters:
            return _refused(name, f"文字过多：{size} 字，上限 {limits.max_characters} 字")
        text = canonical(parsed)
        troubles += text.troubles
        if not text.lines:
            reasons = tuple(problem(t) for t in troubles if t.lost)
            return (None, reasons) if reasons else _refused(name, "没有可收入的文字（空白，或只有图形）")
        if mark := next((m for line in text.lines[:_HEAD_LINES] if (m := secrecy(line.text))), None):
            return _refused(name, f"文件带有密级标志“{mark}”，按保密要求不予收入；已解密的，请换成没有标志的文件")
        document, remarks = _document(name, text)
        troubles += remarks
    except MemoryError:
        raise
    except Exception as error:  # the same holds for the rules that read structure
        return _refused(name, _reason(error), causes.detail(error))
    return document, tuple(problem(t) for t in troubles)


def _refused(name: str, reason: str, detail: str = "") -> tuple[None, tuple[Problem, ...]]:
    return None, (Problem(name, "", reason, lost=True, detail=detail),)


def _reason(error: Exception) -> str:
    """What is told of a file whose parser failed."""
    if said := causes.own_words(error):
        return f"无法解析：{said[:200].rstrip('。')}；请用原来的程序打开后另存再导入"
    return "无法解析，文件可能已损坏；请用原来的程序打开后另存再导入"


def _parser(suffix: str) -> Parser:
    module, function = PARSERS[suffix].split(":")
    parser: Parser = getattr(importlib.import_module(module), function)
    return parser


def _document(name: str, text: Canonical) -> tuple[Document, list[Trouble]]:
    parts = split_parts(text.lines)
    fields, remarks = fields_of(text, parts)
    title = document_title(fields, parts, PurePosixPath(name).stem)
    identity = document_id(text.text)
    clauses = clauses_of(text, parts, identity)
    kind = document_kind(title, parts)
    fields += (*_recognised(text), *_uncertain_print(text), _certainty(kind, fields, text))
    document = Document(identity, title, kind.name, name, text.text, text.page_starts, fields, clauses)
    return document, [*remarks, *_impossible_dates(document)]


def _certainty(kind: Kind, fields: tuple[Field, ...], text: Canonical) -> Field:
    """How certain the kind is, at the title that tells it, or the first line where there is none."""
    place = next((f.span for f in fields if f.name == "title"), text.lines[0].span)
    return Field("kind_confidence", f"{kind.confidence:.2f}", place.of(text.text), place)


def _recognised(text: Canonical) -> tuple[Field, ...]:
    """How much of the text was recognised from pictures of print, where any was: readers compare it with the pages."""
    lines = [line for line in text.lines if line.confidence is not None]
    if not lines:
        return ()
    share = sum(len(line.text) for line in lines) / sum(len(line.text) for line in text.lines)
    return (Field("recognised", f"{share:.2f}", lines[0].text, lines[0].span),)


def _uncertain_print(text: Canonical) -> tuple[Field, ...]:
    """Where print was recognised with doubt: a citation of such a place should say so."""
    return tuple(
        Field("uncertain_print", f"{line.confidence:.2f}", line.text, line.span)
        for line in text.lines
        if line.confidence is not None and line.confidence < SURE_CONFIDENCE
    )


def _impossible_dates(document: Document) -> list[Trouble]:
    """Dates that no calendar has: kept as they are, and named."""
    found = []
    for date in find_dates(document.text):
        if not date.possible:
            clause = document.clause_at(date.span.start)
            found.append(Trouble(clause.path if clause else "", f"日期“{date.as_written}”不存在，原样保留", lost=False))
    return found
