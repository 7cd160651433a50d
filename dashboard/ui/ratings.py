"""The risk grade (风险等级) of premises: since when they have it, by whom and why; and those before it."""

from html import escape

from dashboard.ui import theme
from dashboard.ui.actor import actor
from dashboard.ui.i18n import day, moment, say
from dashboard.ui.nearby import GRADES
from db.connect import Row


def named(lang: str, grade: str | None) -> str:
    """What a grade is called."""
    return say(lang, "rating.grade", grade=grade) if grade else say(lang, "map.no_grade")


def card(lang: str, premises: Row, rows: list[Row]) -> str:
    """The grade in a row of ``read/premises_card`` and, by the rows of ``read/premises_ratings``, how it came
    to be, as HTML."""
    grade, registered = premises["risk_grade"], premises["risk_registered"]
    last = _last(premises, rows)
    lines = {}
    if last:
        lines = {
            "since": moment(lang, last["at"]),
            "by": actor(lang, last["actor"]),
            "reason": last["reason"],
        }
    elif grade:
        lines = {"since": say(lang, "rating.always"), "by": actor(lang, "import")}
    if registered and registered != grade:
        lines["registered"] = named(lang, registered)
    told = "".join(
        f"<dt>{escape(say(lang, f'rating.{word}'))}</dt><dd>{escape(text)}</dd>"
        for word, text in lines.items()
        if text
    )
    return (
        f'<div class="gw gw-picked" style="--c:{GRADES.get(grade, theme.GREY)}"><header><b>'
        f"{escape(named(lang, grade))}</b></header><dl>{told}</dl></div>"
    )


def earlier(lang: str, premises: Row, rows: list[Row]) -> str:
    """The changes before the one to the present grade, as HTML; '' without any."""
    last = _last(premises, rows)
    entries = "".join(_entry(lang, row) for row in rows if row is not last)
    return entries and f'<div class="gw gw-history">{entries}</div>'


def _last(premises: Row, rows: list[Row]) -> Row | None:
    """The change to the present grade."""
    return next((row for row in rows if row["risk_grade"] == premises["risk_grade"]), None)


def _entry(lang: str, row: Row) -> str:
    """What replaced what."""
    changed = f"{named(lang, row['before'])} → {named(lang, row['risk_grade'])}"
    told = "".join(f"<span>{escape(one)}</span>" for one in (actor(lang, row["actor"]), row["reason"]) if one)
    colour = GRADES.get(row["risk_grade"], theme.GREY)
    return (
        f'<div style="--c:{colour}"><time>{day(lang, row["at"])}</time><i class="gw-lamp"></i>'
        f"<div><b>{escape(changed)}</b>{told}</div></div>"
    )
