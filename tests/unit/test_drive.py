"""A vehicle's round: the same whoever asks, without jumps, also when it is sent away and sent again."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.domain.geo import distance_m
from simulators.drive import DRIVE_MPS, ON_THE_SPOT_S, Drive

SPOTS = [(118.00, 24.60), (118.02, 24.60), (118.02, 24.62), (118.01, 24.61)]
START = 1_795_312_800.0

Sent = list[tuple[float, float, float]]
orders = st.lists(
    st.tuples(st.floats(1, 2_000), st.floats(118.0, 118.03), st.floats(24.6, 24.63)), max_size=4
)


def drive() -> Drive:
    return Drive(1, "V1", SPOTS)


def test_a_vehicle_without_a_spot_stops_the_start() -> None:
    with pytest.raises(ValueError, match="V1 has nowhere to go"):
        Drive(1, "V1", [])


@given(orders)
def test_wherever_it_is_sent_it_never_drives_faster_than_it_can(
    sent: Sent,
) -> None:
    vehicle, now = drive(), START
    for after, lon, lat in sent:
        now += after
        vehicle.send(now, (lon, lat))
    before = vehicle.position(START)
    for at in range(10, 12_000, 10):
        here = vehicle.position(START + at)
        assert distance_m(before.lon, before.lat, here.lon, here.lat) <= 10 * DRIVE_MPS * 1.01
        before = here


@given(orders)
def test_it_gets_to_where_it_was_sent_last_stays_and_goes_on_with_its_round(
    sent: Sent,
) -> None:
    vehicle, plain, now = drive(), drive(), START
    for after, lon, lat in sent:
        now += after
        way = vehicle.send(now, (lon, lat))
        there = vehicle.position(way.arrives + ON_THE_SPOT_S / 2)
        assert (there.lon, there.lat, there.speed_mps) == (lon, lat, 0.0)
    rounds = {(round(p.lon, 4), round(p.lat, 4)) for t in range(9_000) if (p := plain.position(START + t))}
    later = [vehicle.position(now + 12_000 + t) for t in range(0, 600, 50)]
    assert {(round(p.lon, 4), round(p.lat, 4)) for p in later} <= rounds


@given(orders, st.sampled_from([7.0, 60.0, 900.0]))
def test_it_says_of_each_start_and_stop_once_in_whatever_steps_it_is_asked(sent: Sent, step: float) -> None:
    vehicle, now = drive(), START
    for after, lon, lat in sent:
        now += after
        vehicle.send(now, (lon, lat))
    whole = list(vehicle.stops(START, START + 9_000))
    ends = [START + step * number for number in range(int(9_000 / step) + 2)]
    parts = [one for since, until in pairwise(ends) for one in vehicle.stops(since, until)]
    assert [one for one in parts if one[0] <= START + 9_000] == whole
    for (at, moves), (following, _) in pairwise(whole):
        if following - at > 1:
            assert (vehicle.position(at + 0.5).speed_mps > 0) is moves
