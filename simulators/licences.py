"""Who holds which licence, as a synthetic district's import files tell it on a day.

The fate of premises is theirs for good: a file of tomorrow holds tomorrow's renewals besides. How many of
those that need a permit hold one, and how few did in the base year, is as Dongguan reported it.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import NamedTuple

LICENCES = ("premises_id", "kind", "number", "valid_from", "valid_to")
CHOICES = ("indicator", "formula", "base_year")

BUSINESS = "营业执照"
BASE_YEAR = 2017


class Permit(NamedTuple):
    """A kind of licence: what its numbers begin with, and how many years it is valid (0: without end)."""

    kind: str
    prefix: str
    years: int = 5


_FOOD = Permit("食品经营许可证", "JY1")
_HEALTH = Permit("公共场所卫生许可证", "WS", 4)
NEEDED: dict[str, tuple[Permit, ...]] = {
    "餐饮服务": (_FOOD,),
    "食品销售": (_FOOD,),
    "保健食品": (_FOOD,),
    "食品生产": (Permit("食品生产许可证", "SC1"),),
    "食品小作坊": (Permit("食品小作坊登记证", "XZF", 3),),
    "药品经营": (Permit("药品经营许可证", "YP"),),
    "医疗器械": (Permit("医疗器械经营许可证", "YX"),),
    "烟草零售": (Permit("烟草专卖零售许可证", "YC"),),
    "住宿服务": (Permit("特种行业许可证", "TZ", 0), _HEALTH),
}
"""Category of premises -> what it needs besides a business licence."""

# Shares of those that need a permit, and when what happens to them.
_NEVER, _LAPSED = 0.1543, 0.1
_EARLY = 0.448  # of those that were there in the base year and hold one now held it then already
_FIRST, _LAST = date(2004, 1, 1), date(2026, 9, 30)  # of those that opened
_CAMPAIGN = date(BASE_YEAR + 1, 1, 1), date(2022, 12, 31)
_LAPSES = date(BASE_YEAR + 1, 6, 30), date(2025, 12, 31)
# Multiples of these, less what is whole, fill a cube evenly: so every share is met closely.
_STEPS = (0.8191725134, 0.6710436067, 0.5497004779)

Row = tuple[str, str, str, str, str]


class _Fate(NamedTuple):
    opened: date
    permitted: date | None
    lapsed: date | None


def write_licences(directory: Path, today: date) -> int:
    """(Re)write licences.csv of the world in `directory` as of `today`, with kpi_choices.csv that names the
    base year; return how many licences there are."""
    with (directory / "premises.csv").open(encoding="utf-8", newline="") as file:
        rows = list(licence_rows(csv.DictReader(file), today))
    _write(directory / "licences.csv", LICENCES, rows)
    _write(directory / "kpi_choices.csv", CHOICES, [("licence_holding_rate", "", str(BASE_YEAR))])
    return len(rows)


def licence_rows(premises: Iterable[Mapping[str, str]], today: date) -> Iterator[Row]:
    """Rows of licences.csv for rows of premises.csv, of those in business."""
    # Counted apart, so that the shares are those of the premises that need a permit.
    numbers = {True: count(1), False: count(1)}
    for one in premises:
        if one["status"] not in ("in_business", "recorded"):
            continue
        needs_permit = one["category"] in NEEDED
        fate = _fate(next(numbers[needs_permit]), needs_permit)
        if fate.opened > today:
            continue
        yield one["premises_id"], BUSINESS, one["licence_no"], str(fate.opened), ""
        needed = NEEDED.get(one["category"], ())
        for permit in needed:
            told = f"{permit.prefix}{one['licence_no'][2:]}"
            whole = permit is not needed[-1]  # only the last is ever missing
            first = fate.opened + timedelta(days=20) if whole else fate.permitted
            for begins, ends in _terms(first, None if whole else fate.lapsed, permit.years, today):
                yield one["premises_id"], permit.kind, told, str(begins), str(ends or "")


def _fate(number: int, needs_permit: bool) -> _Fate:
    """What becomes of the `number`th premises in business."""
    opening, fortune, moment = (number * step % 1 for step in _STEPS)
    opened = _FIRST + opening**0.5 * (_LAST - _FIRST)
    soon = opened + timedelta(days=10 + int(50 * moment))
    early = opened.year <= BASE_YEAR
    if not needs_permit or fortune < _NEVER:
        return _Fate(opened, None, None)
    if fortune < _NEVER + _LAPSED:
        from_then = max(soon + timedelta(days=180), _LAPSES[0])
        lapsed = from_then + moment * (_LAPSES[1] - from_then)
        if lapsed > from_then:
            return _Fate(opened, soon, lapsed)
    if early and fortune > 1 - (1 - _NEVER - _LAPSED) * (1 - _EARLY):
        return _Fate(opened, _CAMPAIGN[0] + moment * (_CAMPAIGN[1] - _CAMPAIGN[0]), None)
    return _Fate(opened, soon, None)


def _terms(
    first: date | None, lapsed: date | None, years: int, today: date
) -> Iterator[tuple[date, date | None]]:
    """First and last day of each licence issued by `today`, one after the other; the next one is issued up to
    a month before the last ends."""
    begins = first
    while begins and begins - timedelta(days=begins.day) <= today and not (lapsed and begins > lapsed):
        if not years:
            yield begins, None
            return
        following = _years_later(begins, years)
        ends = following - timedelta(days=1)
        yield begins, min(ends, lapsed) if lapsed else ends
        begins = following


def _years_later(day: date, years: int) -> date:
    return day.replace(year=day.year + years, day=min(day.day, 28))


def _write(path: Path, header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
