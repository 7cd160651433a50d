"""The audit log looked through from its first row to its last, and against its daily roots."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Literal

import psycopg
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from msgspec import Struct

from db.connect import Row, fetch, query
from ingest.audit_key import is_signed
from ingest.domain.audit import Fault, Head, Link
from ingest.roots import Root, kept_roots, load_roots
from ingest.timestamp import is_stamped

BATCH = 5_000

RootFault = Literal["rehashed", "cut_off", "root_forged", "root_gone", "stamp_forged"]


class Broken(Struct, frozen=True):
    """The first thing that is wrong: with which row, or with the root of which day."""

    why: Fault | RootFault
    number: int | None = None
    day: date | None = None


class Checked(Struct, frozen=True):
    """What there is of one district's log, and what is wrong with it."""

    district: int
    rows: int
    last: str
    """The hash of the last row."""
    roots: int
    stamps: int
    sealed: int
    """Up to which row it is sealed by a root."""
    broken: Broken | None


def check(
    conn: psycopg.Connection[Row],
    data: Path,
    district: int,
    key: Ed25519PublicKey | None,
    authorities: list[x509.Certificate],
) -> Checked:
    """Look through the district's log, in the connection's transaction. Without a `key` signatures are not
    looked at, without `authorities` stamps are not."""
    roots = load_roots(conn, district)
    kept = kept_roots(data, district)
    head, rows, broken = _links(conn, district, {**roots, **kept})
    stamps = {day: response for day in roots if (response := _stamp(conn, district, day)) is not None}
    broken = broken or _roots(roots, kept, key) or _stamps(roots, stamps, authorities)
    sealed = max((root.number for root in roots.values()), default=0)
    return Checked(district, rows, head.hash, len(roots), len(stamps), sealed, broken)


def _links(
    conn: psycopg.Connection[Row], district: int, roots: Mapping[date, Root]
) -> tuple[Head, int, Broken | None]:
    """How far it is in order, how many rows there are, and the first that is broken."""
    sealed = {root.number: root for root in roots.values()}
    head, rows, broken = Head(), 0, None
    with conn.cursor(name="audit") as cursor:
        cursor.itersize = BATCH
        for row in cursor.execute(query("write/audit_links"), {"district": district}):
            rows += 1
            if broken:
                continue
            link = Link(**row)
            if why := link.fault(head):
                broken = Broken(why, head.number + 1)
                continue
            head = Head(link.number, link.hash)
            root = sealed.get(link.number)
            if root and root.hash != link.hash:
                broken = Broken("rehashed", link.number, root.day)
    if not broken:
        cut = [root for number, root in sorted(sealed.items()) if number > head.number]
        broken = Broken("cut_off", head.number + 1, cut[0].day) if cut else None
    return head, rows, broken


def _roots(
    roots: Mapping[date, Root], kept: Mapping[date, Root], key: Ed25519PublicKey | None
) -> Broken | None:
    for day, root in sorted({**kept, **roots}.items()):
        if day not in roots:
            return Broken("root_gone", day=day)
        if kept.get(day, root) != root:
            return Broken("root_forged", day=day)
        if key and not is_signed(key, bytes.fromhex(root.signature), root.said()):
            return Broken("root_forged", day=day)
    return None


def _stamp(conn: psycopg.Connection[Row], district: int, day: date) -> bytes | None:
    found = fetch(conn, "write/load_stamp", {"district": district, "day": day})
    return bytes(found[0]["response"]) if found else None


def _stamps(
    roots: Mapping[date, Root], stamps: Mapping[date, bytes], authorities: list[x509.Certificate]
) -> Broken | None:
    for day, response in sorted(stamps.items()) if authorities else ():
        if not is_stamped(response, roots[day].said(), authorities):
            return Broken("stamp_forged", day=day)
    return None
