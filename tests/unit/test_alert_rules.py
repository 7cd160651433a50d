"""Rules of events by a timeline of facts; those of time are in test_rules_of_time.py."""

import dataclasses
from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from ingest.alerts import judge, rule, rules
from ingest.alerts.major_clue import Called
from ingest.alerts.order_unanswered import Unanswered
from ingest.alerts.unsafe_product import Settled
from ingest.contract.errors import ConfigError
from ingest.contract.messages import Datum, Finding, Result, Severity
from ingest.domain.alert import Alert, Cleared, Snapshot, in_rounds
from ingest.domain.clue import ClueCase, Level
from ingest.domain.facts import DeviceEvent, Inspection, ProductScanned
from ingest.domain.roster import Device, Premises
from ingest.domain.threshold import Parameter, Unit
from tests.timeline import NOW, ROSTER, Timeline, fact, minutes, with_thresholds
from tests.tiny import DISTRICT, PATH_1, PATH_2

QUIET = Snapshot(roster=ROSTER, listening_since=NOW - minutes(1440))


def said(rule: str, snapshot: Snapshot = QUIET, facts=()) -> list[Alert | Cleared]:
    return list(rules()[rule](snapshot, facts, NOW))


@pytest.mark.parametrize("name", sorted(rules()))
def test_every_rule_is_silent_when_nothing_happens_and_declares_its_own_parameters(name):
    assert said(name) == []
    for parameter in rules()[name].parameters:
        assert parameter.rule == name
        assert parameter.short
        assert parameter.low <= parameter.default <= parameter.high
        assert parameter.takes(parameter.low) and parameter.takes(parameter.high)
    assert len({parameter.name for parameter in rules()[name].parameters}) == len(rules()[name].parameters)


@pytest.mark.parametrize(
    "parameter",
    [
        Parameter("left_grid.minutes", 5, Unit.MINUTES, 1, 9),  # another rule's
        Parameter("test_alert_rules.minutes", 5, Unit.MINUTES, 6, 9),
        Parameter("test_alert_rules.count", 5.5, Unit.COUNT, 1, 9),
    ],
)
def test_a_rule_that_declares_what_cannot_be_stops_the_start(parameter):
    with pytest.raises(ConfigError, match=r"test_alert_rules\.py"):
        rule(parameter)(lambda snapshot, facts, now: ())


def test_only_those_that_are_asked_judge():
    sos = fact(DeviceEvent, kind="bodycam", device_id="B1", event="sos")
    assert [one.rule for one in judge(QUIET, [sos], NOW)] == ["bodycam_sos"]
    assert judge(QUIET, [sos], NOW, [rules()["left_grid"]]) == []


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.booleans()), max_size=40))
def test_no_subjects_order_changes_and_kinds_change_as_seldom_as_they_must(told):
    said = [
        Cleared(DISTRICT, "fire", subject, NOW)
        if ends
        else Alert(DISTRICT, "fire", subject, Severity.MAJOR, NOW, PATH_1)
        for subject, ends in told
    ]
    ordered = in_rounds(said)
    for subject in "abcd":
        assert [one for one in ordered if one.subject == subject] == [
            one for one in said if one.subject == subject
        ]
    runs = [len(list(groupby(type(one) for one in said if one.subject == subject))) for subject in "abcd"]
    assert len(list(groupby(ordered, type))) <= 2 * max(runs)


def visit(result: Result, severity: Severity | None, premises_id: str = "P1") -> Inspection:
    items = [Finding("消防通道", "堵", severity)] if severity else []
    return fact(
        Inspection,
        premises_id=premises_id,
        started=NOW,
        ended=NOW,
        result=result,
        items=items,
        severity=severity,
    )


def test_hazard_found_rings_with_the_findings_and_a_clean_visit_clears():
    snapshot = Snapshot(ROSTER, NOW, premises={"P1": Premises("甲味馆", PATH_1, "G1", 118.0, 24.6)})
    bad, good = visit(Result.ABNORMAL, Severity.SERIOUS), visit(Result.NORMAL, None)
    alert, cleared = said("hazard_found", snapshot, [bad, good])
    assert isinstance(alert, Alert)
    assert (alert.subject, alert.severity, alert.path) == ("premises:P1", Severity.SERIOUS, PATH_1)
    assert alert.params["findings"] == [["消防通道", "堵"]]
    assert cleared == Cleared(DISTRICT, "hazard_found", "premises:P1", NOW)


