"""Foreign devices: routed by a table, registered with one order; what they said before is taken in then."""

import base64
import json
from datetime import UTC, timedelta

import nacl.secret
import pytest

from db.connect import INGEST, Scope, connect, enter, fetch
from ingest.contract.delivery import Delivery
from ingest.contract.orders import PutAsideStranger, RegisterDevice, ReleaseName
from ingest.courier import carry_out
from ingest.decoders import decode_all
from ingest.foreign import declare_protocols, load_foreign
from ingest.quarantine import take_in
from ingest.registry import import_world
from ingest.snapshots import load_roster
from tests import tiny
from tests.room import NOW, Room

PHONE = "owntracks/anna/phone"
GATE = "hikvision/gate/event"


@pytest.fixture(scope="module")
def world(database_url, tmp_path_factory):
    import_world(database_url, tiny.write(tmp_path_factory.mktemp("world")))
    with connect(database_url, INGEST) as conn:
        carry_out(conn, load_roster(conn, tiny.DISTRICT), NOW)
    return database_url


@pytest.fixture
def house(world, ingest_conn, tmp_path):
    return House(ingest_conn, tmp_path)


class House(Room):
    """The tiny district, which listens to everybody's foreign topics."""

    def __init__(self, conn, data):
        super().__init__(conn, data)
        declare_protocols(conn)
        self.refresh()

    def refresh(self):
        super().refresh()
        self.pipeline.foreign = load_foreign(self.conn, [tiny.DISTRICT], everybodys=True)

    def told(self, topic, body, minute=0, retain=False):
        payload = body if isinstance(body, bytes) else json.dumps(body).encode()
        at = NOW + timedelta(minutes=minute)
        delivery = Delivery(topic, payload, 1, retain, False, 1, 1, at, not retain)
        self.pipeline.take(decode_all([delivery], self.pipeline.foreign.routes))

    def register(self, *args, **said):
        ended = self.order(RegisterDevice(*args, **said))
        self.refresh()
        return ended

    def taken_in(self):
        return take_in(self.pipeline, NOW)


def location(minute=0, lon=118.005, **more):
    at = int((NOW + timedelta(minutes=minute)).timestamp())
    return {"_type": "location", "lat": 24.605, "lon": lon, "tst": at, "batt": 77, **more}


