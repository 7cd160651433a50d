"""`gridward kpi`: an indicator's two figures and their value, or a time's quantiles, by unit and period."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

import msgspec
import psycopg

from dashboard.indicators import Indicator, base_end, find, indicators, points_between
from dashboard.timings import Timing, timings
from db.connect import DASHBOARD, Row, Scope, connect, enter, fetch
from ingest.contract.errors import ConfigError, RetryLater
from up.kpi_time import TimeAnswer, TimeFigure, figures, meaning
from up.kpi_time import answer as time_answer


class By(StrEnum):
    """What a figure can be told apart by."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    UNIT = "unit"
    CATEGORY = "category"
    """Of a time, the severity."""
    LEVEL = "level"
    """Of a time only: the org level to which its incidents had to go."""


class Asked(msgspec.Struct, frozen=True):
    """Whose figures: of an org unit (None: the whole district) from a day to another, both included, in the
    district's time (None: from the beginning, until now)."""

    unit: str | None = None
    first: date | None = None
    last: date | None = None
    by: By | None = None


class Figure(msgspec.Struct, frozen=True):
    """Two counts, and the value that they make: percent, or null where there is nothing to divide by."""

    key: str | None
    name: str | None
    name_en: str | None
    numerator: int
    denominator: int
    value: float | None


class Base(msgspec.Struct, frozen=True):
    """The same at the end of the district's base year, and by how many points the value has changed since;
    null where there was nothing to divide by."""

    year: int
    numerator: int
    denominator: int
    value: float | None
    change: float | None


class Answer(msgspec.Struct, frozen=True):
    """An indicator as it was asked for, with the whole and, if told apart by something, its parts."""

    name: str
    title: Mapping[str, str]
    formula: str
    version: str
    unit: str
    numerator_name: Mapping[str, str]
    denominator_name: Mapping[str, str]
    district: int
    path: str
    first: date | None = msgspec.field(name="from")
    last: date | None = msgspec.field(name="to")
    by: str | None
    numerator: int
    denominator: int
    value: float | None
    base: Base | None
    """Null where the district names no base year, or a period is asked about."""
    rows: list[Figure]


def measure(url: str, districts: Sequence[int], name: str | None, asked: Asked) -> list[Answer | TimeAnswer]:
    """The indicator `name`, or each that there is, the times last, from the database at `url`.

    `districts` are those that the house is for (empty: all that are registered); the unit says which one,
    else it is the first. Raises ConfigError for a name, a unit or a period that there is not, RetryLater
    before a district is imported, psycopg.Error while the database is away.
    """
    if asked.first and asked.last and asked.first > asked.last:
        raise ConfigError(f"--from {asked.first} is after --to {asked.last}")
    with connect(url, DASHBOARD) as conn:
        enter(conn, Scope(0, "0"))
        district = _district(asked.unit, districts) or fetch(conn, "read/first_district")[0]["district"]
        if district is None:
            raise RetryLater("no district is imported yet (`gridward import DIR`)")
        enter(conn, Scope(district, str(district)))
        path = asked.unit or str(district)
        units = fetch(conn, "read/unit", {"unit": path})
        if not units:
            raise ConfigError(f"there is no unit {path!r}")
        choices = {row["indicator"]: row for row in fetch(conn, "read/kpi_choices")}
        formulas = {indicator: row["formula"] for indicator, row in choices.items() if row["formula"]}
        years = {indicator: row["base_year"] for indicator, row in choices.items()}
        return [_answer(conn, one, units[0], asked, years) for one in _named(name, formulas)]


def by_kind(answers: Sequence[Answer | TimeAnswer]) -> dict[str, list[Answer | TimeAnswer]]:
    """The rates as ``indicators``, the times as ``times``."""
    return {
        "indicators": [one for one in answers if isinstance(one, Answer)],
        "times": [one for one in answers if isinstance(one, TimeAnswer)],
    }


