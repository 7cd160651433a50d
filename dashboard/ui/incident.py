"""One incident: how far it is, what it is, and its alerts, each part as HTML."""

from datetime import datetime
from html import escape
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from dashboard.ui import premises, theme
from dashboard.ui.actor import actor
from dashboard.ui.i18n import age, lately, name, say
from dashboard.ui.kpi import Card
from dashboard.ui.tables import LAMPS, lit
from db.connect import Row
from ingest.domain.incident import AWAITED, IncidentState
from words.alert import sentence

_STEPS = ("acknowledged", "dispatched", "on_the_way", "on_the_spot", "ended")
_REACHED = {"on_the_spot": theme.GREEN, "ended": theme.GREEN}


def link(lang: str, incident_id: str) -> str:
    """The address of its card, relative to the screen's."""
    return "alerts?" + urlencode({"lang": lang, "picked": incident_id})


def what(lang: str, row: Row) -> str:
    """What it is, in a sentence: its first alert's, and how many there are where it has several."""
    said = sentence(lang, row)
    return say(lang, "incident.gathered", what=said, n=f"{row['alerts']:,}") if row["alerts"] > 1 else said


def cards(lang: str, row: Row) -> list[Card]:
    """The row of ``read/incident_card`` as cards: how it stands, its steps with their times, what is due."""
    state, severity = row["state"], row["severity"]
    note = f"{say(lang, f'severity.{severity}')} · {age(lang, row['lasted_s'])}"
    found = [
        Card(
            say(lang, "column.state"),
            escape(say(lang, f"incident.{state}")),
            escape(note),
            lit("incident", state),
        )
    ]
    found += [_step(lang, row, step) for step in _STEPS]
    return [*found, _due(lang, row)]


def _step(lang: str, row: Row, step: str) -> Card:
    at, title = row[f"{step}_at"], say(lang, f"incident_step.{step}")
    if at is None:
        return Card(title, "—", "", theme.GREY)
    took = say(lang, "incident.after", age=age(lang, (at - row["opened_at"]).total_seconds()))
    who = _step_by(lang, row, step)
    note = " · ".join(part for part in (took, who) if part)
    return Card(title, f"{_local(row, at):%H:%M}", escape(note), _REACHED.get(step, theme.BLUE))


def _step_by(lang: str, row: Row, step: str) -> str:
    match step:
        case "acknowledged":
            return actor(lang, row["acknowledged_by"])
        case "dispatched":
            return say(lang, "incident.people", n=len(row["sent"]))
        case "on_the_spot":
            return say(lang, "incident.proved" if row["proved_at"] else "incident.unproved")
        case "ended":
            return actor(lang, row["ended_by"])
    return ""


def _due(lang: str, row: Row) -> Card:
    """Until when the next step must have happened, and who is called then."""
    title, awaited = say(lang, "column.due"), AWAITED.get(IncidentState(row["state"]))
    if row["due_at"] is None or awaited is None:
        return Card(title, "—", escape(say(lang, "incident.nothing_due")), theme.GREY)
    next_step = say(lang, f"awaited.{awaited}")
    above = name(lang, row, "above_") if row["above_name"] else None
    note = say(lang, "incident.then_called", step=next_step, unit=above) if above else next_step
    return Card(title, f"{_local(row, row['due_at']):%H:%M:%S}", escape(note), LAMPS[row["lamp"]])


def card(lang: str, row: Row) -> str:
    """The row of ``read/incident_card`` as HTML."""
    told = "".join(
        f"<dt>{escape(say(lang, f'card.{word}'))}</dt><dd>{text}</dd>" for word, text in _lines(lang, row)
    )
    return (
        f'<div class="gw gw-picked" style="--c:{theme.SEVERITY[row["severity"]]}">'
        f'<header><i class="gw-lamp" style="--c:{lit("incident", row["state"])}"></i>'
        f"<b>{escape(what(lang, row))}</b>"
        f"<small>{escape(say(lang, 'incident.' + row['state']))}</small></header><dl>{told}</dl></div>"
    )


def _lines(lang: str, row: Row) -> list[tuple[str, str]]:
    """Words and what they say, the latter as HTML."""
    where = name(lang, row, "grid_") if row["grid_name"] else say(lang, "status.no_grid")
    if row["lon"] is not None:
        where += f" ({row['lon']:.5f}, {row['lat']:.5f})"
    counts = say(lang, "incident.alerts_n", n=f"{row['alerts']:,}", open=f"{row['open_alerts']:,}")
    signals = "alerts?" + urlencode({"lang": lang, "signals": 1, "text": row["incident_id"]})
    held = actor(lang, row["acknowledged_by"]) if row["acknowledged_by"] else say(lang, "incident.nobody")
    lines = [
        ("rule", escape(say(lang, f"rule.{row['rule']}"))),
        ("grid", escape(where)),
        ("station", escape(name(lang, row, "station_"))),
        ("raised", escape(_second(lang, row, row["raised_at"]))),
        ("alerts_of_it", f'<a href="{escape(signals)}">{escape(counts)}</a>'),
        ("holder", escape(held)),
        ("called", escape(name(lang, row, "unit_"))),
    ]
    if row["params"].get("premises_id"):
        about = {"premises_id": row["params"]["premises_id"], "premises_name": row["premises_name"]}
        lines.insert(1, ("unit_name", premises.named(lang, about)))
    if row["facts_cleared_at"]:
        lines.append(("facts_cleared", escape(_second(lang, row, row["facts_cleared_at"]))))
    if row["reason"]:
        lines.append(("reason", escape(row["reason"])))
    if row["merged_into"]:
        to, word = link(lang, row["merged_into"]), say(lang, "incident.card")
        lines.append(("merged_into", f'<a href="{escape(to)}">{escape(word)}</a>'))
    return lines


def alerts(lang: str, rows: list[Row]) -> str:
    """The rows of ``read/incident_alerts`` as HTML."""
    return f'<div class="gw gw-history">{"".join(_alert(lang, row) for row in rows)}</div>'


def _alert(lang: str, row: Row) -> str:
    over = row["cleared"] is not None
    colour = theme.GREY if over else theme.SEVERITY[row["severity"]]
    ended = say(lang, "incident.cleared_at", at=f"{row['cleared']:%H:%M:%S}") if over else ""
    where = name(lang, row, "grid_") if row["grid_name"] else say(lang, "status.no_grid")
    note = " · ".join(part for part in (say(lang, f"severity.{row['severity']}"), where, ended) if part)
    return (
        f'<div style="--c:{colour}"><time>{lately(lang, row["raised"])}</time><i class="gw-lamp"></i>'
        f"<div><b>{escape(sentence(lang, row))}</b><span>{escape(note)}</span></div></div>"
    )


def _second(lang: str, row: Row, at: datetime) -> str:
    return lately(lang, _local(row, at), seconds=True)


def _local(row: Row, at: datetime) -> datetime:
    return at.astimezone(ZoneInfo(row["tz"]))
