"""巡查核实: every visit, how far it can be believed, and which traces say so."""

from functools import partial

import streamlit as st

from dashboard import listing, papers, views, visit_desk, visit_looks
from dashboard.filters import Pills
from dashboard.listing import Listing
from dashboard.ui.i18n import name, say
from dashboard.ui.kpi import Card
from dashboard.ui.tables import LAMPS, Column, of
from db.connect import Row

TITLE = "page.visits"
ICON = "🧭"
SECTION = "section.work"
ORDER = 28

BELIEFS = ("doubtful", "unclear", "believed", "unweighed")


def render() -> None:
    """The address says whether it is the list, or one of the views that stand in its place."""
    if "looks" in st.query_params:
        visit_looks.show()
    elif "papers" in st.query_params:
        papers.show()
    else:
        listing.show(_VISITS)


def _cards(lang: str, rows: list[Row]) -> list[Card]:
    counted = {row["code"]: row["n"] for row in rows}
    whole = f"{sum(counted.values()):,}"
    note = say(lang, "visits.week")
    return [
        Card(say(lang, f"belief.{code}"), f"{counted.get(code, 0):,}", note, LAMPS[code], out_of=whole)
        for code in BELIEFS
    ]


def _against(lang: str, row: Row) -> str:
    return (", " if lang == "en" else "、").join(say(lang, f"evidence.{test}") for test in row["against"])


_VIEWS = {
    "papers": ("papers.open", ":material/receipt_long:"),
    "looks": ("looks.open", ":material/visibility:"),
}
_VISITS = Listing(
    name="visits",
    query="read/visits",
    summary="read/visits_by_belief",
    cards=_cards,
    pills=(Pills("beliefs", "belief", BELIEFS),),
    columns=(
        Column("belief", of("belief"), "lamp", "belief", BELIEFS),
        Column("truth", of("truth"), "number"),
        Column("worker", lambda lang, row: name(lang, row, "worker_")),
        Column("premises", of("premises_name")),
        Column("visited", of("ended"), "time"),
        Column("minutes", lambda lang, row: round(float(row["minutes"]), 1), "number"),
        Column("against", _against),
        Column("grid", lambda lang, row: name(lang, row, "grid_")),
        Column("station", lambda lang, row: name(lang, row, "station_")),
        Column("id", of("visit")),
    ),
    id="visit",
    beside=visit_desk.draw,
    ways=partial(views.ways, views=_VIEWS),
)
