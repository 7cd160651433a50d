"""The month report of a station as a PDF."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from reportlab.lib.units import mm
from reportlab.platypus import CondPageBreak, Flowable, PageBreak, Spacer

from dashboard.report import figures
from dashboard.report.month import Day, Month
from dashboard.report.paper import bind, table, text
from dashboard.report.standing import (
    DASH,
    between,
    change,
    indicator_row,
    percent,
    person,
    place,
    rate,
    rate_of,
    standing,
    word,
)
from dashboard.ui.i18n import moment, name, say
from db.connect import Row
from ingest.domain.scoring import INDICATORS


def pdf(lang: str, month: Month) -> bytes:
    """The report in a language, zh or en."""
    head = f"{name(lang, month.head, 'district_')} · {name(lang, month.head)} · {called(lang, month.first)}"
    parts = (_top, _score, _tasks, _units, _workers, _events, _how)
    story = [flowable for part in parts for flowable in part(lang, month)]
    return bind(lang, f"{word(lang, 'title')} · {head}", head, word(lang, "page", n="{n}"), story)


def called(lang: str, first: date) -> str:
    """A month's name."""
    return word(lang, "month", year=f"{first:%Y}", month=f"{first:%m}")


def _top(lang: str, month: Month) -> Iterator[Flowable]:
    yield text(f"{name(lang, month.head)} · {called(lang, month.first)}", "title")
    at = {key: moment(lang, month.head[key]) if month.head[key] else DASH for key in _TIMES}
    yield text(f"{name(lang, month.head, 'district_')} · {word(lang, 'times', **at)}", "note")
    if month.head["running"]:
        yield text(word(lang, "running"), "note")


_TIMES = ("local_time", "counted")


def _score(lang: str, month: Month) -> Iterator[Flowable]:
    station = month.station
    yield text(word(lang, "score"), "heading")
    if station["points"] is None:
        yield text(word(lang, "too_little"))
    else:
        said = {"points": f"{station['points']:.1f}", "between": between(station), "place": place(station)}
        yield text(word(lang, "stands", **said, change=change(station)))
        yield figures.interval(station["points"], station["low"], station["high"], width=100 * mm)
        yield Spacer(1, 2 * mm)
    if station["parts"]:
        heads = ("indicator", "n", "k", "rate", "adjusted", "interval", "weight")
        rows = [indicator_row(lang, part) for part in station["parts"]]
        yield table([word(lang, f"of_{key}") for key in heads], rows, (22, 9, 9, 10, 11, 17, 22), range(1, 6))
        yield Spacer(1, 2 * mm)
    for key in ("left_out", "gaming"):
        if counts := {code: n for code, n in (station[key] or {}).items() if n}:
            shown = [f"{word(lang, f'{key}_{code}')} {n:,}" for code, n in counts.items()]
            yield text(word(lang, key, listed=word(lang, "comma").join(shown)))
    if traits := station["traits"]:
        told = {"load": f"{traits['load']:,.0f}", "area": f"{traits['area_km2']:,.1f}"}
        yield text(word(lang, "traits", **told, risk=percent(traits["high_risk"])))


def _tasks(lang: str, month: Month) -> Iterator[Flowable]:
    yield text(word(lang, "tasks"), "heading")
    owed, closed, on_time = (sum(getattr(day, key) for day in month.days) for key in Day._fields[1:])
    counts = {"owed": f"{owed:,}", "closed": f"{closed:,}", "on_time": f"{on_time:,}"}
    rates = {"closure": rate(closed, owed), "in_time": rate(on_time, owed)}
    yield text(word(lang, "tasks_told", **counts, **rates))
    if owed:
        yield figures.days(month.days, [word(lang, f"tasks_{key}") for key in Day._fields[1:]])
        yield CondPageBreak(40 * mm)
        yield text(word(lang, "categories"), "heading")
        yield figures.rates(
            [(_category(lang, row), row["numerator"], row["denominator"]) for row in month.categories]
        )


