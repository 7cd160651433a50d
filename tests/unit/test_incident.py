"""An incident's life as a timeline, and in every other order in which its events may arrive."""

import dataclasses
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from ingest.contract.messages import STAGES, Severity
from ingest.domain.escalation import Awaited, Escalation, EscalationRule
from ingest.domain.facts import Ping
from ingest.domain.grouping import Group, Ringing
from ingest.domain.incident import (
    INCIDENT_OVER,
    Incident,
    IncidentDetails,
    IncidentEvent,
    IncidentHappened,
    IncidentState,
    Sent,
)
from ingest.domain.incident_replay import replay_incident
from ingest.domain.incident_steps import aggravated, escalated, may_pass, opened, passed, replied, seen
from tests import tiny
from tests.tiny import DISTRICT, PATH_1

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LONG_AGO = date(2000, 1, 1)
MINUTES = {Severity.GENERAL: 30.0, Severity.SERIOUS: 10.0, Severity.MAJOR: 2.0}
RULES = [
    EscalationRule(severity, step, minutes, LONG_AGO)
    for severity, minutes in MINUTES.items()
    for step in Awaited
]
HERE = dataclasses.replace(tiny.roster(), escalation=Escalation(RULES, tiny.roster().tz))


def ringing(number=1, severity="general", path=PATH_1, place=(118.005, 24.605)):
    lon, lat = place
    subject = f"device:B{number}"
    severity = Severity(severity)
    return Ringing(f"a{number}", "bodycam_sos", subject, severity, path, "G1", lon, lat, NOW - MINUTE)


class Life:
    """An incident and what happens to it, as ingest lets it happen."""

    def __init__(self, severity="general", **said):
        alert = ringing(severity=severity, **said)
        self.incident, first = opened(Group(alert.alert_id, [alert]), HERE, NOW)
        self.events = [first]

    @property
    def now(self) -> Incident:
        return replay_incident(self.incident, self.events).incident

    @property
    def state(self) -> IncidentState:
        return self.now.state

    @property
    def irregular(self):
        return [
            step.irregular for step in replay_incident(self.incident, self.events).steps if step.irregular
        ]

    def happen(self, kind, minute, actor="li", **details):
        at = NOW + minute * MINUTE
        due = {"due": HERE.escalation.due(_AWAITED_AFTER.get(kind), self.now.severity, at)} | details
        said = (DISTRICT, self.incident.incident_id, at, kind, actor, f"c{minute}", IncidentDetails(**due))
        self.events.append(IncidentEvent(*said))
        return self

    def acknowledge(self, minute, actor="li"):
        return self.happen(IncidentHappened.ACKNOWLEDGED, minute, actor)

    def send(self, minute, *who, kind="worker"):
        at = NOW + minute * MINUTE
        to = [Sent(kind, one, f"o-{one}-{minute}", "go_to", at) for one in who]
        return self.happen(IncidentHappened.DISPATCHED, minute, to=to)

    def sent(self, who):
        return next(one for one in reversed(self.now.sent) if one.id == who)

    def reply(self, who, stage, minute):
        at, sent = NOW + minute * MINUTE, self.sent(who)
        event = replied(self.now, sent, at, f"{who}{minute}", stage, None, HERE)
        self.events += [event] if event else []
        return self

    def ping(self, who, minute, lon=118.005, lat=24.605, **said):
        at = NOW + minute * MINUTE
        ping = Ping(
            **{"district": DISTRICT, "kind": "worker", "device_id": who, "id": f"p{minute}"},
            **{"ts": at, "at": at, "received_at": at, "raw_lon": lon, "raw_lat": lat, "lon": lon, "lat": lat},
            **said,
        )
        event = seen(self.now, self.sent(who), ping, HERE)
        self.events += [event] if event else []
        return self

    def wait(self, minute):
        event = escalated(self.now, HERE, NOW + minute * MINUTE)
        self.events += [event] if event else []
        return self


_AWAITED_AFTER = {
    IncidentHappened.ACKNOWLEDGED: Awaited.DISPATCH,
    IncidentHappened.DISPATCHED: Awaited.ARRIVE,
    IncidentHappened.REOPENED: Awaited.DISPATCH,
}


def minute_of(at):
    return (at - NOW) / MINUTE


