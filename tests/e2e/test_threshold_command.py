"""`gridward threshold`: what rules measure by, listed, tried out, and set through ingest."""

import json

import psycopg
import pytest

from ingest.registry import import_world
from ingest.settings import DATABASE_URL, DISTRICTS
from ingest.threshold_orders import parameters
from tests import tiny
from tests.e2e.cli import complaint, gridward

SET = """
    INSERT INTO threshold (district, name, value, unit, valid_from, actor)
    VALUES (%s, 'left_grid.minutes', 8, 'minutes', '2026-01-02T03:04Z', 'screen'),
           (0, 'fire.quiet', 30, 'minutes', '2026-01-01', 'operator'),
           (0, 'fire.sure', 30, 'minutes', '2026-01-01', 'operator')
"""


@pytest.fixture(scope="module")
def url(database_url, tmp_path_factory):
    import_world(database_url, tiny.write(tmp_path_factory.mktemp("world")))
    with psycopg.connect(database_url) as conn:
        conn.execute(SET, (tiny.DISTRICT,))
    return database_url


def test_all_thresholds_are_listed_with_their_value_and_where_it_comes_from(url):
    lines = gridward("threshold", "list", **{DATABASE_URL: url}).stdout.splitlines()
    assert [line.split()[0] for line in lines] == list(parameters())
    said = {line.split()[0]: " ".join(line.split()[1:]) for line in lines}
    assert said["left_grid.minutes"] == (
        "8 minutes since 2026-01-02 03:04 UTC by screen (5 by default, 1 to 240)"
    )
    assert said["stood_still.metres"] == "50 metres by default (50 by default, 10 to 500)"
    done = gridward("threshold", "list", "--json", **{DATABASE_URL: url})
    assert done.stdout.count("\n") == 1
    told = {row["name"]: row for row in json.loads(done.stdout)["thresholds"]}
    assert (told["fire.quiet"]["value"], told["fire.quiet"]["usual"]) == (30, 10)
    assert told["fire.sure"]["value"] == 50, "a row in another unit is of another time"


def test_a_preview_says_both_counts_in_one_line(url):
    done = gridward("threshold", "preview", "left_grid.minutes", "20", "--days", "3", **{DATABASE_URL: url})
    assert done.stdout == (
        "left_grid.minutes: with 20 the last 3 days would have had 0 alerts, against 0 at 8\n"
    )
    done = gridward("threshold", "preview", "many_hazards.count", "20", "--json", **{DATABASE_URL: url})
    told = json.loads(done.stdout)
    assert (told["alerts"], told["alerts_now"], told["value_now"], told["share"]) == (0, 0, 30, 1)
    assert len(told["by_day"]) == 31


def test_an_order_that_nobody_carries_out_is_said_to_be_queued(url):
    done = gridward("threshold", "set", "left_grid.minutes", "9", **{DATABASE_URL: url})
    assert "no ingest has carried it out" in complaint(done, code=1)
    with psycopg.connect(url) as conn:
        rows = conn.execute("SELECT actor, payload FROM command WHERE kind = 'set_threshold'").fetchall()
    assert [(actor.split(":")[0], payload["value"]) for actor, payload in rows] == [("cli", 9)]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("set", "left_grid.metres", "5"), "there is no threshold 'left_grid.metres'"),
        (("set", "left_grid.minutes", "500"), "500 is not between 1 and 240 minutes"),
        (("preview", "left_grid.minutes", "0"), "0 is not between 1 and 240 minutes"),
        (("preview", "device_silent.minutes", "20"), "is not kept one by one: there is no preview"),
        (("preview", "left_grid.minutes", "9", "--district", "350288"), "district 350288 is not registered"),
        (("set", "left_grid.minutes", "9", "--district", "350288"), "district 350288 is not registered"),
        (("list", "--district", "350288"), "district 350288 is not registered"),
    ],
)
def test_what_is_wrong_is_one_line_and_the_exit_code_2(url, arguments, said):
    assert said in complaint(gridward("threshold", *arguments, **{DATABASE_URL: url}), code=2)


def test_before_a_district_is_imported_there_is_nothing_to_show(url):
    empty = {DATABASE_URL: url.rpartition("/")[0] + "/postgres", DISTRICTS: ""}
    assert gridward("threshold", "list", **empty).returncode == 1
