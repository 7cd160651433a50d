"""All that has happened to one task, replayed: who, when, what it meant, and the evidence for it."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from html import escape
from zoneinfo import ZoneInfo

import msgspec

from dashboard.ui import photos, theme
from dashboard.ui.actor import actor
from dashboard.ui.i18n import lately, moment, name, say
from dashboard.ui.tables import LAMPS
from db.connect import Row
from ingest.domain.deadline import Deadline, Lamp, lamp
from ingest.domain.geo import distance_m
from ingest.domain.replay import Judged, Replayed, replay
from ingest.domain.task import Happened, Task, TaskEvent

Given = tuple[str, Deadline, Lamp | None]
"""A deadline that an event gave: its word, the deadline, and how it stands."""


def history(lang: str, card: Row, rows: list[Row], visits: list[Row]) -> str:
    """The rows of ``read/task_{history,visits}``, the latter with their photos as shots, of the task of
    ``read/task_card`` as HTML."""
    events = [msgspec.convert(row, TaskEvent) for row in rows]
    told = {event.key: row for event, row in zip(events, rows, strict=True)}
    seen = {(row["worker_id"], row["id"]): row for row in visits}
    after = replay(msgspec.convert(card, Task), events)
    entries = ""
    for step in after.steps:
        visit = seen.get((step.event.actor, step.event.cause))
        evidence = _evidence(lang, visit, card) if visit else ""
        entries += _entry(lang, after, step, told[step.event.key], evidence, ZoneInfo(card["tz"]))
    return f'<div class="gw gw-history">{entries}</div>'


def _entry(lang: str, after: Replayed, step: Judged, row: Row, found: str, tz: ZoneInfo) -> str:
    event, odd = step.event, ""
    if event.irregular:
        odd = say(lang, f"task_irregular.{event.irregular}")
    elif not step.moved and event.event in (Happened.RECEIVED, Happened.STARTED, Happened.ASSIGNED):
        odd = say(lang, "task_irregular.late")
    words = "".join(f"<q>{escape(text)}</q>" for text in (event.params.reason, event.params.text) if text)
    given = "".join(_deadline(lang, tz, *one) for one in _given(after, step))
    amiss = event.irregular or event.event in (Happened.REFUSED, Happened.UNANSWERED)
    colour = theme.RED if amiss else LAMPS[event.state]
    return (
        f'<div style="--c:{colour}">'
        f'<time>{lately(lang, event.at.astimezone(tz))}</time><i class="gw-lamp"></i>'
        f"<div><b>{escape(_what(lang, event, row))}</b><span>{escape(_who(lang, event, row))}</span>"
        f"{words}{found}{given}{f'<em>{escape(odd)}</em>' if odd else ''}</div></div>"
    )


def _what(lang: str, event: TaskEvent, row: Row) -> str:
    said, word = event.params, str(event.event)
    if event.event is Happened.INSPECTED:
        word = f"inspected_{said.result or 'normal'}"
    elif event.event is Happened.REPLIED and said.stage != "done":
        word = "told"
    elif event.event is Happened.UNANSWERED and said.department_id:
        word = "unheard"
    return say(
        lang,
        f"task_event.{word}",
        worker=_named(lang, row, "given_") or said.worker_id or "—",
        department=_named(lang, row, "department_") or said.department_id or "—",
        stage=say(lang, f"order_out.{said.stage}") if said.stage else "—",
    )


def _who(lang: str, event: TaskEvent, row: Row) -> str:
    return _named(lang, row, "actor_") or actor(lang, event.actor)


def _named(lang: str, row: Mapping[str, object], prefix: str) -> str:
    return name(lang, row, prefix) if row.get(f"{prefix}name") else ""


def _given(after: Replayed, step: Judged) -> Iterator[Given]:
    """The deadlines that an event which counted gave."""
    task, event = after.task, step.event
    said, over = event.params, task.done_at or task.cancelled_at
    if event.event is Happened.LAUNCHED and said.push:
        yield "push", said.push, _lit(said.known_at or event.at, said.push, _on_list(after) or over)
    if event.event is Happened.LAUNCHED and said.due and said.due != said.push:
        yield "inspect", said.due, _lit(task.launched_at, said.due, task.inspected_at or over)
    elif event.event is Happened.ASSIGNED and said.due and said.due.at == task.due_at:
        yield "inspect", said.due, _lit(event.at, said.due, task.inspected_at or over)
    elif event.event is Happened.SETTLED and said.due:
        yield "settled", said.due, None
    if event.event is not Happened.INSPECTED or not step.moved:
        return
    if said.rectify:
        yield "rectify", said.rectify, None
    if said.recheck:
        yield "recheck", said.recheck, _lit(event.at, said.recheck, _next_visit(after, event) or over)
    owed = task.obligation
    if said.department and owed and event.at == task.inspected_at:
        yield "department", said.department, _lit(owed.pushed_at, said.department, owed.replied_at)


def _lit(started: datetime, due: Deadline, done: datetime | None) -> Lamp:
    return lamp(started, due.at, datetime.now(UTC), done)


def _on_list(after: Replayed) -> datetime | None:
    """When somebody had it first."""
    given = (step.event.at for step in after.steps if step.moved and step.event.event is Happened.ASSIGNED)
    return min(given, default=None)


def _next_visit(after: Replayed, event: TaskEvent) -> datetime | None:
    later = (
        step.event.at
        for step in after.steps
        if step.moved and step.event.event is Happened.INSPECTED and step.event.at > event.at
    )
    return min(later, default=None)


def _deadline(lang: str, tz: ZoneInfo, word: str, due: Deadline, lit: Lamp | None) -> str:
    at = moment(lang, due.at.astimezone(tz))
    at = say(lang, "card.provisional", due=at) if due.provisional else at
    text = escape(f"{say(lang, f'deadline.{word}')} {at}")
    if lit is None:
        return f"<span>{text}</span>"
    shown = escape(say(lang, f"lamp.{lit}"))
    return f'<span style="--c:{LAMPS[lit]}"><i class="gw-lamp"></i> {text} · {shown}</span>'


def _evidence(lang: str, visit: Row, card: Row) -> str:
    """What a visit brought: its findings, then what shows that it was made."""
    found = "".join(f"<span>{escape(_finding(lang, finding))}</span>" for finding in visit["findings"] or ())
    place = f"{visit['lon']:.5f}, {visit['lat']:.5f}"
    if card["lon"] is not None:
        away = distance_m(visit["lon"], visit["lat"], card["lon"], card["lat"])
        place += say(lang, "visit.away", metres=f"{float(away):,.0f}")
    proof = [
        f"{visit['started']:%H:%M}–{visit['ended']:%H:%M}",
        say(lang, "visit.photos", n=len(visit["photos"])),
        place,
    ]
    if visit["receipt_no"]:
        proof.append(say(lang, "visit.receipt", number=visit["receipt_no"]))
    faked = escape(say(lang, "visit.mock"))
    mock = f'<em style="--c:{theme.RED}">{faked}</em>' if visit["mock"] else ""
    return f"{found}<span>{escape(' · '.join(proof))}</span>{mock}{photos.strip(lang, visit['photos'])}"


def _finding(lang: str, finding: Row) -> str:
    colon = ": " if lang == "en" else "："
    text = f"{name(lang, finding)}{colon}{name(lang, finding, 'answer_')}"
    grade = f" [{say(lang, 'severity.' + finding['severity'])}]" if finding["severity"] else ""
    note = f" {name(lang, finding, 'note_')}" if finding["note_name"] else ""
    return text + grade + note
