"""Orders from the screen: placed in one transaction, carried out by ingest, in the viewer's district only."""

from collections.abc import Iterator
from datetime import UTC, datetime

import msgspec
import psycopg
import pytest

from db.connect import Reader, Row, Scope, connect
from ingest.contract.orders import LaunchTask
from ingest.courier import carry_out
from ingest.registry import import_world
from ingest.snapshots import load_roster
from ingest.store import prepare
from tests import accounts, tiny

SCOPE = Scope(tiny.DISTRICT, str(tiny.DISTRICT))
LI = "screen:li"
NO_TASKS = tiny.FILES["tasks.csv"].splitlines()[0] + "\n"


@pytest.fixture(scope="module")
def reader(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    import_world(database_url, tiny.write(tmp_path_factory.mktemp("world"), tasks_csv=NO_TASKS))
    accounts.add(database_url, "li")
    reader = Reader(database_url)
    yield reader
    reader.close()


@pytest.fixture(autouse=True)
def nothing_ordered(reader: Reader, database_url: str) -> Iterator[None]:
    yield
    with connect(database_url) as conn:
        for table in ("command", "order_out", "task_event", "task"):
            conn.execute(f"DELETE FROM {table}".encode())


def launches(*premises: str) -> str:
    """Orders to inspect these premises, as `Reader.place_all` takes them."""
    orders = [
        LaunchTask(f"L{one}", one, "food_daily", items=["tableware"], source="order") for one in premises
    ]
    rows = [{"command_id": f"c-{one.premises_id}", "kind": "launch_task", "payload": one} for one in orders]
    return msgspec.json.encode(rows).decode()


def test_many_launches_are_carried_out_and_go_down_to_the_phones(
    reader: Reader, ingest_conn: psycopg.Connection[Row]
) -> None:
    reader.place_all(SCOPE, LI, launches("P1", "P2", "P4", "P9"))
    prepare(ingest_conn)
    assert carry_out(ingest_conn, load_roster(ingest_conn, tiny.DISTRICT), datetime.now(UTC)) == 4
    tasks = ingest_conn.execute("SELECT premises_id, state, items, source FROM task ORDER BY 1").fetchall()
    assert [tuple(row.values()) for row in tasks] == [
        ("P1", "assigned", ["tableware"], "order"),
        ("P2", "assigned", ["tableware"], "order"),
        ("P4", "launched", ["tableware"], "order"),
    ]
    down = ingest_conn.execute("SELECT task_id, device_id FROM order_out ORDER BY 1").fetchall()
    assert [tuple(row.values()) for row in down] == [("LP1", "W1"), ("LP2", "W2")]
    found = ingest_conn.execute(
        "SELECT state, reason, count(*) FROM command GROUP BY 1, 2 ORDER BY 1"
    ).fetchall()
    assert [tuple(row.values()) for row in found] == [
        ("done", None, 3),
        ("refused", "unknown premises P9", 1),
    ]


def test_premises_with_an_open_task_of_the_kind_are_not_offered_again(
    reader: Reader, database_url: str, ingest_conn: psycopg.Connection[Row]
) -> None:
    def offered(category: str) -> list[str]:
        asked = dict.fromkeys(("unit", "categories", "tags", "grades", "due", "recorded", "unfiled"))
        rows = reader.read(SCOPE, "read/premises_to_inspect", category=category, limit=9, **asked)
        return [row["premises_id"] for row in rows]

    assert offered("food_daily") == ["P1", "P2", "P3", "P4"]
    reader.place_all(SCOPE, LI, launches("P1"))
    prepare(ingest_conn)
    carry_out(ingest_conn, load_roster(ingest_conn, tiny.DISTRICT), datetime.now(UTC))
    ingest_conn.commit()
    assert offered("food_daily") == ["P2", "P3", "P4"]
    assert offered("campus_food") == ["P1", "P2", "P3", "P4"]
    with connect(database_url) as conn:
        conn.execute("UPDATE task SET state = 'done', done_at = now()")
    assert offered("food_daily") == ["P1", "P2", "P3", "P4"]


def test_the_same_orders_again_change_nothing(reader: Reader) -> None:
    for premises in (("P1", "P2"), ("P2", "P3")):
        reader.place_all(SCOPE, LI, launches(*premises))
    found = reader.read(SCOPE, "read/orders_by_state", ids=["c-P1", "c-P2", "c-P3", "c-P4"])
    assert found == [{"state": "queued", "reason": None, "n": 3}]


def test_what_became_of_an_order_is_told_where_it_was_placed_and_above(
    reader: Reader, database_url: str
) -> None:
    def told(path: str, order: str) -> int:
        return len(reader.read(Scope(tiny.DISTRICT, path), "read/order", id=order))

    section, station, grid = (tiny.PATH_1[:length] for length in (15, 9, 18))
    reader.place_all(Scope(tiny.DISTRICT, section), "screen", launches("P1"))
    seen = {path: told(path, "c-P1") for path in (SCOPE.path, station, section, grid, tiny.PATH_3[:9])}
    assert seen == {SCOPE.path: 1, station: 1, section: 1, grid: 0, tiny.PATH_3[:9]: 0}
    with connect(database_url) as conn:
        conn.execute("UPDATE command SET place = NULL")  # as the commands of ours place them
    assert [told(path, "c-P1") for path in (SCOPE.path, station)] == [1, 0]


def test_of_many_orders_all_are_placed_or_none(reader: Reader) -> None:
    broken = launches("P1")[:-1] + ', {"command_id": "c-P2", "kind": null, "payload": {}}]'
    with pytest.raises(psycopg.errors.NotNullViolation):
        reader.place_all(SCOPE, LI, broken)
    assert reader.read(SCOPE, "read/orders_by_state", ids=["c-P1", "c-P2"]) == []


def test_orders_wake_whoever_carries_them_out(reader: Reader, database_url: str) -> None:
    with connect(database_url, autocommit=True) as conn:
        conn.execute("LISTEN gridward_command")
        reader.place_all(SCOPE, LI, launches("P1"))
        woken = next(conn.notifies(timeout=20))
    assert woken.payload == str(tiny.DISTRICT)
