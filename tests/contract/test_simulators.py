"""The simulated devices on a real broker: what they say is the contract, and they come and go well."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from hashlib import sha256
from itertools import dropwhile
from pathlib import Path
from typing import Any

import msgspec
import paho.mqtt.client as mqtt
import pytest
from iotcore import Broker

from ingest.contract import messages, topics
from ingest.contract.acts import StandDown
from ingest.domain import print_job
from ingest.domain.geo import distance_m, to_wgs84
from ingest.domain.paper import CUT, Paper
from ingest.domain.visit_record import Mark, hash_of_log, read_mark
from simulators.__main__ import STEPS, build
from simulators.devices.phone import Phone
from simulators.faults import NO_FAULTS, Outage, Rates
from simulators.files import read_world
from simulators.network import Network
from simulators.run import Run
from simulators.town import Town
from simulators.world import WORLDS, grow
from tests.conftest import free_port, wait_until

START = 1_795_312_800.0

ENVELOPES: dict[tuple[str, str], Any] = {
    ("worker", "gps"): messages.Gps,
    ("worker", "inspection"): messages.InspectionLog,
    ("worker", "premises"): messages.PremisesReport,
    ("worker", "clue"): messages.ClueReport,
    ("worker", "duty"): messages.Duty,
    ("camera", "event"): messages.CameraEvent,
    ("bodycam", "gps"): messages.Gps,
    ("bodycam", "event"): messages.BodycamEvent,
    ("printer", "receipt"): messages.Receipt,
    ("terminal", "event"): messages.TerminalEvent,
    ("scanner", "event"): messages.ScannerEvent,
    ("vehicle", "gps"): messages.Gps,
    ("vehicle", "event"): messages.VehicleEvent,
    ("worker", "reply"): messages.Reply,
    ("department", "reply"): messages.DepartmentReply,
}
SPOKEN = {*ENVELOPES, ("worker", "photo"), *((kind, "state") for kind in topics.STREAMS)}
ALL = SPOKEN - {("worker", "reply"), ("department", "reply")}
"""What devices say without being asked."""


OFFLINE = b'{"online":false}'
STAND_DOWN = msgspec.json.encode(StandDown("C2", "C1", "released"))


def decode(topic: str, payload: bytes) -> list[Any]:
    """The envelopes, state, photo or paper of a message, strictly; raises DecodeError or ValueError."""
    address = topics.parse(topic)
    if address.stream == "state":
        return [msgspec.json.decode(payload, type=messages.State)]
    if address.stream == "photo":
        if not (payload.startswith(b"\xff\xd8") and payload.endswith(b"\xff\xd9")):
            raise ValueError("no JPEG")
        return [payload]
    if language := print_job.language(payload):
        return [print_job.read(payload, language)]
    envelope = messages.Envelope[ENVELOPES[address.kind, address.stream]]  # type: ignore[misc]
    told: Any = msgspec.json.decode(payload, type=envelope | list[envelope])  # type: ignore[valid-type]
    return told if isinstance(told, list) else [told]


@pytest.fixture(scope="module")
def jimei(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("jimei")
    grow(WORLDS["jimei"], directory, date(2026, 11, 22))
    return directory


@pytest.fixture(scope="module")
def hamlet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("hamlet")
    plan = replace(
        WORLDS["jimei"],
        district="350298",  # its own: the broker of the tests keeps what the other world retained
        stations=1,
        squadrons=1,
        sections=2,
        grids=4,
        workers=5,
        premises=200,
        cameras=4,
        scanners=2,
        area_km2=12,
    )
    grow(plan, directory, date(2026, 11, 22))
    return directory


@contextmanager
def listening(url: str, district: int = 350298) -> Iterator[list[mqtt.MQTTMessage]]:
    """Everything of `district` on the broker at `url`, as it comes."""
    got: list[mqtt.MQTTMessage] = []
    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
    ready = threading.Event()
    client.on_message = lambda client, data, message: got.append(message)
    client.on_subscribe = lambda *args: ready.set()
    client.connect("127.0.0.1", int(url.rpartition(":")[2]))
    client.subscribe(topics.district_filter(district), 1)
    client.loop_start()
    assert ready.wait(10)
    try:
        yield got
    finally:
        client.disconnect()
        client.loop_stop()


@contextmanager
def simulating(world: Path, url: str, *options: str) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-m", "simulators", "--world", str(world), "--mqtt", url, *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@contextmanager
def running(town: Town, url: str, rates: Rates, wanted: Callable[[Any], bool]) -> Iterator[None]:
    """The devices of `town` that are wanted, in a thread of this process."""
    stop, ready = threading.Event(), threading.Event()
    run = Run([device for device in build(town, rates) if wanted(device)], Network(url), rates)
    thread = threading.Thread(target=run.go, args=(stop.is_set, ready.set))
    thread.start()
    try:
        assert ready.wait(20)
        yield
    finally:
        stop.set()
        thread.join(10)
    assert not thread.is_alive()


def test_a_day_of_every_device_decodes_strictly_and_no_id_is_used_twice(jimei: Path) -> None:
    town = Town(read_world(jimei), START)
    seen: Counter[tuple[str, str]] = Counter()
    for device in build(town, NO_FAULTS):
        ids: set[str] = set()
        for step in range(1, 41):
            for message in device.due(START + 15 * step):
                address = topics.parse(message.topic)
                for told in decode(message.topic, message.payload):
                    seen[address.kind, address.stream] += 1
                    if isinstance(told, messages.Envelope):
                        assert told.id not in ids
                        ids.add(told.id)
    assert set(seen) == ALL
    assert seen["worker", "gps"] == pytest.approx(77 * 120, rel=0.02)
    assert seen["bodycam", "gps"] == pytest.approx(77 * 60, rel=0.02)
    assert seen["vehicle", "gps"] == pytest.approx(6 * 120, rel=0.02)


def test_any_minute_of_jimei_brings_every_stream(jimei: Path) -> None:
    world = read_world(jimei)
    for hour in (0, 7, 16):
        town = Town(world, START + 3600 * hour)
        seen: Counter[str] = Counter()
        for device in build(town, NO_FAULTS):
            for message in device.due(town.start + 60):
                seen["/".join(topics.parse(message.topic)[1::2])] += 1
        least = {"worker/inspection": 4, "printer/receipt": 2, "worker/clue": 2, "camera/event": 40,
                 "vehicle/gps": 6 * 11, "bodycam/event": 8, "worker/gps": 77 * 11, "bodycam/gps": 77 * 5,
                 "worker/duty": 77, "worker/photo": 1}  # fmt: skip
        for stream, number in least.items():
            assert seen[stream] >= number, (hour, stream)


def test_the_same_device_asked_in_other_steps_says_the_same(hamlet: Path) -> None:
    world = read_world(hamlet)
    told: list[list[bytes]] = []
    for step in (1, 60):
        town = Town(world, START)
        devices = build(town, NO_FAULTS)
        said = [m for device in devices for s in range(step, 601, step) for m in device.due(START + s)]
        told.append([m.payload for m in said if m.stream not in ("state", "duty")])
    assert told[0] == told[1]


def mark_in(code: str) -> Mark:
    mark = read_mark(code)
    assert mark, code
    return mark


def test_a_printer_names_the_inspection_that_its_workers_phone_sends(jimei: Path) -> None:
    town = Town(read_world(jimei), START)
    inspections: dict[str | None, str] = {}
    receipts: dict[str | None, str | None] = {}
    logged: dict[str | None, str] = {}
    marked: dict[str | None, str] = {}
    raw = 0
    for device in build(town, NO_FAULTS):
        for message in device.due(START + 900):
            for told in decode(message.topic, message.payload):
                if message.stream == "inspection" and told.data.receipt_no and told.ts < (START + 890) * 1000:
                    inspections[told.data.receipt_no] = told.id
                    sent = (told.id, told.ts, told.data)
                    logged[told.data.receipt_no] = hash_of_log(town.world.district, device.device_id, *sent)
                if isinstance(told, Paper):
                    raw += 1
                    receipts[number := print_job.number(told)] = None
                    (code,) = told.codes()
                    marked[number] = mark_in(code).sha256
                    assert "检查" in told.text() and told.text().endswith(CUT)
                elif message.stream == "receipt":
                    receipts[told.data.number] = told.data.inspection_id
                    marked[told.data.number] = mark_in(told.data.qr).sha256
                    assert mark_in(told.data.qr).id == told.data.inspection_id
                    assert "检查" in told.data.text
    assert len(inspections) > 60
    assert inspections.keys() <= receipts.keys()
    assert {number: id for number, id in inspections.items() if receipts[number]}.items() <= receipts.items()
    assert logged.items() <= marked.items(), "the QR code holds the hash of what the phone sends"
    assert 0.35 < raw / len(receipts) < 0.65, "half of the printers send what went to the paper"


def test_photos_have_the_sha256_that_inspections_and_clues_name(hamlet: Path) -> None:
    town = Town(read_world(hamlet), START)
    named: set[str] = set()
    sent: set[str] = set()
    for device in build(town, NO_FAULTS):
        for message in device.due(START + 7200):
            if message.stream == "photo":
                assert len(message.payload) < messages.MAX_PHOTO_BYTES
                sent.add(sha256(message.payload).hexdigest())
            elif message.stream in ("inspection", "premises", "clue"):
                for told in decode(message.topic, message.payload):
                    named |= {photo.sha256 for photo in told.data.photos}
    assert named
    assert named == sent


def test_phones_report_in_every_datum_and_mean_the_same_place(jimei: Path) -> None:
    town = Town(read_world(jimei), START)
    datums: Counter[messages.Datum] = Counter()
    for device in build(town, NO_FAULTS):
        if isinstance(device, Phone):
            for message in device.due(START + 30):
                if message.stream == "gps":
                    (told,) = decode(message.topic, message.payload)
                    datums[datum := told.datum or messages.Datum.WGS84] += 1
                    lon, lat = to_wgs84(told.data.lon, told.data.lat, datum)
                    true = town.walks[device.device_id].position(told.ts / 1000)
                    assert distance_m(lon, lat, true.lon, true.lat) < 40
    assert set(datums) == set(messages.Datum)


def test_the_simulators_speak_the_contract_on_a_broker_and_leave_in_good_order(
    jimei: Path, embedded_broker: str
) -> None:
    with listening(embedded_broker, 350211) as got, simulating(jimei, embedded_broker) as process:
        assert process.stdout
        steps = [process.stdout.readline() for _ in range(STEPS)]
        assert all(step.startswith("… ") for step in steps), steps
        assert (
            process.stdout.readline()
            == "simulating 66 grids, 77 workers, 120 cameras, 77 bodycams, 77 printers, "
            "18 terminals, 12 departments, 8 scanners, 6 vehicles\n"
        )

        def heard() -> set[tuple[str, str]]:
            return {(t.kind, t.stream) for t in (topics.parse(message.topic) for message in list(got))}

        rare = {("worker", "premises"), ("terminal", "event"), ("scanner", "event"), ("vehicle", "event")}
        wait_until(lambda: heard() >= ALL - rare, 90, what="every stream")
        process.send_signal(signal.SIGTERM)
        told = time.monotonic()
        assert process.wait(10) == 0
        assert time.monotonic() - told < 2
        last = wait_until(lambda: _all_offline(got), what="everybody's goodbye")
        assert 375 <= len(last) <= 395, "but for a few that were without a connection all the while"
        assert process.stderr
        assert process.stderr.read() == ""
    broken = 0
    for message in got:
        assert message.qos == 1
        try:
            decode(message.topic, message.payload)
        except (msgspec.DecodeError, ValueError):
            broken += 1
            assert not message.topic.endswith(("/state", "/photo"))
    assert broken / len(got) < 0.015


def _all_offline(got: list[mqtt.MQTTMessage]) -> dict[str, bytes]:
    """The last state of every device when all are offline, else nothing."""
    last = {message.topic: message.payload for message in list(got) if message.topic.endswith("/state")}
    return last if all(payload == OFFLINE for payload in last.values()) else {}


def test_a_phone_that_loses_its_connection_leaves_its_will_and_bursts_later(
    hamlet: Path, embedded_broker: str
) -> None:
    town = Town(read_world(hamlet), time.time())
    rates = replace(NO_FAULTS, outages={"worker": Outage(every_s=18, lasts_s=(8, 9))})
    gps, state = "gw/v1/350298/worker/W001/gps", "gw/v1/350298/worker/W001/state"
    with listening(embedded_broker) as got:

        def since_the_will() -> list[mqtt.MQTTMessage]:
            """What came from the first will on: a run may begin in the middle of an outage."""
            heard = list(got)
            live = next(
                (i for i, m in enumerate(heard) if m.topic == gps and m.payload[:1] == b"{"), len(heard)
            )
            return list(dropwhile(lambda m: (m.topic, m.payload) != (state, OFFLINE), heard[live:]))

        def burst() -> list[Any]:
            arrays = [m for m in since_the_will() if m.topic == gps and m.payload[:1] == b"["]
            return decode(arrays[0].topic, arrays[0].payload) if arrays else []

        with running(town, embedded_broker, rates, lambda device: device.device_id == "W001"):
            wait_until(lambda: len(burst()) > 1, 90, what="a burst")
        told = burst()
        assert all(envelope.hist for envelope in told)
        assert 4_000 <= told[-1].ts - told[0].ts <= 30_000
        live = [decode(m.topic, m.payload)[0].ts for m in got if m.topic == gps and m.payload[:1] == b"{"]
        assert live
        assert not [ts for ts in live if told[0].ts <= ts <= told[-1].ts], "nothing was sent while offline"
        later = [m.payload for m in since_the_will() if m.topic == state]
        assert any(b'"online":true' in payload for payload in later[1:])


def test_the_simulators_come_back_to_a_broker_that_was_away(hamlet: Path) -> None:
    port = free_port()
    url = f"mqtt://127.0.0.1:{port}"
    with simulating(hamlet, url, "--no-faults") as process:
        with Broker(port=port, listen="127.0.0.1"), listening(url) as got:
            wait_until(lambda: [m for m in list(got) if m.topic.endswith("/gps")], 30, what="the first life")
        with Broker(port=port, listen="127.0.0.1"), listening(url) as got:
            wait_until(
                lambda: [m for m in list(got) if m.payload.startswith(b"{") and m.topic.endswith("/gps")], 40
            )
            assert process.poll() is None
            process.terminate()
            assert process.wait(10) == 0


def test_a_stop_before_there_is_a_broker_is_in_good_order_too(hamlet: Path) -> None:
    with simulating(hamlet, f"mqtt://127.0.0.1:{free_port()}") as process:
        threads = Path(f"/proc/{process.pid}/status")
        wait_until(lambda: "SigCgt:\t0000000000000000" not in threads.read_text(), what="a handler")
        wait_until(
            lambda: int(threads.read_text().split("SigCgt:\t")[1][:16], 16) & 1 << (signal.SIGTERM - 1)
        )
        process.terminate()
        assert process.wait(10) == 0


def test_a_larger_world_shares_a_pool_of_lines_and_still_says_who_is_offline(
    hamlet: Path, embedded_broker: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("simulators.run.LINES", 3)
    monkeypatch.setattr("simulators.run.POOL", 2)
    town = Town(read_world(hamlet), time.time())
    network = Network(embedded_broker)
    assert len(Run(build(town, NO_FAULTS), network, NO_FAULTS)._members) == 36
    assert len(network.lines) == 2
    with listening(embedded_broker) as got:
        with running(town, embedded_broker, NO_FAULTS, lambda device: True):
            wait_until(lambda: len({m.topic for m in list(got) if b'"online":true' in m.payload}) == 36)
        wait_until(lambda: len(_all_offline(got)) == 36)


def test_on_shared_lines_every_device_hears_its_orders_by_one_subscription_a_kind(
    hamlet: Path, embedded_broker: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("simulators.run.LINES", 3)
    monkeypatch.setattr("simulators.run.POOL", 2)
    town = Town(read_world(hamlet), time.time())
    devices = build(town, NO_FAULTS)
    network = Network(embedded_broker)
    Run(devices, network, NO_FAULTS)
    heard = sorted(topics for line in network.lines for topics in line.filters)
    assert heard == sorted({f"gw/v1/350298/{device.kind}/+/order" for device in devices})
    everybody = {f"gw/v1/350298/{device.kind}/{device.device_id}" for device in devices}
    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
    client.connect("127.0.0.1", int(embedded_broker.rpartition(":")[2]))
    client.loop_start()
    with listening(embedded_broker) as got, running(town, embedded_broker, NO_FAULTS, lambda device: True):

        def answered() -> set[str]:
            """Who said something to the order, which is sent until it is heard."""
            for device in everybody:
                client.publish(f"{device}/order", STAND_DOWN, 1)
            return {m.topic.removesuffix("/reply") for m in list(got) if m.topic.endswith("/reply")}

        wait_until(lambda: answered() == everybody, every=0.5, what="an answer of every device")
    client.disconnect()
    client.loop_stop()


@pytest.mark.parametrize("address", ["http://127.0.0.1:1", "mqtt://", "mqtt://127.0.0.1:99999", "127.0.0.1"])
def test_a_wrong_address_is_one_clear_line(hamlet: Path, address: str) -> None:
    _fails_in_one_line(["--world", str(hamlet), "--mqtt", address], address)


def test_a_missing_world_is_one_clear_line(tmp_path: Path) -> None:
    _fails_in_one_line(["--world", str(tmp_path / "nowhere")], "nowhere")


def _fails_in_one_line(options: list[str], named: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "simulators", *options],
        capture_output=True,
        text=True,
        timeout=30,
        env=os.environ,
    )
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert named in done.stderr
