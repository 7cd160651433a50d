"""Who is nearest to a place: on duty, heard of lately, in the viewer's scope; also in a large city."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from db.connect import Reader, Row, Scope
from ingest.domain.geo import distance_m
from ingest.registry import import_world
from tests import tiny

DISTRICT = Scope(tiny.DISTRICT, str(tiny.DISTRICT))
STATION_1 = Scope(tiny.DISTRICT, f"{tiny.DISTRICT}/01")
HERE = {"lon": 118.005, "lat": 24.605}


@pytest.fixture
def city(database_url: str, tmp_path: Path) -> Iterator[psycopg.Connection]:
    """The tiny district, whose people are put where a test wants them."""
    import_world(database_url, tiny.write(tmp_path / "world"))
    with psycopg.connect(database_url, autocommit=True) as conn:
        yield conn
        conn.execute("TRUNCATE worker_state, task, alert, incident, alert_event")
        conn.execute("DELETE FROM worker WHERE worker_id LIKE 'N%'")


@pytest.fixture
def reader(database_url: str) -> Iterator[Reader]:
    reader = Reader(database_url)
    yield reader
    reader.close()


def put(conn: psycopg.Connection, worker_id: str, lon: float, **changed: Any) -> None:
    state = {
        "at": "now()",
        "on_duty": "true",
        "mock": "false",
        "speed_kmh": "0",
        "heading_deg": "0",
        **changed,
    }
    columns, values = ", ".join(state), ", ".join(state.values())
    conn.execute(
        f"INSERT INTO worker_state (district, worker_id, lon, lat, {columns}) "
        f"VALUES ({tiny.DISTRICT}, '{worker_id}', {lon}, 24.605, {values})".encode()
    )


def near(reader: Reader, scope: Scope = DISTRICT, **asked: Any) -> list[Row]:
    return reader.read(scope, "read/nearest_workers", **{**HERE, "id": None, "limit": 9, **asked})


def ids(rows: list[Row]) -> list[str]:
    return [row["worker_id"] for row in rows]


def test_they_come_by_their_distance_along_the_earth(city: psycopg.Connection, reader: Reader) -> None:
    for worker_id, lon in (("W1", 118.02), ("W2", 118.006), ("F1", 118.01)):
        put(city, worker_id, lon)
    found = near(reader)
    assert ids(found) == ["W2", "F1", "W1"]
    assert [row["role"] for row in found] == ["worker", "officer", "worker"]
    for row in found:
        expected = float(distance_m(HERE["lon"], HERE["lat"], row["lon"], row["lat"]))
        assert row["metres"] == pytest.approx(expected, rel=1e-3)
    assert [round(row["bearing"]) for row in found] == [-90, -90, -90]  # the place lies west of all of them
    assert ids(near(reader, limit=1)) == ["W2"]


@pytest.mark.parametrize(
    "changed",
    [
        {"on_duty": "false"},
        {"at": "now() - interval '11 minutes'"},
        {"mock": "true"},
    ],
)
def test_who_is_off_duty_long_unheard_or_fakes_positions_is_not_offered(
    city: psycopg.Connection, reader: Reader, changed: dict[str, str]
) -> None:
    put(city, "W1", 118.005, **changed)
    put(city, "W2", 118.02)
    assert ids(near(reader)) == ["W2"]


def test_whoever_has_left_the_register_is_not_offered_either(
    city: psycopg.Connection, reader: Reader
) -> None:
    put(city, "W1", 118.005)
    city.execute("UPDATE worker SET closed_at = now() WHERE worker_id = 'W1'")
    assert near(reader) == []


def test_a_viewer_of_a_station_is_offered_its_own_people(city: psycopg.Connection, reader: Reader) -> None:
    put(city, "W1", 118.02)
    put(city, "W3", 118.005)
    assert ids(near(reader)) == ["W3", "W1"]
    assert ids(near(reader, STATION_1)) == ["W1"]


def test_who_is_at_another_incident_is_said_to_be_busy_until_they_are_done(
    city: psycopg.Connection, reader: Reader
) -> None:
    put(city, "W1", 118.005)
    city.execute(
        """INSERT INTO incident (district, incident_id, rule, section, path, raised_at, opened_at, alerts,
               open_alerts, subjects, last_alert_at, state, severity, level, sent)
           VALUES (%s, 'I1', 'fire', %s, %s, now(), now(), 1, 1, 1, now(), 'dispatched', 'major', 4,
               '[{"kind": "worker", "id": "W1"}]')""",
        (tiny.DISTRICT, tiny.PATH_1[:15], tiny.PATH_1),
    )
    assert [row["busy"] for row in near(reader)] == ["I1"]
    assert [row["busy"] for row in near(reader, id="I1")] == [None]  # it is this one
    city.execute("UPDATE incident SET sent = jsonb_set(sent, '{0,stage}', '\"done\"')")
    assert [row["busy"] for row in near(reader)] == [None]


def test_what_they_are_at_is_told_before_what_they_have_accepted(
    city: psycopg.Connection, reader: Reader
) -> None:
    put(city, "W1", 118.005)
    assert near(reader)[0]["task_state"] is None
    for task_id, premises_id, state in (("N1", "P1", "received"), ("N2", "P2", "inspecting")):
        city.execute(
            """INSERT INTO task (district, task_id, premises_id, category, path, worker_id, state,
                   launched_at, due_at)
               VALUES (%s, %s, %s, 'x', %s, 'W1', %s, now(), now())""",
            (tiny.DISTRICT, task_id, premises_id, tiny.PATH_1, state),
        )
    (found,) = near(reader)
    assert (found["task_state"], found["premises_name"]) == ("inspecting", "乙便利店")


def test_among_as_many_as_dongguan_has_it_takes_no_longer_than_a_glance(
    city: psycopg.Connection, reader: Reader
) -> None:
    key = {"district": tiny.DISTRICT, "path": tiny.PATH_1, "many": 9_884}
    city.execute(
        """INSERT INTO worker (district, worker_id, name, role, path)
           SELECT %(district)s, 'N' || n, 'n', 'worker', %(path)s FROM generate_series(1, %(many)s) n""",
        key,
    )
    city.execute(
        """INSERT INTO worker_state (district, worker_id, at, lon, lat, on_duty)
           SELECT %(district)s, 'N' || n, now(), 113.5 + n * 5e-5, 22.8 + n %% 97 * 1e-3, true
           FROM generate_series(1, %(many)s) n""",
        key,
    )
    city.execute("ANALYZE worker, worker_state")
    took = []
    for _ in range(7):
        began = time.perf_counter()
        assert len(near(reader, lon=113.75, lat=22.85, limit=8)) == 8
        took.append(time.perf_counter() - began)
    assert sorted(took)[3] < 0.2, took
