"""The feed of incidents: what each is, in the viewer's language, where, since when, and who has it."""

from html import escape
from urllib.parse import urlencode

from dashboard.ui import theme
from dashboard.ui.actor import actor
from dashboard.ui.i18n import age, name, say
from dashboard.ui.incident import what
from db.connect import Row
from ingest.domain.incident import IncidentState


def entry(lang: str, row: Row, *, past: bool) -> str:
    """A row of ``read/incidents_open`` as HTML, unless it is `past` with the ways to take it up (``feed.js``)
    and to its card."""
    severity = row["severity"]
    grid = name(lang, row, "grid_") if row["grid_name"] else say(lang, "status.no_grid")
    state = say(lang, f"incident.{row['state']}")
    held = f"{state} · {actor(lang, row['acknowledged_by'])}" if row["acknowledged_by"] else state
    return (
        f'<div class="gw gw-alert" style="--c:{theme.SEVERITY[severity]}"><i class="gw-lamp {severity}"></i>'
        f'<div><div class="gw-what">{escape(what(lang, row))}</div>'
        f'<div class="gw-note"><b>{escape(say(lang, f"severity.{severity}"))}</b>'
        f"<span>{escape(held)} · {escape(grid)}</span>"
        f"<time>{row['local_time']:%H:%M} · {escape(age(lang, row['age_s']))}</time></div></div>"
        f"{'' if past else _ways(lang, row)}</div>"
    )


def _ways(lang: str, row: Row) -> str:
    incident_id, take = row["incident_id"], ""
    if row["state"] == IncidentState.RAISED:
        label = escape(say(lang, "incident_action.acknowledge"))
        take = f'<button data-take="{escape(incident_id)}">{label}</button>'
    to = f"alerts?{urlencode({'lang': lang, 'picked': incident_id})}"
    return f'<nav>{take}<a href="{escape(to)}" data-within>{escape(say(lang, "incident.card"))}</a></nav>'
