"""Axis cameras' events, and what is odd about them."""

import pytest

from ingest.domain.heard import Happened, Other, Presence
from tests.contract.hearing import AT, TS, one, reasons

SERIAL = "B8A44F000001"


def said(topic, data, source=None):
    message = {"source": source or {}, "key": {}, "data": data}
    return {"topic": topic, "timestamp": TS * 1000, "serial": SERIAL, "message": message}


def mqtt(topic):
    return f"axis/{SERIAL}/event/tns:axis/{topic}"


@pytest.mark.parametrize(
    ("value", "phase"), [("1", "began"), ("0", "over"), ("true", "began"), ("no", "over")]
)
def test_a_state_is_a_text_and_begins_or_ends_the_event(value, phase):
    topic = "axis:CameraApplicationPlatform/VMD/Camera1Profile1"
    assert one(
        "axis", mqtt("CameraApplicationPlatform/VMD/Camera1Profile1"), said(topic, {"active": value})
    ) == (Happened(name=SERIAL, when=AT, event="motion", phase=phase, key="Camera1Profile1"))


@pytest.mark.parametrize(
    "namespace", ["onvif:Device/axis:Sensor/PIR", "Device/Sensor/PIR", "tns1:Device/tnsaxis:Sensor/PIR"]
)
def test_namespaces_may_stand_in_the_topic_or_not(namespace):
    heard = one("axis", mqtt("Sensor/PIR/$source/sensor/0"), said(namespace, {"state": "1"}, {"sensor": "0"}))
    assert (heard.event, heard.phase, heard.key) == ("motion", "began", "0")


@pytest.mark.parametrize(
    ("topic", "word"),
    [
        ("axis:CameraApplicationPlatform/FenceGuard/Camera1Profile1", "line_crossing"),
        ("axis:CameraApplicationPlatform/LoiteringGuard/Camera1Profile1", "loitering"),
        ("axis:CameraApplicationPlatform/ObjectAnalytics/Device1Scenario1", "object"),
        ("onvif:RuleEngine/axis:VMD3/vmd3_video_1", "motion"),
        ("onvif:VideoSource/axis:Tampering", "tamper"),
        ("onvif:VideoSource/GlobalSceneChange/ImagingService", "tamper"),
        ("onvif:Device/HardwareFailure/StorageFailure", "camera_fault"),
    ],
)
def test_a_known_topic_has_a_word_of_ours(topic, word):
    assert one("axis", mqtt("x"), said(topic, {"active": "1"})).event == word


def test_two_rules_of_one_camera_are_told_apart():
    keys = {
        one(
            "axis", mqtt("x"), said(f"axis:CameraApplicationPlatform/VMD/Camera1Profile{n}", {"active": "1"})
        ).key
        for n in (1, 2)
    }
    assert len(keys) == 2


def test_a_thing_in_the_scene_has_its_class_for_text():
    topic = "axis:CameraApplicationPlatform/ObjectAnalytics/Device1Scenario1"
    heard = one("axis", mqtt("x"), said(topic, {"active": "1", "classTypes": "human"}))
    assert (heard.event, heard.phase, heard.text) == ("object", "began", "human")


def test_a_line_that_counts_has_been_crossed_once():
    topic = "axis:CameraApplicationPlatform/ObjectAnalytics/Device1Scenario2"
    heard = one("axis", mqtt("x"), said(topic, {"reason": "car", "total": "20960", "totalCar": "18103"}))
    assert (heard.event, heard.phase, heard.text) == ("line_crossing", "once", "car")


def test_an_event_without_a_state_stands_for_itself():
    assert (
        one("axis", mqtt("x"), said("onvif:VideoSource/axis:Tampering", {"tampering": "1"})).phase == "once"
    )


def test_an_unknown_topic_is_kept_by_topic():
    topic = "onvif:Device/axis:IO/VirtualInput"
    assert one("axis", mqtt("x"), said(topic, {"active": "1"})) == Other(
        name=SERIAL, when=AT, type="Device/IO/VirtualInput"
    )


def test_the_cameras_will_says_that_it_is_gone():
    topic = f"axis/{SERIAL}/event/connection"
    assert one("axis", topic, {"connected": False}) == Presence(name=SERIAL, online=False)
    assert one("axis", topic, {"connected": True, "description": "x"}) == Presence(name=SERIAL, online=True)


def test_the_name_is_in_the_topic_not_in_the_body():
    told = {**said("Device/Sensor/PIR", {"state": "1"}), "serial": "ANOTHER"}
    assert one("axis", mqtt("x"), told).name == SERIAL
    assert one("axis", "site/gate/event/x", told).name == "site/gate"


@pytest.mark.parametrize(
    ("topic", "payload", "reason"),
    [
        (mqtt("x"), said("Device/Sensor/PIR", {"state": 1}), "wrong_shape"),
        (mqtt("x"), {**said("Device/Sensor/PIR", {}), "timestamp": 1000}, "impossible_clock"),
        (mqtt("x"), {"topic": "x"}, "wrong_shape"),
        (mqtt("x"), said("", {"active": "1"}), "wrong_shape"),
        (mqtt("x"), said("axis:", {"active": "1"}), "wrong_shape"),
        (f"axis/{SERIAL}/else", said("Device/Sensor/PIR", {}), "bad_topic"),
    ],
)
def test_what_is_no_event_is_refused(topic, payload, reason):
    assert reasons("axis", topic, payload) == [reason]
