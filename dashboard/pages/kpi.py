"""指标: any rate with its two figures, any time with its quantiles, and the very members behind them."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import streamlit as st

from dashboard import data, filters, listing, periods
from dashboard.data import Picture
from dashboard.figures import Figures
from dashboard.filters import Params
from dashboard.indicators import Indicator, base_end, indicators
from dashboard.rate_figures import RATES, total
from dashboard.time_figures import TIMES
from dashboard.timings import Timing, timings
from dashboard.ui import header, kpi, panel
from dashboard.ui.i18n import language, say
from db.connect import Row, Scope

TITLE = "page.kpi"
ICON = "🎯"
SECTION = "section.work"
ORDER = 25

ASKED = ("kpi", "category", "from", "to")


def render() -> None:
    """The address says which indicator, of which unit, category and period, and which of its tasks."""
    _restore()
    filters.restore("kpi", (_figures(_indicator()).sides,))
    with st.container(key="page"):
        _live(language(st.query_params.get("lang"), st.context.locale))


@st.fragment(run_every=listing.REFRESH_TICKS * data.TICK_S)
def _live(lang: str) -> None:
    picture = data.look()
    if not isinstance(picture, Picture):
        st.html(panel.notice(*header.state(lang, picture)))
        return
    scope, tick = picture.scope, data.tick() - data.tick() % listing.REFRESH_TICKS
    district, indicator = picture.one("district"), _indicator()
    shown = _figures(indicator)
    pills = (shown.sides,)
    chosen = filters.chosen("kpi", pills)
    asked = {"unit": chosen["unit"] or scope.path, **_period(ZoneInfo(district["tz"]))}
    asked["category"] = st.session_state["kpi_category"]
    wanted = {"text": chosen["text"], "counts": shown.counts(chosen), **asked}
    found = listing.kept(scope, indicator.members, tick, {"limit": listing.ROWS + 1, **wanted})
    whole = listing.kept(scope, indicator.by, tick, {**asked, "by": None, "depth": 0})
    every = {**asked, "category": None, "by": "category", "depth": 0}
    parts = listing.kept(scope, indicator.by, tick - tick % 30, every, key="categories")
    with st.container(key="cards"):
        change = _change(lang, scope, tick, indicator, asked, whole, district["tz"])
        st.html(kpi.cards(shown.cards(lang, indicator, whole, parts, change)))
    with st.container(key="list"):
        st.html(panel.title(lang, "kpi_list", note=listing.note(lang, len(found))))
        with st.container(key="filters", horizontal=True, vertical_alignment="bottom"):
            _draw(lang, {row["key"]: shown.category(lang, row) for row in parts})
            filters.draw(lang, "kpi", pills, listing.kept(scope, "read/org_units", tick, {}))
            listing.downloads(
                lang,
                scope,
                "kpi",
                f"{indicator.name}-{district['local_time']:%Y-%m-%d}",
                shown.columns(indicator),
                lambda: data.read(scope, indicator.members, limit=listing.ROWS_IN_FILE, **wanted),
                {"indicator": indicator.name, **wanted},
            )
        listing.table(lang, "kpi", shown.columns(indicator), found)


def _change(
    lang: str,
    scope: Scope,
    tick: int,
    indicator: Indicator | Timing,
    asked: Params,
    whole: list[Row],
    tz: str,
) -> str:
    """Since the district's base year, as HTML; nothing where there is none, or a period is asked about."""
    if isinstance(indicator, Timing):
        return ""
    choices = listing.kept(scope, "read/kpi_choices", tick, {})
    year = next((row["base_year"] for row in choices if row["indicator"] == indicator.indicator), None)
    if year is None or asked["since"]:
        return ""
    end = base_end(year, ZoneInfo(tz))
    if asked["until"] and asked["until"] < end:
        return ""
    then = listing.kept(
        scope, indicator.by, tick, {**asked, "until": end, "by": None, "depth": 0}, key="base"
    )
    return kpi.change(lang, year, total(then), total(whole))


def _draw(lang: str, categories: dict[str, str]) -> None:
    titles = {one.name: f"{one.title[lang]} · {one.formula}" for one in _all()}
    st.selectbox(
        say(lang, "page.kpi"),
        list(titles),
        format_func=titles.__getitem__,
        key="kpi_kpi",
        width=240,
        on_change=_to_another,
    )
    category = st.session_state["kpi_category"]
    st.selectbox(
        say(lang, "column.category"),
        [*categories, category] if category and category not in categories else list(categories),
        index=None,
        format_func=lambda code: categories.get(code, code),
        placeholder=say(lang, "list.all_categories"),
        key="kpi_category",
        width=180,
        on_change=_to_the_address,
    )
    for key in ("from", "to"):
        st.date_input(
            say(lang, f"list.{key}"),
            value=None,
            min_value=periods.DAYS[0],
            max_value=periods.DAYS[1],
            format="YYYY-MM-DD",
            key=f"kpi_{key}",
            width=165,
            on_change=_to_the_address,
        )


def _restore() -> None:
    asked, state = st.query_params, st.session_state
    names = [indicator.name for indicator in _all()]
    state["kpi_kpi"] = asked["kpi"] if asked.get("kpi") in names else names[0]
    state["kpi_category"] = asked.get("category") or None
    for key in ("from", "to"):
        state[f"kpi_{key}"] = periods.day(asked.get(key))


def _to_another() -> None:
    st.session_state["kpi_category"] = None  # those of the one before are not this one's
    _to_the_address()


def _to_the_address() -> None:
    said: dict[str, Any] = {key: st.session_state[f"kpi_{key}"] for key in ASKED}
    others = {key: st.query_params.get_all(key) for key in st.query_params if key not in ASKED}
    st.query_params.from_dict({**others, **{key: str(value) for key, value in said.items() if value}})


def _all() -> tuple[Indicator | Timing, ...]:
    return (*indicators(), *timings())


def _indicator() -> Indicator | Timing:
    return next(one for one in _all() if one.name == st.session_state["kpi_kpi"])


def _figures(indicator: Indicator | Timing) -> Figures:
    return TIMES if isinstance(indicator, Timing) else RATES


def _period(tz: ZoneInfo) -> Params:
    first, last = st.session_state["kpi_from"], st.session_state["kpi_to"]
    return {
        "since": first and datetime.combine(first, time.min, tz),
        "until": last and datetime.combine(last + timedelta(days=1), time.min, tz),
    }
