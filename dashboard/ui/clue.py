"""One clue: what was reported, who has it until when, and all that has happened to it."""

from collections.abc import Mapping
from html import escape

import msgspec

from dashboard.ui import photos, premises, theme
from dashboard.ui.actor import actor
from dashboard.ui.i18n import lately, moment, name, say
from dashboard.ui.tables import LAMPS
from db.connect import Row
from ingest.domain.clue import ClueCase, ClueEvent
from ingest.domain.clue_replay import replay_clue


def card(lang: str, row: Row) -> str:
    """The row of ``read/clue_card``, with its photos as shots, as HTML."""
    state = say(lang, f"clue.{row['state']}")
    level = f" · {say(lang, 'level.' + row['level'])}" if row["state"] == "dispatched" else ""
    told = "".join(
        f"<dt>{escape(say(lang, f'card.{word}'))}</dt><dd>{escape(text)}</dd>"
        for word, text in _lines(lang, row)
    )
    whom = f"<dt>{escape(say(lang, 'card.unit_name'))}</dt><dd>{premises.named(lang, row)}</dd>"
    title = f"{say(lang, 'clue_kind.' + row['kind'])} · {say(lang, 'severity.' + row['severity'])}"
    return (
        f'<div class="gw gw-picked" style="--c:{theme.SEVERITY[row["severity"]]}">'
        f'<header><i class="gw-lamp" style="--c:{LAMPS[row["lamp"]]}"></i><b>{escape(title)}</b>'
        f"<small>{escape(state + level)}</small></header>"
        f'<p class="gw-said">{escape(row["text"])}</p>{photos.strip(lang, row["photos"])}'
        f"<dl>{told}{whom}</dl></div>"
    )


def history(lang: str, case: Row, rows: list[Row]) -> str:
    """The rows of ``read/clue_history``, replayed from that of ``read/clue_replay``, as HTML."""
    events = [msgspec.convert(row, ClueEvent) for row in rows]
    told = {event.key: row for event, row in zip(events, rows, strict=True)}
    steps = replay_clue(msgspec.convert(case, ClueCase), events).steps
    entries = "".join(_entry(lang, step, told[step.key]) for step in steps)
    return f'<div class="gw gw-history">{entries}</div>'


def rejected(lang: str, rows: list[Row]) -> str:
    """The rows of ``read/rejected_replies`` as HTML."""
    entries = "".join(
        f'<div style="--c:{theme.RED}">'
        f'<time>{lately(lang, row["received"])}</time><i class="gw-lamp"></i><div>'
        f"<b>{escape(name(lang, row, 'department_') if row['department_name'] else row['department_id'])}</b>"
        f"<em>{escape(say(lang, 'irregular.' + row['reason']))}</em></div></div>"
        for row in rows
    )
    return f'<div class="gw gw-history">{entries}</div>'


def _lines(lang: str, row: Row) -> list[tuple[str, str]]:
    due = moment(lang, row["due"]) if row["due"] else "—"
    if row["due_provisional"]:
        due = say(lang, "card.provisional", due=due)
    by = (", " if lang == "en" else "、").join(say(lang, f"clue_by.{code}") for code in row["routed_by"])
    where = name(lang, row, "grid_") if row["grid_name"] else say(lang, "status.no_grid")
    lines = [
        ("reported", moment(lang, row["reported"])),
        ("source", say(lang, f"clue_source.{row['source']}")),
        ("reporter", name(lang, row, "reporter_")),
        ("grid", f"{where} ({row['lon']:.5f}, {row['lat']:.5f})"),
        ("industry", say(lang, f"industry.{row['industry']}") if row["industry"] else "—"),
        ("department", _department(lang, row)),
        ("told", say(lang, f"order_out.{row['told']}") if row["told"] else "—"),
        ("routed_by", by or "—"),
        ("due", due),
    ]
    if row["answer_due"]:
        lines.append(("answer_due", moment(lang, row["answer_due"])))
    if row["outcome"]:
        lines.append(("outcome", row["outcome"]))
    return lines


def _entry(lang: str, step: ClueEvent, row: Row) -> str:
    said = step.params
    what = say(
        lang,
        f"clue_event.{step.event}",
        department=_department(lang, row),
        level=say(lang, f"level.{said.level}") if said.level else "—",
    )
    who = name(lang, row, "actor_") if row["actor_name"] else actor(lang, step.actor)
    words = f"<q>{escape(said.text)}</q>" if said.text else ""
    odd = f"<em>{escape(say(lang, f'irregular.{step.irregular}'))}</em>" if step.irregular else ""
    colour = theme.RED if step.irregular else LAMPS.get(step.state, theme.BLUE)
    return (
        f'<div style="--c:{colour}"><time>{lately(lang, row["local_time"])}</time><i class="gw-lamp"></i>'
        f"<div><b>{escape(what)}</b><span>{escape(who)}</span>{words}{odd}</div></div>"
    )


def _department(lang: str, row: Mapping[str, object]) -> str:
    if row.get("department_name"):
        return name(lang, row, "department_")
    return str(row.get("department_id") or "—")
