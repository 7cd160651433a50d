"""Photos as evidence: small ones in a row, each of which opens large at a click; of one not here, why."""

from collections.abc import Sequence
from html import escape

from dashboard.photos import Shot
from dashboard.ui.i18n import say


def strip(lang: str, shots: Sequence[Shot]) -> str:
    """The photos as HTML; '' where there are none."""
    if not shots:
        return ""
    return f'<div class="gw-photos">{"".join(_shot(lang, shot) for shot in shots)}</div>'


def _shot(lang: str, shot: Shot) -> str:
    if shot.lacks:
        return f'<span class="gw-lacks">{escape(say(lang, shot.lacks))}</span>'
    said = escape(say(lang, "photo.taken", at=shot.taken))
    # Open, the summary is the veil over the whole window, so that a click anywhere closes it again; the large
    # one is not asked for before.
    return (
        f'<details><summary title="{said}"><img src="{escape(shot.small)}" alt="{said}"></summary>'
        f'<img class="gw-whole" loading="lazy" src="{escape(shot.whole)}" alt="{said}"></details>'
    )
