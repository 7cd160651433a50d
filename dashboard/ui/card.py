"""The card of what was clicked on the map: who or what it is, how it is, since when."""

from datetime import datetime
from html import escape

from dashboard.ui import nearby, premises, theme
from dashboard.ui.i18n import age, day, lately, moment, name, say
from dashboard.ui.kpi import percent
from db.connect import Row
from words.alert import sentence

Lines = list[tuple[str, str]]


def of(lang: str, layer: str, row: Row, rate: str = "") -> str:
    """The card of a row of ``read/{worker,device,grid,premises,alert}_card`` or ``read/workers_by_unit`` as
    HTML; `rate`: what is said of a grid by which the map is coloured."""
    kind, lit, lines = _ABOUT[layer](lang, row)
    if rate:
        lines.insert(1, ("rate_of", rate))
    return _card(lang, _title(lang, layer, row), kind, lit, lines, _premises_of(layer, row))


def cell(lang: str, layer: str, said: str) -> str:
    """The card of a square of a heat map: what its tip says."""
    return _card(lang, said, say(lang, f"layer.{layer}"), theme.BLUE, [], None)


def _title(lang: str, layer: str, row: Row) -> str:
    if layer == "premises":
        return str(row["premises_name"])
    if layer == "clusters" and not row["name"]:
        return say(lang, "status.no_grid")
    return sentence(lang, row) if layer == "alerts" else name(lang, row)


def _premises_of(layer: str, row: Row) -> str | None:
    if layer == "premises":
        return str(row["premises_id"])
    return row["params"].get("premises_id") if layer == "alerts" else None


def hint(lang: str) -> str:
    """What stands in the card's place until something is clicked."""
    return f'<div class="gw gw-hint">{escape(say(lang, "map.hint"))}</div>'


def told(tip: str) -> str:
    """What the map says of a thing by itself, as a card: its first line is its name."""
    head, *lines = tip.split("\n")
    said = "".join(f"<dt>{escape(line)}</dt>" for line in lines)
    return (
        f'<div class="gw gw-picked" style="--c:{theme.VIOLET}"><header><b>{escape(head)}</b></header>'
        f"<dl>{said}</dl></div>"
    )


def clock(lang: str, behind_s: float | None) -> str:
    """How far a clock is off; what is within a minute is right."""
    if not behind_s:
        return "—" if behind_s is None else say(lang, "clock.right")
    return say(lang, "clock.behind" if behind_s > 0 else "clock.ahead", age=age(lang, abs(behind_s)))


def _worker(lang: str, row: Row) -> tuple[str, str, Lines]:
    status, colour = "online", theme.GREEN
    if not row["on_duty"] or not row["online"]:
        status, colour = ("offline" if row["on_duty"] else "off_duty"), theme.GREY
    elif row["in_own_grid"] is False:
        status, colour = "outside", theme.AMBER
    lines = [
        ("status", say(lang, f"status.{status}")),
        ("unit", name(lang, row, "unit_")),
        ("grid", name(lang, row, "grid_") if row["grid_name"] else say(lang, "status.no_grid")),
        ("fix", _ago(lang, row["age_s"])),
        ("seen", _ago(lang, row["seen_s"])),
        ("battery", _figure(row["battery"], "%")),
        ("speed", _figure(row["speed_kmh"], "km/h")),
        ("today", f"{row['closed']:,} / {row['assigned']:,}　{percent(row['closed'], row['assigned'])}"),
    ]
    if row["outside_s"] is not None:
        lines.insert(3, ("outside", age(lang, row["outside_s"])))
    if row["here_time"] is not None and row["grid_name"]:
        lines.insert(3, ("here", f"{row['here_time']:%H:%M}"))
    if row["duty_time"] is not None:
        lines.insert(1, ("duty" if row["on_duty"] else "off_duty", lately(lang, row["duty_time"])))
    return say(lang, "kind.worker"), colour, lines


