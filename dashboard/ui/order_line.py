"""What somebody or something was told to do, and how far that is: each stage with its time, in one line."""

from datetime import datetime
from html import escape

from dashboard.ui import theme
from dashboard.ui.i18n import lately, name, say
from db.connect import Row

_AMISS = ("refused", "failed", "expired")
_COLOURS = {
    **dict.fromkeys(_AMISS, theme.RED),
    **dict.fromkeys(("queued", "sent"), theme.AMBER),
    **dict.fromkeys(("delivered", "read", "accepted", "on_the_way", "arrived"), theme.BLUE),
    "done": theme.GREEN,
    "withdrawn": theme.GREY,
}


def lines(lang: str, rows: list[Row]) -> str:
    """The rows of ``read/orders_down`` as HTML, one entry each."""
    return f'<div class="gw gw-history gw-orders">{"".join(line(lang, row) for row in rows)}</div>'


def line(lang: str, row: Row) -> str:
    """One of them: to whom and what, then sent, delivered ... done; what went amiss is marked."""
    state = say(lang, f"order_out.{row['state']}")
    what = " · ".join((say(lang, f"act.{row['act']}"), _whom(lang, row), state))
    about = " · ".join(part for part in (row["place"] or row["premises"], row["text"]) if part)
    quoted = f"<q>{escape(about)}</q>" if about else ""
    told = [stage for stage in row["stages"] if stage["stage"] != "queued"]  # the line begins with that
    stages = "".join(_stage(lang, stage) for stage in told)
    tries = say(lang, "acts.tries", tries=row["tries"]) if row["tries"] > 1 else ""
    return (
        f'<div style="--c:{_COLOURS[row["state"]]}"><time>{lately(lang, row["queued"])}</time>'
        f'<i class="gw-lamp"></i><div><b>{escape(what)}</b>{quoted}{_meeting(lang, row)}'
        f'<p class="gw-stages">{stages}<small>{escape(tries)}</small></p></div></div>'
    )


def _whom(lang: str, row: Row) -> str:
    return name(lang, row, "device_") if row["device_name"] else str(row["device_id"])


def _stage(lang: str, stage: Row) -> str:
    """A stage, with when it was and what was said with it."""
    at = datetime.fromisoformat(stage["at"])
    said = f"<q>{escape(stage['text'])}</q>" if stage["text"] else ""
    marked = f' class="gw-amiss" style="--c:{theme.RED}"' if stage["stage"] in _AMISS else ""
    word = escape(say(lang, f"order_out.{stage['stage']}"))
    return f"<span{marked}>{word} <time>{at:%H:%M:%S}</time>{said}</span>"


def _meeting(lang: str, row: Row) -> str:
    if not row["url"]:
        return ""
    word = escape(say(lang, "acts.meeting"))
    return f'<a href="{escape(row["url"])}" target="_blank" rel="noopener noreferrer">{word}</a>'
