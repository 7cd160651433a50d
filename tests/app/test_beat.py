"""What an open screen fetches each tick: the panels that are only looked at, and who is to be drawn anew."""

import json
import re
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from dashboard import data, panels, screens
from dashboard.panels import GROUPS
from dashboard.rest import Rested
from dashboard.ui.i18n import say
from tests import tiny
from tests.app.test_serve import get, serving
from tests.conftest import wait_until

ALL = ",".join(GROUPS)


@pytest.fixture(scope="module")
def address(tiny_url: str) -> Iterator[str]:
    with serving(GRIDWARD_DATABASE_URL=tiny_url) as (address, _):
        yield address


def told(address: str, lang: str = "en", of: str = ALL, screen: str = "s") -> Any:
    status, headers, body = get(f"{address}/api/beat?lang={lang}&of={of}&screen={screen}")
    assert (status, headers["cache-control"]) == (200, "no-store")
    return json.loads(body)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_panels_are_those_of_the_groups_that_are_asked_for(address: str, lang: str) -> None:
    whole = told(address, lang)["panels"]
    assert {"place", "fresh", "strip", "categories", "ranking", "ends", "feed"} == whole.keys()
    assert say(lang, "panel.ranking") in whole["ranking"]
    assert told(address, lang, "head")["panels"].keys() == {"place", "fresh"}
    to_take_up = set(re.findall(r'data-take="(\w+)"', whole["feed"]))
    to_open = set(re.findall(r'href="alerts\?lang=\w+&amp;picked=(\w+)" data-within', whole["feed"]))
    assert to_open > to_take_up > set()


@pytest.mark.parametrize(
    "query", ["", "?lang=en", "?lang=xx&of=head", "?lang=en&of=head,secrets", "?of=head"]
)
def test_a_wrong_question_is_refused(address: str, query: str) -> None:
    assert get(f"{address}/api/beat{query}")[0] == 400


def test_a_fragment_is_to_be_drawn_anew_when_what_is_in_it_is_another(address: str, tiny_url: str) -> None:
    before = told(address)["stamps"]
    with psycopg.connect(tiny_url, autocommit=True) as ingest:
        put = "UPDATE incident SET state = %s WHERE district = %s AND incident_id = 'A1'"
        ingest.execute(put, ("raised", tiny.DISTRICT))
        after = wait_until(lambda: told(address)["stamps"] != before and told(address)["stamps"], what="it")
        ingest.execute(put, ("on_the_way", tiny.DISTRICT))
    assert {name for name in before if before[name] != after[name]} == {"siren", "card"}
    wait_until(lambda: told(address)["stamps"] == before, what="as it was")


def test_a_screen_that_asks_is_counted_until_it_no_longer_does(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("s", "t", "u"):
        told(address, screen=name)
    wait_until(lambda: "<b>3</b>" in told(address, of="room")["panels"]["ends"], what="three screens")
    clock = 1_000.0
    monkeypatch.setattr(screens, "_seen", {})
    monkeypatch.setattr(screens.time, "monotonic", lambda: clock)
    for name in ("s", "t", "t", ""):
        screens.heard(name)
    assert screens.how_many() == 2
    clock += 8
    screens.heard("t")
    clock += 8
    assert screens.how_many() == 1


def test_while_the_database_is_away_the_head_says_so_and_nobody_is_woken(
    nowhere: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRIDWARD_DATABASE_URL", nowhere)
    found = panels.head("en", data.look())
    assert say("en", "notice.database_away") in found["fresh"]
    assert panels.stamps(data.look()) == {}


def test_what_stands_for_a_tick_is_given_to_whoever_asks_without_waiting() -> None:
    rested = Rested[str](rest=0)
    assert rested.ready("key", 1) is None
    rested.get("key", 1, lambda tick: "made")
    assert rested.ready("key", 1) == "made"
    assert rested.ready("key", 2**40) is None
