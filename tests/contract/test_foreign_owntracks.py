"""OwnTracks: every type, and what is odd about it."""

import base64
import json

import pytest

from ingest.contract.acts import ReportPosition
from ingest.contract.errors import DecodeError
from ingest.contract.messages import Datum
from ingest.decoders import protocols
from ingest.domain.heard import Answered, Happened, Other, Position, Presence, Sealed
from tests.contract.hearing import AT, TS, hear, one, reasons

TOPIC = "owntracks/anna/phone"
WHO = {"name": TOPIC, "reply_to": f"{TOPIC}/cmd"}
FIX = {"_type": "location", "lat": 24.61, "lon": 118.12, "tst": TS}
FULL = {
    **FIX,
    **{"acc": 8, "alt": 31, "vac": 4, "vel": 5, "cog": 270, "batt": 76, "bs": 1, "conn": "m", "t": "u"},
    **{"tid": "an", "created_at": TS + 1, "m": 2, "_id": "0571e18d", "inregions": ["所里"]},
}
PLACE = {"lon": 118.12, "lat": 24.61, "datum": Datum.WGS84}
HERE = Position(**WHO, when=AT, **PLACE)


def test_a_location_is_a_position_with_all_that_the_phone_knows_of_it():
    assert one("owntracks", TOPIC, FULL) == Position(
        **WHO,
        when=AT,
        **PLACE,
        accuracy_m=8,
        speed_kmh=5,
        heading_deg=270,
        altitude_m=31,
        battery=76,
    )


def test_a_location_needs_no_more_than_place_and_time():
    assert one("owntracks", TOPIC, FIX) == HERE


@pytest.mark.parametrize("gone", ["lat", "lon", "tst"])
def test_without_place_or_time_it_is_no_location(gone):
    assert reasons("owntracks", TOPIC, {k: v for k, v in FIX.items() if k != gone}) == ["wrong_shape"]


def test_a_retained_location_is_a_position_too():
    assert one("owntracks", TOPIC, FIX, retain=True) == HERE


def test_numbers_may_be_whole_with_a_point_and_the_time_a_text():
    odd = {**FIX, "tst": str(TS), "alt": 0.0, "vel": 0.0, "batt": 99.0}
    assert one("owntracks", TOPIC, odd) == Position(
        **WHO, when=AT, **PLACE, altitude_m=0, speed_kmh=0, battery=99
    )
    assert one("owntracks", TOPIC, {**FIX, "tst": float(TS)}) == HERE


def test_what_the_phone_does_not_know_is_left_out():
    assert one("owntracks", TOPIC, {**FIX, "vel": -1, "cog": -1, "acc": 0, "batt": -1}) == HERE


def test_an_empty_payload_says_nothing():
    assert hear("owntracks", TOPIC, b"") == []


def test_an_array_is_as_many_messages_and_a_bad_one_spoils_none():
    later = {**FIX, "tst": TS + 1}
    first, bad, last = hear("owntracks", TOPIC, [FIX, {"_type": "location"}, later])
    assert (first, type(bad), last.when.second) == (HERE, DecodeError, 0)


def test_points_that_come_late_keep_their_own_time():
    queued = hear("owntracks", TOPIC, [{**FIX, "tst": TS - 3600 * n} for n in (3, 2, 1)])
    assert [(p.when - AT).total_seconds() for p in queued] == [-10800, -7200, -3600]
    assert not any(p.prompt for p in queued)


def test_the_answer_to_an_order_is_a_position_and_an_answer():
    where, answer = hear("owntracks", TOPIC, {**FIX, "t": "r"})
    assert (where, answer) == (HERE, Answered(**WHO, when=AT, act="report_position"))
    assert hear("owntracks", TOPIC, {**FIX, "t": "r"}, retain=True) == [HERE]


def test_a_location_at_nought_and_one_of_1970_are_refused():
    assert reasons("owntracks", TOPIC, {**FIX, "lat": 0, "lon": 0}) == ["impossible_place"]
    assert reasons("owntracks", TOPIC, {**FIX, "tst": 0}) == ["impossible_clock"]
    assert reasons("owntracks", TOPIC, {**FIX, "lat": 91}) == ["wrong_shape"]


