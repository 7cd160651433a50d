"""Charts on paper: tasks by day, rates as bars, and the interval that somebody's points lie in."""

from collections.abc import Sequence

from reportlab.graphics.charts.barcharts import VerticalBarChart
from reportlab.graphics.shapes import Circle, Drawing, Line, Rect, String
from reportlab.lib.colors import Color

from dashboard.report.month import Day
from dashboard.report.paper import AMBER, BLUE, GREEN, INK, LATIN, LINE, MUTED, SHADE, WIDTH, font

SERIES = (LINE, BLUE, GREEN)
_DAYS_HEIGHT, _BAR, _LABEL = 150.0, 13.0, 130.0


def days(found: Sequence[Day], words: Sequence[str]) -> Drawing:
    """A group of bars a day: owed, closed, on time, as `words` call them."""
    drawing = Drawing(WIDTH, _DAYS_HEIGHT)
    chart = VerticalBarChart()
    chart.x, chart.y, chart.width, chart.height = 26, 18, WIDTH - 30, _DAYS_HEIGHT - 40
    chart.data = [[day.owed for day in found], [day.closed for day in found], [day.on_time for day in found]]
    chart.groupSpacing, chart.barSpacing = 3, 0
    for number, colour in enumerate(SERIES):
        chart.bars[number].fillColor, chart.bars[number].strokeColor = colour, None
    chart.categoryAxis.categoryNames = [f"{day.day.day}" for day in found]
    chart.categoryAxis.visibleTicks = 0
    chart.valueAxis.valueMin = 0
    chart.valueAxis.valueMax = max([5, *(day.owed for day in found)])
    chart.valueAxis.labelTextFormat = "%d"
    chart.valueAxis.visibleGrid, chart.valueAxis.gridStrokeColor = 1, SHADE
    for axis in (chart.categoryAxis, chart.valueAxis):
        axis.strokeColor, axis.labels.fontName, axis.labels.fontSize = LINE, LATIN, 6.5
        axis.labels.fillColor = MUTED
    drawing.add(chart)
    _legend(drawing, words)
    return drawing


def rates(rows: Sequence[tuple[str, int, int]]) -> Drawing:
    """A bar for each (name, part, whole), labelled rate and counts; what has no whole has no bar."""
    drawing = Drawing(WIDTH, _BAR * len(rows) + 4)
    room = WIDTH - _LABEL - 100
    for number, (name, part, whole) in enumerate(rows):
        y, share = _BAR * (len(rows) - 1 - number) + 2, part / whole if whole else 0.0
        drawing.add(_string(0, y + 3, _fitting(name, _LABEL - 6), INK))
        drawing.add(Rect(_LABEL, y + 2, room, _BAR - 5, fillColor=SHADE, strokeColor=None))
        drawing.add(Rect(_LABEL, y + 2, room * share, _BAR - 5, fillColor=BLUE, strokeColor=None))
        said = f"{100 * share:.1f} %  {part:,} / {whole:,}" if whole else "—"
        drawing.add(_string(_LABEL + room + 6, y + 3, said, INK))
    return drawing


def interval(points: float | None, low: float | None, high: float | None, width: float = 110) -> Drawing:
    """Where between 0 and 100 the points lie, and from where to where they may; empty without any."""
    drawing = Drawing(width, 9)
    drawing.add(Line(0, 4.5, width, 4.5, strokeColor=LINE, strokeWidth=0.6))
    if points is not None:
        if low is not None and high is not None:
            wide = max(1.0, (high - low) * width / 100)
            drawing.add(
                Rect(low * width / 100, 2.5, wide, 4, fillColor=BLUE, strokeColor=None, fillOpacity=0.35)
            )
        drawing.add(Circle(points * width / 100, 4.5, 2.4, fillColor=AMBER, strokeColor=None))
    return drawing


def _legend(drawing: Drawing, words: Sequence[str]) -> None:
    x = 26.0
    for word, colour in zip(words, SERIES, strict=True):
        drawing.add(Rect(x, _DAYS_HEIGHT - 12, 7, 7, fillColor=colour, strokeColor=None))
        said = _string(x + 10, _DAYS_HEIGHT - 11.5, word, MUTED)
        drawing.add(said)
        x += 10 + said.getEast() - said.x + 16


def _string(x: float, y: float, said: str, colour: Color) -> String:
    return String(x, y, said, fontName=font(said), fontSize=7.8, fillColor=colour)


def _fitting(name: str, width: float) -> str:
    """The name, cut off with an ellipsis where it is longer than that."""
    while len(name) > 1 and _string(0, 0, name, INK).getEast() > width:
        name = name.rstrip("…")[:-1] + "…"
    return name
