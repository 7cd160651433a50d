"""Looks at people's tracks, written down: who looked, when, at whose, and what for."""

from collections.abc import Sequence
from datetime import date

import msgspec
import psycopg

from db.connect import Row, fetch
from ingest.contract.orders import LookAtTrack

Connection = psycopg.Connection[Row]


def note_looks(conn: Connection, district: int, looks: Sequence[tuple[Row, LookAtTrack]]) -> dict[str, str]:
    """Write the looks down; returns why some were refused, by command id: those at what there is not."""
    rows = [
        {
            "look_id": command["command_id"],
            "at": command["queued_at"],
            "actor": command["actor"],
            "about": look.about,
            "id": look.id,
            "day": _day(look),
        }
        for command, look in looks
    ]
    key = {"district": district, "rows": msgspec.json.encode(rows).decode()}
    noted = {row["look_id"] for row in fetch(conn, "write/note_looks", key)}
    return {row["look_id"]: "nothing_to_see" for row in rows if row["look_id"] not in noted}


def _day(look: LookAtTrack) -> date | None:
    """The day that it is about, if it is about one."""
    try:
        match look.about:
            case "day":
                return date.fromisoformat(look.id.partition(":")[2])
            case "room":
                return date.fromisoformat(look.id)
        return None
    except ValueError:
        return None
