"""A worker's day: in the middle of it at any instant, straight legs at real speed, nobody in step."""

import random
from collections import Counter
from datetime import date
from itertools import pairwise

import numpy as np
import pytest
import shapely
import shapely.geometry
from hypothesis import given
from hypothesis import strategies as st

from ingest.domain.geo import GridIndex, distance_m
from simulators.files import read_world
from simulators.roster import WANDERERS
from simulators.tour import RIDE_MPS, ROUND_S, STROLL_M, VISIT_S, WALK_MPS, Purpose, Stop
from simulators.town import Town
from simulators.walk import Walk
from simulators.world import WORLDS, grow

START = 1_795_312_800.0  # 2026-11-22 10:00 in Xiamen
DAY_S = 86_400.0


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    directory = tmp_path_factory.mktemp("jimei")
    grow(WORLDS["jimei"], directory, date(2026, 11, 22))
    return Town(read_world(directory), START)


STOPS = [
    Stop(118.0, 24.6, Purpose.VISIT, "P1", "T1"),
    Stop(118.001, 24.6, Purpose.VISIT, "P2"),
    Stop(118.02, 24.6, Purpose.VISIT, "P3"),
]


@pytest.fixture
def walk() -> Walk:
    return new_walk()


def new_walk(seed: int = 1) -> Walk:
    return Walk(seed, "W1", 0, 10, STOPS)


def test_the_same_seed_worker_and_instant_give_the_same_position_whatever_was_asked_before(
    walk: Walk,
) -> None:
    other = new_walk()
    asked = [walk.position(START + seconds) for seconds in range(0, 3000, 7)]
    assert [other.position(START + seconds) for seconds in range(2996, -1, -7)][::-1] == asked


def test_another_seed_gives_another_day(walk: Walk) -> None:
    other = new_walk(2)
    assert [r.ends for r in other.rounds(START, START + 3600)] != [
        r.ends for r in walk.rounds(START, START + 3600)
    ]


def test_rounds_follow_each_other_without_gaps_and_each_begins_where_the_last_one_ended(walk: Walk) -> None:
    rounds = list(walk.rounds(START, START + 4 * 3600))
    assert len(rounds) > 20
    for one, following in pairwise(rounds):
        assert one.until == pytest.approx(following.begins, abs=1e-3)
        assert following.origin == one.stop
        assert following.number > one.number


DETOURS = st.lists(
    st.tuples(st.floats(0, 4 * 3600), st.floats(-0.02, 0.02), st.floats(-0.02, 0.02)), min_size=1, max_size=8
)


def stop_of(number: int, east: float, north: float) -> Stop:
    return Stop(118.0 + east, 24.6 + north, Purpose.VISIT, f"D{number}", f"TD{number}")


@given(DETOURS, st.randoms(use_true_random=False))
def test_however_detours_are_asked_for_the_way_has_no_gaps_and_is_the_same(
    asked: list[tuple[float, float, float]], dice: random.Random
) -> None:
    stops = [(START + after, stop_of(n, east, north)) for n, (after, east, north) in enumerate(asked)]
    walk, other = new_walk(), new_walk()
    for at, stop in sorted(stops, key=lambda one: one[0]):
        walk.detour(at, stop)
    dice.shuffle(stops)
    for at, stop in stops:
        other.detour(at, stop)
    rounds = list(walk.rounds(START, START + 12 * 3600))
    for one, following in pairwise(rounds):
        assert one.until == pytest.approx(following.begins, abs=1e-3)
        assert following.origin == one.stop
        assert following.number > one.number
        metres = float(distance_m(one.origin.lon, one.origin.lat, one.stop.lon, one.stop.lat))
        assert one.departs - 1e-3 >= one.begins
        assert metres <= (one.arrives - one.departs) * one.speed_mps + 1
        assert one.ends - one.arrives >= VISIT_S[0] - 1e-3
    if len({at for at, _ in stops}) == len(stops):
        assert list(other.rounds(START, START + 12 * 3600)) == rounds
    carried = [one.stop.premises_id for one in rounds if one.place is None]
    assert Counter(carried) == Counter(stop.premises_id for _, stop in stops)


