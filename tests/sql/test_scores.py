"""Scores are counted from the facts: again when these change, and then they are what a plain count gives."""

import random
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest

from db.connect import Scope, enter, fetch
from ingest.contract.errors import ConfigError
from ingest.contract.orders import ResolveIncident
from ingest.domain.period import Period, Span, period_of
from ingest.registry import import_world
from ingest.scores import count, due, forget, reckon
from ingest.snapshots import load_roster
from tests import tiny
from tests.room import NOW, minutes
from tests.sql.test_evidence import HOME, WAIT_M, room, visit, walk, weigh, world  # noqa: F401  fixtures

TZ = ZoneInfo("Asia/Shanghai")
TODAY = NOW.astimezone(TZ).date()
LONG_AGO = datetime.combine((TODAY - timedelta(days=120)).replace(day=10), time(9), TZ)
HALF_A_YEAR = 60 * 24 * 183
WORKERS = {"W1": tiny.PATH_1, "W2": tiny.PATH_2, "W3": tiny.PATH_3}


def task(room, number, launched, **said):  # noqa: F811
    """One task of W1's at P1, due ten days after it was launched, as `said` otherwise."""
    row = {
        "district": tiny.DISTRICT,
        "task_id": f"X{number}",
        "premises_id": "P1",
        "category": "日常检查",
        "path": tiny.PATH_1,
        "worker_id": "W1",
        "state": "launched",
        "launched_at": launched,
        "due_at": launched + timedelta(days=10),
    } | said
    columns, places = ", ".join(row), ", ".join(f"%({column})s" for column in row)
    room.conn.execute(f"INSERT INTO task ({columns}) VALUES ({places})".encode(), row)


def change(room, number, **said):  # noqa: F811
    sets = ", ".join(f"{column} = %({column})s" for column in said)
    room.conn.execute(f"UPDATE task SET {sets} WHERE task_id = %(id)s".encode(), said | {"id": f"X{number}"})


def roster(room):  # noqa: F811
    return load_roster(room.conn, tiny.DISTRICT)


def round_of_counting(room, now=NOW):  # noqa: F811
    """What the scorer does each minute; the periods that it counted."""
    todo = due(room.conn, roster(room), now)
    for period in todo.periods:
        count(room.conn, roster(room), period, now)
    forget(room.conn, roster(room), todo.marks)
    return todo.periods


def stored(room, period):  # noqa: F811
    return {
        (row[0], row[1]): row[2:]
        for row in room.rows(
            "SELECT level, subject, path, points, low, high, first, last, peers, parts, left_out, gaming, "
            f"traits FROM score WHERE span = '{period.span}' AND begins = '{period.begins}'"
        )
    }


def reckoned(room, period, now=NOW):  # noqa: F811
    found = msgspec.to_builtins(reckon(room.conn, roster(room), period, now))
    return {(row.pop("level"), row.pop("subject")): tuple(row.values()) for row in found}


def part(room, indicator, period, subject="W1"):  # noqa: F811
    """(n, k) of an indicator as it is stored; (0, 0) of who has no score."""
    found = told(room, "parts", period, subject) or []
    return next(((one["n"], one["k"]) for one in found if one["indicator"] == indicator), (0, 0))


def told(room, column, period, subject="W1"):  # noqa: F811
    found = room.rows(
        f"SELECT {column} FROM score WHERE span = '{period.span}' AND begins = '{period.begins}' "
        f"AND subject = '{subject}'"
    )
    return found[0][0] if found else None


def month_of(at):
    return period_of(at.astimezone(TZ).date(), Span.MONTH)


def test_a_task_counts_on_the_day_on_which_it_is_disposed_or_falls_due(room):  # noqa: F811
    done = LONG_AGO + timedelta(days=3)
    task(room, 1, LONG_AGO, done_at=done, done_by="W2", inspected_at=done)
    task(room, 2, LONG_AGO)
    round_of_counting(room)
    days = {(subject, str(begins)) for subject, begins in room.rows(
        "SELECT subject, begins FROM score WHERE span = 'day' AND level = 'worker' AND parts @> "
        """'[{"indicator": "closure", "n": 1}]'"""
    )}  # fmt: skip
    assert days == {
        ("W2", str(done.astimezone(TZ).date())),  # who disposed of it, not who had it
        ("W1", str((LONG_AGO + timedelta(days=10)).astimezone(TZ).date())),
    }


def test_what_is_due_later_today_says_nothing_yet(room):  # noqa: F811
    task(room, 1, NOW - timedelta(days=3), due_at=NOW + minutes(1))
    task(room, 2, NOW - timedelta(days=3), due_at=NOW - minutes(1))
    day = period_of((NOW - minutes(1)).astimezone(TZ).date(), Span.DAY)
    round_of_counting(room)
    assert part(room, "on_time", day) == (1, 0)


