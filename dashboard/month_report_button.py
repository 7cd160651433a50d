"""A button that takes a station's month report away as a PDF; nothing is read before somebody clicks."""

from datetime import date

import streamlit as st

from dashboard import data, exports, viewer
from dashboard.report.month import STATION, gather
from dashboard.report.pages import called, pdf
from dashboard.ui.i18n import name, say
from db.connect import Scope


def draw(lang: str, scope: Scope, unit_path: str | None, month: date) -> None:
    """The button for the month that `month` lies in; none where the unit is no station."""
    if unit_path is None or unit_path.count("/") + 1 != STATION:
        return
    units = data.rows(scope, "read/unit", data.tick(), unit=unit_path)
    if not units:
        return
    first = month.replace(day=1)

    who = viewer.account().actor

    def content() -> bytes:
        exports.note(scope, who, "month_report", "pdf", {"unit": unit_path, "month": first})
        return pdf(lang, gather(data.together, scope, unit_path, first))

    st.download_button(
        say(lang, "month_report.download"),
        content,
        file_name=f"{unit_path.replace('/', '-')}-{first:%Y-%m}.pdf",
        mime="application/pdf",
        on_click="ignore",
        key="month_report",
        help=say(lang, "month_report.download_note", station=name(lang, units[0]), month=called(lang, first)),
    )
