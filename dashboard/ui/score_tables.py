"""What a score is made of, as tables: its parts, what it is adjusted for, and the weights of a period."""

from collections.abc import Mapping
from datetime import date
from html import escape
from typing import Any

from dashboard.ui.i18n import day, moment, say
from dashboard.ui.scores import gaming, left_out
from db.connect import Row
from ingest.domain.scoring import INDICATORS

_PART = ("indicator", "items", "rate", "adjusted", "weight", "counts")
_WEIGHT = ("indicator", "meaning", "weight", "minimum", "since")
_EXPLAINED = ("points", "level", "adjusted", "too_little", "left_out", "gaming")


def parts(lang: str, row: Row) -> str:
    """What each indicator said, as an HTML table: items, rate, what it is adjusted to, weight, and why one
    that does not count does not."""
    heads = "".join(f"<th>{escape(say(lang, f'part.{word}'))}</th>" for word in _PART)
    lines = "".join(_part(lang, part) for part in row["parts"])
    return f'<table class="gw gw-parts"><thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table>'


def about(lang: str, row: Row) -> str:
    """What was left out, what looks like gaming, and what the score is adjusted for, as HTML."""
    lines = [
        ("left_out", left_out(lang, row["left_out"])),
        ("gaming", gaming(lang, row["gaming"])),
        ("adjusted_for", _traits(lang, row["traits"])),
        ("counted", moment(lang, row["counted"])),
    ]
    told = "".join(
        f"<dt>{escape(say(lang, f'score.{word}'))}</dt><dd>{escape(text or say(lang, 'score.none'))}</dd>"
        for word, text in lines
    )
    return f'<dl class="gw gw-facts">{told}</dl>'


def weights(lang: str, rows: list[Row], begins: date) -> str:
    """How points are made in the period that begins on that day, with the rows of ``read/score_weights``, as
    HTML."""
    known = {row["indicator"]: row for row in rows}
    whole = sum(row["weight"] for row in rows)
    lines = "".join(_weight(lang, known[code], whole) for code in INDICATORS if code in known)
    heads = "".join(f"<th>{escape(say(lang, f'weight.{word}'))}</th>" for word in _WEIGHT)
    told = "".join(f"<p>{escape(say(lang, f'explain.{word}'))}</p>" for word in _EXPLAINED)
    valid = escape(say(lang, "explain.weights", day=begins.isoformat()))
    return (
        f'<div class="gw gw-explained">{told}<p>{valid}</p>'
        f'<table class="gw-parts"><thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table></div>'
    )


def _part(lang: str, part: Mapping[str, Any]) -> str:
    counts = say(lang, "part.counted")
    if not part["counts"]:
        counts = say(lang, "part.too_few" if part["n"] else "part.none", minimum=part["minimum"])
    within = f"{_percent(part['adjusted'])} <small>{_percent(part['low'])}–{_percent(part['high'])}</small>"
    cells = (
        escape(say(lang, f"column.score_{part['indicator']}")),
        f"{part['k']:,} / {part['n']:,}",
        _percent(part["rate"]),
        "—" if part["adjusted"] is None else within,
        f"{part['weight']:g}",
        escape(counts),
    )
    kind = "" if part["counts"] else ' class="gw-out"'
    return f"<tr{kind}>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _weight(lang: str, row: Row, whole: float) -> str:
    share = f"{row['weight']:g} <small>{100 * row['weight'] / whole:.0f}%</small>" if whole else "0"
    whose = say(lang, "weight.own" if row["own"] else "weight.everybodys")
    cells = (
        escape(say(lang, f"column.score_{row['indicator']}")),
        escape(say(lang, f"measures.{row['indicator']}")),
        share,
        f"{row['minimum']:,}",
        f"{day(lang, row['valid_from'])} <small>{escape(whose)}</small>",
    )
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _traits(lang: str, traits: Mapping[str, float | None]) -> str:
    shown = {
        "load": lambda value: f"{value:,.0f}",
        "area_km2": lambda value: f"{value:,.2f}",
        "high_risk": lambda value: f"{100 * value:.0f}%",
    }
    told = [
        say(lang, f"score_trait.{code}", value=shown[code](value))
        for code, value in traits.items()
        if code in shown and value is not None
    ]
    return (", " if lang == "en" else "、").join(told)


def _percent(value: float | None) -> str:
    return "—" if value is None else f"{100 * value:.1f}%"
