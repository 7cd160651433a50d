"""Scores: whose intervals overlap are level, little work says little, hard work is held against nobody."""

from itertools import combinations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.domain.difficulty import PEERS, Traits, expected
from ingest.domain.scoring import (
    GAMING,
    INDICATORS,
    LEFT_OUT,
    Item,
    Score,
    Weight,
    interval,
    places,
    scores,
)

GRID, OTHER = "350299/01/01/01/01", "350299/02/01/01/01"
WORKERS = {"W1": GRID, "W2": OTHER}
EVEN = dict.fromkeys(INDICATORS, Weight(10, 5))
RATES = st.tuples(st.integers(1, 400), st.floats(0, 1)).map(lambda nk: (nk[0], round(nk[0] * nk[1])))


def scored(*items: Item, weights: dict[str, Weight] = EVEN, **workers: str) -> dict[tuple[str, str], Score]:
    found = scores(items, weights, WORKERS | workers, {})
    return {(score.level, score.subject): score for score in found}


def whole(worker: str, path: str, n: float, k: float) -> list[Item]:
    """As many items, and as many of them good, of every indicator."""
    return [Item(indicator, worker, path, n, k) for indicator in INDICATORS]


@given(RATES)
def test_a_rate_lies_in_its_interval_which_more_items_narrow(counted: tuple[int, int]) -> None:
    n, k = counted
    low, high = interval(n, k)
    assert 0 <= low <= k / n + 1e-9
    assert k / n - 1e-9 <= high <= 1
    more = interval(4 * n, 4 * k)
    assert more[1] - more[0] < high - low


@given(st.lists(RATES.map(lambda nk: interval(*nk)), min_size=1, max_size=40))
def test_two_may_share_a_place_if_and_only_if_neither_is_wholly_above_the_other(
    intervals: list[tuple[float, float]],
) -> None:
    placed = places(intervals)
    assert all(1 <= first <= last <= len(intervals) for first, last in placed)
    for (one, place), (other, place_2) in combinations(zip(intervals, placed, strict=True), 2):
        if one[0] > other[1] or other[0] > one[1]:
            above, below = (place, place_2) if one[0] > other[1] else (place_2, place)
            assert above[0] < below[0]
            assert above[1] < below[1]
        else:
            assert max(place[0], place_2[0]) <= min(place[1], place_2[1])


def test_a_unit_is_the_sum_of_what_happened_in_it_and_a_worker_of_what_they_did() -> None:
    found = scored(Item("on_time", "W1", GRID, 8, 6), Item("on_time", "W1", OTHER, 2, 2))
    counts = {key: (score.parts[0].n, score.parts[0].k) for key, score in found.items()}
    assert counts == {
        ("bureau", "350299"): (10, 8),
        ("station", "350299/01"): (8, 6),
        ("squadron", "350299/01/01"): (8, 6),
        ("section", "350299/01/01/01"): (8, 6),
        ("grid", GRID): (8, 6),
        ("station", "350299/02"): (2, 2),
        ("squadron", "350299/02/01"): (2, 2),
        ("section", "350299/02/01/01"): (2, 2),
        ("grid", OTHER): (2, 2),
        ("worker", "W1"): (10, 8),
    }


def test_points_are_the_weighted_rates_of_those_indicators_that_have_items_enough() -> None:
    weights = EVEN | {"on_time": Weight(30, 5)}
    few = [Item("patrol", "W1", None, 4, 0)]
    items = [item for item in whole("W1", GRID, 10, 5) if item.what not in ("patrol", "on_time")]
    score = scored(*items, *few, Item("on_time", "W1", GRID, 10, 10), weights=weights)["worker", "W1"]
    assert score.points == pytest.approx((30 * 100 + 5 * 10 * 50) / 80)
    assert score.low is not None
    assert score.high is not None
    assert score.low < score.points < score.high
    assert [part.indicator for part in score.parts if not part.counts] == ["patrol"]
    assert [part.indicator for part in score.parts] == list(INDICATORS)


