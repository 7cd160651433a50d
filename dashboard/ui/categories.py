"""The closure rate of each task category as a bar, beside its numerator and denominator, which it opens."""

from html import escape

from dashboard.ui.i18n import name, say
from dashboard.ui.kpi import behind, percent
from db.connect import Row


def table(lang: str, rows: list[Row]) -> str:
    """The rows of ``kpi_top/closure_rate`` as HTML, in their order."""
    if not rows:
        return f'<div class="gw gw-empty">{escape(say(lang, "categories.empty"))}</div>'
    return f'<div class="gw gw-categories">{"".join(_line(lang, row) for row in rows)}</div>'


def _line(lang: str, row: Row) -> str:
    closed, owed = row["numerator"], row["denominator"]
    word = row["category"] if row["category"] is not None else say(lang, "categories.other")
    word = name(lang, row) if row["name"] else word
    share, rate = 100 * closed / owed if owed else 0, percent(closed, owed)
    if row["category"] is not None:
        link = behind(lang, "closure_rate", category=row["category"])
        rate = f'<a href="{escape(link)}">{rate}</a>'
    return (
        f'<div class="gw-category"><span title="{escape(word)}">{escape(word)}</span>'
        f'<u><i style="width:{share:.1f}%"></i></u>'
        f"<em>{closed:,}<s> / {owed:,}</s></em><strong>{rate}</strong></div>"
    )
