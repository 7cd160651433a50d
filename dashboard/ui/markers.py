"""Rows to what the map's layers draw: a place, a colour, and a tip in the viewer's language."""

from typing import Any

from dashboard.ui import sight, theme
from dashboard.ui.i18n import age, name, say
from db.connect import Row
from words.alert import sentence


def workers(lang: str, rows: list[Row]) -> list[dict[str, Any]]:
    """Green at work, amber outside their own grids, grey when not heard of or off duty."""
    return [_worker(lang, row) for row in rows]


def _worker(lang: str, row: Row) -> dict[str, Any]:
    status = _worker_status(row)
    said = {
        "name": name(lang, row),
        "status": say(lang, f"status.{status}"),
        "grid": name(lang, row, "grid_") if row["grid_name"] else say(lang, "status.no_grid"),
        "age": age(lang, row["age_s"]),
    }
    return {
        "id": row["worker_id"],
        "p": [row["lon"], row["lat"]],
        "c": theme.rgba(_WORKER_COLOURS[status]),
        "tip": say(lang, "map.worker", **said),
    }


_WORKER_COLOURS = {
    "online": theme.GREEN,
    "outside": theme.AMBER,
    "offline": theme.GREY,
    "off_duty": theme.GREY,
}


def _worker_status(row: Row) -> str:
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


def devices(lang: str, rows: list[Row]) -> list[dict[str, Any]]:
    """A small dot for what is fixed, a wide ring (around its worker) for what is carried, a large dot for
    vehicles."""
    return [_device(lang, row) for row in rows]


def _device(lang: str, row: Row) -> dict[str, Any]:
    carried, drives = row["worker_name"] is not None, row["kind"] == "vehicle"
    colour = _DEVICE_COLOURS.get(row["kind"], theme.BLUE) if row["online"] else theme.GREY
    said = {
        "kind": say(lang, f"kind.{row['kind']}"),
        "name": row["name"],
        "status": say(lang, "status.online" if row["online"] else "status.offline"),
    }
    return {
        "id": row["device_id"],
        "p": [row["lon"], row["lat"]],
        "c": theme.rgba(colour, 230),
        "f": theme.rgba(colour, 0 if carried else 255 if drives else 130),
        "r": 8 if carried else 5 if drives else 3,
        "tip": say(lang, "map.device", **said),
    }


def sights(lang: str, rows: list[Row]) -> list[dict[str, Any]]:
    """What each camera sees of the ground, blue while it is heard of."""
    return [_sight(row) for row in rows]


def _sight(row: Row) -> dict[str, Any]:
    colour = theme.BLUE if row["online"] else theme.GREY
    return {
        "w": sight.wedge(row["lon"], row["lat"], row["heading_deg"]),
        "c": theme.rgba(colour, 150),
        "f": theme.rgba(colour, 50),
    }


def alerts(lang: str, rows: list[Row]) -> list[dict[str, Any]]:
    """A halo in the colour of the severity, for each alert that has a place; the worst on top."""
    rising = list(reversed(theme.SEVERITY))
    placed = [row for row in rows if row["lon"] is not None]
    return [_alert(lang, row) for row in sorted(placed, key=lambda row: rising.index(row["severity"]))]


def _alert(lang: str, row: Row) -> dict[str, Any]:
    severity, text = say(lang, f"severity.{row['severity']}"), sentence(lang, row)
    return {
        "id": row["alert_id"],
        "p": [row["lon"], row["lat"]],
        "c": theme.rgba(theme.SEVERITY[row["severity"]]),
        "f": theme.rgba(theme.SEVERITY[row["severity"]], 60),
        "tip": say(lang, "map.alert", severity=severity, text=text, grid=name(lang, row, "grid_")),
    }