@given(DETOURS)
def test_a_detour_changes_nothing_before_it_was_asked_for_and_puts_off_the_tour_by_whole_rounds(
    asked: list[tuple[float, float, float]],
) -> None:
    walk, plain = new_walk(), new_walk()
    now = START
    for number, (after, east, north) in enumerate(sorted(asked)):
        now = START + after
        before = list(walk.rounds(START - 3600, now))
        walk.detour(now, stop_of(number, east, north))
        assert list(walk.rounds(START - 3600, now)) == before
    later = [one for one in walk.rounds(now, now + 24 * 3600) if one.place is not None]
    places = [one.place for one in later]
    assert places == sorted(set(places)), "each stop of the tour in its turn, none twice"
    for one in later[-3:]:
        late = (one.until - next(p for p in plain.rounds(START - 3600, START + 30 * 3600)
                                 if p.place == one.place).until) / ROUND_S  # fmt: skip
        assert late == pytest.approx(round(late), abs=1e-4)
        assert late >= 0


def test_a_detour_begins_when_the_round_is_over_and_leads_on_to_the_next_stop(walk: Walk) -> None:
    now = next(walk.rounds(START, START + 1))
    following = walk.round_at(now.until + 1)
    walk.detour(START, Stop(118.005, 24.605, Purpose.VISIT, "P9", "T9"))
    out, home = list(walk.rounds(now.until + 1, now.until + 3600))[:2]
    assert (out.begins, out.origin, out.stop.task_id, out.place) == (now.until, now.stop, "T9", None)
    assert (home.origin, home.stop, home.place) == (out.stop, following.stop, following.place)
    assert walk.passes("P3")
    assert not walk.passes("P9")


SOS = Stop(118.005, 24.602, Purpose.PATROL, order_id="o1")


@given(at=st.integers(0, 5 * int(ROUND_S)), later=st.lists(st.integers(0, 9 * int(ROUND_S)), max_size=3))
def test_whoever_hurries_leaves_at_once_without_a_jump_and_the_tour_goes_on(
    at: int, later: list[int]
) -> None:
    walk, before = new_walk(), new_walk()
    walk.hurry(START + at, SOS)
    for seconds in sorted(later):  # others are asked for meanwhile
        walk.hurry(START + at + seconds, Stop(118.01, 24.6, Purpose.PATROL, order_id="o2"))
    for second in range(0, at, 20):
        assert walk.position(START + second) == before.position(START + second)
    places = [walk.position(START + second) for second in range(0, 40 * int(ROUND_S), 5)]
    lon, lat = np.array([p.lon for p in places]), np.array([p.lat for p in places])
    assert distance_m(lon[:-1], lat[:-1], lon[1:], lat[1:]).max() < RIDE_MPS * 5 * 1.01
    rounds = list(walk.rounds(START, START + 40 * ROUND_S))
    assert all(one.until == following.begins for one, following in pairwise(rounds))
    (there,) = (one for one in rounds if one.stop is SOS)
    assert (there.begins, there.departs) == (START + at, START + at)
    assert there.ends - there.arrives == SOS.stay_s
    visits = [one for one in rounds if one.stop.purpose is Purpose.VISIT]
    assert len({one.number for one in visits}) == len(visits)
    tour = [one.place for one in visits if one.place is not None]
    assert tour == sorted(set(tour)), "each stop of the tour is come to once, in its turn"


def test_a_visit_that_is_broken_off_is_none(walk: Walk) -> None:
    now = next(one for one in walk.rounds(START, START + 3600) if one.stop.purpose is Purpose.VISIT)
    walk.hurry((now.arrives + now.ends) / 2, SOS)
    left = walk.round_at(now.arrives)
    assert left.stop.purpose is Purpose.PATROL
    assert left.stop.premises_id is None
    assert left.until == (now.arrives + now.ends) / 2


def test_a_visit_lasts_three_to_six_minutes_within_its_round(walk: Walk) -> None:
    for one in walk.rounds(START, START + DAY_S):
        assert one.begins - 1e-3 <= one.departs <= one.arrives < one.ends <= one.until
        assert VISIT_S[0] - 1e-3 <= one.ends - one.arrives <= VISIT_S[1] + 1e-3


def test_near_stops_are_walked_to_and_far_ones_ridden_to_at_the_stated_speed(walk: Walk) -> None:
    speeds = set()
    for one in walk.rounds(START, START + 7200):
        metres = float(distance_m(one.origin.lon, one.origin.lat, one.stop.lon, one.stop.lat))
        assert metres / (one.arrives - one.departs) == pytest.approx(one.speed_mps, rel=1e-3)
        assert one.speed_mps == (WALK_MPS if metres <= STROLL_M else RIDE_MPS)
        speeds.add(one.speed_mps)
    assert speeds == {WALK_MPS, RIDE_MPS}


