"""A preview plays rules over stored facts: with the value in force it says what rang, else what would."""

import math
from datetime import timedelta

import pytest

from ingest.alerts import rules
from ingest.contract.errors import InvalidTransition
from ingest.contract.orders import LaunchTask, SendOrder, SuspendTask
from ingest.preview import preview
from ingest.registry import import_world
from ingest.threshold_orders import is_previewed
from tests import tiny
from tests.room import NOW, Room, minutes

NO_TASKS = tiny.FILES["tasks.csv"].splitlines()[0] + "\n"


@pytest.fixture(scope="module")
def world(database_url, tmp_path_factory):
    import_world(database_url, tiny.write(tmp_path_factory.mktemp("world"), tasks_csv=NO_TASKS))
    return database_url


@pytest.fixture
def room(world, ingest_conn, tmp_path):
    return Room(ingest_conn, tmp_path)


def played(room, name, value, minute, **asked):
    roster = room.pipeline.rosters[tiny.DISTRICT]
    return preview(room.conn, roster, name, value, 3, NOW + minutes(minute), **asked)


def outings(room):
    for begins, lasts in ((0, 4), (20, 6), (40, 12), (70, 31)):
        for minute in range(begins, begins + lasts + 1):
            yield minute, lambda minute=minute: room.ping(minute, lon=118.015)
        yield begins + lasts + 1, lambda minute=begins + lasts + 1: room.ping(minute)
    yield 42, lambda: room.duty(42, on=False)
    yield 50, lambda: room.duty(50, on=True)


def stays(room):
    for minute in range(0, 200):
        lon = 118.001 if minute < 70 else 118.005 if minute < 90 else 118.008
        yield minute, lambda minute=minute, lon=lon: room.ping(minute, lon=lon)


def silences(room):
    for minute in (0, 5, 21, 30, 31, 62, 63, 150, 151):
        yield minute, lambda minute=minute: room.ping(minute)
    yield 64, lambda: room.duty(64, on=False)
    yield 151, lambda: room.duty(151, on=True)


def batteries(room):
    for number, level in enumerate((50, 14, 16, 14, 31, 9, 12, 29, 8, 40)):
        yield number, lambda at=number, level=level: room.ping(at, battery=level)
        yield (
            number,
            lambda at=number, level=level: room.hear(
                "bodycam/B1/gps", at, {"lon": 118.005, "lat": 24.605, "battery": level + 5}
            ),
        )


def clocks(room):
    for minute, off in enumerate((0, 6.1, 4, 6.2, 0.5, 7.3, 3.1, 12.4, 0, 5.4)):
        yield (
            10 + minute,
            lambda minute=minute, off=off: room.hear(
                "worker/W1/gps", 10 + minute - off, {"lon": 118.005, "lat": 24.605}, came=10 + minute
            ),
        )


def fires(room):
    for minute, sure in ((0, 0.9), (5, 0.6), (30, 0.55), (60, 0.95), (65, 0.3), (72, 0.99)):
        yield (
            minute,
            lambda minute=minute, sure=sure: room.hear(
                "camera/C1/event", minute, {"event": "fire", "confidence": sure}
            ),
        )


def hazards(room):
    for number in range(40):
        yield number, lambda number=number: room.visit(number, premises=f"P{number % 35}")


def papers(room):
    yield 0, lambda: room.visit(0, receipt_no="N0")
    yield 10, lambda: room.visit(10, receipt_no="N10")
    yield 55, lambda: room.hear("printer/R1/receipt", 55, {"number": "N0", "text": "文书"})
    yield 15, lambda: room.hear("printer/R1/receipt", 15, {"number": "N10", "text": "文书"})
    yield 60, lambda: room.visit(60, receipt_no="N60")
    yield 65, lambda: room.hear("printer/R1/receipt", 65, {"number": "N65", "text": "文书"})
    yield 105, lambda: room.visit(105, "normal", receipt_no="N65")


CASES = {
    # rule: what happens, another value for a parameter, how often it rang, how often it would have
    "left_grid.minutes": (outings, 10, 3, 2),
    "stood_still.minutes": (stays, 90, 2, 1),
    "stood_still.metres": (stays, 500, 2, 2),
    "worker_silent.minutes": (silences, 30, 3, 2),
    "low_battery.below": (batteries, 10, 4, 2),
    "low_battery.margin": (batteries, 1, 4, 6),
    "clock_wrong.seconds": (clocks, 400, 3, 2),
    "fire.sure": (fires, 90, 4, 3),
    "fire.quiet": (fires, 40, 4, 1),
    "many_hazards.count": (hazards, 36, 1, 0),
    "receipt_missing.minutes": (papers, 60, 2, 1),
    "inspection_missing.minutes": (papers, 60, 1, 0),
}


@pytest.mark.parametrize("name", CASES)
def test_with_the_value_in_force_it_says_what_rang_and_with_another_what_would_have(room, name):
    happens, other, rang, would = CASES[name]
    steps = sorted(happens(room), key=lambda step: step[0])
    last = steps[-1][0]
    asked = [rules()[name.partition(".")[0]]]
    tick_by = 0
    for minute in range(math.ceil(last) + 62):
        while steps and steps[0][0] <= minute:
            steps.pop(0)[1]()
        for second in range(0, 60, 2) if name.startswith("stood") else (0,):
            room.ask(asked, minute + second / 60)
        tick_by = minute
    assert room.raised(name.partition(".")[0]) == rang
    told = played(room, name, other, tick_by)
    assert (told.alerts_now, told.alerts, told.share) == (rang, would, 1)
    assert sum(now for _, _, now in told.by_day) == rang
    assert len(told.by_day) == 4


