"""Which alerts are one incident: each in exactly one, whatever the order in which a batch brings them."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ingest.contract.messages import Severity
from ingest.domain.grouping import Gathering, Ringing, group
from ingest.domain.handling import Handling
from tests.tiny import PATH_1, PATH_2, PATH_3

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HANDLING = Handling(join=10 * MINUTE, storm_subjects=4, arrive_m=100)


def alert(number, minute=0.0, subject=None, path=PATH_1, rule="device_silent", severity="general"):
    at = NOW + minute * MINUTE
    subject = subject or f"device:C{number}"
    return Ringing(f"a{number:02}", rule, subject, Severity(severity), path, None, None, None, at)


def opened(incident_id="old", minute=0.0, subjects=1, quiet=None, path=PATH_1, rule="device_silent"):
    """`quiet`: what has rung there, and since which minute it is quiet (None: it is not)."""
    section = "/".join(path.split("/")[:4])
    about = {one: None if since is None else NOW + since * MINUTE for one, since in (quiet or {}).items()}
    return Gathering(incident_id, rule, section, subjects, NOW + minute * MINUTE, about)


def grouped(alerts, gathering=()):
    return {one.incident_id: [a.alert_id for a in one.alerts] for one in group(alerts, gathering, HANDLING)}


def test_few_alerts_of_different_subjects_are_incidents_of_their_own():
    assert grouped([alert(1), alert(2), alert(3)]) == {"a01": ["a01"], "a02": ["a02"], "a03": ["a03"]}


def test_a_storm_in_one_section_is_one_incident_led_by_its_first_alert():
    storm = [alert(number, 9 - number, path=(PATH_1, PATH_2)[number % 2]) for number in range(1, 9)]
    assert grouped(storm) == {"a08": [f"a0{number}" for number in range(8, 0, -1)]}


def test_a_storm_does_not_reach_into_another_section_or_rule():
    storm = [alert(number) for number in range(1, 5)]
    others = [alert(8, path=PATH_3), alert(9, rule="left_grid")]
    assert grouped([*storm, *others]) == {"a01": ["a01", "a02", "a03", "a04"], "a08": ["a08"], "a09": ["a09"]}


def test_alerts_far_apart_in_time_are_no_storm():
    assert len(grouped([alert(number, number * 11) for number in range(1, 9)])) == 8


def test_a_repeat_joins_the_incident_that_is_open_and_one_too_long_after_does_not():
    again = alert(2, 60, "device:C1")
    assert grouped([again], [opened(quiet={"device:C1": 51})]) == {"old": ["a02"]}
    assert grouped([again], [opened(quiet={"device:C1": 49})]) == {"a02": ["a02"]}
    assert grouped([again], [opened(quiet={"device:C1": 51}, rule="left_grid")]) == {"a02": ["a02"]}
    assert grouped([again], [opened(quiet={"device:C1": 51}, path=PATH_3)]) == {"old": ["a02"]}
    assert grouped([alert(1), alert(2, 9, "device:C1")]) == {"a01": ["a01", "a02"]}


def test_the_levels_that_are_called_about_a_clue_are_one_incident():
    village, town = (alert(n, n * 30, f"clue:k:{level}") for n, level in enumerate(("village", "town")))
    assert grouped([town], [opened(quiet={"clue:k": None})]) == {"old": ["a01"]}
    assert grouped([village, alert(2, 1, "clue:j:village")]) == {"a00": ["a00"], "a02": ["a02"]}


def test_what_goes_on_joins_the_storm_that_is_open():
    assert grouped([alert(1, 3), alert(2, 4)], [opened(subjects=40)]) == {"old": ["a01", "a02"]}
    assert grouped([alert(1, 3)], [opened(subjects=2)]) == {"a01": ["a01"]}
    assert grouped([alert(1, 3), alert(2, 3)], [opened("x"), opened("y", subjects=2)]) == {
        "y": ["a01", "a02"]
    }


def test_a_device_that_repeats_itself_is_no_storm():
    flaps = [alert(number, number, "device:C1") for number in range(1, 9)]
    assert grouped([*flaps, alert(20, 5)]) == {
        "a01": [f"a0{number}" for number in range(1, 9)],
        "a20": ["a20"],
    }


def test_a_group_is_as_bad_as_its_worst_alert():
    storm = [alert(number, severity=("general", "major")[number == 3]) for number in range(1, 5)]
    assert [one.worst for one in group(storm, [], HANDLING)] == [Severity.MAJOR]


ALERTS = st.lists(
    st.builds(
        alert,
        st.integers(0, 30),
        st.integers(0, 40),
        st.sampled_from([f"device:C{number}" for number in range(8)]),
        st.sampled_from([PATH_1, PATH_2, PATH_3]),
        st.sampled_from(["device_silent", "left_grid"]),
    ),
    max_size=25,
    unique_by=lambda alert: alert.alert_id,
)
OPEN = st.lists(
    st.builds(
        opened,
        st.sampled_from(["x", "y", "z"]),
        st.integers(-5, 40),
        st.integers(1, 5),
        st.dictionaries(
            st.sampled_from([f"device:C{number}" for number in range(8)]),
            st.sampled_from([None, 5, 30]),
            max_size=2,
        ),
    ),
    max_size=3,
    unique_by=lambda one: one.incident_id,
)


@given(st.data(), ALERTS, OPEN)
def test_every_alert_is_in_exactly_one_group_whatever_the_order_and_however_often(data, alerts, gathering):
    whole = grouped(alerts, gathering)
    told = [alert_id for ids in whole.values() for alert_id in ids]
    assert sorted(told) == sorted(alert.alert_id for alert in alerts)
    assert set(whole) <= {one.incident_id for one in gathering} | {ids[0] for ids in whole.values()}
    shuffled = data.draw(st.permutations([*alerts, *alerts[:5]]))
    assert grouped(shuffled, data.draw(st.permutations(gathering))) == whole


@given(ALERTS)
def test_a_storm_makes_few_incidents_in_however_many_batches_it_comes(alerts):
    """Batch after batch, each group joining what is open by then: no section has more incidents than it takes
    subjects to be a storm, as long as all of it is near in time."""
    near = [alert(number, 0, one.subject, one.path, one.rule) for number, one in enumerate(alerts)]
    kept: dict[str, list[Ringing]] = {}
    for start in range(0, len(near), 3):
        batch = near[start : start + 3]
        now = [_gathering(incident_id, held, batch) for incident_id, held in kept.items()]
        for one in group(batch, now, HANDLING):
            kept.setdefault(one.incident_id, []).extend(one.alerts)
    assert sorted(a.alert_id for held in kept.values() for a in held) == [a.alert_id for a in near]
    places = [(held[0].rule, held[0].section) for held in kept.values()]
    assert all(places.count(place) <= HANDLING.storm_subjects for place in places)


def _gathering(incident_id, held, batch):
    subjects = {one.about for one in held}
    about = dict.fromkeys(subjects & {one.about for one in batch})
    latest = max(one.raised_at for one in held)
    return Gathering(incident_id, held[0].rule, held[0].section, len(subjects), latest, about)
