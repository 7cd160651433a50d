"""Days of the audit log are sealed beside the lane: an authority may be slow."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

from ingest.audit_key import signing_key
from ingest.beside import Beside, Connection
from ingest.domain.roster import Roster
from ingest.roots import keep, load_roots, seal, stamp_roots

EVERY_S = 60
STAMPED_DAYS = 30
"""Roots that are older are not stamped any more: the authority was away, or is new."""


def sealer(
    url: str, data: Path, authority: str | None, rosters: Callable[[], Mapping[int, Roster]]
) -> Beside:
    """Seals each day of the districts whose `rosters` it is given, when it is over there."""

    def work(conn: Connection, stopping: Event) -> None:
        for roster in rosters().values():
            if not stopping.is_set():
                _seal(conn, data, authority, roster, datetime.now(UTC))

    return Beside(url, "sealing the audit log", work, lambda _: EVERY_S, again_s=EVERY_S)


def _seal(conn: Connection, data: Path, authority: str | None, roster: Roster, now: datetime) -> None:
    today = now.astimezone(roster.tz).date()
    seal(conn, roster.district, today, signing_key(data), now)
    roots = load_roots(conn, roster.district)
    keep(data, roster.district, roots)
    if authority:
        oldest = today - timedelta(days=STAMPED_DAYS)
        stamp_roots(conn, authority, [root for day, root in roots.items() if day > oldest])