def test_tasks_near_their_deadline_and_overdue_are_played_task_by_task(room):
    tz = room.pipeline.rosters[tiny.DISTRICT].tz
    day = NOW.astimezone(tz).date() + timedelta(days=1)
    end = NOW.astimezone(tz).replace(hour=23, minute=59, second=59) + timedelta(days=1)
    over = (end - NOW) / minutes(1)
    for number in range(6):
        room.order(LaunchTask(f"A{number}", "P1", "x", day, worker_id="W1"))
    for number in range(3):
        room.order(LaunchTask(f"B{number}", "P2", "x", day, worker_id="W2"))
    room.tick(over - 470)
    for number in range(5):
        room.order(SuspendTask(f"A{number}", "停业"), over - 300 + number)
        room.tick(over - 299 + number)
    room.tick(over + 1)
    assert (room.raised("tasks_near_due"), room.raised("tasks_overdue")) == (1, 2)
    told = played(room, "tasks_near_due.count", 3, over + 2)
    assert (told.alerts_now, told.alerts) == (1, 2)
    told = played(room, "tasks_near_due.hours", 4, over + 2)
    assert (told.alerts_now, told.alerts) == (1, 0), "by then one was left"
    told = played(room, "tasks_overdue.count", 2, over + 2)
    assert (told.alerts_now, told.alerts) == (2, 1)


def test_licences_are_played_by_their_days(room):
    tz = room.pipeline.rosters[tiny.DISTRICT].tz
    today = NOW.astimezone(tz).date()
    for premises, kind, days in (("P1", "a", 29), ("P1", "b", 28), ("P2", "a", 20), ("P3", "a", 5)):
        room.conn.execute(
            "INSERT INTO licence (district, premises_id, kind, number, valid_from, valid_to) "
            f"VALUES ({tiny.DISTRICT}, %s, %s, 'n', '2020-01-01', %s)".encode(),
            (premises, kind, today + timedelta(days=days)),
        )
    told = played(room, "licence_expiring.days", 6, 0)
    assert (told.alerts_now, told.alerts) == (1, 1)
    assert played(room, "licence_expiring.days", 10, 0).alerts == 0


def test_acts_are_played_by_when_they_were_first_answered(room):
    answers = {0: 1, 10: 13, 20: 25, 21: 30, 40: None}
    ids = {}
    for minute in range(45):
        if minute in answers:
            whom = ("worker", "W1") if answers[minute] is None else ("camera", "C1")
            assert room.order(SendOrder(*whom, "speak", "请回答"), minute) == ("done", None)
            ids[minute] = room.rows("SELECT order_id FROM order_out ORDER BY queued_at DESC LIMIT 1")[0][0]
        for asked in (asked for asked, answered in answers.items() if answered == minute):
            room.hear("camera/C1/reply", minute, {"order_id": ids[asked], "stage": "done"})
        room.tick(minute)
    assert room.raised("order_unanswered") == 3, "the camera's two that were unanswered together ring once"
    for value, would in ((2, 3), (4, 2), (0.5, 4)):
        told = played(room, "order_unanswered.act_minutes", value, 44)
        assert (told.alerts_now, told.alerts) == (3, would), value


def test_of_very_many_some_stand_for_all_and_it_says_so(room, monkeypatch):
    monkeypatch.setattr("ingest.preview.BUDGET_S", 0)
    monkeypatch.setattr("ingest.preview.IN_A_PART", {"worker": 1})
    said = []
    told = played(room, "left_grid.minutes", 10, 0, say=said.append)
    assert told.share == 1 / 4
    assert said == [1 / 4]


def test_the_parts_are_all_there_is(room, monkeypatch):
    for worker, lon in (("W1", 118.015), ("W2", 118.005), ("W3", 118.005)):
        room.ping(0, worker, lon)
        room.ping(6, worker, lon)
        room.ping(7, worker, lon)
    monkeypatch.setattr("ingest.preview.IN_A_PART", {"worker": 1})
    said = []
    told = played(room, "left_grid.minutes", 10, 9, say=said.append)
    assert (told.alerts_now, told.alerts, len(said)) == (3, 0, 4)


def test_what_cannot_be_played_is_refused(room):
    for name, value, why in (
        ("left_grid.metres", 5, "unknown_threshold"),
        ("left_grid.minutes", 0, "threshold_bounds"),
        ("device_silent.minutes", 20, "no_preview"),
    ):
        with pytest.raises(InvalidTransition, match=why):
            played(room, name, value, 0)


def test_a_preview_can_be_stopped(room):
    with pytest.raises(InterruptedError):
        played(room, "left_grid.minutes", 10, 0, stopped=lambda: True)


def test_these_rules_have_a_preview_of_all_that_have_thresholds():
    without = {name for name, rule in rules().items() if rule.parameters and not is_previewed(rule)}
    assert without == {"device_silent", "worker_fell"}
