"""Names of WordprocessingML elements and the reading of their attributes (ECMA-376 part 1, clause 17)."""

from __future__ import annotations

from lxml import etree

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
RELATION_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
ALTERNATIVES = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
MATH_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"


def w(name: str) -> str:
    """The full name of an element or attribute of WordprocessingML."""
    return _W + name


def short(element: etree._Element) -> str:
    """The name without its namespace for an element of WordprocessingML; empty for any other."""
    tag = element.tag
    return tag[len(_W) :] if isinstance(tag, str) and tag.startswith(_W) else ""


def value(element: etree._Element | None, name: str = "val") -> str | None:
    """An attribute of an element that may not be there."""
    return element.get(_W + name) if element is not None else None


def number(element: etree._Element | None, name: str = "val") -> int | None:
    """An attribute as an integer of at most six digits; None for anything else."""
    raw = (value(element, name) or "").strip()
    digits = raw.removeprefix("-")
    return int(raw) if digits.isascii() and digits.isdigit() and len(digits) <= 6 else None


def is_on(element: etree._Element | None) -> bool:
    """Whether a toggle such as <w:vanish/> is there and not switched off."""
    return element is not None and (value(element) or "true").lower() not in ("0", "false", "off", "none")


def child(element: etree._Element | None, *path: str) -> etree._Element | None:
    """The element down a path of first children; None where it breaks off."""
    for name in path:
        if element is None:
            return None
        element = element.find(_W + name)
    return element


def settle_alternatives(root: etree._Element) -> None:
    """Put one version in the place of each mc:AlternateContent: the first that holds text, else the first.

    A text box comes twice, as a drawing and as the older picture; read twice it would double its words.
    """
    for alternatives in reversed(list(root.iter(ALTERNATIVES))):
        parent = alternatives.getparent()
        if parent is None:
            continue
        branches = [b for b in alternatives if isinstance(b.tag, str)]
        chosen = next((b for b in branches if next(b.iter(w("t")), None) is not None), None)
        if chosen is None and branches:
            # A number format of a newer Word is “custom”; its fallback names one that all know.
            chosen = branches[-1] if short(parent) == "lvl" else branches[0]
        place = parent.index(alternatives)
        parent[place : place + 1] = list(chosen) if chosen is not None else []
