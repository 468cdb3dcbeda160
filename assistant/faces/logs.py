"""What the service writes to standard error: plain words for a person, or one JSON object a line for a collector."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Any, Literal

_FIELDS = ("method", "route", "status", "ms", "caller", "cut_off")


class JsonLines(logging.Formatter):
    """A record as one line: time, level, logger, message, the number of the request, and what the access log adds."""

    def format(self, record: logging.LogRecord) -> str:
        from assistant.faces.web.trail import request_id

        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if number := request_id.get():
            line["request_id"] = number
        line |= {name: getattr(record, name) for name in _FIELDS if hasattr(record, name)}
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def configure(form: Literal["plain", "json"]) -> None:
    """Plain: warnings and what is worse. JSON: besides that a line for every request."""
    handler = logging.StreamHandler(sys.stderr)
    level = logging.WARNING
    if form == "json":
        handler.setFormatter(JsonLines())
        logging.getLogger("assistant.access").setLevel(logging.INFO)
    else:
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=level, handlers=[handler], force=True)
