"""Traccar's forwarded positions and events, and what is odd about them."""

import pytest

from ingest.domain.heard import Happened, Other, Position, Presence
from tests.contract.hearing import AT, hear, one, reasons

TIME = "2026-03-02T07:59:59.000+0000"
DEVICE = {"id": 7, "uniqueId": "860000000000001", "name": "巡查车 1", "status": "online", "attributes": {}}
FIX = {
    **{"id": 0, "deviceId": 7, "protocol": "gt06", "valid": True, "outdated": False},
    **{"serverTime": None, "deviceTime": TIME, "fixTime": TIME, "latitude": 24.61, "longitude": 118.12},
    **{"altitude": 12.0, "speed": 10.0, "course": 90.0, "accuracy": 0.0, "address": None},
    "attributes": {"batteryLevel": 80, "motion": True, "ignition": True, "totalDistance": 295.6},
}
NAME = "860000000000001"
HERE = Position(
    name=NAME,
    when=AT,
    lon=118.12,
    lat=24.61,
    speed_kmh=pytest.approx(18.52),
    heading_deg=90,
    altitude_m=12,
    battery=80,
)


def position(**changed):
    return {"position": {**FIX, **changed}, "device": DEVICE}


def event(kind, **more):
    body = {"id": 0, "type": kind, "eventTime": TIME, "deviceId": 7, "positionId": 0, "attributes": {}}
    return {"event": body, "device": DEVICE, **more}


@pytest.mark.parametrize("topic", ["positions", "traccar/positions", f"_traccar/{NAME}/position"])
def test_a_position_is_named_by_its_unique_id_and_its_speed_is_in_knots(topic):
    assert one("traccar", topic, position()) == HERE


@pytest.mark.parametrize(
    "time",
    ["2026-03-02T07:59:59.000+0000", "2026-03-02T07:59:59.000+00:00", "2026-03-02T07:59:59Z"]
    + ["2026-03-02T15:59:59+08:00", "2026-03-02T07:59:59.000"],
)
def test_a_time_may_be_written_in_any_of_these_ways(time):
    assert one("traccar", "positions", position(fixTime=time)).when == AT


def test_the_instant_is_that_of_the_fix_not_of_the_message():
    other = "2026-03-02T07:59:00.000+0000"
    assert one("traccar", "positions", position(deviceTime=other, serverTime=other)).when == AT


def test_the_id_that_is_always_0_is_no_id():
    assert (one("traccar", "positions", position()).id, position()["position"]["id"]) == ("", 0)


def test_an_accuracy_of_0_is_none():
    assert one("traccar", "positions", position(accuracy=0.0)).accuracy_m is None
    assert one("traccar", "positions", position(accuracy=4.5)).accuracy_m == 4.5


@pytest.mark.parametrize("change", [{"valid": False}, {"outdated": True}, {"fixTime": None}])
def test_a_place_that_the_device_did_not_know_is_only_a_sign_of_life(change):
    assert one("traccar", "positions", position(**change)) == Presence(name=NAME, when=AT, battery=80)


def test_each_alarm_of_the_list_is_an_event_and_an_unknown_one_is_kept_by_type():
    heard = hear("traccar", "positions", position(attributes={"alarm": "sos,lowBattery, hardBraking"}))
    sos, battery, braking, where = heard
    assert (sos.event, sos.when, sos.lon, sos.lat) == ("sos", AT, 118.12, 24.61)
    assert (battery.event, type(where)) == ("low_battery", Position)
    assert braking == Other(name=NAME, when=AT, type="alarm/hardBraking")


def test_an_alarm_without_a_fix_is_heard_without_a_place():
    sos, presence = hear("traccar", "positions", position(valid=False, attributes={"alarm": "sos"}))
    assert (sos.event, sos.lon, sos.lat, type(presence)) == ("sos", None, None, Presence)


def test_an_alarm_in_the_position_and_the_event_of_it_are_the_same():
    within, _ = hear("traccar", "positions", position(attributes={"alarm": "sos"}))
    told = event("alarm", position={**FIX, "attributes": {"alarm": "sos"}})
    told["event"]["attributes"] = {"alarm": "sos"}
    again = one("traccar", "events", told)
    assert (within.id, within.when, within.event) == (again.id, again.when, again.event)
    assert within.id


@pytest.mark.parametrize(
    ("kind", "online"),
    [("deviceOnline", True), ("deviceOffline", False), ("deviceUnknown", False), ("deviceInactive", False)],
)
def test_a_device_comes_and_goes(kind, online):
    assert one("traccar", "events", event(kind)) == Presence(name=NAME, when=AT, online=online)


@pytest.mark.parametrize(
    ("kind", "word"),
    [
        ("geofenceEnter", "entered"),
        ("geofenceExit", "left"),
        ("deviceOverspeed", "overspeed"),
        ("ignitionOn", "ignition_on"),
        ("ignitionOff", "ignition_off"),
        ("deviceMoving", "moving"),
        ("deviceStopped", "stopped"),
    ],
)
def test_an_event_has_our_word_its_area_and_its_place(kind, word):
    told = event(kind, position=FIX, geofence={"id": 7, "name": "集美辖区", "area": "CIRCLE (24 118, 9)"})
    assert one("traccar", "events", told) == Happened(
        name=NAME, when=AT, event=word, text="集美辖区", lon=118.12, lat=24.61
    )


@pytest.mark.parametrize("kind", ["maintenance", "driverChanged", "commandResult", "somethingNew"])
def test_an_event_without_a_word_of_ours_is_kept_by_type(kind):
    assert one("traccar", f"_traccar/{NAME}/event/{kind}", event(kind)) == Other(
        name=NAME, when=AT, type=kind
    )


def test_an_old_servers_event_has_the_servers_time():
    old = event("ignitionOn")
    old["event"] = {"id": 3, "type": "ignitionOn", "serverTime": TIME, "attributes": {}}
    assert one("traccar", "events", old).when == AT


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"device": DEVICE}, "wrong_shape"),
        ({"position": FIX}, "wrong_shape"),
        ({"position": FIX, "device": {"uniqueId": ""}}, "wrong_shape"),
        (position(latitude=91), "wrong_shape"),
        (position(latitude=0.0, longitude=0.0), "impossible_place"),
        (position(fixTime="1970-01-01T00:00:00.000+0000"), "impossible_clock"),
        (position(fixTime="yesterday"), "wrong_shape"),
    ],
)
def test_what_is_no_position_is_refused(said, reason):
    assert reasons("traccar", "positions", said) == [reason]
