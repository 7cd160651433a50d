"""设备: every phone, camera, bodycam and printer: who carries it, how it is, and what it says.

In the list's place, as the address says, those that are registered nowhere (`strangers`) and the last
messages of the one that was picked (`messages`).
"""

import streamlit as st

from dashboard import data, device_desk, device_messages, listing, strangers, views
from dashboard.data import Picture
from dashboard.filters import Pills
from dashboard.listing import Listing
from dashboard.ui import card, theme
from dashboard.ui.i18n import name, say
from dashboard.ui.kpi import Card
from dashboard.ui.tables import Column, of
from db.connect import Row

TITLE = "page.devices"
ICON = "📷"
SECTION = "section.work"
ORDER = 50

KINDS = ("worker", "camera", "bodycam", "printer", "terminal", "scanner", "vehicle")
STATES = ("online", "silent")


def render() -> None:
    """The address says whether it is the list, or one of the views that stand in its place."""
    if "strangers" in st.query_params:
        strangers.show()
    elif "messages" in st.query_params and "picked" in st.query_params:
        device_messages.show()
    else:
        listing.show(_DEVICES)


def _ways(lang: str) -> None:
    """The way to the strangers, with how many there are."""
    picture, waiting = data.look(), 0
    if isinstance(picture, Picture):
        asked = {"limit": listing.ROWS}
        rows = listing.kept(picture.scope, "read/strangers_by_protocol", data.tick(), asked, key="ways")
        waiting = sum(row["n"] for row in rows)
    views.ways(lang, {"strangers": ("strangers.open", ":material/contact_support:")}, n=f"{waiting:,}")


def _cards(lang: str, rows: list[Row]) -> list[Card]:
    cards = []
    for place, row in enumerate(rows):
        note = say(lang, "kpi.devices_note", offline=f"{row['whole'] - row['n']:,}")
        title, colour = say(lang, f"end.{row['code']}"), theme.SERIES[place % len(theme.SERIES)]
        cards.append(Card(title, f"{row['n']:,}", note, colour, out_of=f"{row['whole']:,}"))
    return cards


def _event(lang: str, row: Row) -> str | None:
    return say(lang, f"event.{row['last_event']}") if row["last_event"] else None


def _protocol(lang: str, row: Row) -> str | None:
    return say(lang, f"protocol.{row['decoder']}") if row["decoder"] else None


_DEVICES = Listing(
    name="devices",
    query="read/devices",
    summary="read/devices_by_kind",
    cards=_cards,
    pills=(Pills("states", "device_state", STATES), Pills("kinds", "end", KINDS)),
    columns=(
        Column("state", of("state"), "lamp", "device_state", STATES),
        Column("kind", lambda lang, row: say(lang, f"end.{row['kind']}"), width=95),
        Column("name", lambda lang, row: name(lang, row), width=110),
        Column("carrier", lambda lang, row: name(lang, row, "worker_"), width=90),
        Column("seen", of("seen"), "time"),
        Column("battery", of("battery"), "number"),
        Column("storage", of("storage"), "number"),
        Column("rate", of("an_hour"), "number"),
        Column("clock", lambda lang, row: card.clock(lang, row["clock_off_s"]), width=105),
        Column("firmware", of("firmware"), width=80),
        Column("protocol", _protocol, width=90),
        Column("last_event", _event, width=90),
        Column("grid", lambda lang, row: name(lang, row, "grid_"), width=85),
        Column("id", of("device_id")),
        # What has no room beside the panel is in the files, and on the card.
        Column("station", lambda lang, row: name(lang, row, "station_")),
        Column("event_at", of("event_time"), "time"),
    ),
    id="key",
    beside=device_desk.draw,
    ways=_ways,
)