def _units(lang: str, month: Month) -> Iterator[Flowable]:
    yield CondPageBreak(40 * mm)
    yield text(word(lang, "units"), "heading")
    heads = [*(word(lang, f"of_{key}") for key in ("unit", "points")), "0 – 100"]
    heads += [word(lang, f"of_{key}") for key in ("place", "change")]
    heads += [word(lang, f"indicator_{one}") for one in ("on_time", "closure", "truth")]
    rows: list[list[Any]] = [
        [
            f"{'· ' * (row['depth'] - month.units[0]['depth'])}{name(lang, row)}",
            *standing(row),
            *(rate_of(row, one) for one in ("on_time", "closure", "truth")),
        ]
        for row in month.units
    ]
    yield table(heads, rows, (23, 10, 26, 15, 12, 12, 12, 12), (1, 3, 4, 5, 6, 7))


def _workers(lang: str, month: Month) -> Iterator[Flowable]:
    ranked = [row for row in month.workers if row["points"] is not None]
    others = [row for row in month.workers if row["points"] is None]
    yield CondPageBreak(50 * mm)
    yield text(word(lang, "workers"), "heading")
    if ranked:
        yield text(word(lang, "level_with"), "note")
        heads = [word(lang, f"of_{key}") for key in ("place", "worker", "unit", "points")]
        heads += ["0 – 100", *(word(lang, f"of_{key}") for key in ("interval", "change"))]
        rows = [
            [
                place(row),
                person(lang, row),
                name(lang, row, "unit_"),
                *standing(row)[:2],
                between(row),
                change(row),
            ]
            for row in ranked
        ]
        yield table(heads, rows, (13, 27, 22, 10, 26, 18, 11), (0, 3, 5, 6))
    if others:
        yield Spacer(1, 2 * mm)
        yield text(word(lang, "unranked", n=f"{len(others):,}"))
        yield text(word(lang, "comma").join(person(lang, row) for row in others), "note")
    if not month.workers:
        yield text(word(lang, "nobody"))


def _events(lang: str, month: Month) -> Iterator[Flowable]:
    yield CondPageBreak(60 * mm)
    yield text(word(lang, "incidents"), "heading")
    yield _counted(lang, month.incidents, "severity", _INCIDENTS)
    yield CondPageBreak(60 * mm)
    yield text(word(lang, "clues"), "heading")
    yield _counted(lang, month.clues, "clue", ("n", "major", "red"))
    yield text(word(lang, "visits"), "heading")
    yield text(word(lang, "visits_told", **{key: f"{n:,}" for key, n in month.visits.items()}))


_INCIDENTS = ("n", "hazards", "resolved", "false_alarms", "passed", "still_open", "escalated")


def _how(lang: str, month: Month) -> Iterator[Flowable]:
    yield PageBreak()
    yield text(word(lang, "how"), "heading")
    for number in range(1, 5):
        yield text(word(lang, f"how_{number}"))
    heads = [word(lang, f"of_{key}") for key in ("indicator", "n_means", "k_means")]
    rows = [[word(lang, f"{part}_{one}") for part in ("indicator", "n", "k")] for one in INDICATORS]
    yield table(heads, rows, (20, 42, 42))
    yield Spacer(1, 3 * mm)
    for number in range(5, 9):
        yield text(word(lang, f"how_{number}"))


def _counted(lang: str, rows: Sequence[Row], prefix: str, columns: Sequence[str]) -> Flowable:
    """Counts by code, and what they add up to."""
    heads = ["", *(word(lang, f"count_{key}") for key in columns)]
    shown = [[say(lang, f"{prefix}.{row['code']}"), *(f"{row[key]:,}" for key in columns)] for row in rows]
    total = [word(lang, "total"), *(f"{sum(row[key] for row in rows):,}" for key in columns)]
    return table(heads, [*shown, total], (20, *(14 for _ in columns)), range(1, len(heads)))


def _category(lang: str, row: Row) -> str:
    return name(lang, row) if row["name"] else str(row["key"])
