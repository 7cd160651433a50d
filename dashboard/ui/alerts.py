"""The alert feed: a code and its parameters said in the viewer's language, newest first."""

from html import escape

from dashboard.ui import theme
from dashboard.ui.i18n import age, name, say
from db.connect import Row


def sentence(lang: str, row: Row) -> str:
    """What an alert says. A rule without a sentence of its own is named by its code."""
    params = {
        key: f"{value:g}" if isinstance(value, float) else value for key, value in row["params"].items()
    }
    colon, comma = ("：", "、") if lang == "zh" else (": ", ", ")
    findings = [f"{name(lang, one)}{colon}{name(lang, one, 'answer_')}" for one in row.get("findings") or ()]
    worker = name(lang, row, "worker_") if row["worker_name"] else params.get("worker_id")
    device = row["device_name"] or params.get("device_id")
    grid = name(lang, row, "grid_") if row["grid_name"] else row.get("grid_id")
    premises = row["premises_name"] or params.get("premises_name") or params.get("premises_id")
    clue_kind = params.pop("clue_kind", None)
    clue = say(lang, f"clue_kind.{clue_kind}") if clue_kind else None
    named = {
        "worker": worker,
        "device": device,
        "holder": worker or device,
        "grid": grid,
        "whose": worker or grid,
        "event": say(lang, f"event.{params.pop('event', '')}"),
        "premises": premises,
        "whom": worker or _department(lang, row, params),
        "about": premises or clue,
        "kind": say(lang, f"kind.{params.pop('kind', '')}"),
        "findings": comma.join(findings),
        "clue": clue,
        "level": say(lang, f"level.{params.pop('level', '')}"),
    }
    known = {key: value for key, value in (params | named).items() if value}
    return say(lang, f"alert.{row['rule']}", **known)


def _department(lang: str, row: Row, params: Row) -> str | None:
    return name(lang, row, "department_") if row.get("department_name") else params.get("department_id")


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
