"""The real ingest tells a real receiver, and again when it was killed before it could write that down."""

import json
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from db.connect import INGEST, connect, fetch
from ingest.channel import keep_address
from ingest.registry import import_world
from tests import tiny
from tests.conftest import need, wait_until
from tests.e2e.test_ingest import Ingest
from tests.receivers import Webhook, webhook


@pytest.fixture
def duty(database_url: str, tmp_path: Path) -> Iterator[Webhook]:
    """Who is told of whatever is major."""
    import_world(database_url, tiny.write(tmp_path / "world"))
    with webhook() as duty, connect(database_url, INGEST) as conn:
        keep_address(tmp_path / "data", tiny.DISTRICT, "duty", duty.address)
        key = {"district": tiny.DISTRICT, "channel": "duty"}
        fetch(conn, "write/add_notify_channel", {**key, "name": None})
        route = {"rule": "", "path": str(tiny.DISTRICT), "severity": "major", "level": 5, "close": False}
        fetch(conn, "write/set_notify_route", {**key, **route})
        conn.commit()
        yield duty


def press_sos(broker_url: str) -> None:
    need("mosquitto_pub")
    topic = f"gw/v1/{tiny.DISTRICT}/bodycam/B1/event"
    message = json.dumps({"id": "sos-1", "ts": time.time_ns() // 1_000_000, "data": {"event": "sos"}})
    port = str(urlsplit(broker_url).port)
    command = ["mosquitto_pub", "-h", "127.0.0.1", "-p", port, "-q", "1", "-t", topic, "-m", message]
    subprocess.run(command, check=True, timeout=10)


def test_killed_between_sending_and_writing_it_down_it_sends_again(
    database_url: str, mosquitto: str, tmp_path: Path, duty: Webhook
) -> None:
    duty.open.clear()
    first = Ingest(database_url, mosquitto, tmp_path / "data").wait_until_ready()
    press_sos(mosquitto)
    wait_until(lambda: duty.got, what="the receiver called")
    first.stop(signal.SIGKILL)
    duty.open.set()
    second = Ingest(database_url, mosquitto, tmp_path / "data").wait_until_ready()
    with psycopg.connect(database_url, autocommit=True) as conn:

        def told() -> list[tuple[str, int]]:
            return conn.execute("SELECT state, tries FROM notification").fetchall()

        assert told() == [("sending", 1)]
        conn.execute("UPDATE notification SET leased_until = now()")  # half a minute goes by
        wait_until(lambda: told() == [("sent", 2)], what="sent again")
        assert conn.execute("SELECT count(*) FROM alert").fetchall() == [(1,)]
    assert second.stop() == 0
    assert duty.titles == ["【重大】试验区局：求助"] * 2
    assert duty.got[0] == duty.got[1]


def test_an_ingest_that_is_stopped_while_a_channel_does_not_answer_ends_in_time(
    database_url: str, embedded_broker: str, tmp_path: Path, duty: Webhook
) -> None:
    duty.open.clear()
    ingest = Ingest(database_url, embedded_broker, tmp_path / "data").wait_until_ready()
    with psycopg.connect(database_url, autocommit=True) as conn:
        conn.execute("DELETE FROM notification")
        for table in ("alert", "incident", "alert_event"):
            conn.execute(f"DELETE FROM {table}")
        press_sos(embedded_broker)
        wait_until(lambda: duty.got, what="the receiver called")
        assert ingest.stop() == 0  # within 10 s
        assert conn.execute("SELECT state FROM notification").fetchall() == [("sending",)]
