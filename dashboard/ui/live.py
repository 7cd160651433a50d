"""The marks by which ``beat.js`` finds what it keeps fresh, and what it wakes."""

from html import escape

AGAIN = "again"
"""The stamp of a fragment that wants to be drawn anew whatever happens."""


def panel(lang: str, group: str, name: str, html: str) -> str:
    """A panel whose HTML is fetched anew each tick; `group` is what it is asked for by."""
    return f'<div class="gw-live" lang="{lang}" data-of="{group}" data-panel="{escape(name)}">{html}</div>'


def still(html: str) -> str:
    """A panel that is as it was drawn."""
    return f'<div class="gw-live">{html}</div>'


def wake(name: str, stamp: str, every_ticks: int) -> str:
    """That the fragment it stands in is to be drawn anew once its stamp is another, but not more often than
    that."""
    return f'<i data-wake="{name}" data-stamp="{stamp}" data-every="{every_ticks}"></i>'
