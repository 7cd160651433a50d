"""Frigate's events, reviews and switches, and what is odd about them."""

import re
from datetime import timedelta

import pytest

from ingest.contract.acts import StartRecording
from ingest.contract.topics import ID_PATTERN
from ingest.decoders import protocols
from ingest.domain.heard import Answered, Happened, Presence
from tests.contract.hearing import AT, TS, hear, one, reasons

CAMERA = "frigate/market_gate"
WHO = {"name": CAMERA, "reply_to": CAMERA}
OWN = f"{TS}.475377-mxklsc"
THING = {
    **{"id": OWN, "camera": "market_gate", "label": "person", "sub_label": None, "top_score": 0.9375},
    **{
        "score": 0.5,
        "start_time": float(TS),
        "end_time": None,
        "frame_time": TS + 6.5,
        "false_positive": False,
    },
    **{"box": [1, 2, 3, 4], "current_zones": ["gate"], "entered_zones": ["gate"], "active": True},
    **{"has_clip": True, "has_snapshot": True, "stationary": False, "thumbnail": None},
}
PERSON = Happened(**WHO, id=OWN.replace(".", "-"), when=AT, event="person", confidence=0.9375)


def event(kind="new", **changed):
    return {"type": kind, "before": {"id": "whatever"}, "after": {**THING, **changed}}


def review(severity="alert", zones=("gate",), **changed):
    data = {"detections": [OWN], "objects": ["person"], "sub_labels": [], "zones": [*zones], "audio": []}
    after = {"id": OWN, "camera": "market_gate", "start_time": float(TS), "end_time": None, **changed}
    return {"type": "new", "before": {}, "after": {**after, "severity": severity, "data": data}}


def test_a_person_is_an_event_from_the_beginning_by_the_best_score():
    assert one("frigate", "frigate/events", event()) == PERSON


def test_new_update_and_end_are_one_event_by_its_own_id_which_is_over_at_the_end():
    told = [one("frigate", "frigate/events", event(kind)) for kind in ("new", "update")]
    last = one("frigate", "frigate/events", event("end", end_time=TS + 0.5))
    assert {heard.id for heard in [*told, last]} == {PERSON.id}
    assert ([heard.ended for heard in told], last.ended - AT) == ([None, None], timedelta(seconds=0.5))


def test_the_own_id_is_one_that_the_wire_allows():
    assert re.match(ID_PATTERN, one("frigate", "frigate/events", event(id="a.b/汉" * 16)).id)


def test_what_proved_false_says_nothing():
    assert hear("frigate", "frigate/events", event(false_positive=True)) == []


@pytest.mark.parametrize(
    ("said", "text"), [("王", "王"), (["王", 0.79], "王"), (None, None), ([], None), (7, None), ("", None)]
)
def test_a_sub_label_is_a_text_or_a_text_and_how_sure_or_nothing(said, text):
    assert one("frigate", "frigate/events", event(sub_label=said)).text == text


@pytest.mark.parametrize(
    ("label", "word", "text"),
    [
        ("car", "vehicle", "car"),
        ("license_plate", "plate", None),
        ("fire", "fire", None),
        ("smoke", "smoke", None),
        ("dog", "object", "dog"),
    ],
)
def test_a_label_has_a_word_of_ours_and_stays_where_it_says_more(label, word, text):
    heard = one("frigate", "frigate/events", event(label=label))
    assert (heard.event, heard.text) == (word, text)


def test_the_plate_of_a_vehicle_is_its_text():
    heard = one("frigate", "frigate/events", event(label="car", recognized_license_plate="闽D12345"))
    assert (heard.event, heard.text) == ("vehicle", "闽D12345")


def test_an_alert_in_a_zone_is_an_intrusion_until_its_end():
    heard = one("frigate", "frigate/reviews", review(end_time=TS + 0.5))
    assert (heard.event, heard.text, heard.id) == ("intrusion", "person, gate", PERSON.id)
    assert heard.ended - heard.when == timedelta(seconds=0.5)


@pytest.mark.parametrize("told", [review("detection"), review(zones=())])
def test_any_other_review_doubles_no_event(told):
    assert one("frigate", "frigate/reviews", told) == Presence(**WHO)


@pytest.mark.parametrize(
    ("said", "online"), [(b"online", True), (b"offline", False), (b"stopped", False), (b"online\n", True)]
)
def test_frigate_is_there_or_gone_with_all_its_cameras(said, online):
    assert one("frigate", "frigate/available", said, retain=True) == Presence(
        name="frigate", online=online, of_all=True
    )


@pytest.mark.parametrize(("said", "online"), [(b"online", True), (b"offline", False), (b"disabled", None)])
def test_a_camera_has_pictures_or_not(said, online):
    assert one("frigate", f"{CAMERA}/status/detect", said) == Presence(**WHO, online=online)


def test_a_recording_that_was_switched_answers_the_order_but_a_retained_copy_does_not():
    topic = f"{CAMERA}/recordings/state"
    assert one("frigate", topic, b"ON") == Answered(**WHO, act="start_recording")
    assert one("frigate", topic, b"OFF") == Answered(**WHO, act="stop_recording")
    assert hear("frigate", topic, b"ON", retain=True) == []


def test_another_prefix_is_part_of_the_name():
    assert one("frigate", "site/b/events", event()).name == "site/b/market_gate"


@pytest.mark.parametrize(
    ("topic", "said", "reason"),
    [
        ("frigate/events", event(start_time=0), "impossible_clock"),
        ("frigate/events", event(label=None), "wrong_shape"),
        ("frigate/events", {"type": "new", "before": {}}, "wrong_shape"),
        ("frigate/events", b"", "empty_payload"),
        ("frigate/available", b"maybe", "wrong_shape"),
        ("frigate/available", b"", "empty_payload"),
        (f"{CAMERA}/person/snapshot", b"\xff\xd8\xff", "bad_topic"),
    ],
)
def test_what_is_none_of_these_is_refused(topic, said, reason):
    assert reasons("frigate", topic, said) == [reason]


def test_no_default_topic_carries_pictures():
    assert all("#" not in one and "snapshot" not in one for one in protocols()["frigate"].filters)


@pytest.mark.parametrize(("act", "word"), [("start_recording", b"ON"), ("stop_recording", b"OFF")])
def test_a_camera_is_told_to_record(act, word):
    order = StartRecording(order_id="O1", expires=0)
    assert protocols()["frigate"].tellers[act](order, CAMERA) == (f"{CAMERA}/recordings/set", word)
