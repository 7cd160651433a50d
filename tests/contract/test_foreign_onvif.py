"""ONVIF events as JSON: topics, sources, states, and what is odd about them."""

import pytest

from ingest.domain.heard import Happened, Other, Presence
from tests.contract.hearing import AT, one, reasons

CROSSED = "gate7/onvif-ej/RuleEngine/LineDetector/Crossed/&1/2/Fence1"
INSIDE = "gate7/onvif-ej/RuleEngine/FieldDetector/ObjectsInside/&1/2/Yard"
UTC_TIME = "2026-03-02T07:59:59.000Z"
SOURCE = {"VideoSource": "1", "AnalyticsConfiguration": "2", "Rule": "Fence1"}


def said(utc=UTC_TIME, **data):
    return {"UtcTime": utc, "Source": SOURCE, "Data": data}


def test_the_topic_is_parted_into_device_event_and_source():
    assert one("onvif", CROSSED, said(ObjectId="15")) == Happened(
        name="gate7", when=AT, event="line_crossing", key="1/2/Fence1"
    )


@pytest.mark.parametrize(
    ("value", "phase"),
    [("true", "began"), (True, "began"), ("1", "began"), (1, "began"), ("True", "began")]
    + [("false", "over"), (False, "over"), ("0", "over"), (0, "over")],
)
def test_a_state_is_quoted_or_bare_and_begins_or_ends_the_event(value, phase):
    heard = one("onvif", INSIDE, said(IsInside=value), retain=True)
    assert (heard.event, heard.phase, heard.key) == ("intrusion", phase, "1/2/Yard")


def test_zero_bytes_are_the_end_of_what_went_on():
    assert one("onvif", INSIDE, b"") == Happened(
        name="gate7", event="intrusion", phase="over", key="1/2/Yard"
    )
    assert one("onvif", "gate7/onvif-ej/Monitoring/ProcessorUsage/&1", b"") == Presence(name="gate7")


def test_loitering_has_no_state_and_goes_on_until_it_is_deleted():
    topic = "gate7/onvif-ej/RuleEngine/LoiteringDetector/ObjectIsLoitering/&1"
    assert one("onvif", topic, said(Since=UTC_TIME)).phase == "began"
    assert one("onvif", topic, b"").phase == "over"


@pytest.mark.parametrize(
    ("topic", "item", "word"),
    [
        ("RuleEngine/CellMotionDetector/Motion/&1", "IsMotion", "motion"),
        ("RuleEngine/MotionRegionDetector/Motion", "State", "motion"),
        ("VideoSource/MotionAlarm/&1", "State", "motion"),
        ("RuleEngine/MyRuleDetector/PeopleDetect/&1", "State", "person"),
        ("RuleEngine/TamperDetector/Tamper/&1", "IsTamper", "tamper"),
        ("VideoSource/GlobalSceneChange/ImagingService/&1", "State", "tamper"),
        ("VideoSource/SignalLoss/&1", "State", "video_loss"),
        ("Device/HardwareFailure/StorageFailure/&1", "Failed", "camera_fault"),
        ("Device/HardwareFailure/acme:LensFailure", "Failed", "camera_fault"),
        ("tns1:VideoSource/MotionAlarm/&1", "State", "motion"),
    ],
)
def test_a_known_topic_has_a_word_of_ours(topic, item, word):
    heard = one("onvif", f"gate7/onvif-ej/{topic}", said(**{item: "true"}))
    assert (heard.event, heard.phase) == (word, "began")


@pytest.mark.parametrize("topic", ["Monitoring/ProcessorUsage/&1", "VideoSource", "acme:Mood/Good"])
def test_an_unknown_topic_is_kept_by_topic(topic):
    kept = topic.partition("/&")[0]
    assert one("onvif", f"gate7/onvif-ej/{topic}", said(Value=7)) == Other(name="gate7", when=AT, type=kept)


def test_a_plate_is_read_as_text_and_a_thing_by_its_class():
    plate = said(LicensePlateInfo={"PlateNumber": "闽D12345"})
    assert one("onvif", "gate7/onvif-ej/RuleEngine/Recognition/LicensePlate/&1", plate).text == "闽D12345"
    thing = said(ClassTypes="Human Vehicle")
    assert one("onvif", "gate7/onvif-ej/RuleEngine/ObjectDetection/Object/&1", thing).text == "Human Vehicle"


def test_a_deeper_prefix_is_the_name():
    assert one("onvif", f"site/{CROSSED}", said()).name == "site/gate7"


def test_utc_is_believed_to_be_utc_without_a_z_too():
    assert one("onvif", CROSSED, said("2026-03-02T07:59:59")).when == AT


@pytest.mark.parametrize(
    ("topic", "payload", "reason"),
    [
        (CROSSED, said("2008-10-10T12:24:57.321Z"), "impossible_clock"),
        (CROSSED, said("soon"), "wrong_shape"),
        (CROSSED, {"Source": SOURCE}, "wrong_shape"),
        (CROSSED, b'{ "UtcTime": "2026-03-02T07:59:59Z\n "Source": {} }', "not_json"),
        ("gate7/onvif-ej/", said(), "bad_topic"),
        ("gate7/else/RuleEngine/X", said(), "bad_topic"),
    ],
)
def test_what_is_no_event_is_refused(topic, payload, reason):
    assert reasons("onvif", topic, payload) == [reason]