def test_from_the_alarm_to_a_person_on_the_spot_and_to_its_end():
    life = Life("major")
    assert (life.state, life.now.unit, minute_of(life.now.due_at)) == ("raised", "350299/01/01/01", 2)
    life.acknowledge(1)
    assert (life.state, life.now.acknowledged_by, minute_of(life.now.due_at)) == ("acknowledged", "li", 3)
    life.send(2, "W1")
    assert (life.state, minute_of(life.now.dispatched_at), minute_of(life.now.due_at)) == ("dispatched", 2, 4)
    life.reply("W1", "on_the_way", 3)
    assert (life.state, minute_of(life.now.on_the_way_at), minute_of(life.now.due_at)) == ("on_the_way", 3, 4)
    life.ping("W1", 4)
    assert (life.state, life.now.on_the_spot_by, life.now.due_at) == ("on_the_spot", "W1", None)
    assert minute_of(life.now.proved_at) == minute_of(life.now.on_the_spot_at) == 4
    life.happen(IncidentHappened.RESOLVED, 9, text="已处置")
    assert (life.state, life.now.reason, life.now.ended_by) == ("resolved", "已处置", "li")
    assert not life.irregular


def test_the_second_to_acknowledge_is_told_who_was_first():
    life = Life().acknowledge(1, "li").acknowledge(2, "wang")
    assert (life.now.acknowledged_by, life.irregular) == ("li", ["already_acknowledged: li"])


@pytest.mark.parametrize("severity", Severity)
def test_each_step_that_is_late_calls_the_next_level_up_to_the_bureau(severity):
    life, wait = Life(severity), MINUTES[severity]
    for number, unit in enumerate(("350299/01/01", "350299/01", "350299"), 1):
        assert life.wait(number * wait).now.level == 5 - number, "not before its time is over"
        assert life.wait(number * wait + 0.001 * number).now.unit == unit
    assert life.wait(10_000).now.level == 1, "above the bureau there is nobody"


def test_whoever_takes_it_up_has_time_for_the_next_step_and_the_level_stays():
    life = Life("serious").wait(11).acknowledge(15)
    assert (life.now.level, minute_of(life.now.due_at)) == (3, 25)
    life.send(20, "W1")
    assert (life.wait(29).now.level, life.wait(31).now.level) == (3, 2)
    assert life.ping("W1", 33).wait(100).now.level == 2


def test_an_escalation_that_names_no_step_is_none_even_when_nothing_is_awaited():
    life = Life("serious").happen(IncidentHappened.RESOLVED, 0)
    life.happen(IncidentHappened.ESCALATED, 1, due=NOW + 4 * MINUTE, level=1)
    assert (life.now.due_at, life.now.escalated_at, life.irregular) == (None, None, [])


def test_an_escalation_was_none_if_the_step_is_heard_of_late_to_have_been_in_time():
    life = Life("major").acknowledge(1).send(2, "W1").wait(5)
    assert life.now.level == 3
    life.ping("W1", 3)
    assert (life.now.level, life.now.escalated_at, life.irregular) == (4, None, [])


def test_what_becomes_worse_leaves_less_time():
    life = Life()
    worse = aggravated(life.now, Severity.MAJOR, "a2", HERE, NOW + 5 * MINUTE)
    assert worse is not None
    assert aggravated(life.now, Severity.GENERAL, "a2", HERE, NOW) is None
    life.events.append(worse)
    assert (life.now.severity, minute_of(life.now.due_at)) == (Severity.MAJOR, 7)
    late = Life("general").acknowledge(1)
    late.events.append(
        replace(worse, at=NOW + 28 * MINUTE, params=replace(worse.params, due=NOW + 40 * MINUTE))
    )
    assert minute_of(late.now.due_at) == 31, "but never more"


def test_an_arrival_that_only_the_phone_tells_is_unproved_until_a_position_shows_it():
    life = Life().acknowledge(1).send(2, "W1").reply("W1", "arrived", 3)
    assert (life.state, life.now.proved_at) == ("on_the_spot", None)
    life.ping("W1", 5)
    assert (minute_of(life.now.on_the_spot_at), minute_of(life.now.proved_at)) == (3, 5)


@pytest.mark.parametrize(
    "said",
    [
        {"minute": 1},
        {"minute": 3, "lon": 118.007},
        {"minute": 3, "mock": True},
        {"minute": 3, "accuracy_m": 2000.0},
    ],
    ids=["before being sent", "too far", "faked", "vague"],
)
def test_a_position_that_proves_nothing_changes_nothing(said):
    life = Life().send(2, "W1").ping("W1", **said)
    assert (life.state, len(life.events)) == ("dispatched", 2)


def test_an_incident_without_a_place_is_reached_by_word_alone():
    life = Life(place=(None, None)).send(2, "W1").ping("W1", 3)
    assert life.state == "dispatched"
    assert life.reply("W1", "arrived", 4).state == "on_the_spot"


