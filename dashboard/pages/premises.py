"""主体: all premises, how they stand by their licences; the archive (一户一档) of the one that is picked."""

from dashboard import filters, listing, premises_archive
from dashboard.filters import Choice, Filters, Options, Pills
from dashboard.listing import Listing
from dashboard.ui import theme
from dashboard.ui.i18n import name, say
from dashboard.ui.kpi import Card, behind, percent
from dashboard.ui.premises_events import status
from dashboard.ui.tables import LAMPS, Column, of
from db.connect import Row, Scope

TITLE = "page.premises"
ICON = "🏪"
SECTION = "section.work"
ORDER = 30

LICENCES = ("missing", "expired", "expiring", "valid", "none")
DAYS = ("60", "30", "90", "180")
FILTERS: Filters = (
    Choice("categories", width=150),
    Choice("tags"),
    Choice("grades", width=100),
    Choice("statuses", width=120),
    Choice("grids", width=150),
    Pills("licences", "licence", LICENCES),
    Choice("days", DAYS, width=120),
)
KINDS = {"categories": "category", "tags": "tag", "grades": "grade", "statuses": "status", "grids": "grid"}
"""A choice's kind in ``read/premises_options``."""


def render() -> None:
    """The address says whether it is the list, or the archive of one."""
    if picked := filters.picked():
        premises_archive.show(picked)
    else:
        listing.show(_PREMISES)


def _options(lang: str, scope: Scope, tick: int, unit: str | None) -> Options:
    rows = listing.kept(scope, "read/premises_options", tick - tick % 30, {"unit": unit})
    found: dict[str, dict[str, str]] = {
        param: {row["code"]: _named(lang, row) for row in rows if row["kind"] == kind}
        for param, kind in KINDS.items()
    }
    return {**found, "days": {days: say(lang, "list.within", n=days) for days in DAYS}}


def _named(lang: str, row: Row) -> str:
    words = {"status": status(lang, row["code"]), "grid": name(lang, row)}
    return f"{words.get(row['kind'], row['code'])} ({row['n']:,})"


def _cards(lang: str, rows: list[Row]) -> list[Card]:
    n = dict.fromkeys(LICENCES, 0) | {row["code"]: row["n"] for row in rows}
    held = n["valid"] + n["expiring"]
    needed = held + n["expired"] + n["missing"]
    note = say(lang, "premises.held", held=f"{held:,}", needed=f"{needed:,}")
    rate, link = percent(held, needed), behind(lang, "licence_holding_rate")
    whole = say(lang, "premises.needed", n=f"{needed:,}")
    return [
        Card(say(lang, "premises.all"), f"{sum(n.values()):,}", whole, theme.BLUE),
        Card(say(lang, "premises.rate"), rate, note, theme.GREEN, link=link),
        *(
            Card(
                say(lang, f"premises.{code}"), f"{n[code]:,}", say(lang, f"premises.{code}_note"), LAMPS[code]
            )
            for code in LICENCES[:3]
        ),
    ]


_PREMISES = Listing(
    name="premises",
    query="read/premises",
    summary="read/premises_by_licence",
    cards=_cards,
    pills=FILTERS,
    columns=(
        Column("licence", of("lamp"), "lamp", "licence", LICENCES),
        Column("licence_ends", of("ends"), "day"),
        Column("name", of("name")),
        Column("premises_category", of("category")),
        Column("risk_grade", of("risk_grade")),
        Column("state", lambda lang, row: status(lang, row["status"])),
        Column("tags", lambda lang, row: "、".join(row["tags"])),
        Column("licence_no", of("licence_no")),
        Column("grid", lambda lang, row: name(lang, row, "grid_")),
        Column("station", lambda lang, row: name(lang, row, "station_")),
        Column("address", of("address")),
        Column("id", of("premises_id")),
    ),
    id="premises_id",
    options=_options,
)
