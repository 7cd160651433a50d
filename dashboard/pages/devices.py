"""设备: every phone, and every other device: who carries it, where, and whether it is heard of."""

from dashboard import device_desk, listing
from dashboard.filters import Pills
from dashboard.listing import Listing
from dashboard.ui import theme
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
    listing.show(_DEVICES)


def _cards(lang: str, rows: list[Row]) -> list[Card]:
    cards = []
    for place, row in enumerate(rows):
        note = say(lang, "kpi.devices_note", offline=f"{row['whole'] - row['n']:,}")
        title, colour = say(lang, f"end.{row['code']}"), theme.SERIES[place % len(theme.SERIES)]
        cards.append(Card(title, f"{row['n']:,}", note, colour, out_of=f"{row['whole']:,}"))
    return cards


def _event(lang: str, row: Row) -> str | None:
    return say(lang, f"event.{row['last_event']}") if row["last_event"] else None


_DEVICES = Listing(
    name="devices",
    query="read/devices",
    summary="read/devices_by_kind",
    cards=_cards,
    pills=(Pills("states", "device_state", STATES), Pills("kinds", "end", KINDS)),
    columns=(
        Column("state", of("state"), "lamp", "device_state", STATES),
        Column("kind", lambda lang, row: say(lang, f"end.{row['kind']}")),
        Column("name", lambda lang, row: name(lang, row)),
        Column("carrier", lambda lang, row: name(lang, row, "worker_")),
        Column("grid", lambda lang, row: name(lang, row, "grid_")),
        Column("station", lambda lang, row: name(lang, row, "station_")),
        Column("battery", of("battery"), "number"),
        Column("seen", of("seen"), "time"),
        Column("last_event", _event),
        Column("event_at", of("event_time"), "time"),
        Column("id", of("device_id")),
    ),
    id="key",
    beside=device_desk.draw,
)
