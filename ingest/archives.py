"""Archives learn of new messages: what visits say of their premises, and premises found."""

from collections.abc import Iterator, Sequence

import msgspec
import psycopg

from db.connect import Row, fetch
from ingest.archivebook import Archivebook
from ingest.contract.errors import DecodeError
from ingest.domain.archive_steps import found, found_id, visited
from ingest.domain.facts import Fact, Inspection, PremisesFound
from ingest.domain.roster import Roster

Connection = psycopg.Connection[Row]


def advance_archives(
    conn: Connection, roster: Roster, fresh: Sequence[Fact]
) -> list[tuple[Fact, DecodeError]]:
    """Let the archives learn of new facts; returns those that speak of premises which there are not."""
    visits = [fact for fact in fresh if isinstance(fact, Inspection) and fact.archive]
    reports = [fact for fact in fresh if isinstance(fact, PremisesFound)]
    if not (visits or reports):
        return []
    about = _recognised(conn, roster.district, reports)
    _open(conn, roster, [report for report, premises_id in about if premises_id == found_id(report)])
    ids = [visit.premises_id for visit in visits] + [premises_id for _, premises_id in about]
    book = Archivebook(conn, roster.district, ids)
    for visit in visits:
        if visit.premises_id in book:
            book.add(visit.premises_id, *visited(visit, roster))
    for report, premises_id in about:
        book.add(premises_id, *found(report, premises_id, roster))
    book.store()
    return list(_orphans(visits, book))


def _recognised(
    conn: Connection, district: int, reports: Sequence[PremisesFound]
) -> list[tuple[PremisesFound, str]]:
    """Each report with the premises that it is about: those on record under its licence, or new ones."""
    numbers = sorted({report.licence_no for report in reports if report.licence_no})
    asked = {"district": district, "numbers": numbers}
    rows = fetch(conn, "write/load_licensed", asked) if numbers else []
    known = {row["licence_no"]: row["premises_id"] for row in rows}
    about = []
    for report in reports:
        premises_id = known.get(report.licence_no) or found_id(report)
        if report.licence_no:
            known.setdefault(report.licence_no, premises_id)
        about.append((report, premises_id))
    return about


def _open(conn: Connection, roster: Roster, reports: Sequence[PremisesFound]) -> None:
    """New rows, each with a path: the rest is made of what is added to them."""
    rows = [
        msgspec.structs.asdict(fact)
        | {
            "premises_id": found_id(fact),
            "path": roster.paths.get(fact.grid_id or "", str(roster.district)),
            "known_since": fact.received_at,
        }
        for fact in reports
    ]
    if rows:
        fetch(conn, "write/open_premises", {"rows": msgspec.json.encode(rows).decode()})


def _orphans(visits: Sequence[Inspection], book: Archivebook) -> Iterator[tuple[Fact, DecodeError]]:
    for visit in visits:
        if visit.premises_id not in book:
            yield visit, DecodeError("unknown_premises", visit.premises_id)
