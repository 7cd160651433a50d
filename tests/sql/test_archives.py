"""The archive of premises on a real database: visits keep it, imports do not undo them, nothing is lost."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from db.connect import INGEST, Row, connect
from ingest.alerts import rules
from ingest.decoders import decoders
from ingest.registry import import_world
from tests import tiny
from tests.sql.test_closed_loop import NOW, PATH, Room

NO_TASKS = tiny.FILES["tasks.csv"].splitlines()[0] + "\n"
RECORDED = tiny.FILES["premises.csv"].replace("A,in_business", "A,recorded")
MINUTE = timedelta(minutes=1)
HOW = (
    "SELECT status, round(lon::numeric, 3)::float, grid_id, tags, verified_by "
    "FROM premises WHERE premises_id = 'P1'"
)

decoders()
rules()


@pytest.fixture
def world(database_url: str, tmp_path: Path) -> "World":
    world = World(database_url, tmp_path)
    with psycopg.connect(database_url, autocommit=True) as conn:
        for table in ("premises", "premises_event", "premises_found", "inspection"):
            conn.execute(f"DELETE FROM {table}".encode())
    world.bring()
    return world


class World:
    """The tiny district with P1 known from records only, to be imported again and again."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url, self.folder = url, folder

    def bring(self, premises: str = RECORDED, **changed: str) -> None:
        import_world(self.url, tiny.write(self.folder, tasks_csv=NO_TASKS, premises_csv=premises, **changed))

    def room(self, conn: psycopg.Connection[Row]) -> Room:
        return Room(conn, self.folder / "data")

    def tell(self, *said: dict[str, Any]) -> list[Any]:
        """Let visits to P1 say this, in this order, for good; how it stands then."""
        with connect(self.url, INGEST) as conn:
            room = self.room(conn)
            for one in said:
                visit(room, **one)
            return room.rows(HOW)


def visit(room: Room, minutes: float = 0, id: str | None = None, worker: str = "W1", **part: Any) -> None:  # noqa: A002
    """A visit to P1 so long after (or before) now, from 100 m east of where the register has it."""
    at, room.messages = NOW + minutes * MINUTE, room.messages + 1
    place = {"lon": part.pop("lon", 118.006), "lat": 24.605, "mock": part.pop("mock", False)}
    archive = {"archive": part} if part else {}
    data = {"premises_id": "P1", "result": "normal", "items": [], "started": ms(at), "ended": ms(at)}
    topic = f"worker/{worker}/inspection"
    room.hear(topic, data | place | archive, at, id or f"v{minutes}-{worker}")


def ms(at: Any) -> int:
    return round(at.timestamp() * 1000)


def found(room: Room, id: str = "f1", minutes: float = 0, **changed: Any) -> None:  # noqa: A002
    data = {"name": "新小店", "category": "餐饮服务", "lon": 118.014, "lat": 24.606, "tags": ["夜间经营"]}
    room.hear("worker/W1/premises", data | changed, NOW + minutes * MINUTE, id)


def test_a_visit_verifies_what_was_known_from_records_and_moves_it_where_it_stands(world: World) -> None:
    assert world.tell() == [("recorded", 118.005, "G1", ["校园周边", "餐饮"], None)]
    said = {"status": "in_business", "here": True, "tags_added": ["夜间经营"], "tags_removed": ["餐饮"]}
    assert world.tell(said) == [("in_business", 118.006, "G1", ["校园周边", "夜间经营"], "W1")]
    with connect(world.url) as conn:
        (event,) = conn.execute("SELECT * FROM premises_event").fetchall()
        assert conn.execute("SELECT archive FROM inspection").fetchall() == [{"archive": said}]
    assert (event["event"], event["actor"], event["cause"], event["at"]) == ("visited", "W1", "v0-W1", NOW)
    assert event["changes"] == {
        "status": ["recorded", "in_business"],
        "lon": [118.005, 118.006],
        "tags": [["校园周边", "餐饮"], ["校园周边", "夜间经营"]],
    }
    assert event["evidence"]["lon"] == 118.006


def test_what_workers_say_of_premises_counts_for_the_licences_that_they_need(world: World) -> None:
    needs = """SELECT p.source, s.held_from IS NULL AS lacking, s.needed_from = p.known_since AS since_found
               FROM licence_standing s JOIN premises p USING (district, premises_id)
               WHERE s.premises_id NOT IN ('P2', 'P3', 'P4')"""
    with connect(world.url, INGEST) as conn:
        room = world.room(conn)
        assert room.rows(needs) == [("register", True, False)]
        visit(room, status="moved")
        assert room.rows(needs) == []
        visit(room, 1, status="in_business", here=True)
        assert room.rows(needs) == [("register", True, False)]
        found(room)
        assert sorted(room.rows(needs)) == [("field", True, True), ("register", True, False)]


