"""What is older than the rules keep it goes: rows through the database's own door, then photos' files."""

import logging
from datetime import datetime
from pathlib import Path

import psycopg

from db.connect import Row, fetch
from ingest.domain.photo import photo_path

SLICE = 20_000
"""Rows of each table (of evidence a tenth), and files, at a time: messages wait while they go."""

Connection = psycopg.Connection[Row]

log = logging.getLogger(__name__)


def forget(conn: Connection, data: Path, now: datetime) -> None:
    """Delete a slice of what the rules in force at `now` no longer keep.

    A file goes after its last row has gone for good: what is interrupted, or what the disk refuses, is found
    by the next call.
    """
    with conn.transaction():
        fetch(conn, "write/forget_old_facts", {"slice": SLICE, "now": now})
    with conn.transaction():
        waiting = [row["sha256"] for row in fetch(conn, "write/photos_gone", {"limit": SLICE})]
        if waiting:
            gone = [sha256 for sha256 in waiting if _taken_away(photo_path(data, sha256))]
            fetch(conn, "write/photos_taken_away", {"sha256s": gone})


def _taken_away(file: Path) -> bool:
    try:
        file.unlink(missing_ok=True)
    except OSError as error:
        log.warning("an old photo cannot be deleted", extra={"why": str(error)})
        return False
    return True
