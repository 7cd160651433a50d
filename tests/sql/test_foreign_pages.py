"""Following the page of each foreign device: registered as its row says, its messages are the facts that it
promises."""

import re
from datetime import timedelta

import pytest

from db.connect import INGEST, connect
from ingest.contract.delivery import Delivery
from ingest.contract.orders import RegisterDevice
from ingest.courier import carry_out
from ingest.decoders import decode_all, protocols
from ingest.domain.heard import Presence
from ingest.foreign import declare_protocols, load_foreign
from ingest.lasting import OVER
from ingest.registry import import_world
from ingest.snapshots import load_roster
from tests import tiny
from tests.contract import hearing
from tests.contract.pages import FOLDER, MESSAGES
from tests.room import NOW, Room


@pytest.fixture(scope="module")
def world(database_url, tmp_path_factory):
    import_world(database_url, tiny.write(tmp_path_factory.mktemp("world")))
    with connect(database_url, INGEST) as conn:
        carry_out(conn, load_roster(conn, tiny.DISTRICT), NOW)
    return database_url


@pytest.fixture
def room(world, ingest_conn, tmp_path):
    room = Room(ingest_conn, tmp_path)
    declare_protocols(ingest_conn)
    return room


def register(room, protocol):
    """The device of the page's row, and others for the page's other names; a worker is one that there is."""
    text = (FOLDER / f"{protocol}.md").read_text(encoding="utf-8")
    _, named, kind, device, datum, tz, key = re.findall(rf"`({protocol},[^`]*)`", text)[0].split(",")
    device = "W1" if kind == "worker" else device
    rest = {"datum": datum or None, "tz": tz or None, "key": key or None}
    for number, name in enumerate(sorted(names(protocol) | {named}, key=lambda name: name != named)):
        own = f"{device}-{number}" if number else device
        assert room.order(RegisterDevice(protocol, name, kind, own, **rest)) == ("done", None)
    room.refresh()
    room.pipeline.foreign = load_foreign(room.conn, [tiny.DISTRICT], everybodys=True)
    return device


def names(protocol):
    heard = [
        one
        for message in MESSAGES
        if message.page == protocol
        for one in message.protocol.decode(hearing.delivery(message.topic, message.payload))
    ]
    return {one.name for one in heard if not (isinstance(one, Presence) and one.of_all)}


def told(room, topic, payload, second=0):
    at = hearing.NOW + timedelta(seconds=second)
    delivery = Delivery(topic, payload, 1, False, False, 1, 1, at, True)
    room.pipeline.take(decode_all([delivery], room.pipeline.foreign.routes))


@pytest.mark.parametrize("name", sorted(protocols()))
def test_a_device_that_is_connected_as_its_page_says_is_there(room, name):
    device = register(room, name)
    own = [message for message in MESSAGES if message.page == name and "Sealed" not in message.expect]
    for message in own:
        told(room, message.topic, message.payload)
    assert room.rows("SELECT topic, reason FROM rejected_message") == []
    assert room.rows("SELECT name FROM stranger") == []
    promised = {one for message in own for one in message.expect}
    events = {one.split(":")[1] for one in promised if "Happened" in one and not one.endswith(":over")}
    seen = {event for (event,) in room.rows("SELECT DISTINCT event FROM device_event")}
    assert seen - {"position", *OVER.values()} == events
    positions = (
        "SELECT count(*) FROM ping"
        if device == "W1"
        else ("SELECT count(*) FROM device_event WHERE event = 'position'")
    )
    assert (room.rows(positions) != [(0,)]) == ("Position" in promised)
    alive = "worker_state WHERE worker_id" if device == "W1" else "device_state WHERE device_id"
    assert room.rows(f"SELECT count(*) FROM {alive} = '{device}'") == [(1,)]


def test_an_sos_that_is_in_every_report_is_one_event_from_the_first_to_the_first_without(room):
    device = register(room, "jt808")
    (message,) = (m for m in MESSAGES if m.page == "jt808" and "Happened:sos:began" in m.expect)
    for second in range(0, 120, 10):
        payload = message.payload.replace(b'"260302155959"', b'"26030216%02d%02d"' % divmod(second, 60))
        if not 20 <= second < 60:
            payload = payload.replace(b'"alarm":1', b'"alarm":0')
        told(room, message.topic, payload, second)
    began, ended = (hearing.NOW + timedelta(seconds=second) for second in (20, 60))
    events = f"SELECT event, began, ended, at FROM device_event WHERE device_id = '{device}'"
    assert room.rows(f"{events} AND event <> 'position' ORDER BY at") == [
        ("sos", began, ended, began),
        ("sos_cleared", None, None, ended),
    ]
    assert len(room.rows(f"{events} AND event = 'position'")) == 12
    assert room.rows("SELECT rule, raised_at, cleared_at FROM alert") == [("bodycam_sos", began, ended)]
