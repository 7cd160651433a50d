"""Devices' keys as the database has them: issued, revoked, never forgotten; the broker's files follow."""

import getpass
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import psycopg

from db.connect import Row, connect, fetch
from ingest.audit import note_deed
from ingest.contract.errors import ConfigError
from ingest.contract.orders import Deed, NoteDeed
from ingest.contract.topics import ID_PATTERN
from ingest.settings import load
from up.broker_files import login, write_files
from up.run import find

PASSWORD, CERTIFICATE = "password", "certificate"  # noqa: S105  the two ways, no secret


class Office(NamedTuple):
    """Where keys are issued: the database as its owner, and the directory of the broker's files."""

    conn: psycopg.Connection[Row]
    data: Path
    actor: str

    def place(self, text: str) -> Row:
        """The registered place of that name; raises ConfigError where there is none."""
        place = place_named(text)
        if place not in fetch(self.conn, "ops/device_places", place):
            raise ConfigError(f"{text} is not registered (workers.csv, devices.csv, departments.csv)")
        return place

    def issue(self, place: Row, way: str, secret: str, expires_at: datetime | None = None) -> None:
        """Write down a key; raises ConfigError where one of that way is in force."""
        told = {**place, "way": way, "secret": secret, "actor": self.actor, "expires_at": expires_at}
        try:
            fetch(self.conn, "ops/issue_device_key", told)
        except psycopg.errors.UniqueViolation:
            raise ConfigError(f"{login(place)} has a {way} already (`gridward device rotate`)") from None
        self._note("issue_key", place, way)

    def revoke(self, place: Row, way: str | None = None) -> list[str]:
        """Revoke what is in force, and give its ways."""
        told = {**place, "way": way, "actor": self.actor}
        ways = [str(row["way"]) for row in fetch(self.conn, "ops/revoke_device_keys", told)]
        for one in ways:
            self._note("revoke_key", place, one)
        return ways

    def _note(self, act: Deed, place: Row, way: str) -> None:
        deed = NoteDeed(act, f"{place['kind']}:{place['device_id']}", {"way": way})
        note_deed(self.conn, place["district"], self.actor, deed)


def place_named(text: str) -> Row:
    """The place of a device on the wire, registered or not; raises ConfigError where it is none."""
    parts = text.split("/")
    named = len(parts) == 3 and all(re.match(ID_PATTERN, part) for part in parts[1:])
    if not (named and re.fullmatch(r"[1-9][0-9]{5}", parts[0], re.ASCII)):
        raise ConfigError(f"{text!r} is no DISTRICT/KIND/ID, such as 350211/worker/O009")
    return {"district": int(parts[0]), "kind": parts[1], "device_id": parts[2]}


def owner() -> tuple[str, Path]:
    """The database's address, of its owner, and GRIDWARD_DATA."""
    settings = load(os.environ)
    data = settings.data.resolve()
    return settings.database or find(data).database_url, data


@contextmanager
def office_() -> Iterator[Office]:
    """One transaction in which keys are issued and revoked; nobody else is at it meanwhile.

    What it comes to stands in the broker's files before it is committed: where they cannot be written nothing
    has changed.
    """
    url, data = owner()
    with connect(url) as conn:
        fetch(conn, "ops/lock_device_keys")
        yield Office(conn, data, f"cli:{getpass.getuser()}")
        write_files(conn, data)
