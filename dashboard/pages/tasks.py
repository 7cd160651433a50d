"""任务: every task, who is to do it by when, and its lamp."""

from dashboard import listing
from dashboard.filters import Pills
from dashboard.listing import Listing
from dashboard.ui import theme
from dashboard.ui.i18n import name, say
from dashboard.ui.kpi import Card, percent
from dashboard.ui.tables import LAMPS, Column, of
from db.connect import Row

TITLE = "page.tasks"
ICON = "📋"
SECTION = "section.work"
ORDER = 20

STATES, DEADLINE = ("launched", "rectifying", "done"), ("red", "yellow", "green")


def render() -> None:
    listing.show(_TASKS)


def _cards(lang: str, rows: list[Row]) -> list[Card]:
    counted = {row["code"]: row for row in rows}
    cards = []
    for state in STATES:
        row = counted.get(state, {"n": 0, "red": 0})
        note = say(lang, "tasks.late" if state == "done" else "tasks.overdue", n=f"{row['red']:,}")
        cards.append(Card(say(lang, f"task.{state}"), f"{row['n']:,}", note, LAMPS[state]))
    whole, done = sum(row["n"] for row in rows), counted.get("done", {"n": 0})["n"]
    note = say(lang, "tasks.share_note", done=f"{done:,}", whole=f"{whole:,}")
    return [*cards, Card(say(lang, "tasks.share"), percent(done, whole), note, theme.GREEN)]


_TASKS = Listing(
    name="tasks",
    query="read/tasks",
    summary="read/tasks_by_state",
    cards=_cards,
    pills=(Pills("states", "task", STATES), Pills("lamps", "lamp", DEADLINE)),
    columns=(
        Column("deadline", of("lamp"), "lamp", "lamp", DEADLINE),
        Column("state", of("state"), "lamp", "task", STATES),
        Column("premises", of("premises_name")),
        Column("category", of("category")),
        Column("worker", lambda lang, row: name(lang, row, "worker_")),
        Column("grid", lambda lang, row: name(lang, row, "grid_")),
        Column("station", lambda lang, row: name(lang, row, "station_")),
        Column("due", of("due"), "time"),
        Column("done", of("done"), "time"),
        Column("rework", of("rework"), "number"),
        Column("address", of("address")),
        Column("id", of("task_id")),
    ),
)
