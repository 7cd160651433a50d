"""巡查清单: one worker's tasks of all levels, merged per premises, in the order of a short way."""

from datetime import date
from functools import partial
from typing import Any

import msgspec
import streamlit as st

from dashboard import data, listing, task_views
from dashboard.data import Picture
from dashboard.ui import header, panel, task, way
from dashboard.ui.i18n import language, name, say
from dashboard.ui.tables import Column, of
from db.connect import Row, Scope
from ingest.domain.route import Errand, Place, day_list
from ingest.domain.season import Reporter, Season, has_to_file, running

DAYS = {"today": 0, "five": 5, "all": None}
"""How far ahead: what of it is due until then decides which premises are visited."""
MOST = 1_000


def show() -> None:
    """Draw it in the place of the list of tasks."""
    lang = language(st.query_params.get("lang"), st.context.locale)
    picture = data.look()
    with st.container(key="page"), st.container(key="round"):
        if not isinstance(picture, Picture):
            st.html(panel.notice(*header.state(lang, picture)))
            return
        _draw(lang, picture.scope, picture.one("district")["local_time"].date())


def _draw(lang: str, scope: Scope, today: date) -> None:
    rows = partial(listing.kept, scope, tick=data.tick())
    left, right = st.columns([7, 3])
    with right:
        task_views.back(lang)
        worker, days = _choose(lang, rows)
    if worker is None:
        left.html(panel.empty(say(lang, "round.worker_needed")))
        return
    found = rows("read/day_list", params={"id": worker["worker_id"], "within": days})
    seasons = [msgspec.convert(row, Season) for row in rows("read/seasons", params={})]
    start = (worker["lon"], worker["lat"]) if worker["lon"] is not None else None
    stops = _stops(lang, found, start, seasons, today)
    with left:
        metres = f"{stops[-1]['way_m'] / 1000:,.1f}" if stops else "0"
        st.html(panel.title(lang, "round", premises=len(stops), tasks=len(found), km=metres))
        listing.table(lang, "round", _COLUMNS, stops)
    with right:
        with st.container(key="round_files", horizontal=True):
            file = f"round-{worker['worker_id']}-{today}"
            narrowed = {"worker": worker["worker_id"], "days": days}
            listing.downloads(lang, scope, "round", file, _COLUMNS, lambda: stops, narrowed)
        if stops:
            st.html(way.picture(lang, start, [(stop["lon"], stop["lat"]) for stop in stops]))


def _choose(lang: str, rows: Any) -> tuple[Row | None, int | None]:
    """Whose list, and how far ahead."""
    workers = {row["worker_id"]: row for row in rows("read/workers_with_tasks", params={"limit": MOST})}
    asked = st.query_params["round"]
    ids = list(workers)
    chosen = st.selectbox(
        say(lang, "column.worker"),
        ids,
        index=ids.index(asked) if asked in workers else None,
        format_func=lambda one: say(
            lang,
            "round.worker",
            worker=name(lang, workers[one]),
            unit=name(lang, workers[one], "unit_"),
            n=workers[one]["n"],
        ),
        placeholder=say(lang, "round.worker_needed"),
        key="round_worker",
    )
    span = st.segmented_control(
        say(lang, "round.span"),
        list(DAYS),
        default="today",
        required=True,
        format_func=lambda code: say(lang, f"round_span.{code}"),
        key="round_span",
    )
    return workers.get(chosen or ""), DAYS[span or "today"]


def _stops(lang: str, found: list[Row], start: Place | None, seasons: list[Season], today: date) -> list[Row]:
    """A row for each of the premises, in the order of the way."""
    tasks = {row["task_id"]: row for row in found}
    errands = [Errand(row["task_id"], row["premises_id"], row["lon"], row["lat"]) for row in found]
    way_m, rows = 0.0, []
    for number, stop in enumerate(day_list(errands, start), 1):
        here = [tasks[task_id] for task_id in stop.task_ids]
        way_m += stop.leg_m
        rows.append(
            {
                "number": number,
                "premises_name": here[0]["premises_name"],
                "address": here[0]["address"],
                "what": "、".join(task.category(lang, row) for row in here),
                "tasks": len(here),
                "lamp": min((row["lamp"] for row in here), key=LAMPS.index),
                "due": min(row["due"] for row in here),
                "reminds": _reminds(lang, here[0], seasons, today),
                "leg_m": round(stop.leg_m),
                "way_m": round(way_m),
                "lon": stop.lon,
                "lat": stop.lat,
                "task_ids": ";".join(stop.task_ids),
            }
        )
    return rows


def _reminds(lang: str, row: Row, seasons: list[Season], today: date) -> str:
    """What the season reminds these premises of."""
    owes = msgspec.convert(row, Reporter)
    due = any(has_to_file(owes, year) for _, year in running(seasons, today))
    return say(lang, "round.reminds") if due else ""


LAMPS = ("red", "yellow", "green")
_COLUMNS = (
    Column("number", of("number"), "number"),
    Column("premises", of("premises_name")),
    Column("deadline", of("lamp"), "lamp", "lamp", LAMPS),
    Column("tasks", of("tasks"), "number"),
    Column("what", of("what")),
    Column("reminds", of("reminds")),
    Column("due", of("due"), "time"),
    Column("leg_m", of("leg_m"), "number"),
    Column("way_m", of("way_m"), "number"),
    Column("address", of("address")),
    Column("id", of("task_ids")),
)
