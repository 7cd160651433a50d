"""What is done is written into a chain of rows, and whoever changes it afterwards is found out."""

import hashlib
import json
from datetime import timedelta

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from db.connect import fetch
from ingest.audit import append, note_deed
from ingest.audit_check import check
from ingest.audit_key import signing_key
from ingest.contract.orders import CancelTask, ExportList, LookAtTrack, NoteDeed, RegisterDevice, SetThreshold
from ingest.courier import carry_out
from ingest.domain.audit import Entry, Link
from ingest.registry import import_world
from ingest.roots import keep, kept_roots, load_roots, seal
from tests import tiny
from tests.room import NOW, Room, minutes

TODAY = NOW.date()


@pytest.fixture(scope="module")
def world(database_url, tmp_path_factory):
    import_world(database_url, tiny.write(tmp_path_factory.mktemp("world")))
    return database_url


@pytest.fixture
def room(world, ingest_conn, tmp_path):
    made = Room(ingest_conn, tmp_path)
    carry_out(made.conn, made.pipeline.rosters[tiny.DISTRICT], NOW)  # what the import has ordered
    return made


@pytest.fixture
def log(room):
    """A log of some rows, the day before yesterday and yesterday sealed; the rest is of today."""
    key = signing_key(room.pipeline.data)
    for day in (1, 0):
        for minute in range(3):
            room.visit(minute - 60 * (1 + day), "normal")
        seal(room.conn, tiny.DISTRICT, TODAY - timedelta(days=day), key, NOW)
    room.order(CancelTask("T1", "试"), 5)
    room.order(CancelTask("T2", "试"), 6)
    return room


def noted(room, *acts):
    rows = fetch(room.conn, "write/audit_links", {"district": tiny.DISTRICT})
    return [Link(**row) for row in rows if row["act"] in acts]


def looked_through(room, key=None):
    """What is found wrong with the log, by whoever has the public key."""
    data = room.pipeline.data
    public = (key or signing_key(data)).public_key()
    return check(room.conn, data, tiny.DISTRICT, public, [])


def tamper(room, sql, **params):
    """As the database's owner, who can switch a trigger off."""
    room.conn.execute("SET ROLE NONE")
    for table in ("audit", "audit_root"):
        room.conn.execute(f"ALTER TABLE {table} DISABLE TRIGGER append_only".encode())
    room.conn.execute(sql.encode(), params)
    room.conn.execute("SET ROLE gw_ingest")


def rewrite(room, changed):
    """Write the whole log anew with `changed` rows, every hash in order, as the owner."""
    tamper(room, "DELETE FROM audit")
    append(
        room.conn,
        tiny.DISTRICT,
        [Entry(*(getattr(link, field) for field in Entry.__struct_fields__)) for link in changed],
    )


def test_who_looked_exported_acted_and_changed_a_threshold_is_written_down(room):
    name = room.visit(0, "normal")
    room.order(LookAtTrack("visit", f"W1:{name}"), 1)
    room.order(ExportList("tasks", "csv", 3, {"unit": "350299/01", "states": ["launched"]}), 2)
    room.order(SetThreshold("left_grid.minutes", 12.5), 3)
    room.order(CancelTask("T1", "重复"), 4)
    look, export, threshold, cancel = noted(
        room, "look_at_track", "export_list", "set_threshold", "cancel_task"
    )
    assert [(link.at, link.actor, link.subject) for link in (look, export, threshold, cancel)] == [
        (NOW + minutes(1), "operator", f"visit:W1:{name}"),
        (NOW + minutes(2), "operator", "list:tasks"),
        (NOW + minutes(3), "operator", "threshold:left_grid.minutes"),
        (NOW + minutes(4), "operator", "task:T1"),
    ]
    assert export.params["said"] == {
        "list": "tasks",
        "file": "csv",
        "rows": 3,
        "filters": {"unit": "350299/01", "states": ["launched"]},
    }
    assert (threshold.params["state"], threshold.params["said"]["value"]) == ("done", 12.5)


def test_an_order_that_is_refused_is_written_down_with_the_reason(room):
    room.order(CancelTask("T404", "试"))
    (link,) = noted(room, "cancel_task")
    assert (link.params["state"], link.params["reason"]) == ("refused", "unknown_task")


DEEP = json.loads("[" * 900 + "]" * 900)


