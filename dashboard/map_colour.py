"""What the map's grids are coloured by, which the address keeps, and what the colours stand for."""

import contextlib

import psycopg
import streamlit as st

from dashboard import data, grid_rates, heat
from dashboard.indicators import Indicator, on_strip
from dashboard.ui import cells, maps
from dashboard.ui import grid_rates as drawn
from dashboard.ui.i18n import say
from db.connect import Scope

_PARAM = "colour"


def draw(lang: str) -> Indicator | None:
    """The choice of a KPI; None: the grids show which station they belong to."""
    chosen = grid_rates.named(st.query_params.get(_PARAM))
    st.session_state["map_colour"] = chosen and chosen.name
    titles = {indicator.name: indicator.title[lang] for indicator in on_strip()}
    st.selectbox(
        say(lang, "map.colour"),
        list(titles),
        format_func=titles.__getitem__,
        index=None,
        placeholder=say(lang, "map.by_station"),
        key="map_colour",
        label_visibility="collapsed",
        on_change=_to_the_address,
    )
    return chosen


def legends(lang: str, scope: Scope, indicator: Indicator | None, shown: tuple[str, ...]) -> None:
    """The scales of all that is coloured by figures; none while they cannot be read."""
    told = [cells.legend(lang, name, heat.newest(scope, name)) for name in maps.HEAT if name in shown]
    if indicator:
        with contextlib.suppress(psycopg.Error):
            told.append(drawn.legend(lang, grid_rates.rates(scope, indicator, data.tick())))
    if told:
        st.html("".join(told))


def _to_the_address() -> None:
    chosen = st.session_state["map_colour"]
    if chosen is None:
        st.query_params.pop(_PARAM, None)
    else:
        st.query_params[_PARAM] = chosen
