"""Ingest's line to a real broker: a session that was kept is taken up again, however much it brings."""

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from ingest.broker import Line
from ingest.settings import MqttAddress
from tests.conftest import wait_until

FILTER = "gw/v1/350297/#"
MANY = 3_000


def test_a_kept_session_is_taken_up_though_its_backlog_comes_before_the_grant(broker_url: str) -> None:
    host, port = broker_url.removeprefix("mqtt://").split(":")
    address = MqttAddress(broker_url, host, int(port), None, None, tls=False)
    line = Line(address, "a-kept-session")
    line.connect([FILTER])
    line.disconnect()
    _publish(host, int(port))

    again = Line(address, "a-kept-session")
    again.connect([FILTER])
    seen: set[bytes] = set()

    def all_seen() -> bool:
        deliveries = again.collect()
        again.ack(deliveries)
        seen.update(delivery.payload for delivery in deliveries)
        return len(seen) == MANY

    wait_until(all_seen, 30, every=0, what="the whole backlog")
    again.disconnect()


def _publish(host: str, port: int) -> None:
    client = mqtt.Client(CallbackAPIVersion.VERSION2)
    client.connect(host, port)
    client.loop_start()
    told = [client.publish("gw/v1/350297/worker/W1/gps", str(i), 1) for i in range(MANY)]
    wait_until(lambda: all(one.is_published() for one in told), 30, what="published messages")
    client.disconnect()
    client.loop_stop()
