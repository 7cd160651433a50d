"""Daily roots of the audit log: how far it had come when a day was over, signed, and stamped if there is an
authority; in the database, and in a file that the database's owner does not reach."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path

import msgspec
import psycopg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import Struct

from db.connect import Row, fetch
from ingest.domain.audit import Head, statement
from ingest.timestamp import stamp

Connection = psycopg.Connection[Row]


class Root(Struct, frozen=True):
    """One of them; hash and signature in hexadecimal digits."""

    district: int
    day: date
    number: int
    hash: str
    signature: str

    def said(self) -> bytes:
        """What is signed."""
        return statement(self.district, self.day, Head(self.number, self.hash))


def seal(conn: Connection, district: int, today: date, key: Ed25519PrivateKey, now: datetime) -> None:
    """Sign how far the log has come, as the root of yesterday, unless there is one or no row yet."""
    with conn.transaction():
        found = fetch(conn, "write/audit_head", {"district": district})
        if found:
            day, head = today - timedelta(days=1), Head(**found[0])
            signature = key.sign(statement(district, day, head)).hex()
            told = {"district": district, "day": day, "signature": signature, "now": now}
            fetch(conn, "write/store_root", {**told, "number": head.number, "hash": head.hash})


def load_roots(conn: Connection, district: int) -> dict[date, Root]:
    """The roots in the database, by day."""
    return {row["day"]: Root(**row) for row in fetch(conn, "write/load_roots", {"district": district})}


def kept_roots(data: Path, district: int) -> dict[date, Root]:
    """The roots in the file, by day; none without one."""
    try:
        lines = _file(data, district).read_bytes().splitlines()
    except FileNotFoundError:
        return {}
    return {root.day: root for root in (msgspec.json.decode(line, type=Root) for line in lines)}


def keep(data: Path, district: int, roots: Mapping[date, Root]) -> None:
    """Add to the file what it does not have; what is in it stays as it is."""
    kept = kept_roots(data, district)
    fresh = [root for day, root in roots.items() if day not in kept]
    if fresh:
        path = _file(data, district)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with path.open("ab") as file:
            file.writelines(msgspec.json.encode(root) + b"\n" for root in fresh)


def stamp_roots(conn: Connection, url: str, roots: Iterable[Root]) -> None:
    """Have those stamped that are not yet; raises RetryLater when the authority does not."""
    for root in roots:
        if not fetch(conn, "write/load_stamp", {"district": root.district, "day": root.day}):
            told = stamp(url, root.said())
            key = {"district": root.district, "day": root.day}
            fetch(conn, "write/store_stamp", {**key, "at": told.at, "response": told.response})


def _file(data: Path, district: int) -> Path:
    return data / "audit" / f"roots-{district}.jsonl"
