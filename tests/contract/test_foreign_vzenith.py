"""Vzenith plate cameras, and what is odd about them."""

import base64
from datetime import timedelta

import pytest

from ingest.domain.heard import Happened, Other, Presence
from tests.contract.hearing import AT, TS, one, reasons

SN = "265e1040-85e01fb7"
TOPIC = f"device/{SN}/message/up/ivs_result"


def said(license="闽D12345", name="ivs_result", own="iUA4fO7yCGrHZO2C", **changed):
    plate = {
        **{"license": base64.b64encode(license.encode()).decode(), "isoffline": 0, "confidence": 96},
        **{"colorType": 1, "direction": 0, "full_image_content": "", "plateid": 594785},
        **{"timeStamp": {"Timeval": {"sec": TS, "usec": 539956, "decyear": 2026}}, **changed},
    }
    payload = {"AlarmInfoPlate": {"channel": 0, "deviceName": "", "result": {"PlateResult": plate}}}
    head = {"id": own, "sn": SN, "name": name, "version": "1.0", "timestamp": TS + 1}
    return {**head, "payload": payload}


def test_a_plate_is_read_from_base64_at_the_moment_when_it_was_seen():
    assert one("vzenith", TOPIC, said()) == Happened(
        name=SN,
        id="iUA4fO7yCGrHZO2C",
        when=AT,
        prompt=True,
        event="plate",
        text="闽D12345",
        confidence=0.96,
    )


def test_what_was_kept_while_there_was_no_line_is_told_late():
    heard = one("vzenith", TOPIC, said(isoffline=1))
    assert (heard.hist, heard.prompt, heard.when) == (True, False, AT)


@pytest.mark.parametrize("nothing", ["", " ", "_无_"])
def test_a_vehicle_whose_plate_could_not_be_read_is_a_vehicle(nothing):
    heard = one("vzenith", TOPIC, said(nothing))
    assert (heard.event, heard.text) == ("vehicle", None)


def test_without_a_time_of_its_own_it_was_seen_when_it_was_sent():
    assert one("vzenith", TOPIC, said(timeStamp={})).when == AT + timedelta(seconds=1)


def test_an_id_that_the_wire_does_not_allow_is_none():
    assert one("vzenith", TOPIC, said(own="a/b")).id == ""


def test_another_message_is_kept_by_name():
    topic = f"device/{SN}/message/up/gpio_in"
    heard = one("vzenith", topic, said(name="gpio_in"))
    assert heard == Other(name=SN, when=AT + timedelta(seconds=1), type="gpio_in")


def test_a_heartbeat_is_a_sign_of_life():
    heard = one("vzenith", f"device/{SN}/message/up/keep_alive", said(name="keep_alive"))
    assert heard == Presence(name=SN, when=AT + timedelta(seconds=1))


def test_the_serial_number_of_the_topic_counts_not_that_of_the_body():
    assert one("vzenith", "device/other/message/up/ivs_result", said()).name == "other"


@pytest.mark.parametrize(
    ("topic", "payload", "reason"),
    [
        (TOPIC, {**said(), "timestamp": None}, "wrong_shape"),
        (TOPIC, said(timeStamp={"Timeval": {"sec": 1}}), "impossible_clock"),
        (TOPIC, {**said(), "payload": {}}, "wrong_shape"),
        (TOPIC, said(license="a\0b"), "wrong_shape"),
        (TOPIC, said(**{"isoffline": "x"}), "wrong_shape"),
        (f"device/{SN}/message/down/x", said(), "bad_topic"),
    ],
)
def test_what_is_no_result_is_refused(topic, payload, reason):
    assert reasons("vzenith", topic, payload) == [reason]


@pytest.mark.parametrize("text", ["no base64!", base64.b64encode(b"\xff\xfe").decode()])
def test_a_plate_that_is_no_text_in_base64_is_refused(text):
    told = said()
    told["payload"]["AlarmInfoPlate"]["result"]["PlateResult"]["license"] = text
    assert reasons("vzenith", TOPIC, told) == ["wrong_shape"]
