"""The words of ``ingest`` in the language that is asked for, see :mod:`assistant.language`.

Reasons of problems are kept in Chinese, as they are told on the pages; they are told in English where they are shown.
"""

from __future__ import annotations

from pathlib import Path

from assistant.language import ERRORS, Catalogue

_WORDS = Catalogue(ERRORS, Path(__file__).with_name("messages.en.toml"))
said, echo, helped = _WORDS.said, _WORDS.echo, _WORDS.helped
