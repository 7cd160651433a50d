"""The live map of a page, and the card of who or what was clicked on it."""

from typing import Any

import psycopg
import streamlit as st

from dashboard import data
from dashboard.data import Picture
from dashboard.ui import card, header, maps, panel
from dashboard.ui.i18n import say
from db.connect import Scope


@st.fragment(run_every=data.TICK_S)
def show(lang: str, width: int, height: int, choose: bool = False) -> None:
    """The map `width` x `height` pixels with its head, following the tick; `choose`: the viewer may
    leave layers out. It is never mounted anew, and keeps what was clicked until something else is."""
    st.html(panel.map_title(lang))
    shown = _layers(lang) if choose else maps.LAYERS
    picture = data.look()
    if not isinstance(picture, Picture):
        st.html(panel.notice(*header.state(lang, picture)))
        return
    tick = 0 if picture.away else picture.tick  # 0: whatever the routes have kept
    counts = picture.one("counts")
    dots = counts["workers"] + counts["devices"]
    deck = maps.deck(maps.view(data.bounds(picture.scope), width, height), lang, tick, shown, dots)
    event = st.pydeck_chart(
        deck, height=height, key="deck", on_select="rerun", selection_mode="single-object"
    )
    with st.container(key="picked"):
        st.html(_card(lang, picture.scope, event["selection"]["objects"]))


def _layers(lang: str) -> tuple[str, ...]:
    with st.container(key="layers"):
        chosen = st.pills(
            say(lang, "map.layers"),
            maps.LAYERS,
            default=maps.LAYERS,
            selection_mode="multi",
            format_func=lambda layer: say(lang, f"layer.{layer}"),
            key="shown_layers",
            label_visibility="collapsed",
        )
    return tuple(chosen)


def _card(lang: str, scope: Scope, objects: dict[str, list[dict[str, Any]]]) -> str:
    """The card of the object that was clicked; nothing while nothing is."""
    for layer, picked in objects.items():
        about = picked[0].get("properties") or picked[0]
        kept = st.session_state.setdefault("card", {})
        try:
            found = data.rows(scope, f"read/{layer.removesuffix('s')}_card", data.tick(), id=about["id"])
            kept.clear()
            kept[layer, about["id"]] = found
        except psycopg.Error:
            found = kept.get((layer, about["id"]), [])  # what was seen last; the header says why
        if found:
            return card.of(lang, layer, found[0])
    return card.hint(lang)
