"""A receipt's code tells its holder that the visit's record is genuine and unchanged, or that it is not."""

import json

import pytest

from dashboard.verify import verdict
from db.connect import Scope, enter, fetch
from ingest.contract.orders import NoteDeed
from ingest.domain.visit_record import Mark, hash_of
from ingest.registry import import_world
from simulators.print_job import escpos
from tests import tiny
from tests.room import NOW, Room, minutes
from tests.sql.test_papers import printed

WHOLE = Scope(tiny.DISTRICT, str(tiny.DISTRICT))
DATA = {
    **{"premises_id": "P1", "lon": 118.00512345, "lat": 24.605, "result": "abnormal", "accuracy_m": 7.3},
    "items": [{"item": "fire_exit", "answer": "堵塞", "severity": "serious"}, {"item": "x", "answer": "是"}],
    "photos": [{"sha256": "ab" * 32, "taken": 1772438399000, "lon": 118.10, "lat": 24.6}],
    "archive": {"status": "in_business", "tags_added": ["夜间经营"]},
}


@pytest.fixture(scope="module")
def world(database_url, tmp_path_factory):
    import_world(database_url, tiny.write(tmp_path_factory.mktemp("world")))
    return database_url


@pytest.fixture
def room(world, ingest_conn, tmp_path):
    return Room(ingest_conn, tmp_path)


def visited(room, minute=0, came=None, **said):
    """A visit, and the mark that the phone puts on its receipt."""
    ts = round((NOW + minutes(minute)).timestamp() * 1000)
    data = {**DATA, "started": ts - 300_000, "ended": ts}
    name = room.hear("worker/W1/inspection", minute, data, came=came, **said)
    return Mark(tiny.DISTRICT, "W1", name, hash_of(tiny.DISTRICT, "W1", name, ts, data))


def checked(room, mark, scope=WHOLE):
    with room.conn.transaction(force_rollback=True):
        room.conn.execute("SET LOCAL ROLE gw_dashboard")
        enter(room.conn, scope)
        return verdict(mark, fetch(room.conn, "read/verify", {"id": f"{mark.worker_id}:{mark.id}"}))


def tamper(room, sql, *params):
    room.conn.execute("SET ROLE NONE")
    room.conn.execute("ALTER TABLE audit DISABLE TRIGGER append_only")
    room.conn.execute(sql, params)
    room.conn.execute("SET ROLE gw_ingest")


@pytest.mark.parametrize(
    "said", [{}, {"came": 600, "hist": True}, {"came": 0.05, "datum": "BD09"}, {"came": 5, "sent": None}]
)
def test_a_visit_is_genuine_as_the_phone_said_it_late_corrected_or_in_another_datum(room, said):
    mark = visited(room, **{key: value for key, value in said.items() if value is not None})
    assert checked(room, mark) == "genuine"


def test_a_visit_of_a_phone_whose_clock_was_wrong_is_genuine(room):
    mark = visited(room, -30, came=0)
    assert room.rows("SELECT clock_off_s IS NOT NULL FROM inspection") == [(True,)]
    assert checked(room, mark) == "genuine"


def test_what_was_never_said_or_has_another_hash_is_unknown(room):
    mark = visited(room)
    assert checked(room, mark._replace(id="m404")) == "unknown"
    assert checked(room, mark._replace(worker_id="W2")) == "unknown"
    assert checked(room, mark._replace(sha256="ab" * 32)) == "unknown"
    other = Scope(tiny.DISTRICT + 1, str(tiny.DISTRICT + 1))
    assert checked(room, mark, other) == "unknown"


@pytest.mark.parametrize(
    "change",
    [
        "result = 'normal'",
        "items = '[]'",
        "premises_id = 'P2'",
        "raw_lon = raw_lon + 0.0000001",
        "started = started + interval '1 millisecond'",
        "ended = ended + interval '1 minute'",
        "photos = '[]'",
        "receipt_no = 'JC-1'",
        "mock = true",
        "archive = NULL",
        "task_id = 'T1'",
    ],
)
def test_a_record_that_is_changed_afterwards_is_told_as_changed(room, change):
    mark = visited(room)
    tamper(room, f"UPDATE inspection SET {change}")
    assert checked(room, mark) == "changed"


def test_a_record_that_is_deleted_is_told_as_changed_until_its_time_of_keeping_is_over(room):
    mark = visited(room)
    tamper(room, "DELETE FROM inspection")
    assert checked(room, mark) == "changed"
    old = visited(room, -60 * 24 * 1900)  # visits are kept for five years
    assert checked(room, old) == "genuine"
    tamper(room, "DELETE FROM inspection")
    assert checked(room, old) == "forgotten"


def test_a_hash_that_is_put_into_the_log_afterwards_is_told_as_changed(room):
    mark = visited(room)
    forged = mark._replace(sha256="cd" * 32)
    tamper(
        room,
        "UPDATE audit SET params = params || %s WHERE act = 'inspection'",
        json.dumps({"sha256": forged.sha256}),
    )
    assert checked(room, forged) == "changed"


def test_an_order_cannot_pass_for_a_visit(room):
    room.conn.execute(
        "INSERT INTO command (district, command_id, kind, payload, actor) "
        "VALUES (%s, 'c', 'inspection', %s, 'W1')",
        (tiny.DISTRICT, json.dumps({"kind": "inspection", "sha256": "ab" * 32})),
    )
    room.order(NoteDeed("import", "visit:W1:m1", {"sha256": "ab" * 32}))
    assert room.rows("SELECT count(*) FROM audit WHERE act = 'inspection'") == [(0,)]
    assert checked(room, Mark(tiny.DISTRICT, "W1", "m1", "ab" * 32)) == "unknown"


@pytest.mark.parametrize("raw", [True, False])
def test_a_receipt_whose_code_names_a_visit_belongs_to_it(room, raw):
    mark = visited(room)
    link = mark.link("https://screen.example")
    if raw:
        printed(room, 90, escpos("现场检查记录\n结果:未发现异常", link))
    else:
        room.hear("printer/R1/receipt", 90, {"number": "JC-7", "text": "现场检查记录", "qr": link})
    with room.conn.transaction(force_rollback=True):
        room.conn.execute("SET LOCAL ROLE gw_dashboard")
        enter(room.conn, WHOLE)
        (paper,) = fetch(room.conn, "read/papers", {"unit": None, "text": None, "ties": None, "limit": 9})
    assert paper["tie"] == "by_id"
    assert f"[qr: {link}]" in paper["body"]


def test_a_code_of_another_district_names_no_visit_here(room):
    mark = visited(room)._replace(district=tiny.DISTRICT + 1)
    printed(room, 90, escpos("现场检查记录\n结果:未发现异常", mark.link("https://screen.example")))
    assert room.rows("SELECT inspection_id FROM receipt") == [(None,)]
