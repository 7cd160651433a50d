"""A page that lists: narrowed by unit, pills and text, refreshed in place, taken away as CSV."""

import contextlib
from collections.abc import Callable
from typing import NamedTuple

import psycopg
import streamlit as st

from dashboard import data, filters
from dashboard.data import Picture
from dashboard.filters import Params, Pills
from dashboard.ui import header, kpi, panel, tables, theme
from dashboard.ui.i18n import language, say
from dashboard.ui.kpi import Card
from dashboard.ui.tables import Column
from db.connect import Row, Scope

REFRESH_TICKS = 3
ROWS, ROWS_IN_CSV = 1_000, 100_000


class Listing(NamedTuple):
    """One list: its query, its filters, its columns, and the cards above it from a second query."""

    name: str
    query: str
    columns: tuple[Column, ...]
    summary: str
    cards: Callable[[str, list[Row]], list[Card]]
    pills: tuple[Pills, ...] = ()


def show(listing: Listing) -> None:
    """Draw the page; what was read last stays, and says so, while the database is away."""
    filters.restore(listing.name, listing.pills)
    with st.container(key="page"):
        _live(language(st.query_params.get("lang"), st.context.locale), listing)


@st.fragment(run_every=REFRESH_TICKS * data.TICK_S)
def _live(lang: str, listing: Listing) -> None:
    picture = data.look()
    if not isinstance(picture, Picture):
        st.html(panel.notice(*header.state(lang, picture)))
        return
    scope, tick = picture.scope, data.tick() - data.tick() % REFRESH_TICKS
    params = filters.chosen(listing.name, listing.pills)
    found = _kept(scope, listing.query, tick, {"limit": ROWS + 1, **params})
    summary = _kept(scope, listing.summary, tick, {"limit": ROWS, "unit": params["unit"]})
    with st.container(key="cards"):
        st.html(kpi.cards(listing.cards(lang, summary)))
    with st.container(key="list"):
        st.html(panel.title(lang, f"{listing.name}_list", note=_note(lang, len(found))))
        with st.container(key="filters", horizontal=True, vertical_alignment="bottom"):
            filters.draw(lang, listing.name, listing.pills, _kept(scope, "read/org_units", tick, {}))
            _download(lang, listing, scope, params, f"{picture.one('district')['local_time']:%Y-%m-%d}")
        _table(lang, listing, found)


def _table(lang: str, listing: Listing, found: list[Row]) -> None:
    if not found:
        st.html(panel.empty(say(lang, "list.nothing")))
        return
    st.dataframe(
        tables.table(lang, listing.columns, found[:ROWS]),
        column_config=tables.config(lang, listing.columns),
        hide_index=True,
        height=theme.LIST,
        key=f"{listing.name}_table",
        placeholder="",
    )


def _download(lang: str, listing: Listing, scope: Scope, params: Params, day: str) -> None:
    def made() -> bytes:
        rows = data.read(scope, listing.query, limit=ROWS_IN_CSV, **params)
        return tables.csv(lang, listing.columns, rows)

    st.download_button(
        say(lang, "list.download"),
        made,  # nothing is read before somebody clicks
        file_name=f"{listing.name}-{day}.csv",
        mime="text/csv",
        on_click="ignore",
        key=f"{listing.name}_download",
        help=say(lang, "list.download_note", n=f"{ROWS_IN_CSV:,}"),
    )


def _kept(scope: Scope, query: str, tick: int, params: Params) -> list[Row]:
    """The rows as of `tick`; while the database is away (the header says so) those last seen."""
    kept: dict[str, list[Row]] = st.session_state.setdefault("kept", {})
    with contextlib.suppress(psycopg.Error):
        kept[query] = data.rows(scope, query, tick, **params)
    return kept.get(query, [])


def _note(lang: str, found: int) -> str:
    key = "list.cut" if found > ROWS else "list.found"
    return say(lang, key, n=f"{min(found, ROWS):,}")
