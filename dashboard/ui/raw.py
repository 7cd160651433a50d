"""Messages as they came, beside what was made of them."""

import json
from collections.abc import Mapping
from html import escape

from dashboard.ui.i18n import lately, say
from db.connect import Row


def messages(lang: str, rows: list[Row]) -> str:
    """The rows of ``read/device_messages`` as HTML, raw on the left and decoded on the right."""
    return f'<div class="gw gw-raw">{"".join(_message(lang, row) for row in rows)}</div>'


def waiting(lang: str, rows: list[Row]) -> str:
    """The rows of ``read/stranger_messages``: raw alone."""
    return f'<div class="gw gw-raw gw-alone">{"".join(_raw(lang, row) for row in rows)}</div>'


def _message(lang: str, row: Row) -> str:
    said = row["said"]
    refused = next((one["refused"] for one in said if "refused" in one), None)
    made = escape(refused) if refused else escape("\n".join(_pretty(one) for one in said))
    word = say(lang, "raw.refused")
    mark = f"<b>{escape(word)}</b>" if refused else ""
    return (
        f'{_raw(lang, row)}<section class="{"gw-bad" if refused else ""}">{mark}<pre>{made}</pre></section>'
    )


def _raw(lang: str, row: Row) -> str:
    payload = bytes(row["payload"])
    cut, shown, whole = "", f"{len(payload):,}", f"{row['bytes']:,}"
    if row["bytes"] > len(payload):
        said = say(lang, "raw.cut", shown=shown, n=whole)
        cut = f"<small>{escape(said)}</small>"
    head = f"<time>{lately(lang, row['at'], seconds=True)}</time> <code>{escape(row['topic'])}</code>"
    return f"<section><header>{head}</header><pre>{escape(text(payload))}</pre>{cut}</section>"


def facts(lines: Mapping[str, str]) -> str:
    """Words and what each is, one below the other."""
    told = "".join(f"<dt>{escape(word)}</dt><dd>{escape(said)}</dd>" for word, said in lines.items())
    return f'<dl class="gw gw-facts">{told}</dl>'


def text(payload: bytes) -> str:
    """JSON on several lines; other text as it is; else bytes in hexadecimal."""
    try:
        said = payload.decode()
    except UnicodeDecodeError:
        return payload[:512].hex(" ")
    try:
        return _pretty(json.loads(said))
    except (ValueError, RecursionError):
        return said if said.isprintable() or "\n" in said else payload[:512].hex(" ")


def _pretty(said: object) -> str:
    return json.dumps(said, ensure_ascii=False, indent=1)
