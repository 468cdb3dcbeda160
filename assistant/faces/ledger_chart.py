"""The timeline of the ledger as a picture: SVG drawn here by pygal, whose every place is an attribute.

The page puts it in and styles it with its own style sheet. Chart libraries that draw in the browser break the pages'
policy (no inline style, no ``eval``, nothing from outside): Bokeh's scripts evaluate text (bokeh/bokeh#12875) and write
style elements, Plotly's write style elements as well (plotly/plotly.js#7543). So what pygal adds of scripts, styles and
tooltips is taken out; links and titles, which every browser shows, are put in.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from datetime import date
from typing import Any

from assistant.domain.ledger.timeline import KINDS, Kind, Mark, Timeline, margin, ticks

KIND_WORDS: dict[Kind, str] = {"overdue": "逾期", "due": "到期", "done": "到期（已完成）", "event": "事件"}
_WIDTH, _LANE, _FRAME = 1300, 26, 60  # in the picture's own units
_LONGEST_NAME = 12
_NAMED = 4  # tasks in the title of a mark
_NS = "{http://www.w3.org/2000/svg}"
_XLINK = "{http://www.w3.org/1999/xlink}href"
_TAKEN_OUT = frozenset(_NS + name for name in ("defs", "desc", "title"))
# Shapes as well as colours tell the kinds apart; drawn around (0, 0).
_SHAPES: dict[Kind, str] = {
    "overdue": "M0 -7 L7 6 L-7 6 Z",
    "due": "M0 -6 A6 6 0 1 1 0 6 A6 6 0 1 1 0 -6 Z",
    "done": "M-5 -5 H5 V5 H-5 Z",
    "event": "M0 -7 L7 0 L0 7 L-7 0 Z",
}


def svg(shown: Timeline, address: Callable[[Mark], str]) -> str:
    """The picture, without colours; ``address`` is where a mark leads. Empty where there is nothing to draw."""
    if not shown.marks:
        return ""
    from lxml import etree

    root = etree.fromstring(_drawn(shown, address).encode())
    for element in list(root.iter()):
        if not isinstance(element.tag, str) or element.tag in _TAKEN_OUT or "style" in element.attrib:
            _drop(element)
    for kind, series in _series(root):
        for dot in list(series.iter(f"{_NS}circle")):
            _shape(dot, kind)
    root.attrib.pop("id", None)
    # The table beside it says the same; a thousand links would lie in the way of whoever goes by keyboard.
    root.set("aria-hidden", "true")
    made: str = etree.tostring(root, encoding="unicode")
    return made


def title(mark: Mark, lane: str) -> str:
    """A mark in words: 2024-06-30 市水务局 逾期 2 项：清淤；绿化."""
    days = mark.first.isoformat() + (f" 至 {mark.last.isoformat()}" if mark.last != mark.first else "")
    tasks = [" ".join(e.commitment.task.split())[:40] for e in mark.entries[:_NAMED]]
    more = "……" if len(mark.entries) > _NAMED else ""
    return f"{days} {lane} {KIND_WORDS[mark.kind]} {len(mark.entries)} 项：{'；'.join(tasks)}{more}"


def _drawn(shown: Timeline, address: Callable[[Mark], str]) -> str:
    import pygal

    # It watches every later import of the process for plug-ins of its own, in a way that Python 3.12 no longer knows.
    sys.meta_path[:] = [finder for finder in sys.meta_path if not isinstance(finder, pygal.PluginImportFixer)]
    top = len(shown.lanes)
    labels = [lane if len(lane) <= _LONGEST_NAME else f"{lane[: _LONGEST_NAME - 1]}…" for lane in shown.lanes]
    days = [shown.as_of, *(d for m in shown.marks for d in (m.first, m.last))]
    first, last = min(days), max(days)
    first, last = _shift(first, -margin(first, last)), _shift(last, margin(first, last))
    chart = pygal.DateLine(
        width=_WIDTH,
        height=_FRAME + _LANE * top,
        css=[],
        js=[],
        disable_xml_declaration=True,
        stroke=False,
        show_legend=False,
        xrange=(first, last),
        range=(0.5, top + 0.5),
        x_value_formatter=lambda day: day.strftime("%Y-%m"),
        truncate_label=-1,
        margin=10,
        margin_left=6 * max(map(len, labels)),  # pygal leaves room for Latin letters
        classes=("timeline",),
    )
    chart.x_labels = ticks(first, last)
    chart.y_labels = [{"value": top - n, "label": label} for n, label in enumerate(labels)]
    for kind in KINDS:
        chart.add(kind, [_point(m, shown, address(m)) for m in shown.marks if m.kind == kind])
    chart.add("as_of", [(shown.as_of, 0.5), (shown.as_of, top + 0.5)], stroke=True, show_dots=False)
    made: str = chart.render(is_unicode=True)
    return made


def _point(mark: Mark, shown: Timeline, href: str) -> dict[str, Any]:
    middle = date.fromordinal((mark.first.toordinal() + mark.last.toordinal()) // 2)
    return {
        "value": (middle, len(shown.lanes) - mark.lane),
        "label": title(mark, shown.lanes[mark.lane]),
        "xlink": {"href": href, "target": "_blank"},
        "node": {"data-entries": str(len(mark.entries))},
    }


def _shift(day: date, by: Any) -> date:
    try:
        moved: date = day + by
    except OverflowError:
        return day
    return moved


def _series(root: Any) -> list[tuple[Kind, Any]]:
    """The groups that hold the dots of each kind."""
    found = []
    for group in root.iter(f"{_NS}g"):
        classes = group.get("class", "").split()
        if "series" in classes:
            number = next((int(c.removeprefix("serie-")) for c in classes if c.startswith("serie-")), len(KINDS))
            if number < len(KINDS):
                group.set("class", f"series {KINDS[number]}")
                found.append((KINDS[number], group))
            else:
                group.set("class", "series as-of")
    return found


def _shape(dot: Any, kind: Kind) -> None:
    """Make a mark of a circle: the more entries it stands for the larger."""
    from lxml import etree

    link = dot.getparent()
    x, y = float(dot.attrib.pop("cx")), float(dot.attrib.pop("cy"))
    size = min(1.8, 1 + math.log10(int(dot.attrib.pop("data-entries", "1"))) / 2)
    dot.attrib.pop("r", None)
    dot.tag = f"{_NS}path"
    dot.set("transform", f"translate({x:.1f} {y:.1f}) scale({size:.2f})")
    dot.set("d", _SHAPES[kind])
    dot.set("class", "mark")
    words = etree.SubElement(dot, f"{_NS}title")
    words.text = link.attrib.pop("data-label", "")
    link.set("href", link.attrib.pop(_XLINK, ""))
    link.set("tabindex", "-1")
    link.set("rel", "noopener")


def _drop(element: Any) -> None:
    parent = element.getparent()
    if parent is None:
        return
    if element.tag == f"{_NS}desc" and element.get("class") == "label":
        parent.set("data-label", element.text or "")
    parent.remove(element)
