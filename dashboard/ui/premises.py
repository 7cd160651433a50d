"""One premises: who they are, their licences, and what there is about them, each part as HTML."""

from collections.abc import Callable, Iterable
from datetime import datetime
from html import escape
from urllib.parse import urlencode

from dashboard.ui import theme
from dashboard.ui.i18n import day, lately, moment, name, say
from dashboard.ui.kpi import Card
from dashboard.ui.nearby import GRADES
from dashboard.ui.premises_events import changes, status
from dashboard.ui.tables import LAMPS
from db.connect import Row
from words.alert import sentence


def link(lang: str, premises_id: str) -> str:
    """The address of their archive, relative to the screen's."""
    return "premises?" + urlencode({"lang": lang, "picked": premises_id})


def named(lang: str, row: Row) -> str:
    """The name in a row with ``premises_id`` and ``premises_name``, which opens their archive, as HTML."""
    if not row["premises_id"]:
        return "—"
    text = row["premises_name"] or row["premises_id"]
    return f'<a href="{escape(link(lang, row["premises_id"]))}">{escape(text)}</a>'


def cards(lang: str, row: Row) -> list[Card]:
    """The row of ``read/premises_card`` as cards: how they are, how they are graded, licensed and visited."""
    lamp, grade = row["licence_lamp"] or "none", row["risk_grade"]
    last = moment(lang, row["last_visit"]) if row["last_visit"] else "—"
    visited, found = (f"{row[key]:,}" for key in ("visits", "abnormal"))
    state, colour = status(lang, row["status"]), theme.GREEN if row["status"] == "in_business" else theme.GREY
    return [
        Card(row["premises_name"], state, escape(row["category"]), colour),
        Card(
            say(lang, "column.risk_grade"),
            grade or "—",
            say(lang, "archive.grade_note"),
            GRADES.get(grade, theme.GREY),
        ),
        Card(
            say(lang, "column.licence"),
            say(lang, f"licence.{lamp}"),
            say(lang, "archive.licence_note"),
            LAMPS[lamp],
        ),
        Card(
            say(lang, "archive.visits"),
            visited,
            say(lang, "archive.visits_note", abnormal=found, last=last),
            theme.BLUE,
        ),
    ]


def card(lang: str, row: Row) -> str:
    """The row of ``read/premises_card`` as HTML."""
    told = "".join(
        f"<dt>{escape(say(lang, f'card.{word}'))}</dt><dd>{escape(text)}</dd>"
        for word, text in _lines(lang, row)
    )
    tags = "".join(f"<span>{escape(tag)}</span>" for tag in row["tags"])
    return (
        f'<div class="gw gw-picked" style="--c:{theme.BLUE}"><header><b>{escape(row["premises_name"])}</b>'
        f"<small>{escape(row['premises_id'])}</small></header>"
        f'<div class="gw-tags">{tags}</div><dl>{told}</dl></div>'
    )


def _lines(lang: str, row: Row) -> list[tuple[str, str]]:
    people = "_en" if lang == "en" else ""
    where = name(lang, row, "grid_") if row["grid_name"] else say(lang, "status.no_grid")
    verified = ""
    if row["verified"]:
        who = name(lang, row, "verifier_") if row["verifier_name"] else row["verified_by"]
        verified = f"{day(lang, row['verified'])} · {who}"
    lines = [
        ("licence_no", row["licence_no"] or "—"),
        ("registered_on", str(row["registered_on"] or "")),
        ("business_scope", row["business_scope"]),
        ("sign", row["sign"]),
        ("phone", row["phone"]),
        ("address", row["address"] or "—"),
        ("grid", where),
        ("station", name(lang, row, "station_")),
        ("workers", row[f"workers{people}"] or "—"),
        ("officers", row[f"officers{people}"] or "—"),
        ("place", f"{row['lon']:.5f}, {row['lat']:.5f}"),
        ("verified", verified),
        ("delisted", day(lang, row["closed"]) if row["closed"] else ""),
    ]
    return [(word, text) for word, text in lines if text]


def papers(lang: str, rows: list[Row]) -> str:
    """The rows of ``read/premises_papers`` as HTML."""
    return _history(_paper(lang, row) for row in rows)


