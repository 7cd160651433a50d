"""The way through a day's premises: all of them, once, and not longer than it need be."""

from itertools import pairwise, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.domain.geo import distance_m
from ingest.domain.route import legs_m, shortest_way

places = st.lists(st.tuples(st.floats(118.0, 118.1), st.floats(24.6, 24.7)), max_size=12)
STREET = [(118.0 + n / 1000, 24.6) for n in range(8)]


def length_m(start, way) -> float:
    return float(sum(distance_m(*one, *other) for one, other in pairwise([start, *way])))


@settings(max_examples=50)
@given(places, st.randoms())
def test_every_place_is_visited_once_whatever_the_order_they_are_given_in(given_places, random) -> None:
    random.shuffle(given_places)
    assert sorted(shortest_way((118.05, 24.65), given_places)) == list(range(len(given_places)))


@pytest.mark.parametrize("start", [None, STREET[0]])
def test_a_street_is_walked_from_one_end_to_the_other(start) -> None:
    mixed = [STREET[n] for n in (0, 5, 2, 7, 1, 6, 3, 4)]
    assert [mixed[n] for n in shortest_way(start, mixed)] == STREET


def test_one_who_stands_in_the_middle_of_a_street_goes_first_where_less_is_left() -> None:
    start = (118.0021, 24.6)
    way = [STREET[n] for n in shortest_way(start, STREET)]
    best = min(
        length_m(start, [*STREET[:3][::-1], *STREET[3:]]), length_m(start, [*STREET[2:], *STREET[1::-1]])
    )
    assert length_m(start, way) == pytest.approx(best)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.tuples(st.floats(118.0, 118.1), st.floats(24.6, 24.7)), min_size=1, max_size=6, unique=True)
)
def test_the_way_is_no_longer_than_going_always_to_the_nearest_and_near_the_best(given_places) -> None:
    start = (118.05, 24.65)
    found = length_m(start, [given_places[n] for n in shortest_way(start, given_places)])
    greedy, left = [start], list(given_places)
    while left:
        left.remove(nearest := min(left, key=lambda place: float(distance_m(*greedy[-1], *place))))
        greedy.append(nearest)
    best = min(length_m(start, order) for order in permutations(given_places))
    assert best - 1e-3 <= found <= length_m(start, greedy[1:]) + 1e-3
    assert found <= 1.5 * best + 1e-3


def test_legs_are_measured_from_where_one_comes_from() -> None:
    assert legs_m(None, STREET[:1]) == [0.0]
    assert legs_m(STREET[0], STREET[1:3]) == pytest.approx([101.1, 101.1], abs=0.2)
    assert legs_m(None, []) == []
    assert shortest_way(None, []) == []