def alert(second, state="active", kind="VMD"):
    at = (NOW + timedelta(seconds=second)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+00:00")
    said = {"channelID": "2", "dateTime": at, "eventType": kind, "eventState": state}
    return {"EventNotificationAlert": said}


def test_who_is_registered_nowhere_waits_and_is_taken_in_once_he_is(house):
    house.told(PHONE, location(0))
    house.told(PHONE, location(0))
    house.told(PHONE, location(1))
    assert house.rows("SELECT district, decoder, name, messages FROM stranger") == [
        (0, "owntracks", PHONE, 3)
    ]
    assert house.rows("SELECT count(*) FROM quarantine") == [(2,)]
    assert house.rows("SELECT count(*) FROM rejected_message") == [(0,)]
    assert house.taken_in() == 0

    assert house.register("owntracks", PHONE, "worker", "W1") == ("done", None)
    assert house.taken_in() == 2
    assert house.rows("SELECT worker_id, at, battery, in_own_grid FROM ping ORDER BY at") == [
        ("W1", NOW, 77, True),
        ("W1", NOW + timedelta(minutes=1), 77, True),
    ]
    assert (
        house.rows("SELECT count(*) FROM quarantine") == house.rows("SELECT count(*) FROM stranger") == [(0,)]
    )
    house.told(PHONE, location(2))
    assert house.rows("SELECT count(*) FROM ping") == [(3,)]


def test_a_stranger_is_put_aside_by_the_district_for_itself_and_taken_back(house):
    for number, name in enumerate((PHONE, "owntracks/li/phone")):
        house.told(name, location(number), number)

    def strangers():
        with house.conn.transaction(force_rollback=True):
            house.conn.execute("SET LOCAL ROLE gw_dashboard")
            enter(house.conn, Scope(tiny.DISTRICT, str(tiny.DISTRICT)))
            rows = fetch(house.conn, "read/strangers", {"text": None, "limit": 10})
            counts = fetch(house.conn, "read/strangers_by_protocol", {"limit": 10})
        return [(row["name"], row["aside_by"]) for row in rows], [row["n"] for row in counts]

    li = "owntracks/li/phone"
    assert strangers() == ([(li, None), (PHONE, None)], [2])
    for _ in range(2):
        assert house.order(PutAsideStranger("owntracks", li)) == ("done", None)
        assert strangers() == ([(PHONE, None), (li, "operator")], [1])
    house.told(li, location(3), 3)
    assert strangers() == ([(PHONE, None), (li, "operator")], [1])
    assert house.order(PutAsideStranger("owntracks", "owntracks/no/phone")) == ("refused", "name_unknown")
    for _ in range(2):
        assert house.order(PutAsideStranger("owntracks", li, aside=False)) == ("done", None)
        assert strangers() == ([(li, None), (PHONE, None)], [2])
    house.order(PutAsideStranger("owntracks", li))
    assert house.register("owntracks", li, "worker", "W1") == ("done", None)
    assert house.taken_in() == 2


def test_what_is_not_known_to_be_registered_yet_stays_in_quarantine(house):
    house.told(PHONE, location(0))
    known = house.pipeline.foreign
    house.register("owntracks", PHONE, "worker", "W1")
    house.pipeline.foreign = known
    assert house.taken_in() == 0
    assert house.rows("SELECT count(*) FROM quarantine") == [(1,)]


def test_a_new_device_is_registered_with_its_name_and_an_import_does_not_close_it(house, tmp_path):
    place = {"lon": 118.0049, "lat": 24.6021, "heading_deg": 90}
    ended = house.register("hikvision", "gate/2", "camera", "C9", title="东门", tz="Asia/Urumqi", **place)
    assert ended == ("done", None)
    assert house.rows("SELECT kind, name, grid_id, path, by_file FROM device WHERE device_id = 'C9'") == [
        ("camera", "东门", "G1", tiny.PATH_1, False)
    ]
    rows = json.dumps(
        [{"device_id": "C1", "kind": "camera", "name": "甲村口", "datum": "WGS84", "path": tiny.PATH_1}]
    )

    fetch(house.conn, "write/import_device", {"district": tiny.DISTRICT, "rows": rows})
    open_now = house.rows("SELECT device_id FROM device WHERE closed_at IS NULL ORDER BY 1")
    assert open_now == [("C1",), ("C9",)]


@pytest.mark.parametrize(
    ("order", "why"),
    [
        (RegisterDevice("owntracks", PHONE, "camera", "C1"), "wrong_kind: camera"),
        (RegisterDevice("no_such", PHONE, "worker", "W1"), "wrong_kind: worker"),
        (RegisterDevice("owntracks", PHONE, "worker", "W9"), "unknown_worker: W9"),
        (RegisterDevice("traccar", "1", "vehicle", "C1"), "id_taken: C1"),
        (RegisterDevice("hikvision", "x/1", "camera", "C8", lon=118.0), "half_a_place"),
        (RegisterDevice("hikvision", "x/1", "camera", "C8", tz="Mars/Base"), "no_time_zone: Mars/Base"),
        (ReleaseName("owntracks", "nobody"), "name_unknown"),
    ],
)
def test_what_cannot_be_registered_is_refused_and_says_why(house, order, why):
    assert house.order(order) == ("refused", why)
    assert house.rows("SELECT count(*) FROM foreign_name") == [(0,)]


def test_a_name_of_another_district_is_refused(house):
    house.conn.execute(
        "INSERT INTO district (district, name) VALUES (350298, '邻区');"
        "INSERT INTO foreign_name (district, decoder, name, kind, device_id, by_file)"
        " VALUES (350298, 'owntracks', 'owntracks/anna/phone', 'worker', 'X', true)"
    )
    assert house.register("owntracks", PHONE, "worker", "W1") == ("refused", "name_taken")
    house.told(PHONE, location(0))  # its own ingest will take it in
    assert house.rows("SELECT district FROM quarantine") == [(350298,)]
    assert house.taken_in() == 0


def test_a_name_that_is_released_is_a_strangers_again(house):
    house.register("owntracks", PHONE, "worker", "W1")
    assert house.order(ReleaseName("owntracks", PHONE)) == ("done", None)
    house.refresh()
    house.told(PHONE, location(0))
    assert house.rows("SELECT name FROM stranger") == [(PHONE,)]
    assert house.rows("SELECT count(*) FROM ping") == [(0,)]


def test_a_sealed_message_is_opened_with_the_registered_key_only(house):
    box = nacl.secret.SecretBox(b"secret".ljust(32, b"\0"))
    sealed = bytes(box.encrypt(json.dumps(location(0)).encode()))

    body = {"_type": "encrypted", "data": base64.b64encode(sealed).decode()}
    house.told(PHONE, body)
    house.register("owntracks", PHONE, "worker", "W1", key="secret")
    assert house.rows(
        "SELECT payload ? 'key' FROM command WHERE kind = 'x' AND payload ->> 'kind' = 'register_device'"
    )[-1] == (False,)
    assert house.taken_in() == 1
    assert house.rows("SELECT worker_id, at FROM ping") == [("W1", NOW)]

    house.register("owntracks", PHONE, "worker", "W1", key="another")
    house.told(PHONE, body, 5)
    reasons = house.rows("SELECT reason FROM rejected_message")
    assert reasons == [(f"wrong_key: {PHONE}",)]


def test_what_is_repeated_every_second_is_one_event_that_lasts(house):
    house.register("hikvision", "gate/2", "camera", "C9")
    for second in (0, 1, 2, 2, 5, 30):
        house.told(GATE, alert(second))
    house.told(GATE, alert(31, "inactive"))
    house.told(GATE, alert(3))  # late
    events = "SELECT event, ts, ended - began FROM device_event WHERE device_id = 'C9' ORDER BY ts"
    assert house.rows(events) == [("motion", NOW, timedelta(seconds=31))]
    house.told(GATE, alert(100))
    assert house.rows(events)[1:] == [("motion", NOW + timedelta(seconds=100), timedelta(0))]


def test_another_rule_of_the_same_camera_is_another_event(house):
    house.register("hikvision", "gate/2", "camera", "C9")
    house.told(GATE, alert(0))
    house.told(GATE, alert(1, kind="linedetection"))
    assert house.rows("SELECT count(DISTINCT event) FROM device_event WHERE device_id = 'C9'") == [(2,)]


def test_a_type_without_words_is_counted_and_a_sign_of_life_but_no_reject(house):
    house.register("owntracks", PHONE, "worker", "W1")
    for _ in range(3):
        house.told(PHONE, {"_type": "brandnew", "x": 1})
    assert house.rows("SELECT type, messages FROM other_message") == [("brandnew", 3)]
    assert house.rows("SELECT count(*) FROM rejected_message") == [(0,)]
    assert house.rows("SELECT online FROM worker_state WHERE worker_id = 'W1'") == [(True,)]


def test_a_retained_copy_is_no_sign_of_life(house):
    house.register("owntracks", PHONE, "worker", "W1")
    house.told(PHONE, location(-60), retain=True)
    (row,) = house.rows("SELECT at, last_seen FROM worker_state WHERE worker_id = 'W1'")
    assert row == (NOW - timedelta(minutes=60), NOW - timedelta(minutes=60))


def test_a_topic_that_no_route_names_is_rejected(house):
    house.told("somebody/else", {"x": 1})
    assert house.rows("SELECT district, reason FROM rejected_message") == [(0, "bad_topic: somebody/else")]


def report(minute, *, sos):
    """A JT/T 808 report as EMQX publishes it."""
    at = (NOW + timedelta(minutes=minute, hours=8)).strftime("%y%m%d%H%M%S")
    body = {"alarm": int(sos), "status": 2, "latitude": 24605000, "longitude": 118005000, "speed": 0}
    return {"header": {"msg_id": 512, "phone": "013900000001"}, "body": {**body, "direction": 0, "time": at}}


def test_a_bodycams_sos_is_one_event_and_one_alert_until_the_bit_is_clear(house):
    topic = "jt808/013900000001/013900000001/up"
    house.register("jt808", "013900000001", "bodycam", "B1")
    house.told(topic, report(-5, sos=False), -5)
    for minute in (-4, -3, -3, -2):
        house.told(topic, report(minute, sos=True), minute)
    assert house.open("bodycam_sos") == ["device:B1"]
    for minute in (-1, 0, -1):
        house.told(topic, report(minute, sos=False), minute)
    assert house.open("bodycam_sos") == []
    assert house.raised("bodycam_sos") == 1
    events = "SELECT event, ts, ended FROM device_event WHERE event LIKE 'sos%' ORDER BY ts"
    over = NOW - timedelta(minutes=1)
    assert house.rows(events) == [("sos", NOW - timedelta(minutes=4), over), ("sos_cleared", over, None)]
    assert house.rows("SELECT count(*) FROM device_event WHERE event = 'position'") == [(6,)]


def test_of_a_stranger_who_says_too_much_the_first_is_kept_and_all_is_counted(house):
    body = {"_type": "card", "face": "x" * 1_500_000}
    for number in range(50):
        house.told(PHONE, {**body, "number": number})
    ((messages, size),) = house.rows("SELECT messages, bytes FROM stranger")
    assert (messages, size > 50 * 1_500_000) == (50, True)
    ((kept, kept_size),) = house.rows("SELECT count(*), sum(length(payload)) FROM quarantine")
    assert 40 < kept < 50
    assert kept_size <= 64 * 1024 * 1024


def test_whoever_makes_up_types_gets_some_two_hundred_of_them(house):
    house.register("owntracks", PHONE, "worker", "W1")
    for number in range(205):
        house.told(PHONE, {"_type": f"made-up-{number}"})
    assert house.rows("SELECT count(*), sum(messages) FROM other_message") == [(201, 205)]
