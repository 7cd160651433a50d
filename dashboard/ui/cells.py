"""Heat maps: squares of the district with how much was in each, counted by the database."""

import math

from dashboard.ui import shades, theme
from dashboard.ui.i18n import say
from dashboard.ui.markers import Drawn
from db.connect import Row

_ACROSS = 120
"""So many squares, at most, lie side by side over the district: each some pixels wide from afar."""
_LEAST_DEG = 0.0025
"""Some 270 m."""

Bounds = tuple[float, float, float, float]


def step_deg(bounds: Bounds | None) -> float:
    """How wide and high the squares of a district with these bounds are, in degrees."""
    west, south, east, north = bounds or (0.0, 0.0, 0.0, 0.0)
    return max(_LEAST_DEG, round(max(east - west, north - south) / _ACROSS, 4))


def placed(rows: list[Row], step: float) -> list[Row]:
    """The rows, counted by squares of `step` degrees, with the middle of each."""
    return [
        {**row, "step": step, "lon": (row["x"] + 0.5) * step, "lat": (row["y"] + 0.5) * step} for row in rows
    ]


def pings(lang: str, rows: list[Row]) -> list[Drawn]:
    """Where people have been today."""
    return _cells(lang, rows, "map.pings")


def hazards(lang: str, rows: list[Row]) -> list[Drawn]:
    """Where something was found in the last 30 days."""
    return _cells(lang, rows, "map.hazards")


def legend(lang: str, name: str, rows: list[Row]) -> str:
    """What the colours of the heat map `name` stand for, as HTML."""
    return shades.legend(say(lang, f"map.{name}_scale"), _scale(rows), lambda n: f"{math.exp(n):,.0f}")


def _scale(rows: list[Row]) -> shades.Scale | None:
    """Of logarithms, since one market has a hundred times as much as a street."""
    return shades.scale(math.log(row["n"]) for row in rows)


def _cells(lang: str, rows: list[Row], key: str) -> list[Drawn]:
    scale = _scale(rows)
    return [_cell(lang, row, key, scale.shade(math.log(row["n"]))) for row in rows if scale]


def _cell(lang: str, row: Row, key: str, shade: str) -> Drawn:
    half = row["step"] / 2
    west, south, east, north = row["lon"] - half, row["lat"] - half, row["lon"] + half, row["lat"] + half
    corners = ((west, south), (east, south), (east, north), (west, north), (west, south))
    return {
        "id": f"{row['x']}:{row['y']}",
        "w": [[round(lon, 5), round(lat, 5)] for lon, lat in corners],
        "c": theme.rgba(shade, 60),
        "f": theme.rgba(shade, 165),
        "tip": say(lang, key, n=f"{row['n']:,}"),
    }
