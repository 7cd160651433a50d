"""A page that lists: narrowed by unit, pills and text, refreshed in place, taken away as CSV or XLSX."""

import contextlib
import functools
from collections.abc import Callable, Sequence
from typing import Any, Literal, NamedTuple

import psycopg
import streamlit as st

from dashboard import data, exports, filters, viewer
from dashboard.data import Picture
from dashboard.filters import Filters, Options, Params
from dashboard.ui import header, kpi, panel, tables, theme
from dashboard.ui.i18n import language, say
from dashboard.ui.kpi import Card
from dashboard.ui.tables import Column
from db.connect import Row, Scope

REFRESH_TICKS = 3
ROWS, ROWS_IN_FILE = 1_000, 100_000

_FILES: dict[Literal["csv", "xlsx"], tuple[str, Callable[..., bytes]]] = {
    "csv": ("text/csv", tables.csv),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", tables.xlsx),
}


class Listing(NamedTuple):
    """One list: its query, its filters, its columns, and the cards above it from a second query."""

    name: str
    query: str
    columns: tuple[Column, ...]
    summary: str
    cards: Callable[[str, list[Row]], list[Card]]
    pills: Filters = ()
    id: str = ""
    """Of a list whose rows can be picked: the column that names one."""
    beside: Callable[[str, Scope, int, str | None], None] | None = None
    """What is drawn beside such a list, from the language, the scope, the tick and the row picked; None: the
    page shows what was picked in the list's place."""
    options: Callable[[str, Scope, int, str | None], Options] | None = None
    """What its choices are among, from the language, the scope, the tick and the unit."""
    ways: Callable[[str], None] | None = None
    """Draws, from the language, the buttons that lead elsewhere, in the head's row."""
    of_units: bool = True
    """Whether it can be narrowed by unit."""
    viewer: Callable[[], Params] | None = None
    """Parameters of its query that say who looks."""


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
    params = filters.chosen(listing.name, listing.pills) | (listing.viewer() if listing.viewer else {})
    found = kept(scope, listing.query, tick, {"limit": ROWS + 1, **params})
    summary = kept(scope, listing.summary, tick, {"limit": ROWS, "unit": params["unit"]})
    with st.container(key="cards"):
        st.html(kpi.cards(listing.cards(lang, summary)))
    with st.container(key="list"):
        st.html(panel.title(lang, f"{listing.name}_list", note=note(lang, len(found))))
        if listing.ways:
            listing.ways(lang)
        with st.container(key="filters", horizontal=True, vertical_alignment="bottom"):
            units = kept(scope, "read/org_units", tick, {}) if listing.of_units else None
            options = listing.options and listing.options(lang, scope, tick, params["unit"])
            filters.draw(lang, listing.name, listing.pills, units, options)
            downloads(
                lang,
                scope,
                listing.name,
                f"{listing.name}-{picture.one('district')['local_time']:%Y-%m-%d}",
                listing.columns,
                lambda: data.read(scope, listing.query, limit=ROWS_IN_FILE, **params),
                params,
            )
        if not listing.id:
            table(lang, listing.name, listing.columns, found)
        elif listing.beside is None:
            _pickable(lang, listing, found)
            if filters.picked():
                st.rerun()
        else:
            _beside(lang, listing, found, scope, tick)


def _beside(lang: str, listing: Listing, found: list[Row], scope: Scope, tick: int) -> None:
    left, right = st.columns([7, 3])
    with left:
        _pickable(lang, listing, found)
    with right, st.container(key="beside", height=theme.LIST):
        assert listing.beside is not None
        listing.beside(lang, scope, tick, filters.picked())


def _pickable(lang: str, listing: Listing, found: list[Row]) -> None:
    ids = [row[listing.id] for row in found[:ROWS]]
    pick = functools.partial(filters.pick, f"{listing.name}_table", ids)
    table(lang, listing.name, listing.columns, found, on_select=pick, selection_mode="single-row")


def table(lang: str, name: str, columns: Sequence[Column], found: list[Row], **options: Any) -> None:
    """The rows of the list `name`, as far as they are shown; `options` as st.dataframe has them."""
    if not found:
        st.html(panel.empty(say(lang, "list.nothing")))
        return
    st.dataframe(
        tables.table(lang, columns, found[:ROWS]),
        column_config=tables.config(lang, columns),
        hide_index=True,
        key=f"{name}_table",
        placeholder="",
        **{"height": theme.LIST, **options},
    )


def downloads(
    lang: str,
    scope: Scope,
    name: str,
    file: str,
    columns: Sequence[Column],
    read: Callable[[], list[Row]],
    narrowed: Params,
) -> None:
    """Buttons that take the rows of `read`, `narrowed` by that, away as `file`; nothing is read before
    somebody clicks, and nothing is handed out that is not written down."""
    if viewer.account().kiosk:
        return  # nobody stands at a wall who could be named
    who = viewer.account().actor
    with st.container(key="downloads", horizontal=True, width="content"):
        for kind, (mime, made) in _FILES.items():

            def content(kind: Literal["csv", "xlsx"] = kind, made: Callable[..., bytes] = made) -> bytes:
                rows = read()
                exports.note(scope, who, name, kind, narrowed, len(rows))
                return made(lang, columns, rows)

            st.download_button(
                say(lang, f"list.download_{kind}"),
                content,
                file_name=f"{file}.{kind}",
                mime=mime,
                on_click="ignore",
                key=f"{name}_download_{kind}",
                help=say(lang, "list.download_note", n=f"{ROWS_IN_FILE:,}"),
            )


def kept(scope: Scope, query: str, tick: int, params: Params, key: str = "") -> list[Row]:
    """The rows as of `tick`; while the database is away (the header says so) those last seen, of the question
    that is told from others of the same query by its `key`."""
    last: dict[Any, list[Row]] = st.session_state.setdefault("kept", {})
    name = (query, key) if key else query
    with contextlib.suppress(psycopg.Error):
        last[name] = data.rows(scope, query, tick, **params)
    return last.get(name, [])


def note(lang: str, found: int) -> str:
    """How many there are, or that not all of them are shown."""
    key = "list.cut" if found > ROWS else "list.found"
    return say(lang, key, n=f"{min(found, ROWS):,}")
