"""Any device's state: retained, without envelope or clock, and its will when the line breaks."""

from collections.abc import Iterable

import msgspec

from ingest.contract.delivery import Delivery
from ingest.contract.errors import DecodeError
from ingest.contract.messages import State
from ingest.contract.topics import Topic
from ingest.decoders import decoder
from ingest.domain.envelope import decode_json
from ingest.domain.facts import Fact, StateReported

_STATE = msgspec.json.Decoder(State)


@decoder("gw/v1/+/+/+/state")
def state(topic: Topic, delivery: Delivery) -> Iterable[Fact | DecodeError]:
    if not delivery.payload:
        yield DecodeError("empty_payload")
        return
    try:
        said = decode_json(_STATE, delivery.payload)
    except DecodeError as error:
        yield error
        return
    yield StateReported(
        district=topic.district,
        kind=topic.kind,
        device_id=topic.device,
        id="",  # it has none, needs none: to be told the same state twice changes nothing
        ts=delivery.received_at,
        at=delivery.received_at,
        received_at=delivery.received_at,
        online=said.online,
        retained=delivery.retain,
        battery=said.battery,
        firmware=said.firmware,
        storage=said.storage,
    )