def line(answer: Answer | TimeAnswer) -> str:
    """One indicator for people: its name, its figures, its formula."""
    if isinstance(answer, TimeAnswer):
        return f"{answer.name:<26}{figures(answer)}  {answer.title['zh']}  {meaning(answer)}"
    said = f"{answer.numerator_name['en']} / {answer.denominator_name['en']}"
    name = f"{answer.name:<26}{_figures(answer)}  {answer.title['zh']}"
    base, since = answer.base, ""
    if base and base.change is not None:
        since = f"  since {base.year}: {base.change:+.2f} points"
    return f"{name}  {said} ({answer.formula} {answer.version}){since}"


def parts(answer: Answer | TimeAnswer) -> str:
    """One indicator and its parts, a line each."""
    rows = [f"{row.key or '':<26}{_figures(row)}  {row.name or ''}".rstrip() for row in answer.rows]
    return "\n".join([*rows, line(answer)])


def _named(name: str | None, choices: Mapping[str, str]) -> Sequence[Indicator | Timing]:
    if name is None:
        return [*indicators(), *timings()]
    times = {timing.name: timing for timing in timings()}
    found = times.get(name) or find(name, choices)
    if found is None:
        names = ", ".join(dict.fromkeys([*(each.indicator for each in indicators()), *times]))
        raise ConfigError(f"there is no indicator {name!r}; there are {names}")
    return [found]


def _answer(
    conn: psycopg.Connection[Row],
    indicator: Indicator | Timing,
    unit: Row,
    asked: Asked,
    base_years: Mapping[str, int | None],
) -> Answer | TimeAnswer:
    tz = ZoneInfo(unit["tz"])
    params = {
        "unit": unit["path"],
        "depth": unit["depth"] + 1,
        "by": asked.by,
        "category": None,
        "since": asked.first and _begin(asked.first, tz),
        "until": _begin(asked.last + timedelta(days=1), tz) if asked.last and asked.last < date.max else None,
    }
    told = {"district": int(unit["path"][:6]), "path": unit["path"], "first": asked.first, "last": asked.last}
    if isinstance(indicator, Timing):
        return time_answer(conn, indicator, params, **told)
    if asked.by is By.LEVEL:
        raise ConfigError(f"--by level is for times: {', '.join(timing.name for timing in timings())}")
    rows = [
        Figure(**row, value=_percent(row["numerator"], row["denominator"]))
        for row in fetch(conn, indicator.by, params)
    ]
    numerator, denominator = sum(row.numerator for row in rows), sum(row.denominator for row in rows)
    return Answer(
        name=indicator.name,
        title=indicator.title,
        formula=indicator.formula,
        version=indicator.version,
        unit=indicator.unit,
        numerator_name=indicator.numerator,
        denominator_name=indicator.denominator,
        **told,
        by=asked.by,
        numerator=numerator,
        denominator=denominator,
        value=_percent(numerator, denominator),
        base=_base(
            conn, indicator, params, base_years.get(indicator.indicator), tz, (numerator, denominator)
        ),
        rows=rows if asked.by else [],
    )


def _base(
    conn: psycopg.Connection[Row],
    indicator: Indicator,
    params: Row,
    year: int | None,
    tz: ZoneInfo,
    now: tuple[int, int],
) -> Base | None:
    if year is None or params["since"]:
        return None
    end = base_end(year, tz)
    if params["until"] and params["until"] < end:
        return None
    rows = fetch(conn, indicator.by, params | {"by": None, "until": end})
    then = sum(row["numerator"] for row in rows), sum(row["denominator"] for row in rows)
    change = points_between(then, now)
    return Base(year, *then, _percent(*then), None if change is None else round(change, 2))


def _district(unit: str | None, districts: Sequence[int]) -> int | None:
    if unit is None:
        return next(iter(districts), None)
    if not (unit[:6].isdecimal() and unit.isascii() and (not districts or int(unit[:6]) in districts)):
        raise ConfigError(f"there is no unit {unit!r}")
    return int(unit[:6])


def _begin(day: date, tz: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, tz)


def _percent(numerator: int, denominator: int) -> float | None:
    return round(100 * numerator / denominator, 2) if denominator else None


def _figures(of: Answer | TimeAnswer | Figure | TimeFigure) -> str:
    if isinstance(of, TimeAnswer | TimeFigure):
        return figures(of)
    value = "-" if of.value is None else f"{of.value:.2f} %"
    return f"{of.numerator:>9,} / {of.denominator:>9,} {value:>9}"
