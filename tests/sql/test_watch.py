"""The rules of time on a real database: their queries find what they need, and nothing that is old news."""

from datetime import timedelta

import pytest

from db.connect import INGEST, connect
from ingest.alerts import rules
from ingest.contract.orders import LaunchTask, SuspendTask
from ingest.registry import import_world
from ingest.watch import Rounds, watch
from tests import tiny
from tests.room import NOW, Room, minutes

NO_TASKS = tiny.FILES["tasks.csv"].splitlines()[0] + "\n"
DAY = 24 * 60


@pytest.fixture(scope="module")
def world(database_url, tmp_path_factory):
    import_world(database_url, tiny.write(tmp_path_factory.mktemp("world"), tasks_csv=NO_TASKS))
    return database_url


@pytest.fixture
def room(world, ingest_conn, tmp_path):
    return Room(ingest_conn, tmp_path)


def found(room, rule, minute):
    """How many rows the rule's query gives."""
    roster = room.pipeline.rosters[tiny.DISTRICT]
    seen = watch(
        room.conn, roster, room.pipeline.listening_since, NOW + minutes(minute), [rules()[rule]]
    ).watched
    return sum(map(len, seen.values()))


def test_every_rule_that_watches_is_asked_of_an_empty_district_and_finds_nothing(room):
    for name, rule in rules().items():
        if rule.watch:
            assert found(room, name, 0) == 0, name


def test_a_worker_outside_is_looked_at_when_it_is_time_once_and_on_return(room):
    for minute in (0, 4, 5):
        room.ping(minute, lon=118.015)
        assert found(room, "left_grid", minute) == (minute == 5)
    room.tick(5)
    room.ping(6, lon=118.015)
    assert (room.open("left_grid"), found(room, "left_grid", 6)) == (["worker:W1"], 0)
    room.ping(7)
    assert found(room, "left_grid", 7) == 1
    room.tick(7)
    assert (room.open("left_grid"), found(room, "left_grid", 8)) == ([], 0)


def test_a_worker_who_goes_off_duty_outside_is_no_longer_missed(room):
    room.ping(0, lon=118.015)
    room.ping(6, lon=118.015)
    room.tick(6)
    room.duty(7, on=False)
    room.tick(7)
    assert room.open("left_grid") == []


def test_a_silent_worker_rings_after_a_quarter_of_an_hour_and_whatever_they_say_clears(room):
    room.ping(0)
    room.tick(14)
    assert room.open("worker_silent") == []
    room.tick(15)
    assert (room.open("worker_silent"), found(room, "worker_silent", 20)) == (["worker:W1"], 0)
    room.visit(21, "normal")
    room.tick(21)
    assert room.open("worker_silent") == []


def test_a_worker_off_duty_may_be_silent(room):
    room.ping(0)
    room.duty(1, on=False)
    room.tick(100)
    assert room.open("worker_silent") == []


def in_turn(room, minute):
    """Two minutes of ticks: each worker is looked at once in them."""
    rounds = Rounds()
    for second in range(120):
        room.tick(minute + second / 60, rounds)


def test_who_stands_still_for_an_hour_rings_and_whoever_walks_about_does_not(room):
    for minute in range(-2, 62):
        room.ping(minute, lon=118.005 + minute % 2 * 0.0002)
        room.ping(minute, "W2", lon=118.012 + minute * 0.00005)
    in_turn(room, 61)
    assert room.open("stood_still") == ["worker:W1"]
    assert found(room, "stood_still", 62) == 0
    room.ping(62, lon=118.0042)
    room.tick(62)
    assert room.open("stood_still") == []


def test_a_position_that_may_be_wrong_by_as_much_proves_no_way(room):
    for minute in range(-2, 62):
        strayed = minute == 30
        for worker, off_m in (("W1", 90), ("W2", 20)):
            room.ping(minute, worker, 118.006 if strayed else 118.005, accuracy_m=off_m if strayed else 5)
    in_turn(room, 61)
    assert room.open("stood_still") == ["worker:W1"]
    room.ping(64, lon=118.006, accuracy_m=90)
    room.tick(64)
    assert room.open("stood_still") == ["worker:W1"]
    room.ping(65, lon=118.006, accuracy_m=5)
    room.tick(65)
    assert room.open("stood_still") == []


