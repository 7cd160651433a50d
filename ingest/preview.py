"""What a threshold would have meant: the rule itself, played over the facts of the last days.

The rule's query in ``db/queries/preview`` condenses the facts to the moments at which it has something to
say, in their order; what is played are these. Where the facts are very many, some of the subjects stand for
all.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import msgspec
import psycopg

from db.connect import Row, fetch, query
from db.kpi import header
from ingest.alerts import Rule, rules
from ingest.contract.errors import InvalidTransition
from ingest.domain.alert import Alert, Snapshot
from ingest.domain.roster import Roster
from ingest.domain.threshold import ThresholdRow, Thresholds
from ingest.threshold_orders import is_previewed, parameters

Connection = psycopg.Connection[Row]

BUDGET_S = 60.0
"""No part is begun after so long; what has been looked at by then stands for the rest."""
IN_A_PART = {"worker": 8, "camera": 16}
"""Subjects that are looked at together, where a query takes them in parts."""

_EVER = datetime(2000, 1, 1, tzinfo=UTC)


class Preview(NamedTuple):
    """How many alerts there would have been, and how many with the value that is in force, in all and by day;
    and of which share of the subjects. Below 1 the counts are estimates.
    """

    value_now: float
    alerts: int
    alerts_now: int
    share: float
    by_day: list[tuple[str, int, int]]


def preview(
    conn: Connection,
    roster: Roster,
    name: str,
    value: float,
    days: int,
    now: datetime,
    say: Callable[[float], None] = lambda done: None,
    stopped: Callable[[], bool] = lambda: False,
) -> Preview:
    """Play the rule with `value` for the parameter `name`, and with the value in force, over the last `days`.

    `say` is told how much is done, 0 to 1. Raises InvalidTransition for what cannot be played, and
    InterruptedError when `stopped` says so.
    """
    parameter = parameters().get(name)
    if parameter is None:
        raise InvalidTransition("unknown_threshold")
    if not parameter.takes(value):
        raise InvalidTransition("threshold_bounds")
    rule = rules().get(parameter.rule)
    if rule is None or not is_previewed(rule):
        raise InvalidTransition("no_preview")
    asked = [_fixed(roster, rule, now, {name: value}), _fixed(roster, rule, now, {})]
    counts: list[Counter[str]] = [Counter(), Counter()]
    period = {"since": now - timedelta(days=days), "until": now}
    began, done = time.monotonic(), 0
    parts = _parts(rule, roster)
    for part in range(parts):
        for roster_then, count in zip(asked, counts, strict=True):
            if stopped():
                raise InterruptedError(name)
            steps = fetch(
                conn, _query(rule), _params(rule, roster_then, now) | period | {"part": part, "parts": parts}
            )
            count.update(_day(at, roster) for at in play(rule, roster_then, steps))
        done += 1
        say(done / parts)
        if time.monotonic() - began > BUDGET_S:
            break
    return _told(roster.thresholds.value(parameter, now), counts, done / parts, period["since"], days, roster)


def play(rule: Rule, roster: Roster, steps: Iterable[Row]) -> Iterator[datetime]:
    """When the rule raises alerts in the course of the steps, which come in time order.

    A step is a row of what the rule watches, with `now`, `subject`, and perhaps `cause`: an alert that was
    raised for one cause is not cleared by the step of another.
    """
    assert rule.watch is not None
    row_type, is_open = rule.watch.row, dict[str, object]()
    for step in steps:
        subject, now = step["subject"], step["now"]
        cause = step.get("cause")
        watched = msgspec.convert(
            {**step, "is_open": subject in is_open and is_open[subject] == cause}, row_type
        )
        snapshot = Snapshot(roster, _EVER, watched={row_type: (watched,)})
        for said in rule(snapshot, (), now):
            if not isinstance(said, Alert):
                is_open.pop(subject, None)
            elif subject not in is_open:
                is_open[subject] = cause
                yield now


def _fixed(roster: Roster, rule: Rule, now: datetime, changed: dict[str, float]) -> Roster:
    """The roster with the rule's parameters as they are now, at all times, except for the `changed`."""
    rows = [
        ThresholdRow(
            one.name, changed.get(one.name, roster.thresholds.value(one, now)), one.unit, _EVER, own=True
        )
        for one in rule.parameters
    ]
    return replace(roster, thresholds=Thresholds(rows))


def _params(rule: Rule, roster: Roster, now: datetime) -> Row:
    values = {one.short: roster.thresholds.value(one, now) for one in rule.parameters}
    return {"district": roster.district, "rule": rule.name, **values}


def _query(rule: Rule) -> str:
    assert rule.watch is not None
    return f"preview/{rule.watch.query or rule.name}"


def _parts(rule: Rule, roster: Roster) -> int:
    over = header(query(_query(rule)).decode())["over"]
    cameras = sum(device.kind == "camera" for device in roster.devices.values())
    subjects = {"worker": len(roster.workers), "camera": cameras}.get(over, 0)
    return max(1, subjects // IN_A_PART.get(over, 1))


def _day(at: datetime, roster: Roster) -> str:
    return at.astimezone(roster.tz).date().isoformat()


def _told(
    value_now: float, counts: list[Counter[str]], share: float, since: datetime, days: int, roster: Roster
) -> Preview:
    first = since.astimezone(roster.tz).date()
    dates = [(first + timedelta(days=number)).isoformat() for number in range(days + 1)]
    by_day = [(day, *(round(count[day] / share) for count in counts)) for day in dates]
    alerts, alerts_now = (round(count.total() / share) for count in counts)
    return Preview(value_now, alerts, alerts_now, share, by_day)  # type: ignore[arg-type]
