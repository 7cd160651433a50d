"""A simulated day has enough of every danger for every rule, and of none so much that it is no danger."""

from collections import Counter
from datetime import date
from itertools import groupby

import pytest

from simulators.__main__ import build
from simulators.devices.bodycam import Bodycam
from simulators.devices.camera import EVENTS
from simulators.devices.phone import Phone
from simulators.faults import NO_FAULTS, Rates, is_ill, is_out
from simulators.files import read_world
from simulators.roster import RESTERS
from simulators.tour import Purpose
from simulators.town import Town
from simulators.world import WORLDS, grow

START = 1_795_312_800.0  # 2026-11-22 10:00 in Xiamen
DAY_S = 86_400


@pytest.fixture(scope="module")
def town(tmp_path_factory) -> Town:
    directory = tmp_path_factory.mktemp("jimei")
    grow(WORLDS["jimei"], directory, date(2026, 11, 22))
    return Town(read_world(directory), START)


@pytest.fixture(scope="module")
def devices(town):
    return build(town, NO_FAULTS)


def test_bodycams_feel_falls_and_run_out_of_storage(devices):
    told = Counter(
        event
        for bodycam in devices
        if isinstance(bodycam, Bodycam)
        for _, event in bodycam._events(START, START + DAY_S)
    )
    assert told["fall"] == pytest.approx(12, abs=1)
    for event in ("storage_low", "storage_full", "docked", "media_uploaded"):
        assert told[event] == pytest.approx(24, abs=2)


def test_a_bodycam_is_first_short_of_storage_then_full_then_emptied_whoever_asks_when(devices):
    story = ["storage_low", "storage_full", "docked", "media_uploaded"]
    told = []
    for bodycam in [one for one in devices if isinstance(one, Bodycam)][:20]:
        whole = sorted(bodycam._events(START, START + 3 * DAY_S))
        pieces = [
            event
            for hour in range(0, 72)
            for event in sorted(bodycam._events(START + 3600 * hour, START + 3600 * (hour + 1)))
        ]
        assert pieces == whole
        told.append([event for _, event in whole if event in story])
    assert max(map(len, told)) >= 4
    for one in told:
        first = story.index(one[0]) if one else 0
        assert one == [story[(first + n) % 4] for n in range(len(one))]


def test_few_batteries_run_nearly_empty(devices):
    drained, times = 0, 0
    for device in devices:
        levels = [device._battery(START + 600 * step) for step in range(DAY_S // 600)]
        if None not in levels:
            times += 3
            drained += sum(low for low, _ in groupby(level < 15 for level in levels))
            assert min(levels) >= 3
    assert drained / times == pytest.approx(0.03, abs=0.02)
    assert drained >= 5


def test_few_workers_stay_in_one_place_for_more_than_an_hour_on_duty(town):
    longest = {
        worker_id: max(
            one.ends - one.arrives
            for one in walk.rounds(START, START + DAY_S)
            if one.stop.purpose is not Purpose.BREAK
        )
        for worker_id, walk in town.walks.items()
    }
    resting = [worker_id for worker_id, seconds in longest.items() if seconds > 3_700]
    assert len(resting) == round(RESTERS * 77)


def test_few_phones_are_offline_for_long_and_most_outages_are_short(town):
    outage = Rates().outages["worker"]
    lasted = []
    for worker_id, walk in town.walks.items():
        out = [is_out(outage, worker_id, walk.rank, walk.crew, START + 30 * step) for step in range(2880)]
        lasted += [30 * len(list(run)) for is_off, run in groupby(out) if is_off]
    assert len(lasted) == pytest.approx(24 * 77, rel=0.05)
    long = [seconds for seconds in lasted if seconds > 900]
    assert 5 <= len(long) <= 40
    assert max(long) <= 2_430


def test_who_is_ill_says_so_does_nothing_and_takes_no_order(town):
    ill = [walk for walk in town.walks.values() if is_ill(Rates(), walk.rank)]
    assert len(ill) == 2
    assert not any(is_ill(NO_FAULTS, walk.rank) for walk in town.walks.values())
    phone = Phone(town, ill[0].worker_id, rates=Rates())
    messages = phone.due(START + 7_200)
    assert [message.stream for message in messages] == ["duty", "state"]
    assert b'"on":false' in messages[0].payload
    phone.receive(b"{}", START + 7_200)
    bodycam, printer = (
        next(one for one in build(town, Rates()) if one.kind == kind and one.rank == ill[0].rank)
        for kind in ("bodycam", "printer")
    )
    assert {message.stream for one in (bodycam, printer) for message in one.due(START + 7_200)} == {"state"}


def test_cameras_see_every_danger_now_and_then():
    hourly = 120 * 3600 / 90
    for danger in ("fire", "smoke", "crowd", "intrusion", "tamper"):
        assert 1 <= EVENTS[danger] * hourly <= 10
