"""What the map asks for: what is near, who came from where, what was found where, and the search."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from db.connect import Reader, Row, Scope, connect
from tests import tiny, tiny_day

DISTRICT = Scope(tiny.DISTRICT, str(tiny.DISTRICT))
STATION_1 = Scope(tiny.DISTRICT, tiny_day.STATION_1)
AROUND = {"west": 118.0, "south": 24.6, "east": 118.03, "north": 24.61, "limit": 100}
PING = """INSERT INTO ping (district, worker_id, ts, at, id, lon, lat, raw_lon, raw_lat, datum, received_at)
    VALUES (%s, %s, %s, %s, 'map', %s, %s, 0, 0, 'WGS84', now())"""


@pytest.fixture(scope="module")
def reader(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    """The tiny day, in which W1 and W3 have walked for a while, W3 being off duty."""
    tiny_day.seed(database_url, tmp_path_factory.mktemp("worlds"))
    now = datetime.now(UTC)
    with connect(database_url) as conn:
        for worker in ("W1", "W3"):
            for minutes in (1, 3, 9, 12):
                at = now - timedelta(minutes=minutes)
                conn.execute(PING, (tiny.DISTRICT, worker, at, at, 118.001 + minutes / 1e4, 24.605))
        conn.execute(
            "UPDATE worker_state SET at = now(), last_seen = now(), lon = 118.001, lat = 24.605, "
            "on_duty = worker_id <> 'W3' WHERE worker_id IN ('W1', 'W3') AND district = %s",
            (tiny.DISTRICT,),
        )
    reader = Reader(database_url)
    yield reader
    reader.close()


def search(reader: Reader, text: str, scope: Scope = DISTRICT, limit: int = 8) -> list[str]:
    return [row["id"] for row in reader.read(scope, "read/map_search", text=text, limit=limit)]


def test_premises_are_those_within_the_tile(reader: Reader) -> None:
    def within(**changed: float) -> list[str]:
        rows = reader.read(DISTRICT, "read/premises_on_map", **AROUND | changed)
        return [row["premises_id"] for row in rows]

    assert within() == ["P1", "P2", "P3"]
    assert within(east=118.015) == ["P1"], "what lies on the border belongs to the next tile"
    assert within(north=24.605) == []
    assert within(limit=2) == ["P1", "P2"]


def test_a_trail_is_the_last_ten_minutes_of_who_is_on_duty(reader: Reader) -> None:
    rows = reader.read(DISTRICT, "read/trails", **AROUND)
    mine = [row for row in rows if row["worker_id"] == "W1"]
    assert [row["lon"] for row in mine][-3:] == pytest.approx([118.0019, 118.0013, 118.0011])
    assert max(row["lon"] for row in mine) < 118.0022, "what is twelve minutes old is not shown"
    assert "W3" not in {row["worker_id"] for row in rows}


def test_a_trail_is_fetched_with_the_tile_in_which_the_worker_is_now(reader: Reader) -> None:
    rows = reader.read(DISTRICT, "read/trails", **AROUND | {"west": 118.0011})
    assert "W1" not in {row["worker_id"] for row in rows}


def test_the_workers_of_each_unit_add_up_to_all(reader: Reader) -> None:
    units = reader.read(DISTRICT, "read/workers_by_unit")
    workers = reader.read(DISTRICT, "read/workers_on_map")
    assert sum(unit["workers"] for unit in units) == len(workers)
    assert all(unit["workers"] == unit["online"] + unit["offline"] for unit in units)
    assert all(unit["outside"] <= unit["online"] for unit in units)


def test_positions_are_counted_once_a_worker_by_squares(reader: Reader) -> None:
    now = datetime.now(UTC)

    def counted(scope: Scope, **asked: Any) -> list[Row]:
        return reader.read(scope, "read/pings_by_cell", **asked, step=0.01)

    lately = {"since": now - timedelta(minutes=10), "until": now - timedelta(seconds=90)}
    found = [row for row in counted(DISTRICT, **lately) if (row["x"], row["y"]) == (11800, 2460)]
    assert [row["n"] for row in found] == [2], "W1 and W3, however often they were heard"
    assert counted(Scope(999999, "999999"), **lately) == []


def test_hazards_of_thirty_days_are_counted_by_squares(reader: Reader, database_url: str) -> None:
    def whole() -> int:
        return sum(row["n"] for row in reader.read(DISTRICT, "read/hazards_by_cell", step=0.01))

    before = whole()
    assert before > 0
    with connect(database_url) as conn:
        conn.execute("UPDATE clue_case SET reported_at = reported_at - interval '40 days'")
    assert whole() < before


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("甲味馆", "P1"),
        ("味馆", "P1"),
        ("L2", "P2"),
        ("l2", "P2"),
        ("乙村一号", "P2"),
        ("丙三", "W3"),
        ("bing s", "W3"),
        ("w2", "W2"),
        ("C1", "C1"),
        ("甲一记录", "B1"),
    ],
)
def test_the_search_finds_by_any_part_of_what_is_known(reader: Reader, text: str, first: str) -> None:
    assert search(reader, text)[0] == first


@pytest.mark.parametrize("text", ["", "甲", "没有这样的", "%", "' OR true --", "__"])
def test_what_is_nothing_or_too_short_finds_nothing(reader: Reader, text: str) -> None:
    assert search(reader, text) == []


def test_the_search_gives_as_many_as_asked_for_and_the_best_first(reader: Reader) -> None:
    assert search(reader, "甲一")[:1] == ["W1"]
    assert len(search(reader, "甲村", limit=1)) == 1


def test_the_search_shows_a_viewer_what_is_theirs_alone(reader: Reader) -> None:
    assert search(reader, "丙药房", STATION_1) == []
    assert search(reader, "丙三", STATION_1) == []
    assert search(reader, "甲味馆", Scope(999999, "999999")) == []
    assert search(reader, "甲味馆") == ["P1"], "and not that of another district with the same name"


def test_the_search_goes_by_the_index_where_there_are_many(reader: Reader, database_url: str) -> None:
    with connect(database_url) as conn:
        conn.execute(
            "INSERT INTO premises "
            "(district, premises_id, name, category, lon, lat, raw_lon, raw_lat, datum, path) "
            "SELECT district, 'M' || n, md5(n::text), category, lon, lat, lon, lat, 'WGS84', path "
            "FROM premises, generate_series(1, 3000) n WHERE premises_id = 'P1' AND district = %s",
            (tiny.DISTRICT,),
        )
        conn.execute("SELECT gin_clean_pending_list('premises_words')")
        conn.execute("ANALYZE premises")
        plan = conn.execute(
            "EXPLAIN SELECT FROM premises WHERE closed_at IS NULL AND letter_pairs("
            "premises_words(premises_id, name, licence_no, address)) @> ARRAY['味馆']"
        ).fetchall()
        conn.rollback()
    assert "Scan on premises_words" in str(plan)
