"""账号: who may log in at or below one's own place, as what, and when each was last here."""

from dashboard import account_desk, listing
from dashboard.filters import Choice, Options, Pills
from dashboard.listing import Listing
from dashboard.ui import theme
from dashboard.ui.account import grade, place, roles
from dashboard.ui.i18n import name, say
from dashboard.ui.kpi import Card
from dashboard.ui.tables import LAMPS, Column, of
from db.connect import Row, Scope
from ingest.domain.account import Role

TITLE = "page.accounts"
ICON = "👤"
SECTION = "section.settings"
ROLE = Role.ADMINISTER
ORDER = 93

STATES, KINDS = ("active", "first_password", "locked", "disabled"), ("person", "worker", "kiosk")


def render() -> None:
    listing.show(_ACCOUNTS)


def _cards(lang: str, rows: list[Row]) -> list[Card]:
    n = dict.fromkeys(STATES, 0) | {row["code"]: row["n"] for row in rows}
    whole, logged_in = sum(n.values()), sum(row["logged_in"] for row in rows)
    note = say(lang, "accounts.logged_in", n=f"{logged_in:,}")
    return [
        Card(say(lang, "accounts.all"), f"{whole:,}", note, theme.BLUE),
        *(
            Card(
                say(lang, f"account_state.{code}"),
                f"{n[code]:,}",
                say(lang, f"accounts.{code}_note"),
                LAMPS[code],
            )
            for code in STATES
        ),
    ]


def _options(lang: str, scope: Scope, tick: int, unit: str | None) -> Options:
    return {"roles": {str(role): say(lang, f"account_role.{role}") for role in Role}}


_ACCOUNTS = Listing(
    name="accounts",
    query="read/accounts",
    summary="read/accounts_by_state",
    cards=_cards,
    pills=(
        Pills("states", "account_state", STATES),
        Pills("kinds", "account_kind", KINDS),
        Choice("roles", width=150),
    ),
    columns=(
        Column("state", of("state"), "lamp", "account_state", STATES),
        Column("account", of("name"), width=130),
        Column("account_kind", lambda lang, row: say(lang, f"account_kind.{row['kind']}"), width=110),
        Column("account_place", place, width=125),
        Column("roles", roles, width=260),
        Column("grade", grade, width=90),
        Column("account_department", lambda lang, row: name(lang, row, "department_"), width=125),
        Column("seen", of("seen"), "time"),
        Column("sessions", of("sessions"), "number"),
        Column("worker", lambda lang, row: name(lang, row, "worker_")),
    ),
    id="name",
    beside=account_desk.draw,
    options=_options,
)