def test_whoever_sends_somebody_or_ends_it_has_thereby_acknowledged_it():
    assert Life().send(2, "W1").now.acknowledged_by == "li"
    ended = Life().happen(IncidentHappened.FALSE_ALARM, 3, text="误触").now
    assert (ended.state, ended.acknowledged_by, ended.reason) == ("false_alarm", "li", "误触")


def test_when_all_who_were_sent_decline_somebody_else_is_to_be_sent():
    life = Life("serious").send(1, "W1", "W2").reply("W1", "refused", 2)
    assert life.state == "dispatched"
    life.reply("W2", "failed", 3)
    assert (life.state, minute_of(life.now.due_at)) == ("acknowledged", 13)
    assert life.send(4, "W1").state == "dispatched"
    assert minute_of(life.now.dispatched_at) == 1, "an instant is that of the first time"
    assert not life.irregular


def test_nobody_is_sent_twice_while_they_are_under_way():
    life = Life().send(1, "W1").send(2, "W1")
    assert (len(life.now.sent), life.irregular) == (1, ["already_dispatched"])
    life.send(3, "W1", "W2")
    assert [one.id for one in life.now.sent] == ["W1", "W2"]


def test_what_a_phone_says_moves_only_forward_and_a_step_back_is_none():
    life = Life().send(1, "W1").reply("W1", "arrived", 3).reply("W1", "on_the_way", 4)
    assert (life.state, life.sent("W1").stage) == ("on_the_spot", "arrived")
    life.reply("W1", "done", 5)
    assert (life.state, life.sent("W1").is_open) == ("on_the_spot", False)


def test_a_phone_whose_clock_is_slow_does_not_go_before_being_sent():
    life = Life().send(2, "W1").reply("W1", "on_the_way", 1)
    assert (life.state, life.irregular) == ("on_the_way", [])


def test_the_word_of_somebody_who_was_not_sent_does_not_count():
    life = Life().acknowledge(1)
    stranger = Sent("worker", "W9", "o9", "go_to", NOW)
    event = replied(life.now, stranger, NOW + 2 * MINUTE, "x", "arrived", None, HERE)
    assert event is not None
    life.events.append(event)
    assert (life.state, life.irregular) == ("acknowledged", ["not_dispatched"])


def test_what_nobody_touched_passes_unless_it_is_major():
    life = Life()
    assert may_pass(life.now)
    life.events.append(passed(life.now, NOW + 5 * MINUTE))
    assert (life.state, life.now.ended_by) == ("passed", "facts")
    assert not may_pass(Life("major").now)
    assert not may_pass(Life().acknowledge(1).now)
    touched = Life().acknowledge(1)
    touched.events.append(passed(touched.now, NOW + 5 * MINUTE))
    assert touched.state == "acknowledged"


def test_a_reopened_one_is_the_reopeners_and_whoever_was_sent_before_is_let_go():
    life = Life().send(1, "W1").happen(IncidentHappened.RESOLVED, 3, text="x")
    life.happen(IncidentHappened.REOPENED, 10, "wang", text="复发")
    now = life.now
    assert (now.state, now.acknowledged_by, now.sent, now.reopened) == ("acknowledged", "wang", [], 1)
    assert (now.ended_at, now.reason, minute_of(now.acknowledged_at), minute_of(now.due_at)) == (
        None,
        None,
        1,
        40,
    )
    assert life.send(11, "W1").state == "dispatched"
    assert life.happen(IncidentHappened.REOPENED, 12).irregular == ["not_ended"]


def test_what_is_merged_is_over_and_its_people_are_the_others():
    life = Life().send(1, "W1").reply("W1", "on_the_way", 2)
    going = life.now.sent
    life.happen(IncidentHappened.MERGED, 3, into="b")
    assert (life.state, life.now.merged_into) == ("merged", "b")
    assert life.happen(IncidentHappened.REOPENED, 4).irregular == ["merged: b"]
    other = Life("serious").happen(
        IncidentHappened.GATHERED, 3, to=going, ids=["a1"], severity=Severity.MAJOR
    )
    assert (other.state, other.now.severity, other.now.acknowledged_by) == (
        "on_the_way",
        Severity.MAJOR,
        "li",
    )
    assert other.ping("W1", 4).state == "on_the_spot"
    assert Life().happen(IncidentHappened.GATHERED, 3, ids=["a1"]).state == "raised"


def test_who_is_on_the_spot_of_what_is_merged_is_on_the_others():
    there = Life().send(1, "W1", "W2").ping("W2", 2).reply("W1", "on_the_way", 3).now.sent
    other = Life().happen(IncidentHappened.GATHERED, 5, to=there, ids=["a1"]).now
    assert (other.state, other.on_the_spot_by, other.due_at) == ("on_the_spot", "W2", None)
    assert (minute_of(other.on_the_spot_at), minute_of(other.proved_at)) == (2, 2)