def test_who_has_come_only_now_or_went_away_meanwhile_has_not_stood_still(room):
    for minute in range(0, 62, 2):
        room.ping(minute, lon=118.009 if minute == 30 else 118.005)
        if minute > 10:
            room.ping(minute, "W2", lon=118.015)
    in_turn(room, 61)
    assert room.open("stood_still") == []


def test_who_stood_still_and_went_off_duty_or_silent_does_so_no_longer(room):
    for minute in range(-2, 62):
        for worker in ("W1", "W2"):
            room.ping(minute, worker)
    in_turn(room, 61)
    assert room.open("stood_still") == ["worker:W1", "worker:W2"]
    room.duty(63, on=False)
    room.tick(63)
    assert room.open("stood_still") == ["worker:W2"]
    room.tick(122)
    assert room.open("stood_still") == []


def test_batteries_of_phones_and_devices_ring_once_and_clear_well_above(room):
    room.ping(0, battery=14)
    room.state("bodycam/B1", 0, battery=10)
    room.state("printer/R1", 0, battery=80)
    room.hear("bodycam/B2/event", 0, {"event": "low_battery"})
    room.tick(1)
    assert room.open("low_battery") == ["device:B1", "device:B2", "worker:W1"]
    assert found(room, "low_battery", 2) == 0
    room.ping(3, battery=29)
    room.state("bodycam/B1", 3, battery=30)
    room.hear("bodycam/B2/event", 3, {"event": "charging"})
    room.tick(3)
    assert room.open("low_battery") == ["worker:W1"]
    room.duty(4, on=False)
    room.tick(4)
    assert room.open("low_battery") == []


def test_a_clock_that_is_wrong_is_known_by_its_last_live_position(room):
    room.ping(-10)
    room.hear("worker/W1/gps", -6, {"lon": 118.005, "lat": 24.605}, came=0)
    room.tick(1)
    assert room.open("clock_wrong") == ["worker:W1"]
    room.hear("worker/W1/gps", 2, {"lon": 118.005, "lat": 24.605}, came=3, hist=True)
    room.tick(3)
    assert (room.open("clock_wrong"), found(room, "clock_wrong", 3)) == (["worker:W1"], 0)
    room.ping(5)
    room.tick(5)
    assert room.open("clock_wrong") == []


def test_a_camera_that_goes_on_seeing_fire_keeps_its_alert_until_it_has_not_for_ten_minutes(room):
    for minute in (0, 8, 16):
        room.hear("camera/C1/event", minute, {"event": "fire", "confidence": 0.9})
        room.hear("camera/C1/event", minute + 1, {"event": "motion"})
        room.tick(minute + 1)
    room.hear("camera/C1/event", 24, {"event": "fire", "confidence": 0.2})
    room.tick(25)
    assert (room.open("fire"), room.raised("fire"), found(room, "fire", 25)) == (["device:C1"], 1, 0)
    room.tick(26)
    assert room.open("fire") == []


def test_a_fall_is_over_when_the_bodycam_is_elsewhere(room):
    place = {"lon": 118.005, "lat": 24.605}
    room.hear("bodycam/B1/event", 0, {"event": "fall", **place})
    room.hear("bodycam/B1/gps", 1, place)
    room.tick(1)
    assert room.open("worker_fell") == ["device:B1"]
    room.hear("bodycam/B1/gps", 4, {"lon": 118.0054, "lat": 24.605})
    room.tick(4)
    assert room.open("worker_fell") == []


def launch(room, count, day, worker="W1", first=0):
    for number in range(first, first + count):
        premises = "P1" if worker else "P3"
        order = LaunchTask(f"T{worker}{day:%d}-{number}", premises, "x", day, worker_id=worker)
        assert room.order(order) == ("done", None)


def minute_of(moment):
    return (moment - NOW) / minutes(1)