def test_nobody_moves_faster_than_an_e_bike_from_one_second_to_the_next(town: Town) -> None:
    for walk in list(town.walks.values())[:10]:
        places = [walk.position(START + second) for second in range(1800)]
        lon, lat = np.array([p.lon for p in places]), np.array([p.lat for p in places])
        assert distance_m(lon[:-1], lat[:-1], lon[1:], lat[1:]).max() < RIDE_MPS * 1.01


def test_a_heading_points_where_the_worker_goes(walk: Walk) -> None:
    one = next(r for r in walk.rounds(START, START + 3600) if r.stop.lon > r.origin.lon)
    assert walk.position((one.departs + one.arrives) / 2).heading_deg == pytest.approx(90, abs=0.1)


def test_at_any_hour_most_workers_are_in_the_middle_of_a_visit(town: Town) -> None:
    for hour in range(24):
        at = START + hour * 3600
        busy = sum(
            one.arrives <= at <= one.ends for one in (walk.round_at(at) for walk in town.walks.values())
        )
        assert busy > len(town.walks) / 2


def test_any_minute_of_the_day_brings_inspections_receipts_and_clues(town: Town) -> None:
    visits = [visit for worker_id in town.walks for visit in town.visits(worker_id, START, START + DAY_S)]
    clues = [at for walk in town.walks.values() for at in walk.moments("clue", 1155, START, START + DAY_S)]

    def fewest(instants: list[float]) -> int:
        ordered = np.sort(instants)
        begins = np.arange(START, START + DAY_S - 60, 1.0)
        return int((np.searchsorted(ordered, begins + 60) - np.searchsorted(ordered, begins)).min())

    assert fewest([visit.ended for visit in visits]) >= 4
    assert fewest([visit.ended for visit in visits if visit.receipt_no]) >= 2
    assert fewest(clues) >= 2


def test_few_workers_wander_and_they_stay_outside_for_more_than_five_minutes(town: Town) -> None:
    index = GridIndex(town.world.grids)
    grids_of = {worker.worker_id: worker.grid_ids for worker in town.world.workers}
    longest: Counter[str] = Counter()
    outside_at = np.zeros(6 * 120, dtype=int)
    for worker_id, walk in town.walks.items():
        places = [walk.position(START + 30 * step) for step in range(len(outside_at))]
        found = index.find([p.lon for p in places], [p.lat for p in places])
        run = 0
        for step, grid_id in enumerate(found):
            run = 0 if grid_id in grids_of[worker_id] else run + 1
            longest[worker_id] = max(longest[worker_id], run)
            outside_at[step] += run > 0
    wanderers = [worker_id for worker_id, steps in longest.items() if steps * 30 > 300]
    assert len(wanderers) == round(WANDERERS * 77)
    assert outside_at.max() <= 12, "never the majority"
    assert outside_at.mean() > 0.5


def test_premises_lie_in_the_own_grid_so_every_visit_is_there(town: Town) -> None:
    grids_of = {worker.worker_id: worker.grid_ids for worker in town.world.workers}
    for worker_id in town.walks:
        for visit in town.visits(worker_id, START, START + 7200):
            shape = shapely.geometry.shape(town.world.grids[visit.premises.grid_id or ""])
            assert visit.premises.grid_id in grids_of[worker_id]
            assert shape.covers(shapely.Point(visit.premises.lon, visit.premises.lat))


def test_each_task_is_carried_out_once_in_a_run_and_then_workers_patrol(town: Town) -> None:
    visits = [visit for worker_id in town.walks for visit in town.visits(worker_id, START, START + DAY_S)]
    carried = Counter(visit.task_id for visit in visits if visit.task_id)
    assert set(carried) == {task.task_id for task in town.world.tasks}
    assert set(carried.values()) == {1}
    assert sum(visit.task_id is None for visit in visits) > len(carried)


def test_a_run_begun_later_finds_everybody_where_they_would_have_been(town: Town) -> None:
    later = Town(town.world, START + 5000)
    for worker_id, walk in town.walks.items():
        assert later.walks[worker_id].position(START + 9000) == walk.position(START + 9000)


def test_a_worker_without_stops_is_refused() -> None:
    with pytest.raises(ValueError, match="W9"):
        Walk(1, "W9", 0, 1, [])