def test_hazard_found_at_unknown_premises_belongs_to_the_workers_unit():
    (alert,) = said("hazard_found", facts=[visit(Result.ABNORMAL, Severity.MAJOR, "P404")])
    assert isinstance(alert, Alert)
    assert (alert.path, alert.params["premises_name"]) == (PATH_1, "P404")


def test_the_same_danger_judged_twice_has_one_id():
    twice = [said("hazard_found", facts=[visit(Result.ABNORMAL, Severity.MAJOR)])[0] for _ in "ab"]
    assert twice[0].alert_id == twice[1].alert_id


def test_bodycam_sos_rings_and_is_cleared_by_the_bodycam():
    sos = fact(DeviceEvent, kind="bodycam", device_id="B1", event="sos")
    over = fact(DeviceEvent, kind="bodycam", device_id="B1", event="sos_cleared")
    alert, cleared = said("bodycam_sos", facts=[sos, over])
    assert isinstance(alert, Alert)
    assert (alert.severity, alert.params) == (Severity.MAJOR, {"device_id": "B1", "worker_id": "W1"})
    assert isinstance(cleared, Cleared)
    assert cleared.subject == alert.subject == "device:B1"


def test_bodycam_sos_does_not_ring_for_other_events_or_devices():
    assert not said("bodycam_sos", facts=[fact(DeviceEvent, kind="bodycam", device_id="B1", event="photo")])
    assert not said("bodycam_sos", facts=[fact(DeviceEvent, kind="camera", device_id="C1", event="fire")])


def event(name, minute=0, kind="bodycam", device_id="B1", **said):
    return fact(DeviceEvent, minute, kind=kind, device_id=device_id, event=name, **said)


def test_a_fall_rings_until_the_bodycam_says_that_help_is_not_needed_or_is_taken_off():
    for well in ("sos_cleared", "docked"):
        line = Timeline("worker_fell")
        assert line.step(facts=[event("fall")]) == "raised"
        assert line.open["device:B1"].severity is Severity.SERIOUS
        assert line.step(1, facts=[event("rec_start", 1)]) == ""
        assert line.step(2, facts=[event(well, 2)]) == "cleared"


def test_storage_gets_worse_from_low_to_full_and_is_over_when_it_has_been_emptied():
    low, full = said("storage_full", facts=[event("storage_low"), event("storage_full", 1)])
    assert (low.severity, full.severity) == (Severity.GENERAL, Severity.SERIOUS)
    assert low.subject == full.subject == "device:B1"
    line = Timeline("storage_full")
    assert line.step(facts=[event("storage_low")]) == "raised"
    assert line.step(5, facts=[event("media_uploaded", 5)]) == "cleared"
    assert line.step(6, facts=[event("docked", 6)]) == ""


def seen(name, minute=0, **said):
    return event(name, minute, kind="camera", device_id="C1", **said)


DANGERS = {
    "fire": Severity.MAJOR,
    "smoke": Severity.SERIOUS,
    "crowd": Severity.GENERAL,
    "intrusion": Severity.SERIOUS,
    "tamper": Severity.GENERAL,
}


@pytest.mark.parametrize(("danger", "severity"), DANGERS.items())
def test_what_a_camera_sees_rings_at_once_where_the_camera_stands(danger, severity):
    (alert,) = said(danger, facts=[seen(danger, confidence=0.9), seen("motion"), seen("plate")])
    assert (alert.subject, alert.severity, alert.path) == ("device:C1", severity, PATH_1)
    assert (alert.lon, alert.lat, alert.grid_id) == (118.004, 24.604, "G1")
    (worse,) = said(danger, facts=[seen(danger, severity=Severity.MAJOR)])
    assert worse.severity is Severity.MAJOR, "the camera's own word counts"
    assert said(danger, facts=[event(danger)]) == [], "a bodycam is no camera"


def test_a_camera_that_is_not_sure_enough_does_not_ring_one_that_does_not_say_does():
    assert said("fire", facts=[seen("fire", confidence=0.49)]) == []
    assert said("fire", facts=[seen("fire", confidence=0.5)])
    assert said("fire", facts=[seen("fire")])
    strict = Snapshot(with_thresholds(fire__sure=90), NOW)
    assert said("fire", strict, [seen("fire", confidence=0.8)]) == []


