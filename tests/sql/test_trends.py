"""How a day has gone: figures and rates as they stood at an instant, and the categories of the present."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from db.connect import Reader, Row, Scope
from ingest.domain.facts import DeviceEvent, StateReported
from ingest.store import store_facts
from tests import tiny, tiny_day

DISTRICT = Scope(tiny.DISTRICT, str(tiny.DISTRICT))
STATION_1 = Scope(tiny.DISTRICT, tiny_day.STATION_1)
DAY = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=2)

# W1 works from 8 to 12; W2 went home long ago and is back at 9; W3 went home and stays there. Heard of are
# two devices from 8 to 9, none until 10, one until 11. One alert is open from 8:30 to 10, then another.
PAST = """
UPDATE assignment SET valid_from = %(day)s - interval '9 days';
UPDATE worker_state SET on_duty = false, duty_at = %(day)s - interval '8 days' WHERE worker_id = 'W3';
UPDATE worker_state SET on_duty = false, duty_at = %(day)s + interval '12 hours' WHERE worker_id = 'W1';
UPDATE worker_state SET on_duty = true, duty_at = %(day)s + interval '9 hours' WHERE worker_id = 'W2';
INSERT INTO device_event (district, device_id, ts, id, at, kind, event, hist, received_at)
SELECT %(district)s, worker, at, at::text, at, 'worker', event, false, at
FROM (SELECT worker, %(day)s + hour * interval '1 hour' AS at, event
      FROM (VALUES ('W1', 8, 'duty_on'), ('W1', 12, 'duty_off'), ('W2', -150, 'duty_off'),
                   ('W2', 9, 'duty_on'), ('W3', -192, 'duty_off')) AS told (worker, hour, event)) t;
INSERT INTO device_hourly
SELECT %(district)s, %(day)s + hour * interval '1 hour', device, 7
FROM (VALUES ('C1', 8), ('B1', 8), ('C1', 10)) AS heard (device, hour);
INSERT INTO alert (district, alert_id, incident_id, rule, subject, severity, path, raised_at, cleared_at)
SELECT %(district)s, id, id, 'x', id, severity::severity, %(path)s, %(day)s + raised * interval '1 hour',
       %(day)s + cleared * interval '1 hour'
