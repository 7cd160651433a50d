"""What was said of premises: by whom, when, what it changed, and what of it did not count."""

from collections.abc import Iterator
from html import escape
from typing import Any

from dashboard.ui import theme
from dashboard.ui.actor import actor
from dashboard.ui.i18n import lately, name, say, words
from db.connect import Row

_COLOURS = {
    "visited": theme.GREEN,
    "found": theme.BLUE,
    "registered": theme.GREY,
    "delisted": theme.AMBER,
    "registered_as": theme.GREY,
    "rated": theme.BLUE,
}


def changes(lang: str, rows: list[Row]) -> str:
    """The rows of ``read/archive_changes`` as HTML."""
    return f'<div class="gw gw-history">{"".join(_entry(lang, row) for row in rows)}</div>'


def places(lang: str, rows: list[Row]) -> str:
    """The rows of ``read/premises_outside`` as HTML."""
    entries = "".join(
        f'<div style="--c:{theme.RED}"><time>{escape(row["premises_id"])}</time><i class="gw-lamp"></i><div>'
        f"<b>{escape(row['name'])}</b><span>{escape(row['address'] or '—')}</span>"
        f"<span>{row['lon']:.5f}, {row['lat']:.5f}</span></div></div>"
        for row in rows
    )
    return f'<div class="gw gw-history">{entries}</div>'


def status(lang: str, code: str) -> str:
    """The words for how premises are; of one that only a register knows, its own."""
    key = f"premises_status.{code}"
    return say(lang, key) if key in words(lang) else code


def _entry(lang: str, row: Row) -> str:
    who = name(lang, row, "actor_") if row["actor_name"] else actor(lang, row["actor"])
    what = f"{row['premises_name']} · {say(lang, 'premises_event.' + row['event'])}"
    told = "".join(f"<span>{escape(line)}</span>" for line in _lines(lang, row))
    odd = escape(say(lang, f"premises_irregular.{row['irregular']}")) if row["irregular"] else ""
    colour = theme.RED if row["irregular"] else _COLOURS.get(row["event"], theme.GREY)
    return (
        f'<div style="--c:{colour}"><time>{lately(lang, row["at"])}</time><i class="gw-lamp"></i><div>'
        f"<b>{escape(what)}</b><span>{escape(who)}</span>{told}{f'<em>{odd}</em>' if odd else ''}</div></div>"
    )


def _lines(lang: str, row: Row) -> Iterator[str]:
    """A line for each thing that changed; where the status did not, for the one that was confirmed."""
    for field, (before, after) in row["changes"].items():
        if field not in _PLACE:
            was, now = (_shown(lang, field, value) for value in (before, after))
            yield f"{say(lang, f'premises_field.{field}')} {was} → {now}"
    if not _PLACE.isdisjoint(row["changes"]):
        yield say(lang, "premises_event.shifted")
    told = row["said"].get("status")
    if told and "status" not in row["changes"] and row["event"] != "registered":
        yield status(lang, told)
    if reason := row["said"].get("reason"):
        yield reason


_PLACE = frozenset({"lon", "lat", "path"})


def _shown(lang: str, field: str, value: Any) -> str:
    if value is None or value == []:
        return "—"
    if field == "status":
        return status(lang, value)
    if isinstance(value, list):
        return "、".join(map(str, value))
    return str(value)