def test_a_fire_of_hours_ago_that_comes_late_does_not_ring():
    assert said("fire", facts=[seen("fire", -11)]) == []
    assert said("fire", facts=[seen("fire", -9)])


def clue(severity: Severity = Severity.MAJOR, level: Level | None = Level.VILLAGE, **changed) -> ClueCase:
    kept = {
        "clue_id": "K1",
        "worker_id": "W1",
        "device_id": None,
        "ts": NOW,
        "id": "x",
        "kind": "燃气安全",
        "text": "气瓶与明火同室",
    }
    place = {"lon": 118.005, "lat": 24.605, "grid_id": "G1", "path": PATH_1}
    none = {"industry": None, "premises_id": None, "reported_at": NOW, "called_at": NOW}
    return ClueCase(district=DISTRICT, severity=severity, level=level, **{**kept, **place, **none, **changed})


def about(case: ClueCase, *open_levels: str) -> Snapshot:
    called = Called(case, [Level(level) for level in open_levels])
    return Snapshot(roster=ROSTER, listening_since=NOW, watched={Called: (called,)})


def test_a_major_clue_alerts_once_at_the_level_that_is_called():
    [alert] = said("major_clue", about(clue()))
    assert (alert.subject, alert.severity, alert.path) == ("clue:K1:village", Severity.MAJOR, PATH_1)
    assert alert.params["level"] == "village"
    assert said("major_clue", about(clue(), "village")) == []
    assert said("major_clue", about(clue(Severity.SERIOUS))) == []
    assert said("major_clue", about(clue(level=None))) == []


def test_a_major_clue_that_has_just_changed_ends_whatever_is_open_of_it():
    case = clue(disposed_at=NOW + minutes(9))
    over = said("major_clue", Snapshot(ROSTER, NOW, clues=(case,)))
    assert [one.subject for one in over] == [f"clue:K1:{level}" for level in Level]
    cleared, other, raised = said("major_clue", Snapshot(ROSTER, NOW, clues=(clue(level=Level.CITY),)))
    assert isinstance(cleared, Cleared) and isinstance(other, Cleared)
    assert raised.subject == "clue:K1:city"


def test_a_level_that_did_not_answer_hands_the_alert_to_the_next():
    called = NOW + minutes(30)
    cleared, raised = said("major_clue", about(clue(level=Level.TOWN, called_at=called), "village"))
    assert cleared == Cleared(DISTRICT, "major_clue", "clue:K1:village", called)
    assert (raised.subject, raised.raised_at) == ("clue:K1:town", called)


def test_a_major_clue_that_is_answered_stays_open_until_it_is_over():
    assert said("major_clue", about(clue(received_at=NOW), "village")) == []
    for end in ("disposed_at", "voided_at"):
        over = NOW + minutes(9)
        assert said("major_clue", about(clue(**{end: over}), "village")) == [
            Cleared(DISTRICT, "major_clue", "clue:K1:village", over)
        ]


def unanswered(*orders: Unanswered) -> Snapshot:
    return Snapshot(ROSTER, NOW, watched={Unanswered: orders})


def test_the_silence_of_a_phone_rings_from_its_first_order_on_and_is_over_with_the_last():
    order = Unanswered("worker:W1", "worker", "W1", NOW - minutes(9), task_id="T9", premises_id="P1")
    [alert] = said("order_unanswered", unanswered(order))
    assert (alert.subject, alert.path, alert.raised_at) == ("worker:W1", PATH_1, NOW - minutes(9))
    assert (alert.params["worker_id"], alert.params["task_id"]) == ("W1", "T9")
    assert said("order_unanswered", unanswered(replace(order, is_open=True))) == []
    over = Unanswered("worker:W1", "worker", "W1", None, is_open=True)
    assert said("order_unanswered", unanswered(over)) == [
        Cleared(DISTRICT, "order_unanswered", "worker:W1", NOW)
    ]


def test_a_department_and_a_worker_who_has_left_ring_for_the_district():
    orders = [
        Unanswered("department:food", "department", "food", NOW),
        Unanswered("worker:W404", "worker", "W404", NOW),
    ]
    alerts = said("order_unanswered", unanswered(*orders))
    assert [(one.subject, one.path) for one in alerts] == [
        ("department:food", str(DISTRICT)),
        ("worker:W404", str(DISTRICT)),
    ]


