"""How far a visit can be believed, in words: what its log claims, and what each test of it found."""

from collections.abc import Mapping
from html import escape
from typing import Any
from urllib.parse import urlencode

from dashboard.ui import photos, premises, theme
from dashboard.ui.i18n import lately, moment, name, say
from dashboard.ui.tables import LAMPS
from db.connect import Row

_SAYS = {"supports": theme.GREEN, "contradicts": theme.RED, "no_data": theme.GREY}


def card(lang: str, row: Row) -> str:
    """The row of ``read/visit_card``, with its photos as shots, as HTML."""
    truth = "—" if row["truth"] is None else f"{row['truth']} %"
    told = "".join(
        f"<dt>{escape(say(lang, f'card.{word}'))}</dt><dd>{content}</dd>"
        for word, content in _lines(lang, row)
    )
    who = name(lang, row, "worker_") if row["worker_name"] else row["worker_id"]
    return (
        f'<div class="gw gw-picked" style="--c:{LAMPS[row["belief"]]}">'
        f'<header><i class="gw-lamp" style="--c:{LAMPS[row["belief"]]}"></i><b>{escape(who)}</b>'
        f"<small>{escape(say(lang, 'belief.' + row['belief']))} · {truth}</small></header>"
        f"{photos.strip(lang, row['photos'])}<dl>{told}</dl></div>"
    )


def verdicts(lang: str, row: Row) -> str:
    """What each test said, the weightiest first, those without data last, as HTML."""
    entries = "".join(_entry(lang, verdict) for verdict in row["verdicts"] or ())
    return f'<div class="gw gw-history">{entries}</div>' if entries else _waiting(lang, row)


def _lines(lang: str, row: Row) -> list[tuple[str, str]]:
    lines = [
        ("unit_name", premises.named(lang, row)),
        ("visited", escape(f"{moment(lang, row['started'], seconds=True)} – {row['ended']:%H:%M:%S}")),
        ("result", escape(say(lang, "task_event.inspected_" + row["result"]))),
        ("weighed", escape(_weighed(lang, row))),
    ]
    if row["task_id"]:
        link = "tasks?" + urlencode({"lang": lang, "picked": row["task_id"]})
        lines.append(("task", f'<a href="{escape(link)}">{escape(row["task_id"])}</a>'))
    lines += [("appeal", escape(text)) for text in row["appeals"]]
    if row["incident_id"]:
        link = "alerts?" + urlencode({"lang": lang, "picked": row["incident_id"]})
        state = say(lang, "visits.case")
        lines.append(("incident", f'<a href="{escape(link)}">{escape(state)}</a>'))
    return lines


def _weighed(lang: str, row: Row) -> str:
    if row["weighed"] is None:
        return "—"
    return say(lang, "visits.weighed", at=lately(lang, row["weighed"]), times=row["times"])


def _entry(lang: str, verdict: Mapping[str, Any]) -> str:
    code = f"found.{verdict['test']}.{verdict['code']}"
    facts = {
        key: f"{value:g}" if isinstance(value, float) else value for key, value in verdict["facts"].items()
    }
    weight = f"{verdict['weight']:+.1f}" if verdict["weight"] else ""
    return (
        f'<div style="--c:{_SAYS[verdict["says"]]}"><time>{weight}</time><i class="gw-lamp"></i>'
        f"<div><b>{escape(say(lang, 'evidence.' + verdict['test']))}</b>"
        f"<span>{escape(say(lang, code, **facts))}</span></div></div>"
    )


def _waiting(lang: str, row: Row) -> str:
    due = f"{row['due']:%H:%M}" if row["due"] else "—"
    return f'<div class="gw gw-note">{escape(say(lang, "visits.waiting", due=due))}</div>'
