"""Rows to what the map's layers draw: a place, a colour, and a tip in the viewer's language."""

import math
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from dashboard.ui import marks, sight, theme
from dashboard.ui.i18n import age, name, say
from db.connect import Row
from words.alert import sentence

Drawn = dict[str, Any]

_HALO, _SWOLLEN = 14, 22
"""Pixels, at most: of an alert, and of it at every other tick."""


def workers(lang: str, rows: list[Row]) -> Drawn:
    """A mark by state and colour (``marks``), turned to where somebody goes."""
    return collection(_worker(lang, row) for row in rows)


def _worker(lang: str, row: Row) -> Drawn:
    status = worker_status(row)
    said = {
        "name": name(lang, row),
        "status": say(lang, f"status.{status}"),
        "grid": name(lang, row, "grid_") if row["grid_name"] else say(lang, "status.no_grid"),
        "age": age(lang, row["age_s"]),
    }
    about = {"id": row["worker_id"], "i": status, "a": 0, "tip": say(lang, "map.worker", **said)}
    if marks.GOING + status in marks.NAMES and row["heading_deg"] is not None:
        about |= {"i": marks.GOING + status, "a": -round(row["heading_deg"])}  # deck.gl turns to the left
    return point(row, about)


def clusters(lang: str, rows: list[Row]) -> Drawn:
    """How many workers are in each unit, where most of them are: a disc that grows with the number, and
    the number in it."""
    most = max((row["workers"] for row in rows), default=1)
    return collection(_cluster(lang, row, most) for row in rows)


def _cluster(lang: str, row: Row, most: int) -> Drawn:
    unit = name(lang, row) if row["name"] else say(lang, "status.no_grid")
    said = {key: f"{row[key]:,}" for key in ("workers", "online", "outside", "offline")}
    lit = theme.AMBER if row["outside"] else theme.GREEN if row["online"] else theme.GREY
    about = {
        "id": row["path"] or "",
        "n": f"{row['workers']:,}",
        "r": round(14 + 12 * math.sqrt(row["workers"] / most)),
        "c": theme.rgba(lit),
        "tip": say(lang, "map.cluster", unit=unit, **said),
    }
    return point(row, about)


def point(row: Row, about: Drawn) -> Drawn:
    """A place with what is known of it, as a GeoJSON feature."""
    geometry = {"type": "Point", "coordinates": [row["lon"], row["lat"]]}
    return {"type": "Feature", "geometry": geometry, "properties": about}


def collection(features: Iterable[Drawn]) -> Drawn:
    return {"type": "FeatureCollection", "features": list(features)}


def worker_status(row: Row) -> str:
    """How a worker is: online, outside their own grids, offline or off duty."""
    if not row["on_duty"]:
        return "off_duty"
    if not row["online"]:
        return "offline"
    return "outside" if row["in_own_grid"] is False else "online"


_DEVICE_COLOURS = {
    "camera": theme.BLUE,
    "bodycam": theme.VIOLET,
    "scanner": theme.VIOLET,
    "terminal": theme.BLUE,
    "vehicle": theme.TEXT,
}


def devices(lang: str, rows: list[Row]) -> list[Drawn]:
    """A small dot for what is fixed, a wide ring (around its worker) for what is carried, a large dot for
    vehicles."""
    return [_device(lang, row) for row in rows]


def _device(lang: str, row: Row) -> Drawn:
    look = _device_look(lang, row["kind"], row["name"], row["online"], row["worker_name"] is not None)
    return {"id": row["device_id"], "p": [row["lon"], row["lat"]], **look}


@lru_cache(maxsize=50_000)
def _device_look(lang: str, kind: str, device: str, online: bool, carried: bool) -> Drawn:
    """What of a device seldom changes, made once: a city has ten thousand."""
    colour = _DEVICE_COLOURS.get(kind, theme.BLUE) if online else theme.GREY
    drives = kind == "vehicle"
    said = {
        "kind": say(lang, f"kind.{kind}"),
        "name": device,
        "status": say(lang, "status.online" if online else "status.offline"),
    }
    return {
        "c": theme.rgba(colour, 230),
        "f": theme.rgba(colour, 0 if carried else 255 if drives else 130),
        "r": 8 if carried else 5 if drives else 3,
        "tip": say(lang, "map.device", **said),
    }


def sights(lang: str, rows: list[Row]) -> list[Drawn]:
    """What each camera sees of the ground, blue while it is heard of."""
    return [_sight(row) for row in rows]


def _sight(row: Row) -> Drawn:
    colour = theme.BLUE if row["online"] else theme.GREY
    return {
        "w": sight.wedge(row["lon"], row["lat"], row["heading_deg"]),
        "c": theme.rgba(colour, 150),
        "f": theme.rgba(colour, 50),
    }


def alerts(lang: str, rows: list[Row], swollen: bool = False) -> list[Drawn]:
    """A halo in the colour of the severity, for each alert that has a place; the worst on top. Two pictures
    in turn, one of them `swollen`, make it pulse."""
    rising = list(reversed(theme.SEVERITY))
    placed = [row for row in rows if row["lon"] is not None]
    radius = _SWOLLEN if swollen else _HALO
    by_severity = sorted(placed, key=lambda row: rising.index(row["severity"]))
    return [_alert(lang, row, radius) for row in by_severity]


def _alert(lang: str, row: Row, radius: int) -> Drawn:
    severity, text = say(lang, f"severity.{row['severity']}"), sentence(lang, row)
    return {
        "id": row["alert_id"],
        "p": [row["lon"], row["lat"]],
        "r": radius,
        "c": theme.rgba(theme.SEVERITY[row["severity"]]),
        "f": theme.rgba(theme.SEVERITY[row["severity"]], 60),
        "tip": say(lang, "map.alert", severity=severity, text=text, grid=name(lang, row, "grid_")),
    }
