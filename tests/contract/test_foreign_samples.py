"""Messages that were caught from real devices, or stand in their makers' documents, where that folder is at
hand.

What was caught before the earliest time that the wire takes is moved into the year of the others.
"""

import re
from pathlib import Path

import pytest

from ingest.contract.errors import DecodeError
from ingest.decoders import protocols
from tests.contract.hearing import delivery
from tests.contract.test_foreign import NAMES

FOLDER = Path(__file__).parents[3] / "shared" / "samples"
FILES = sorted(path for name in NAMES for path in (FOLDER / name).glob("*") if path.suffix != ".source")
EXPECTED = {
    "owntracks/android_lwt.json": ["Presence"],
    "owntracks/encrypted_real_key_123.json": ["Sealed"],
    "owntracks/invalid_location_message_zero_timestamp.json": ["impossible_clock"],
    "owntracks/location_deserialize_extended.json": ["Position"],
    "owntracks/location_multiple_messages.json": ["Position", "Position"],
    "owntracks/transition_message.json": ["Happened"],
    "owntracks/unknown_message.json": ["wrong_shape"],
    "owntracks/valid_location_message.json": ["impossible_place"],
    "traccar/event_deviceOnline_2018.json": ["Happened"],  # a geofenceExit, whatever it is called
    "traccar/position_2018.json": ["Position"],
    "frigate/available.txt": ["Presence"],
    "frigate/frigate_events.json": ["Happened"],
    "frigate/frigate_reviews.json": ["Happened"],
    "onvif/spec_ruleengine_linedetector_crossed_1_2_myimportantfence1.json": ["Happened"],
    "onvif/spec_ruleengine_linedetector_crossed_1_2_myimportantfence2.invalid.txt": ["not_json"],
    "axis/aoa_crossline_1.json": ["Happened"],
    "axis/pir_ha_core.json": ["Happened"],
    "jt808/emqx_0200.json": ["Happened"] * 6 + ["Presence"],  # it had no fix
    "vzenith/ivs_result.json": ["Happened"],
    "hikvision/alert_wrapped.json": ["Happened"],
    "dahua/videomotion.json": ["Happened"],
}
MOVED = [(b"15144555", b"17724383"), (b"2018-09-14", b"2026-02-14"), (b"2008-10-10", b"2026-02-10")]
MOVED += [(b"2026-06-29", b"2026-02-28"), (b"1778266175", b"1772438300")]  # these are still to come


@pytest.mark.skipif(not FILES, reason="the folder of samples is not beside this one")
@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_sample_is_heard_as_what_it_is(path: Path) -> None:
    payload = path.read_bytes()
    for old, new in MOVED:
        payload = payload.replace(old, new)
    protocol = protocols()[path.parent.name]
    source = path.with_name(path.name + ".source").read_text(encoding="utf-8")
    named = re.search(r"^topic: (.*)$", source, re.MULTILINE)
    topic = named[1] if named else protocol.filters[0].replace("+", "x")
    heard = protocol.decode(delivery(topic, payload))
    came = [one.reason if isinstance(one, DecodeError) else type(one).__name__ for one in heard]
    assert came == EXPECTED[f"{path.parent.name}/{path.name}"]
