"""Facts are placed by the datum they name, or their device's, or WGS-84."""

from datetime import UTC, datetime

import pytest

from ingest.contract.messages import Datum
from ingest.domain.facts import DeviceEvent, DutyChanged, Ping
from ingest.domain.geo import distance_m, from_wgs84
from ingest.domain.place import place
from tests.tiny import DISTRICT, roster

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
HEADER = {"district": DISTRICT, "kind": "worker", "id": "x", "ts": NOW, "at": NOW, "received_at": NOW}


def ping(worker_id: str, lon: float, lat: float, datum: Datum | None = None) -> Ping:
    return Ping(**HEADER, device_id=worker_id, raw_lon=lon, raw_lat=lat, datum=datum)


@pytest.mark.parametrize("datum", list(Datum))
def test_a_ping_in_any_datum_lands_in_its_grid_and_keeps_the_raw_pair(datum):
    lon, lat = (float(v) for v in from_wgs84(118.005, 24.605, datum))
    (placed,) = place([ping("W1", lon, lat, datum)], roster())
    assert isinstance(placed, Ping)
    assert (placed.grid_id, placed.in_own_grid) == ("G1", True)
    assert (placed.raw_lon, placed.raw_lat, placed.datum) == (lon, lat, datum)
    assert float(distance_m(placed.lon, placed.lat, 118.005, 24.605)) < 0.001


def test_a_ping_that_names_no_datum_is_wgs84():
    (placed,) = place([ping("W2", 118.005, 24.605)], roster())
    assert (placed.datum, placed.grid_id, placed.in_own_grid) == (Datum.WGS84, "G1", False)


def test_a_worker_without_grids_is_neither_inside_nor_outside():
    assert place([ping("F1", 118.005, 24.605)], roster())[0].in_own_grid is None


def test_a_device_brings_its_own_datum():
    lon, lat = (float(v) for v in from_wgs84(118.015, 24.605, Datum.GCJ02))
    event = DeviceEvent(
        **{**HEADER, "kind": "bodycam"}, device_id="B2", event="position", raw_lon=lon, raw_lat=lat
    )
    assert place([event], roster())[0].grid_id == "G2"


def test_facts_without_a_place_pass_in_their_order():
    duty = DutyChanged(**HEADER, device_id="W1", on=True)
    camera = DeviceEvent(
        **{**HEADER, "kind": "camera"}, device_id="C1", event="fire", raw_lon=None, raw_lat=None
    )
    placed = place([duty, ping("W1", 0.5, 0.5), camera], roster())
    assert placed[0] is duty and placed[2] is camera
    assert placed[1].grid_id is None
