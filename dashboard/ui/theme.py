"""Colours and sizes, for the style sheet, the map and the charts alike."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

RGBA = tuple[int, int, int, int]

BLUE, GREEN, AMBER, RED = "#2aa8ff", "#35e0a1", "#ffb52e", "#ff4d6a"
VIOLET, GREY = "#b39bff", "#5f7896"
BACK, TEXT, MUTED, LINE = "#050d1c", "#d6e8ff", "#7f9dbf", "#16395f"
FONT = "Noto Sans CJK SC, Source Han Sans SC, Microsoft YaHei, sans-serif"

SEVERITY = {"major": RED, "serious": AMBER, "general": BLUE}
SERIES = (BLUE, GREEN, VIOLET, AMBER)

_PILLS = {BLUE: "#1673c9", RED: "#d92f4f", VIOLET: "#7658d6"}
"""Streamlit writes white on what is not quite light: on these it can be read (WCAG AA)."""

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
_DARK = {
    "blue": BLUE,
    "green": GREEN,
    "amber": AMBER,
    "red": RED,
    "back": BACK,
    "text": TEXT,
    "muted": MUTED,
    "line": LINE,
    "c": BLUE,
    "glow": "#0b2344",
    "bright": "#ffffff",
    "name": "#7cc4ff",
    "soft": "#a9c6e6",
    "hair": "#16395f88",
    "trough": "#12305a88",
    "panel": "#0b1f3dcc",
    "panel-low": "#071429cc",
    "raised": "#071429ee",
    "lit": "#12508866",
    "here": "#1a5a9fcc",
    "here-low": "#0d2c5599",
    "code": "#050d1c",
}
_LIGHT = {
    "blue": "#0a62ad",
    "green": "#0a7350",
    "amber": "#8f5200",
    "red": "#c01d3c",
    "back": "#e9eff6",
    "text": "#14283f",
    "muted": "#4a6079",
    "line": "#bccbdc",
    "glow": "#f8fbfe",
    "bright": "#06172b",
    "name": "#0a4f94",
    "soft": "#2c4763",
    "hair": "#c6d3e2",
    "trough": "#d7e2ee",
    "panel": "#ffffff",
    "panel-low": "#f7fafd",
    "raised": "#fffffff2",
    "lit": "#cfe2f6",
    "here": "#d9e9fa",
    "here-low": "#c3dcf5",
    "code": "#eef3f9",
}
"""For desks by day: the colours of states as they can be read on white."""
_SHAPES = {
    RED: "clip-path:polygon(50% 0,100% 100%,0 100%);width:13px;height:12px;border-radius:0",
    AMBER: "clip-path:polygon(50% 0,100% 50%,50% 100%,0 50%);width:12px;height:12px;border-radius:0",
    GREY: "background:none;box-shadow:none;border:2px solid var(--ink)",
}
"""Of lamps, for who does not tell their colours apart: what is bad, what asks for care, what is off."""
_MAPS = ":is(.st-key-map, .st-key-whole_map)"
"""Where it is dark in both looks, since dots and areas were chosen for that."""


@cache
def style() -> str:
    """The style sheet as an HTML element."""
    dark = {name: f"{pixels}px" for name, pixels in _SIZES.items()} | _DARK | {"font": FONT}
    sheet = Path(__file__).with_name("screen.css").read_text("utf-8")
    light = f":root[data-look=light]{{{_set(_LIGHT)}}}:root[data-look=light] {_MAPS}{{{_set(_DARK)}}}"
    lamps = "".join(f"{_lamps(colour)}{{{shape}}}" for colour, shape in _SHAPES.items())
    return f"<style>:root{{{_set(dark)}}}{light}\n{sheet}{lamps}</style>"


def _lamps(colour: str) -> str:
    """The lamps of a colour, which is set on themselves or on what they stand in."""
    lit = f'[style*="--c:{colour}"]'
    return f".gw-lamp{lit},{lit}>.gw-lamp:not([style]),{lit}>header>.gw-lamp:not([style])"


def _set(values: Mapping[str, str]) -> str:
    return "".join(f"--{name}:{value};" for name, value in values.items())


def rgba(colour: str, alpha: int = 255) -> RGBA:
    """``#rrggbb`` as the bytes that the map's layers take."""
    return (int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16), alpha)


def pill(colour: str) -> str:
    """The shade of a colour on which a list writes."""
    return _PILLS.get(colour, colour)
