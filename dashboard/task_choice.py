"""What tasks are to be launched: why, at which premises, and what is to be checked there."""

from collections.abc import Callable
from datetime import date
from functools import partial

import msgspec
import streamlit as st

from dashboard import data, listing, task_views
from dashboard.filters import Params
from dashboard.ui.i18n import name, say
from db.connect import Row, Scope
from ingest.contract.orders import RISK_GRADES, Source
from ingest.domain.season import Season, running

SOURCES: tuple[Source, ...] = ("order", "survey", "season")
"""Licence data launches its tasks by itself, when it is imported."""


def choose(lang: str, scope: Scope, today: date) -> tuple[Source, Params, list[str]]:
    """What for, which premises are wanted, as the parameters of ``read/premises_to_inspect``, and which check
    items."""
    task_views.back(lang)
    rows = partial(listing.kept, scope, tick=data.tick() - data.tick() % 30, params={})
    source: Source = st.segmented_control(
        say(lang, "card.source"),
        SOURCES,
        default="order",
        required=True,
        format_func=lambda code: say(lang, f"source.{code}"),
        key="launch_source",
    )
    wanted = _whom(lang, rows)
    offered = rows("read/task_categories")
    inspected = {row["category"]: row for row in offered if source == "order" or source in row["launched_by"]}
    titles = {code: name(lang, row) for code, row in inspected.items()}
    key = "launch_category" if source == "order" else f"launch_category_{source}"
    category = _one(lang, "launch.category", titles, key, "launch.category_needed", only=source != "order")
    checks = {
        one["item"]: name(lang, one) for one in (inspected[category]["checks"] if category else None) or ()
    }
    items = _several(lang, "card.items", checks, f"launch_items_{category}", list(checks))
    wanted["due"] = _due(lang, inspected[category]["cycle_days"]) if category else False
    wanted |= {"recorded": source == "survey", "unfiled": None}
    if source == "season":
        wanted["unfiled"] = _season_year(rows("read/seasons"), category, today)
    return source, {**wanted, "category": category}, items


def _whom(lang: str, rows: Callable[[str], list[Row]]) -> Params:
    """The unit, kind and grade of the premises."""
    units = {row["path"]: "\u2003" * (row["depth"] - 1) + name(lang, row) for row in rows("read/org_units")}
    unit = _one(lang, "list.unit", units, "launch_unit", "list.all_units")
    found = rows("read/premises_choices")
    wanted: Params = {"unit": unit}
    for param, kind in (("categories", "category"), ("tags", "tag")):
        labels = {row["code"]: f"{row['code']} ({row['n']:,})" for row in found if row["kind"] == kind}
        wanted[param] = _several(lang, f"launch.{param}", labels, f"launch_{param}") or None
    wanted["grades"] = st.pills(
        say(lang, "launch.grades"), RISK_GRADES, selection_mode="multi", key="launch_grades"
    )
    return {**wanted, "grades": wanted["grades"] or None}


def _due(lang: str, cycle: dict[str, int]) -> bool:
    """Whether only those are wanted whose turn has come."""
    every = " · ".join(
        say(lang, "launch.every", grade=say(lang, f"grade.{grade}"), n=cycle[grade])
        for grade in (*RISK_GRADES, "ungraded")
        if grade in cycle
    )
    due = st.toggle(say(lang, "launch.due"), key="launch_due", disabled=not cycle)
    st.caption(every or say(lang, "launch.no_cycle"))
    return due and bool(cycle)


def _season_year(rules: list[Row], category: str | None, today: date) -> int | None:
    """The year on which reports are owed in the season that runs for the category; None: none does."""
    seasons = running([msgspec.convert(row, Season) for row in rules], today)
    return next((year for season, year in seasons if season.category == category), None)


def _one(
    lang: str, label: str, titles: dict[str, str], key: str, hint: str, only: bool = False
) -> str | None:
    """`only`: of one alone there is nothing to choose."""
    chosen: str | None = st.selectbox(
        say(lang, label),
        list(titles),
        index=0 if only and len(titles) == 1 else None,
        format_func=lambda code: titles.get(code, code),
        placeholder=say(lang, hint),
        key=key,
    )
    return chosen


def _several(
    lang: str, label: str, titles: dict[str, str], key: str, default: list[str] | None = None
) -> list[str]:
    return st.multiselect(
        say(lang, label),
        list(titles),
        default=default,
        format_func=lambda code: titles.get(code, code),
        placeholder=say(lang, "launch.all"),
        key=key,
    )
