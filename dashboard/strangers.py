"""未登记设备: who speaks a foreign protocol and is registered nowhere, in the place of the list."""

from functools import partial

from dashboard import listing, stranger_desk, views
from dashboard.listing import Listing
from dashboard.ui import theme
from dashboard.ui.actor import actor
from dashboard.ui.i18n import say
from dashboard.ui.kpi import Card
from dashboard.ui.tables import Column, of
from db.connect import Row


def show() -> None:
    listing.show(_STRANGERS)


def _cards(lang: str, rows: list[Row]) -> list[Card]:
    if not rows:
        return [Card(say(lang, "strangers.none"), "0", "", theme.GREEN)]
    return [
        Card(
            say(lang, f"protocol.{row['code']}"),
            f"{row['n']:,}",
            say(lang, "strangers.messages", n=f"{row['messages']:,}"),
            theme.AMBER,
        )
        for row in rows[:6]
    ]


_STRANGERS = Listing(
    name="strangers",
    query="read/strangers",
    summary="read/strangers_by_protocol",
    cards=_cards,
    columns=(
        Column("protocol", lambda lang, row: say(lang, f"protocol.{row['decoder']}")),
        Column("foreign_name", of("name")),
        Column("likely", lambda lang, row: say(lang, f"kind.{row['kinds'][0]}")),
        Column("first_heard", of("first_time"), "time"),
        Column("last_heard", of("last_time"), "time"),
        Column("messages", of("messages"), "number"),
        Column("waiting", of("waiting"), "number"),
        Column("put_aside", lambda lang, row: row["aside_by"] and actor(lang, row["aside_by"])),
        Column("topic", of("topic")),
    ),
    id="key",
    of_units=False,
    beside=stranger_desk.draw,
    ways=partial(views.back, view="strangers"),
)
