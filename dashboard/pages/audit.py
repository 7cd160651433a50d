"""审计: who did what, by the log that nobody can change; visits' hashes are left to those who check it."""

import json

from dashboard import listing
from dashboard.filters import Pills
from dashboard.listing import Listing
from dashboard.ui import theme
from dashboard.ui.actor import actor
from dashboard.ui.i18n import day, say
from dashboard.ui.kpi import Card
from dashboard.ui.tables import Column, of
from db.connect import Row
from ingest.domain.account import Role

TITLE = "page.audit"
ICON = "🔏"
SECTION = "section.settings"
ROLE = Role.AUDIT
ORDER = 95

KINDS, STATES = ("look", "export", "account", "setting", "order"), ("done", "refused")


def render() -> None:
    listing.show(_AUDIT)


def _cards(lang: str, rows: list[Row]) -> list[Card]:
    row: Row = {**dict.fromkeys((*KINDS, "number"), 0), "day": None, "stamped": False}
    row.update(*rows[:1])
    note = say(lang, "audit.month")
    cards = [Card(say(lang, f"audit_kind.{kind}"), f"{row[kind]:,}", note, theme.BLUE) for kind in KINDS]
    if row["day"] is None:
        sealed = Card(say(lang, "audit.sealed"), "—", say(lang, "audit.unsealed"), theme.GREY)
    else:
        key = "audit.stamped_note" if row["stamped"] else "audit.sealed_note"
        note = say(lang, key, number=f"{row['number']:,}")
        sealed = Card(say(lang, "audit.sealed"), day(lang, row["day"], year=False), note, theme.GREEN)
    return [*cards, sealed]


def _said(lang: str, row: Row) -> str:
    said = json.dumps(row["said"], ensure_ascii=False) if row["said"] else ""
    return " · ".join(part for part in (row["reason"], said) if part)


_AUDIT = Listing(
    name="audit",
    query="read/audit",
    summary="read/audit_summary",
    cards=_cards,
    pills=(Pills("kinds", "audit_kind", KINDS),),
    columns=(
        Column("done_at", of("at"), "time"),
        Column("doer", lambda lang, row: actor(lang, row["actor"])),
        Column("act_kind", of("kind"), "lamp", "audit_kind", KINDS),
        Column("act", lambda lang, row: say(lang, f"audit_act.{row['act']}")),
        Column("act_about", of("subject")),
        Column("act_state", of("state"), "lamp", "audit_state", STATES),
        Column("act_said", _said, width=420),
        Column("number", of("number"), "number"),
    ),
    of_units=False,
)
