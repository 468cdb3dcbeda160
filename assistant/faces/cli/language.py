"""The words of ``assistant`` in the language that is asked for, see :mod:`assistant.language`."""

from __future__ import annotations

from pathlib import Path

from assistant.language import ERRORS, Catalogue, english

__all__ = ["echo", "english", "helped", "said", "secho"]

_WORDS = Catalogue(ERRORS, Path(__file__).with_name("messages.en.toml"))
said, echo, secho, helped = _WORDS.said, _WORDS.echo, _WORDS.secho, _WORDS.helped
