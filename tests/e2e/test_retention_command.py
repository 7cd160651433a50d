"""`gridward retention`: rules are listed, set from a day on, and a slip is one line."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ingest.settings import DATABASE_URL
from tests.e2e.cli import complaint, gridward

TODAY = datetime.now(UTC).date()


def retention(url: str, *arguments: str) -> Any:
    return gridward("retention", *arguments, **{DATABASE_URL: url})


def rules(url: str) -> dict[tuple[str, str], int | None]:
    done = retention(url, "list", "--json")
    assert done.returncode == 0, done
    return {(row["relation"], row["valid_from"]): row["days"] for row in json.loads(done.stdout)["retention"]}


def test_a_rule_counts_from_tomorrow_unless_a_day_is_said(database_url: str) -> None:
    assert rules(database_url)["photo", "2000-01-01"] == 730
    done = retention(database_url, "set", "photo", "365")
    tomorrow = str(TODAY + timedelta(days=1))
    assert (done.returncode, done.stdout) == (0, f"photo: 365 days from {tomorrow} on\n")
    later = str(TODAY + timedelta(days=400))
    assert retention(database_url, "set", "photo", "ever", "--from", later).returncode == 0
    found = rules(database_url)
    assert [found["photo", day] for day in ("2000-01-01", tomorrow, later)] == [730, 365, None]
    assert retention(database_url, "set", "photo", "500").returncode == 0  # on the same day: in its place
    assert rules(database_url)["photo", tomorrow] == 500
    listed = retention(database_url, "list").stdout
    assert f"from {later}" in listed
    assert "for ever" in listed


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("pings", "90"), "'pings' is no kind of facts with a time"),
        (("inspection", "365"), "neither ever nor a number of days from 366 to 36500"),
        (("inspection", "-1"), "No such option"),
        (("ping", "1.5"), "ping: '1.5' is neither ever nor"),
        (("ping", "90", "--from", "2020-01-01"), "2020-01-01 is over"),
    ],
)
def test_what_cannot_be_meant_is_one_line_and_changes_nothing(
    database_url: str, arguments: tuple[str, ...], said: str
) -> None:
    before = rules(database_url)
    assert said in complaint(retention(database_url, "set", *arguments), 2)
    assert rules(database_url) == before
