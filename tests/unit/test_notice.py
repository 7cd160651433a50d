"""When a channel is called, and what a message says."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from ingest.contract.messages import Severity
from ingest.domain.notice import GATHER, GATHER_MAJOR, LONGEST_WAIT, TRIES, rest
from ingest.notice import LONGEST, compose, trial


def row(**changed: Any) -> dict[str, Any]:
    named = ("worker", "device", "premises", "grid", "unit")
    names = dict.fromkeys(f"{what}_name{lang}" for what in named for lang in ("", "_en"))
    return {
        **names,
        "lang": "zh", "whole": 1, "severity": "general", "event": "opened", "alerts": 1,
        "rule": "device_silent",
        "params": {"device_id": "C1", "kind": "camera", "minutes": 10},
        "local_time": datetime(2026, 3, 2, 16, 0, 1, tzinfo=UTC),
        "district_name": "某区", "district_name_en": None,
        **changed,
    }  # fmt: skip


def test_what_is_major_waits_less_than_the_rest() -> None:
    assert [rest(0, severity) for severity in Severity] == [GATHER, GATHER, GATHER_MAJOR]
    assert GATHER_MAJOR < GATHER


@pytest.mark.parametrize("severity", Severity)
def test_the_more_often_a_channel_fails_the_longer_it_is_left_alone_up_to_five_minutes(
    severity: Severity,
) -> None:
    waits = [rest(failures, severity) for failures in range(1, 2 * TRIES)]
    assert all(earlier <= later for earlier, later in pairwise(waits))
    assert waits[-1] == LONGEST_WAIT == timedelta(minutes=5)


def test_a_notification_is_given_up_after_some_forty_minutes() -> None:
    waits = [rest(failures, Severity.GENERAL) for failures in range(1, TRIES)]
    assert timedelta(minutes=35) < sum(waits, timedelta()) < timedelta(minutes=45)


def test_one_alert_gives_its_rule_and_several_give_their_number() -> None:
    assert compose([row()]).title == "【一般】某区：设备失联"
    several = compose([row(severity="major", whole=2), row(whole=2)])
    assert (several.title, several.severity) == ("【重大】某区：2 起事件", Severity.MAJOR)
    assert len(several.body.splitlines()) == 2


def test_a_step_after_the_first_is_said() -> None:
    assert compose([row(event="aggravated")]).body.startswith("03-02 16:00:01 一般，加重：摄像头 C1")
    late = compose([row(event="escalated", unit_name="一所", unit_name_en="Station One", lang="en")]).body
    assert late.startswith("03-02 16:00:01 General, late, now up to Station One: Camera C1")


def test_of_a_storm_the_first_alert_is_said_with_their_number() -> None:
    assert "（共 1,204 条预警）" in compose([row(alerts=1204)]).body


def test_what_is_not_said_is_counted() -> None:
    assert compose([row(whole=313)]).body.splitlines()[1:] == ["……另有 312 起"]
    assert compose([row(whole=313, lang="en")]).body.splitlines()[1:] == ["... and 312 more"]


def test_what_people_wrote_is_one_line_and_not_too_long() -> None:
    text = "一行\n又一行 " * LONGEST
    clue = {"clue_kind": "消防隐患", "text": text, "level": "town"}
    body = compose([row(rule="major_clue", params=clue)]).body
    assert "\n" not in body
    assert len(body) < LONGEST + 50
    assert "…" in body


def test_an_alert_that_cannot_be_said_is_named_and_silences_no_other() -> None:
    body = compose([row(params=[1], rule="hazard_found", whole=2), row(whole=2)]).body
    assert [line.partition("：")[2][:3] for line in body.splitlines()] == ["隐患（", "摄像头"]


def test_a_rule_without_words_is_told_by_its_code() -> None:
    assert "door_forced" in compose([row(rule="door_forced", params={})]).body


def test_a_trial_says_whose_it_is_and_when_it_was_sent() -> None:
    message = trial(row(lang="en"))
    assert message.title == "某区: channel test"
    assert "2026-03-02 16:00:01" in message.body
