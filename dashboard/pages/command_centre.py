"""指挥中心: what is happening, how well the work is going, what is dangerous, on one screen."""

import streamlit as st

from dashboard import data, frame, incident_feed, live_map, time_bar, time_machine, trends
from dashboard.data import Picture
from dashboard.indicators import on_strip
from dashboard.ui import categories, charts, ends, kpi, maps, panel, ranking, theme
from dashboard.ui.i18n import language

TITLE = "page.command_centre"
ICON = "📡"
SECTION = "section.live"
ORDER = 0

FAST_S, SLOW_S = data.TICK_S, 10
PANELS = ("strip", "categories", "ranking", "ends")


def render() -> None:
    """The room: a fast fragment draws every tick what moves, a slow one the chart; the style sheet gives each
    panel its place. What a fragment draws is always in its own container: a run that is cut off, by a click
    or a switch, leaves no place behind that the next tick would write to in vain."""
    lang = language(st.query_params.get("lang"), st.context.locale)
    time_machine.begin()
    with st.container(key="room"):
        with st.container(key="room_live"):
            _live(lang)
        with st.container(key="map"):
            live_map.show(lang, maps.WIDTH_PX, maps.HEIGHT_PX)
            time_bar.show(lang)
        with st.container(key="alerts"):
            incident_feed.show(lang)
        with st.container(key="stations"):
            _stations(lang)


@st.fragment(run_every=FAST_S)
def _live(lang: str) -> None:
    picture = time_machine.look()
    boxes = {name: st.container(key=name) for name in PANELS}
    strip = boxes["strip"].empty()
    if not isinstance(picture, Picture):
        for name in PANELS[1:]:
            boxes[name].html(panel.title(lang, name))
        return
    counts = picture.one("counts")
    rates = [(indicator, picture.one(indicator.name)) for indicator in on_strip()]
    strip.html(kpi.strip(lang, counts, rates, trends.today(picture)))
    boxes["categories"].html(
        panel.title(lang, "categories") + categories.table(lang, picture.rows["categories"])
    )
    boxes["ranking"].html(
        panel.title(lang, "ranking") + ranking.table(lang, picture.rows["ranking"][: theme.RANKING_ROWS])
    )
    screens = None if picture.at else frame.screens_open()
    boxes["ends"].html(panel.title(lang, "ends") + ends.table(lang, screens, picture.rows["ends"]))


@st.fragment(run_every=SLOW_S)
def _stations(lang: str) -> None:
    picture = time_machine.look()
    rates = []
    if isinstance(picture, Picture):
        rates = [(indicator, picture.rows[f"{indicator.name}/units"]) for indicator in on_strip()]
    shown = charts.lagging(rates)
    few, whole = (len(group[0][1]) if group else 0 for group in (shown, rates))
    st.html(panel.stations_title(lang, few, whole, kpi.behind(lang, on_strip()[0].name)))
    if shown:
        figure = charts.rates_by_unit(lang, shown)
        st.plotly_chart(figure, theme=None, config=charts.CONFIG, key="stations_chart")
