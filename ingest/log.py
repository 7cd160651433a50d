"""The log: one line an event in logfmt on stderr, what it is about as key=value, and never a payload.

``log.warning("a batch was refused", extra={"messages": 5000})`` gives ``at=2026-03-02T08:00:00.123Z
level=warning logger=ingest.pipeline event="a batch was refused" messages=5000``, without the line break.
"""

import json
import logging
import traceback
from datetime import UTC, datetime
from pathlib import PurePath

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class Logfmt(logging.Formatter):
    """A record as one line. Of an error only its first line is told: what follows may quote a row."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC)
        pairs: dict[str, object] = {
            "at": f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z",
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
            **{name: value for name, value in vars(record).items() if name not in _STANDARD},
        }
        if record.exc_info and record.exc_info[1]:
            pairs |= _error(record.exc_info[1])
        return " ".join(f"{name}={_quoted(str(value))}" for name, value in pairs.items())


def set_up() -> None:
    """Let every logger of this process write logfmt to stderr, from INFO on."""
    handler = logging.StreamHandler()
    handler.setFormatter(Logfmt())
    logging.basicConfig(level=logging.INFO, handlers=[handler])


def first_line(error: BaseException) -> str:
    """What an error says without its details; its type's name if it says nothing, or quotes a value."""
    if (getattr(error, "sqlstate", None) or "").startswith("22"):  # PostgreSQL's data exceptions do
        return type(error).__name__
    return next(iter(str(error).strip().splitlines()), "") or type(error).__name__


def _error(error: BaseException) -> dict[str, str]:
    frames = traceback.extract_tb(error.__traceback__)[-8:]
    return {
        "error": type(error).__name__,
        "why": first_line(error),
        "where": " ".join(f"{PurePath(frame.filename).name}:{frame.lineno}" for frame in frames),
    }


def _quoted(text: str) -> str:
    plain = text.isprintable() and not any(mark in text for mark in ' "=\\')
    return text if plain and text else json.dumps(text, ensure_ascii=False)
