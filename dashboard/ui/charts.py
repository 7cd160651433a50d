"""Plotly figures: fixed colours, no toolbar, the same figure for the same data."""

import plotly.graph_objects as go

from dashboard.indicators import Indicator
from dashboard.ui import theme
from dashboard.ui.i18n import name
from dashboard.ui.kpi import percent
from db.connect import Row

CONFIG = {"displayModeBar": False, "staticPlot": True}

UNITS = 4
_ROOM = 50
"""Percent: a shorter bar has its label beside it, since it would stick out."""

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
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"family": theme.FONT, "size": 14, "color": theme.TEXT},
        legend={"orientation": "h", "x": 1, "xanchor": "right", "y": 1.02, "yanchor": "bottom"},
        uirevision="keep",
    )
    figure.update_xaxes(range=[0, 100], showticklabels=False, gridcolor="#12305a", dtick=25, zeroline=False)
    figure.update_yaxes(autorange="reversed", automargin=True, ticksuffix="  ")
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
        insidetextfont={"color": "#04101f", "size": 12},
        outsidetextfont={"color": theme.TEXT, "size": 12},
        marker={"color": theme.SERIES[number % len(theme.SERIES)], "line": {"width": 0}},
    )
