"""What the pages around the login have in common: forms that are read and made, and where they lead."""

import math
from datetime import UTC, datetime
from html import escape
from typing import Any
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit, urlunsplit

from starlette.requests import Request

from dashboard.pages import discover
from dashboard.ui.i18n import language, say

Form = dict[str, str]

LONGEST_FORM = 4_096


async def filled(request: Request) -> Form:
    """What was filled in; of too much nothing. NUL, which no text in the database has, is another sign."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LONGEST_FORM:
            return {}
    pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)
    return {name: value.replace("\0", "\ufffd") for name, value in pairs}


def field(lang: str, key: str, kind: str, fills: str, value: str = "", word: str = "") -> str:
    """A box to fill in, as HTML: its name in the form, its type, what a browser may fill in by itself, what
    stands in it, and by which locale key below ``login`` it is called, if not by its name."""
    name = escape(say(lang, f"login.{word or key}"))
    given = f' value="{escape(value)}"' if value else ""
    box = f"<input name={key} type={kind} autocomplete={fills} maxlength=200 required{given}>"
    return f"<label>{name}{box}</label>"


def told(lang: str, why: str, **said: Any) -> str:
    """What became of the last form, as HTML; '' if there was none."""
    if not why:
        return ""
    kind = "yes" if why == "changed" else "no"
    return f'<p class="{kind}" role="alert">{escape(say(lang, f"login.{why}", **said))}</p>'


def lang_of(request: Request, wanted: str = "") -> str:
    """The page's own language, or that of the page that was wanted, or the browser's."""
    asked = request.query_params.get("lang") or dict(parse_qsl(_parts(wanted).query)).get("lang")
    return language(asked, request.headers.get("accept-language") or None)


def address(path: str, lang: str, wanted: str = "") -> str:
    """An address beside this page's, not yet escaped; `wanted`: the page to which it leads at the end."""
    asked = {"lang": lang} | ({"next": wanted} if wanted else {})
    return f".{path}?{urlencode(asked)}"


def page_of_ours(wanted: str) -> str:
    """The page's address, if it is one of ours: nobody is led elsewhere."""
    parts = _parts(wanted)
    ours = parts.path in {"", *(page.name for page in discover())}
    return urlunsplit(("", "", parts.path, parts.query, "")) if ours and not parts.netloc else ""


def _parts(address: str) -> SplitResult:
    """The address taken apart; of what is none, nothing."""
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")


def minutes_until(until: datetime) -> int:
    """Whole ones, one at least."""
    return max(1, math.ceil((until - datetime.now(UTC)).total_seconds() / 60))
