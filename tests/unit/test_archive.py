"""How premises stand after what the register and workers say of them, in whatever order that comes."""

from datetime import UTC, datetime, timedelta
from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from ingest.contract.messages import ArchivePart, Datum, PhotoRef, Result
from ingest.domain.archive import Latest, Register, Seen, Spot, changes, joined, reworded, standing
from ingest.domain.archive_steps import found, found_id, judged, visited
from ingest.domain.facts import Inspection, PremisesFound
from tests import tiny

NOW = datetime(2026, 11, 27, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
REGISTER = Register("recorded", "甲村一号", ["餐饮", "校园周边"], 118.005, 24.605, "G1", tiny.PATH_1)
HERE = Spot(118.006, 24.606, "G1", tiny.PATH_1)


def word(value, hours: float = 0, by: str = "W1", cause: str = "v1"):
    return Latest(value, NOW + hours * HOUR, by, cause)


words = st.builds(
    word,
    st.sampled_from(["in_business", "closed", "moved"]),
    st.integers(0, 3),
    st.sampled_from(["W1", "W2"]),
    st.sampled_from(["a", "b"]),
)
seens = st.builds(
    Seen,
    status=st.none() | words,
    sign=st.none() | words,
    tags=st.dictionaries(
        st.sampled_from(["夜间经营", "餐饮"]), st.builds(word, st.booleans(), st.integers(0, 3)), max_size=2
    ),
)


@given(st.lists(seens, max_size=5), st.randoms())
def test_in_whatever_order_and_however_often_reports_come_the_premises_stand_the_same(told, random) -> None:
    again = told + random.choices(told, k=3) if told else []
    random.shuffle(again)
    ends = [standing(REGISTER, reduce(joined, some, Seen())) for some in (told, again)]
    assert ends[0] == ends[1]


def test_what_nobody_has_seen_stands_as_registered() -> None:
    after = standing(REGISTER, Seen())
    assert (after.status, after.tags, after.lon, after.verified_at) == (
        *("recorded", ["餐饮", "校园周边"], 118.005, None),
    )


def test_an_older_report_does_not_overwrite_a_newer_one() -> None:
    seen = joined(Seen(status=word("closed", 1)), Seen(status=word("in_business", 0), spot=word(HERE, 0)))
    after = standing(REGISTER, seen)
    assert (after.status, after.lon, after.verified_by) == ("closed", 118.006, "W1")
    assert after.verified_at == NOW + HOUR


def test_the_registers_tags_are_added_to_and_taken_from() -> None:
    seen = Seen(tags={"餐饮": word(False, 1), "夜间经营": word(True, 2), "网络餐饮": word(False, 3)})
    assert standing(REGISTER, seen).tags == ["校园周边", "夜间经营"]


def test_a_register_that_says_the_same_again_overwrites_nothing() -> None:
    seen = Seen(status=word("moved"), spot=word(HERE))
    again = reworded(REGISTER, REGISTER, NOW + HOUR)
    assert standing(again, seen) == standing(REGISTER, seen)


def test_a_status_that_the_register_changes_after_a_visit_counts_and_one_before_it_does_not() -> None:
    closed = replace(REGISTER, status="closed")
    seen = Seen(status=word("in_business"))
    assert standing(reworded(REGISTER, closed, NOW + HOUR), seen).status == "closed"
    assert standing(reworded(REGISTER, closed, NOW - HOUR), seen).status == "in_business"


def test_other_coordinates_for_the_same_address_do_not_move_what_a_worker_has_found() -> None:
    seen = Seen(spot=word(HERE))
    guessed = reworded(REGISTER, replace(REGISTER, lon=118.1), NOW + HOUR)
    assert standing(guessed, seen).lon == 118.006
    moved = reworded(REGISTER, replace(REGISTER, lon=118.1, address="乙村九号"), NOW + HOUR)
    assert standing(moved, seen).lon == 118.1


def test_a_change_is_named_with_what_was_before() -> None:
    before = standing(REGISTER, Seen())
    assert changes(before, standing(REGISTER, Seen(status=word("moved"), phone=word("1")))) == {
        "status": ("recorded", "moved"),
        "phone": (None, "1"),
    }


def inspection(**changed) -> Inspection:
    fact = Inspection(
        district=tiny.DISTRICT, kind="worker", device_id="W1", id="v1", ts=NOW, at=NOW,
        received_at=NOW + HOUR, raw_lon=118.006, raw_lat=24.606, lon=118.006, lat=24.606,
        datum=Datum.WGS84, grid_id="G1",
        premises_id="P1", started=NOW, ended=NOW, result=Result.NORMAL, items=[], severity=None,
        photos=[PhotoRef("0" * 64, 1)], task_id="T1",
    )  # fmt: skip
    return replace(fact, **changed)


def test_a_visit_that_says_where_the_premises_stand_is_their_spot_with_its_evidence() -> None:
    part = ArchivePart(status="in_business", here=True, tags_added=["夜间经营"], sign="甲味")
    seen, event = visited(inspection(archive=part), tiny.roster())
    assert seen.spot is not None
    assert (seen.spot.value.lon, seen.spot.value.grid_id) == (118.006, "G1")
    assert event.said == {
        "status": "in_business",
        "here": True,
        "tags_added": ["夜间经营"],
        "sign": "甲味",
    }
    assert event.evidence == {"lon": 118.006, "lat": 24.606, "photos": ["0" * 64], "task_id": "T1"}


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"mock": True}, "mock_place"),
        ({"accuracy_m": 500.0}, "vague_place"),
        ({"grid_id": None}, "outside_place"),
        ({"archive": ArchivePart(status="not_found", here=True)}, "not_there"),
    ],
)
def test_a_position_that_proves_nothing_moves_no_premises_and_the_rest_counts(changed, code) -> None:
    part = ArchivePart(status="in_business", here=True)
    seen, event = visited(inspection(**{"archive": part, **changed}), tiny.roster())
    assert (seen.spot, event.irregular) == (None, code)
    assert seen.status is not None


