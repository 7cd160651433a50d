"""The sign that a screen shows the past, which nobody can take for the present: what time it is there."""

from datetime import datetime
from html import escape

from dashboard.ui.i18n import day, moment, say, weekday
from db.connect import Row


def sign(lang: str, clock: datetime, row: Row, known_at: datetime | None) -> str:
    """The time of the past, local, beside what it is: when its rates had been kept (None: they are counted);
    of the row of ``then/district`` since when there are positions, where those of then are no longer kept. A
    frame lies round the whole screen."""
    note = say(lang, "time.counted")
    if known_at:
        note = say(lang, "time.known", at=f"{known_at.astimezone(clock.tzinfo):%H:%M}")
    if not row["kept"]:
        note = say(lang, "time.kept", since=moment(lang, row["kept_since"]))
    colour = "" if row["kept"] else ' class="gw-gone"'
    return (
        '<i class="gw-then-frame"></i><div class="gw gw-then" role="status"><i></i>'
        f"<b>{escape(say(lang, 'time.sign'))}</b>"
        f"<time>{day(lang, clock)} {escape(weekday(lang, clock))}<strong>{clock:%H:%M:%S}</strong></time>"
        f"<span{colour}>{escape(note)}</span></div>"
    )


def not_read(lang: str, said: str) -> str:
    """What an address said that is no instant of the past."""
    told = say(lang, "time.not_read", said=said[:40])
    return f'<div class="gw gw-warning" role="status">{escape(told)}</div>'