@pytest.mark.parametrize(
    "payload",
    [
        {"kind": "launch_task", "task_id": DEEP},
        {"kind": "export_list", "list": "tasks", "file": "csv", "filters": {"x": DEEP}},
        {"kind": "export_list", "list": "tasks", "file": "csv", "filters": {"x": 10**400}},
        {"kind": "note_deed", "act": "inspection", "subject": "visit:W1:m1"},
        DEEP,
    ],
    ids=["deep", "deep filter", "huge", "unknown deed", "no object"],
)
def test_what_is_no_order_is_written_down_without_its_words(room, payload):
    room.conn.execute(
        "INSERT INTO command (district, command_id, kind, payload, actor) VALUES (%s, 'c0', 'junk', %s, 'x')",
        (tiny.DISTRICT, json.dumps(payload)),
    )
    assert carry_out(room.conn, room.pipeline.rosters[tiny.DISTRICT], NOW) == 1
    (link,) = noted(room, "no_order")
    assert (link.params["state"], link.params["said"]) == ("refused", {})


def test_a_devices_key_stays_out_of_the_log(room):
    order = RegisterDevice("owntracks", "owntracks/x/y", "worker", "W1", key="sesame")
    room.order(order)
    (link,) = noted(room, "register_device")
    assert link.params["said"]["key"] == "..."
    assert "sesame" not in str(room.rows("SELECT params::text FROM audit"))


def test_a_deed_of_a_command_is_written_down_as_what_it_was(room):
    note_deed(room.conn, None, "cli:root", NoteDeed("set_retention", "retention:photo", {"days": 365}))
    carry_out(room.conn, room.pipeline.rosters[tiny.DISTRICT], NOW)
    (link,) = noted(room, "set_retention")
    assert (link.actor, link.subject, link.params["said"]) == ("cli:root", "retention:photo", {"days": 365})


def test_a_visit_is_in_the_log_once_however_often_it_comes(room):
    for came in (0, 5, 9):
        room._count = 0
        room.visit(0, "normal", came=came)
    assert [link.subject for link in noted(room, "inspection")] == ["visit:W1:m1"]


def test_rows_are_numbered_without_a_gap_and_a_whole_log_is_in_order(log):
    found = looked_through(log)
    assert (found.broken, found.roots, found.sealed) == (None, 2, found.rows - 2)
    numbers = [number for (number,) in log.rows("SELECT number FROM audit ORDER BY 1")]
    assert numbers == list(range(1, found.rows + 1))


def test_the_hash_is_what_the_page_says_that_anybody_can_work_out(room):
    room.order(CancelTask("T404", "试"))
    (link,) = noted(room, "cancel_task")
    said = {
        **{"act": "cancel_task", "actor": "operator", "at": f"{NOW:%Y-%m-%dT%H:%M:%S}.000000Z"},
        **{"district": tiny.DISTRICT, "number": link.number, "params": link.params, "prev": link.prev},
        "subject": "task:T404",
    }
    text = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert hashlib.sha256(text.encode()).hexdigest() == link.hash


@pytest.mark.parametrize("role", ["gw_ingest", "gw_dashboard", "NONE"])
@pytest.mark.parametrize("table", ["audit", "audit_root", "audit_stamp"])
@pytest.mark.parametrize(
    "change",
    ["UPDATE {} SET district = 1", "DELETE FROM {}", "TRUNCATE {}"],
    ids=["update", "delete", "truncate"],
)
def test_no_role_can_change_or_delete_what_is_written(log, role, table, change):
    log.conn.execute(f"SET ROLE {role}".encode())
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        log.conn.execute(change.format(table).encode())


def last(log):
    return log.rows("SELECT max(number) FROM audit")[0][0]


@pytest.mark.parametrize(
    "field",
    [
        "actor = 'somebody else'",
        "at = at + interval '1 microsecond'",
        "act = 'look_at_track'",
        "subject = subject || 'x'",
        'params = params || \'{"state": "refused"}\'',
        "hash = decode(repeat('ab', 32), 'hex')",
    ],
)
def test_a_row_with_a_changed_field_is_found(log, field):
    number = last(log) - 1
    tamper(log, f"UPDATE audit SET {field} WHERE number = %(n)s", n=number)
    broken = looked_through(log).broken
    assert (broken.why, broken.number) == ("changed", number)


