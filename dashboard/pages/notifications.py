"""通知: who outside the screen was told of which alert, what waits, and which channel takes nothing."""

from dashboard import listing
from dashboard.filters import Pills
from dashboard.listing import Listing
from dashboard.ui import theme
from dashboard.ui.i18n import name, say
from dashboard.ui.kpi import Card
from dashboard.ui.notification import reason
from dashboard.ui.tables import Column, of
from db.connect import Row
from words.alert import sentence

TITLE = "page.notifications"
ICON = "📣"
SECTION = "section.work"
ORDER = 35

SEVERITIES, STATES = tuple(theme.SEVERITY), ("queued", "sending", "sent", "failed")


def render() -> None:
    listing.show(_NOTIFICATIONS)


def _cards(lang: str, rows: list[Row]) -> list[Card]:
    if not rows:
        return [Card(say(lang, "notifications.channels"), "0", say(lang, "notifications.none"), theme.GREY)]
    return [_card(lang, row) for row in rows]


def _card(lang: str, row: Row) -> Card:
    fails = row["failures"] > 0
    told = {"waiting": f"{row['waiting']:,}", "failed": f"{row['failed']:,}"}
    note = say(lang, "notifications.note", **told)
    if fails:
        why = say(lang, "notifications.fails", why=reason(lang, row["error"]), n=row["failures"])
        note = f"{why} · {note}"
    return Card(row["name"], f"{row['sent']:,}", note, theme.RED if fails else theme.GREEN)


def _step(lang: str, row: Row) -> str:
    return say(lang, f"message_step.{row['event']}", unit=name(lang, row, "unit_"))


_NOTIFICATIONS = Listing(
    name="notifications",
    query="read/notifications",
    summary="read/notify_channels",
    cards=_cards,
    pills=(
        Pills("states", "notification", STATES),
        Pills("severities", "severity", SEVERITIES),
    ),
    columns=(
        Column("state", of("state"), "lamp", "notification", STATES),
        Column("severity", of("severity"), "lamp", "severity", SEVERITIES),
        Column("channel", of("channel_name")),
        Column("what", sentence),
        Column("step", _step),
        Column("station", lambda lang, row: name(lang, row, "station_")),
        Column("queued", of("queued"), "time"),
        Column("sent", of("sent"), "time"),
        Column("tries", of("tries"), "number"),
        Column("error", lambda lang, row: reason(lang, row["error"])),
    ),
)
