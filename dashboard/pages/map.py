"""地图: the whole district, its layers to choose from, and the card of what is clicked."""

import streamlit as st

from dashboard import live_map
from dashboard.ui import theme
from dashboard.ui.i18n import language

TITLE = "page.map"
ICON = "🗺️"
SECTION = "section.live"
ORDER = 10

_WIDTH_PX = 1886


def render() -> None:
    lang = language(st.query_params.get("lang"), st.context.locale)
    with st.container(key="whole_map"):
        live_map.show(lang, _WIDTH_PX, theme.WHOLE, choose=True)