def test_a_visit_of_an_old_phone_changes_no_archive(world: World) -> None:
    before = world.tell()
    assert world.tell({}) == before
    with connect(world.url) as conn:
        assert conn.execute("SELECT archive FROM inspection").fetchall() == [{"archive": None}]
        assert not conn.execute("SELECT FROM premises_event").fetchall()


def test_redelivered_late_and_out_of_order_words_come_to_the_same(world: World) -> None:
    told = [
        {"status": "moved", "tags_added": ["夜间经营"]},
        {"minutes": 5, "status": "in_business", "here": True, "worker": "W2"},
        {"minutes": 9, "tags_removed": ["夜间经营"], "lon": 118.5, "here": True},
    ]
    expected = [("in_business", 118.006, "G1", ["校园周边", "餐饮"], "W2")]
    for turn in (told, told[::-1], [told[1], told[0], told[1], told[2], told[0]]):
        with connect(world.url, INGEST) as conn:
            room = world.room(conn)
            for one in turn:
                visit(room, **one)
            assert room.rows(HOW) == expected
            words = room.rows("SELECT cause, irregular FROM premises_event ORDER BY cause")
            assert [cause for cause, _ in words] == ["v0-W1", "v5-W2", "v9-W1"]
            assert dict(words)["v9-W1"] == "outside_place"
            conn.rollback()


def test_an_import_does_not_undo_what_was_verified_and_its_own_news_count(world: World) -> None:
    world.tell({"status": "in_business", "here": True, "tags_added": ["夜间经营"]})
    verified = [("in_business", 118.006, "G1", ["校园周边", "餐饮", "夜间经营"], "W1")]
    world.bring()
    assert world.tell() == verified
    guessed = RECORDED.replace("118.005", "118.0051").replace("甲味馆", "甲味新馆")
    world.bring(guessed)
    assert world.tell() == verified
    world.bring(guessed.replace("校园周边;餐饮", "校园周边;网络餐饮"))
    assert world.tell()[0][3] == ["校园周边", "网络餐饮", "夜间经营"]
    moved = guessed.replace("A,recorded,甲村一号", "A,closed,乙村八号").replace("118.0051", "118.012")
    world.bring(moved)
    assert world.tell() == [("closed", 118.012, "G2", ["校园周边", "餐饮", "夜间经营"], "W1")]
    with connect(world.url) as conn:
        told = conn.execute(
            "SELECT event, changes FROM premises_event ORDER BY at, changes <> '{}'"
        ).fetchall()
        name = conn.execute("SELECT name FROM premises WHERE premises_id = 'P1'").fetchone()
    assert name == {"name": "甲味新馆"}
    assert {"registered", "visited"} == {row["event"] for row in told}
    assert [sorted(row["changes"]) for row in told if row["event"] == "registered"] == [
        [],  # what it was before, at the first change
        ["lon", "name"],
        ["tags"],
        ["address", "grid_id", "lon", "path", "status", "tags"],
    ]


def test_a_visit_before_the_registers_news_arrives_late_and_counts_as_older(world: World) -> None:
    world.tell({"minutes": -10, "sign": "甲味"})
    world.bring(RECORDED.replace("A,recorded", "A,closed"))
    after = world.tell({"minutes": -5, "status": "in_business"})
    assert after[0][0] == "closed", "the register said so after that visit"
    assert world.tell({"minutes": 60 * 12, "status": "in_business"})[0][0] == "closed", "not received yet"


def test_a_visit_to_premises_that_nobody_knows_is_evidence(world: World, ingest_conn: Any) -> None:
    room = world.room(ingest_conn)
    data = {"premises_id": "P404", "result": "normal", "items": [], "started": 1, "ended": 2}
    data |= {"started": ms(NOW), "ended": ms(NOW), "lon": 118.005, "lat": 24.605}
    room.hear("worker/W1/inspection", data | {"archive": {"status": "closed"}})
    assert room.rows("SELECT reason FROM rejected_message") == [("unknown_premises: P404",)]
    assert room.rows("SELECT archive FROM inspection") == [({"status": "closed"},)]


FOUND = (
    "SELECT name, source, status, grid_id, tags, verified_by, closed_at, registered_as "
    "FROM premises WHERE source = 'field'"
)


