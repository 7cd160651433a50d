"""Scores as Plotly figures: bars with their intervals, a calendar of days, and weeks against peers."""

from datetime import date, timedelta
from typing import Any

import plotly.graph_objects as go

from dashboard.ui import scores, theme
from dashboard.ui.charts import LOOK
from dashboard.ui.i18n import day, name, say
from db.connect import Row

CONFIG = {"displayModeBar": False}
BARS, NAMED = 120, 22
"""Bars that are drawn at most, and with so many their names still have room."""
HEIGHT, CALENDAR, HISTORY = 150, 330, 340

_GRID, _BAND = "#12305a", "rgba(42,168,255,0.16)"
_FAINT, _NOTHING = "#1d4a80", "#0b1f3d"


def bars(lang: str, rows: list[Row]) -> go.Figure:
    """The points of the rows of ``read/scores`` in their order, each with its interval."""
    ranked = [row for row in rows if row["points"] is not None]
    shown = ranked[:BARS]
    names = [name(lang, row) for row in shown]
    values = [row["points"] for row in shown]
    told = [
        say(lang, "ranking.bar", name=who, place=scores.place(lang, row), interval=scores.interval(row))
        for who, row in zip(names, shown, strict=True)
    ]
    figure = go.Figure(
        go.Bar(
            x=list(range(len(shown))),
            y=values,
            error_y=_interval(shown, "#e8f2ff"),
            marker={"color": theme.BLUE, "line": {"width": 0}},
            width=0.62 if len(shown) >= NAMED else 0.62 * len(shown) / NAMED,
            hovertext=told,
            hovertemplate="%{hovertext}<extra>%{y:.1f}</extra>",
        )
    )
    figure.update_layout(**LOOK, height=HEIGHT, margin={"l": 8, "r": 8, "t": 8, "b": 4}, dragmode=False)
    few = len(shown) <= NAMED
    figure.update_xaxes(
        tickvals=list(range(len(shown))) if few else [], ticktext=names if few else [], showgrid=False
    )
    figure.update_xaxes(range=[-0.6, max(len(shown), 1) - 0.4], zeroline=False, tickangle=0, automargin=True)
    figure.update_yaxes(range=[0, 104], dtick=50, gridcolor=_GRID, automargin=True, zeroline=False)
    if len(ranked) > BARS:
        said = say(lang, "ranking.first_bars", n=BARS)
        figure.add_annotation(
            text=said, x=1, y=1, xref="paper", yref="paper", showarrow=False, font={"size": 12}
        )
    return figure


