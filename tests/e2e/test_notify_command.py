"""`gridward notify`: channels are added, tried out, led to, listed and closed; addresses are never shown."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from subprocess import CompletedProcess

import psycopg
import pytest

from ingest.registry import import_world
from ingest.settings import DATA, DATABASE_URL
from tests import tiny
from tests.conftest import free_port
from tests.e2e.cli import complaint, gridward
from tests.receivers import webhook

Command = Callable[..., CompletedProcess[str]]


@pytest.fixture(scope="module")
def world(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    import_world(database_url, tiny.write(tmp_path_factory.mktemp("world")))
    return database_url


@pytest.fixture
def notify(world: str, data_dir: Path) -> Command:
    return partial(gridward, "notify", **{DATABASE_URL: world, DATA: str(data_dir)})


def test_a_channel_is_added_led_to_tried_out_listed_and_closed(notify: Command, data_dir: Path) -> None:
    with webhook() as duty:
        added = notify("add", "duty", "--name", "值班群", typed=duty.address + "\n")
        assert added.stdout == f"{tiny.DISTRICT} duty: added, and no route leads there yet\n", added.stderr
        route = notify("route", "duty", "--severity", "major", "--rule", "bodycam_sos", "--unit", "350299/01")
        assert route.stdout == "350299 duty: major and worse, bodycam_sos, 350299/01\n"
        late = notify("route", "duty", "--severity", "general", "--level", "1")
        assert late.stdout == "350299 duty: general and worse, every rule, 350299, once it is up to level 1\n"
        assert notify("route", "duty", "--close").returncode == 0
        assert notify("test", "duty").stdout == "350299 duty: taken\n"
    assert [message["title"] for message in duty.got] == ["试验区局：通知渠道测试"]
    assert (data_dir / "channels" / "350299-duty").stat().st_mode & 0o777 == 0o600
    listed = notify("list").stdout.splitlines()
    assert listed == [
        "350299 duty             in order; in 24 h 0 sent, 0 waiting, 0 given up  值班群",
        "    major and worse, bodycam_sos, 350299/01",
    ]
    assert notify("route", "duty", "--rule", "bodycam_sos", "--unit", "350299/01", "--close").returncode == 0
    assert notify("list").stdout.splitlines() == listed[:1]
    assert notify("close", "duty").stdout == "350299 duty: closed\n"
    assert notify("list").stdout == ""
    assert "has no channel duty" in complaint(notify("test", "duty"), code=2)


def test_a_channel_that_does_not_answer_is_said_to_be_unreachable(notify: Command) -> None:
    notify("add", "dead", typed=f"json://:hush-hush@127.0.0.1:{free_port()}\n")
    assert complaint(notify("test", "dead"), code=1) == "350299 dead: unreachable"


def test_a_failing_channel_is_trouble_in_the_status(notify: Command, world: str) -> None:
    notify("add", "dead", typed="json://127.0.0.1:9\n")
    with psycopg.connect(world) as conn:
        conn.execute("INSERT INTO ingest_state SELECT district, '', now(), now(), true FROM district")
        conn.execute("UPDATE notify_channel SET failures = 3, error = 'http_500' WHERE channel = 'dead'")
    status = gridward("status", **{DATABASE_URL: world}).stdout
    assert "trouble: channel dead of 350299 has failed 3 times in a row (http_500)" in status


@pytest.mark.parametrize(
    ("arguments", "typed", "why"),
    [
        (["add", "no id"], "json://127.0.0.1", "is no id"),
        (["add", "x"], "hush-hush", "no address that Apprise knows"),
        (["add", "x"], "", "no address that Apprise knows"),
        (["add", "x", "--district", "350298"], "json://127.0.0.1", "district 350298 is not registered"),
        (["route", "nobody"], "", "has no channel nobody"),
        (["route", "x", "--rule", "nonsense"], "", "there is no rule nonsense"),
    ],
)
def test_what_is_wrong_is_said_in_a_line_that_quotes_no_address(
    notify: Command, arguments: list[str], typed: str, why: str
) -> None:
    said = complaint(notify(*arguments, typed=typed), code=2)
    assert why in said
    assert "hush-hush" not in said


def test_a_route_for_a_unit_that_there_is_not_is_refused(notify: Command) -> None:
    notify("add", "duty", typed="json://127.0.0.1:9\n")
    assert "no org unit" in complaint(notify("route", "duty", "--unit", "350299/77"), code=2)
