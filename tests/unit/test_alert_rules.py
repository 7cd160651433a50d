"""Each rule by a timeline of facts and states."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ingest.alerts import rules
from ingest.contract.messages import Finding, Result, Severity
from ingest.domain.alert import Alert, Cleared, DeviceState, Snapshot, UnansweredOrder, WorkerState
from ingest.domain.clue import ClueCase, Level
from ingest.domain.facts import DeviceEvent, Inspection
from ingest.domain.roster import Premises
from tests.tiny import DISTRICT, PATH_1, roster

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
ROSTER = roster()
QUIET = Snapshot(roster=ROSTER, listening_since=NOW - timedelta(days=1))


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def said(rule: str, snapshot: Snapshot = QUIET, facts=(), now: datetime = NOW) -> list[Alert | Cleared]:
    return list(rules()[rule](snapshot, facts, now))


@pytest.mark.parametrize("name", sorted(rules()))
def test_every_rule_is_silent_when_nothing_happens_and_says_its_own_name_in_its_source(name):
    assert said(name) == []
    source = (Path(__file__).parents[2] / "ingest/alerts" / f"{name}.py").read_text()
    assert re.search(rf'rule="{name}"', source)


def fact(fact_type, /, **fields):
    common = {
        "district": DISTRICT,
        "kind": "worker",
        "device_id": "W1",
        "id": "x",
        "ts": NOW,
        "at": NOW,
        "received_at": NOW,
        "raw_lon": 118.005,
        "raw_lat": 24.605,
        "lon": 118.005,
        "lat": 24.605,
        "grid_id": "G1",
    }
    return fact_type(**{**common, **fields})


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


def outside(since: datetime | None, at: datetime = NOW, on_duty: bool = True, worker_id: str = "W1"):
    return WorkerState(worker_id, at, 118.5, 24.9, None, since, on_duty)


@pytest.mark.parametrize(
    ("state", "rings"),
    [
        (outside(None), False),
        (outside(NOW - minutes(4)), False),
        (outside(NOW - minutes(5)), True),
        (outside(NOW - minutes(5), on_duty=False), False),
        (outside(NOW - minutes(60), at=NOW - minutes(58)), False),  # silent since: two minutes are proved
        (outside(NOW - minutes(5), worker_id="W404"), False),
    ],
)
def test_left_grid_rings_after_five_minutes_of_positions_outside_on_duty(state, rings):
    got = said("left_grid", Snapshot(ROSTER, NOW, workers=(state,)))
    assert bool(got) is rings
    if rings:
        assert got[0].raised_at == NOW


def test_left_grid_does_not_ring_twice_and_clears_on_return_or_off_duty():
    ringing = frozenset({("left_grid", "worker:W1")})
    still = Snapshot(ROSTER, NOW, workers=(outside(NOW - minutes(9)),), open_alerts=ringing)
    assert said("left_grid", still) == []
    for state in (outside(None), outside(NOW - minutes(9), on_duty=False)):
        over = Snapshot(ROSTER, NOW, workers=(state,), open_alerts=ringing)
        assert said("left_grid", over) == [Cleared(DISTRICT, "left_grid", "worker:W1", NOW)]


def silent(last_seen: datetime, open_alerts=frozenset(), listening_since: datetime = NOW - timedelta(1)):
    return Snapshot(
        ROSTER,
        listening_since,
        devices=(DeviceState("C1", last_seen, True),),
        open_alerts=open_alerts,
    )


def test_device_silent_rings_after_ten_minutes_once_and_clears_when_heard():
    ringing = frozenset({("device_silent", "device:C1")})
    assert said("device_silent", silent(NOW - minutes(9))) == []
    (alert,) = said("device_silent", silent(NOW - minutes(11)))
    assert isinstance(alert, Alert)
    assert (alert.raised_at, alert.lon) == (NOW - minutes(1), 118.004)
    assert said("device_silent", silent(NOW - minutes(11), ringing)) == []
    assert said("device_silent", silent(NOW, ringing)) == [
        Cleared(DISTRICT, "device_silent", "device:C1", NOW)
    ]


def test_device_silent_does_not_blame_a_device_for_our_own_absence():
    assert said("device_silent", silent(NOW - minutes(500), listening_since=NOW - minutes(3))) == []


def clue(severity: Severity = Severity.MAJOR, level: Level | None = Level.VILLAGE, **changed) -> ClueCase:
    kept = {
        "clue_id": "K1",
        "worker_id": "W1",
        "ts": NOW,
        "id": "x",
        "kind": "燃气安全",
        "text": "气瓶与明火同室",
    }
    place = {"lon": 118.005, "lat": 24.605, "grid_id": "G1", "path": PATH_1}
    none = {"industry": None, "premises_id": None, "reported_at": NOW, "called_at": NOW}
    return ClueCase(district=DISTRICT, severity=severity, level=level, **{**kept, **place, **none, **changed})


def about(case: ClueCase, *open_levels: str) -> Snapshot:
    subjects = frozenset(("major_clue", f"clue:K1:{level}") for level in open_levels)
    return Snapshot(roster=ROSTER, listening_since=NOW, clues=(case,), open_alerts=subjects)


def test_a_major_clue_alerts_once_at_the_level_that_is_called():
    [alert] = said("major_clue", about(clue()))
    assert (alert.subject, alert.severity, alert.path) == ("clue:K1:village", Severity.MAJOR, PATH_1)
    assert alert.params["level"] == "village"
    assert said("major_clue", about(clue(), "village")) == []
    assert said("major_clue", about(clue(Severity.SERIOUS))) == []
    assert said("major_clue", about(clue(level=None))) == []


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


def unanswered(*orders: UnansweredOrder, ringing: str | None = None) -> Snapshot:
    subjects = frozenset({("order_unanswered", ringing)} if ringing else ())
    return Snapshot(ROSTER, NOW, unanswered=orders, open_alerts=subjects)


def test_the_silence_of_a_phone_rings_once_from_its_first_order_on_and_clears_with_the_last():
    orders = [
        UnansweredOrder("worker", "W1", NOW - minutes(ago), task_id=f"T{ago}", premises_id="P1")
        for ago in (3, 9)
    ]
    [alert] = said("order_unanswered", unanswered(*orders))
    assert isinstance(alert, Alert)
    assert (alert.subject, alert.path, alert.raised_at) == ("worker:W1", PATH_1, NOW - minutes(9))
    assert (alert.params["worker_id"], alert.params["task_id"]) == ("W1", "T9")
    assert said("order_unanswered", unanswered(orders[0], ringing="worker:W1")) == []
    assert said("order_unanswered", unanswered(ringing="worker:W1")) == [
        Cleared(DISTRICT, "order_unanswered", "worker:W1", NOW)
    ]


def test_a_department_and_a_worker_who_has_left_ring_for_the_district():
    orders = [UnansweredOrder("department", "food", NOW), UnansweredOrder("worker", "W404", NOW)]
    alerts = said("order_unanswered", unanswered(*orders))
    assert [(one.subject, one.path) for one in alerts] == [
        ("department:food", str(DISTRICT)),
        ("worker:W404", str(DISTRICT)),
    ]
