"""paho's own loop doing nothing but acknowledge: ``python -m bench.paho_loop PORT CLIENT_ID COUNT``.

Prints one line of JSON: messages a second from the first to the last, CPU microseconds a message, and how
old the messages were (by the `sent` of their envelopes, ms) when they came.
"""

import re
import sys
import time
from typing import Any

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from bench.figures import percentiles, to_json

_SENT = re.compile(rb'"sent":(\d+)')
_PATIENCE_S = 300


def main(port: int, client_id: str, count: int) -> None:
    """Take `count` messages of the kept session `client_id`, acknowledging each."""
    came: list[tuple[float, bytes]] = []
    client = mqtt.Client(
        CallbackAPIVersion.VERSION2,
        client_id=client_id,
        clean_session=False,
        protocol=MQTTProtocolVersion.MQTTv311,
        manual_ack=True,
    )

    def on_message(_client: mqtt.Client, _data: Any, message: mqtt.MQTTMessage) -> None:
        came.append((time.time(), bytes(message.payload)))
        client.ack(message.mid, message.qos)

    def on_connect(*_: Any) -> None:
        print("ready", flush=True)  # noqa: T201 - told to the process that started us

    client.on_message = on_message
    client.on_connect = on_connect
    client.connect("127.0.0.1", port)
    spent = time.process_time()
    end = time.monotonic() + _PATIENCE_S
    while len(came) < count and time.monotonic() < end:
        client.loop(0.5)
    while client.want_write():
        client.loop(0.1)
    spent = time.process_time() - spent
    client.disconnect()
    seconds = came[-1][0] - came[0][0]
    ages = [at * 1000 - int(found[1]) for at, payload in came if (found := _SENT.search(payload))]
    told = {"messages": len(came), "per_s": len(came) / seconds, "cpu_us": spent / len(came) * 1e6}
    print(to_json(told | {"age": percentiles(ages)}))  # noqa: T201 - a command's result


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