def test_a_late_fact_changes_a_period_that_is_over(room):  # noqa: F811
    task(room, 1, LONG_AGO)
    late = LONG_AGO + timedelta(days=10)
    round_of_counting(room)
    assert part(room, "closure", month_of(late)) == (1, 0)
    change(room, 1, done_at=LONG_AGO + timedelta(days=12), state="done", done_by="W1")
    assert month_of(late) in round_of_counting(room)
    assert part(room, "closure", month_of(late)) == (1, 1)
    assert part(room, "on_time", month_of(late)) == (1, 0)


def test_done_earlier_it_leaves_the_day_on_which_it_would_have_been_due(room):  # noqa: F811
    task(room, 1, LONG_AGO)
    was = period_of((LONG_AGO + timedelta(days=10)).astimezone(TZ).date(), Span.DAY)
    round_of_counting(room)
    assert part(room, "closure", was) == (1, 0)
    change(room, 1, done_at=LONG_AGO + timedelta(days=2), state="done", done_by="W1")
    round_of_counting(room)
    assert part(room, "closure", was) == (0, 0)
    assert part(room, "closure", Period(Span.DAY, (LONG_AGO + timedelta(days=2)).astimezone(TZ).date())) == (
        1,
        1,
    )


def test_suspended_tasks_are_left_out_and_told_and_late_ones_look_like_gaming(room):  # noqa: F811
    for number, days in enumerate((2, 9), 1):
        at = LONG_AGO + timedelta(days=days)
        task(room, number, LONG_AGO, suspended_at=at, state="suspended", suspended_reason="x")
    task(room, 3, LONG_AGO, cancelled_at=LONG_AGO + timedelta(days=9), state="cancelled")
    task(room, 4, LONG_AGO)
    round_of_counting(room)
    period = month_of(LONG_AGO + timedelta(days=10))
    assert part(room, "closure", period) == (1, 0)
    assert told(room, "left_out", period) == {"suspended": 2, "appealed": 0}
    assert told(room, "gaming", period) == {"late_suspended": 1, "late_cancelled": 1, "split": 0}


def test_one_job_made_into_three_tasks_of_a_day_looks_like_gaming(room):  # noqa: F811
    for number in range(1, 4):
        done = LONG_AGO + timedelta(hours=number)
        task(room, number, LONG_AGO, done_at=done, inspected_at=done, done_by="W1", state="done")
    done = LONG_AGO + timedelta(hours=1)
    task(room, 4, LONG_AGO, done_at=done, inspected_at=done, done_by="W1", state="done", premises_id="P2")
    round_of_counting(room)
    assert told(room, "gaming", month_of(LONG_AGO))["split"] == 2


def test_what_is_sent_back_shows_and_what_nobody_visited_does_not(room):  # noqa: F811
    for number, rework in enumerate((0, 2), 1):
        done = LONG_AGO + timedelta(days=1)
        task(
            room,
            number,
            LONG_AGO,
            done_at=done,
            inspected_at=LONG_AGO,
            rework=rework,
            done_by="W1",
            state="done",
        )
    task(room, 3, LONG_AGO - timedelta(days=9))
    round_of_counting(room)
    assert part(room, "no_rework", month_of(LONG_AGO)) == (2, 1)


def test_a_doubted_visit_counts_against_truth_until_it_is_answered_and_then_as_it_is_decided(room):  # noqa: F811
    walk(room, -10, 10, lon=HOME)
    name = visit(room, 4)
    room.tick(4 + WAIT_M)
    room.tick(5 + WAIT_M)
    period = month_of(NOW + minutes(4))
    later = NOW + minutes(60)
    round_of_counting(room, later)
    assert part(room, "truth", period) == (1, 0)
    room.hear("worker/W1/appeal", 30, {"visit": name, "text": "手机没电"})
    round_of_counting(room, later)
    assert part(room, "truth", period) == (0, 0)
    assert told(room, "left_out", period)["appealed"] == 1
    ((incident,),) = room.rows("SELECT incident_id FROM alert WHERE rule = 'visit_doubtful'")
    assert room.order(ResolveIncident(incident, "false_alarm", "已核实"), 40) == ("done", None)
    round_of_counting(room, later)
    assert part(room, "truth", period) == (1, 1)
    assert told(room, "left_out", period)["appealed"] == 0


