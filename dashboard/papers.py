"""打印文书: what printers gave to traders, and the visits that they belong to, in the place of the list."""

import contextlib
from functools import partial

import psycopg
import streamlit as st

from dashboard import data, listing, views
from dashboard.filters import Pills
from dashboard.listing import Listing
from dashboard.ui import panel, paper
from dashboard.ui.i18n import name, say
from dashboard.ui.kpi import Card
from dashboard.ui.tables import LAMPS, Column, of
from db.connect import Row, Scope

TIES = ("untied", "by_time", "by_number", "by_id")
"""How a paper and its visit found each other."""


def show() -> None:
    listing.show(_PAPERS)


def _cards(lang: str, rows: list[Row]) -> list[Card]:
    counted = {row["code"]: row["n"] for row in rows}
    whole, note = f"{sum(counted.values()):,}", say(lang, "papers.today")
    return [
        Card(say(lang, f"paper_tie.{tie}"), f"{counted.get(tie, 0):,}", note, LAMPS[tie], out_of=whole)
        for tie in TIES
    ]


def _beside(lang: str, scope: Scope, tick: int, picked: str | None) -> None:
    found: list[Row] = []
    if picked:
        with contextlib.suppress(psycopg.Error):  # the list says that the database is away
            found = data.rows(scope, "read/paper_card", tick, id=picked)
    if not found:
        st.html(panel.empty(say(lang, "papers.hint")))
        return
    with st.container(key="paper_card"):
        st.html(paper.card(lang, found[0]))
        st.html(paper.sheet(found[0]))


_PAPERS = Listing(
    name="papers",
    query="read/papers",
    summary="read/papers_by_tie",
    cards=_cards,
    pills=(Pills("ties", "paper_tie", TIES),),
    columns=(
        Column("tie", of("tie"), "lamp", "paper_tie", TIES),
        Column("printed", of("at"), "time"),
        Column("paper_number", of("number")),
        Column("paper_text", lambda lang, row: " ".join(row["body"].split())),
        Column("worker", lambda lang, row: name(lang, row, "worker_")),
        Column("premises", of("premises_name")),
        Column("printer", of("device_name")),
        Column("station", lambda lang, row: name(lang, row, "station_")),
        Column("id", of("paper")),
    ),
    id="paper",
    beside=_beside,
    ways=partial(views.back, view="papers"),
)