FROM (VALUES ('X1', 'major', 8.5, 10), ('X2', 'general', 10, NULL)) AS a (id, severity, raised, cleared);
"""


@pytest.fixture(scope="module")
def reader(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    tiny_day.seed(database_url, tmp_path_factory.mktemp("worlds"))
    with psycopg.connect(database_url, cursor_factory=psycopg.ClientCursor) as owner:
        owner.execute(PAST, {"day": DAY, "district": tiny.DISTRICT, "path": tiny.PATH_1})  # type: ignore[arg-type]
    reader = Reader(database_url)
    yield reader
    reader.close()


def hours(*clock: float) -> list[datetime]:
    return [DAY + timedelta(hours=hour) for hour in clock]


def trend(reader: Reader, name: str, at: list[datetime], scope: Scope = DISTRICT) -> dict[float, Any]:
    """What is known at which hour of the day."""
    rows = reader.read(scope, f"read/trend_{name}", at=at)
    return {(row["at"] - DAY) / timedelta(hours=1): row["value"] for row in rows}


def test_workers_are_on_duty_until_they_say_otherwise(reader: Reader) -> None:
    expected = {7: 1, 8: 1, 9: 2, 11.5: 2, 12: 1, 13: 1}
    assert trend(reader, "on_duty", hours(*expected)) == expected


def test_a_trend_of_one_station_counts_nobody_of_another(reader: Reader) -> None:
    assert trend(reader, "on_duty", hours(7, 10), STATION_1) == {7: 1, 10: 2}
    assert trend(reader, "on_duty", hours(10), Scope(tiny.DISTRICT, tiny_day.STATION_2)) == {10: 0}


@pytest.mark.parametrize("name", ["on_duty", "due_today", "alerts", "devices"])
def test_an_hour_of_which_nothing_is_known_is_left_out_and_no_zero(reader: Reader, name: str) -> None:
    assert trend(reader, name, hours(-24 * 20)) == {}


def test_devices_are_counted_by_the_hour_before(reader: Reader) -> None:
    assert trend(reader, "devices", hours(8, 9, 10, 11)) == {9: 2, 11: 1}


def test_an_alert_is_open_from_when_it_was_raised_to_when_it_was_cleared(reader: Reader) -> None:
    rows = reader.read(DISTRICT, "read/trend_alerts", at=hours(8, 8.5, 9, 10, 11))
    found = [(row["value"], row["major"], row["serious"], row["general"]) for row in rows]
    assert found == [(0, 0, 0, 0), (1, 1, 0, 0), (1, 1, 0, 0), (1, 0, 0, 1), (1, 0, 0, 1)]


def test_what_is_due_today_is_open_until_it_is_done(reader: Reader) -> None:
    now = datetime.now(UTC)
    rows = reader.read(
        DISTRICT, "read/trend_due_today", at=[now - timedelta(days=10), now - timedelta(days=8), now]
    )
    assert [row["value"] for row in rows] == [2, 1]


@pytest.mark.parametrize("name", ["on_duty", "due_today", "alerts", "devices"])
def test_a_trend_ends_with_what_the_card_shows(reader: Reader, name: str) -> None:
    (counts,) = reader.read(DISTRICT, "read/counts")
    shown = {
        **{"on_duty": counts["on_duty"], "due_today": counts["due_today"] - counts["due_today_done"]},
        **{"alerts": counts["alerts"], "devices": 3},  # heard of within the hour
    }
    (row,) = reader.read(DISTRICT, f"read/trend_{name}", at=None)
    assert row["value"] == shown[name]


def test_the_day_so_far_begins_at_midnight_of_the_district_and_ends_now(reader: Reader) -> None:
    rows = reader.read(DISTRICT, "read/day_so_far", at=None)
    assert (rows[0]["local_time"].hour, rows[0]["local_time"].minute) == (0, 0)
    assert abs(rows[-1]["at"] - datetime.now(UTC)) < timedelta(minutes=1)
    assert all(row["at"].minute == 0 for row in rows[:-1])


def last_second_of_yesterday(reader: Reader) -> datetime:
    (midnight, *_) = reader.read(DISTRICT, "read/day_so_far", at=None)
    at: datetime = midnight["at"] - timedelta(seconds=1)
    return at


@pytest.mark.parametrize(
    ("kpi", "expected"),
    [
        ("closure_rate", {"一所": [(0, 0), (0, 1), (2, 2)], "二所": [(0, 0), (0, 0), (1, 2)]}),
        ("on_time_rate", {"一所": [(0, 0), (0, 1), (1, 2)], "二所": [(0, 0), (0, 0), (1, 2)]}),
    ],
)
def test_a_rate_is_told_as_it_stood_at_each_instant(
    reader: Reader, kpi: str, expected: dict[str, list[tuple[int, int]]]
) -> None:
    yesterday = last_second_of_yesterday(reader)
    at = [yesterday - timedelta(days=days) for days in (20, 1, 0)]
    found: dict[str, list[tuple[int, int]]] = {}
    for row in reader.read(DISTRICT, f"kpi/{kpi}", unit=DISTRICT.path, depth=2, at=at):
        found.setdefault(row["name"], []).append((row["numerator"], row["denominator"]))
    assert found == expected


def categories(reader: Reader, limit: int, scope: Scope = DISTRICT) -> list[Row]:
    return reader.read(scope, "kpi_top/closure_rate", unit=scope.path, at=None, limit=limit)


@pytest.fixture
def four_categories(database_url: str, reader: Reader) -> Iterator[None]:
    change = (
        "UPDATE task SET category = "
        "CASE task_id WHEN 'T1' THEN %s WHEN 'T3' THEN %s WHEN 'T4' THEN %s ELSE %s END"
    )
    with psycopg.connect(database_url, autocommit=True) as owner:
        owner.execute(change, ("a", "b", "c", "d"))
        yield
        owner.execute(change, ("日常检查",) * 4)


@pytest.mark.parametrize("limit", [1, 2, 4, 9])
@pytest.mark.parametrize("scope", [DISTRICT, STATION_1], ids=["district", "station"])
def test_the_categories_sum_up_to_the_districts_closure_rate(
    reader: Reader, four_categories: None, limit: int, scope: Scope
) -> None:
    rows = categories(reader, limit, scope)
    assert len(rows) <= limit
    depth = scope.path.count("/") + 1
    (whole,) = reader.read(scope, "kpi/closure_rate", unit=scope.path, depth=depth, at=None)
    for figure in ("numerator", "denominator"):
        assert sum(row[figure] for row in rows) == whole[figure]


def test_what_does_not_fit_is_summed_without_a_name(reader: Reader, four_categories: None) -> None:
    def found(limit: int) -> list[tuple[str | None, int, int]]:
        return [(row["category"], row["numerator"], row["denominator"]) for row in categories(reader, limit)]

    assert found(4) == [("d", 2, 2), ("a", 1, 1), ("b", 0, 1), ("c", 0, 1)]
    assert found(2) == [("d", 2, 2), (None, 1, 3)]


def test_a_device_is_counted_in_the_hour_in_which_it_was_heard_and_not_for_its_will(
    ingest_conn: psycopg.Connection[Row], reader: Reader
) -> None:
    def fact(kind: type[Any], minute: int, **more: Any) -> Any:
        when = DAY + timedelta(hours=20, minutes=minute)
        said = {"kind": "bodycam", "device_id": "B2", "id": str(minute), "ts": when, "at": when}
        return kind(district=tiny.DISTRICT, received_at=when, **said, **more)

    event = {"event": "motion", "raw_lon": None, "raw_lat": None}
    store_facts(ingest_conn, [fact(DeviceEvent, 1, **event), fact(DeviceEvent, 2, **event)])
    store_facts(ingest_conn, [fact(StateReported, 59, online=True, retained=False)])
    store_facts(ingest_conn, [fact(StateReported, 61, online=False, retained=False)])
    rows = ingest_conn.execute(
        "SELECT hour, messages FROM device_hourly WHERE hour >= %s AND device_id = 'B2'", hours(20)
    )
    assert [tuple(row.values()) for row in rows] == [(hours(20)[0], 3)]
