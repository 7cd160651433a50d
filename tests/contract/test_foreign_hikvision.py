"""Hikvision alerts through a gateway, and what is odd about them."""

from datetime import datetime

import pytest

from ingest.domain.heard import Happened, Other, Presence
from tests.contract.hearing import AT, one, reasons

TOPIC = "hikvision/nvr1/event"
ALERT = {
    **{"ipAddress": "192.0.2.64", "portNo": 80, "protocol": "HTTP", "macAddress": "44:19:b6:00:00:01"},
    **{"channelID": "2", "channelName": "东门", "dateTime": "2026-03-02T15:59:59+08:00"},
    **{"activePostCount": 7, "eventType": "linedetection", "eventState": "active"},
    "eventDescription": "linedetection alarm",
}
CROSSING = Happened(name="nvr1/2", when=AT, prompt=True, event="line_crossing", phase="again")


def alert(**changed):
    return {"EventNotificationAlert": {**ALERT, **changed}}


def test_an_alert_is_wrapped_or_not():
    assert one("hikvision", TOPIC, alert()) == CROSSING
    assert one("hikvision", TOPIC, ALERT) == CROSSING


def test_what_is_said_once_a_second_is_the_same_going_on_until_it_is_over():
    phases = [one("hikvision", TOPIC, alert(activePostCount=count)).phase for count in (1, 2, 3)]
    last = one("hikvision", TOPIC, alert(eventState="inactive"))
    assert (phases, last.phase, last.event) == (["again"] * 3, "over", "line_crossing")


@pytest.mark.parametrize(
    ("kind", "word"),
    [
        ("VMD", "motion"),
        ("vmd", "motion"),
        ("fielddetection", "intrusion"),
        ("regionEntrance", "intrusion"),
        ("loitering", "loitering"),
        ("group", "crowd"),
        ("facedetection", "person"),
        ("fireDetection", "fire"),
        ("shelteralarm", "tamper"),
        ("tamperdetection", "tamper"),
        ("videoloss", "video_loss"),
        ("diskfull", "storage_full"),
    ],
)
def test_a_kind_has_a_word_of_ours(kind, word):
    assert one("hikvision", TOPIC, alert(eventType=kind)).event == word


def test_the_stream_keeping_alive_is_only_a_sign_of_life():
    assert one("hikvision", TOPIC, alert(eventType="videoloss", eventState="inactive")) == Presence(
        name="nvr1/2", when=AT
    )


def test_a_time_without_a_zone_is_the_devices_own():
    heard = one("hikvision", TOPIC, alert(dateTime="2026-03-02T15:59:59"))
    assert heard.when == datetime(2026, 3, 2, 15, 59, 59)  # noqa: DTZ001


@pytest.mark.parametrize(("channel", "name"), [("2", "nvr1/2"), (2, "nvr1/2"), (None, "nvr1/1")])
def test_the_name_is_the_gateway_and_the_channel(channel, name):
    assert one("hikvision", TOPIC, alert(channelID=channel)).name == name


def test_a_recorders_own_channel_counts_where_there_is_no_other():
    told = alert(dynChannelID="33")
    del told["EventNotificationAlert"]["channelID"]
    assert one("hikvision", TOPIC, told).name == "nvr1/33"


def test_another_topic_is_part_of_the_name():
    assert one("hikvision", "site/east/event", alert()).name == "site/east/2"


def test_a_plate_is_the_text():
    heard = one("hikvision", TOPIC, alert(eventType="ANPR", ANPR={"licensePlate": "闽D12345"}))
    assert (heard.event, heard.text) == ("plate", "闽D12345")


def test_an_unknown_kind_is_kept_by_kind():
    assert one("hikvision", TOPIC, alert(eventType="regionExiting")) == Other(
        name="nvr1/2", when=AT, type="regionExiting"
    )


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (alert(eventState="maybe"), "wrong_shape"),
        (alert(eventType=None), "wrong_shape"),
        (alert(dateTime="soon"), "wrong_shape"),
        (alert(dateTime="1970-01-01T00:00:00+08:00"), "impossible_clock"),
        ({"EventNotificationAlert": None}, "wrong_shape"),
        (b"<EventNotificationAlert/>", "not_json"),
        (b"", "empty_payload"),
    ],
)
def test_what_is_no_alert_is_refused(said, reason):
    assert reasons("hikvision", TOPIC, said) == [reason]
