"""`gridward kpi` for a time: half of the incidents took no longer than p50, 95 of 100 no longer than p95."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec
import psycopg

from dashboard.timings import Timing, clock
from db.connect import Row, fetch


class TimeFigure(msgspec.Struct, frozen=True):
    """The quantiles of some incidents, in seconds, null where there are none; of how many they are, and how
    many still wait."""

    key: str | None
    name: str | None
    name_en: str | None
    n: int
    waiting: int
    p50_s: float | None
    p95_s: float | None


class TimeAnswer(msgspec.Struct, frozen=True):
    """A time as it was asked for, with the whole and, if told apart by something, its parts."""

    name: str
    title: Mapping[str, str]
    formula: str
    version: str
    unit: str
    waiting_name: Mapping[str, str]
    district: int
    path: str
    first: date | None = msgspec.field(name="from")
    last: date | None = msgspec.field(name="to")
    by: str | None
    n: int
    waiting: int
    p50_s: float | None
    p95_s: float | None
    rows: list[TimeFigure]


def answer(
    conn: psycopg.Connection[Row], timing: Timing, asked: Mapping[str, Any], **told: Any
) -> TimeAnswer:
    """The time, by the parameters of its query; `told` is what the answer repeats of the question."""
    (row,) = fetch(conn, timing.by, {**asked, "by": None}) or [_NONE]
    whole = {key: _rounded(row[key]) for key in _NONE}
    parts = fetch(conn, timing.by, asked) if asked["by"] else []
    rows = [TimeFigure(**{key: _rounded(value) for key, value in row.items()}) for row in parts]
    return TimeAnswer(
        name=timing.name,
        title=timing.title,
        formula=timing.formula,
        version=timing.version,
        unit=timing.unit,
        waiting_name=timing.waiting,
        by=asked["by"],
        rows=rows,
        **whole,
        **told,
    )


def figures(of: TimeAnswer | TimeFigure) -> str:
    """A time's figures for people: how many, the two quantiles, how many wait."""
    return f"{of.n:>9,} {clock(of.p50_s):>11} {clock(of.p95_s):>9} {of.waiting:>9,}"


def meaning(answer: TimeAnswer) -> str:
    """What these figures are."""
    return f"counted, p50, p95, {answer.waiting_name['en']} ({answer.formula} {answer.version})"


_NONE: Row = {"n": 0, "waiting": 0, "p50_s": None, "p95_s": None}


def _rounded(value: Any) -> Any:
    return round(value, 1) if isinstance(value, float) else value
