"""All that has happened to one incident, replayed: who did what, when, how long after the step before."""

from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

import msgspec

from dashboard.ui import theme
from dashboard.ui.actor import actor
from dashboard.ui.i18n import age, lately, name, say
from dashboard.ui.tables import lit
from db.connect import Row
from ingest.domain.incident import Incident, IncidentEvent, IncidentHappened
from ingest.domain.incident_replay import replay_incident

_AMISS = frozenset({IncidentHappened.DECLINED, IncidentHappened.ESCALATED, IncidentHappened.AGGRAVATED})


def history(lang: str, card: Row, rows: list[Row]) -> str:
    """The rows of ``read/incident_history`` of the incident of ``read/incident_card``, as HTML."""
    events = [msgspec.convert(row, IncidentEvent) for row in rows]
    told = {event.key: row for event, row in zip(events, rows, strict=True)}
    steps = replay_incident(msgspec.convert(card, Incident), events).steps
    tz, before, entries = ZoneInfo(card["tz"]), None, ""
    for step in steps:
        entries += _entry(lang, step, told[step.key], tz, before)
        before = step.at
    return f'<div class="gw gw-history">{entries}</div>'


def _entry(lang: str, step: IncidentEvent, row: Row, tz: ZoneInfo, before: datetime | None) -> str:
    said = step.params
    who = name(lang, row, "actor_") if row["actor_name"] else actor(lang, step.actor)
    later = say(lang, "incident.later", age=age(lang, (step.at - before).total_seconds())) if before else ""
    words = f"<q>{escape(said.text)}</q>" if said.text else ""
    until = say(lang, "incident.due_until", at=_clock(lang, said.due, tz)) if said.due else ""
    due = f"<span>{escape(until)}</span>" if until else ""
    odd = f"<em>{escape(refusal(lang, step.irregular))}</em>" if step.irregular else ""
    colour = theme.RED if step.irregular or step.event in _AMISS else lit("incident", step.state)
    note = " · ".join(part for part in (who, later) if part)
    return (
        f'<div style="--c:{colour}"><time>{_clock(lang, step.at, tz)}</time><i class="gw-lamp"></i>'
        f"<div><b>{escape(_what(lang, step, row))}</b><span>{escape(note)}</span>"
        f"{words}{due}{odd}</div></div>"
    )


def _what(lang: str, step: IncidentEvent, row: Row) -> str:
    said, word = step.params, str(step.event)
    if step.event is IncidentHappened.ON_THE_SPOT and said.proved:
        word = "on_the_spot_proved"
    comma = ", " if lang == "en" else "、"
    whom = comma.join(name(lang, one) if one["name"] else one["id"] for one in row["whom"] or ())
    return say(
        lang,
        f"incident_event.{word}",
        whom=whom or "—",
        unit=name(lang, row, "unit_") if row["unit_name"] else "—",
        severity=say(lang, f"severity.{said.severity}") if said.severity else "—",
        step=say(lang, f"awaited.{said.step}") if said.step else "—",
        metres="—" if said.distance_m is None else f"{said.distance_m:.0f}",
        stage=say(lang, f"order_out.{said.stage}") if said.stage else "—",
        n=len(said.ids),
    )


def refusal(lang: str, reason: str) -> str:
    """Why something did not count: a code, with a name behind a colon where one belongs to it."""
    code, _, about = reason.partition(": ")
    return say(lang, f"incident_refusal.{code}", about=actor(lang, about))


def _clock(lang: str, at: datetime, tz: ZoneInfo) -> str:
    return lately(lang, at.astimezone(tz), seconds=True)
