"""The state of the two ends, the screens and the phones, and of each kind of device between them."""

from html import escape

from dashboard.ui import theme
from dashboard.ui.i18n import say
from db.connect import Row

_MANY = 1_000
"""Figures of so many have less room each."""


def table(lang: str, screens: int | None, rows: list[Row]) -> str:
    """HTML: how many screens are open, then of each row of ``read/devices_by_kind`` how many are online
    of how many; amber where some are not, a dash where it is not known."""
    told = [_end(lang, "screen", screens, say(lang, "end.open"), theme.GREEN)]
    for row in rows:
        colour = theme.GREEN if row["n"] == row["whole"] else theme.AMBER
        told.append(_end(lang, row["code"], row["n"], f"/ {row['whole']:,}", colour, row["whole"] >= _MANY))
    return f'<div class="gw gw-ends">{"".join(told)}</div>'


def _end(lang: str, code: str, n: int | None, out_of: str, colour: str, many: bool = False) -> str:
    if n is None:
        value, colour = f'<abbr title="{escape(say(lang, "time.unknown"))}">—</abbr>', theme.GREY
    else:
        value = f"{n:,}"
    size = ' class="many"' if many else ""
    return (
        f'<div{size} style="--c:{colour}"><b>{value}</b><small>{escape(out_of)}</small>'
        f"<span>{escape(say(lang, f'end.{code}'))}</span></div>"
    )
