"""线索: every clue, who has it until when, its whole history, and what can be done about it."""

from dashboard import clue_desk, listing
from dashboard.filters import Pills
from dashboard.listing import Listing
from dashboard.ui import theme
from dashboard.ui.i18n import name, say
from dashboard.ui.kpi import Card, percent
from dashboard.ui.tables import LAMPS, Column, of
from db.connect import Row
from ingest.domain.clue import ClueState

TITLE = "page.clues"
ICON = "🔍"
SECTION = "section.work"
ORDER = 25

STATES, DEADLINE, SEVERITIES = tuple(ClueState), ("red", "yellow", "green"), tuple(theme.SEVERITY)
SOURCES = ("worker", "terminal")
LASTING = tuple(state for state in STATES if state not in (ClueState.REPORTED, ClueState.RETURNED))
"""The others are over within a second."""
STAGES: dict[str, tuple[ClueState, ...]] = {
    "dispatched": (ClueState.DISPATCHED,),
    "waiting": (ClueState.REPORTED, ClueState.ROUTED, ClueState.RETURNED),
    "received": (ClueState.RECEIVED,),
    "disposed": (ClueState.DISPOSED,),
}


def render() -> None:
    listing.show(_CLUES)


def _cards(lang: str, rows: list[Row]) -> list[Card]:
    counted = {row["code"]: row for row in rows}
    cards = []
    for stage, states in STAGES.items():
        n, red = (sum(counted[state][key] for state in states if state in counted) for key in ("n", "red"))
        note = say(lang, "clues.late" if stage == "disposed" else "clues.overdue", n=f"{red:,}")
        title = say(lang, "clues.waiting" if stage == "waiting" else f"clue.{stage}")
        cards.append(Card(title, f"{n:,}", note, LAMPS[states[-1]]))
    whole = sum(row["n"] for row in rows if row["code"] != ClueState.INVALID)
    done = counted.get(ClueState.DISPOSED, {"n": 0})["n"]
    note = say(lang, "clues.share_note", done=f"{done:,}", whole=f"{whole:,}")
    return [*cards, Card(say(lang, "clues.share"), percent(done, whole), note, theme.GREEN)]


def _department(lang: str, row: Row) -> str:
    return name(lang, row, "department_") if row["department_name"] else row["department_id"] or "—"


_CLUES = Listing(
    name="clues",
    query="read/clues",
    summary="read/clues_by_state",
    cards=_cards,
    pills=(
        Pills("severities", "severity", SEVERITIES),
        Pills("states", "clue", LASTING),
        Pills("lamps", "lamp", DEADLINE),
        Pills("sources", "clue_source", SOURCES),
    ),
    columns=(
        Column("deadline", of("lamp"), "lamp", "lamp", DEADLINE),
        Column("severity", of("severity"), "lamp", "severity", SEVERITIES),
        Column("state", of("state"), "lamp", "clue", STATES),
        Column("clue_kind", lambda lang, row: say(lang, f"clue_kind.{row['kind']}")),
        Column("source", lambda lang, row: say(lang, f"clue_source.{row['source']}")),
        Column("text", of("text")),
        Column("department", _department),
        Column("premises", of("premises_name")),
        Column(
            "industry", lambda lang, row: say(lang, f"industry.{row['industry']}") if row["industry"] else ""
        ),
        Column("grid", lambda lang, row: name(lang, row, "grid_")),
        Column("station", lambda lang, row: name(lang, row, "station_")),
        Column("reporter", lambda lang, row: name(lang, row, "reporter_")),
        Column("reported", of("reported"), "time"),
        Column("due", of("due"), "time"),
        Column("ended", of("ended"), "time"),
        Column("outcome", of("outcome")),
        Column("id", of("clue_id")),
    ),
    id="clue_id",
    beside=clue_desk.draw,
)
