"""指标: any indicator with its two figures, and the very tasks behind them."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import streamlit as st

from dashboard import data, filters, listing
from dashboard.data import Picture
from dashboard.filters import Params, Pills
from dashboard.indicators import Indicator, base_end, indicators
from dashboard.members import SIDES, columns
from dashboard.ui import header, kpi, panel, theme
from dashboard.ui.i18n import language, name, say
from dashboard.ui.kpi import Card
from db.connect import Row, Scope

TITLE = "page.kpi"
ICON = "🎯"
SECTION = "section.work"
ORDER = 25

PILLS = (Pills("sides", "side", SIDES),)
DAYS = date(2000, 1, 1), date(2099, 12, 31)
ASKED = ("kpi", "category", "from", "to")


def render() -> None:
    """The address says which indicator, of which unit, category and period, and which of its tasks."""
    filters.restore("kpi", PILLS)
    _restore()
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
    chosen = filters.chosen("kpi", PILLS)
    asked = {"unit": chosen["unit"] or scope.path, **_period(ZoneInfo(district["tz"]))}
    asked["category"] = st.session_state["kpi_category"]
    wanted = {"text": chosen["text"], "counts": _counts(chosen["sides"]), **asked}
    found = listing.kept(scope, indicator.members, tick, {"limit": listing.ROWS + 1, **wanted})
    with st.container(key="cards"):
        whole = listing.kept(scope, indicator.by, tick, {**asked, "by": None, "depth": 0})
        change = _change(lang, scope, tick, indicator, asked, whole, district["tz"])
        st.html(kpi.cards(_cards(lang, indicator, whole, change)))
    with st.container(key="list"):
        st.html(panel.title(lang, "kpi_list", note=listing.note(lang, len(found))))
        with st.container(key="filters", horizontal=True, vertical_alignment="bottom"):
            _draw(lang, _categories(lang, scope, tick, indicator, asked))
            filters.draw(lang, "kpi", PILLS, listing.kept(scope, "read/org_units", tick, {}))
            listing.downloads(
                lang,
                "kpi",
                f"{indicator.name}-{district['local_time']:%Y-%m-%d}",
                columns(indicator),
                lambda: data.read(scope, indicator.members, limit=listing.ROWS_IN_FILE, **wanted),
            )
        listing.table(lang, "kpi", columns(indicator), found)


def _change(
    lang: str, scope: Scope, tick: int, indicator: Indicator, asked: Params, whole: list[Row], tz: str
) -> str:
    """Since the district's base year, as HTML; nothing where there is none, or a period is asked about."""
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
    return kpi.change(lang, year, _total(then), _total(whole))


def _total(rows: list[Row]) -> tuple[int, int]:
    part, of_all = (sum(row[key] for row in rows) for key in ("numerator", "denominator"))
    return part, of_all


def _cards(lang: str, indicator: Indicator, whole: list[Row], change: str) -> list[Card]:
    part, of_all = _total(whole)
    formula = say(lang, "kpi.formula", formula=indicator.formula, version=indicator.version)
    rate = kpi.percent(part, of_all)
    note = f"{indicator.numerator[lang]} / {indicator.denominator[lang]}"
    return [
        Card(indicator.title[lang], rate, note, theme.GREEN, hint=formula, trend=change),
        Card(indicator.numerator[lang], f"{part:,}", say(lang, "kpi.is_numerator"), theme.BLUE),
        Card(say(lang, "side.rest"), f"{of_all - part:,}", say(lang, "kpi.is_rest"), theme.AMBER),
        Card(indicator.denominator[lang], f"{of_all:,}", say(lang, "kpi.is_denominator"), theme.BLUE),
    ]


def _categories(lang: str, scope: Scope, tick: int, indicator: Indicator, asked: Params) -> dict[str, str]:
    """What the indicator's categories are called, by code."""
    every = {**asked, "category": None, "by": "category", "depth": 0}
    rows = listing.kept(scope, indicator.by, tick - tick % 30, every, key="categories")
    return {row["key"]: name(lang, row) if row["name"] else row["key"] for row in rows}


def _draw(lang: str, categories: dict[str, str]) -> None:
    titles = {one.name: f"{one.title[lang]} · {one.formula}" for one in indicators()}
    st.selectbox(
        say(lang, "page.kpi"),
        list(titles),
        format_func=titles.__getitem__,
        key="kpi_kpi",
        width=240,
        on_change=_to_the_address,
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
            min_value=DAYS[0],
            max_value=DAYS[1],
            format="YYYY-MM-DD",
            key=f"kpi_{key}",
            width=165,
            on_change=_to_the_address,
        )


def _restore() -> None:
    asked, state = st.query_params, st.session_state
    names = [indicator.name for indicator in indicators()]
    state["kpi_kpi"] = asked["kpi"] if asked.get("kpi") in names else names[0]
    state["kpi_category"] = asked.get("category") or None
    for key in ("from", "to"):
        state[f"kpi_{key}"] = _day(asked.get(key, ""))


def _to_the_address() -> None:
    said: dict[str, Any] = {key: st.session_state[f"kpi_{key}"] for key in ASKED}
    others = {key: st.query_params.get_all(key) for key in st.query_params if key not in ASKED}
    st.query_params.from_dict({**others, **{key: str(value) for key, value in said.items() if value}})


def _indicator() -> Indicator:
    return next(one for one in indicators() if one.name == st.session_state["kpi_kpi"])


def _period(tz: ZoneInfo) -> Params:
    first, last = st.session_state["kpi_from"], st.session_state["kpi_to"]
    return {
        "since": first and datetime.combine(first, time.min, tz),
        "until": last and datetime.combine(last + timedelta(days=1), time.min, tz),
    }


def _counts(sides: list[str] | None) -> bool | None:
    return sides == ["numerator"] if sides and len(sides) == 1 else None


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if DAYS[0] <= day <= DAYS[1] else None
