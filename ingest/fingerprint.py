"""Which parser reads the files: changes whenever the same bytes may come out as another document."""

from __future__ import annotations

import hashlib
from importlib import metadata
from pathlib import Path

import assistant.domain
import ingest
from ingest.formats.office import office_program

_LIBRARIES = ("charset-normalizer", "lxml", "pypdfium2", "rapidocr", "xlrd")


def fingerprint() -> str:
    """12 hex digits over the code of ``ingest`` and the domain, the versions of the parsing libraries, and LibreOffice.

    The code itself rather than a number to be raised by hand: a number that was forgotten would leave old parses in
    the library for ever, while reading files again for nothing costs seconds, and nothing is embedded or published
    again where the outcome is the same.
    """
    digest = hashlib.sha256()
    for package in (ingest, assistant.domain):
        for folder in package.__path__:
            for module in sorted(Path(folder).rglob("*.py")):
                digest.update(module.read_bytes())
    for library in _LIBRARIES:
        digest.update(f"{library}={metadata.version(library)}".encode())
    # Files that could not be read for want of LibreOffice are read again once it is there.
    digest.update(f"office={office_program()}".encode())
    return digest.hexdigest()[:12]
