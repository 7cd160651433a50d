"""JT/T 808 as EMQX's gateway publishes it, and what is odd about it."""

import json

import pytest

from ingest.contract.acts import ReportPosition, Speak, StartRecording, StopRecording, TakePhoto
from ingest.contract.errors import DecodeError
from ingest.decoders import protocols
from ingest.domain.heard import Answered, Happened, Other, Position, Presence
from ingest.domain.jt808 import ALARMS
from tests.contract.hearing import AT, hear, one, reasons

PHONE = "013900000001"
TOPIC = f"jt808/{PHONE}/{PHONE}/up"
WHO = {"name": PHONE, "reply_to": f"jt808/{PHONE}/{PHONE}/dn"}
REPORT = {
    **{"alarm": 0, "status": 0b10, "latitude": 24610000, "longitude": 118120000, "altitude": 14},
    **{"speed": 365, "direction": 39, "time": "260302155959", "extra": {"mileage": 16306}},
}
HERE = Position(**WHO, when=AT, lon=118.12, lat=24.61, speed_kmh=36.5, heading_deg=39, altitude_m=14)


def frame(msg_id, body):
    header = {"msg_id": msg_id, "encrypt": 0, "len": 60, "phone": PHONE, "msg_sn": 229}
    return {"header": header, "body": body}


def report(**changed):
    return hear("jt808", TOPIC, frame(0x0200, {**REPORT, **changed}))


def where(heard):
    return [one for one in heard if isinstance(one, Position | DecodeError)]


def alarms(heard):
    return {one.event: one.phase for one in heard if isinstance(one, Happened)}


def test_a_report_is_a_position_in_millionths_tenths_and_beijing_time():
    assert where(report()) == [HERE]


@pytest.mark.parametrize(
    ("status", "lon", "lat"),
    [(0b0010, 118.12, 24.61), (0b0110, 118.12, -24.61), (0b1010, -118.12, 24.61), (0b1110, -118.12, -24.61)],
)
def test_south_and_west_are_bits_since_degrees_have_no_sign(status, lon, lat):
    (position,) = where(report(status=status))
    assert (position.lon, position.lat) == (lon, lat)


def test_without_a_fix_it_is_only_a_sign_of_life():
    heard = report(status=0)
    assert (where(heard), heard[-1]) == ([], Presence(**WHO, when=AT))


@pytest.mark.parametrize(
    ("bit", "word"),
    [
        (0, "sos"),
        (1, "overspeed"),
        (4, "gnss_fault"),
        (7, "low_battery"),
        (8, "power_off"),
        (11, "camera_fault"),
    ],
)
def test_an_alarm_goes_on_while_its_bit_is_set_and_all_others_are_off(bit, word):
    heard = alarms(report(alarm=1 << bit))
    assert heard == {**dict.fromkeys(ALARMS.values(), "off"), word: "began"}


def test_an_sos_has_the_place_where_it_is():
    sos = report(alarm=1)[0]
    assert sos == Happened(**WHO, when=AT, event="sos", phase="began", lon=118.12, lat=24.61)


@pytest.mark.parametrize(
    "want",
    [{"status": 0}, {"time": "000000000000"}, {"latitude": 0, "longitude": 0}, {"latitude": 4 * 10**9}],
)
def test_no_sos_is_lost_for_the_want_of_a_fix_or_a_clock(want):
    assert alarms(report(alarm=1, **want))["sos"] == "began"


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"time": "000000000000"}, "impossible_clock"),
        ({"time": "991302250000"}, "impossible_clock"),
        ({"time": "now"}, "impossible_clock"),
        ({"latitude": 0, "longitude": 0}, "impossible_place"),
        ({"latitude": 90_000_001}, "impossible_place"),
        ({"longitude": 180_000_001}, "impossible_place"),
        ({"latitude": -1}, "wrong_shape"),
        ({"alarm": "none"}, "wrong_shape"),
    ],
)
def test_a_place_or_a_time_that_cannot_be_is_refused(changed, reason):
    assert [error.reason for error in where(report(**changed))] == [reason]


def test_a_batch_is_as_many_reports_and_a_bad_one_spoils_none():
    batch = {"type": 0, "length": 3, "location": [REPORT, {"alarm": 0}, {**REPORT, "time": "260302155958"}]}
    first, bad, last = where(hear("jt808", TOPIC, frame(1796, batch)))
    assert (first, bad.reason, (AT - last.when).seconds, last.hist) == (HERE, "wrong_shape", 1, False)


def test_a_batch_from_where_there_was_no_network_is_told_late():
    batch = {"type": 1, "length": 1, "location": [{**REPORT, "alarm": 1}]}
    heard = hear("jt808", TOPIC, frame(1796, batch))
    assert all(one.hist for one in heard)
    assert alarms(heard)["sos"] == "began"


def test_the_answer_to_a_query_is_a_position_and_an_answer():
    heard = hear("jt808", TOPIC, frame(0x0201, {"seq": 4, "params": REPORT}))
    assert (where(heard), heard[-1]) == ([HERE], Answered(**WHO, act="report_position"))


