"""The siren: what is major and that nobody has taken on, over every page, until somebody does.

It flashes and sounds by ``siren.js``, which looks for ``gw-siren`` on the page, and screen.css.
"""

from html import escape

from dashboard.ui.i18n import say
from db.connect import Row
from words.alert import sentence


def banner(lang: str, rows: list[Row]) -> str:
    """What is shown of the row of ``read/siren``; nothing of none."""
    if not rows:
        return ""
    row, head = rows[0], say(lang, "siren.major")
    many = say(lang, "siren.many", n=row["whole"]) if row["whole"] > 1 else ""
    return (
        '<i class="gw-flash"></i><div class="gw gw-siren" role="alert">'
        f"<strong>{escape(head)}</strong><b>{escape(many)}</b>"
        f"<span>{escape(sentence(lang, row))}</span></div>"
    )


def told(outcome: str) -> str:
    """What has become of an order that was placed by one click, over every page."""
    return f'<div class="gw gw-told" aria-live="polite">{escape(outcome)}</div>'


def hint(lang: str) -> str:
    """That the browser lets nothing sound yet, and what to do; screen.css shows it while that is so."""
    return f'<div class="gw gw-mute"><i class="gw-lamp"></i>{escape(say(lang, "siren.off"))}</div>'
