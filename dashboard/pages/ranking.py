"""排行: people and units by what their work of a period comes to, level where nobody can tell them apart; the
dossier of a worker who is picked."""

import functools
from datetime import date

import streamlit as st

from dashboard import data, dossier, filters, listing, periods, score_desk, track_look
from dashboard.data import Picture
from dashboard.filters import Choice, Filters, Options, Params
from dashboard.ui import header, kpi, panel, score_charts, score_tables, scores, theme
from dashboard.ui.i18n import language, name, say
from dashboard.ui.tables import Column, of
from db.connect import Row, Scope
from ingest.domain.period import Period, period_of
from ingest.domain.scoring import INDICATORS

TITLE = "page.ranking"
ICON = "🏆"
SECTION = "section.work"
ORDER = 40

LEVELS = ("worker", "grid", "section", "squadron", "station")
SPANS = (periods.USUAL, *(span for span in periods.SPANS if span != periods.USUAL))
FILTERS: Filters = (
    Choice("level", LEVELS, width=150),
    Choice("span", SPANS, width=120),
    Choice("begins", width=220, empty="ranking.this_one"),
)
TABLE = theme.LIST - score_charts.HEIGHT - 8
PERIODS = 60
"""Earlier periods that can be chosen; any other by the address."""
SLOW_TICKS = 15
"""Scores are read this often: they are counted once a minute at most."""


def render() -> None:
    """The address says whether it is the list, or a worker's dossier."""
    if worker := dossier.asked():
        dossier.show(worker)
    else:
        track_look.over()
        filters.restore("ranking", FILTERS)
        with st.container(key="page"):
            _live(language(st.query_params.get("lang"), st.context.locale))


@st.fragment(run_every=listing.REFRESH_TICKS * data.TICK_S)
def _live(lang: str) -> None:
    picture = data.look()
    if not isinstance(picture, Picture):
        st.html(panel.notice(*header.state(lang, picture)))
        return
    scope, tick = picture.scope, data.tick() - data.tick() % listing.REFRESH_TICKS
    slow, today = tick - tick % SLOW_TICKS, picture.one("district")["local_time"].date()
    chosen = filters.chosen("ranking", FILTERS)
    period, level = _period(chosen, today), chosen["level"][0]
    wanted = {**chosen, "level": level, **periods.params(period)}
    found = listing.kept(scope, "read/scores", slow, {"limit": listing.ROWS + 1, **wanted})
    counted = {key: wanted[key] for key in ("unit", "level", "span", "begins")}
    summary = listing.kept(scope, "read/scores_summary", slow, {"limit": 1, **counted})
    with st.container(key="cards"):
        st.html(kpi.cards(scores.cards(lang, period, summary)))
    with st.container(key="list"):
        st.html(panel.title(lang, "ranking_list", note=listing.note(lang, len(found))))
        _explain(lang, scope, slow, period)
        with st.container(key="filters", horizontal=True, vertical_alignment="bottom"):
            units = listing.kept(scope, "read/org_units", tick, {})
            filters.draw(lang, "ranking", FILTERS, units, _options(lang, scope, slow, period, today))
            listing.downloads(
                lang,
                scope,
                "ranking",
                f"ranking-{level}-{period.span}-{period.begins}",
                _columns(level),
                lambda: data.read(scope, "read/scores", limit=listing.ROWS_IN_FILE, **wanted),
                wanted,
            )
        if found:
            figure = score_charts.bars(lang, found)
            st.plotly_chart(figure, theme=None, config=score_charts.CONFIG, key="ranking_bars")
        if level == "worker":
            _workers(lang, found)
        else:
            _units(lang, scope, period, found)


def _workers(lang: str, found: list[Row]) -> None:
    ids = [row["subject"] for row in found[: listing.ROWS]]
    _table(lang, "worker", found, functools.partial(dossier.pick, "ranking_table", ids))
    if dossier.asked():
        st.rerun()


def _units(lang: str, scope: Scope, period: Period, found: list[Row]) -> None:
    left, right = st.columns([7, 3])
    with left:
        ids = [row["subject"] for row in found[: listing.ROWS]]
        _table(lang, "unit", found, functools.partial(filters.pick, "ranking_table", ids))
    with right, st.container(key="beside", height=TABLE):
        picked = next((row for row in found if row["subject"] == filters.picked()), None)
        score_desk.draw(lang, scope, period, picked)


def _table(lang: str, level: str, found: list[Row], pick: functools.partial[None]) -> None:
    options = {"height": TABLE, "on_select": pick, "selection_mode": "single-row"}
    listing.table(lang, "ranking", _columns(level), found, **options)


def _period(chosen: Params, today: date) -> Period:
    return periods.asked({key: chosen[key][0] for key in ("span", "begins") if chosen[key]}, today)


def _options(lang: str, scope: Scope, slow: int, period: Period, today: date) -> Options:
    asked = {"span": period.span.value, "limit": PERIODS}
    counted = [row["begins"] for row in listing.kept(scope, "read/score_periods", slow, asked)]
    this = period_of(today, period.span)
    earlier = [Period(period.span, begins) for begins in counted if begins < this.begins]
    return {
        "level": {level: say(lang, f"level_of.{level}") for level in LEVELS},
        "span": {code: say(lang, f"span.{code}") for code in periods.SPANS},
        "begins": {one.begins.isoformat(): _named(lang, one, periods.before(this)) for one in earlier},
    }


def _named(lang: str, period: Period, last: Period) -> str:
    label = periods.label(lang, period)
    return say(lang, "ranking.last_one", period=label) if period == last else label


def _explain(lang: str, scope: Scope, slow: int, period: Period) -> None:
    """How points are made, to be opened."""
    rows = listing.kept(scope, "read/score_weights", slow, {"begins": period.begins})
    with (
        st.container(key="ways", horizontal=True, width="content"),
        st.popover(say(lang, "explain.open"), icon=":material/balance:", width="content"),
    ):
        st.html(score_tables.weights(lang, rows, period.begins))


def _indicator(code: str) -> Column:
    return Column(f"score_{code}", lambda lang, row: scores.rate(scores.part_of(row, code)), width=122)


def _columns(level: str) -> tuple[Column, ...]:
    who = "worker" if level == "worker" else "org_unit"
    where = (
        (Column("grid", lambda lang, row: name(lang, row, "unit_"), width=110),) if level == "worker" else ()
    )
    return (
        Column("place", scores.sortable_place, width=118),
        Column(who, lambda lang, row: name(lang, row), width=110),
        *where,
        Column("station", lambda lang, row: name(lang, row, "station_"), width=110),
        Column("points", lambda lang, row: _tenths(row["points"]), "number"),
        Column("interval", lambda lang, row: scores.interval(row), width=104),
        Column("change", lambda lang, row: _tenths(row["change"]), "number"),
        *map(_indicator, INDICATORS),
        Column("left_out", lambda lang, row: scores.left_out(lang, row["left_out"]), width=120),
        Column("gaming", lambda lang, row: scores.gaming(lang, row["gaming"]), width=120),
        Column("id", of("subject"), width=90),
    )


def _tenths(value: float | None) -> float | None:
    return None if value is None else round(value, 1)
