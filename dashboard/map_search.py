"""The map's search box: premises, workers and devices by what is known of them, and the way to one."""

from typing import NamedTuple

import psycopg
import streamlit as st

from dashboard import data
from dashboard.ui.i18n import name, say
from db.connect import Row, Scope

HITS = 8
_MARKDOWN = frozenset("\\`*_{}[]()#+-.!$:|~<>")
LAYERS = {"premises": "premises", "worker": "workers", "device": "devices"}
"""On which layer of the map a hit lies, by its kind."""


class Found(NamedTuple):
    """Somebody or something on the map, and where it was when it was found; `number` tells one search from
    the one before, so that the same can be gone to again."""

    layer: str
    id: str
    place: tuple[float, float] | None
    """Longitude, latitude, WGS-84."""
    number: int


def draw(lang: str) -> None:
    """The box, and below it what was found, each a button."""
    text = st.text_input(
        say(lang, "map.search"),
        placeholder=say(lang, "map.search_hint"),
        key="map_search",
        label_visibility="collapsed",
        max_chars=60,
    ).strip()
    scope = data.home()
    if not text or not isinstance(scope, Scope):
        return
    try:
        hits = data.rows(scope, "read/map_search", data.tick() // 15, text=text, limit=HITS)
    except psycopg.Error:
        st.html(f'<div class="gw gw-hits">{say(lang, "map.away")}</div>')
        return
    with st.container(key="map_hits"):
        if not hits:
            st.html(f'<div class="gw gw-hits">{say(lang, "map.nothing")}</div>')
        for number, hit in enumerate(hits):
            st.button(
                _label(lang, hit),
                key=f"map_hit_{number}",
                on_click=_go,
                args=(hit,),
                disabled=hit["lon"] is None and hit["kind"] != "worker",
                width="stretch",
            )


def found() -> Found | None:
    """What was gone to last."""
    last: Found | None = st.session_state.get("map_found")
    return last


def _go(hit: Row) -> None:
    place = (hit["lon"], hit["lat"]) if hit["lon"] is not None else None
    number = last.number + 1 if (last := found()) else 1
    st.session_state["map_found"] = Found(LAYERS[hit["kind"]], hit["id"], place, number)
    st.session_state["map_search"] = ""


def _label(lang: str, hit: Row) -> str:
    kind = say(lang, f"kind.{hit['detail']}" if hit["kind"] == "device" else f"kind.{hit['kind']}")
    beside = hit["detail"] if hit["kind"] == "premises" else hit["id"]
    where = "" if hit["lon"] is not None else f" · {say(lang, 'map.no_place')}"
    return f"**{_plain(name(lang, hit))}** {kind} · {_plain(beside or hit['id'])}{where}"


def _plain(text: str) -> str:
    """Without what Streamlit would take for markdown."""
    return "".join(f"\\{letter}" if letter in _MARKDOWN else letter for letter in text)
