"""One account: where it stands, what it may do, how it is, who made it."""

from html import escape

from dashboard.ui.actor import actor
from dashboard.ui.i18n import moment, name, say
from dashboard.ui.tables import LAMPS
from db.connect import Row


def card(lang: str, row: Row) -> str:
    """The row of ``read/accounts`` as HTML."""
    state = say(lang, f"account_state.{row['state']}")
    told = "".join(
        f"<dt>{escape(say(lang, f'account_card.{word}'))}</dt><dd>{escape(text)}</dd>"
        for word, text in _lines(lang, row).items()
    )
    return (
        f'<div class="gw gw-picked" style="--c:{LAMPS[row["state"]]}"><header><i class="gw-lamp"></i>'
        f"<b>{escape(row['name'])}</b><small>{escape(state)}</small></header><dl>{told}</dl></div>"
    )


def place(lang: str, row: Row) -> str:
    """The name of the unit where it stands, or its path where there is no such unit any more."""
    return name(lang, row, "unit_") if row["unit_name"] else str(row["place"])


def roles(lang: str, row: Row) -> str:
    """In words, side by side."""
    return (", " if lang == "en" else "、").join(say(lang, f"account_role.{role}") for role in row["roles"])


def grade(lang: str, row: Row) -> str:
    """In a word."""
    return say(lang, f"account_grade.{row['grade']}")


def _lines(lang: str, row: Row) -> dict[str, str]:
    lines = {
        "kind": say(lang, f"account_kind.{row['kind']}"),
        "place": f"{place(lang, row)} ({row['place']})",
        "roles": roles(lang, row),
        "grade": grade(lang, row),
    }
    if row["department_id"]:
        lines["department"] = (
            name(lang, row, "department_") if row["department_name"] else row["department_id"]
        )
    if row["worker_id"]:
        lines["worker"] = f"{name(lang, row, 'worker_')} ({row['worker_id']})"
    if row["state"] == "locked":
        lines["locked"] = moment(lang, row["locked_until"])
    if row["disabled"]:
        lines["disabled"] = moment(lang, row["disabled"])
    if not row["has_password"]:
        lines["password"] = say(lang, "account_card.by_identity")
    seen = moment(lang, row["seen"]) if row["seen"] else say(lang, "account_card.never")
    made = f"{moment(lang, row['made'])} · {actor(lang, row['made_by'])}"
    return {**lines, "seen": seen, "sessions": f"{row['sessions']:,}", "made": made}
