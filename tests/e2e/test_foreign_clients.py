"""Foreign devices through a real broker into a running ingest: every version of MQTT, orders down."""

import json
import os
import re
import subprocess
import time
from urllib.parse import urlsplit

import msgspec
import psycopg
import pytest
from escpos.printer import Dummy

from dashboard.ui import paper
from db.connect import Reader, Scope
from ingest.contract.orders import Order, RegisterDevice, SendOrder
from ingest.registry import import_world
from tests import tiny
from tests.conftest import need, wait_until
from tests.contract.pages import MESSAGES
from tests.e2e.test_ingest import Ingest

OPEN = [one for one in MESSAGES if "Sealed" not in one.expect]
VERSIONS = {"mqttv31": "W1", "mqttv311": "W2", "mqttv5": "W3"}


@pytest.fixture(scope="module")
def world(database_url, tmp_path_factory):
    import_world(database_url, tiny.write(tmp_path_factory.mktemp("world")))
    return database_url


@pytest.fixture(scope="module")
def ingest(world, mosquitto, tmp_path_factory):
    process = Ingest(world, mosquitto, tmp_path_factory.mktemp("ingest") / "data").wait_until_ready()
    yield process
    process.stop()


@pytest.fixture
def rows(world):
    with psycopg.connect(world, autocommit=True) as conn:
        yield lambda sql: conn.execute(sql).fetchall()


@pytest.fixture
def place(world):
    reader = Reader(world)

    def placed(order: Order) -> None:
        name = f"test-{time.time_ns()}"
        kind = type(order).__struct_config__.tag
        reader.place(
            Scope(tiny.DISTRICT, str(tiny.DISTRICT)),
            "tester",
            name,
            str(kind),
            msgspec.json.encode(order).decode(),
        )

    yield placed
    reader.close()


def client(program: str, broker: str, *options: str) -> list[str]:
    need(program)
    port = str(urlsplit(broker).port)
    return [program, "-h", "127.0.0.1", "-p", port, "-q", "1", *options]


def location(**more: object) -> str:
    place = {"_type": "location", "lat": 24.605, "lon": 118.005, "tst": int(time.time())}
    return json.dumps(place | more)


def test_phones_of_every_mqtt_version_are_heard_registered_and_told(ingest, mosquitto, rows, place):
    for version in VERSIONS:
        options = ("-V", version, "-r", "-t", f"owntracks/{version}/phone", "-m", location(batt=50))
        subprocess.run(client("mosquitto_pub", mosquitto, *options), check=True, timeout=10)
    strangers = "SELECT name FROM stranger ORDER BY 1"
    wait_until(lambda: len(rows(strangers)) == 3, what="three strangers")
    assert rows("SELECT count(*) FROM ping") == [(0,)]

    for version, worker in VERSIONS.items():
        place(RegisterDevice("owntracks", f"owntracks/{version}/phone", "worker", worker))
    found = "SELECT worker_id, battery FROM ping ORDER BY 1"
    wait_until(lambda: len(rows(found)) == 3, what="their positions")
    assert rows(found) == [("W1", 50), ("W2", 50), ("W3", 50)]
    assert rows(strangers) == []

    topic = "owntracks/mqttv31/phone"
    listening = client(
        "mosquitto_sub", mosquitto, "-V", "mqttv31", "-C", "1", "-W", "20", "-t", f"{topic}/cmd"
    )
    with subprocess.Popen(listening, stdout=subprocess.PIPE, text=True, env=os.environ) as phone:
        # The retained copy of its position tells where it listens.
        wait_until(
            lambda: rows(f"SELECT 1 FROM foreign_name WHERE reply_to = '{topic}/cmd'"),
            what="where it listens",
        )
        place(SendOrder("worker", "W1", "report_position"))
        told, _ = phone.communicate(timeout=30)
    assert json.loads(told) == {"_type": "cmd", "action": "reportLocation"}
    subprocess.run(
        client("mosquitto_pub", mosquitto, "-t", topic, "-m", location(t="r")), check=True, timeout=10
    )
    state = "SELECT state FROM order_out WHERE act = 'report_position'"
    wait_until(lambda: rows(state) == [("done",)], what="the answer")


def test_a_district_that_claims_other_topics_is_heard_there_from_then_on(
    ingest, mosquitto, rows, world, tmp_path
):
    files = tiny.write(tmp_path / "world")
    (files / "foreign_routes.csv").write_text("filter,decoder\nsite/owntracks/+/+,owntracks\n")
    import_world(world, files)
    topic = "site/owntracks/anna/phone"

    def heard() -> bool:
        subprocess.run(
            client("mosquitto_pub", mosquitto, "-t", topic, "-m", location()), check=True, timeout=10
        )
        return bool(rows(f"SELECT 1 FROM stranger WHERE name = '{topic}' AND district = {tiny.DISTRICT}"))

    wait_until(heard, every=0.5, what="the new topic")


def test_every_page_of_a_foreign_device_can_be_followed(ingest, mosquitto, rows, place):
    for one in OPEN:
        options = ("-t", one.topic, "-m", one.payload.decode())
        subprocess.run(client("mosquitto_pub", mosquitto, *options), check=True, timeout=10)
    strangers = "SELECT decoder, name, kinds[1] FROM stranger JOIN protocol USING (decoder) ORDER BY 1, 2"
    decoders = {one.protocol.name for one in OPEN}
    wait_until(lambda: {row[0] for row in rows(strangers)} == decoders, what="a stranger of every protocol")

    for decoder, name, kind in rows(strangers):
        device_id = "W1" if kind == "worker" else re.sub(r"[^A-Za-z0-9_-]+", "-", f"{decoder}-{name}")
        place(RegisterDevice(decoder, name, kind, device_id))
    wait_until(lambda: rows("SELECT 1 FROM quarantine") == [], what="all of it is taken in")
    assert rows("SELECT topic, reason FROM rejected_message") == []
    promised = {part.split(":")[1] for one in OPEN for part in one.expect if part.startswith("Happened:")}
    found = {event for (event,) in rows("SELECT DISTINCT event FROM device_event")}
    assert promised <= found
    places = (
        "SELECT DISTINCT decoder FROM foreign_name JOIN device_state USING (device_id) WHERE lon IS NOT NULL"
    )
    assert {decoder for (decoder,) in rows(places)} == {"jt808", "traccar"}
    assert rows("SELECT count(*) > 0 FROM ping WHERE worker_id = 'W1'") == [(True,)]


def test_a_receipt_that_a_printers_own_library_made_is_printed_on_the_page(ingest, mosquitto, rows, tmp_path):
    printer = Dummy()
    printer.set(align="center", double_width=True, double_height=True)
    printer._raw("现场检查记录\n编号：JC-2026-0007\n".encode("gb18030"))
    printer.qr("https://gw.example/v?no=JC-2026-0007", native=True)
    printer.cut()
    (tmp_path / "job").write_bytes(printer.output)
    options = ("-t", f"gw/v1/{tiny.DISTRICT}/printer/R1/receipt", "-f", str(tmp_path / "job"))
    subprocess.run(client("mosquitto_pub", mosquitto, *options), check=True, timeout=10)
    found = "SELECT number, language, job, body FROM receipt WHERE device_id = 'R1'"
    ((number, language, job, body),) = wait_until(lambda: rows(found), what="the paper")
    assert (number, language, bytes(job)) == ("JC-2026-0007", "escpos", printer.output)
    assert "现场检查记录" in body
    sheet = paper.sheet({"job": job, "language": language, "body": body})
    assert "font-size:2em" in sheet
    assert "<hr>" in sheet
