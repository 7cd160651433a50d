"""The Prometheus endpoint: what it counts, under labels that nobody outside can multiply."""

import json
import re
import socket
import subprocess
import sys
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path

import pytest
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from ingest import metrics
from ingest.contract.delivery import Delivery
from ingest.contract.errors import ConfigError, DecodeError
from ingest.decoders import decode, decoders
from ingest.domain.facts import Fact
from ingest.settings import Listen
from tests.conftest import free_port

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 3, 2, 8, 0, 0, tzinfo=UTC)

decoders()


def samples() -> dict[tuple[str, ...], float]:
    """Every sample of ours by its name and its labels' values."""
    families = text_string_to_metric_families(generate_latest(metrics.REGISTRY).decode())
    found = (sample for family in families for sample in family.samples)
    return {(one.name.removeprefix("gridward_ingest_"), *one.labels.values()): one.value for one in found}


class Watch:
    """What has changed since it was made."""

    def __init__(self) -> None:
        self._before = samples()

    def __getitem__(self, key: str | tuple[str, ...]) -> float:
        name = (key,) if isinstance(key, str) else key
        return samples()[name] - self._before.get(name, 0)


@pytest.fixture
def grown() -> Watch:
    return Watch()


def facts(stream: str, count: int, **data: object) -> list[Fact | DecodeError]:
    ts = round(NOW.timestamp() * 1000)
    many = [{"id": str(n), "ts": ts, "data": {"lon": 118.1, "lat": 24.6, **data}} for n in range(count)]
    return decode(Delivery(topic(stream), json.dumps(many).encode(), 1, False, False, 1, 1, NOW, True))


def topic(stream: str, device: str = "W1") -> str:
    kind, name = stream.split("/")
    return f"gw/v1/350211/{kind}/{device}/{name}"


def test_a_batch_counts_its_messages_by_stream_its_facts_and_its_rejects(grown: Watch) -> None:
    topics = [topic("worker/gps"), topic("worker/gps", "W2"), topic("worker/clue")]
    said = facts("worker/gps", 20) + facts("worker/clue", 1, kind="x", severity="major", text="x")
    metrics.taken(topics, said, ["not_json", "not_json"])
    metrics.lag(0.25)
    assert (grown["messages_total", "worker/gps"], grown["messages_total", "worker/clue"]) == (2, 1)
    assert (grown["facts_total", "Ping"], grown["facts_total", "Clue"]) == (20, 1)
    assert grown["rejects_total", "not_json"] == 2


def test_whatever_topics_and_reasons_come_there_is_no_new_label(grown: Watch) -> None:
    known = {key for key in samples() if key[0] != "facts_total"}
    strange = [topic(f"worker/mood{n}") for n in range(100)] + ["", "/", "a/b/c/d/e/f/g", "gw/v1/x"]
    metrics.taken(strange, [], [f"made_up_{n}" for n in range(100)])
    assert {key for key in samples() if key[0] != "facts_total"} == known
    assert (grown["messages_total", "other"], grown["rejects_total", "other"]) == (101, 100)
    assert grown["messages_total", "foreign"] == 3


def test_a_reason_of_the_house_is_counted_under_its_name() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "ingest").rglob("*.py"))
    said = set(re.findall(r"DecodeError\(\s*\"(\w+)\"", source)) | {"unknown_kind", "unknown_stream"}
    assert set(metrics.REASONS) == said


def test_the_size_of_a_batch_falls_into_its_bucket(grown: Watch) -> None:
    for messages in (1, 4_000, 39_999):
        metrics.collected(messages)
    assert (grown["batch_messages_bucket", "1.0"], grown["batch_messages_bucket", "5000.0"]) == (1, 2)
    assert (grown["batch_messages_bucket", "40000.0"], grown["batch_messages_sum"]) == (3, 44_000)


def test_a_stage_counts_its_time_also_when_it_fails_and_has_a_known_name(grown: Watch) -> None:
    metrics.spent("decode", 2.5)
    with pytest.raises(ZeroDivisionError), metrics.stage("store"):
        _ = 1 / 0
    assert grown["stage_seconds_total", "decode"] == 2.5
    assert grown["stage_seconds_total", "store"] > 0
    with pytest.raises(ValueError, match="is no stage"):
        metrics.spent("lunch", 1)


def test_a_connection_that_was_lost_and_made_again_is_a_reconnect(grown: Watch) -> None:
    metrics.connected("broker", True)
    made = grown["reconnects_total", "broker"]
    metrics.connected("broker", False)
    assert samples()["connected", "broker"] == 0
    metrics.connected("broker", True)
    assert (samples()["connected", "broker"], grown["reconnects_total", "broker"] - made) == (1, 1)


def scrape(port: int) -> str:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/metrics")
        return connection.getresponse().read().decode()
    finally:
        connection.close()


def test_the_endpoint_answers_with_what_was_counted_and_the_decoders_streams_known() -> None:
    port = free_port()
    metrics.serve(Listen("127.0.0.1", port), [*decoders(), ("scale", "reading")])
    metrics.taken([topic("scale/reading")], [], [])
    metrics.backlog(17)
    metrics.lag(0.25)
    text = scrape(port)
    assert 'gridward_ingest_messages_total{stream="scale/reading"}' in text
    assert "gridward_ingest_backlog_messages 17.0" in text
    assert "gridward_ingest_lag_seconds 0.25" in text
    assert "process_resident_memory_bytes" in text


def test_an_address_that_is_taken_is_one_clear_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ConfigError) as raised:
            metrics.serve(Listen("127.0.0.1", port))
    assert str(raised.value) == f"GRIDWARD_METRICS: 127.0.0.1:{port}: Address already in use"


def test_ingest_does_not_start_on_an_address_that_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        environ = {
            "GRIDWARD_DATABASE_URL": "postgresql://127.0.0.1:1/x",
            "GRIDWARD_MQTT_URL": "mqtt://127.0.0.1:1",
            "GRIDWARD_METRICS": address,
        }
        command = [sys.executable, "-m", "ingest"]
        done = subprocess.run(
            command, env=environ, cwd=ROOT, capture_output=True, text=True, timeout=20, check=False
        )
    assert (done.returncode, done.stderr) == (2, f"GRIDWARD_METRICS: {address}: Address already in use\n")