ENDS = dataclasses.replace(
    ROSTER,
    devices={
        **ROSTER.devices,
        "V1": Device("vehicle", PATH_1, Datum.WGS84, None, None, None, None),
        "S1": Device("scanner", PATH_1, Datum.WGS84, "W1", None, None, None),
    },
)


def test_a_vehicles_sos_rings_as_a_bodycams_does_and_so_does_a_phones():
    timeline = Timeline("bodycam_sos", ENDS)
    vehicle = {"kind": "vehicle", "device_id": "V1"}
    assert timeline.step(0, facts=[event("sos", **vehicle)]) == "raised"
    assert timeline.step(1, facts=[event("sos", 1, kind="worker", device_id="W1")]) == "raised"
    assert sorted(timeline.open) == ["device:V1", "worker:W1"]
    told = {subject: alert.params for subject, alert in timeline.open.items()}
    assert told["device:V1"] == {"device_id": "V1", "worker_id": None}
    assert told["worker:W1"] == {"device_id": None, "worker_id": "W1"}
    assert timeline.step(2, facts=[event("sos", 2, kind="camera", device_id="C1")]) == ""
    assert timeline.step(3, facts=[event("sos_cleared", 3, kind="worker", device_id="W1")]) == "cleared"
    assert timeline.step(4, facts=[event("sos_cleared", 4, **vehicle)]) == "cleared"


def test_a_full_vehicle_rings_and_no_rule_stumbles_over_what_a_phone_says():
    full = event("storage_full", kind="vehicle", device_id="V1")
    assert [one.subject for one in said("storage_full", Snapshot(ENDS, NOW), [full])] == ["device:V1"]
    words = ("sos", "sos_cleared", "fall", "low_battery", "storage_full", "docked", "position", "fire")
    phones = [event(word, kind="worker", device_id="W1") for word in words]
    assert {one.rule for one in judge(QUIET, phones, NOW)} == {"bodycam_sos"}


def scan(verdict: str, minute: float = 0, batch: str = "B:1", **said) -> ProductScanned:
    told = {"kind": "scanner", "device_id": "S1", "premises_id": "P1", "text": "白酒", "batch": batch}
    return fact(ProductScanned, minute, event=verdict, **told | said)


SHOPS = {
    "P1": Premises(name="甲味馆", path=PATH_2, grid_id="G2", lon=118.015, lat=24.605, registered_on=None)
}


@pytest.mark.parametrize(
    ("verdict", "severity"),
    [
        ("counterfeit", Severity.SERIOUS),
        ("recalled", Severity.SERIOUS),
        ("expired", Severity.GENERAL),
        ("unknown", None),
    ],
)
def test_a_product_that_must_not_be_sold_rings_for_the_premises(verdict, severity):
    found = said("unsafe_product", Snapshot(ENDS, NOW, premises=SHOPS), [scan(verdict)])
    assert [one.severity for one in found] == [severity] * (severity is not None)
    for alert in found:
        assert (alert.subject, alert.path, alert.lon) == ("premises:P1:B:1", PATH_2, 118.005)
        assert (alert.params["worker_id"], alert.params["batch"]) == ("W1", "B:1")


def test_a_scan_without_a_place_lies_at_its_premises_and_without_premises_rings_for_its_scanner():
    nowhere = {"raw_lon": None, "raw_lat": None, "lon": None, "lat": None, "grid_id": None}
    snapshot = Snapshot(ENDS, NOW, premises=SHOPS)
    (there,) = said("unsafe_product", snapshot, [scan("expired", **nowhere)])
    assert (there.lon, there.grid_id) == (118.015, "G2")
    (alone,) = said("unsafe_product", snapshot, [scan("expired", premises_id=None)])
    assert (alone.subject, alone.path) == ("device:S1:B:1", PATH_1)


def test_it_is_over_with_a_genuine_one_of_the_batch_or_by_what_came_later():
    timeline = Timeline("unsafe_product", ENDS)
    assert timeline.step(0, facts=[scan("counterfeit"), scan("expired", batch="B:2")]) == "raised"
    assert timeline.step(1, facts=[scan("unknown", 1), scan("genuine", 1, "B:3")]) == ""
    assert timeline.step(2, facts=[scan("genuine", -5)]) == "", "an older one that came late"
    assert timeline.step(3, facts=[scan("genuine", 3)]) == "cleared"
    assert sorted(timeline.open) == ["premises:P1:B:2"]
    assert timeline.step(4, Settled("premises:P1:B:2", NOW + minutes(4))) == "cleared"
