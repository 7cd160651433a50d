"""The head of a panel: its name, and a note or the map's legend."""

from collections.abc import Mapping
from html import escape

from dashboard.ui import theme
from dashboard.ui.i18n import say, words


def title(lang: str, name: str, **note: object) -> str:
    """The head of panel `name`, with its note where it has one."""
    key = f"panel.{name}_note"
    extra = f'<span class="gw-note">{escape(say(lang, key, **note))}</span>' if key in words(lang) else ""
    return _head(say(lang, f"panel.{name}"), extra)


def map_title(lang: str, name: str = "map") -> str:
    """The head of the map, live or of the past, with what its marks mean: as drawn by ``marks``, and dots and
    rings."""
    marks = (
        ("lamp", theme.GREEN, "worker"),
        ("lamp", theme.AMBER, "outside"),
        ("lamp", theme.BLUE, "camera"),
        ("ring", theme.VIOLET, "bodycam"),
        ("lamp", theme.TEXT, "vehicle"),
        ("lamp", theme.GREY, "offline"),
        ("square", theme.GREY, "off_duty"),
        ("ring", theme.RED, "alert"),
    )
    legend = "".join(
        f'<span style="--c:{colour}"><i class="gw-{shape}"></i>{escape(say(lang, f"legend.{name}"))}</span>'
        for shape, colour, name in marks
    )
    return _head(say(lang, f"panel.{name}"), f'<div class="gw-legend">{legend}</div>')


def stations_title(lang: str, shown: int, whole: int, link: str, below: bool = False) -> str:
    """The head of the stations' panel, or `below` them of a unit's parts; it says so where only those that
    lag are `shown`, and leads to the tasks behind the figures."""
    extra = say(lang, "panel.stations_lagging", n=shown, whole=whole) if shown < whole else ""
    opens = f'<a href="{escape(link)}">{escape(say(lang, "kpi.open"))}</a>'
    note = f'<span class="gw-note">{escape(extra)} {opens}</span>'
    return _head(say(lang, "panel.units" if below else "panel.stations"), note)


def rates_title(unit: str, links: Mapping[str, str]) -> str:
    """The head of the rates of a unit's parts: its name, and links to what is behind each of its own."""
    behind = " · ".join(f'<a href="{escape(to)}">{escape(word)}</a>' for word, to in links.items())
    return _head(unit, f'<span class="gw-note">{behind}</span>')


def named(text: str, note: str) -> str:
    """A head that is somebody's or something's name, with what stands beside it."""
    return _head(text, f'<span class="gw-note">{escape(note)}</span>')


def empty(said: str) -> str:
    """What stands where rows would be, were there any."""
    return f'<div class="gw gw-empty">{escape(said)}</div>'


def notice(colour: str, headline: str, note: str) -> str:
    """What stands in the middle of the screen while there is no picture."""
    return (
        f'<div class="gw gw-notice" style="--c:{colour}"><i class="gw-lamp major"></i>'
        f"<b>{escape(headline)}</b><span>{escape(note)}</span></div>"
    )


def _head(text: str, extra: str) -> str:
    return f'<div class="gw gw-title"><span>{escape(text)}</span>{extra}</div>'
