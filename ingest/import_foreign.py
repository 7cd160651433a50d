"""Foreign devices in a customer's files: which topics go to which decoder, which names stand for whom."""

from collections.abc import Collection, Mapping
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ingest.contract.messages import Datum
from ingest.contract.topics import is_filter
from ingest.decoders import protocols
from ingest.import_cells import Cells, Problems, Record, read_csv

ROUTES, NAMES = "foreign_routes.csv", "foreign_names.csv"


def read_foreign(
    directory: Path, problems: Problems, devices: Mapping[str, str], workers: Collection[str]
) -> dict[str, list[Record]]:
    """Rows by table of those files that are there; `devices` are the kinds by id."""
    tables: dict[str, list[Record]] = {}
    if (directory / ROUTES).exists():
        tables["foreign_route"] = _routes(directory / ROUTES, problems)
    if (directory / NAMES).exists():
        tables["foreign_name"] = _names(directory / NAMES, problems, devices, workers)
    return tables


def _routes(path: Path, problems: Problems) -> list[Record]:
    rows: list[Record] = []
    known: set[str] = set()
    for cells in read_csv(path, ("filter", "decoder"), problems):
        wanted = cells.text("filter")
        cells.unique("filter", wanted, known)
        if wanted and not is_filter(wanted):
            cells.bad("filter", f"{wanted!r} is no topic filter of a foreign protocol")
        rows.append({"filter": wanted, "decoder": _decoder(cells)})
    return rows


def _names(
    path: Path, problems: Problems, devices: Mapping[str, str], workers: Collection[str]
) -> list[Record]:
    rows: list[Record] = []
    known: set[str] = set()
    for cells in read_csv(path, ("decoder", "name", "kind", "device_id"), problems):
        decoder, name, kind = _decoder(cells), cells.text("name"), cells.text("kind")
        device_id = cells.id("device_id")
        cells.unique("name", f"{decoder} {name}", known)
        protocol = protocols().get(decoder)
        if protocol and kind not in protocol.kinds:
            cells.bad("kind", f"{kind!r} is none of {', '.join(protocol.kinds)}")
        if kind == "worker" and device_id not in workers:
            cells.bad("device_id", f"{device_id!r} is not in workers.csv")
        if kind != "worker" and devices.get(device_id) != kind:
            cells.bad("device_id", f"{device_id!r} is no {kind} of devices.csv")
        rows.append(
            {
                "decoder": decoder,
                "name": name,
                "kind": kind,
                "device_id": device_id,
                "datum": cells.one_of("datum", tuple(Datum)),
                "tz": _tz(cells),
                "key": cells.optional("key"),
            }
        )
    return rows


def _decoder(cells: Cells) -> str:
    return cells.one_of("decoder", tuple(sorted(protocols()))) or cells.text("decoder")


def _tz(cells: Cells) -> str | None:
    name = cells.optional("tz")
    try:
        return name and ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        cells.bad("tz", f"{name!r} is no time zone")
        return None
