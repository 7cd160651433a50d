"""What of the command centre, and of every page's head, is only looked at: HTML by panel.

A viewer's page draws it once; then ``beat`` gives it anew each tick, made once for all viewers.
"""

from collections.abc import Callable
from hashlib import blake2b

from dashboard import screens, trends
from dashboard.data import Away, Picture
from dashboard.indicators import on_strip
from dashboard.ui import alerts, categories, ends, header, kpi, panel, ranking, theme
from dashboard.ui.i18n import say

Seen = Picture | Away | None
Draw = Callable[[str, Seen], dict[str, str]]


def head(lang: str, seen: Seen) -> dict[str, str]:
    """Whose district, what time it is there, how fresh the picture."""
    place = header.district(lang, seen) if isinstance(seen, Picture) else ""
    return {"place": place, "fresh": header.freshness(lang, seen)}


def room(lang: str, seen: Seen) -> dict[str, str]:
    """The strip of figures, the categories, the ranking and the two ends; their heads while there is no
    picture."""
    if not isinstance(seen, Picture):
        return {"strip": ""} | {name: panel.title(lang, name) for name in ("categories", "ranking", "ends")}
    rates = [(indicator, seen.one(indicator.name)) for indicator in on_strip()]
    open_screens = None if seen.at else screens.how_many()
    tables = {
        "categories": categories.table(lang, seen.rows["categories"]),
        "ranking": ranking.table(lang, seen.rows["ranking"][: theme.RANKING_ROWS]),
        "ends": ends.table(lang, open_screens, seen.rows["ends"]),
    }
    return {"strip": kpi.strip(lang, seen.one("counts"), rates, trends.today(seen))} | {
        name: panel.title(lang, name) + table for name, table in tables.items()
    }


def feed(lang: str, seen: Seen) -> dict[str, str]:
    """The feed of open incidents. In the past nothing can be done about any."""
    if not isinstance(seen, Picture):
        return {"feed": panel.title(lang, "alerts")}
    found = seen.rows["incidents"]
    whole = f"{found[0]['whole'] if found else 0:,}"
    told = panel.title(lang, "alerts", n=whole, alerts=f"{seen.one('counts')['alerts']:,}")
    if not found:
        told += panel.empty(say(lang, "alerts.empty"))
    entries = "".join(alerts.entry(lang, row, past=seen.at is not None) for row in found)
    return {"feed": f'{told}<div class="gw-feed">{entries}</div>'}


GROUPS: dict[str, Draw] = {"head": head, "room": room, "feed": feed}


def stamps(seen: Seen) -> dict[str, str]:
    """What tells, by fragment, that it has to be drawn anew: it stands on the fragment as it is drawn. None
    while there is no picture."""
    if not isinstance(seen, Picture):
        return {}
    siren = [(row["incident_id"], row["whole"]) for row in seen.rows["siren"]]
    rates = [
        (row["path"], row["numerator"], row["denominator"])
        for indicator in on_strip()
        for row in seen.rows[f"{indicator.name}/units"]
    ]
    return {"siren": _stamp(siren), "card": _stamp(siren[:1]), "rates": _stamp(rates)}


def _stamp(of: object) -> str:
    return blake2b(repr(of).encode(), digest_size=6).hexdigest()
