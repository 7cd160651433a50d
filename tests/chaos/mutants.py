"""Mutated messages of every decoder there is, from the payloads that tests/contract captured; and what each
comes to."""

from collections.abc import Iterator
from random import Random

from ingest.contract.delivery import Delivery
from ingest.contract.errors import DecodeError
from ingest.decoders import Message, decode_all, decoders
from ingest.domain.facts import Fact
from tests import tiny
from tests.chaos.mutate import mutate
from tests.contract.test_decoders import CASES, NOW, TS

DECODERS = sorted(decoders())
"""(kind, stream); kind ``+`` is any."""


def captured(kind: str, stream: str) -> list[bytes]:
    """Good payloads for a decoder: those of tests/contract/test_decoders.py."""
    cases = ((name.split("/"), payload) for name, (payload, _) in CASES.items())
    payloads = [
        payload
        for (its_kind, its), payload in cases
        if its == stream and (kind == its_kind or (kind == "+" and (its_kind, its) not in DECODERS))
    ]
    assert payloads, (
        f"the decoder of {kind}/{stream} is not fuzzed: give CASES in tests/contract/test_decoders.py "
        "a good payload for it"
    )
    return payloads


def deliver(topic: str, payload: bytes) -> Delivery:
    return Delivery(topic, payload, 1, False, False, 1, 1, NOW, True)


def topic_of(kind: str, stream: str) -> str:
    kind = "printer" if kind == "+" else kind
    return f"gw/v1/{tiny.DISTRICT}/{kind}/{'W1' if kind == 'worker' else kind.upper()}/{stream}"


def decoded(delivery: Delivery) -> Message:
    """The message with what it came to: one thing at least, each a fact or a reject."""
    try:
        (message,) = decode_all([delivery])
    except Exception as error:
        error.add_note(f"topic {delivery.topic!r}, payload {delivery.payload[:2000]!r}")
        raise
    said = message[1]
    ours = delivery.topic.endswith("/order")
    assert (said or ours) and all(isinstance(one, Fact | DecodeError) for one in said), delivery[:2]
    return message


def mutants(seed: int, kind: str, stream: str, count: int) -> Iterator[Delivery]:
    """So many mutated messages of a decoder's, each at an instant of its own."""
    chance, payloads = Random(f"{seed} {kind}/{stream}"), captured(kind, stream)
    others = [payload for payload, _ in CASES.values()]
    for number in range(count):
        at = str(TS - number).encode()
        payload = chance.choice(payloads).replace(str(TS).encode(), at)
        yield deliver(topic_of(kind, stream), mutate(chance, payload, chance.choice(others)))
