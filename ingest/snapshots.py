"""What is registered, loaded from the database as frozen types."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

import msgspec
import psycopg

from db.connect import Row, fetch
from ingest.contract.messages import Datum
from ingest.domain.acts import Centre
from ingest.domain.calendar import WorkCalendar
from ingest.domain.catalogue import Catalogue, Checked
from ingest.domain.clue_route import ClueRoute, ClueRoutes
from ingest.domain.deadline import DeadlineRule, Deadlines
from ingest.domain.duty_list import DutyLists, DutyRule
from ingest.domain.escalation import Escalation, EscalationRule
from ingest.domain.geo import GridIndex
from ingest.domain.module import Item
from ingest.domain.roster import Device, Premises, Roster, Worker
from ingest.domain.season import Season
from ingest.domain.threshold import ThresholdRow, Thresholds

Connection = psycopg.Connection[Row]


def load_districts(conn: Connection) -> list[int]:
    """The registered districts, ascending."""
    return [row["district"] for row in fetch(conn, "write/load_districts")]


def load_roster(conn: Connection, district: int) -> Roster:
    """The district's registry now; raises LookupError for a district that is not registered."""
    key = {"district": district}
    found = fetch(conn, "write/load_district", key)
    if not found:
        raise LookupError(f"district {district} is not registered")
    tz = ZoneInfo(found[0]["tz"])
    grids = fetch(conn, "write/load_grids", key)
    return Roster(
        district=district,
        tz=tz,
        workers={
            row["worker_id"]: Worker(row["role"], row["path"], frozenset(row["grids"]))
            for row in fetch(conn, "write/load_workers", key)
        },
        devices={
            row.pop("device_id"): msgspec.convert({**row, "datum": Datum(row["datum"])}, Device)
            for row in fetch(conn, "write/load_devices", key)
        },
        grids=GridIndex({row["grid_id"]: row["geom"] for row in grids}),
        paths={row["grid_id"]: row["path"] for row in grids},
        deadlines=load_deadlines(conn, district, tz),
        departments={
            row["category"]: row["department_id"] for row in fetch(conn, "write/load_departments", key)
        },
        catalogue=load_catalogue(conn, district),
        clue_routes=load_clue_routes(conn, district),
        seasons=[msgspec.convert(row, Season) for row in fetch(conn, "write/load_seasons", key)],
        escalation=load_escalation(conn, district, tz),
        thresholds=load_thresholds(conn, district),
        duty_lists=load_duty_lists(conn, district, tz),
        centre=msgspec.convert(found[0], Centre),
    )


def load_catalogue(conn: Connection, district: int) -> Catalogue:
    """What the district's supervision modules say; what is closed comes last, since phones may still have it
    on their menus."""
    key = {"district": district}
    return Catalogue(
        categories=[msgspec.convert(row, Checked) for row in fetch(conn, "write/load_task_categories", key)],
        items=[msgspec.convert(row, Item) for row in fetch(conn, "write/load_check_items", key)],
    )


def load_deadlines(conn: Connection, district: int, tz: ZoneInfo) -> Deadlines:
    """The district's deadline rules and working days now; what it does not say itself is everybody's."""
    key = {"district": district}
    return Deadlines(
        rules=[msgspec.convert(row, DeadlineRule) for row in fetch(conn, "write/load_deadline_rules", key)],
        calendar=WorkCalendar(
            {row["day"]: row["working"] for row in fetch(conn, "write/load_holidays", key)}
        ),
        tz=tz,
    )


def load_clue_routes(conn: Connection, district: int) -> ClueRoutes:
    """Where the district's clues go now, its own rows and everybody's, and the departments that it has."""
    key = {"district": district}
    return ClueRoutes(
        routes=[msgspec.convert(row, ClueRoute) for row in fetch(conn, "write/load_clue_routes", key)],
        departments=frozenset(row["department_id"] for row in fetch(conn, "write/load_department_ids", key)),
    )


def load_escalation(conn: Connection, district: int, tz: ZoneInfo) -> Escalation:
    """How long an incident's steps may take now, by the district's own rows and everybody's."""
    rows = fetch(conn, "write/load_escalation_rules", {"district": district})
    return Escalation([msgspec.convert(row, EscalationRule) for row in rows], tz)


def load_thresholds(conn: Connection, district: int) -> Thresholds:
    """The district's thresholds, its own rows and everybody's, those of the future among them."""
    rows = fetch(conn, "write/load_thresholds", {"district": district})
    return Thresholds(msgspec.convert(row, ThresholdRow) for row in rows)


def load_duty_lists(conn: Connection, district: int, tz: ZoneInfo) -> DutyLists:
    """What accounts of each grade may do now, by the district's own rows and everybody's."""
    rows = fetch(conn, "write/load_duty_rules", {"district": district})
    return DutyLists([msgspec.convert(row, DutyRule) for row in rows], tz)


def load_premises(conn: Connection, district: int, ids: Iterable[str]) -> dict[str, Premises]:
    """Those of the premises that are registered, by id."""
    rows = fetch(conn, "write/load_premises", {"district": district, "ids": sorted(set(ids))})
    return {row.pop("premises_id"): msgspec.convert(row, Premises) for row in rows}


def load_categories(conn: Connection, district: int, task_ids: Iterable[str]) -> dict[str, str]:
    """The category of each of the tasks that there are."""
    rows = fetch(conn, "write/load_categories_of", {"district": district, "ids": sorted(set(task_ids))})
    return {row["task_id"]: row["category"] for row in rows}
