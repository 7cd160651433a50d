"""Who is nearest to a place: one line a worker, with what decides whether it is them who are sent."""

from html import escape
from urllib.parse import urlencode

from dashboard.ui import theme
from dashboard.ui.i18n import age, name, say
from db.connect import Row

STANDS_KMH = 1.0
"""Slower than this, where a phone says that it is heading means nothing."""
_TOWARDS, _AWAY = 60, 120
"""Degrees between where somebody goes and where the place lies."""
_POINTS = ("n", "ne", "e", "se", "s", "sw", "w", "nw")


def line(lang: str, row: Row, links: bool = False) -> str:
    """A row of ``read/nearest_workers`` as HTML; with `links` the name leads to their phone."""
    low = row["battery"] is not None and row["battery"] < 20
    battery = f"{row['battery']:.0f}%" if row["battery"] is not None else "—"
    power = f'<em style="--c:{theme.RED}">{battery}</em>' if low else f"<s>{battery}</s>"
    busy = f'<em style="--c:{theme.AMBER}">{escape(say(lang, "nearest.busy"))}</em>' if row["busy"] else ""
    colour = theme.AMBER if row["busy"] else theme.GREEN
    return (
        f'<div class="gw gw-near" style="--c:{colour}"><i class="gw-lamp"></i>'
        f"<b>{_named(lang, row, links)}</b><small>{escape(say(lang, 'role.' + row['role']))}</small>"
        f"<strong>{escape(distance(lang, row['metres']))}</strong>"
        f"<span>{escape(say(lang, f'heading.{heading(row)}'))}</span>{power}"
        f"<span>{escape(say(lang, 'card.ago', age=age(lang, row['age_s'])))}</span>"
        f"<u>{busy}{escape(_task(lang, row))}</u></div>"
    )


def distance(lang: str, metres: float) -> str:
    """'340 m', '2.1 km'."""
    key, n = ("kilometres", f"{metres / 1000:.1f}") if metres >= 1000 else ("metres", f"{metres:.0f}")
    return say(lang, f"distance.{key}", n=n)


def heading(row: Row) -> str:
    """Whether they come ``towards`` the place, go ``away`` from it, or stand; else the point of the compass
    (``ne``) where they go."""
    if row["speed_kmh"] is None or row["heading_deg"] is None:
        return "unknown"
    if row["speed_kmh"] < STANDS_KMH:
        return "stands"
    off = abs((row["heading_deg"] - row["bearing"] + 180) % 360 - 180)
    if off <= _TOWARDS:
        return "towards"
    return "away" if off >= _AWAY else _POINTS[round(row["heading_deg"] / 45) % 8]


def _named(lang: str, row: Row, links: bool) -> str:
    named = escape(name(lang, row))
    to = "devices?" + urlencode({"lang": lang, "picked": f"worker:{row['worker_id']}"})
    return f'<a href="{escape(to)}">{named}</a>' if links else named


def _task(lang: str, row: Row) -> str:
    if row["busy"]:
        return ""
    if row["task_state"] is None:
        return say(lang, "nearest.free")
    return f"{say(lang, 'task.' + row['task_state'])}: {row['premises_name'] or '—'}"
