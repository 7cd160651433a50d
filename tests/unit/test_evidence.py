"""What each test of a visit's evidence says, and what they come to together."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from ingest.domain.claim import Claim, Colleague, Companion, Fix, Picture, Sighting, Stay
from ingest.domain.evidence import Says, Verdict, truth
from ingest.evidence import TESTS

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HERE = (118.0, 24.6)
METRE = 1 / 111_195
FOUR_MINUTES = timedelta(minutes=4)


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


def fix(second: float, north_m: float = 0.0, **said: object) -> Fix:
    """A position so many seconds after noon, so far north of the premises, trembling as receivers do."""
    lat = HERE[1] + (north_m + second % 7) * METRE
    found = {"raw_lon": HERE[0], "raw_lat": lat, "accuracy_m": 8.0, "provider": "gps"} | said
    return Fix(NOON + seconds(second), HERE[0], lat, **found)


def track(
    north_m: float = 0.0, since: int = -600, until: int = 840, every: int = 10, **said: object
) -> tuple[Fix, ...]:
    return tuple(fix(second, north_m, **said) for second in range(since, until, every))


HONEST = Claim(
    "W1", "v1", "P1", NOON, NOON + FOUR_MINUTES, *HERE, *HERE,
    items=4, accuracy_m=8.0, place=HERE, place_seen=True, usual_s=240, track=track(),
)  # fmt: skip


def said(visit: Claim, test: str) -> tuple[str, Says]:
    [found] = [one for one in truth(visit, TESTS).verdicts if one.test == test]
    return found.code, found.says


def percent(visit: Claim) -> int:
    return truth(visit, TESTS).percent


def stay(since: float, until: float, north_m: float) -> Stay:
    """A visit of P2, so many seconds from noon."""
    return Stay("P2", NOON + seconds(since), NOON + seconds(until), HERE[0], HERE[1] + north_m * METRE)


def north(metres: float) -> dict[str, float]:
    return {"lat": HERE[1] + metres * METRE, "raw_lat": HERE[1] + metres * METRE}


def test_an_honest_visit_is_borne_out():
    assert percent(HONEST) > 95
    assert [one.test for one in truth(HONEST, TESTS).verdicts if one.says is Says.CONTRADICTS] == []


CASES = {
    "its log is from home": (replace(HONEST, track=track(1500), **north(1500)), "presence", "seen_elsewhere"),
    "the phone was at home": (replace(HONEST, track=track(1500)), "presence", "seen_elsewhere"),
    "the phone was passed elsewhere": (
        replace(HONEST, track=track(900, until=-20) + track(900, since=260)), "presence", "passed_elsewhere",
    ),
    "the phone rode past": (
        replace(HONEST, track=track(800, until=110) + track(since=110, until=130) + track(800, since=130)),
        "dwell", "not_stayed",
    ),
    "two far places from one spot": (replace(HONEST, from_here=2), "spot", "all_from_here"),
    "it overlaps another": (
        replace(HONEST, before=stay(-240, 60, 900)),
        "way", "two_places_at_once",
    ),
    "it comes too soon after another": (
        replace(HONEST, before=stay(-240, -20, 3000)),
        "way", "too_fast",
    ),
    "another comes too soon after it": (
        replace(HONEST, after=stay(250, 400, 3000)),
        "way", "too_fast",
    ),
    "the track jumps": (
        replace(HONEST, track=track(until=300) + track(4000, since=300, until=500) + track(since=500)),
        "jumps", "jumped",
    ),
    "the phone owns up to mock positions": (replace(HONEST, track=track(mock=True)), "made_up", "mock"),
    "the log does": (replace(HONEST, mock=True), "made_up", "mock"),
    "its coordinates are another's": (replace(HONEST, same_elsewhere=1), "made_up", "same_elsewhere"),
    "its coordinates never change": (replace(HONEST, same_here=3), "made_up", "same_again"),
    "a photo is old": (
        replace(HONEST, pictures=(Picture("a", NOON + seconds(60), used="v0"),)), "pictures", "used_before",
    ),
    "it took five seconds": (replace(HONEST, started=NOON + seconds(235)), "tempo", "ticked_off"),
    "two phones go in one pocket": (
        replace(HONEST, companions=(Companion("W2", 70, 70, 18.0),)), "company", "one_pocket",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_what_speaks_against_a_visit_is_named_and_weighs(case: str):
    visit, test, code = CASES[case]
    assert said(visit, test) == (code, Says.CONTRADICTS)
    assert percent(visit) < percent(HONEST)


@pytest.mark.parametrize(
    ("asks", "colleagues", "expected"),
    [
        (None, (), ("not_asked", Says.NO_DATA)),
        (None, (Colleague("W2", 16, 0, 2000.0),), ("not_asked", Says.NO_DATA)),
        ("officer", (), ("not_heard", Says.NO_DATA)),
        ("officer", (Colleague("F1", 16, 8, 12.0),), ("there", Says.SUPPORTS)),
        ("officer", (Colleague("F1", 16, 7, 12.0),), ("briefly", Says.NO_DATA)),
        ("anybody", (Colleague("W2", 16, 0, 700.0), Colleague("W3", 16, 16, 9.0)), ("there", Says.SUPPORTS)),
        (
            "anybody",
            (Colleague("W2", 16, 0, 700.0), Colleague("W3", 9, 0, 900.0)),
            ("elsewhere", Says.CONTRADICTS),
        ),
    ],
)
def test_a_second_person_is_looked_for_where_one_is_asked_for(
    asks: str | None, colleagues: tuple[Colleague, ...], expected: tuple[str, Says]
):
    visit = replace(HONEST, second=asks, colleagues=colleagues)
    assert said(visit, "second") == expected
    assert percent(visit) > 85  # whoever was there alone was there


@pytest.mark.parametrize(
    "case", [case for case in CASES if case not in ("the phone rode past", "the phone was passed elsewhere")]
)
def test_what_is_decisive_is_doubted_whatever_else_supports_it(case: str):
    camera = Sighting("camera", "C1", NOON + seconds(5), "person", *HERE)
    bodycam = Sighting("bodycam", "B1", NOON + seconds(10), "position", HERE[0], HERE[1] + 400 * METRE)
    visit = replace(CASES[case][0], receipt_at=NOON + FOUR_MINUTES, sightings=(camera, bodycam))
    assert percent(visit) < 35


def test_positions_that_stand_still_and_hop_are_made_up_and_one_that_repeats_itself_is_only_odd():
    def still(since: int, until: int, north_m: float) -> tuple[Fix, ...]:
        spot = HERE[1] + north_m * METRE
        return tuple(
            Fix(NOON + seconds(second), HERE[0], spot, HERE[0], spot, 3.0, "gps")
            for second in range(since, until, 5)
        )

    hopping = replace(HONEST, track=still(-300, 0, 200) + still(0, 300, 0) + still(300, 600, 150))
    assert said(hopping, "made_up") == ("hopped", Says.CONTRADICTS)
    assert percent(hopping) < 35
    walking = tuple(fix(second, 200 - second) for second in range(0, 200, 5))
    resting = replace(HONEST, track=still(-300, 0, 200) + walking + still(200, 400, 0))
    assert said(resting, "made_up") == ("frozen", Says.CONTRADICTS)
    assert percent(resting) > 80


HONEST_WITH = {
    "a phone that is often far off": replace(
        HONEST,
        accuracy_m=180.0,
        track=tuple(fix(n, (n * 37) % 300 - 150, accuracy_m=160.0) for n in range(-600, 840, 10)),
        **north(160),
    ),
    "no position under a metal roof": replace(HONEST, track=track(until=0) + track(since=240)),
    "no position at all": replace(HONEST, track=()),
    "one wild position in the log": replace(HONEST, **north(700)),
    "half the usual time": replace(HONEST, started=NOON + seconds(130)),
    "a log begun at the end, with its photo before": replace(
        HONEST, started=NOON + seconds(230), pictures=(Picture("a", NOON + seconds(60)),)
    ),
    "something found in ten seconds": replace(HONEST, started=NOON + seconds(230), abnormal=True),
    "a wrong clock": replace(HONEST, clock_off_s=700.0),
    "a bodycam left in the office": replace(
        HONEST, sightings=(Sighting("bodycam", "B1", NOON, "position", HERE[0], HERE[1] + 0.05),)
    ),
    "a colleague who is often near": replace(HONEST, companions=(Companion("W2", 70, 60, 120.0),)),
    "a colleague for a quarter of an hour": replace(HONEST, companions=(Companion("W2", 15, 15, 12.0),)),
    "a colleague's phone in the pocket, and the own bodycam on the spot": replace(
        HONEST, companions=(Companion("W2", 70, 70, 18.0),),
        sightings=(Sighting("bodycam", "B1", NOON + seconds(9), "position", *HERE),),
    ),
    "premises that are registered half a kilometre away": replace(
        HONEST, place=(HERE[0], HERE[1] + 500 * METRE), place_seen=False
    ),
    "premises without a place": replace(HONEST, place=None),
    "a receipt that never came": replace(HONEST, receipt_no="1"),
    "the visit next door just before": replace(
        HONEST, before=stay(-240, -5, 30)
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", HONEST_WITH)
def test_an_honest_visit_is_not_doubted_for(case: str):
    assert percent(HONEST_WITH[case]) >= 70


@given(st.lists(st.sampled_from([*CASES.values()]), max_size=4), st.randoms())
def test_the_order_of_the_tests_changes_nothing_and_each_says_one_thing(cases, dice):
    visit = cases[0][0] if cases else HONEST
    shuffled = [*TESTS]
    dice.shuffle(shuffled)
    found = truth(visit, shuffled)
    assert found == truth(visit, TESTS)
    assert len({one.test for one in found.verdicts}) == len(TESTS)
    assert all((one.says is Says.NO_DATA) == (one.weight == 0) for one in found.verdicts)


def test_what_supports_counts_no_more_when_something_decisive_contradicts():
    good = [lambda visit, n=n: Verdict(f"good{n}", "x", 1.0) for n in range(9)]
    assert truth(HONEST, good).percent == 100
    assert truth(HONEST, [*good, lambda visit: Verdict("bad", "x", -4.0)]).percent == 27
