"""One task: what is to be done, how it stands, what the department owes, and the orders that went down."""

from datetime import datetime
from html import escape

from dashboard.ui import premises, theme
from dashboard.ui.i18n import lately, moment, name, say
from dashboard.ui.tables import LAMPS
from db.connect import Row

Lines = list[tuple[str, str]]

_STAGES = {"queued": theme.GREY, "sent": theme.BLUE, "withdrawn": theme.GREY}
_FAILED = dict.fromkeys(("refused", "failed", "expired"), theme.RED)


def card(lang: str, row: Row) -> str:
    """The row of ``read/task_card`` as HTML."""
    lamp = f"{say(lang, 'lamp.' + row['lamp'])} · {say(lang, 'task.' + row['state'])}"
    return (
        f'<div class="gw gw-picked" style="--c:{LAMPS[row["state"]]}">'
        f'<header><i class="gw-lamp" style="--c:{LAMPS[row["lamp"]]}"></i><b>{premises.named(lang, row)}</b>'
        f"<small>{escape(lamp)}</small></header>"
        f'<p class="gw-said">{escape(category(lang, row))}</p>{_told(lang, _lines(lang, row))}</div>'
        f"{_obligation(lang, row)}"
    )


def category(lang: str, row: Row) -> str:
    """What a row's category is called; its code where no module names it."""
    return name(lang, row, "category_") if row["category_name"] else str(row["category"])


def orders(lang: str, rows: list[Row]) -> str:
    """The rows of ``read/task_orders`` as HTML."""
    entries = "".join(_order(lang, row) for row in rows)
    return f'<div class="gw gw-history">{entries}</div>'


def rejected(lang: str, rows: list[Row]) -> str:
    """The rows of ``read/rejected_of_tasks`` as HTML."""
    entries = "".join(
        f'<div style="--c:{theme.RED}">'
        f'<time>{lately(lang, row["received"])}</time><i class="gw-lamp"></i><div>'
        f"<b>{escape(name(lang, row, 'worker_') if row['worker_name'] else row['worker_id'])}</b>"
        f"<em>{escape(say(lang, 'task_irregular.' + row['reason']))} {escape(row['about'])}</em></div></div>"
        for row in rows
    )
    return f'<div class="gw gw-history">{entries}</div>'


def warnings(lang: str, rows: list[Row]) -> str:
    """The rows of ``read/calendar_warnings`` as HTML: a line for each year that the calendar lacks."""
    said = (escape(say(lang, "calendar.unknown_year", **row)) for row in rows)
    lines = "".join(f"<div>{line}</div>" for line in said)
    lamp = '<i class="gw-lamp"></i>'
    return f'<div class="gw gw-warning" style="--c:{theme.AMBER}">{lamp}<div>{lines}</div></div>'


def _lines(lang: str, row: Row) -> Lines:
    comma = ", " if lang == "en" else "、"
    lines = [
        ("id", row["task_id"]),
        ("address", row["address"] or "—"),
        ("items", comma.join(name(lang, item) for item in row["checks"] or ()) or "—"),
        ("source", say(lang, f"source.{row['source']}")),
        ("worker", name(lang, row, "worker_") if row["worker_name"] else row["worker_id"] or "—"),
        ("grid", name(lang, row, "grid_") if row["grid_name"] else say(lang, "status.no_grid")),
        ("launched", moment(lang, row["launched"])),
        ("visit_due", _due(lang, row["due"], row["due_provisional"])),
    ]
    if row["push_due"] and not row["assigned"]:
        lines.append(("push_due", moment(lang, row["push_due"])))
    if row["recheck_due"]:
        lines.append(("recheck_due", _due(lang, row["recheck_due"], row["recheck_provisional"])))
    if row["rework"]:
        lines.append(("rework", f"{row['rework']}"))
    if row["suspended_reason"]:
        lines.append(("suspended", row["suspended_reason"]))
    if row["closed"]:
        lines.append(("closed_at", moment(lang, row["closed"])))
    return lines


def _obligation(lang: str, row: Row) -> str:
    if not row["department_id"]:
        return ""
    department = name(lang, row, "department_") if row["department_name"] else row["department_id"]
    lines = [
        ("due", _due(lang, row["department_due"], row["department_provisional"])),
        ("feedback_at", moment(lang, row["replied"]) if row["replied"] else say(lang, "obligation.owed")),
    ]
    if row["reply"]:
        lines.append(("feedback", row["reply"]))
    title = escape(say(lang, "obligation.title"))
    return (
        f'<div class="gw gw-picked" style="--c:{LAMPS[row["department_lamp"]]}">'
        f'<header><i class="gw-lamp"></i><b>{escape(department)}</b><small>{title}</small></header>'
        f"{_told(lang, lines)}</div>"
    )


def _order(lang: str, row: Row) -> str:
    whom = name(lang, row, "device_") if row["device_name"] else row["device_id"]
    colour = _FAILED.get(row["state"]) or _STAGES.get(row["state"], theme.GREEN)
    sent = (
        say(lang, "order_out.sent_at", at=moment(lang, row["sent"]), tries=row["tries"])
        if row["sent"]
        else ""
    )
    replied = say(lang, "order_out.replied_at", at=moment(lang, row["replied"])) if row["replied"] else ""
    words = f"<q>{escape(row['reply'])}</q>" if row["reply"] else ""
    what = f"{say(lang, 'order_kind.' + row['kind'])} · {whom} · {say(lang, 'order_out.' + row['state'])}"
    return (
        f'<div style="--c:{colour}"><time>{lately(lang, row["queued"])}</time><i class="gw-lamp"></i>'
        f"<div><b>{escape(what)}</b>"
        f"<span>{escape(f'{sent}　{replied}'.strip())}</span>{words}</div></div>"
    )


def _told(lang: str, lines: Lines) -> str:
    told = "".join(
        f"<dt>{escape(say(lang, f'card.{word}'))}</dt><dd>{escape(text)}</dd>" for word, text in lines
    )
    return f"<dl>{told}</dl>"


def _due(lang: str, due: datetime | None, provisional: bool) -> str:
    if due is None:
        return "—"
    return say(lang, "card.provisional", due=moment(lang, due)) if provisional else moment(lang, due)