def test_nothing_is_newer_than_the_message_that_tells_of_it() -> None:
    part = ArchivePart(status="closed")
    seen, _ = visited(inspection(archive=part, ended=NOW + 20 * HOUR), tiny.roster())
    assert seen.status == Latest("closed", NOW + HOUR, "W1", "v1")


def report(**changed) -> PremisesFound:
    fact = PremisesFound(
        district=tiny.DISTRICT, kind="worker", device_id="W1", id="f1", ts=NOW, at=NOW, received_at=NOW,
        raw_lon=118.001, raw_lat=24.601, lon=118.001, lat=24.601, datum=Datum.WGS84, grid_id="G1",
        name="新小店", category="餐饮服务", status="in_business", tags=["夜间经营"],
    )  # fmt: skip
    return replace(fact, **changed)


def test_premises_found_have_an_id_of_their_message_and_stand_where_it_was_sent_from() -> None:
    premises_id = found_id(report())
    assert premises_id == found_id(report(name="another"))
    assert premises_id != found_id(report(id="f2"))
    seen, event = found(report(mock=True), premises_id, tiny.roster())
    after = standing(None, seen)
    assert (after.status, after.lon, after.tags, event.irregular) == (
        *("in_business", 118.001, ["夜间经营"], "mock_place"),
    )


def test_premises_found_that_are_on_record_all_the_same_keep_their_name() -> None:
    seen, _ = found(report(), "P1", tiny.roster())
    after = standing(REGISTER, seen)
    assert (after.sign, after.lon, after.status) == ("新小店", 118.001, "in_business")


def test_a_late_word_that_changes_nothing_is_told_as_overtaken() -> None:
    older, event = visited(inspection(archive=ArchivePart(status="moved")), tiny.roster())
    newer = Seen(status=word("closed", 1))
    before = standing(REGISTER, newer)
    late = judged(event, before, standing(REGISTER, joined(newer, older)))
    assert (late.irregular, late.changes) == ("overtaken", {})
    first = judged(event, standing(REGISTER, Seen()), standing(REGISTER, older))
    assert (first.irregular, first.changes) == (None, {"status": ("recorded", "moved")})
