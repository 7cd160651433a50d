"""阈值: every alert rule in words, what it measures by, since when; another value for it, with a preview."""

import functools

import streamlit as st

from dashboard import data, filters, listing, threshold_desk
from dashboard.data import Picture
from dashboard.ui import header, panel, theme
from dashboard.ui.i18n import language, say
from dashboard.ui.tables import Column, of
from dashboard.ui.thresholds import actor, figure
from db.connect import Row

TITLE = "page.thresholds"
ICON = "📏"
SECTION = "section.settings"
ORDER = 90


def render() -> None:
    with st.container(key="page"):
        _live(language(st.query_params.get("lang"), st.context.locale))


@st.fragment(run_every=listing.REFRESH_TICKS * data.TICK_S)
def _live(lang: str) -> None:
    picture = data.look()
    if not isinstance(picture, Picture):
        st.html(panel.notice(*header.state(lang, picture)))
        return
    tick = data.tick() - data.tick() % listing.REFRESH_TICKS
    found = listing.kept(picture.scope, "read/thresholds", tick, {})
    with st.container(key="tall"), st.container(key="list"):
        st.html(panel.title(lang, "thresholds_list"))
        left, right = st.columns([7, 4])
        with left:
            _table(lang, found)
        with right, st.container(key="beside", height=theme.TALL_LIST):
            picked = next((row for row in found if row["id"] == filters.picked()), None)
            threshold_desk.draw(lang, picture.scope, tick, picture.one("district"), picked)


def _table(lang: str, found: list[Row]) -> None:
    if not found:
        st.html(panel.empty(say(lang, "threshold.no_rules")))
        return
    pick = functools.partial(filters.pick, "thresholds_table", [row["id"] for row in found])
    listing.table(
        lang,
        "thresholds",
        _COLUMNS,
        found,
        height=theme.TALL_LIST,
        on_select=pick,
        selection_mode="single-row",
    )


_COLUMNS = (
    Column("rule", lambda lang, row: say(lang, f"rule.{row['rule']}")),
    Column("parameter", lambda lang, row: say(lang, f"parameter.{row['name']}") if row["name"] else None),
    Column("value", lambda lang, row: figure(lang, row["value"], row["unit"]) if row["name"] else None),
    Column("usual", lambda lang, row: figure(lang, row["usual"], row["unit"]) if row["name"] else None),
    Column("in_force_since", of("since"), "time"),
    Column("set_by", lambda lang, row: actor(lang, row) if row["name"] else None),
    Column("rung", of("rung"), "number"),
    Column("about", lambda lang, row: say(lang, f"rule_about.{row['rule']}")),
)
