"""The squares of the map's heat maps: counted once in some minutes for all who look at them."""

from collections import Counter
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from dashboard import data
from dashboard.rest import TICK_S, Rested
from dashboard.ui import cells
from dashboard.ui.maps import SELDOM
from db.connect import Row, Scope

NAMES = ("pings", "hazards")
EVERY, SEEN = timedelta(hours=1), timedelta(minutes=1)
"""The positions of the first minute of each hour are counted: a city's whole day would take minutes."""

Squares = Counter[tuple[int, int]]

_counted = Rested[list[Row]]()
_newest: dict[tuple[Scope, str], list[Row]] = {}
_past = Rested[Squares](most=200)
"""What was counted of times that are over."""


def squares(scope: Scope, name: str, tick: int) -> list[Row]:
    """As of `tick` or a little before. Raises psycopg.Error while the database is away."""
    count = _pings if name == "pings" else _hazards

    def make(now: int) -> list[Row]:
        _newest[scope, name] = found = count(scope, now)
        return found

    return _counted.get((scope, name), tick - tick % SELDOM, make)


def newest(scope: Scope, name: str) -> list[Row]:
    """What was counted last, without waiting for it; none before."""
    return _newest.get((scope, name), [])


def forget() -> None:
    """Drop what was counted, as a fresh start would."""
    _counted.forget()
    _newest.clear()
    _past.forget()


def _hazards(scope: Scope, tick: int) -> list[Row]:
    step = cells.step_deg(data.bounds(scope))
    return cells.placed(data.read(scope, "read/hazards_by_cell", step=step), step)


def _pings(scope: Scope, tick: int) -> list[Row]:
    """Of the district's day so far."""
    step, total = cells.step_deg(data.bounds(scope)), Squares()
    for district in data.read(scope, "read/district"):
        now = datetime.fromtimestamp(tick * TICK_S, ZoneInfo(district["tz"]))
        since = now.replace(hour=0, minute=0, second=0, microsecond=0)
        while since + SEEN <= now:
            # What comes late is not asked for again: 0 is any count that there is.
            total += _past.get((scope, since), 0, lambda _, since=since: _minute(scope, since, step))  # type: ignore[misc]
            since += EVERY
    return cells.placed([{"x": x, "y": y, "n": n} for (x, y), n in sorted(total.items())], step)


def _minute(scope: Scope, since: datetime, step: float) -> Squares:
    rows = data.read(scope, "read/pings_by_cell", since=since, until=since + SEEN, step=step)
    return Squares({(row["x"], row["y"]): row["n"] for row in rows})
