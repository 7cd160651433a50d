"""The rows of a synthetic district's premises and devices, as its import files hold them."""

from collections.abc import Iterable, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from ingest.contract.messages import Datum
from ingest.domain.geo import from_wgs84
from simulators import names
from simulators.ground import Floats, Ground, Places, to_degrees
from simulators.organisation import SECTION_DEPTH, Rows, numbered
from simulators.trades import OPEN_TAGS, TRADES

PREMISES = ("premises_id", "name", "licence_no", "category", "risk_grade", "status", "address", "tags",
            "lon", "lat", "datum")  # fmt: skip
DEVICES = ("device_id", "kind", "name", "worker_id", "lon", "lat", "datum", "heading_deg")

# Registers grew together from several sources: most name WGS-84 or nothing, some a map vendor's datum.
_DATUMS = ("", "WGS84", "GCJ02", "BD09")
_DATUM_SHARE = (0.5, 0.2, 0.25, 0.05)
_RECORDED = 0.98  # premises beyond are known from records only


def premises_rows(
    seed: int, district: str, dice: np.random.Generator, ground: Ground, places: Places, villages: Rows
) -> tuple[tuple[str, ...], Iterable[tuple[str, ...]]]:
    """Header and rows of premises.csv, one for each of `places`."""
    count = len(places.x)
    weight = np.array([trade.weight for trade in TRADES])
    trade = dice.choice(len(TRADES), count, p=weight / weight.sum())
    kind, suffix, first, second = dice.integers(0, 1 << 30, (4, count))
    number = dice.integers(1, 300, count)
    grade = dice.choice(list("ABCD"), count, p=(0.34, 0.42, 0.18, 0.06))
    closed, tagged = dice.random(count) < 0.02, dice.random(count)
    lon, lat, datum = _coordinates(dice, ground, places.x, places.y)
    streets = [names.streets(seed, path, 24) for path, _, _, _ in villages]
    premises_ids = numbered("P", count)

    def row(i: int) -> tuple[str, ...]:
        what = TRADES[trade[i]]
        tags = [what.kinds[kind[i] % len(what.kinds)]]
        if tagged[i] < 0.15:
            tags.append(OPEN_TAGS[int(tagged[i] / 0.15 * len(OPEN_TAGS))])
        village, street = places.village[i], places.street[i]
        return (
            premises_ids[i],
            names.shop(first[i], second[i]) + what.suffixes[suffix[i] % len(what.suffixes)],
            f"92{district}SIM{i + 1:07d}",
            what.name,
            str(grade[i]) if what.graded else "",
            "closed" if closed[i] else "recorded" if tagged[i] > _RECORDED else "in_business",
            f"{villages[village][1]}{streets[village][street]}{number[i]}号",
            ";".join(tags),
            f"{lon[i]:.6f}",
            f"{lat[i]:.6f}",
            datum[i],
        )

    return PREMISES, map(row, range(count))


def camera_rows(
    dice: np.random.Generator, ground: Ground, places: Places, villages: Rows, count: int
) -> tuple[tuple[str, ...], Rows]:
    """Header and rows of devices.csv for fixed cameras, each across the street from some premises."""
    spot = np.sort(dice.choice(len(places.x), count, replace=False))
    angle = places.bearing[spot]
    x, y = places.x[spot] + 6 * np.cos(angle), places.y[spot] - 6 * np.sin(angle)
    inside = shapely.contains_xy(ground.villages[places.village[spot]], x, y)
    x, y = np.where(inside, x, places.x[spot]), np.where(inside, y, places.y[spot])
    lon, lat, datum = _coordinates(dice, ground, x, y)
    heading = np.degrees(angle) % 360
    rows: Rows = []
    for i, device_id in enumerate(numbered("C", count)):
        name = f"{villages[places.village[spot[i]]][1]}监控{device_id[1:]}"
        fixed = (f"{lon[i]:.6f}", f"{lat[i]:.6f}", str(datum[i]), f"{heading[i]:.0f}")
        rows.append((device_id, "camera", name, "", *fixed))
    return DEVICES, rows


def terminal_rows(ground: Ground, places: Places, units: Rows, villages: Rows) -> Rows:
    """Rows of devices.csv for a community terminal a section, in the middle one of its villages."""
    sections = [(path, name) for path, name, *_ in units if path.count("/") == SECTION_DEPTH]
    return _fixed_rows("T", "terminal", "服务终端", sections, ground, places, villages)


def vehicle_rows(ground: Ground, places: Places, units: Rows, villages: Rows) -> Rows:
    """Rows of devices.csv for a vehicle a squadron, with the yard where it stands at night."""
    squadrons = [(path, name) for path, name, *_ in units if path.count("/") == SECTION_DEPTH - 1]
    return _fixed_rows("V", "vehicle", "巡查车", squadrons, ground, places, villages)


def _fixed_rows(
    letter: str,
    kind: str,
    called: str,
    units: Sequence[tuple[str, str]],
    ground: Ground,
    places: Places,
    villages: Rows,
) -> Rows:
    """One a unit, beside the first premises of its middle village."""
    rows: Rows = []
    for device_id, (path, name) in zip(numbered(letter, len(units)), units, strict=True):
        own = [i for i, (village, *_) in enumerate(villages) if village.startswith(f"{path}/")]
        spot = int(np.argmax(places.village == own[len(own) // 2]))
        lon, lat = to_degrees(ground.centre, places.x[spot], places.y[spot])
        rows.append((device_id, kind, f"{name}{called}", "", f"{lon:.6f}", f"{lat:.6f}", "", ""))
    return rows


def scanner_rows(workers: Sequence[str], count: int) -> Rows:
    """Rows of devices.csv for traceability scanners, given out evenly among the workers."""
    carriers = [workers[i * len(workers) // count] for i in range(count)]
    ids = numbered("S", count)
    return [
        (device_id, "scanner", f"追溯扫码器{device_id[1:]}", worker_id, "", "", "", "")
        for device_id, worker_id in zip(ids, carriers, strict=True)
    ]


def carried_rows(workers: Sequence[str]) -> Rows:
    """Rows of devices.csv for a bodycam and a printer a worker; every third bodycam thinks in GCJ-02."""
    bodycams: Rows = []
    printers: Rows = []
    for i, (bodycam, worker_id) in enumerate(zip(numbered("B", len(workers)), workers, strict=True)):
        datum, number = "GCJ02" if i % 3 == 2 else "WGS84", bodycam[1:]
        bodycams.append((bodycam, "bodycam", f"执法记录仪{number}", worker_id, "", "", datum, ""))
        printers.append((f"R{number}", "printer", f"蓝牙打印机{number}", worker_id, "", "", "", ""))
    return bodycams + printers


def _coordinates(
    dice: np.random.Generator, ground: Ground, x: Floats, y: Floats
) -> tuple[Floats, Floats, NDArray[np.str_]]:
    """Metres to degrees in a datum drawn for each point; the datum's name may be empty (WGS-84)."""
    lon, lat = to_degrees(ground.centre, x, y)
    datum = dice.choice(_DATUMS, len(x), p=_DATUM_SHARE)
    for name in (Datum.GCJ02, Datum.BD09):
        of = datum == name.value
        lon[of], lat[of] = from_wgs84(lon[of], lat[of], name)
    return lon, lat, datum
