"""任务: every task, who is to do it by when, its lamp, and the whole history of the one that is picked."""

import streamlit as st

from dashboard import listing, task_desk, task_launch, task_round, task_survey
from dashboard.filters import Pills
from dashboard.listing import Listing
from dashboard.ui import task, theme
from dashboard.ui.i18n import name, say
from dashboard.ui.kpi import Card, percent
from dashboard.ui.tables import LAMPS, Column, of
from db.connect import Row
from ingest.contract.messages import STAGES
from ingest.domain.task import State

TITLE = "page.tasks"
ICON = "📋"
SECTION = "section.work"
ORDER = 20

STATES, DEADLINE = tuple(State), ("red", "yellow", "green")
TRAITS = ("overdue", "unanswered", "refused", "irregular")
PHONE = ("queued", "sent", *STAGES, "expired", "withdrawn")
FUNNEL = (*(state for state in STATES if state not in (State.SUSPENDED, State.CANCELLED)), "closed")
"""The way of a task; done is disposed of, and closed (结案) that its department has followed up too."""


def render() -> None:
    """The address says whether it is the list, or one of the views that stand in its place."""
    for view, show in _VIEWS.items():
        if view in st.query_params:
            show()
            return
    listing.show(_TASKS)


_VIEWS = {"launch": task_launch.show, "survey": task_survey.show, "round": task_round.show}


def _cards(lang: str, rows: list[Row]) -> list[Card]:
    counted = {row["code"]: row for row in rows}
    whole = sum(counted[stage]["n"] for stage in FUNNEL if stage in counted)
    cards = []
    for stage in FUNNEL:
        row = counted.get(stage, {"n": 0, "red": 0})
        note = say(lang, _NOTES.get(stage, "tasks.overdue"), n=f"{row['red']:,}")
        if stage == "closed":
            note = f"{percent(row['n'], whole)} · {note}"
        title = say(lang, f"stage.{stage}" if stage in _NOTES else f"task.{stage}")
        cards.append(Card(title, f"{row['n']:,}", note, LAMPS[stage]))
    waiting = [counted[stage] for stage in FUNNEL if stage in counted and stage not in _NOTES]
    n, red = (sum(row[key] for row in waiting) for key in ("n", "red"))
    note = say(lang, "tasks.of_open", n=f"{n:,}")
    return [*cards, Card(say(lang, "tasks.all_overdue"), f"{red:,}", note, theme.RED)]


_NOTES = {State.DONE: "tasks.feedback_overdue", "closed": "tasks.late"}


_TASKS = Listing(
    name="tasks",
    query="read/tasks",
    summary="read/tasks_by_state",
    cards=_cards,
    pills=(
        Pills("states", "task", STATES),
        Pills("lamps", "lamp", DEADLINE),
        Pills("traits", "trait", TRAITS),
    ),
    columns=(
        Column("deadline", of("lamp"), "lamp", "lamp", DEADLINE),
        Column("state", of("state"), "lamp", "task", STATES),
        Column("premises", of("premises_name")),
        Column("category", task.category),
        Column("worker", lambda lang, row: name(lang, row, "worker_")),
        Column("phone", of("phone"), "lamp", "order_out", PHONE),
        Column("grid", lambda lang, row: name(lang, row, "grid_")),
        Column("station", lambda lang, row: name(lang, row, "station_")),
        Column("due", of("due"), "time"),
        Column("disposed_at", of("done"), "time"),
        Column("closed_at", of("closed"), "time"),
        Column("rework", of("rework"), "number"),
        Column("address", of("address")),
        Column("id", of("task_id")),
    ),
    id="task_id",
    beside=task_desk.draw,
)