def _device(lang: str, row: Row) -> tuple[str, str, Lines]:
    lines = [
        ("status", say(lang, "status.online" if row["online"] else "status.offline")),
        ("carrier", name(lang, row, "worker_")),
        ("grid", name(lang, row, "grid_")),
        ("seen", _ago(lang, row["age_s"])),
        ("battery", _figure(row["battery"], "%")),
        ("storage", _figure(row["storage"], "%")),
        ("firmware", row["firmware"] or "—"),
        ("rate", _figure(row["an_hour"], say(lang, "card.an_hour"))),
        ("clock", clock(lang, row["clock_off_s"])),
        ("last_event", say(lang, f"event.{row['last_event']}") if row["last_event"] else "—"),
    ]
    if row["last_event"]:
        lines.append(("event_at", _since(lang, row["event_time"], row["event_age_s"])))
    if not row["online"] and row["seen"] is not None:
        lines[3] = ("offline", _since(lang, row["seen"], row["age_s"]))
    return say(lang, f"kind.{row['kind']}"), theme.GREEN if row["online"] else theme.GREY, lines


def _grid(lang: str, row: Row) -> tuple[str, str, Lines]:
    since = day(lang, row["since"]) if row["since"] else "—"
    lines = [
        ("station", name(lang, row, "station_")),
        ("workers", (row["workers_en"] if lang == "en" else row["workers"]) or "—"),
        ("since", since),
        ("present", f"{row['present']:,}"),
        ("premises", f"{row['premises']:,}"),
        ("tasks", say(lang, "card.tasks_n", n=f"{row['tasks']:,}", overdue=f"{row['overdue']:,}")),
        ("alerts", f"{row['alerts']:,}"),
    ]
    return say(lang, "column.grid"), theme.AMBER if row["alerts"] else theme.BLUE, lines


def _alert(lang: str, row: Row) -> tuple[str, str, Lines]:
    lines = [
        ("severity", say(lang, f"severity.{row['severity']}")),
        ("rule", say(lang, f"rule.{row['rule']}")),
        ("grid", name(lang, row, "grid_") if row["grid_name"] else say(lang, "status.no_grid")),
        ("raised", _since(lang, row["raised"], row["age_s"])),
    ]
    if row["cleared"] is not None:
        lines.append(("cleared", f"{lately(lang, row['cleared'])} · {age(lang, row['lasted_s'])}"))
    lit = theme.GREY if row["cleared"] is not None else theme.SEVERITY[row["severity"]]
    return say(lang, "legend.alert"), lit, lines


def _premises(lang: str, row: Row) -> tuple[str, str, Lines]:
    grade = row["risk_grade"]
    last = moment(lang, row["last_visit"]) if row["last_visit"] else "—"
    lines = [
        ("risk_grade", grade or say(lang, "map.no_grade")),
        ("category", row["category"]),
        ("address", row["address"] or "—"),
        ("grid", name(lang, row, "grid_")),
        ("last_visit", last),
        ("visits", f"{row['visits']:,}"),
    ]
    return say(lang, "kind.premises"), nearby.GRADES.get(grade, theme.GREY), lines


def _cluster(lang: str, row: Row) -> tuple[str, str, Lines]:
    lines = [(word, f"{row[key]:,}") for word, key in _OF_CLUSTERS.items()]
    return say(lang, "panel.workers_there", n=f"{row['workers']:,}"), theme.GREEN, lines


_OF_CLUSTERS = {"online_n": "online", "outside_n": "outside", "offline_n": "offline"}
_ABOUT = {
    "workers": _worker,
    "devices": _device,
    "grids": _grid,
    "premises": _premises,
    "alerts": _alert,
    "clusters": _cluster,
}


def _since(lang: str, local: datetime, seconds: float) -> str:
    return f"{lately(lang, local)} · {_ago(lang, seconds)}"


def _ago(lang: str, seconds: float | None) -> str:
    return "—" if seconds is None else say(lang, "card.ago", age=age(lang, seconds))


def _figure(value: float | None, unit: str) -> str:
    return "—" if value is None else f"{value:.0f} {unit}"


def _card(lang: str, title: str, kind: str, colour: str, lines: Lines, of_premises: str | None) -> str:
    opens = ""
    if of_premises:
        address = escape(premises.link(lang, of_premises))
        opens = f'<a href="{address}">{escape(say(lang, "card.archive"))}</a>'
    told = "".join(
        f"<dt>{escape(say(lang, f'card.{word}'))}</dt><dd>{escape(text)}</dd>" for word, text in lines
    )
    return (
        f'<div class="gw gw-picked" style="--c:{colour}"><header><i class="gw-lamp"></i>'
        f"<b>{escape(title)}</b><small>{escape(kind)}</small></header>"
        f"<dl>{told}</dl>{opens}</div>"
    )