@pytest.mark.parametrize(("event", "word"), [("enter", "entered"), ("leave", "left")])
def test_a_transition_is_an_area_entered_or_left(event, word):
    move = {
        **{"_type": "transition", "event": event, "desc": "所里", "tst": TS, "wtst": 1558351273},
        **{"acc": 3, "lat": 24.6, "lon": 118.1, "t": "l", "tid": "an"},
    }
    assert one("owntracks", f"{TOPIC}/event", move) == Happened(
        **WHO, when=AT, event=word, text="所里", lon=118.1, lat=24.6, datum=Datum.WGS84
    )


def test_a_transition_at_a_beacon_has_no_place():
    move = {"_type": "transition", "event": "enter", "tst": TS}
    assert one("owntracks", f"{TOPIC}/event", move) == Happened(
        **WHO, when=AT, event="entered", datum=Datum.WGS84
    )


def test_a_will_needs_no_time_and_the_one_it_has_is_not_when_the_phone_went():
    gone = Presence(**WHO, online=False)
    assert one("owntracks", TOPIC, {"_type": "lwt"}) == gone
    assert one("owntracks", TOPIC, {"_type": "lwt", "tst": TS - 90_000}) == gone


def test_a_status_is_a_sign_of_life():
    assert one("owntracks", f"{TOPIC}/status", {"_type": "status", "android": {"wifi": 1}}) == Presence(**WHO)
    ios = {"_type": "status", "iOS": {"version": "18.2.1", "deviceModel": "iPhone"}}
    assert one("owntracks", f"{TOPIC}/status", ios) == Presence(**WHO, firmware="18.2.1")


@pytest.mark.parametrize(
    "kind", ["waypoint", "waypoints", "steps", "beacon", "card", "request", "hovercraft"]
)
def test_a_type_without_a_word_of_ours_is_kept_by_type(kind):
    topic = f"{TOPIC}/{kind}" if kind.startswith("waypoint") else TOPIC
    assert one("owntracks", topic, {"_type": kind, "tst": TS, "desc": "x"}) == Other(**WHO, type=kind)


def test_a_configuration_is_a_sign_of_life_and_not_kept_since_passwords_are_in_it():
    assert one("owntracks", f"{TOPIC}/dump", {"_type": "configuration", "password": "x"}) == Presence(**WHO)


def test_our_own_order_passing_by_says_nothing():
    assert hear("owntracks", f"{TOPIC}/cmd", {"_type": "cmd", "action": "reportLocation"}) == []


@pytest.mark.parametrize("said", [{"some": "thing"}, {"_type": 7}, {"_type": ""}, {"_type": "x" * 81}])
def test_without_a_type_it_is_refused(said):
    assert reasons("owntracks", TOPIC, said) == ["wrong_shape"]


def test_what_is_encrypted_is_handed_on_sealed():
    box = bytes(range(24)) + b"m" * 16 + b"secret"
    said = {"_type": "encrypted", "data": base64.b64encode(box).decode()}
    assert one("owntracks", TOPIC, said) == Sealed(**WHO, box=box)


@pytest.mark.parametrize("data", ["", "not base64!", base64.b64encode(b"x" * 39).decode(), "汉"])
def test_what_cannot_be_a_box_is_refused(data):
    assert reasons("owntracks", TOPIC, {"_type": "encrypted", "data": data}) == ["wrong_shape"]


@pytest.mark.parametrize("part", ["event", "waypoint", "waypoints", "status", "step", "beacon", "info"])
def test_the_name_is_the_topic_without_what_stands_behind_it(part):
    assert one("owntracks", f"own/base/of/ours/{part}", FIX).name == "own/base/of/ours"


def test_a_phone_is_told_to_report_where_it_is():
    order = ReportPosition(order_id="O1", expires=0)
    topic, payload = protocols()["owntracks"].tellers["report_position"](order, f"{TOPIC}/cmd")
    assert (topic, json.loads(payload)) == (f"{TOPIC}/cmd", {"_type": "cmd", "action": "reportLocation"})
