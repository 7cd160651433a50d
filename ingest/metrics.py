"""What a Prometheus sees of ingest: how much comes, how fast it goes through, what stops it.

Every label has a bounded set of values, whatever devices send. Each function is meant to be called once
a batch, never once a message, and from any thread; without `serve` they only count.
"""

import time
from collections import Counter as Tally
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    start_http_server,
)

from ingest.contract.errors import ConfigError
from ingest.contract.topics import STREAMS, is_order, is_ours
from ingest.domain.facts import Fact
from ingest.settings import METRICS, Listen

STAGES = ("read", "decode", "place", "stage", "store", "judge", "commit", "ack")
"""In their order; `read` is from the socket to frames, `stage` brings pings to the server."""
REASONS = (
    "bad_topic", "empty_payload", "impossible_clock", "impossible_place", "no_key", "no_place", "not_jpeg",
    "not_json", "nothing_printed", "refused_by_database", "too_large", "too_many_events", "unknown_clue",
    "unknown_decoder", "unknown_device", "unknown_incident", "unknown_kind", "unknown_order",
    "unknown_premises", "unknown_stream", "unknown_task", "unknown_visit", "wrong_key", "wrong_shape",
)  # fmt: skip
OTHER, FOREIGN = "other", "foreign"
_BATCHES = (1, 2, 5, 10, 50, 100, 500, 1_000, 5_000, 10_000, 20_000, 40_000)
_TOPICS_KEPT = 32_768

disable_created_metrics()  # type: ignore[no-untyped-call]
REGISTRY = CollectorRegistry()
ProcessCollector(registry=REGISTRY)

_messages = Counter(
    "gridward_ingest_messages", "Messages committed, repeated ones too.", ["stream"], registry=REGISTRY
)
_facts = Counter("gridward_ingest_facts", "Facts in them, repeated ones too.", ["fact"], registry=REGISTRY)
_rejects = Counter("gridward_ingest_rejects", "What was rejected.", ["reason"], registry=REGISTRY)
_batch = Histogram(
    "gridward_ingest_batch_messages", "Messages in a batch.", buckets=_BATCHES, registry=REGISTRY
)
_stages = Counter(
    "gridward_ingest_stage_seconds", "Time spent by stage, by the wall's clock.", ["stage"], registry=REGISTRY
)
_lag = Gauge(
    "gridward_ingest_lag_seconds", "From arrival to commit: the newest batch's oldest.", registry=REGISTRY
)
_backlog = Gauge("gridward_ingest_backlog_messages", "Collected and not yet committed.", registry=REGISTRY)
_connected = Gauge("gridward_ingest_connected", "1: the connection stands.", ["to"], registry=REGISTRY)
_reconnects = Counter(
    "gridward_ingest_reconnects", "Connections made after the first.", ["to"], registry=REGISTRY
)
_known_streams = {f"{kind}/{stream}" for kind, streams in STREAMS.items() for stream in streams}
_connected_before: set[str] = set()

for _stage in STAGES:
    _stages.labels(_stage)
for _reason in (*REASONS, OTHER):
    _rejects.labels(_reason)
for _end in ("broker", "database"):
    _connected.labels(_end)
    _reconnects.labels(_end)
for _stream in (*sorted(_known_streams), FOREIGN, OTHER):
    _messages.labels(_stream)


def serve(listen: Listen, streams: Iterable[tuple[str, str]] = ()) -> None:
    """Answer scrapes at http://HOST:PORT/metrics from now on, in a thread of its own.

    `streams` are the decoders' (kind, stream) pairs, known by name beside those of the wire. Raises
    ConfigError with one line when the address cannot be had.
    """
    _known_streams.update(f"{kind}/{stream}" for kind, stream in streams if kind != "+")
    _stream_of.cache_clear()
    try:
        start_http_server(listen.port, listen.host, registry=REGISTRY)
    except OSError as error:
        raise ConfigError(f"{METRICS}: {listen.host}:{listen.port}: {error.strerror or error}") from error


def collected(messages: int) -> None:
    """A batch of so many messages goes into the pipeline."""
    _batch.observe(messages)


def taken(topics: Iterable[str], found: Iterable[object], reasons: Iterable[str]) -> None:
    """A batch is committed: its messages' topics, what was found in them, its rejects' reasons."""
    streams = Tally[str]()
    for topic, count in Tally(topics).items():  # first alike topics, since that is cheap
        if not is_order(topic):
            streams[_stream_of(topic)] += count
    for stream, count in streams.items():
        _messages.labels(stream).inc(count)
    for kind, count in Tally(map(type, found)).items():
        if issubclass(kind, Fact):
            _facts.labels(kind.__name__).inc(count)
    for reason, count in Tally(reasons).items():
        _rejects.labels(reason if reason in REASONS else OTHER).inc(count)


def lag(seconds: float) -> None:
    """So long the oldest message of the newest batch took from its arrival to the commit."""
    _lag.set(seconds)


@contextmanager
def stage(name: str) -> Iterator[None]:
    """Count the time that the block takes, also when it fails, as `name`'s, one of STAGES."""
    began = time.perf_counter()
    try:
        yield
    finally:
        spent(name, time.perf_counter() - began)


def spent(name: str, seconds: float) -> None:
    """So much more time went into the stage `name`, one of STAGES."""
    if name not in STAGES:
        raise ValueError(f"{name!r} is no stage")
    _stages.labels(name).inc(seconds)


def backlog(messages: int) -> None:
    """So many messages are collected and not yet committed."""
    _backlog.set(messages)


def connected(to: str, stands: bool) -> None:
    """The connection to the ``broker`` or the ``database`` stands now, or does not."""
    if stands and to in _connected_before:
        _reconnects.labels(to).inc()
    if stands:
        _connected_before.add(to)
    _connected.labels(to).set(stands)


@lru_cache(_TOPICS_KEPT)
def _stream_of(topic: str) -> str:
    if not is_ours(topic):
        return FOREIGN
    parts = topic.split("/")
    stream = f"{parts[3]}/{parts[5]}" if len(parts) == 6 else ""
    return stream if stream in _known_streams else OTHER
