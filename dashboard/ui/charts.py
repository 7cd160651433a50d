"""Plotly figures: fixed colours, no toolbar, the same figure for the same data."""

from datetime import datetime, timedelta
from typing import Any

import plotly.graph_objects as go

from dashboard.indicators import Indicator
from dashboard.ui import theme
from dashboard.ui.i18n import name, say
from dashboard.ui.kpi import percent
from db.connect import Row

CONFIG = {"displayModeBar": False, "staticPlot": True}

UNITS = 4
_ROOM = 50
"""Percent: a shorter bar has its label beside it, since it would stick out."""

LOOK: dict[str, Any] = {
    "paper_bgcolor": "rgba(0,0,0,0)",
    "plot_bgcolor": "rgba(0,0,0,0)",
    "font": {"family": theme.FONT, "size": 14, "color": theme.TEXT},
    "legend": {"orientation": "h", "x": 1, "xanchor": "right", "y": 1.02, "yanchor": "bottom"},
    "uirevision": "keep",
}

RatesByUnit = tuple[Indicator, list[Row]]


def lagging(rates: list[RatesByUnit], most: int = UNITS) -> list[RatesByUnit]:
    """The rates of `most` units at most, in their order: where there are more, of those in which the first
    rate is lowest; a unit with nothing to divide by lags behind nobody."""
    if not rates or len(rates[0][1]) <= most:
        return rates
    chosen = {row["path"] for row in sorted(rates[0][1], key=_rate)[:most]}
    return [(indicator, [row for row in rows if row["path"] in chosen]) for indicator, rows in rates]


def _rate(row: Row) -> float:
    return float(row["numerator"] / row["denominator"]) if row["denominator"] else 1.0


def rates_by_unit(lang: str, rates: list[RatesByUnit]) -> go.Figure:
    """A group of bars a unit, one for each KPI, labelled rate (numerator / denominator)."""
    figure = go.Figure([_bars(lang, number, rate) for number, rate in enumerate(rates)])
    figure.update_layout(
        barmode="group",
        bargap=0.24,
        bargroupgap=0.12,
        height=theme.CHART,
        margin={"l": 8, "r": 14, "t": 26, "b": 4},
        **LOOK,
    )
    figure.update_xaxes(range=[0, 100], showticklabels=False, gridcolor="#12305a", dtick=25, zeroline=False)
    figure.update_yaxes(autorange="reversed", automargin=True, ticksuffix="  ")
    return figure


def trend(lang: str, rates: list[RatesByUnit], since: datetime, days: int) -> go.Figure:
    """A line for each KPI over the days of its rows (of ``kpi_by``); behind them what was owed on each."""
    figure = go.Figure()
    if rates:
        on, owed = [row["key"] for row in rates[0][1]], [row["denominator"] for row in rates[0][1]]
        faint = {"color": "#1f6fd055", "line": {"width": 0}}
        figure.add_bar(x=on, y=owed, name=rates[0][0].denominator[lang], marker=faint, yaxis="y2")
    for number, (indicator, rows) in enumerate(rates):
        figure.add_scatter(
            x=[row["key"] for row in rows],
            y=[100 * _rate(row) for row in rows],
            name=indicator.title[lang],
            mode="lines+markers",
            line={"color": theme.SERIES[1 + number], "width": 2},
            marker={"size": 5},
        )
    figure.update_layout(
        **LOOK,
        height=theme.TREND,
        margin={"l": 8, "r": 8, "t": 24, "b": 24},
        yaxis={"range": [0, 104], "ticksuffix": "%", "gridcolor": "#12305a", "overlaying": "y2", "dtick": 25},
        yaxis2={"side": "right", "showgrid": False, "rangemode": "tozero", "nticks": 4},
    )
    half = timedelta(hours=12)
    shown = [f"{since - half:%Y-%m-%d %H:%M}", f"{since + timedelta(days=days) - half:%Y-%m-%d %H:%M}"]
    figure.update_xaxes(
        type="date", tickformat=say(lang, "date.axis"), gridcolor="#0d223f", nticks=8, range=shown
    )
    figure.update_yaxes(automargin=True, tickfont={"size": 12})
    return figure


def _bars(lang: str, number: int, rate: RatesByUnit) -> go.Bar:
    indicator, rows = rate
    figures = [(row["numerator"], row["denominator"]) for row in rows]
    values = [100 * part / whole if whole else 0 for part, whole in figures]
    return go.Bar(
        name=indicator.title[lang],
        orientation="h",
        y=[name(lang, row) for row in rows],
        x=values,
        text=[f"<b>{percent(part, whole)}</b>  {part:,} / {whole:,}" for part, whole in figures],
        textposition=["inside" if value >= _ROOM else "outside" for value in values],
        insidetextanchor="start",
        constraintext="none",
        insidetextfont={"color": "#04101f", "size": 14},
        outsidetextfont={"color": theme.TEXT, "size": 14},
        marker={"color": theme.SERIES[number % len(theme.SERIES)], "line": {"width": 0}},
    )
