"""谁看过轨迹: who was shown whose track, when and what for, in the place of the list of visits."""

import streamlit as st

from dashboard import listing
from dashboard.filters import Pills
from dashboard.listing import Listing
from dashboard.ui import theme
from dashboard.ui.actor import actor
from dashboard.ui.i18n import name, say
from dashboard.ui.kpi import Card
from dashboard.ui.tables import Column, of
from db.connect import Row

_PARAM = "looks"
_ABOUTS = ("visit", "task")


def is_asked() -> bool:
    """Whether the address asks for it."""
    return _PARAM in st.query_params


def show() -> None:
    listing.show(_LOOKS)


def way(lang: str) -> None:
    """The button that leads there."""
    with st.container(key="ways", horizontal=True, width="content"):
        if st.button(say(lang, "looks.open"), icon=":material/visibility:", key="view_looks"):
            st.query_params[_PARAM] = "1"
            st.rerun()


def _back(lang: str) -> None:
    with st.container(key="ways", horizontal=True, width="content"):
        if st.button(say(lang, "incident.back"), icon=":material/arrow_back:", key="view_back"):
            st.query_params.pop(_PARAM, None)
            st.rerun()


def _cards(lang: str, rows: list[Row]) -> list[Card]:
    counted = rows[0] if rows else {}
    note = say(lang, "looks.month")
    return [
        Card(say(lang, f"looks.{what}"), f"{counted.get(what, 0):,}", note, theme.BLUE)
        for what in ("looks", "actors", "workers")
    ]


_LOOKS = Listing(
    name="looks",
    query="read/looks",
    summary="read/looks_summary",
    cards=_cards,
    pills=(Pills("abouts", "looked_about", _ABOUTS),),
    columns=(
        Column("looked_at", of("at"), "time"),
        Column("looker", lambda lang, row: actor(lang, row["actor"])),
        Column("worker", lambda lang, row: name(lang, row, "worker_")),
        Column("looked_about", lambda lang, row: say(lang, f"looked_about.{row['about']}")),
        Column("track_since", of("since"), "time"),
        Column("track_until", of("until"), "time"),
        Column("station", lambda lang, row: name(lang, row, "station_")),
        Column("id", of("id")),
    ),
    ways=_back,
)
