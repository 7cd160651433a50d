"""The way through a day's premises as a small picture: numbered stops, joined, from where the worker is."""

from collections.abc import Sequence
from html import escape
from math import cos, radians
from urllib.parse import quote

from dashboard.ui import theme
from dashboard.ui.i18n import say

WIDTH_PX, HEIGHT_PX = 520, 520
_EDGE_PX = 24

Place = tuple[float, float]


def picture(lang: str, start: Place | None, stops: Sequence[Place]) -> str:
    """North is up; `start` and `stops`, one at least, are longitude and latitude."""
    way = [start, *stops] if start else list(stops)
    points = _on_paper(way)
    line = " ".join(f"{x},{y}" for x, y in points)
    dots = [_dot(x, y, number, theme.BLUE) for number, (x, y) in enumerate(points[-len(stops) :], 1)]
    if start:
        x, y = points[0]
        dots.append(f'<circle fill="{theme.GREEN}" cx="{x}" cy="{y}" r="8"/>')
    path = f'<polyline fill="none" stroke="{theme.MUTED}" stroke-width="2" points="{line}"/>'
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH_PX} {HEIGHT_PX}" '
        f'font-family="sans-serif">{path}{"".join(dots)}</svg>'
    )
    said = escape(say(lang, "round.picture", n=len(stops)))
    return (
        f'<img class="gw-way" width="{WIDTH_PX}" height="{HEIGHT_PX}" alt="{said}" title="{said}" '
        f'src="data:image/svg+xml,{quote(svg)}">'
    )


def _on_paper(places: Sequence[Place]) -> list[Place]:
    """To one scale in both directions, in the middle of the paper."""
    squeeze = cos(radians(places[0][1]))
    xs, ys = [lon * squeeze for lon, _ in places], [-lat for _, lat in places]
    span = max(max(xs) - min(xs), max(ys) - min(ys)) or 1
    scale = (min(WIDTH_PX, HEIGHT_PX) - 2 * _EDGE_PX) / span
    left = (WIDTH_PX - scale * (max(xs) - min(xs))) / 2
    top = (HEIGHT_PX - scale * (max(ys) - min(ys))) / 2
    return [
        (round(left + scale * (x - min(xs)), 1), round(top + scale * (y - min(ys)), 1))
        for x, y in zip(xs, ys, strict=True)
    ]


def _dot(x: float, y: float, number: int, colour: str) -> str:
    return (
        f'<circle fill="{theme.BACK}" stroke="{colour}" stroke-width="2" cx="{x}" cy="{y}" r="11"/>'
        f'<text fill="{theme.TEXT}" font-size="12" text-anchor="middle" x="{x}" y="{y + 4}">{number}</text>'
    )
