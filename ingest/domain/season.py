"""Seasons in which whoever has not filed is reminded at every visit (年报提醒), by dated rules."""

from collections.abc import Iterator, Sequence
from datetime import date

from msgspec import Struct


class Season(Struct, frozen=True):
    """From `begins` to `ends` of every year (``03-01``, both included; '': there is none), by a rule in force
    from `valid_from` on."""

    category: str
    """Of tasks that are about nothing else."""
    item: str
    """The check item that reminds."""
    begins: str
    ends: str
    valid_from: date
    own: bool = False
    """Whether it is the district's own; the others are everybody's."""


class Reporter(Struct, frozen=True, kw_only=True):
    """Whoever owes annual reports, as far as these go."""

    filed: tuple[int, ...] = ()
    """The years on which one has been filed."""
    registered_on: date | None = None
    """None: not known."""


def running(seasons: Sequence[Season], day: date) -> Iterator[tuple[Season, int]]:
    """The seasons that the day lies in, each with the year that is reported on: the one before it began.

    Of a category the district's own rule stands before everybody's, then the newest.
    """
    for category in sorted({season.category for season in seasons}):
        of_it = [one for one in seasons if one.category == category and one.valid_from <= day]
        season = max(of_it, key=lambda one: (one.own, one.valid_from), default=None)
        if season is None or not season.begins:
            continue
        now, over_new_year = f"{day:%m-%d}", season.begins > season.ends
        if over_new_year and now <= season.ends:
            yield season, day.year - 2
        elif season.begins <= now and (over_new_year or now <= season.ends):
            yield season, day.year - 1


def has_to_file(whoever: Reporter, year: int) -> bool:
    """Whether a report on that year is owed and not filed: who was registered later owes none."""
    registered = whoever.registered_on
    return year not in whoever.filed and (registered is None or registered.year <= year)


def overlaid(
    items: Sequence[str], category: str, whoever: Reporter, seasons: Sequence[Season], day: date
) -> list[str]:
    """A task's checklist on that day: with the reminder where one is due, without where none is any more."""
    due = {season.item for season, year in running(seasons, day) if has_to_file(whoever, year)}
    aside = {season.item for season in seasons if season.category != category}
    kept = [item for item in items if item in due or item not in aside]
    return kept + sorted(due - set(kept))
