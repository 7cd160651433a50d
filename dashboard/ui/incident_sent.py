"""Who was sent to an incident: how far they are, and where they are now."""

from collections.abc import Iterator
from html import escape

from dashboard.ui import theme
from dashboard.ui.i18n import age, lately, name, say
from dashboard.ui.nearest import distance
from dashboard.ui.tables import LAMPS
from db.connect import Row


def people(lang: str, rows: list[Row]) -> str:
    """The rows of ``read/incident_sent`` as HTML."""
    return f'<div class="gw gw-history">{"".join(_person(lang, row) for row in rows)}</div>'


def _person(lang: str, row: Row) -> str:
    whom = " · ".join(_whom(lang, row))
    return (
        f'<div style="--c:{_colour(row)}"><time>{lately(lang, row["told"])}</time><i class="gw-lamp"></i>'
        f"<div><b>{escape(whom)}</b><span>{escape(_stands(lang, row))}</span></div></div>"
    )


def _whom(lang: str, row: Row) -> Iterator[str]:
    yield name(lang, row) if row["name"] else row["id"]
    if row["via_name"]:
        yield name(lang, row, "via_")
    if row["metres"] is not None and row["age_s"] is not None:
        yield say(lang, "nearest.away", distance=distance(lang, row["metres"]))
        yield say(lang, "card.ago", age=age(lang, row["age_s"]))


def _stands(lang: str, row: Row) -> str:
    """How far they are, and since when their position proves that they are there."""
    if row["proved"]:
        return say(lang, "incident.proved_at", at=f"{row['proved']:%H:%M:%S}")
    return say(lang, f"order_out.{row['stage'] or row['order_state'] or 'queued'}")


def _colour(row: Row) -> str:
    if row["stage"] in ("refused", "failed") or row["order_state"] == "expired":
        return theme.RED
    return theme.GREEN if row["proved"] else LAMPS.get(row["stage"] or "", theme.BLUE)
