"""Clues with all that happened to them: loaded at once, added to, replayed, and stored with what is new."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

import msgspec
import psycopg

from db.connect import Row, fetch
from ingest.contract.errors import InvalidTransition
from ingest.domain.clue import ClueCase, ClueEvent
from ingest.domain.clue_replay import ReplayedClue, replay_clue
from ingest.domain.clue_steps import addressed, escalated, handle_id, settlement
from ingest.domain.roster import Roster
from ingest.rollup import counted

Connection = psycopg.Connection[Row]

MOST = 60
"""A clue has about five events. A department that repeats itself must not make the replay endless."""


@dataclass
class _Entry:
    case: ClueCase
    events: dict[object, ClueEvent] = field(default_factory=dict)
    new: set[object] = field(default_factory=set)

    def replayed(self) -> ReplayedClue:
        return replay_clue(self.case, self.events.values())


class Cluebook:
    """Some clues of a district, locked until the connection's transaction ends."""

    def __init__(self, conn: Connection, roster: Roster, clue_ids: Iterable[str]) -> None:
        self._conn, self._roster = conn, roster
        self._entries: dict[str, _Entry] = {}
        key = {"district": roster.district, "ids": sorted(set(clue_ids))}
        rows = fetch(conn, "write/load_clue_cases", key) if key["ids"] else []
        for row in rows:
            self._entries[row["clue_id"]] = _Entry(msgspec.convert(row, ClueCase))
        for row in fetch(conn, "write/load_clue_events", key) if rows else []:
            event = msgspec.convert(row, ClueEvent)
            self._entries[event.clue_id].events[event.key] = event

    def __contains__(self, clue_id: str) -> bool:
        return clue_id in self._entries

    def case(self, clue_id: str) -> ClueCase:
        """The clue as it stands after all its events."""
        return self._entries[clue_id].replayed().case

    def open(self, case: ClueCase, first: ClueEvent) -> None:
        """Take up a new clue; one that is known already stays as it is."""
        if case.clue_id not in self:
            self._entries[case.clue_id] = _Entry(case)
            self._keep(first)

    def add(self, event: ClueEvent) -> bool:
        """Add what a department said of one of the clues; what is known already changes nothing.

        False, adding nothing, where `MOST` things have happened to it already.
        """
        events = self._entries[event.clue_id].events
        if event.key not in events and len(events) >= MOST:
            return False
        self._keep(event)
        return True

    def decree(self, event: ClueEvent) -> None:
        """Add what somebody ordered; raises InvalidTransition, adding nothing, where it is irregular."""
        entry = self._entries[event.clue_id]
        steps = replay_clue(entry.case, [*entry.events.values(), event]).steps
        irregular = next(step.irregular for step in steps if step.key == event.key)
        if irregular:
            raise InvalidTransition(irregular)
        self._keep(event)

    def address(self, now: datetime) -> None:
        """Route, or dispatch, those that nobody has."""
        standing = [entry.replayed() for entry in self._entries.values()]
        named = {after.case.premises_id for after in standing if after.case.premises_id}
        words = self._words(named) if named else {}
        for after in standing:
            said = words.get(after.case.premises_id or "", "")
            if (event := addressed(after.case, after.steps, said, self._roster, now)) is not None:
                self._keep(event)

    def escalate(self, now: datetime) -> None:
        """Call the next level about those that nobody has answered in time."""
        for entry in self._entries.values():
            if (event := escalated(entry.replayed().case, self._roster, now)) is not None:
                self._keep(event)

    def settle(self, now: datetime) -> None:
        """Count again the deadlines that were provisional and need not be any more."""
        for entry in self._entries.values():
            after = entry.replayed()
            if (event := settlement(after.case, after.steps, self._roster, now)) is not None:
                self._keep(event)

    def store(self) -> list[ClueCase]:
        """Write the clues to which something was added, and what was added; returns how these stand now."""
        changed = [clue_id for clue_id, entry in self._entries.items() if entry.new]
        with counted(self._conn, self._roster.district, "clue", changed):
            return self.store_uncounted()

    def store_uncounted(self) -> list[ClueCase]:
        """The same, without a word to the indicators' rollup: for who has it counted anew after all."""
        cases: list[ClueCase] = []
        events: list[ClueEvent] = []
        for _, entry in sorted(self._entries.items()):
            if entry.new:
                after = entry.replayed()
                cases.append(after.case)
                events += [step for step in after.steps if step.key in entry.new]
        if cases:
            rows = {"cases": _json(cases), "events": _json(events)}
            fetch(self._conn, "write/store_clue_cases", rows)
            addressed_now = {(event.clue_id, event.at) for event in events if event.params.by}
            told = [_to_department(case) for case in cases if (case.clue_id, case.routed_at) in addressed_now]
            fetch(self._conn, "write/queue_clue_orders", {"rows": _json(told)})
        return cases

    def _keep(self, event: ClueEvent) -> None:
        entry = self._entries[event.clue_id]
        if event.key not in entry.events:
            entry.events[event.key] = event
            entry.new.add(event.key)

    def _words(self, premises_ids: Iterable[str]) -> dict[str, str]:
        key = {"district": self._roster.district, "ids": sorted(premises_ids)}
        return {
            row["premises_id"]: row["words"] for row in fetch(self._conn, "write/load_premises_words", key)
        }


def _to_department(case: ClueCase) -> Row:
    """The order by which the department learns of its clue."""
    return {
        "district": case.district,
        "order_id": handle_id(case),
        "clue_id": case.clue_id,
        "device_id": case.department_id,
        "queued_at": case.routed_at,
    }


def _json(rows: object) -> str:
    return msgspec.json.encode(rows).decode()
