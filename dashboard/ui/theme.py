"""Colours and sizes, for the style sheet, the map and the charts alike."""

from functools import cache
from pathlib import Path

RGBA = tuple[int, int, int, int]

BLUE, GREEN, AMBER, RED = "#2aa8ff", "#35e0a1", "#ffb52e", "#ff4d6a"
VIOLET, GREY = "#b39bff", "#5f7896"
BACK, TEXT, MUTED, LINE = "#050d1c", "#d6e8ff", "#7f9dbf", "#16395f"
FONT = "Noto Sans CJK SC, Source Han Sans SC, Microsoft YaHei, sans-serif"

SEVERITY = {"major": RED, "serious": AMBER, "general": BLUE}
SERIES = (BLUE, GREEN, VIOLET, AMBER)

# Heights in pixels that add up to 1080: edge + header + gap + strip + gap + body + edge.
EDGE, HEADER, GAP, STRIP, BODY = 10, 80, 12, 124, 832
TITLE = 44
ENDS = 160
FEED = BODY - GAP - ENDS
STATIONS, CATEGORIES = 250, 282
RANKING = BODY - STATIONS - CATEGORIES - 2 * GAP
RANKING_ROWS = 7
CATEGORY_ROWS = 9
MAP = BODY - TITLE - 2
WHOLE = STRIP + GAP + BODY - TITLE - 2
FILTERS = 84
LIST = BODY - TITLE - FILTERS - 26
ARCHIVE = BODY
TALL_LIST = STRIP + GAP + BODY - TITLE - 26
CHART = STATIONS - TITLE - 8
TREND = 210

_SIZES = {
    "edge": EDGE,
    "header": HEADER,
    "gap": GAP,
    "strip": STRIP,
    "body": BODY,
    "title": TITLE,
    "ends": ENDS,
    "feed": FEED,
    "filters": FILTERS,
    "stations": STATIONS,
    "categories": CATEGORIES,
    "ranking": RANKING,
    "row": (RANKING - TITLE - 10) // RANKING_ROWS,
    "category": (CATEGORIES - TITLE - 8) // CATEGORY_ROWS,
}
_COLOURS = {
    "blue": BLUE,
    "green": GREEN,
    "amber": AMBER,
    "red": RED,
    "back": BACK,
    "text": TEXT,
    "muted": MUTED,
    "line": LINE,
}


@cache
def style() -> str:
    """The style sheet as an HTML element."""
    values = {name: f"{pixels}px" for name, pixels in _SIZES.items()} | _COLOURS | {"font": FONT}
    variables = "".join(f"--{name}:{value};" for name, value in values.items())
    return f"<style>:root{{{variables}}}\n{Path(__file__).with_name('screen.css').read_text('utf-8')}</style>"


def rgba(colour: str, alpha: int = 255) -> RGBA:
    """``#rrggbb`` as the bytes that the map's layers take."""
    return (int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16), alpha)