@pytest.mark.parametrize("end", [IncidentHappened.RESOLVED, IncidentHappened.MERGED])
def test_what_is_done_after_the_end_is_irregular_but_a_comment_is_welcome(end):
    life = Life().send(1, "W1").happen(end, 3)
    before = life.now
    for number, kind in enumerate((IncidentHappened.ACKNOWLEDGED, IncidentHappened.RESOLVED, end), 4):
        life.happen(kind, number)
    life.send(8, "W2").reply("W1", "arrived", 9)
    life.happen(IncidentHappened.COMMENTED, 10, text="复查过")
    assert (life.now, life.irregular) == (before, ["after_end"] * 5)


@pytest.mark.parametrize(("path", "level"), [(PATH_1, 4), ("350299/01", 2), ("350299", 1)])
def test_who_is_called_first_is_the_section_or_the_unit_itself(path, level):
    assert Life(path=path).now.level == level


def test_a_districts_own_minutes_stand_before_everybodys_from_their_day_on():
    own = EscalationRule(Severity.MAJOR, Awaited.ARRIVE, 15, date(2026, 3, 2), own=True)
    rules = Escalation([*RULES, own], HERE.tz)
    assert rules.due(Awaited.ARRIVE, Severity.MAJOR, NOW) == NOW + 15 * MINUTE
    assert rules.due(Awaited.ARRIVE, Severity.MAJOR, NOW - timedelta(days=1)) == NOW - timedelta(
        days=1, minutes=-2
    )
    assert rules.due(Awaited.DISPATCH, Severity.MAJOR, NOW) == NOW + 2 * MINUTE
    assert Escalation().due(Awaited.DISPATCH, Severity.MAJOR, NOW) is None
    assert rules.due(None, Severity.MAJOR, NOW) is None


SENT = st.builds(
    Sent,
    kind=st.just("worker"),
    id=st.sampled_from(["W1", "W2"]),
    order_id=st.sampled_from(["o1", "o2", "o3"]),
    act=st.just("go_to"),
    at=st.just(NOW),
    stage=st.sampled_from([None, "on_the_way", "arrived"]),
)
EVENTS = st.builds(
    IncidentEvent,
    district=st.just(DISTRICT),
    incident_id=st.just("a1"),
    at=st.integers(-3, 8).map(lambda minute: NOW + minute * MINUTE),
    event=st.sampled_from(IncidentHappened),
    actor=st.sampled_from(["li", "wang", "W1"]),
    cause=st.sampled_from(["a", "b"]),
    params=st.builds(
        IncidentDetails,
        severity=st.sampled_from([None, *Severity]),
        due=st.sampled_from([None, NOW + 4 * MINUTE, NOW + 30 * MINUTE]),
        to=st.lists(SENT, max_size=2),
        order_id=st.sampled_from([None, "o1", "o2"]),
        stage=st.sampled_from([None, "refused", "failed"]),
        proved=st.booleans(),
        step=st.sampled_from([None, *Awaited]),
        level=st.sampled_from([None, 1, 2, 3]),
        into=st.sampled_from([None, "b"]),
    ),
)


@given(st.data(), st.lists(EVENTS, max_size=12))
def test_any_order_of_arrival_doubled_and_in_parts_gives_the_same(data, events):
    incident = Life("serious").incident
    whole = replay_incident(incident, events)
    shuffled = data.draw(st.permutations([*events, *events[:4]]))
    assert replay_incident(incident, shuffled) == whole
    assert replay_incident(whole.incident, shuffled) == whole, "how it stood before does not matter"
    cut = data.draw(st.integers(0, len(shuffled)))
    stored = replay_incident(incident, shuffled[:cut]).steps
    assert replay_incident(incident, [*stored, *shuffled[cut:]]) == whole, (
        "what was stored is taken as it came"
    )


@given(st.lists(EVENTS, max_size=12))
def test_no_event_is_lost_and_the_row_fits_itself(events):
    after, steps = replay_incident(Life("serious").incident, events)
    assert sorted(step.key for step in steps) == sorted({event.key for event in events})
    assert (after.state in INCIDENT_OVER) == (after.ended_at is not None)
    assert (after.state is IncidentState.RAISED) <= (after.acknowledged_at is None)
    assert after.due_at is None or after.awaited is not None
    assert after.on_the_spot_at is not None or after.state is not IncidentState.ON_THE_SPOT
    assert after.merged_into is None or after.state is IncidentState.MERGED
    assert {one.stage for one in after.sent} <= {None, *STAGES}
    assert 1 <= after.level <= 4