def calendar(lang: str, rows: list[Row], chosen: date) -> go.Figure:
    """A cell a day of the rows of ``read/score_days``, a column a week: lit by its points, faint where there
    were visits and too little for points; in it how many visits."""
    inks = [theme.MUTED if row["points"] is None else "#04101f" for row in rows]
    figure = go.Figure(
        go.Scatter(
            x=[_week(rows, row["day"]) for row in rows],
            y=[row["day"].weekday() for row in rows],
            customdata=[row["day"].isoformat() for row in rows],
            mode="markers+text",
            text=[str(row["visits"]) if row["visits"] else "" for row in rows],
            textfont={"size": 12, "color": inks},
            marker={
                "symbol": "square",
                "size": 33,
                "color": [_shade(row) for row in rows],
                "line": {
                    "width": [3 if row["day"] == chosen else 0 for row in rows],
                    "color": "#ffffff",
                },
            },
            selected={"marker": {"opacity": 1}},
            unselected={"marker": {"opacity": 1}},
            hovertext=[_day_told(lang, row) for row in rows],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    )
    mondays = sorted({row["day"] - timedelta(days=row["day"].weekday()) for row in rows})
    figure.update_layout(
        **{**LOOK, "font": {**LOOK["font"], "size": 12}},
        height=CALENDAR,
        margin={"l": 8, "r": 8, "t": 4, "b": 4},
        dragmode=False,
        clickmode="event+select",
        showlegend=False,
    )
    figure.update_xaxes(
        tickvals=list(range(len(mondays))),
        ticktext=[day(lang, monday, year=False) for monday in mondays],
        showgrid=False,
        zeroline=False,
        range=[-0.6, len(mondays) - 0.4],
    )
    figure.update_yaxes(
        tickvals=list(range(7)),
        ticktext=say(lang, "weekdays_short").split(),
        range=[6.6, -0.6],
        showgrid=False,
    )
    figure.update_yaxes(zeroline=False, automargin=True)
    return figure


def history(lang: str, rows: list[Row], peers: list[Row]) -> go.Figure:
    """The points of a worker's weeks with their intervals, before the middle half and the middle of their
    peers; from the rows of ``read/score_history`` and ``read/score_peers``."""
    weeks = [row["begins"] for row in peers]
    edge: dict[str, Any] = {"x": weeks, "mode": "lines", "line": {"width": 0}, "hoverinfo": "skip"}
    figure = go.Figure()
    figure.add_scatter(**edge, y=[row["quarter"] for row in peers], showlegend=False)
    band = {"fill": "tonexty", "fillcolor": _BAND, "name": say(lang, "history.half")}
    figure.add_scatter(**edge, y=[row["three_quarters"] for row in peers], **band)
    figure.add_scatter(
        x=weeks,
        y=[row["middle"] for row in peers],
        name=say(lang, "history.middle"),
        mode="lines",
        line={"color": theme.BLUE, "width": 1, "dash": "dot"},
        hovertemplate="%{y:.1f}",
    )
    figure.add_scatter(
        x=[row["begins"] for row in rows],
        y=[row["points"] for row in rows],
        error_y=_interval(rows, "rgba(53,224,161,0.55)"),
        name=say(lang, "history.own"),
        mode="lines+markers",
        line={"color": theme.GREEN, "width": 2},
        hovertemplate="%{y:.1f}",
    )
    figure.update_layout(**LOOK, height=HISTORY, margin={"l": 8, "r": 12, "t": 26, "b": 4}, dragmode=False)
    figure.update_xaxes(type="date", tickformat=say(lang, "date.axis"), gridcolor="#0d223f", nticks=8)
    figure.update_yaxes(range=[0, 104], dtick=25, gridcolor=_GRID, automargin=True, tickfont={"size": 12})
    return figure


def _interval(rows: list[Row], colour: str) -> dict[str, Any]:
    """Plotly's error bars from `low` to `high`."""
    known = [row["points"] is not None for row in rows]
    over = [row["high"] - row["points"] if there else None for row, there in zip(rows, known, strict=True)]
    under = [row["points"] - row["low"] if there else None for row, there in zip(rows, known, strict=True)]
    return {
        "symmetric": False,
        "array": over,
        "arrayminus": under,
        "color": colour,
        "thickness": 1.5,
        "width": 3,
    }


def _week(rows: list[Row], day: date) -> int:
    return int((day - rows[0]["day"]).days // 7)


def _shade(row: Row) -> str:
    """The day's colour: by its points from red through amber to green."""
    if row["points"] is None:
        return _FAINT if row["visits"] else _NOTHING
    share = min(max(row["points"] / 100, 0.0), 1.0)
    low, high = (theme.RED, theme.AMBER) if share < 0.5 else (theme.AMBER, theme.GREEN)
    within = share * 2 % 1 if share < 1 else 1.0
    mixed = [
        round(a + (b - a) * within) for a, b in zip(theme.rgba(low)[:3], theme.rgba(high)[:3], strict=True)
    ]
    return f"rgb({mixed[0]},{mixed[1]},{mixed[2]})"


def _day_told(lang: str, row: Row) -> str:
    return say(
        lang,
        "calendar.day",
        day=row["day"].isoformat(),
        points=scores.points(row["points"]),
        visits=row["visits"],
        doubted=row["doubted"],
    )
