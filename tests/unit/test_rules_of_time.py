"""Rules of time by timelines: they ring once, at the moment that the threshold says, and do not flap."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.alerts import device_silent, rules, worker_silent
from ingest.alerts.clock_wrong import Clock
from ingest.alerts.inspection_missing import Unexplained
from ingest.alerts.left_grid import Outside
from ingest.alerts.licence_expiring import Expiring
from ingest.alerts.low_battery import Charge
from ingest.alerts.many_hazards import Hazards
from ingest.alerts.receipt_missing import Unproved
from ingest.alerts.stood_still import Still
from ingest.alerts.tasks_near_due import NearDue
from ingest.alerts.tasks_overdue import Overdue
from ingest.alerts.worker_fell import Fallen
from ingest.contract.messages import Severity
from ingest.domain.facts import DeviceEvent
from ingest.domain.sighting import Sighting
from tests.timeline import NOW, Timeline, fact, minutes, with_thresholds
from tests.tiny import PATH_1, PATH_2


def outside(since: float | None, at: float = 0, on_duty: bool = True, worker_id: str = "W1") -> Outside:
    since_at = None if since is None else NOW + minutes(since)
    return Outside(worker_id, NOW + minutes(at), 118.5, 24.9, None, since_at, on_duty)


@pytest.mark.parametrize(
    ("state", "rings"),
    [
        (outside(None), False),
        (outside(-4), False),
        (outside(-5), True),
        (outside(-5, on_duty=False), False),
        (outside(-60, at=-58), False),  # silent since: two minutes are proved
        (outside(-5, worker_id="W404"), False),
    ],
)
def test_left_grid_rings_after_five_minutes_of_positions_outside_on_duty(state, rings):
    got = Timeline("left_grid").ask(0, state)
    assert bool(got) is rings
    if rings:
        assert got[0].raised_at == NOW
        assert got[0].params == {"worker_id": "W1", "minutes": 5}


def test_left_grid_does_not_ring_twice_and_clears_on_return_or_off_duty():
    for over in (outside(None, at=9), outside(0, at=9, on_duty=False)):
        line = Timeline("left_grid")
        assert [line.step(minute, outside(0, at=minute)) for minute in (4, 5, 6, 8)] == ["", "raised", "", ""]
        assert line.step(9, over) == "cleared"


def test_a_districts_own_threshold_counts_and_one_of_the_future_does_not_yet():
    line = Timeline("left_grid", with_thresholds(left_grid__minutes=20))
    assert [line.step(minute, outside(0, at=minute)) for minute in (19, 20)] == ["", "raised"]
    assert line.open["worker:W1"].params["minutes"] == 20


def test_a_silent_worker_rings_once_on_duty_only_and_clears_when_heard():
    def heard(minute: float, on_duty: bool = True) -> worker_silent.Unheard:
        return worker_silent.Unheard("W1", NOW + minutes(minute), on_duty)

    line = Timeline("worker_silent")
    assert [line.step(at, heard(0)) for at in (14, 15, 16)] == ["", "raised", ""]
    assert line.step(20, heard(20)) == "cleared"
    assert Timeline("worker_silent").step(60, heard(0, on_duty=False)) == ""
    assert line.step(36, heard(20)) == "raised"
    assert line.step(37, heard(20, on_duty=False)) == "cleared"


@pytest.mark.parametrize("rule", ["worker_silent", "device_silent"])
def test_silence_before_we_listened_is_ours(rule):
    row = {
        "worker_silent": worker_silent.Unheard("W1", NOW - minutes(500), True),
        "device_silent": device_silent.Unheard("C1", NOW - minutes(500)),
    }[rule]
    line = Timeline(rule, listening_since=NOW)
    assert [line.step(at, row) for at in (3, 9, 15)] in (["", "", "raised"], ["", "raised", ""])
    assert line.step(9.9, row) == ""


def test_device_silent_rings_after_ten_minutes_once_and_clears_when_heard():
    def heard(minute: float) -> device_silent.Unheard:
        return device_silent.Unheard("C1", NOW + minutes(minute))

    line = Timeline("device_silent")
    assert [line.step(at, heard(0)) for at in (9, 10, 11)] == ["", "raised", ""]
    alert = line.open["device:C1"]
    assert (alert.raised_at, alert.lon, alert.params["kind"]) == (NOW + minutes(10), 118.004, "camera")
    assert line.step(12, heard(12)) == "cleared"


def still(since: float, at: float = 0, on_duty: bool = True) -> Still:
    return Still("W1", NOW + minutes(at), NOW + minutes(since), on_duty, 118.005, 24.605, "G1")


def test_who_has_stood_still_for_an_hour_on_duty_rings_until_they_move_or_are_off_duty_or_unheard():
    line = Timeline("stood_still")
    assert [line.step(at, still(0, at)) for at in (59, 60, 70)] == ["", "raised", ""]
    assert line.step(71, still(71, 71)) == "cleared"
    line.step(140, still(71, 140))
    assert line.step(141, still(71, 141, on_duty=False)) == "cleared"
    line.step(150, still(71, 150))
    assert line.step(209, still(71, 150)) == ""
    assert line.step(210, still(71, 150)) == "cleared", "that one is not heard any more is another danger"


def charge(battery: float | None, says: str | None = None, on_duty: bool = True) -> Charge:
    return Charge("device", "B1", battery, says, on_duty)


def test_a_battery_that_wavers_about_the_threshold_rings_once():
    line = Timeline("low_battery")
    levels = [16, 15, 14, 15, 14, 16, 29, 14, 29.9, 30, 14]
    said = [line.step(minute, charge(level)) for minute, level in enumerate(levels)]
    assert said == ["", "", "raised", "", "", "", "", "", "", "cleared", "raised"]


def test_a_phones_battery_matters_on_duty():
    phone = Charge("worker", "W2", 3)
    (alert,) = Timeline("low_battery").ask(0, phone)
    assert (alert.subject, alert.path, alert.params["kind"]) == ("worker:W2", PATH_2, "phone")
    line = Timeline("low_battery")
    assert line.step(0, Charge("worker", "W2", 3, on_duty=False)) == ""
    line.step(1, phone)
    assert line.step(2, Charge("worker", "W2", 3, on_duty=False)) == "cleared"


def test_a_bodycam_that_names_no_percentage_is_taken_at_its_word():
    line = Timeline("low_battery")
    words = ["rec_start", "low_battery", "rec_stop", "low_battery", "charging", "docked"]
    said = [line.step(minute, charge(None, word)) for minute, word in enumerate(words)]
    assert said == ["", "raised", "", "", "cleared", ""]
    assert Timeline("low_battery").step(0, charge(80, "low_battery")) == "", (
        "its percentage counts before its word"
    )


@given(st.lists(st.floats(0, 100), max_size=60), st.integers(5, 50), st.integers(5, 40))
def test_between_two_alerts_a_battery_has_been_well_charged(levels, below, margin):
    line = Timeline("low_battery", with_thresholds(low_battery__below=below, low_battery__margin=margin))
    charged = True
    for minute, level in enumerate(levels):
        charged |= level >= below + margin
        if line.step(minute, charge(level)) == "raised":
            assert level < below and charged
            charged = False


def clock(off_s: float) -> Clock:
    return Clock("W1", off_s, NOW)


def test_a_wrong_clock_rings_either_way_and_is_over_when_it_is_nearly_right():
    for sign in (1, -1):
        line = Timeline("clock_wrong")
        said = [line.step(0, clock(sign * off_s)) for off_s in (0, 299, 300, 299, 151, 149, 299, 400)]
        assert said == ["", "", "raised", "", "", "cleared", "", "raised"]
        assert line.open["worker:W1"].params["minutes"] == 6.7


def test_a_clock_that_seems_right_when_we_have_just_begun_to_listen_proves_nothing():
    line = Timeline("clock_wrong", listening_since=NOW)
    assert line.step(1, clock(400)) == "raised"
    assert line.step(1.9, clock(0)) == ""
    assert line.step(2, clock(0)) == "cleared"


def test_a_fall_is_over_when_the_worker_is_well_away_from_there():
    line = Timeline("worker_fell")
    line.step(facts=[fact(DeviceEvent, kind="bodycam", device_id="B1", event="fall")])
    near = Fallen("B1", 118.005, 24.605, NOW + minutes(1), 118.00510, 24.605)
    away = Fallen("B1", 118.005, 24.605, NOW + minutes(3), 118.00540, 24.605)
    assert (line.step(1, near), line.step(3, away)) == ("", "cleared")


def sighting(minute: float) -> Sighting:
    return Sighting("fire", "C1", NOW + minutes(minute))


def test_a_fire_is_over_when_it_has_not_been_seen_for_ten_minutes():
    line = Timeline("fire")
    line.step(facts=[fact(DeviceEvent, kind="camera", device_id="C1", event="fire")])
    assert line.step(9, sighting(0)) == ""
    assert line.step(12, sighting(5)) == "", "seen again"
    assert line.step(15, sighting(5)) == "cleared"
    assert Timeline("smoke").ask(1, sighting(0)) == [], "that is another rule's"


def near_due(left: int, due: float = 400, worker_id: str | None = "W1") -> NearDue:
    return NearDue(worker_id, "G1", "2026-03-02", NOW + minutes(due), left)


def test_many_tasks_near_their_deadline_are_one_alert_a_worker_and_day_until_few_are_left():
    line = Timeline("tasks_near_due")
    said = [line.step(minute, near_due(left)) for minute, left in enumerate((4, 5, 6, 3, 5, 2, 4))]
    assert said == ["", "raised", "", "", "", "cleared", ""]
    (alert,) = Timeline("tasks_near_due").ask(0, near_due(7))
    assert (alert.subject, alert.path, alert.params["n"]) == ("worker:W1:2026-03-02", PATH_1, 7)


def test_tasks_that_nobody_has_are_their_grids_and_when_the_day_is_over_so_is_the_alert():
    line = Timeline("tasks_near_due")
    assert line.step(0, near_due(9, due=481, worker_id=None)) == ""
    assert line.step(1, near_due(9, due=481, worker_id=None)) == "raised"
    assert list(line.open) == ["grid:G1:2026-03-02"]
    assert line.step(481, near_due(0, due=481, worker_id=None)) == "cleared"


def overdue(left: int, due: float = 0, worker_id: str | None = "W1") -> Overdue:
    return Overdue(worker_id, "G1", "2026-03-02", NOW + minutes(due), left)


def test_overdue_tasks_of_a_day_ring_once_and_are_over_when_none_is_left_or_after_a_week():
    line = Timeline("tasks_overdue")
    assert [line.step(minute, overdue(left)) for minute, left in ((0, 3), (1, 3), (2, 2), (3, 0))] == [
        "",
        "raised",
        "",
        "cleared",
    ]
    line.step(4, overdue(1))
    assert line.step(7 * 1440, overdue(1)) == ""
    assert line.step(7 * 1440 + 1, overdue(1)) == "cleared"
    assert line.step(7 * 1440 + 2, overdue(1)) == "", "and it stays over"
    (many,) = Timeline("tasks_overdue").ask(1, overdue(10))
    assert many.severity is Severity.SERIOUS


def test_many_hazards_in_a_grid_ring_and_are_over_when_they_have_become_clearly_fewer():
    line = Timeline("many_hazards")
    counts = (29, 30, 35, 29, 19, 18, 29, 30)
    said = [line.step(minute, Hazards("G1", n, NOW + minutes(minute))) for minute, n in enumerate(counts)]
    assert said == ["", "raised", "", "", "", "cleared", "", "raised"]
    assert line.open["grid:G1"].params == {"n": 30, "days": 7}
    assert line.open["grid:G1"].path == PATH_1


def unproved(printed: float | None = None) -> Unproved:
    at = None if printed is None else NOW + minutes(printed)
    return Unproved("W1", "i1", "P1", NOW, at, 118.005, 24.605, "G1")


def test_a_visit_that_found_something_rings_half_an_hour_later_without_a_receipt():
    line = Timeline("receipt_missing")
    assert [line.step(at, unproved()) for at in (29, 30, 31)] == ["", "raised", ""]
    assert line.open["worker:W1"].params["inspection_id"] == "i1"
    assert line.step(50, unproved(50)) == "cleared"
    assert Timeline("receipt_missing").step(30, unproved(12)) == ""


def test_a_receipt_that_never_comes_is_an_alert_for_some_hours():
    line = Timeline("receipt_missing")
    line.step(30, unproved())
    assert [line.step(30 + minute, unproved()) for minute in (239, 240)] == ["", "cleared"]


def unexplained(visited: float | None = None) -> Unexplained:
    return Unexplained("R1", "N1", "i1", NOW, None if visited is None else NOW + minutes(visited))


def test_a_paper_without_a_visit_rings_half_an_hour_later_until_the_visit_is_reported_or_for_some_hours():
    line = Timeline("inspection_missing")
    assert [line.step(at, unexplained()) for at in (29, 30, 31)] == ["", "raised", ""]
    assert line.open["device:R1"].params["worker_id"] == "W1"
    assert line.step(60, unexplained(60)) == "cleared"
    line.step(61, unexplained())
    assert line.step(30 + 240, unexplained()) == "cleared"


def expiring(day: date | None) -> Expiring:
    return Expiring("P1", "食品经营许可证", day, PATH_1)


def test_a_licence_rings_a_month_before_its_last_day_until_it_is_renewed_or_that_day_is_over():
    last = date(2026, 4, 1)
    line = Timeline("licence_expiring")
    assert [line.step(days * 1440, expiring(last)) for days in (-1, 0, 1, 29)] == ["", "raised", "", ""]
    assert line.open["premises:P1"].params["day"] == "2026-04-01"
    assert line.step(30 * 1440, expiring(last)) == "", "its last day"
    assert line.step(31 * 1440, expiring(last)) == "cleared"
    assert line.step(32 * 1440, expiring(last)) == ""
    line.step(0, expiring(last))
    assert line.step(1, expiring(None)) == "cleared"


def test_every_rule_that_watches_something_clears_what_it_raised_of_who_is_no_longer_registered():
    gone = {
        "left_grid": outside(-9, worker_id="W404"),
        "worker_silent": worker_silent.Unheard("W404", NOW - minutes(99), True),
        "device_silent": device_silent.Unheard("C404", NOW - minutes(99)),
        "stood_still": Still("W404", NOW, NOW - minutes(99), True, 118, 24, None),
        "low_battery": Charge("device", "B404", 1),
        "clock_wrong": Clock("W404", 999, NOW),
        "receipt_missing": Unproved("W404", "i", "P1", NOW - minutes(99), None, 118, 24, None),
        "inspection_missing": Unexplained("R404", "N", None, NOW - minutes(99), None),
    }
    for name, row in gone.items():
        line = Timeline(name)
        assert line.ask(0, row) == []
        line.open["x"] = None  # type: ignore[assignment]
        assert len(line.ask(0, row)) == 1, name
    assert rules().keys() >= gone.keys()
