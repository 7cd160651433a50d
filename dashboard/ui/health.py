"""The last day of a device by hour: how often it was heard, when it was not, and how full its battery was."""

from collections.abc import Iterator
from html import escape
from urllib.parse import quote

from dashboard.ui import theme
from dashboard.ui.i18n import say
from db.connect import Row

WIDTH_PX, HEIGHT_PX = 500, 96
_BARS_PX = 78
"""What stands below are the hours' names."""
_NAMED_EVERY = 4


def day(lang: str, rows: list[Row]) -> str:
    """The rows of ``read/device_health`` as HTML: a bar an hour, a red foot where it was silent, and the
    battery as a line from empty to full; what it shows is said in words, too."""
    if not rows:
        return ""
    silent = sum(row["messages"] == 0 for row in rows)
    charged = [row["battery"] for row in rows if row["battery"] is not None]
    said = say(
        lang,
        "health.said",
        messages=f"{sum(row['messages'] for row in rows):,}",
        most=f"{max(row['messages'] for row in rows):,}",
        silent=silent,
    )
    if charged:
        said += say(lang, "health.battery", low=f"{min(charged):.0f}", last=f"{charged[-1]:.0f}")
    drawn = "".join((*_bars(rows), _battery(rows), *_hours(rows)))
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH_PX} {HEIGHT_PX}" '
        f'font-family="sans-serif" font-size="11">{drawn}</svg>'
    )
    # As an image: Streamlit takes SVG out of the HTML that it is given.
    return (
        f'<div class="gw gw-health"><img alt="{escape(said)}" src="data:image/svg+xml,{quote(svg)}">'
        f"<p>{escape(said)}</p></div>"
    )


def _bars(rows: list[Row]) -> Iterator[str]:
    most, wide = max(1, *(row["messages"] for row in rows)), WIDTH_PX / len(rows)
    for place, row in enumerate(rows):
        high = max(2.0, row["messages"] / most * (_BARS_PX - 4)) if row["messages"] else 3.0
        colour = theme.BLUE if row["messages"] else theme.RED
        at = (
            f'x="{place * wide + 1:.1f}" y="{_BARS_PX - high:.1f}" width="{wide - 2:.1f}" height="{high:.1f}"'
        )
        yield f'<rect {at} fill="{colour}" fill-opacity=".75"/>'


def _battery(rows: list[Row]) -> str:
    wide = WIDTH_PX / len(rows)
    points = [
        f"{(place + 0.5) * wide:.1f},{(1 - row['battery'] / 100) * (_BARS_PX - 6) + 3:.1f}"
        for place, row in enumerate(rows)
        if row["battery"] is not None
    ]
    dots = "".join(
        f'<circle cx="{point.replace(",", chr(34) + " cy=" + chr(34))}" r="2.5"/>' for point in points
    )
    line = f'<polyline fill="none" points="{" ".join(points)}"/>'
    return (
        f'<g stroke="{theme.GREEN}" fill="{theme.GREEN}" stroke-width="1.5">{line}{dots}</g>'
        if points
        else ""
    )


def _hours(rows: list[Row]) -> Iterator[str]:
    wide = WIDTH_PX / len(rows)
    for place in range(0, len(rows), _NAMED_EVERY):
        at = f'x="{place * wide + 1:.1f}" y="{HEIGHT_PX - 4}"'
        yield f'<text {at} fill="{theme.MUTED}">{rows[place]["at"]:%H:%M}</text>'
