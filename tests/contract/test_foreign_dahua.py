"""Dahua events through a gateway, and what is odd about them."""

from datetime import datetime

import pytest

from ingest.domain.heard import Happened, Other
from tests.contract.hearing import AT, TS, one, reasons

TOPIC = "dahua/nvr2/event"
WALL = datetime(2026, 3, 2, 15, 59, 59)  # noqa: DTZ001
DATA = {"LocaleTime": "2026-03-02 15:59:59", "UTC": float(TS + 28_800)}


def event(code="VideoMotion", action="Start", **more):
    return {"Code": code, "Action": action, "Index": 0, "Data": DATA, **more}


@pytest.mark.parametrize(("action", "phase"), [("Start", "began"), ("Stop", "over"), ("Pulse", "once")])
def test_an_action_begins_ends_or_stands_for_itself(action, phase):
    assert one("dahua", TOPIC, event(action=action)) == Happened(
        name="nvr2/1", when=WALL, prompt=True, event="motion", phase=phase
    )


def test_the_wall_clock_counts_and_not_what_some_firmware_calls_utc():
    assert one("dahua", TOPIC, event()).when == WALL
    assert one("dahua", TOPIC, event(Data={"UTC": float(TS)})).when == AT


@pytest.mark.parametrize("data", [{}, None])
def test_without_any_time_it_is_as_old_as_its_arrival(data):
    assert one("dahua", TOPIC, event(Data=data)).when is None


@pytest.mark.parametrize(("index", "name"), [(0, "nvr2/1"), (3, "nvr2/4"), ("3", "nvr2/4")])
def test_channels_are_counted_from_1_in_the_name(index, name):
    assert one("dahua", TOPIC, event(Index=index)).name == name


def test_a_camera_by_itself_names_no_channel():
    told = event()
    del told["Index"]
    assert one("dahua", TOPIC, told).name == "nvr2/1"


def test_two_rules_of_one_camera_are_told_apart():
    told = [event("CrossLineDetection", Data={**DATA, "Name": name}) for name in ("线1", "线2")]
    assert [one("dahua", TOPIC, one_).key for one_ in told] == ["线1", "线2"]


@pytest.mark.parametrize(
    ("code", "word"),
    [
        ("SmartMotionHuman", "person"),
        ("SmartMotionVehicle", "vehicle"),
        ("CrossLineDetection", "line_crossing"),
        ("CrossRegionDetection", "intrusion"),
        ("WanderDetection", "loitering"),
        ("RioterDetection", "crowd"),
        ("FireWarning", "fire"),
        ("SmokeDetection", "smoke"),
        ("VideoBlind", "tamper"),
        ("VideoLoss", "video_loss"),
        ("StorageLowSpace", "storage_low"),
    ],
)
def test_a_code_has_a_word_of_ours(code, word):
    assert one("dahua", TOPIC, event(code)).event == word


def test_an_unknown_code_is_kept_by_code():
    assert one("dahua", TOPIC, event("NTPAdjustTime", "Pulse")) == Other(
        name="nvr2/1", when=WALL, type="NTPAdjustTime"
    )


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (event(action="Sometimes"), "wrong_shape"),
        (event(code=""), "wrong_shape"),
        (event(Index=-1), "wrong_shape"),
        (event(Data={"LocaleTime": "today"}), "wrong_shape"),
        (event(Data={"UTC": 0}), "impossible_clock"),
        (b"Code=VideoMotion;action=Start;index=0", "not_json"),
    ],
)
def test_what_is_no_event_is_refused(said, reason):
    assert reasons("dahua", TOPIC, said) == [reason]
