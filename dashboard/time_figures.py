"""How the page of the indicators shows a time: its quantiles, and the very incidents behind them."""

from dashboard.figures import Figures
from dashboard.filters import Pills
from dashboard.members import INCIDENTS
from dashboard.timings import Timing, clock
from dashboard.ui import theme
from dashboard.ui.i18n import say
from dashboard.ui.kpi import Card
from dashboard.ui.tables import Column, of
from db.connect import Row

_SIDES = ("taken", "waiting")
_NONE: Row = {"n": 0, "waiting": 0, "p50_s": None, "p95_s": None}


def _cards(lang: str, timing: Timing, whole: list[Row], parts: list[Row], change: str) -> list[Card]:
    """All, then each severity by itself."""
    formula = say(lang, "kpi.formula", formula=timing.formula, version=timing.version)
    title = say(lang, "kpi.median", title=timing.title[lang])
    by_severity = {row["key"]: row for row in parts}
    return [
        _card(lang, timing, title, theme.GREEN, next(iter(whole), _NONE), formula),
        *(
            _card(lang, timing, say(lang, f"severity.{severity}"), colour, by_severity.get(severity, _NONE))
            for severity, colour in theme.SEVERITY.items()
        ),
    ]


def _card(lang: str, timing: Timing, title: str, colour: str, row: Row, hint: str = "") -> Card:
    said = {"p95": clock(row["p95_s"]), "n": f"{row['n']:,}", "waiting": f"{row['waiting']:,}"}
    note = say(lang, "kpi.time_note", waiting_name=timing.waiting[lang], **said)
    return Card(title, clock(row["p50_s"]), note, colour, hint=hint)


def _severity(lang: str, row: Row) -> str:
    return say(lang, f"severity.{row['key']}")


_COLUMNS = (
    Column("step", lambda lang, row: _SIDES[not row["counts"]], "lamp", "step", _SIDES),
    Column("took_s", of("took_s"), "number"),
    *INCIDENTS,
)


def _columns(timing: Timing) -> tuple[Column, ...]:
    return _COLUMNS


TIMES = Figures(Pills("steps", "step", _SIDES), _cards, _severity, _columns)
