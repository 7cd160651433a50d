"""The marks of workers on the map, drawn once: a shape for each state, with a beak where they are going."""

import io
from collections.abc import Sequence
from functools import cache
from math import cos, pi, sin
from typing import Any

from PIL import Image, ImageDraw

from dashboard.ui import theme

Points = list[tuple[float, float]]

CELL_PX = 64
_FINER = 4
"""Drawn so many times larger and shrunk, since Pillow draws hard edges."""
_RADIUS, _EDGE, _BEAK = 0.27, 0.06, 0.5
"""Of a cell: how far a shape reaches, how wide its dark edge is, how far a beak with it."""

COLOURS = {
    "online": theme.GREEN,
    "outside": theme.AMBER,
    "offline": theme.GREY,
    "off_duty": theme.GREY,
}
GOING = "going_"
"""Before a state: of somebody who walks or drives, up being where to."""
NAMES = (*COLOURS, *(GOING + state for state in ("online", "outside")))


def places() -> dict[str, dict[str, Any]]:
    """Where each mark is in the atlas, as deck.gl's icon mapping."""
    square = {"width": CELL_PX, "height": CELL_PX, "anchorX": CELL_PX / 2, "anchorY": CELL_PX / 2}
    return {name: {"x": number * CELL_PX, "y": 0, **square} for number, name in enumerate(NAMES)}


@cache
def atlas() -> bytes:
    """All marks side by side, as a PNG with a clear ground."""
    size = CELL_PX * _FINER
    paper = Image.new("RGBA", (size * len(NAMES), size))
    pen = ImageDraw.Draw(paper)
    for number, name in enumerate(NAMES):
        _draw(pen, (number + 0.5) * size, size, name)
    out = io.BytesIO()
    paper.resize((CELL_PX * len(NAMES), CELL_PX), Image.Resampling.LANCZOS).save(out, "PNG")
    return out.getvalue()


def _draw(pen: ImageDraw.ImageDraw, middle: float, size: float, name: str) -> None:
    """Twice: larger in the dark of the edge, then in its own colour."""
    state = name.removeprefix(GOING)
    for grown, colour in ((_EDGE, theme.BACK), (0.0, COLOURS[state])):
        if name != state:
            pen.polygon(_placed(_beak(grown), middle, size), fill=colour)
        pen.polygon(_placed(_shape(state, _RADIUS + grown), middle, size), fill=colour)
    if state == "offline":  # a ring: nobody is known to be there
        pen.polygon(_placed(_shape(state, _RADIUS * 0.5), middle, size), fill=theme.BACK)


def _shape(state: str, radius: float) -> Points:
    """A circle, a diamond (outside), a square (off duty), by its corners around 0, 0."""
    if state == "outside":  # higher than wide, so that it is no square however it is turned
        high, wide = 1.4 * radius, radius
        return [(0.0, -high), (wide, 0.0), (0.0, high), (-wide, 0.0)]
    corners, turn = (4, pi / 4) if state == "off_duty" else (48, 0.0)
    turns = [turn + 2 * pi * number / corners for number in range(corners)]
    return [(radius * sin(angle), -radius * cos(angle)) for angle in turns]


def _beak(grown: float) -> Points:
    half = 0.2 + grown
    return [(-half, -0.14), (0.0, _EDGE - _BEAK - grown), (half, -0.14)]


def _placed(points: Sequence[tuple[float, float]], middle: float, size: float) -> Points:
    return [(middle + x * size, size / 2 + y * size) for x, y in points]