def of_old(room):  # noqa: F811
    """P1 is of grade D, and W1's, since long ago."""
    room.conn.execute(
        "UPDATE premises SET risk_grade = 'D', known_since = '2000-01-01' WHERE premises_id = 'P1'; "
        "UPDATE assignment SET valid_from = '2000-01-01' WHERE worker_id = 'W1'"
    )


def covered(room, now):  # noqa: F811
    """Coverage of W1 and of their grid in the season of a visit half a year ago, counted at `now`."""
    season = period_of((NOW - minutes(HALF_A_YEAR)).astimezone(TZ).date(), Span.SEASON)
    count(room.conn, roster(room), season, now)
    return part(room, "coverage", season), part(room, "coverage", season, tiny.PATH_1)


def test_premises_are_due_by_their_risk_and_covered_by_who_visits_them(room):  # noqa: F811
    of_old(room)
    at = NOW - minutes(HALF_A_YEAR)
    assert covered(room, NOW) == ((1, 0), (1, 0))
    room.conn.execute(
        """INSERT INTO visit_evidence (district, worker_id, ts, id, premises_id, grid_id, started, ended, lon,
                                       lat, raw_lon, raw_lat, off_m)
           VALUES (350299, 'W1', %(at)s, 'v', 'P1', 'G1', %(at)s, %(at)s, 118, 24, 118, 24, 30)""",
        {"at": at},
    )
    assert covered(room, NOW) == ((1, 1), (1, 1))


def test_of_a_period_that_has_just_begun_hardly_anything_is_due(room):  # noqa: F811
    of_old(room)
    season = period_of((NOW - minutes(HALF_A_YEAR)).astimezone(TZ).date(), Span.SEASON)
    begins = datetime.combine(season.begins, time(), TZ)
    assert covered(room, begins + timedelta(days=40)) == ((0, 0), (0, 0))
    assert covered(room, begins + timedelta(days=50)) == ((1, 0), (1, 0))


def test_hours_in_the_own_grid_are_patrol_also_those_that_a_phone_tells_days_later(room):  # noqa: F811
    for hour, lon in ((0, 118.005), (1, 118.025)):
        room.ping(-60 * 24 * 40 + 60 * hour, lon=lon, came=0)
    at = NOW - timedelta(days=40)
    assert month_of(at) in round_of_counting(room)
    assert part(room, "patrol", month_of(at)) == (2, 1)


def test_clues_count_when_somebody_has_judged_them(room):  # noqa: F811
    insert = """INSERT INTO clue_case (district, clue_id, worker_id, ts, id, kind, severity, text, lon, lat,
                                       path, reported_at, routed_at, voided_at)
                SELECT 350299, 'K' || n, 'W1', at, n::text, 'x', 'general', '', 118, 24, %s, at,
                       CASE WHEN n > 1 THEN at END, CASE WHEN n = 4 THEN at END
                FROM generate_series(1, 4) n, LATERAL (SELECT %s::timestamptz AS at) t"""
    room.conn.execute(insert, (tiny.PATH_1, LONG_AGO))
    round_of_counting(room)
    assert part(room, "valid_clues", month_of(LONG_AGO)) == (3, 2)


def test_a_period_is_counted_as_long_as_it_is_not_over_and_then_no_more(room):  # noqa: F811
    day = Period(Span.DAY, TODAY)
    assert day in round_of_counting(room)
    over = datetime.combine(day.ends, time(0, 30), TZ)
    assert day in round_of_counting(room, over)
    assert day in round_of_counting(room, over + timedelta(hours=3))
    assert day not in round_of_counting(room, over + timedelta(hours=4))


def test_a_task_launched_today_is_counted_on_the_day_on_which_it_falls_due(room):  # noqa: F811
    task(room, 1, NOW)
    round_of_counting(room)
    falls = NOW + timedelta(days=10)
    later = falls + timedelta(days=3)
    day = period_of(falls.astimezone(TZ).date(), Span.DAY)
    assert day in round_of_counting(room, later)
    assert part(room, "on_time", day) == (1, 0)


def test_weights_are_those_valid_on_the_first_day_and_the_districts_own_come_first(room):  # noqa: F811
    task(room, 1, LONG_AGO)
    period = month_of(LONG_AGO + timedelta(days=10))
    room.conn.execute(
        "INSERT INTO score_weight (district, indicator, weight, minimum, valid_from) VALUES "
        "(350299, 'closure', 77, 1, %s), (350299, 'on_time', 66, 1, %s)",
        (period.begins, period.begins + timedelta(days=1)),
    )
    round_of_counting(room)
    parts = {one["indicator"]: (one["weight"], one["counts"]) for one in told(room, "parts", period)}
    assert parts["closure"] == (77, True)
    assert parts["on_time"] == (25, False)


