"""指挥中心: what is happening, how well the work is going, what is dangerous, on one screen."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import data
from dashboard.data import Picture
from dashboard.indicators import indicators
from dashboard.ui import alerts, charts, header, kpi, maps, panel, ranking
from dashboard.ui.i18n import LANGUAGES, language, say

TITLE = "page.command_centre"
ICON = "📡"
SECTION = "section.live"
ORDER = 0

FAST_S, SLOW_S = data.TICK_S, 10

Slots = dict[str, DeltaGenerator]


def render() -> None:
    """Containers first; then a fast fragment fills them every tick, and a slow one draws the chart."""
    lang = language(st.query_params.get("lang"), st.context.locale)
    with st.container(key="screen"):
        with st.container(key="header"):
            left, middle, right, switch = st.columns([10, 14, 7, 3], vertical_alignment="center")
        middle.html(header.title(lang))
        with switch:
            _switch(lang)
        slots = {"place": left.empty(), "fresh": right.empty(), "strip": st.container(key="strip").empty()}
        west, centre, east = st.columns([26, 50, 24])
        stations = west.container(key="stations")
        for name, column in (("ranking", west), ("map", centre), ("alerts", east)):
            box = column.container(key=name)
            slots[f"{name}_title"], slots[name] = box.empty(), box.empty()
    _live(lang, slots)
    with stations:
        _stations(lang)


def _switch(lang: str) -> None:
    st.session_state.setdefault("lang", lang)
    st.segmented_control(
        say(lang, "language"),
        list(LANGUAGES),
        format_func=LANGUAGES.__getitem__,
        required=True,
        key="lang",
        on_change=_keep_language,
        label_visibility="collapsed",
    )


def _keep_language() -> None:
    st.query_params["lang"] = st.session_state["lang"]


@st.fragment(run_every=FAST_S)
def _live(lang: str, slots: Slots) -> None:
    picture = data.look()
    slots["fresh"].html(header.freshness(lang, picture))
    slots["map_title"].html(panel.map_title(lang))
    slots["ranking_title"].html(panel.title(lang, "ranking"))
    if not isinstance(picture, Picture):
        slots["alerts_title"].html(panel.title(lang, "alerts"))
        slots["map"].html(panel.notice(*header.state(lang, picture)))
        return
    counts = picture.one("counts")
    slots["place"].html(header.district(lang, picture))
    slots["strip"].html(kpi.strip(lang, counts, [(i, picture.one(i.name)) for i in indicators()]))
    slots["ranking"].html(ranking.table(lang, picture.rows["ranking"]))
    slots["alerts_title"].html(panel.title(lang, "alerts", n=f"{counts['alerts']:,}"))
    slots["alerts"].html(alerts.feed(lang, picture.rows["alerts"]))
    tick = 0 if picture.away else picture.tick  # 0: whatever the routes have kept
    deck = maps.deck(maps.view(data.bounds(picture.scope)), lang, tick)
    slots["map"].pydeck_chart(deck, height=maps.HEIGHT_PX, key="map")


@st.fragment(run_every=SLOW_S)
def _stations(lang: str) -> None:
    st.html(panel.title(lang, "stations"))
    picture = data.look()
    if isinstance(picture, Picture):
        figure = charts.rates_by_unit(lang, [(i, picture.rows[f"{i.name}/units"]) for i in indicators()])
        st.plotly_chart(figure, theme=None, config=charts.CONFIG, key="stations_chart")
