"""Workers answer for visits of theirs that are doubted: what they say stands in the incident's history."""

from collections.abc import Sequence

import msgspec
import psycopg

from db.connect import Row, fetch
from ingest.contract.errors import DecodeError
from ingest.domain.facts import Fact, VisitAppealed, of_kind
from ingest.domain.incident import IncidentDetails, IncidentHappened
from ingest.domain.incident_steps import happened
from ingest.domain.roster import Roster
from ingest.incidentbook import Incidentbook

Connection = psycopg.Connection[Row]


def hear_appeals(conn: Connection, roster: Roster, fresh: Sequence[Fact]) -> list[tuple[Fact, DecodeError]]:
    """Let the incidents learn of new appeals; returns those about visits which there are not.

    One about a visit that has become no incident is kept with the visit alone.
    """
    appeals = of_kind(VisitAppealed, fresh)
    if not appeals:
        return []
    asked = [{"worker_id": appeal.device_id, "visit_id": appeal.visit_id} for appeal in appeals]
    key = {"district": roster.district, "rows": msgspec.json.encode(asked).decode()}
    cases = {
        (row["worker_id"], row["visit_id"]): row["incident_id"]
        for row in fetch(conn, "write/load_appealed", key)
    }
    book = Incidentbook(conn, roster, filter(None, cases.values()))
    orphans: list[tuple[Fact, DecodeError]] = []
    for appeal in appeals:
        visit = (appeal.device_id, appeal.visit_id)
        if visit not in cases:
            orphans.append((appeal, DecodeError("unknown_visit", appeal.visit_id)))
        elif (incident_id := cases[visit]) is not None:
            said = (
                IncidentHappened.COMMENTED,
                appeal.device_id,
                appeal.id,
                IncidentDetails(text=appeal.text),
            )
            if not book.hear(happened(book.incident(incident_id), appeal.at, *said)):
                orphans.append((appeal, DecodeError("too_many_events", incident_id)))
    book.store()
    return orphans
