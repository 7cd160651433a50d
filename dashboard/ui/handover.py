"""Shift handovers as HTML: what is open, and who took over before."""

from html import escape

from dashboard.ui import theme
from dashboard.ui.actor import actor
from dashboard.ui.i18n import age, lately, say
from db.connect import Row


def summary(lang: str, rows: list[Row]) -> str:
    """How many of the rows of ``read/handover_open`` there are by severity, how many are new, and late."""
    lamps = "".join(
        f'<span style="--c:{colour}"><i class="gw-lamp"></i>{escape(say(lang, f"severity.{severity}"))} '
        f"{sum(row['severity'] == severity for row in rows):,}</span>"
        for severity, colour in theme.SEVERITY.items()
    )
    fresh, late = sum(row["fresh"] for row in rows), sum(row["lamp"] == "red" for row in rows)
    told = say(lang, "handover.summary", n=f"{len(rows):,}", fresh=f"{fresh:,}", late=f"{late:,}")
    return (
        f'<div class="gw gw-picked" style="--c:{theme.BLUE}"><p class="gw-said">{escape(told)}</p>'
        f'<div class="gw-legend">{lamps}</div></div>'
    )


def history(lang: str, rows: list[Row]) -> str:
    """The rows of ``read/handovers`` as HTML."""
    return f'<div class="gw gw-history">{"".join(_entry(lang, row) for row in rows)}</div>'


def _entry(lang: str, row: Row) -> str:
    missed = row["open"] - row["confirmed"]
    said = say(lang, "handover.took", n=f"{row['open']:,}", still=f"{row['still']:,}")
    odd = f"<em>{escape(say(lang, 'handover.unseen', n=f'{missed:,}'))}</em>" if missed else ""
    note = f"<q>{escape(row['note'])}</q>" if row["note"] else ""
    ago = say(lang, "card.ago", age=age(lang, row["age_s"]))
    return (
        f'<div style="--c:{theme.AMBER if missed else theme.GREEN}">'
        f'<time>{lately(lang, row["local_time"])}</time><i class="gw-lamp"></i>'
        f"<div><b>{escape(actor(lang, row['actor']))}</b><span>{escape(f'{ago} · {said}')}</span>"
        f"{note}{odd}</div></div>"
    )
