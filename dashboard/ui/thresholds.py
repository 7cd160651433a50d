"""A threshold in words: its rule, how it has been set, and what another value would have meant."""

from collections.abc import Sequence
from html import escape

from dashboard.ui import theme
from dashboard.ui.i18n import lately, moment, say
from db.connect import Row
from ingest.domain.escalation import Awaited


def figure(lang: str, value: float, unit: str) -> str:
    """'5 min', '20', '15%'."""
    word = say(lang, f"unit.{unit}")
    return f"{value:g}{word}" if word == "%" else f"{value:g} {word}".strip()


def actor(lang: str, row: Row) -> str:
    """Who set the value in force; where nobody did, that it is the rule's own."""
    if row["actor"] is None:
        return say(lang, "threshold.usual")
    return say(lang, "threshold.everybodys") if row["everybodys"] else str(row["actor"])


def card(lang: str, row: Row) -> str:
    """The row of ``read/thresholds`` as HTML: what the rule watches, and how this parameter stands."""
    lines = []
    if row["name"]:
        unit = row["unit"]
        lines = [
            ("value", figure(lang, row["value"], unit)),
            ("usual", figure(lang, row["usual"], unit)),
            ("bounds", f"{row['low']:g} – {figure(lang, row['high'], unit)}"),
        ]
        if row["next_from"]:
            coming = figure(lang, row["next_value"], unit)
            lines.append(
                ("coming", say(lang, "threshold.from", value=coming, at=moment(lang, row["next_from"])))
            )
    told = "".join(
        f"<dt>{escape(say(lang, f'threshold.{word}'))}</dt><dd>{escape(text)}</dd>" for word, text in lines
    )
    about = say(lang, f"rule_about.{row['rule']}")
    title = say(lang, f"parameter.{row['name']}") if row["name"] else say(lang, "threshold.none")
    return (
        f'<div class="gw gw-picked" style="--c:{theme.BLUE}"><header><i class="gw-lamp"></i>'
        f"<b>{escape(say(lang, 'rule.' + row['rule']))}</b><small>{escape(title)}</small></header>"
        f'<p class="gw-said">{escape(about)}</p><dl>{told}</dl></div>'
    )


def history(lang: str, rows: Sequence[Row]) -> str:
    """The rows of ``read/threshold_history`` as HTML."""
    entries = "".join(
        f'<div style="--c:{theme.BLUE}"><time>{lately(lang, row["since"])}</time><i class="gw-lamp"></i>'
        f"<div><b>{escape(figure(lang, row['value'], row['unit']))}</b>"
        f"<span>{escape(actor(lang, row))}</span></div></div>"
        for row in rows
    )
    return f'<div class="gw gw-history">{entries}</div>'


def escalation(lang: str, rows: list[Row]) -> str:
    """The rows of ``read/escalation_rules`` as HTML."""
    entries = ""
    for severity, colour in theme.SEVERITY.items():
        steps = {row["step"]: row for row in rows if row["severity"] == severity}
        minutes = {step: f"{steps[step]['minutes']:g}" for step in Awaited if step in steps}
        told = " · ".join(
            say(lang, "escalation.step", step=say(lang, f"awaited.{step}"), minutes=n)
            for step, n in minutes.items()
        )
        since = max((row["valid_from"] for row in steps.values()), default="—")
        entries += (
            f'<div style="--c:{colour}"><time>{since}</time><i class="gw-lamp"></i>'
            f"<div><b>{escape(say(lang, f'severity.{severity}'))}</b><span>{escape(told)}</span></div></div>"
        )
    return f'<div class="gw gw-history">{entries}</div>'


def preview(lang: str, row: Row, unit: str) -> str:
    """The row of ``read/preview`` that is done, as HTML: both counts, and both day by day."""
    words = {
        "value": figure(lang, row["value"], unit),
        "now": figure(lang, row["value_now"], unit),
        "days": row["days"],
        "alerts": f"{row['alerts']:,}",
        "alerts_now": f"{row['alerts_now']:,}",
    }
    said = escape(say(lang, "preview.result", **words))
    if row["share"] < 1:
        share = f"{100 * row['share']:.1g}"
        estimate = say(lang, "preview.estimate", share=share)
        said += f" <em>{escape(estimate)}</em>"
    legend = "".join(
        f'<span style="--c:{colour}"><i class="gw-lamp"></i>{escape(figure(lang, value, unit))}</span>'
        for colour, value in ((theme.AMBER, row["value"]), (theme.BLUE, row["value_now"]))
    )
    most = max((max(alerts, now) for _, alerts, now in row["by_day"]), default=0) or 1
    bars = "".join(_day(day, alerts / most, now / most, alerts, now) for day, alerts, now in row["by_day"])
    return (
        f'<div class="gw gw-preview"><p>{said}</p><div class="gw-legend">{legend}</div>'
        f'<div class="gw-bars">{bars}</div></div>'
    )


def _day(day: str, up: float, up_now: float, alerts: int, now: int) -> str:
    return (
        f'<span title="{escape(day)}: {alerts:,} / {now:,}">'
        f'<i style="height:{100 * up:.0f}%;background:{theme.AMBER}"></i>'
        f'<i style="height:{100 * up_now:.0f}%;background:{theme.BLUE}"></i></span>'
    )
