"""Beside the ranking of units: what the score of the one picked is made of, the way to its workers, and
a station's month report."""

import streamlit as st

from dashboard import month_report_button, pages
from dashboard.ui import panel, score_tables, scores
from dashboard.ui.i18n import name, say
from db.connect import Row, Scope
from ingest.domain.period import Period


def draw(lang: str, scope: Scope, period: Period, row: Row | None) -> None:
    """The panel of a row of ``read/scores``; with nothing picked it says how to."""
    if row is None:
        st.html(panel.empty(say(lang, "ranking.hint")))
        return
    with st.container(key="score_card"):
        st.html(panel.named(name(lang, row), scores.place(lang, row)))
        with st.container(key="score_ways", horizontal=True):
            _way(lang, period, row["path"])
            month_report_button.draw(lang, scope, row["path"], period.begins)
        st.html(score_tables.parts(lang, row))
        st.html(score_tables.about(lang, row))


def _way(lang: str, period: Period, path: str) -> None:
    to = {"lang": lang, "unit": path, "span": period.span.value, "begins": period.begins.isoformat()}
    st.page_link(
        pages.entry("ranking"),
        label=say(lang, "ranking.workers"),
        icon=":material/groups:",
        query_params=to,
        width="content",
    )
