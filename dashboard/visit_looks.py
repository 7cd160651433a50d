"""谁看过轨迹: who was shown whose track, when and what for, in the place of the list of visits."""

from functools import partial

from dashboard import listing, views
from dashboard.filters import Pills
from dashboard.listing import Listing
from dashboard.ui import theme
from dashboard.ui.actor import actor
from dashboard.ui.i18n import name, say
from dashboard.ui.kpi import Card
from dashboard.ui.tables import Column, of
from db.connect import Row

_ABOUTS = ("visit", "task", "day", "room")


def show() -> None:
    listing.show(_LOOKS)


def _cards(lang: str, rows: list[Row]) -> list[Card]:
    counted = rows[0] if rows else {}
    note = say(lang, "looks.month")
    return [
        Card(say(lang, f"looks.{what}"), f"{counted.get(what, 0):,}", note, theme.BLUE)
        for what in ("looks", "actors", "workers")
    ]


def _whose(lang: str, row: Row) -> str:
    return say(lang, "looks.everybody") if row["worker_id"] == "*" else name(lang, row, "worker_")


_LOOKS = Listing(
    name="looks",
    query="read/looks",
    summary="read/looks_summary",
    cards=_cards,
    pills=(Pills("abouts", "looked_about", _ABOUTS),),
    columns=(
        Column("looked_at", of("at"), "time"),
        Column("looker", lambda lang, row: actor(lang, row["actor"])),
        Column("worker", _whose),
        Column("looked_about", lambda lang, row: say(lang, f"looked_about.{row['about']}")),
        Column("track_since", of("since"), "time"),
        Column("track_until", of("until"), "time"),
        Column("station", lambda lang, row: name(lang, row, "station_")),
        Column("id", of("id")),
    ),
    ways=partial(views.back, view="looks"),
)
