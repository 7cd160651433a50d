"""Incidents with all that happened to them: loaded at once, added to, replayed, stored with what is new."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec
import psycopg

from db.connect import Row, fetch
from ingest.contract.errors import InvalidTransition
from ingest.domain.incident import Incident, IncidentEvent, IncidentHappened
from ingest.domain.incident_replay import ReplayedIncident, replay_incident
from ingest.domain.roster import Roster

Connection = psycopg.Connection[Row]

MOST = 200
"""An incident has some dozens of steps. A phone that repeats itself must not make the replay endless."""

_ORDERED = frozenset(
    {
        IncidentHappened.ACKNOWLEDGED,
        IncidentHappened.DISPATCHED,
        IncidentHappened.GATHERED,
        IncidentHappened.COMMENTED,
        IncidentHappened.RESOLVED,
        IncidentHappened.FALSE_ALARM,
        IncidentHappened.MERGED,
        IncidentHappened.REOPENED,
    }
)
"""What happens by somebody's order at the centre."""

_TOLD = frozenset(
    {
        IncidentHappened.OPENED,
        IncidentHappened.AGGRAVATED,
        IncidentHappened.ESCALATED,
        IncidentHappened.REOPENED,
    }
)
"""What people outside the screen are told of: that there is something to do, or more than there was."""


@dataclass
class _Entry:
    incident: Incident
    events: dict[object, IncidentEvent] = field(default_factory=dict)
    new: set[object] = field(default_factory=set)

    def replayed(self) -> ReplayedIncident:
        return replay_incident(self.incident, self.events.values())


class Incidentbook:
    """Some incidents of a district, locked until the connection's transaction ends."""

    def __init__(self, conn: Connection, roster: Roster, incident_ids: Iterable[str]) -> None:
        self._conn, self._roster = conn, roster
        self._entries: dict[str, _Entry] = {}
        key = {"district": roster.district, "ids": sorted(set(incident_ids))}
        rows = fetch(conn, "write/load_incidents", key) if key["ids"] else []
        for row in rows:
            self._entries[row["incident_id"]] = _Entry(msgspec.convert(row, Incident))
        for row in fetch(conn, "write/load_incident_events", key) if rows else []:
            event = msgspec.convert(row, IncidentEvent)
            self._entries[event.incident_id].events[event.key] = event

    def __contains__(self, incident_id: str) -> bool:
        return incident_id in self._entries

    def incident(self, incident_id: str) -> Incident:
        """The incident as it stands after all its events."""
        return self._entries[incident_id].replayed().incident

    def open(self, incident: Incident, first: IncidentEvent) -> None:
        """Take up a new incident."""
        self._entries[incident.incident_id] = _Entry(incident)
        self.add(first)

    def add(self, event: IncidentEvent) -> None:
        """Add what happened to one of the incidents; what is known already changes nothing."""
        entry = self._entries[event.incident_id]
        if event.key not in entry.events:
            entry.events[event.key] = event
            entry.new.add(event.key)

    def hear(self, event: IncidentEvent) -> bool:
        """Add what somebody who was sent says. False, adding nothing, where `MOST` things have happened to
        the incident already."""
        events = self._entries[event.incident_id].events
        if event.key not in events and len(events) >= MOST:
            return False
        self.add(event)
        return True

    def decree(self, event: IncidentEvent) -> None:
        """Add what somebody ordered; raises InvalidTransition, adding nothing, where it is irregular."""
        entry = self._entries[event.incident_id]
        steps = replay_incident(entry.incident, [*entry.events.values(), event]).steps
        irregular = next(step.irregular for step in steps if step.key == event.key)
        if irregular:
            raise InvalidTransition(irregular)
        self.add(event)

    def after_orders(self, incident_id: str, at: datetime) -> datetime:
        """`at`, or just after the last order that was carried out about the incident, if that is later.

        Orders count in the sequence in which they are carried out: who was told to be first stays first.
        """
        ordered = (e.at for e in self._entries[incident_id].events.values() if e.event in _ORDERED)
        return max([at, *(one + timedelta(microseconds=1) for one in ordered)])

    def store(self) -> None:
        """Write the incidents to which something was added, as they stand now, and what was added."""
        incidents: list[Row] = []
        events: list[IncidentEvent] = []
        for _, entry in sorted(self._entries.items()):
            if entry.new:
                after = entry.replayed()
                incidents.append({**msgspec.to_builtins(after.incident), "section": after.incident.section})
                events += [step for step in after.steps if step.key in entry.new]
        if incidents:
            rows = {"incidents": _json(incidents), "events": _json(events)}
            fetch(self._conn, "write/store_incidents", rows)
            _announce(self._conn, events)


def _announce(conn: Connection, events: Iterable[IncidentEvent]) -> None:
    """Queue notifications for whoever is to be told of it outside the screen (`ingest.notifier`)."""
    told = [event for event in events if event.event in _TOLD and not event.irregular]
    if told:
        fetch(conn, "write/queue_notifications", {"steps": _json(told)})


def _json(rows: object) -> str:
    return msgspec.json.encode(rows).decode()