def test_who_has_done_too_little_is_not_ranked_and_counts_as_nobodys_peer() -> None:
    found = scored(*whole("W1", GRID, 4, 4), *whole("W2", OTHER, 40, 30))
    little, much = found["worker", "W1"], found["worker", "W2"]
    assert (little.points, little.low, little.first, little.last) == (None, None, None, None)
    assert (much.first, much.last, much.peers, little.peers) == (1, 1, 1, 1)


def test_two_whose_intervals_overlap_are_level_though_one_has_more_points() -> None:
    found = scored(*whole("W1", GRID, 10, 9), *whole("W2", OTHER, 10, 8))
    one, other = found["worker", "W1"], found["worker", "W2"]
    assert one.points is not None
    assert other.points is not None
    assert one.points > other.points
    assert (one.first, one.last) == (other.first, other.last) == (1, 2)
    clear = scored(*whole("W1", GRID, 900, 890), *whole("W2", OTHER, 900, 500))
    assert [(clear["worker", name].first, clear["worker", name].last) for name in WORKERS] == [(1, 1), (2, 2)]


def test_what_is_left_out_and_what_looks_like_gaming_is_told_and_counts_nothing() -> None:
    plain = scored(*whole("W1", GRID, 10, 9))["worker", "W1"]
    odd = [Item(what, "W1", GRID, 3) for what in (*LEFT_OUT, *GAMING)]
    told = scored(*whole("W1", GRID, 10, 9), *odd)["worker", "W1"]
    assert told.points == plain.points
    assert told.left_out == dict.fromkeys(LEFT_OUT, 3)
    assert told.gaming == dict.fromkeys(GAMING, 3)
    assert plain.gaming == dict.fromkeys(GAMING, 0)


def test_whose_work_no_longer_exists_and_officers_are_not_ranked_but_their_units_are() -> None:
    found = scored(*whole("F1", GRID, 10, 9))
    assert ("worker", "F1") not in found
    assert found["grid", GRID].points is not None


@given(st.randoms(use_true_random=False))
def test_the_order_of_the_items_is_nothing_to_the_scores(random: Random) -> None:
    items = [
        Item(indicator, f"W{n}", f"350299/0{n % 3}/01/01/0{n}", 7 + n, 3 + n / 3)
        for indicator in INDICATORS
        for n in range(1, 9)
    ]
    workers = {f"W{n}": f"350299/0{n % 3}/01/01/0{n}" for n in range(1, 9)}
    mixed = items[:]
    random.shuffle(mixed)
    assert scores(mixed, EVEN, workers, {}) == scores(items, EVEN, workers, {})


def crew(hard_by: float) -> tuple[list[tuple[int, int]], list[Traits]]:
    """Forty whose rate is 0.9 on the smallest area, and so much less on the largest."""
    areas = [0.5 + n / 8 for n in range(40)]
    return [(400, round(400 * (0.9 - hard_by * n / 39))) for n in range(40)], [
        Traits(10, area, 0.1) for area in areas
    ]


def test_where_the_area_makes_the_difference_it_is_taken_out_of_it() -> None:
    counted, traits = crew(0.3)
    off = expected(counted, traits)
    left = [k / n - by for (n, k), by in zip(counted, off, strict=True)]
    assert max(left) - min(left) < 0.3 / 3


def test_where_traits_make_no_difference_nobody_is_moved() -> None:
    assert expected(*crew(0.0)) == pytest.approx([0.0] * 40)


def test_so_few_peers_show_nothing() -> None:
    counted, traits = crew(0.3)
    assert expected(counted[: PEERS - 1], traits[: PEERS - 1]) == [0.0] * (PEERS - 1)
    assert any(expected(counted[:PEERS], traits[:PEERS]))


def test_a_worker_who_is_bad_at_easy_work_is_not_excused_by_it() -> None:
    counted, traits = crew(0.0)
    counted[0] = (400, 200)
    off = expected(counted, traits)
    assert 200 / 400 - off[0] < 0.6
