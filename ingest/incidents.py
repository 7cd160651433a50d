"""Alerts ring and become incidents: each joins one that is open, or opens one, as it is raised."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby

import msgspec
import psycopg

from db.connect import Row, fetch
from ingest.contract.messages import Severity
from ingest.domain.alert import Alert, Cleared
from ingest.domain.grouping import Gathering, Group, Ringing, group
from ingest.domain.handling import Handling, handling
from ingest.domain.incident_steps import aggravated, escalated, may_pass, opened, passed
from ingest.domain.roster import Roster
from ingest.incidentbook import Incidentbook

Connection = psycopg.Connection[Row]

AT_ONCE = 500
"""Incidents that time may change in one transaction; more wait for the next."""


def store_alerts(conn: Connection, roster: Roster, said: Sequence[Alert | Cleared], now: datetime) -> None:
    """Raise and clear as said, and let the incidents know, all in the caller's transaction.

    An open alert is not raised again, only made worse.
    """
    touched: set[str] = set()
    for kind, some in groupby(said, type):
        if kind is Alert:
            touched.update(_raise(conn, roster, _worst_of_each(some), now))
        else:
            cleared = fetch(conn, "write/clear_alerts", {"rows": _json(list(some))})
            touched.update(row["incident_id"] for row in cleared)
    if touched:
        fetch(conn, "write/count_alerts", {"district": roster.district, "ids": sorted(touched)})


def _worst_of_each(alerts: Iterable[Alert | Cleared]) -> dict[str, Row]:
    kept: dict[tuple[str, str], Alert] = {}
    for alert in alerts:
        assert isinstance(alert, Alert)
        known = kept.get((alert.rule, alert.subject))
        if known is None or alert.severity.rank > known.severity.rank:
            kept[alert.rule, alert.subject] = alert
    rows = ({**msgspec.to_builtins(alert), "alert_id": alert.alert_id} for alert in kept.values())
    return {row["alert_id"]: row for row in rows}


def _raise(conn: Connection, roster: Roster, rows: dict[str, Row], now: datetime) -> list[str]:
    """Raise those of the alerts, given by id, that are new; returns the incidents that they are of."""
    sifted = fetch(conn, "write/sift_alerts", {"rows": _json(list(rows.values()))})
    new = [msgspec.convert(rows[row["alert_id"]], Ringing) for row in sifted if row["is_new"]]
    how = handling(roster.thresholds, now)
    groups = group(new, _gathering(conn, roster, new, how), how) if new else []
    if sifted:
        _let_know(conn, roster, groups, [row for row in sifted if not row["is_new"]], now)
    if new:
        raised = [
            {**rows[alert.alert_id], "incident_id": one.incident_id} for one in groups for alert in one.alerts
        ]
        fetch(conn, "write/raise_alerts", {"rows": _json(raised)})
    return [one.incident_id for one in groups]


def _gathering(conn: Connection, roster: Roster, new: Sequence[Ringing], how: Handling) -> list[Gathering]:
    """The open incidents that the new alerts may join."""
    since = min(alert.raised_at for alert in new) - how.join
    rows = [{"rule": one.rule, "about": one.about, "section": one.section} for one in new]
    asked = {"district": roster.district, "since": since, "rows": _json(rows)}
    return [msgspec.convert(row, Gathering) for row in fetch(conn, "write/gathering_incidents", asked)]


def _let_know(
    conn: Connection, roster: Roster, groups: Sequence[Group], worse: Sequence[Row], now: datetime
) -> None:
    """Open incidents, and let those that are open become worse by alerts that join them or become worse."""
    graver = [(one.incident_id, one.worst, one.alerts[0].alert_id) for one in groups if not one.opens]
    graver += [(row["incident_id"], Severity(row["severity"]), row["alert_id"]) for row in worse]
    book = Incidentbook(conn, roster, (incident_id for incident_id, *_ in graver))
    for one in groups:
        if one.opens:
            book.open(*opened(one, roster, now))
    for incident_id, severity, cause in graver:
        if event := aggravated(book.incident(incident_id), severity, cause, roster, now):
            book.add(event)
    book.store()


def mind_incidents(conn: Connection, roster: Roster, now: datetime) -> None:
    """What time brings about: late steps call the next level, and what nobody touched passes some time after
    the facts have cleared it."""
    quiet = now - handling(roster.thresholds, now).join
    key = {"district": roster.district, "now": now, "quiet": quiet, "limit": AT_ONCE}
    waiting = {row["incident_id"]: row["passes"] for row in fetch(conn, "write/watch_incidents", key)}
    if not waiting:
        return
    book = Incidentbook(conn, roster, waiting)
    for incident_id, passes in waiting.items():
        incident = book.incident(incident_id)
        if passes and may_pass(incident):
            book.add(passed(incident, now))
        elif event := escalated(incident, roster, now):
            book.add(event)
    book.store()


def _json(rows: object) -> str:
    return msgspec.json.encode(rows).decode()
