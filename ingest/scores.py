"""Periods counted: the items of each from the facts, what these come to, and the figures stored."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from uuid import UUID

import msgspec
import psycopg

from db.connect import Row, fetch
from ingest.alerts.visit_doubtful import PERCENT
from ingest.domain.difficulty import Traits
from ingest.domain.period import Period, Span, periods_of
from ingest.domain.roster import Roster
from ingest.domain.scoring import Item, Score, Subject, Weight, scores, units

Connection = psycopg.Connection[Row]


class Due(msgspec.Struct, frozen=True):
    """What is to be counted, the newest first, and by which marks that was known."""

    periods: list[Period]
    marks: list[UUID]


def due(conn: Connection, roster: Roster, now: datetime) -> Due:
    """The periods whose facts have changed since they were counted, and those that are not over."""
    today = now.astimezone(roster.tz).date()
    key = {"district": roster.district, "now": now, "today": today, "tz": roster.tz.key}
    periods, marks = set(periods_of(today)), []
    for row in fetch(conn, "write/score_due", key):
        if row["day"] is None:
            periods.add(Period(Span(row["span"]), row["begins"]))
        else:
            periods.update(periods_of(row["day"]))
            marks += row["marks"]
    (kept,) = fetch(conn, "write/scored_from", {"district": roster.district, "tz": roster.tz.key})
    if kept["day"]:  # of older ones evidence has gone: what they came to stands
        periods = {period for period in periods if period.begins >= kept["day"]}
    return Due(sorted(periods, key=lambda period: period.ends, reverse=True), marks)


def count(conn: Connection, roster: Roster, period: Period, now: datetime) -> None:
    """Count one period and store what it comes to, in one transaction."""
    with conn.transaction():
        counted = reckon(conn, roster, period, now)
        key = {"district": roster.district, "span": period.span, "begins": period.begins, "now": now}
        fetch(conn, "write/store_scores", key | {"rows": msgspec.json.encode(counted).decode()})


def forget(conn: Connection, roster: Roster, marks: Sequence[UUID]) -> None:
    """The days behind these marks have been counted."""
    with conn.transaction():
        fetch(conn, "write/forget_stale", {"district": roster.district, "marks": list(marks)})


def reckon(conn: Connection, roster: Roster, period: Period, now: datetime) -> list[Score]:
    """What the facts of the period come to, as far as they are known and have happened by `now`."""
    begins, ends = (datetime.combine(day, time(), roster.tz) for day in (period.begins, period.ends))
    key = {"district": roster.district, "begins": begins, "ends": ends, "now": now}
    until = max(begins, min(now, ends))
    said = {"days": (until - begins) / timedelta(days=1), "doubtful": roster.thresholds.value(PERCENT, until)}
    items = [msgspec.convert(row, Item) for row in fetch(conn, "write/score_items", key | said)]
    workers = fetch(conn, "write/score_workers", key)
    paths = {row["worker_id"]: row["path"] for row in workers}
    return scores(items, _weights(conn, roster, period), paths, _traits(conn, roster, workers))


def _weights(conn: Connection, roster: Roster, period: Period) -> dict[str, Weight]:
    found = fetch(conn, "write/score_weights", {"district": roster.district, "begins": period.begins})
    return {row["indicator"]: Weight(row["weight"], row["minimum"]) for row in found}


def _traits(conn: Connection, roster: Roster, workers: Sequence[Row]) -> dict[Subject, Traits]:
    """How large, and of what risk, the grids of each unit and worker are, as the register stands."""
    areas = roster.grids.areas_km2()
    found = fetch(conn, "write/score_grids", {"district": roster.district})
    premises = {row["grid_id"]: (row["premises"], row["high_risk"]) for row in found}
    grids: defaultdict[Subject, list[str]] = defaultdict(list)
    for grid_id, path in roster.paths.items():
        for unit in units(path):
            grids[unit].append(grid_id)
    for worker in workers:
        grids["worker", worker["worker_id"]] = worker["grids"]
    traits = {}
    for subject, ids in grids.items():
        whole, high = (
            sum(counts)
            for counts in zip((0, 0), *(premises.get(grid_id, (0, 0)) for grid_id in ids), strict=True)
        )
        area = sum(areas.get(grid_id, 0.0) for grid_id in ids)
        traits[subject] = Traits(0.0, round(area, 3), round(high / whole, 4) if whole else 0.0)
    return traits
