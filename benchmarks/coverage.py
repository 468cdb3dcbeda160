"""How much of the documents' own text is in clauses.

``python -m benchmarks.coverage PATH…`` counts the Chinese characters of each file's body, found by means that share
nothing with the parsers (a crude strip of tags, marks of Markdown, the plain reading of a PDF), and how many of them
are in some clause. Counted with multiplicity, so that a text repeated elsewhere does not hide a loss. The exit code is
1 when less than 99.9 % is covered in all, or a file gave no document.
"""

from __future__ import annotations

import html
import io
import re
import sys
from collections import Counter
from pathlib import Path

from ingest.check import check
from ingest.chunk import chunks_of
from ingest.load import discover, read
from ingest.parse import parse

_HAN = re.compile("[㐀-鿿豈-﫿]")
_NEEDED = 0.999
_CONTAINER = re.compile(
    r"<(\w+)[^>]*(?:id|class)=\"(?:UCAP-CONTENT|zoom|content|article|main|TRS_Editor)[^>]*>", re.IGNORECASE
)
_SITE = re.compile(r"<(div)[^>]*(?:class|id)=\"(?:related|footer|foot|info|share)\"[^>]*>", re.IGNORECASE)


def source_characters(path: Path, data: bytes) -> Counter[str]:
    """Chinese characters of the body of a file, without its parser."""
    suffix = path.suffix.lower()
    if suffix == ".pdf":
        from pypdf import PdfReader

        pages = [page.extract_text().split("\n") for page in PdfReader(io.BytesIO(data)).pages]
        # A line that stands on most pages is a running head, no text of the body.
        on_pages = Counter(line for page in pages for line in {re.sub(r"[\d\s]", "", line) for line in page})
        running = {line for line, n in on_pages.items() if n > 1 and n * 2 >= len(pages)}
        text = "\n".join(line for page in pages for line in page if re.sub(r"[\d\s]", "", line) not in running)
    else:
        text = _decoded(data)
        if suffix in (".html", ".htm"):
            text = _strip(text)
        elif suffix == ".md" and text.startswith("---\n"):
            text = text.split("\n---\n", 1)[-1]
    return Counter(_HAN.findall(text))


def _decoded(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030", "utf-16"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("utf-8", "ignore")


def _strip(page: str) -> str:
    page = re.sub(r"<!--.*?-->|<(script|style|head|form)\b.*?</\1>", " ", page, flags=re.DOTALL | re.IGNORECASE)
    best = max((_element(page, m) for m in _CONTAINER.finditer(page)), key=len, default="") or page
    while match := _SITE.search(best):
        best = best.replace(_element(best, match), " ", 1)
    best = re.sub(r"<p class=\"info\".*?</p>", " ", best, flags=re.DOTALL)
    return html.unescape(re.sub(r"<[^>]*>", "", best))


def _element(page: str, opening: re.Match[str]) -> str:
    """The element that a tag opens, by counting tags of its name."""
    depth = 0
    for tag in re.finditer(rf"<(/?){opening[1]}\b[^>]*>", page[opening.start() :], re.IGNORECASE):
        depth += -1 if tag[1] else 1
        if depth == 0:
            return page[opening.start() : opening.start() + tag.end()]
    return page[opening.start() :]


def main(arguments: list[str]) -> int:
    """Measure the files under the paths; print a line a file and a total."""
    total = covered = failed = 0
    for source in discover(Path(a) for a in arguments or ["corpus"]):
        data = read(source, 2**30)
        document, problems = parse(source.name, data)
        if document is None:
            failed += 1
            print(f"—        {source.name}  {'; '.join(p.reason for p in problems)}")
            continue
        problems += check(document, chunks_of(document))
        wanted = source_characters(source.path, data)
        held = Counter(_HAN.findall("".join(clause.span.of(document.text) for clause in document.clauses)))
        lost = wanted - held
        count, missing = wanted.total(), lost.total()
        total, covered = total + count, covered + count - missing
        share = 1 - missing / count if count else 1.0
        notes = [f"lost {''.join(sorted(lost.elements()))[:60]}"] if missing else []
        notes += [f"{p.place} {p.reason}".strip() for p in problems]
        print(f"{share:8.3%} {source.name}  {count} characters, {len(document.clauses)} clauses  {'; '.join(notes)}")
    share = covered / total if total else 0.0
    print(f"{share:8.3%} in all: {covered} of {total} Chinese characters in clauses, {failed} files without a document")
    return 0 if share >= _NEEDED and not failed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