def test_a_changed_row_with_its_own_hash_put_right_is_found_at_the_next(log):
    link = noted(log, "cancel_task")[0]
    forged = Link(**{f: getattr(link, f) for f in link.__struct_fields__} | {"actor": "nobody"}).digest()
    tamper(
        log,
        "UPDATE audit SET actor = 'nobody', hash = decode(%(h)s, 'hex') WHERE number = %(n)s",
        h=forged,
        n=link.number,
    )
    broken = looked_through(log).broken
    assert (broken.why, broken.number) == ("out_of_order", link.number + 1)


@pytest.mark.parametrize("number", [1, 4])
def test_a_deleted_row_is_found(log, number):
    tamper(log, "DELETE FROM audit WHERE number = %(n)s", n=number)
    broken = looked_through(log).broken
    assert (broken.why, broken.number) == ("missing", number)


def test_rows_that_have_changed_places_are_found(log):
    tamper(log, "UPDATE audit SET number = CASE number WHEN 4 THEN -1 ELSE 4 END WHERE number IN (4, 5)")
    tamper(log, "UPDATE audit SET number = 5 WHERE number = -1")
    broken = looked_through(log).broken
    assert (broken.why, broken.number) == ("out_of_order", 4)


def test_an_end_that_was_cut_off_is_found_by_the_root_that_knows_it(log):
    sealed = looked_through(log).sealed
    tamper(log, "DELETE FROM audit WHERE number >= %(n)s", n=sealed)
    broken = looked_through(log).broken
    assert (broken.why, broken.number, broken.day) == ("cut_off", sealed, TODAY - timedelta(days=1))


def test_a_log_that_was_written_anew_as_a_whole_is_found_by_its_roots(log):
    links = noted(log, "inspection", "cancel_task", "launch_task")
    rewrite(log, [*links[:2], *links[3:]])  # one visit less, and every hash in order
    broken = looked_through(log).broken
    assert (broken.why, broken.day) == ("rehashed", TODAY - timedelta(days=2))


def test_a_root_that_fits_a_log_written_anew_is_not_signed(log):
    sealed = looked_through(log).sealed
    tamper(log, "DELETE FROM audit WHERE number > %(n)s", n=sealed - 1)
    tamper(
        log,
        "UPDATE audit_root SET number = a.number, hash = a.hash FROM audit a "
        "WHERE a.number = %(n)s AND audit_root.number = %(n)s + 1",
        n=sealed - 1,
    )
    broken = looked_through(log).broken
    assert (broken.why, broken.day) == ("root_forged", TODAY - timedelta(days=1))
    assert looked_through(log, Ed25519PrivateKey.generate()).broken.why == "root_forged"


def test_roots_are_kept_in_a_file_too_and_one_that_is_deleted_from_the_database_is_missed(log):
    data = log.pipeline.data
    roots = load_roots(log.conn, tiny.DISTRICT)
    for _ in range(2):
        keep(data, tiny.DISTRICT, roots)
    assert kept_roots(data, tiny.DISTRICT) == roots
    assert looked_through(log).broken is None
    yesterday = TODAY - timedelta(days=1)
    tamper(log, "DELETE FROM audit_root WHERE day = %(day)s", day=yesterday)
    broken = looked_through(log).broken
    assert (broken.why, broken.day) == ("root_gone", yesterday)
    tamper(log, "DELETE FROM audit WHERE number > 4")
    assert looked_through(log).broken.why == "cut_off"


def test_a_day_is_sealed_once_and_a_log_without_rows_not_at_all(room):
    key = signing_key(room.pipeline.data)
    seal(room.conn, tiny.DISTRICT + 1, TODAY, key, NOW)
    assert load_roots(room.conn, tiny.DISTRICT + 1) == {}
    room.visit(0, "normal")
    seal(room.conn, tiny.DISTRICT, TODAY, key, NOW)
    first = load_roots(room.conn, tiny.DISTRICT)
    room.visit(1, "normal")
    seal(room.conn, tiny.DISTRICT, TODAY, key, NOW)
    assert load_roots(room.conn, tiny.DISTRICT) == first
    assert list(first) == [TODAY - timedelta(days=1)]


def test_the_signing_key_is_for_its_owners_eyes_only_and_stays_the_same(tmp_path):
    first = signing_key(tmp_path).private_bytes_raw()
    assert (tmp_path / "audit.key").stat().st_mode & 0o777 == 0o600
    assert signing_key(tmp_path).private_bytes_raw() == first