def weighed(world, directory, text):  # noqa: F811
    path = tiny.write(directory)
    (path / "score_weights.csv").write_text(f"indicator,weight,minimum,valid_from\n{text}", "utf-8")
    return import_world(world, path)


def test_weights_that_are_imported_weigh_the_past_that_they_name(room):  # noqa: F811
    task(room, 1, LONG_AGO)
    period = month_of(LONG_AGO)
    round_of_counting(room)
    row = {"indicator": "closure", "weight": 40.0, "minimum": 1, "valid_from": period.begins}
    for rows, weight in (([row], 40), ([], 15)):
        told_rows = msgspec.json.encode(rows).decode()
        fetch(room.conn, "write/import_score_weight", {"district": tiny.DISTRICT, "rows": told_rows})
        assert period in round_of_counting(room)
        parts = {one["indicator"]: one["weight"] for one in told(room, "parts", period)}
        assert parts["closure"] == weight


def test_a_districts_weights_are_in_a_file(world, tmp_path):  # noqa: F811
    report = weighed(world, tmp_path / "good", "truth,40,10,2026-03-01\n")
    assert report.rows["score_weight"] == 1


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("mood,1,1,2026-01-01\n", "score_weights.csv:2: indicator: 'mood' is none of on_time, closure"),
        ("truth,-1,1,2026-01-01\n", "score_weights.csv:2: weight: -1 is not between 0 and 1000"),
        ("truth,1,0,2026-01-01\n", "score_weights.csv:2: minimum: 0 is not between 1 and 100000"),
        ("truth,1,,2026-01-01\n", "score_weights.csv:2: minimum: is empty"),
        ("truth,1,1,2026-01-01\ntruth,2,1,2026-01-01\n", "score_weights.csv:3: indicator: truth .*twice"),
    ],
)
def test_a_weight_that_is_none_is_named(world, tmp_path, text, why):  # noqa: F811
    with pytest.raises(ConfigError, match=why):
        weighed(world, tmp_path / "bad", text)


def test_a_viewer_sees_the_scores_of_their_own_units(room):  # noqa: F811
    task(room, 1, LONG_AGO)
    task(room, 2, LONG_AGO, path=tiny.PATH_3, worker_id="W3")
    round_of_counting(room)
    with room.conn.transaction(force_rollback=True):
        room.conn.execute("SET LOCAL ROLE gw_dashboard")
        enter(room.conn, Scope(tiny.DISTRICT, f"{tiny.DISTRICT}/02"))
        seen = {row["subject"] for row in room.conn.execute("SELECT DISTINCT subject FROM score")}
    assert "W3" in seen
    assert not {"W1", f"{tiny.DISTRICT}/01", str(tiny.DISTRICT)} & seen


@pytest.mark.parametrize("seed", range(6))
def test_whatever_happens_in_whatever_order_what_is_stored_is_what_the_facts_give(room, seed):  # noqa: F811
    dice = random.Random(seed)
    numbers = iter(range(1, 1000))
    known: list[int] = []
    for _ in range(4):
        for _ in range(dice.randint(1, 12)):
            happens(room, dice, numbers, known)
        round_of_counting(room)
        periods = [
            Period(Span(span), begins) for span, begins in room.rows("SELECT span, begins FROM score_period")
        ]
        assert len(periods) > 4
        for period in periods:
            assert stored(room, period) == reckoned(room, period), period


def happens(room, dice, numbers, known):  # noqa: F811
    """A task is launched, disposed of, suspended, resumed, cancelled or sent back, somewhere in the past."""
    number = next(numbers)
    if not known or dice.random() < 0.4:
        worker = dice.choice(list(WORKERS))
        launched = NOW - timedelta(days=dice.randint(1, 150), hours=dice.randint(0, 23))
        task(
            room,
            number,
            launched,
            worker_id=worker,
            path=WORKERS[worker],
            premises_id=f"P{dice.randint(1, 3)}",
        )
        known.append(number)
        return
    number = dice.choice(known)
    ((launched,),) = room.rows(f"SELECT launched_at FROM task WHERE task_id = 'X{number}'")
    at = launched + timedelta(days=dice.randint(0, 14), hours=dice.randint(0, 23))
    what = dice.randrange(5)
    if what == 0:
        change(room, number, done_at=at, inspected_at=at, done_by=dice.choice(list(WORKERS)))
    elif what == 1:
        change(room, number, suspended_at=at)
    elif what == 2:
        change(room, number, suspended_at=None, cancelled_at=None)
    elif what == 3:
        change(room, number, cancelled_at=at)
    else:
        change(room, number, rework=dice.randint(0, 2), inspected_at=at)
