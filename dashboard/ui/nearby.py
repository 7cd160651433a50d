"""What is drawn of the part of the district that is seen from near: premises, and where people came from."""

from itertools import groupby

from dashboard.ui import theme
from dashboard.ui.i18n import say
from dashboard.ui.markers import Drawn, collection, point
from db.connect import Row

PREMISES_ZOOM, TRAILS_ZOOM = 15, 13

GRADES = {"A": theme.GREEN, "B": theme.BLUE, "C": theme.AMBER, "D": theme.RED}


def premises(lang: str, rows: list[Row]) -> Drawn:
    """A dot in the colour of the risk grade, with its letter; grey and without one where none was given."""
    return collection(_premises(lang, row) for row in rows)


def _premises(lang: str, row: Row) -> Drawn:
    grade = row["risk_grade"]
    said = {"name": row["name"], "category": row["category"], "grade": grade or say(lang, "map.no_grade")}
    about = {
        "id": row["premises_id"],
        "g": grade or "",
        "c": theme.rgba(GRADES.get(grade, theme.GREY), 220),
        "tip": say(lang, "map.premises", **said),
    }
    return point(row, about)


def trails(lang: str, rows: list[Row]) -> Drawn:
    """The way of each worker over the last minutes, from the oldest position to the newest."""
    ways = [list(way) for _, way in groupby(rows, key=lambda row: row["worker_id"])]
    return collection(_trail(way) for way in ways if len(way) > 1)


def _trail(way: list[Row]) -> Drawn:
    places = [[row["lon"], row["lat"]] for row in way]
    return {"type": "Feature", "geometry": {"type": "LineString", "coordinates": places}, "properties": {}}