@pytest.mark.parametrize(
    ("msg_id", "body", "online", "firmware"),
    [
        (0x0002, {}, None, None),
        (0x0003, {}, False, None),
        (0x0100, {"manufacturer": "A", "dev_id": "1", "license_number": "闽D1"}, True, None),
        (0x0102, {"code": "x"}, True, None),
        (0x0102, {"code": "x", "imei": "1", "software_version": "V2.1"}, True, "V2.1"),
        (0x0107, {"type": 0, "hardware_version": "1", "firmware_version": "3.4"}, None, "3.4"),
    ],
)
def test_a_heartbeat_and_the_like_are_signs_of_life(msg_id, body, online, firmware):
    assert one("jt808", TOPIC, frame(msg_id, body)) == Presence(**WHO, online=online, firmware=firmware)


def test_a_heartbeat_may_have_no_body():
    assert one("jt808", TOPIC, {"header": {"msg_id": 2, "phone": PHONE}}) == Presence(**WHO)


@pytest.mark.parametrize(
    ("order", "result", "act", "stage"),
    [
        (0x8300, 0, "speak", "done"),
        (0x8300, 1, "speak", "failed"),
        (0x8300, 3, "speak", "refused"),
        (0x8201, 0, "report_position", "accepted"),
        (0x8201, 3, "report_position", "refused"),
        (0x8801, 0, "take_photo", "accepted"),
    ],
)
def test_a_general_answer_says_how_far_the_order_is(order, result, act, stage):
    body = {"seq": 0xA001, "id": order, "result": result}
    assert one("jt808", TOPIC, frame(1, body)) == Answered(**WHO, act=act, stage=stage)


def test_a_general_answer_to_something_else_is_a_sign_of_life():
    assert one("jt808", TOPIC, frame(1, {"seq": 1, "id": 0x8103, "result": 0})) == Presence(**WHO)


ORDER = {"order_id": "O1", "expires": 0}
SHOTS = {
    "take_photo": (TakePhoto(**ORDER, text="门面"), 1),
    "start_recording": (StartRecording(**ORDER), 0xFFFF),
    "stop_recording": (StopRecording(**ORDER), 0),
}


def tell(act, order):
    topic, payload = protocols()["jt808"].tellers[act](order, WHO["reply_to"])
    assert topic == WHO["reply_to"]
    return json.loads(payload)


@pytest.mark.parametrize("act", SHOTS)
@pytest.mark.parametrize(("result", "stage"), [(0, "done"), (1, "failed"), (2, "refused")])
def test_the_camera_is_told_and_its_answer_by_our_number_is_that_acts(act, result, stage):
    order, command = SHOTS[act]
    told = tell(act, order)
    assert (told["header"]["msg_id"], told["body"]["command"], told["body"]["channel_id"]) == (
        34817,
        command,
        1,
    )
    body = {"seq": told["header"]["msg_sn"], "result": result, "length": 1, "ids": [7]}
    assert one("jt808", TOPIC, frame(0x0805, body)) == Answered(**WHO, act=act, stage=stage)


def test_the_answer_to_a_shot_that_we_did_not_number_is_a_sign_of_life():
    assert one("jt808", TOPIC, frame(0x0805, {"seq": 12, "result": 0})) == Presence(**WHO)


def test_a_terminal_is_told_to_report_and_to_read_aloud():
    assert tell("report_position", ReportPosition(**ORDER)) == {"header": {"msg_id": 33281}, "body": {}}
    spoken = tell("speak", Speak(**ORDER, text="请回电"))
    assert spoken == {"header": {"msg_id": 33536}, "body": {"flag": 13, "text": "请回电"}}


def test_a_photo_that_was_taken_is_an_event():
    body = {"id": 1, "type": 0, "format": 0, "event": 0, "channel": 1}
    assert one("jt808", TOPIC, frame(0x0800, body)) == Happened(**WHO, event="photo")


@pytest.mark.parametrize(
    ("msg_id", "body"),
    [(0x0702, {"status": 1}), (0x0F01, {"unknown_id": True, "data": "AA=="}), (0x0800, {"type": 2})],
)
def test_another_message_is_kept_by_number(msg_id, body):
    assert one("jt808", TOPIC, frame(msg_id, body)) == Other(**WHO, type=f"0x{msg_id:04X}")


@pytest.mark.parametrize(
    ("topic", "said", "reason"),
    [
        (f"jt808/{PHONE}/{PHONE}/dn", frame(2, {}), "bad_topic"),
        ("up", frame(2, {}), "bad_topic"),
        (TOPIC, {"body": REPORT}, "wrong_shape"),
        (TOPIC, frame(70_000, {}), "wrong_shape"),
        (TOPIC, frame(0x0200, []), "wrong_shape"),
        (TOPIC, b"", "empty_payload"),
    ],
)
def test_what_is_no_frame_is_refused(topic, said, reason):
    assert reasons("jt808", topic, said) == [reason]
