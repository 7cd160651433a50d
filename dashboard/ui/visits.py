"""The log of the visits to one premises: who, when, what was found, and what shows that it was so."""

from html import escape
from urllib.parse import urlencode

from dashboard.ui import photos, theme
from dashboard.ui.i18n import day, name, say
from db.connect import Row
from ingest.domain.geo import distance_m

_COLOURS = {"normal": theme.GREEN, "abnormal": theme.AMBER}


def log(lang: str, card: Row, rows: list[Row]) -> str:
    """The rows of ``read/premises_visits``, with their photos as shots, of the premises of
    ``read/premises_card`` as HTML."""
    return f'<div class="gw gw-history">{"".join(_entry(lang, card, row) for row in rows)}</div>'


def _entry(lang: str, card: Row, row: Row) -> str:
    colour = theme.SEVERITY.get(row["severity"], _COLOURS[row["result"]])
    who = name(lang, row, "worker_") if row["worker_name"] else row["worker_id"]
    head = f"{say(lang, 'task_event.inspected_' + row['result'])} · {who}"
    when = f"{day(lang, row['ended'])}<br>{row['started']:%H:%M}–{row['ended']:%H:%M}"
    found = "".join(_finding(lang, finding) for finding in row["findings"] or ())
    proof = f"{_photos(lang, row)}<span>{escape(_place(lang, card, row))}</span>{_receipt(lang, row)}"
    faked = f'<em style="--c:{theme.RED}">{escape(say(lang, "visit.mock"))}</em>' if row["mock"] else ""
    return (
        f'<div style="--c:{colour}"><time>{when}</time><i class="gw-lamp"></i>'
        f"<div><b>{escape(head)}</b>{_task(lang, row)}{found}{proof}{faked}</div></div>"
    )


def _task(lang: str, row: Row) -> str:
    """For which task, which it opens."""
    if row["category"] is None:
        return ""
    link = "tasks?" + urlencode({"lang": lang, "picked": row["task_id"]})
    category = name(lang, row, "category_") if row["category_name"] else row["category"]
    return f'<span><a href="{escape(link)}">{escape(category)} · {escape(row["task_id"])}</a></span>'


def _finding(lang: str, finding: Row) -> str:
    text = say(lang, "visit.found", item=name(lang, finding), answer=name(lang, finding, "answer_"))
    note = f" {name(lang, finding, 'note_')}" if finding["note_name"] else ""
    if not finding["severity"]:
        return f"<span>{escape(text + note)}</span>"
    grade = escape(say(lang, f"severity.{finding['severity']}"))
    colour = theme.SEVERITY[finding["severity"]]
    return f'<em style="--c:{colour}"><i class="gw-lamp"></i> {escape(text)} · {grade}{escape(note)}</em>'


def _photos(lang: str, row: Row) -> str:
    """How many photos there are, when they were taken, and the photos themselves."""
    if not row["photos"]:
        return ""
    times = ", ".join(shot.taken[11:16] for shot in row["photos"] if shot.taken)
    told = escape(f"{say(lang, 'visit.photos', n=len(row['photos']))} {times}".strip())
    return f"<span>{told}</span>{photos.strip(lang, row['photos'])}"


def _place(lang: str, card: Row, row: Row) -> str:
    away = distance_m(row["lon"], row["lat"], card["lon"], card["lat"])
    return f"{row['lon']:.5f}, {row['lat']:.5f}" + say(lang, "visit.away", metres=f"{float(away):,.0f}")


def _receipt(lang: str, row: Row) -> str:
    """The number of what was printed, and its words to unfold, if the printer sent them."""
    if not row["receipt_no"]:
        return ""
    number = escape(say(lang, "visit.receipt", number=row["receipt_no"]))
    if not row["receipt"]:
        return f"<span>{number}</span>"
    return f"<details><summary>{number}</summary><pre>{escape(row['receipt'])}</pre></details>"