@pytest.fixture
def tomorrow(room):
    """A day of the district, and the minute at which it is over."""
    tz = room.pipeline.rosters[tiny.DISTRICT].tz
    day = NOW.astimezone(tz).date() + timedelta(days=1)
    return day, minute_of(NOW.astimezone(tz).replace(hour=23, minute=59, second=59) + timedelta(days=1))


def test_many_tasks_left_on_their_last_hours_are_one_alert_until_few_are_left(room, tomorrow):
    day, over = tomorrow
    launch(room, 5, day)
    launch(room, 4, day, "W2")
    room.tick(over - 8 * 60 - 1)
    assert room.open("tasks_near_due") == []
    room.tick(over - 8 * 60)
    assert room.open("tasks_near_due") == [f"worker:W1:{day}"]
    assert found(room, "tasks_near_due", over - 470) == 0
    for number, left in ((0, 4), (1, 3), (2, 2)):
        assert room.order(SuspendTask(f"TW1{day:%d}-{number}", "停业"), over - 400) == ("done", None)
        room.tick(over - 390 + number)
        assert bool(room.open("tasks_near_due")) is (left > 2)


def test_when_the_day_is_over_its_tasks_are_overdue_until_each_is_done_or_a_week_has_passed(room, tomorrow):
    day, over = tomorrow
    launch(room, 5, day)
    launch(room, 1, day, "W2")
    room.tick(over - 60)
    room.tick(over + 1)
    assert room.open("tasks_near_due") == []
    assert room.open("tasks_overdue") == [f"worker:W1:{day}", f"worker:W2:{day}"]
    assert found(room, "tasks_overdue", over + 2) == 0
    room.order(SuspendTask(f"TW2{day:%d}-0", "停业"), over + 3)
    room.tick(over + 3)
    assert room.open("tasks_overdue") == [f"worker:W1:{day}"]
    room.tick(over + 7 * DAY + 1)
    assert room.open("tasks_overdue") == []
    assert found(room, "tasks_overdue", over + 7 * DAY + 2) == 0


def test_hazards_at_many_premises_of_a_grid_within_a_week(room):
    for number in range(29):
        room.visit(number, premises=f"P{number}")
        room.visit(number, premises=f"P{number}")
    room.tick(30)
    assert room.open("many_hazards") == []
    room.visit(31, premises="P30")
    room.visit(31, "normal", premises="P1")
    room.tick(32)
    assert (room.open("many_hazards"), found(room, "many_hazards", 33)) == (["grid:G1"], 0)
    room.tick(7 * DAY + 10)
    assert room.open("many_hazards") == ["grid:G1"]
    room.tick(7 * DAY + 12)
    assert room.open("many_hazards") == []


def test_a_lower_threshold_finds_what_had_been_looked_at_before(room):
    for number in range(5):
        room.visit(number, premises=f"P{number}")
    room.tick(6)
    room.conn.execute(
        "INSERT INTO threshold (district, name, value, unit, valid_from, actor) "
        f"VALUES ({tiny.DISTRICT}, 'many_hazards.count', 5, 'count', %(at)s, 'operator')".encode(),
        {"at": NOW + minutes(7)},
    )
    room.refresh()
    room.tick(6.5)
    assert room.open("many_hazards") == []
    room.tick(7)
    assert room.open("many_hazards") == ["grid:G1"]


def licence(room, kind, days, premises="P1", number="L1"):
    """One that is valid for so many days more, of the district's."""
    tz = room.pipeline.rosters[tiny.DISTRICT].tz
    last = None if days is None else NOW.astimezone(tz).date() + timedelta(days=days)
    room.conn.execute(
        "INSERT INTO licence (district, premises_id, kind, number, valid_from, valid_to) "
        f"VALUES ({tiny.DISTRICT}, %s, %s, %s, '2020-01-01', %s)".encode(),
        (premises, kind, number, last),
    )


