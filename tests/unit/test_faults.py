"""Faults come at their stated rates, and each is what it says it is."""

from collections import Counter
from random import Random

import msgspec
import pytest

from ingest.contract.messages import Envelope, Gps
from simulators.device import Message
from simulators.faults import (
    BURST,
    NO_FAULTS,
    Delayed,
    Outage,
    Rates,
    clock_ms,
    is_out,
    late,
    malformed,
    replay,
    suffer,
)

TS = 1_795_312_800_000
TOPIC = "gw/v1/350211/worker/W001/gps"


def message(number: int = 0) -> Message:
    envelope = Envelope(f"gps-{number}", TS + number, Gps(118.0, 24.6))
    return Message(TOPIC, msgspec.json.encode(envelope))


def decoded(payload: bytes) -> Envelope[Gps]:
    return msgspec.json.decode(payload, type=Envelope[Gps])


def verdict(sent: list[Delayed]) -> str:
    if not sent:
        return "missing"
    if len(sent) == 2:
        return "duplicate"
    try:
        envelope = decoded(sent[0].message.payload)
    except msgspec.DecodeError:
        return "malformed"
    return "late" if envelope.sent else "1970" if envelope.ts < 10**9 else "whole"


def test_messages_suffer_at_the_stated_rates() -> None:
    rates, random, count = Rates(), Random(7), 60_000
    seen = Counter(verdict(suffer(rates, random, message(n))) for n in range(count))
    for name, rate in (("duplicate", rates.duplicate), ("late", rates.late), ("missing", rates.missing),
                       ("malformed", rates.malformed), ("1970", rates.in_1970)):  # fmt: skip
        assert seen[name] / count == pytest.approx(rate, rel=0.35), name
    assert seen["whole"] / count > 0.95


def test_without_faults_every_message_is_sent_once_as_it_is() -> None:
    random = Random(1)
    for number in range(1000):
        assert suffer(NO_FAULTS, random, message(number)) == [Delayed(0, message(number))]


@pytest.mark.parametrize("harmless", [
    Message("gw/v1/350211/worker/W001/state", b'{"online":true}', True),
    Message("gw/v1/350211/worker/W001/photo", b"\xff\xd8\xff\xe0 a JPEG"),
])  # fmt: skip
def test_state_and_photos_are_never_damaged(harmless: Message) -> None:
    ruin = Rates(duplicate=0, missing=0, late=0, malformed=1)
    assert suffer(ruin, Random(1), harmless) == [Delayed(0, harmless)]


def test_a_duplicate_is_the_same_bytes_twice() -> None:
    first, second = suffer(Rates(missing=0, duplicate=1), Random(1), message())
    assert first.message == second.message == message()
    assert first.after_s == 0 < second.after_s


def test_a_late_message_says_when_it_was_sent() -> None:
    held = late(Rates(), Random(1), message())
    envelope = decoded(held.message.payload)
    assert envelope.ts == TS
    assert envelope.sent == TS + round(held.after_s * 1000)
    assert 5 <= held.after_s <= 90


def test_a_malformed_message_never_decodes() -> None:
    random = Random(3)
    bodies = [malformed(random, message(n)).payload for n in range(300)]
    for body in bodies:
        with pytest.raises(msgspec.DecodeError):
            decoded(body)
    assert any(b'"soon"' in body for body in bodies), "a wrong type"
    assert any(b"data" not in body and body.endswith(b"}") for body in bodies), "a missing field"
    assert any(not body.endswith(b"}") for body in bodies), "cut short"


def test_few_clocks_are_wrong_and_those_by_minutes_either_way() -> None:
    random = Random(5)
    offsets = [clock_ms(Rates(), random) for _ in range(20_000)]
    wrong = [offset for offset in offsets if offset]
    assert len(wrong) / len(offsets) == pytest.approx(0.02, rel=0.2)
    assert all(120_000 <= abs(offset) <= 900_000 for offset in wrong)
    assert min(wrong) < 0 < max(wrong)


def test_outages_last_as_long_as_stated_and_go_round_the_crew() -> None:
    outage = Outage(every_s=600, lasts_s=(40, 120))
    out = [
        [is_out(outage, f"W{rank}", rank, 10, 1e9 + second) for second in range(6000)] for rank in range(10)
    ]
    for states in out:
        starts = [s for s in range(1, 6000) if states[s] and not states[s - 1]]
        assert 9 <= len(starts) <= 11
        lasted = [
            next(s for s in range(start, 6001) if s == 6000 or not states[s]) - start for start in starts
        ]
        assert all(39 <= seconds <= 121 for seconds in lasted[:-1])
    together = [sum(states[second] for states in out) for second in range(6000)]
    assert max(together) <= 3


def test_what_was_kept_comes_back_in_order_as_arrays_marked_as_history() -> None:
    photo = Message("gw/v1/350211/worker/W001/photo", b"\xff\xd8 bytes")
    bursts = replay([message(n) for n in range(BURST + 20)] + [photo])
    assert photo in bursts
    arrays = [msgspec.json.decode(b.payload, type=list[Envelope[Gps]]) for b in bursts if b != photo]
    assert [len(array) for array in arrays] == [BURST, 20]
    envelopes = [envelope for array in arrays for envelope in array]
    assert all(envelope.hist for envelope in envelopes)
    assert [envelope.id for envelope in envelopes] == [f"gps-{n}" for n in range(BURST + 20)]


def test_nothing_kept_is_nothing_sent() -> None:
    assert replay([]) == []
