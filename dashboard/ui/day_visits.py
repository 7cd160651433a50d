"""The visits of a worker's day, and how a worker answers for one that is doubted."""

from html import escape
from urllib.parse import urlencode

from dashboard.ui.i18n import say
from dashboard.ui.tables import LAMPS
from db.connect import Row


def log(lang: str, rows: list[Row], links: bool) -> str:
    """The visits of ``read/day_visits``, numbered as on the map, as HTML; with `links` each leads to its
    evidence."""
    visits = "".join(_visit(lang, number, row, links) for number, row in enumerate(rows, 1))
    return f'<div class="gw gw-history">{visits}</div>'


def how_to_answer(lang: str, worker_id: str) -> str:
    """How a worker answers for a visit that is doubted, as HTML."""
    lines = (say(lang, f"answer.{word}", worker=worker_id) for word in ("visits", "rest"))
    head = escape(say(lang, "answer.title"))
    told = "".join(f"<p>{escape(line)}</p>" for line in lines)
    return f'<div class="gw gw-explained"><b>{head}</b>{told}</div>'


def _visit(lang: str, number: int, row: Row, links: bool) -> str:
    truth = "" if row["truth"] is None else f" {row['truth']} %"
    belief = escape(say(lang, f"belief.{row['belief']}") + truth)
    against = (", " if lang == "en" else "、").join(say(lang, f"evidence.{test}") for test in row["against"])
    named = escape(row["premises_name"] or row["premises_id"])
    if links:
        link = "visits?" + urlencode({"lang": lang, "picked": row["visit"]})
        named = f'<a href="{escape(link)}">{named}</a>'
    result = f"{say(lang, 'task_event.inspected_' + row['result'])} · {row['id']}"
    told = f"<em>{belief}{escape('：' if lang == 'zh' else ': ') + escape(against) if against else ''}</em>"
    appealed = say(lang, "dossier.appealed") if row["appealed"] else ""
    return (
        f'<div style="--c:{LAMPS[row["belief"]]}"><time>{row["started"]:%H:%M}–{row["ended"]:%H:%M}</time>'
        f'<i class="gw-lamp"></i><div><b>{number} · {named}</b>'
        f"<span>{escape(result)}</span>{told}<span>{escape(appealed)}</span></div></div>"
    )
