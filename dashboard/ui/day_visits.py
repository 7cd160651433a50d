"""The visits of a worker's day, and how a worker answers for one that is doubted."""

from html import escape
from urllib.parse import urlencode

from dashboard.ui.i18n import say
from dashboard.ui.tables import LAMPS
from db.connect import Row


def log(lang: str, rows: list[Row]) -> str:
    """The visits of ``read/day_visits``, numbered as on the map, each leading to its evidence, as HTML."""
    return f'<div class="gw gw-history">{"".join(_visit(lang, *pair) for pair in enumerate(rows, 1))}</div>'


def how_to_answer(lang: str, worker_id: str) -> str:
    """How a worker answers for a visit that is doubted, as HTML."""
    lines = (say(lang, f"answer.{word}", worker=worker_id) for word in ("visits", "rest"))
    head = escape(say(lang, "answer.title"))
    told = "".join(f"<p>{escape(line)}</p>" for line in lines)
    return f'<div class="gw gw-explained"><b>{head}</b>{told}</div>'


def _visit(lang: str, number: int, row: Row) -> str:
    link = "visits?" + urlencode({"lang": lang, "picked": row["visit"]})
    truth = "" if row["truth"] is None else f" {row['truth']} %"
    belief = escape(say(lang, f"belief.{row['belief']}") + truth)
    against = (", " if lang == "en" else "、").join(say(lang, f"evidence.{test}") for test in row["against"])
    named = escape(row["premises_name"] or row["premises_id"])
    result = f"{say(lang, 'task_event.inspected_' + row['result'])} · {row['id']}"
    told = f"<em>{belief}{escape('：' if lang == 'zh' else ': ') + escape(against) if against else ''}</em>"
    appealed = say(lang, "dossier.appealed") if row["appealed"] else ""
    return (
        f'<div style="--c:{LAMPS[row["belief"]]}"><time>{row["started"]:%H:%M}–{row["ended"]:%H:%M}</time>'
        f'<i class="gw-lamp"></i><div><b>{number} · <a href="{escape(link)}">{named}</a></b>'
        f"<span>{escape(result)}</span>{told}<span>{escape(appealed)}</span></div></div>"
    )
