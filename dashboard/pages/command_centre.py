"""指挥中心: what is happening, how well the work is going, what is dangerous, on one screen."""

import streamlit as st

from dashboard import data, incident_feed, live_map, panels, time_bar, time_machine, wake
from dashboard.data import Picture
from dashboard.indicators import on_strip
from dashboard.ui import charts, kpi, live, maps, panel
from dashboard.ui.i18n import language

TITLE = "page.command_centre"
ICON = "📡"
SECTION = "section.live"
ORDER = 0

SLOW_S = 10


def render() -> None:
    """The room: the map follows the tick, what is only looked at is fetched by ``beat.js``, feed and chart
    are drawn anew when there is something new in them; the style sheet gives each panel its place. What a
    fragment draws is always in its own container: a run that is cut off, by a click or a switch, leaves no
    place behind that the next tick would write to in vain."""
    lang = language(st.query_params.get("lang"), st.context.locale)
    time_machine.begin()
    with st.container(key="room"):
        with st.container(key="room_live"):
            if time_machine.replay() is None:
                _present(lang)
            else:
                _past(lang)
        with st.container(key="map"):
            live_map.show(lang, maps.WIDTH_PX, maps.HEIGHT_PX)
            time_bar.show(lang)
        with st.container(key="alerts"):
            incident_feed.show(lang)
        with st.container(key="stations"):
            st.fragment(_stations, run_every=None if time_machine.replay() is None else SLOW_S)(lang)


def _present(lang: str) -> None:
    for name, html in panels.room(lang, data.look()).items():
        with st.container(key=name):
            st.html(live.panel(lang, "room", name, html))


@st.fragment(run_every=data.TICK_S)
def _past(lang: str) -> None:
    for name, html in panels.room(lang, time_machine.look()).items():
        with st.container(key=name):
            st.html(live.still(html))


def _stations(lang: str) -> None:
    picture = time_machine.look()
    if time_machine.replay() is None:
        wake.draw("rates", panels.stamps(picture).get("rates", ""), SLOW_S // data.TICK_S)
    rates = []
    if isinstance(picture, Picture):
        rates = [(indicator, picture.rows[f"{indicator.name}/units"]) for indicator in on_strip()]
    shown = charts.lagging(rates)
    few, whole = (len(group[0][1]) if group else 0 for group in (shown, rates))
    below = isinstance(picture, Picture) and "/" in picture.scope.path
    st.html(panel.stations_title(lang, few, whole, kpi.behind(lang, on_strip()[0].name), below))
    if shown:
        figure = charts.rates_by_unit(lang, shown)
        st.plotly_chart(figure, theme=None, config=charts.CONFIG, key="stations_chart")
