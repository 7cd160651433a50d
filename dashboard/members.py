"""The columns of what stands behind an indicator's figures: tasks and clues, premises, reports, incidents."""

from dashboard.indicators import INCIDENT, PREMISES, REPORT, Indicator
from dashboard.ui import theme
from dashboard.ui.i18n import name, say
from dashboard.ui.tables import Column, of
from words.alert import sentence

SIDES = ("numerator", "rest")


def columns(indicator: Indicator) -> tuple[Column, ...]:
    """How the rows of the indicator's `members` are shown."""
    return {PREMISES: _PREMISES, REPORT: _REPORTS, INCIDENT: (_SIDE, *INCIDENTS)}.get(indicator.of, _TASKS)


_SIDE = Column("side", lambda lang, row: SIDES[not row["counts"]], "lamp", "side", SIDES)
_UNIT = Column("unit", lambda lang, row: name(lang, row, "unit_"))
_STATION = Column("station", lambda lang, row: name(lang, row, "station_"))
PAPERS = ("valid", "expiring", "expired", "missing", "none")
PATROL = ("missed", "clue", "inspection")
SEVERITIES = tuple(theme.SEVERITY)

_TASKS = (
    _SIDE,
    Column("stage", lambda lang, row: say(lang, f"task.{row['state']}") if row["state"] else None),
    Column(
        "category",
        lambda lang, row: name(lang, row, "category_") if row["category_name"] else row["category"],
    ),
    Column("premises", of("premises_name")),
    Column("worker", lambda lang, row: name(lang, row, "worker_")),
    _UNIT,
    _STATION,
    Column("launched_at", of("launched"), "time"),
    Column("due", of("due"), "time"),
    Column("disposed_at", of("done"), "time"),
    Column("closed_at", of("closed"), "time"),
    Column("rework", of("rework"), "number"),
    Column("address", of("address")),
    Column("id", of("id")),
)
_PREMISES = (
    _SIDE,
    Column("licence", lambda lang, row: row["lamp"] or "none", "lamp", "licence", PAPERS),
    Column("name", of("premises_name")),
    Column("premises_category", of("category")),
    Column("licence_kind", lambda lang, row: row["kind"] and say(lang, f"licence_kind.{row['kind']}")),
    Column("licence_number", of("number")),
    Column("licence_ends", of("valid_to"), "day"),
    Column("needed_from", of("began"), "day"),
    _UNIT,
    _STATION,
    Column("licence_no", of("licence_no")),
    Column("address", of("address")),
    Column("id", of("id")),
)
_REPORTS = (
    _SIDE,
    Column("patrol", lambda lang, row: row["found_by"] or "missed", "lamp", "patrol", PATROL),
    Column("report_kind", of("category")),
    Column("text", of("text")),
    Column("premises", of("premises_name")),
    _UNIT,
    _STATION,
    Column("reported", of("began"), "time"),
    Column("found_at", of("found_at"), "time"),
    Column("address", of("address")),
    Column("id", of("id")),
)
INCIDENTS = (
    Column("severity", of("severity"), "lamp", "severity", SEVERITIES),
    Column("stage", lambda lang, row: say(lang, f"incident.{row['state']}")),
    Column("rule", lambda lang, row: say(lang, f"rule.{row['rule']}")),
    Column("what", sentence),
    Column("alerts", of("alerts"), "number"),
    _UNIT,
    _STATION,
    Column("opened", of("opened"), "time"),
    Column("acknowledged", of("acknowledged"), "time"),
    Column("acknowledged_by", of("acknowledged_by")),
    Column("dispatched", of("dispatched"), "time"),
    Column("on_the_spot", of("on_the_spot"), "time"),
    Column("ended", of("ended"), "time"),
    Column("outcome", of("reason")),
    Column("id", of("id")),
)
"""Of incidents, whatever is told of them."""