def test_premises_found_are_placed_once_and_no_import_closes_them(world: World) -> None:
    with connect(world.url, INGEST) as conn:
        room = world.room(conn)
        for _ in "twice":
            found(room)
        assert len(room.rows("SELECT FROM premises_found")) == 1
    world.bring()
    with connect(world.url, INGEST) as conn:
        room = world.room(conn)
        row = ("新小店", "field", "in_business", "G2", ["夜间经营"], "W1", None, None)
        assert room.rows(FOUND) == [row]
        assert room.rows("SELECT event, actor, changes FROM premises_event") == [
            ("found", "W1", {"tags": [[], ["夜间经营"]]})
        ]
        ((premises_id,),) = room.rows("SELECT premises_id FROM premises WHERE source = 'field'")
        data = {"premises_id": premises_id, "result": "normal", "items": [], "lon": 118.014, "lat": 24.6061}
        data |= {"started": ms(NOW + MINUTE), "ended": ms(NOW + MINUTE), "archive": {"status": "closed"}}
        room.hear("worker/W2/inspection", data, NOW + MINUTE)
        assert room.rows(FOUND)[0][2] == "closed"


def test_what_is_found_under_a_licence_on_record_is_that_premises(world: World, ingest_conn: Any) -> None:
    room = world.room(ingest_conn)
    found(room, licence_no="L1")
    assert room.rows(FOUND) == []
    assert room.rows(HOW) == [("in_business", 118.014, "G2", ["校园周边", "餐饮", "夜间经营"], "W1")]
    assert room.rows("SELECT sign FROM premises WHERE premises_id = 'P1'") == [("新小店",)]


def test_what_two_workers_find_under_one_licence_is_one_premises(world: World, ingest_conn: Any) -> None:
    room = world.room(ingest_conn)
    for n, tag in enumerate(("夜间经营", "网络餐饮")):
        found(room, f"f{n}", n, licence_no="L9", tags=[tag])
    assert [(row[0], row[4]) for row in room.rows(FOUND)] == [("新小店", ["夜间经营", "网络餐饮"])]
    assert len(room.rows("SELECT FROM premises_found")) == 2


def test_what_the_register_has_later_inherits_what_was_seen_and_closes_what_was_found(world: World) -> None:
    with connect(world.url, INGEST) as conn:
        found(world.room(conn), licence_no="L9")
    world.bring(RECORDED + "P9,新小店,L9,餐饮服务,A,in_business,乙村,小餐馆,118.0145,24.606,\n")
    with connect(world.url) as conn:
        rows = conn.execute(
            "SELECT premises_id, closed_at IS NULL AS open, registered_as, tags, lon, verified_by "
            "FROM premises WHERE licence_no = 'L9' ORDER BY source DESC"
        ).fetchall()
        told = conn.execute("SELECT premises_id, event FROM premises_event ORDER BY event").fetchall()
    assert [tuple(row.values())[1:] for row in rows] == [
        (True, None, ["小餐馆", "夜间经营"], 118.014, "W1"),
        (False, "P9", ["夜间经营"], 118.014, "W1"),
    ]
    gone = rows[1]["premises_id"]
    assert {(row["premises_id"], row["event"]) for row in told} == {
        *((gone, "found"), (gone, "registered_as"), ("P9", "found"), ("P9", "registered")),
    }


def test_when_grids_change_premises_stay_where_they_were_seen(world: World) -> None:
    world.tell({"status": "in_business", "here": True})
    with connect(world.url, INGEST) as conn:
        found(world.room(conn))
    grids = json.loads(json.dumps(tiny.GRIDS))
    first, second, _ = (feature["properties"] for feature in grids["features"])
    first["path"], second["path"] = second["path"], first["path"]
    world.bring(grids_geojson=json.dumps(grids))
    with connect(world.url) as conn:
        rows = conn.execute("SELECT grid_id, path FROM premises WHERE seen IS NOT NULL ORDER BY grid_id")
        assert [tuple(row.values()) for row in rows] == [("G1", tiny.PATH_2), ("G2", tiny.PATH_1)]
    world.bring()


def test_a_word_about_premises_is_seen_in_the_own_station_only(world: World) -> None:
    world.tell({"status": "in_business"})
    with connect(world.url, INGEST) as conn:
        conn.execute("SET LOCAL ROLE gw_dashboard")
        for path, seen in ((f"{PATH}/01", True), (f"{PATH}/02", False)):
            conn.execute(
                "SELECT set_config('gridward.district', %s, true), set_config('gridward.path', %s, true)",
                (PATH, path),
            )
            assert bool(conn.execute("SELECT FROM scoped.premises_event").fetchall()) is seen
        conn.rollback()
