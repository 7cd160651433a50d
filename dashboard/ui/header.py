"""The head of every page: whose district, which page, what time it is there, how fresh the picture is."""

from html import escape
from urllib.parse import urlencode

from dashboard.data import Away, Picture, tick
from dashboard.ui import theme
from dashboard.ui.i18n import age, day, name, say, weekday
from ingest.domain.account import Account

BEAT_SILENT_S = 15


def district(lang: str, picture: Picture) -> str:
    """The name of the district, or of the viewer's unit in it, and the local date and time."""
    row = picture.one("district")
    now, unit = row["local_time"], name(lang, row, "unit_") if row.get("unit_name") else ""
    return (
        f'<div class="gw gw-place"><strong>{escape(unit or name(lang, row))}</strong>'
        f"<time>{day(lang, now)} {escape(weekday(lang, now))}<b>{now:%H:%M}</b></time></div>"
    )


def title(lang: str) -> str:
    return f'<h1 class="gw gw-name">{escape(say(lang, "title"))}</h1>'


def look(lang: str) -> str:
    """The ways to the dark look and to the light one, of which the style sheet shows the other's."""
    return (
        '<div class="gw">'
        + "".join(
            f'<a class="gw-look {one}" href="?{urlencode({"lang": lang, "look": one})}" target="_self">'
            f"{escape(say(lang, f'look.{one}'))}</a>"
            for one in ("dark", "light")
        )
        + "</div>"
    )


def account(lang: str, account: Account) -> str:
    """Who is logged in, and the way to their own page, on which one changes the password and logs out."""
    return (
        f'<div class="gw"><a class="gw-account" href="account?lang={lang}" target="_self" '
        f'title="{escape(say(lang, "login.own"))}">{escape(account.name)}</a></div>'
    )


def freshness(lang: str, picture: Picture | Away | None) -> str:
    """A lamp and how old the newest data is, or what has gone silent."""
    colour, head, note = state(lang, picture)
    return (
        f'<div class="gw gw-fresh" role="status" style="--c:{colour}" data-tick="{tick()}">'
        f'<i class="gw-lamp"></i><b>{escape(head)}</b><span>{escape(note)}</span></div>'
    )


def lost(lang: str) -> str:
    """That the server is not heard, and for how many seconds; ``alive.js`` shows it while that is so."""
    before, after = say(lang, "notice.server_lost", seconds="|").split("|")
    return f'<div class="gw gw-lost" role="alert">▲ {escape(before)}<b></b>{escape(after)}</div>'


def state(lang: str, picture: Picture | Away | None) -> tuple[str, str, str]:
    """Colour, headline and note: live, silent or away."""
    if picture is None:
        return theme.AMBER, say(lang, "notice.no_district"), say(lang, "notice.no_district_note")
    if isinstance(picture, Away):
        return theme.RED, say(lang, "notice.database_away"), say(lang, "notice.no_picture")
    if picture.away:
        note = say(lang, "notice.picture_age", age=age(lang, picture.age_s))
        return theme.RED, say(lang, "notice.database_away"), note
    ingest = picture.one("ingest_state")
    if not ingest:
        return theme.AMBER, say(lang, "notice.ingest_never"), ""
    fact_age = ingest["fact_age_s"]
    note = say(lang, "notice.no_data" if fact_age is None else "notice.data_age", age=age(lang, fact_age))
    if ingest["beat_age_s"] > BEAT_SILENT_S:
        return theme.AMBER, say(lang, "notice.ingest_silent", age=age(lang, ingest["beat_age_s"])), note
    if not ingest["connected"]:
        return theme.AMBER, say(lang, "notice.broker_away"), note
    return theme.GREEN, say(lang, "notice.live"), note
