"""The embedded broker as a process of its own: ``python -m up.broker PORT``, on loopback only."""

import logging
import sys

from iotcore import IotCoreBroker

from ingest.contract.messages import MAX_MESSAGE_BYTES


def main() -> None:
    """Serve MQTT on 127.0.0.1 until terminated."""
    logging.basicConfig(level=logging.WARNING)
    # rumqttd reports every packet as an error, through Python: neither its time nor its size is wanted.
    logging.getLogger("rumqttd").setLevel(logging.CRITICAL)
    IotCoreBroker(listen="127.0.0.1", port=int(sys.argv[1]), max_payload_size=MAX_MESSAGE_BYTES).run_forever()


if __name__ == "__main__":
    main()
