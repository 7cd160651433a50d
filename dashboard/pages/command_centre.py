"""指挥中心: what is happening, how well the work is going, what is dangerous, on one screen."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import data, frame, incident_feed, live_map, trends
from dashboard.data import Picture
from dashboard.indicators import on_strip
from dashboard.ui import categories, charts, ends, kpi, maps, panel, ranking, theme
from dashboard.ui.i18n import language

TITLE = "page.command_centre"
ICON = "📡"
SECTION = "section.live"
ORDER = 0

FAST_S, SLOW_S = data.TICK_S, 10

Slots = dict[str, DeltaGenerator]


def render() -> None:
    """Containers first; then a fast fragment fills them every tick, and a slow one draws the chart."""
    lang = language(st.query_params.get("lang"), st.context.locale)
    slots = {"strip": st.container(key="strip").empty()}
    west, centre, east = st.columns([26, 50, 24])
    stations = west.container(key="stations")
    with centre.container(key="map"):
        live_map.show(lang, maps.WIDTH_PX, maps.HEIGHT_PX)
    with east.container(key="alerts"):
        incident_feed.show(lang)
    for name, column in (("categories", west), ("ranking", west), ("ends", east)):
        box = column.container(key=name)
        slots[f"{name}_title"], slots[name] = box.empty(), box.empty()
    _live(lang, slots)
    with stations:
        _stations(lang)


@st.fragment(run_every=FAST_S)
def _live(lang: str, slots: Slots) -> None:
    picture = data.look()
    slots["ends_title"].html(panel.title(lang, "ends"))
    for name in ("categories", "ranking"):
        slots[f"{name}_title"].html(panel.title(lang, name))
    if not isinstance(picture, Picture):
        return
    counts = picture.one("counts")
    rates = [(indicator, picture.one(indicator.name)) for indicator in on_strip()]
    slots["strip"].html(kpi.strip(lang, counts, rates, trends.today(picture)))
    slots["categories"].html(categories.table(lang, picture.rows["categories"]))
    slots["ranking"].html(ranking.table(lang, picture.rows["ranking"][: theme.RANKING_ROWS]))
    slots["ends"].html(ends.table(lang, frame.screens_open(), picture.rows["ends"]))


@st.fragment(run_every=SLOW_S)
def _stations(lang: str) -> None:
    picture = data.look()
    rates = []
    if isinstance(picture, Picture):
        rates = [(indicator, picture.rows[f"{indicator.name}/units"]) for indicator in on_strip()]
    shown = charts.lagging(rates)
    few, whole = (len(group[0][1]) if group else 0 for group in (shown, rates))
    st.html(panel.stations_title(lang, few, whole, kpi.behind(lang, on_strip()[0].name)))
    if shown:
        figure = charts.rates_by_unit(lang, shown)
        st.plotly_chart(figure, theme=None, config=charts.CONFIG, key="stations_chart")