def _paper(lang: str, row: Row) -> str:
    head = f"{say(lang, 'licence_kind.' + row['kind'])} · {say(lang, 'licence.' + row['lamp'])}"
    if not row["number"]:
        return _item(LAMPS[row["lamp"]], "—", head, [say(lang, "archive.needed")])
    told = [row["number"], say(lang, "archive.valid_from", day=row["valid_from"] or "—")]
    if row["since"] and row["since"] != row["valid_from"]:
        told.append(say(lang, "archive.since", day=row["since"]))
    return _item(LAMPS[row["lamp"]], str(row["valid_to"] or say(lang, "archive.no_end")), head, told)


def _tasks(lang: str, rows: list[Row]) -> str:
    return _history(
        _item(
            LAMPS[row["lamp"]],
            lately(lang, row["due"]),
            name(lang, row, "category_") if row["category_name"] else row["category"],
            [
                f"{say(lang, 'task.' + row['state'])} · {say(lang, 'lamp.' + row['lamp'])}",
                name(lang, row, "worker_"),
            ],
            "tasks?" + urlencode({"lang": lang, "picked": row["task_id"]}),
        )
        for row in rows
    )


def _clues(lang: str, rows: list[Row]) -> str:
    return _history(
        _item(
            theme.SEVERITY[row["severity"]],
            day(lang, row["reported"]),
            f"{say(lang, 'clue_kind.' + row['kind'])} · {say(lang, 'clue.' + row['state'])}",
            [row["text"], name(lang, row, "reporter_"), row["outcome"]],
            "clues?" + urlencode({"lang": lang, "picked": row["clue_id"]}),
        )
        for row in rows
    )


def _alerts(lang: str, rows: list[Row]) -> str:
    return _history(
        _item(
            theme.GREY if row["cleared"] else theme.SEVERITY[row["severity"]],
            day(lang, row["raised"]),
            sentence(lang, row),
            [say(lang, "alert_state.cleared" if row["cleared"] else "alert_state.open")],
        )
        for row in rows
    )


def _scans(lang: str, rows: list[Row]) -> str:
    return _history(
        _item(
            _VERDICTS.get(row["verdict"], theme.RED),
            lately(lang, row["scanned"]),
            f"{row['product']} · {say(lang, 'event.' + row['verdict'])}",
            [
                say(lang, "archive.batch", batch=row["batch"]),
                name(lang, row, "worker_" if row["worker_name"] else "device_"),
            ],
        )
        for row in rows
    )


_VERDICTS = {"genuine": theme.GREEN, "unknown": theme.GREY}


def _reports(lang: str, rows: list[Row]) -> str:
    return _history(
        _item(
            theme.GREY if not row["valid"] else theme.GREEN if row["found_by"] else theme.RED,
            day(lang, row["reported"]),
            f"{row['kind']} · {say(lang, 'report.' + _JUDGED[row['valid']])}",
            [row["text"], found(lang, row["found_by"], row["found"])],
        )
        for row in rows
    )


_JUDGED = {True: "valid", False: "invalid", None: "not_judged"}


def found(lang: str, by: str | None, at: datetime | None) -> str:
    """By what a patrol had found, and when, what the public reported afterwards; or that it was missed."""
    if by is None or at is None:
        return say(lang, "report.missed")
    return say(lang, f"report.found_by_{by}", day=day(lang, at))


def _history(entries: Iterable[str]) -> str:
    return f'<div class="gw gw-history">{"".join(entries)}</div>'


def _item(colour: str, when: str, head: str, told: Iterable[str | None], link: str = "") -> str:
    """An entry: its lamp, its date, its headline, which may lead somewhere, and a line each below."""
    text = f'<a href="{escape(link)}">{escape(head)}</a>' if link else escape(head)
    lines = "".join(f"<span>{escape(line)}</span>" for line in told if line)
    return (
        f'<div style="--c:{colour}"><time>{when}</time><i class="gw-lamp"></i>'
        f"<div><b>{text}</b>{lines}</div></div>"
    )


ABOUT: dict[str, Callable[[str, list[Row]], str]] = {
    "tasks": _tasks,
    "clues": _clues,
    "alerts": _alerts,
    "scans": _scans,
    "reports": _reports,
    "events": changes,
}
"""What there is about premises: by the part of ``read/premises_{part}`` how its rows are drawn."""