def test_of_licences_that_expire_soon_the_first_rings_until_it_is_renewed(room):
    licence(room, "食品经营许可证", 20)
    licence(room, "烟草专卖零售许可证", 10)
    licence(room, "烟草专卖零售许可证", 40, "P2")
    licence(room, "食品经营许可证", -1, "P3")
    room.tick(0)
    assert room.open("licence_expiring") == ["premises:P1"]
    assert room.rows("SELECT params ->> 'licence', path FROM alert") == [("烟草专卖零售许可证", tiny.PATH_1)]
    assert found(room, "licence_expiring", 1) == 0
    licence(room, "烟草专卖零售许可证", None, number="L2")
    room.tick(2)
    assert room.open("licence_expiring") == []
    room.tick(2.5)
    assert room.open("licence_expiring") == ["premises:P1"], "about the other one"
    licence(room, "食品经营许可证", 400, number="L2")
    room.tick(3)
    assert room.open("licence_expiring") == []
    room.tick(20 * DAY)
    assert room.open("licence_expiring") == ["premises:P2"]
    room.tick(42 * DAY)
    assert room.open("licence_expiring") == []


def receipt(room, minute, **said):
    room.hear("printer/R1/receipt", minute, {"number": "N1", "text": "文书", **said})


def test_a_visit_that_found_something_wants_a_receipt_by_its_id_or_its_number(room):
    by_id, _ = room.visit(0), room.visit(1, receipt_no="N2")
    room.visit(2, "normal")
    receipt(room, 5, inspection_id=by_id)
    room.tick(30)
    room.tick(31)
    assert room.open("receipt_missing") == ["worker:W1"]
    assert found(room, "receipt_missing", 40) == 0
    receipt(room, 41, number="N2")
    room.tick(41)
    assert (room.open("receipt_missing"), room.raised("receipt_missing")) == ([], 1)
    room.tick(100)
    assert room.raised("receipt_missing") == 1, "each visit is looked at once"


def test_of_several_visits_without_a_receipt_one_rings_and_hours_later_it_is_over(room):
    for minute in (0, 1, 2):
        room.visit(minute)
    room.tick(40)
    room.tick(41)
    assert (room.open("receipt_missing"), room.raised("receipt_missing")) == (["worker:W1"], 1)
    room.tick(30 + 240)
    assert room.open("receipt_missing") == []


def test_a_paper_wants_its_visit(room):
    receipt(room, 0, number="N7")
    receipt(room, 1, number="N8")
    room.visit(2, "normal", receipt_no="N8")
    room.tick(29.5)
    assert room.open("inspection_missing") == []
    room.tick(31)
    assert room.open("inspection_missing") == ["device:R1"]
    assert found(room, "inspection_missing", 32) == 0
    room.visit(33, "normal", receipt_no="N7")
    room.tick(33)
    assert room.open("inspection_missing") == []
    receipt(room, 40, number="N9")
    room.tick(70)
    assert room.open("inspection_missing") == ["device:R1"]
    room.tick(70 + 240)
    assert (room.open("inspection_missing"), room.raised("inspection_missing")) == ([], 2)


def test_rules_take_turns_and_none_is_asked_more_often_than_it_wants():
    rounds, asked = Rounds(), dict.fromkeys(rules(), 0)
    most = 0
    for second in range(120):
        due = rounds.due(tiny.DISTRICT, NOW + timedelta(seconds=second))
        most = max(most, len(due)) if second else most
        for rule in due:
            asked[rule.name] += 1
    for name, rule in rules().items():
        every_s = rule.watch.every_s if rule.watch else 1
        assert 120 // every_s <= asked[name] <= 119 // every_s + 2, name  # a turn may have begun before
    assert most < len(rules()), "they do not all come at once"


def test_a_rules_turn_comes_for_each_district(world):
    rounds = Rounds()
    first = rounds.due(1, NOW)
    assert rounds.due(2, NOW) == first
    assert [rule for rule in rounds.due(1, NOW) if rule.watch] == []


def test_a_second_look_begins_where_the_first_one_ended_also_after_a_restart(world, tmp_path):
    with connect(world, INGEST) as conn:
        room = Room(conn, tmp_path)
        room.visit(0)
        room.tick(29)
        room.visit(1)
        again = Room(conn, tmp_path)
        again.tick(150)  # away for two hours
        assert again.raised("receipt_missing") == 1
        assert again.rows("SELECT until FROM rule_mark WHERE rule = 'receipt_missing'") == [
            (NOW + minutes(120),)
        ]
        conn.rollback()
