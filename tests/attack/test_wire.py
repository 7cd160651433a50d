"""Messages of devices that are broken or somebody's tool: refused, and taken once the guard is gone."""

import json
import subprocess
from typing import Any
from urllib.parse import urlsplit

import pytest
from msgspec import Struct

from ingest.contract.delivery import Delivery
from ingest.contract.messages import Severity
from ingest.decoders import decode_all, worker
from ingest.domain import envelope
from ingest.domain.envelope import EnvelopeReader
from ingest.pipeline import Pipeline
from tests import tiny
from tests.attack.conftest import only_without
from tests.conftest import need
from tests.sql.test_pipeline import NOW, Room, ms, room, world  # noqa: F401  fixtures

ANOTHERS = f"gw/v1/{tiny.DISTRICT}/worker/W2/order"


def clue(**changed: Any) -> bytes:
    data = {"kind": "hygiene", "severity": "general", "text": "脏", "lon": 118.005, "lat": 24.605}
    said = {"id": "c1", "ts": ms(NOW), "sent": ms(NOW), "data": data | changed.pop("data", {})}
    return json.dumps(said | changed).encode()


def stored(room: Room, payload: bytes, worker: str = "W1") -> list[str]:  # noqa: F811
    """Whose clues there are once this has come, and no longer."""
    with room.conn.transaction(force_rollback=True):
        room.take((f"worker/{worker}/clue", payload))
        return [worker for (worker,) in room.rows("SELECT worker_id FROM clue")]


def test_who_is_not_registered_is_not_heard(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    only_without(
        monkeypatch, lambda: stored(room, clue(), "W9") == ["W9"], (Pipeline, "_knows", lambda *who: True)
    )


def test_a_message_speaks_for_whose_topic_it_comes_on(
    room: Room,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whatever its body says."""
    forged = {"district": 441999, "kind": "camera", "device": "W2", "device_id": "W2", "worker_id": "W2"}
    whole = EnvelopeReader._open

    def by_its_body(self: Any, part: Any, topic: Any, delivery: Delivery) -> Any:
        return whole(self, part, topic._replace(device=json.loads(part)["device"]), delivery)

    def is_the_others() -> bool:
        return stored(room, clue(**forged, data=forged)) == ["W2"]

    assert stored(room, clue(**forged, data=forged)) == ["W1"]
    only_without(monkeypatch, is_the_others, (EnvelopeReader, "_open", by_its_body))


def test_a_message_larger_than_the_wire_allows_is_not_read(
    room: Room,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    large = clue() + b" " * 3 * 1024 * 1024
    only_without(
        monkeypatch, lambda: stored(room, large) == ["W1"], (envelope, "require_size", lambda payload: None)
    )


def test_json_nested_beyond_all_bounds_does_not_end_the_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    deep = clue().replace(b'"c1"', b'"c1","more":' + b"[" * 100_000 + b"]" * 100_000)
    sent = [Delivery(f"gw/v1/{tiny.DISTRICT}/worker/W1/clue", deep, 1, False, False, 1, 1, NOW, True)]

    def ends() -> bool:
        try:
            decode_all(sent)
        except RecursionError:
            return True
        return False

    plainly = (envelope, "decode_json", lambda decoder, payload: decoder.decode(payload))
    only_without(monkeypatch, ends, plainly)


ODD = {
    "a mark before it": b"\xef\xbb\xbf" + clue(),
    "another encoding": clue().decode().encode("utf-16"),
    "not a number": clue().replace(b"118.005", b"NaN"),
    "no number holds it": clue().replace(b"118.005", b"1e999"),
    "an instant beyond all": clue(ts=10**30),
    "NUL": clue(data={"text": "a\0b"}),
    "half a character": clue(data={"text": "\ud800"}),
    "an id that is a path": clue(id="../../x"),
    "an id that is SQL": clue(id="x'; DROP TABLE clue; --"),
    "a text without end": clue(data={"text": "x" * 1_000_000}),
    "a place on no map": clue(data={"lon": 999}),
}


@pytest.mark.parametrize("payload", ODD.values(), ids=list(ODD))
def test_what_is_refused_is_kept_and_the_next_is_taken(room: Room, payload: bytes) -> None:  # noqa: F811
    room.take(("worker/W1/clue", payload), ("worker/W2/clue", clue()))
    assert room.rows("SELECT worker_id FROM clue") == [("W2",)]
    ((kept_of_it,),) = room.rows("SELECT payload FROM rejected_message")
    assert payload.startswith(bytes(kept_of_it))


class Lax(Struct, frozen=True):
    """A clue without bounds."""

    kind: str
    severity: Severity
    text: str
    lon: float
    lat: float
    industry: str | None = None
    premises_id: str | None = None
    photos: tuple[()] = ()


@pytest.mark.parametrize("data", [{"text": "x" * 1_000_000}, {"lon": 999}, {"premises_id": "../../x"}])
def test_what_has_no_bounds_is_stored(
    room: Room,  # noqa: F811
    data: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    only_without(
        monkeypatch,
        lambda: stored(room, clue(data=data)) == ["W1"],
        (worker, "_CLUE", EnvelopeReader(Lax)),
    )


def test_at_a_broker_without_our_rules_anybody_gives_anybodys_orders(mosquitto: str) -> None:
    """With them nobody does: tests/e2e/test_device_keys.py."""
    need("mosquitto_sub", "mosquitto_pub")
    at = ["-h", "127.0.0.1", "-p", str(urlsplit(mosquitto).port), "-t", ANOTHERS, "-q", "1"]
    subprocess.run(["mosquitto_sub", *at, "-c", "-i", "W2", "-E"], check=True, timeout=10)
    subprocess.run(["mosquitto_pub", *at, "-i", "W1", "-m", "go home"], check=True, timeout=10)
    heard = subprocess.run(
        ["mosquitto_sub", *at, "-c", "-i", "W2", "-C", "1"], check=True, timeout=10, stdout=subprocess.PIPE
    )
    assert heard.stdout == b"go home\n"
