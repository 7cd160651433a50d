"""The course of a day so far as a line the size of a word, and in words for who cannot see it."""

from collections.abc import Sequence
from datetime import datetime
from html import escape
from itertools import groupby
from typing import NamedTuple
from urllib.parse import quote

from dashboard.ui.i18n import say

WIDTH_PX, HEIGHT_PX = 116, 40
_EDGE_PX = 4

Value = float | None
Point = tuple[float, float]


class Day(NamedTuple):
    """The local instants of a day so far, which rise, and the value at each; None: not known, a gap."""

    times: tuple[datetime, ...]
    values: tuple[Value, ...]


def picture(lang: str, word: str, lines: Sequence[tuple[str, Day]], unit: str = "", **named: object) -> str:
    """The `lines` (colour, day) of one day as HTML, on one scale from zero, so that a small change looks
    small; '' where nothing is known. What they show is said by the locale key ``trend.{word}``."""
    known = [value for _, day in lines for value in day.values if value is not None]
    if not known:
        return ""
    times, low, high = lines[0][1].times, min(known), max(known)
    span = {"since": f"{times[0]:%H:%M}", "until": f"{times[-1]:%H:%M}"}
    said = say(lang, f"trend.{word}", low=_figure(low, unit), high=_figure(high, unit), **span, **named)
    drawn = "".join(_line(colour, day, high) for colour, day in lines)
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH_PX} {HEIGHT_PX}" fill="none" '
        f'stroke-width="2" stroke-linejoin="round" stroke-linecap="round">{drawn}</svg>'
    )
    # As an image: Streamlit takes SVG out of the HTML that it is given.
    return (
        f'<img class="gw-spark" width="{WIDTH_PX}" height="{HEIGHT_PX}" alt="{escape(said)}" '
        f'title="{escape(said)}" src="data:image/svg+xml,{quote(svg)}">'
    )


def _line(colour: str, day: Day, high: float) -> str:
    runs = [list(run) for known, run in groupby(_points(day, high), bool) if known]
    return "".join(_run(colour, [point for point in run if point]) for run in runs)


def _points(day: Day, high: float) -> list[Point | None]:
    whole = (day.times[-1] - day.times[0]).total_seconds() or 1
    wide, tall = WIDTH_PX - 2 * _EDGE_PX, HEIGHT_PX - 2 * _EDGE_PX
    points: list[Point | None] = []
    for time, value in zip(day.times, day.values, strict=True):
        along = (time - day.times[0]).total_seconds() / whole
        up = (value or 0) / (high or 1)
        place = (round(_EDGE_PX + along * wide, 1), round(_EDGE_PX + (1 - up) * tall, 1))
        points.append(None if value is None else place)
    return points


def _run(colour: str, points: list[Point]) -> str:
    """Hours that follow one another as a line that ends in a dot; one alone is the dot."""
    path = " ".join(f"{x},{y}" for x, y in points)
    x, y = points[-1]
    return f'<polyline stroke="{colour}" points="{path}"/><circle fill="{colour}" cx="{x}" cy="{y}" r="2.5"/>'


def _figure(value: float, unit: str) -> str:
    return f"{value:.1f}%" if unit == "percent" else f"{value:,.0f}"
