"""Scores in words: places, intervals, rates, what was left out and what looks like gaming; as cards."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from html import escape
from typing import Any

from dashboard import periods
from dashboard.ui import theme
from dashboard.ui.i18n import moment, say
from dashboard.ui.kpi import Card
from db.connect import Row
from ingest.domain.period import Period
from ingest.domain.scoring import GAMING, LEFT_OUT


def place(lang: str, row: Row) -> str:
    """The places that it may have, as far apart as they are: those level with each other share them."""
    if row["points"] is None:
        return say(lang, "ranking.too_little")
    first, last = row["first"], row["last"]
    return f"{first:,}" if first == last else f"{first:,}–{last:,}"


def sortable_place(lang: str, row: Row) -> str:
    """The same as wide as the last place, so that places sort as numbers do."""
    shown, first = place(lang, row), row["first"]
    return shown if first is None else " " * (len(f"{row['peers']:,}") - len(f"{first:,}")) + shown


def interval(row: Row) -> str:
    """Between which points it lies with 95 %."""
    return "—" if row["points"] is None else f"{row['low']:.1f}–{row['high']:.1f}"


def points(value: float | None) -> str:
    return "—" if value is None else f"{value:.1f}"


def rate(part: Mapping[str, Any]) -> str:
    """``91.7% 11/12``; it sorts as it reads, since the percentages are of one width."""
    if not part["n"]:
        return "—"
    return f"{100 * part['k'] / part['n']:>5.1f}%  {part['k']:,}/{part['n']:,}"


def part_of(row: Row, indicator: str) -> Mapping[str, Any]:
    """What an indicator said; one of no items where it said nothing."""
    found = (part for part in row["parts"] if part["indicator"] == indicator)
    return next(found, {"indicator": indicator, "n": 0, "k": 0})


def left_out(lang: str, amounts: Mapping[str, int]) -> str:
    """``2 suspended, 1 appealed``: what there is any of."""
    return _joined(lang, [(f"left_out.{code}", amounts.get(code)) for code in LEFT_OUT])


def gaming(lang: str, amounts: Mapping[str, int]) -> str:
    """``1 held late, 2 split``: what there is any of."""
    return _joined(lang, [(f"gaming.{code}", amounts.get(code)) for code in GAMING])


def _joined(lang: str, amounts: list[tuple[str, int | None]]) -> str:
    return (", " if lang == "en" else "、").join(say(lang, key, n=f"{n:,}") for key, n in amounts if n)


def cards(lang: str, period: Period, rows: list[Row]) -> list[Card]:
    """The cards above a ranking, from the row of ``read/scores_summary``."""
    if not rows:
        return [_period(lang, period, None)]
    row = rows[0]
    low, middle, high = row["quarters"] or (None, None, None)
    amounts = {code: row[code] or 0 for code in (*LEFT_OUT, *GAMING)}
    too_few = say(lang, "ranking.too_few", n=f"{row['whole'] - row['ranked']:,}")
    half = say(lang, "ranking.half" if row["ranked"] else "score.none", low=points(low), high=points(high))
    level = say(lang, "ranking.level")
    return [
        _period(lang, period, row["counted"]),
        _card(lang, "ranking.ranked", f"{row['ranked']:,}", too_few, theme.BLUE, f"{row['whole']:,}"),
        _card(lang, "ranking.middle", points(middle), half, theme.GREEN),
        _card(lang, "ranking.may_be_first", f"{row['may_be_first']:,}", level, theme.VIOLET),
        *_amounts(lang, amounts),
    ]


def worker_cards(lang: str, period: Period, row: Row) -> list[Card]:
    """The cards above a worker's dossier, from the row of ``read/score_card``."""
    if row["counted"] is None:
        return [_period(lang, period, None)]
    colour = theme.GREY if row["points"] is None else theme.GREEN
    change = "—" if row["change"] is None else f"{row['change']:+.1f}"
    within = say(lang, "ranking.interval", low_high=interval(row))
    return [
        _period(lang, period, row["counted"]),
        _card(lang, "column.points", points(row["points"]), within, colour),
        _place(lang, row),
        _card(lang, "column.change", change, say(lang, "ranking.before"), theme.BLUE),
        *_amounts(lang, row["left_out"] | row["gaming"]),
    ]


def _period(lang: str, period: Period, counted_at: datetime | None) -> Card:
    if counted_at is None:
        note, colour = say(lang, "ranking.not_counted"), theme.GREY
    else:
        note, colour = say(lang, "ranking.counted", at=moment(lang, counted_at)), theme.BLUE
    value = f'<b class="gw-day">{escape(periods.label(lang, period))}</b>'
    return _card(lang, f"span.{period.span}", value, note, colour)


def _place(lang: str, row: Row) -> Card:
    if row["points"] is None:
        return _card(lang, "column.place", "—", say(lang, "ranking.too_little"), theme.GREY)
    level = say(lang, "ranking.alone" if row["first"] == row["last"] else "ranking.level")
    return _card(lang, "column.place", place(lang, row), level, theme.VIOLET, f"{row['peers']:,}")


def _amounts(lang: str, amounts: Mapping[str, int]) -> Iterator[Card]:
    """What was left out, and what looks like gaming."""
    for title, codes, told, colour in (
        ("score.left_out", LEFT_OUT, left_out, theme.BLUE),
        ("score.gaming", GAMING, gaming, theme.AMBER),
    ):
        whole = sum(amounts.get(code, 0) for code in codes)
        note = told(lang, amounts) or say(lang, "score.none")
        yield _card(lang, title, f"{whole:,}", note, colour if whole else theme.GREY)


def _card(lang: str, title: str, value: str, note: str, colour: str, out_of: str = "") -> Card:
    return Card(say(lang, title), value, escape(note), colour, out_of)
