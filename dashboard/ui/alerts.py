"""The alert feed: what each alert says, in the viewer's language, newest first."""

from html import escape

from dashboard.ui import theme
from dashboard.ui.i18n import age, name, say
from db.connect import Row
from words.alert import sentence


def feed(lang: str, rows: list[Row]) -> str:
    """The feed as HTML, in the order of the rows."""
    if not rows:
        return f'<div class="gw gw-empty">{escape(say(lang, "alerts.empty"))}</div>'
    return f'<div class="gw gw-feed">{"".join(_entry(lang, row) for row in rows)}</div>'


def _entry(lang: str, row: Row) -> str:
    severity = row["severity"]
    grid = name(lang, row, "grid_") if row["grid_name"] else say(lang, "status.no_grid")
    return (
        f'<div class="gw-alert" style="--c:{theme.SEVERITY[severity]}"><i class="gw-lamp {severity}"></i>'
        f'<div><div class="gw-what">{escape(sentence(lang, row))}</div>'
        f'<div class="gw-note"><b>{escape(say(lang, f"severity.{severity}"))}</b>'
        f"<span>{escape(say(lang, 'rule.' + row['rule']))} · {escape(grid)}</span>"
        f"<time>{row['local_time']:%H:%M:%S} · {escape(age(lang, row['age_s']))}</time></div></div></div>"
    )
