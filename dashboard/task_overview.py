"""Beside the list of tasks while none is picked: how the units do, to drill down into, how it has gone day by
day, and what phones said of tasks that there are not.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import streamlit as st

from dashboard import filters, listing
from dashboard.indicators import Indicator, find
from dashboard.ui import charts, kpi, panel, tables, task
from dashboard.ui.charts import RatesByUnit
from dashboard.ui.i18n import name, say
from dashboard.ui.tables import Column
from db.connect import Row, Scope

EVERY_TICKS = 30
"""The figures behind it are read this often: they are the dear ones of the page."""
DAYS, REJECTED = 30, 12
RATES = ("closure_rate", "on_time_rate")


def draw(lang: str, scope: Scope, tick: int) -> None:
    """The panel, of the unit that the list is narrowed to."""
    slow = tick - tick % EVERY_TICKS
    unit: str = st.session_state.get("tasks_unit") or scope.path
    _units(lang, scope, slow, unit)
    _trend(lang, scope, slow, unit)
    st.html(panel.title(lang, "rejected_of_tasks"))
    turned_down = listing.kept(scope, "read/rejected_of_tasks", tick, {"limit": REJECTED})
    st.html(task.rejected(lang, turned_down) if turned_down else panel.empty(say(lang, "desk.no_rejected")))


def _units(lang: str, scope: Scope, tick: int, unit: str) -> None:
    """Rates of the units below `unit`, or of itself where there is none; a click goes down into one."""
    rates = _rates(scope, tick, unit, below=1) or _rates(scope, tick, unit, below=0)
    named = listing.kept(scope, "read/unit", tick, {"unit": unit})
    links = {one.title[lang]: kpi.behind(lang, one.name, unit=unit) for one, _ in rates}
    st.html(panel.rates_title(name(lang, named[0]) if named else unit, links))
    if unit != scope.path:
        up = unit.rpartition("/")[0]
        st.button(
            say(lang, "task_overview.up"),
            icon=":material/arrow_upward:",
            on_click=filters.narrow,
            args=("tasks", up if up != scope.path else None),
        )
    if not rates:
        st.html(panel.empty(say(lang, "list.nothing")))
        return
    rows = [{**row, "rates": [one[number] for _, one in rates]} for number, row in enumerate(rates[0][1])]
    key, paths = f"tasks_units_{unit}", [row["path"] for row in rows]
    st.dataframe(
        tables.table(lang, _COLUMNS, rows),
        column_config=tables.config(lang, _COLUMNS),
        hide_index=True,
        height="content",
        key=key,
        placeholder="",
        selection_mode="single-row",
        on_select=partial(_go_down, key, paths),
    )


def _rates(scope: Scope, tick: int, unit: str, below: int) -> list[RatesByUnit]:
    asked = {"unit": unit, "depth": unit.count("/") + 1 + below, "at": None}
    found = [(one, listing.kept(scope, one.query, tick, asked)) for one in _indicators()]
    return found if all(rows for _, rows in found) else []


def _indicators() -> list[Indicator]:
    return [one for one in (find(name, {}) for name in RATES) if one]


def _go_down(key: str, paths: list[str]) -> None:
    rows = st.session_state[key]["selection"]["rows"]
    if rows and rows[0] < len(paths):
        filters.narrow("tasks", paths[rows[0]])


def _trend(lang: str, scope: Scope, tick: int, unit: str) -> None:
    st.html(panel.title(lang, "task_trend"))
    district = listing.kept(scope, "read/district", tick, {})
    since = _days_ago(ZoneInfo(district[0]["tz"]) if district else UTC, DAYS - 1)
    asked = {"unit": unit, "since": since, "until": None, "category": None, "by": "day", "depth": 0}
    rates = [(one, listing.kept(scope, one.by, tick, asked)) for one in _indicators()]
    if any(rows for _, rows in rates):
        figure = charts.trend(lang, rates, since, DAYS)
        st.plotly_chart(figure, theme=None, config=charts.CONFIG, key="tasks_trend")
    else:
        st.html(panel.empty(say(lang, "list.nothing")))


def _days_ago(tz: tzinfo, days: int) -> datetime:
    """The local midnight with which the day began that many days ago."""
    today = datetime.now(UTC).astimezone(tz).replace(hour=0, minute=0, second=0, microsecond=0)
    return today - timedelta(days=days)


def _figures(number: int) -> Callable[[str, Row], Any]:
    return lambda lang, row: (row["rates"][number]["numerator"], row["rates"][number]["denominator"])


def _out_of(number: int) -> Callable[[str, Row], str]:
    return lambda lang, row: "{numerator:,} / {denominator:,}".format(**row["rates"][number])


_COLUMNS = (
    Column("of_unit", lambda lang, row: name(lang, row), width=112),
    Column("closure", _figures(0), "rate", width=100),
    Column("closed_of", _out_of(0), width=98),
    Column("in_time", _figures(1), "rate", width=100),
    Column("in_time_of", _out_of(1), width=98),
)
