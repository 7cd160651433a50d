"""A running ingest, as a Prometheus sees it."""

from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import psycopg
import pytest
from iotcore import Broker
from prometheus_client.parser import text_string_to_metric_families

from ingest.metrics import STAGES
from ingest.registry import import_world
from tests import tiny
from tests.conftest import free_port, wait_until
from tests.e2e.test_ingest import Ingest, ping, publish

Samples = dict[tuple[str, ...], float]


class Scraper:
    """The endpoint of an ingest."""

    def __init__(self, address: str) -> None:
        self._url = f"http://{address}/metrics"

    def samples(self) -> Samples:
        """Every sample of ours now, by its name and its labels' values."""
        with urlopen(self._url, timeout=5) as answer:
            families = text_string_to_metric_families(answer.read().decode())
        found = (sample for family in families for sample in family.samples)
        return {(one.name.removeprefix("gridward_ingest_"), *one.labels.values()): one.value for one in found}

    def wait_for(self, *key: str) -> float:
        """The sample's value, once it is more than zero."""
        return float(wait_until(lambda: self.samples().get(key, 0), what=" ".join(key)))


@pytest.fixture(scope="module")
def world(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    import_world(database_url, tiny.write(tmp_path_factory.mktemp("world")))
    return database_url


@pytest.fixture(scope="module")
def broker() -> Iterator[str]:
    """A broker of our own: another test's messages would be counted too."""
    with Broker(port=free_port(), listen="127.0.0.1") as broker:
        yield f"mqtt://127.0.0.1:{broker.port}"


@pytest.fixture
def scraper(world: str, broker: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scraper]:
    address = f"127.0.0.1:{free_port()}"
    monkeypatch.setenv("GRIDWARD_METRICS", address)
    ingest = Ingest(world, broker, tmp_path / "data").wait_until_ready()
    yield Scraper(address)
    assert ingest.stop() == 0


def test_what_comes_is_counted_by_stream_fact_and_reason_and_each_stage_is_timed(
    scraper: Scraper, broker: str
) -> None:
    publish(broker, "worker/W1/gps", [ping("first"), {**ping("second"), "ts": 1_772_438_400_000}])
    publish(broker, "worker/W1/mood", "{}")
    assert scraper.wait_for("rejects_total", "unknown_stream") == 1
    seen = scraper.samples()
    assert (seen["messages_total", "worker/gps"], seen["messages_total", "other"]) == (1, 1)
    assert seen["facts_total", "Ping"] == 2
    assert seen["batch_messages_sum",] >= 2  # orders on their way down pass by, too
    assert [stage for stage in STAGES if not seen["stage_seconds_total", stage] > 0] == []
    assert seen["lag_seconds",] > 0
    assert seen["backlog_messages",] == 0
    assert (seen["connected", "broker"], seen["connected", "database"]) == (1, 1)
    assert (seen["reconnects_total", "broker"], seen["reconnects_total", "database"]) == (0, 0)


def test_a_lost_connection_is_seen_and_that_it_was_made_again(scraper: Scraper, world: str) -> None:
    with psycopg.connect(world, autocommit=True) as owner:
        owner.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND application_name = 'gw_ingest'"
        )
    assert scraper.wait_for("reconnects_total", "database") == 1
    assert scraper.wait_for("reconnects_total", "broker") == 1
    assert scraper.wait_for("connected", "broker") == 1
