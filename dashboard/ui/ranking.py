"""The ranking of workers by tasks closed, each with numerator, denominator and rate."""

from html import escape

from dashboard.ui.i18n import name, say
from dashboard.ui.kpi import percent
from db.connect import Row


def table(lang: str, rows: list[Row]) -> str:
    """The ranking as HTML, in the order of the rows (closed, assigned)."""
    if not rows:
        return f'<div class="gw gw-empty">{escape(say(lang, "ranking.empty"))}</div>'
    lines = "".join(_line(lang, place, row) for place, row in enumerate(rows, start=1))
    return f'<div class="gw gw-ranking">{lines}</div>'


def _line(lang: str, place: int, row: Row) -> str:
    closed, assigned = row["closed"], row["assigned"]
    share = 100 * closed / assigned if assigned else 0
    return (
        f'<div class="gw-worker"><b class="p{place}">{place}</b>'
        f"<span>{escape(name(lang, row))}</span><small>{escape(name(lang, row, 'unit_'))}</small>"
        f'<u><i style="width:{share:.1f}%"></i></u>'
        f"<em>{closed:,}<s> / {assigned:,}</s></em><strong>{percent(closed, assigned)}</strong></div>"
    )
