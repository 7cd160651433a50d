"""登录: a name and a password, or the way to the identity provider."""

import unicodedata
from collections.abc import Sequence
from html import escape
from typing import Any

import anyio
import msgspec
import psycopg
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from dashboard import door_log, identity, sessions, viewer
from dashboard.database import door
from dashboard.doors import LOGIN
from dashboard.login_forms import Form, address, field, filled, lang_of, minutes_until, page_of_ours, told
from dashboard.ui import plain
from dashboard.ui.i18n import LANGUAGES, say
from ingest.domain.account import Account
from ingest.domain.password import hashed, matches

FREE_TRIES = 5
"""As many wrong passwords lock an account; each more for twice as long, an hour at most."""
_NOBODYS = hashed("nobody's")
"""Looked at for a name that nobody has, so that an answer tells by no clock whether somebody has it."""
AT_ONCE, MOST_WAITING = 2, 50
"""Each look at a password takes 64 MB and some 70 ms of a core. Whoever floods the login waits here, and not
where those who are in are answered; more than so many are sent away."""
THREADS = anyio.CapacityLimiter(AT_ONCE)


def account_of(name: str | None = None, identities: Sequence[str] = ()) -> Account | None:
    """The account of that name, or of one of these identities; None: there is none, or it is disabled.
    Raises psycopg.Error while the database is away."""
    rows = door("account", account=name, identities=list(identities))
    return msgspec.convert(rows[0], Account) if rows else None


def enter(request: Request, account: Account, wanted: str, by: str | None = None) -> Response:
    """Log somebody in, `by` what `sessions.begin` says, and lead them to the page that they `wanted`. Raises
    psycopg.Error."""
    begun = sessions.begin(account, by)
    if begun is None:
        return _ask(request, wanted, account.name, "wrong")
    token, lasts = begun
    door_log.note("in", account)
    answer = RedirectResponse(f"./{page_of_ours(wanted)}", 303, {"Cache-Control": "no-store"})
    secure = request.url.scheme == "https"
    name = viewer.cookie_name(request.url.scheme)
    lasts_s = int(lasts.total_seconds())
    answer.set_cookie(name, token, max_age=lasts_s, secure=secure, httponly=True, samesite="lax")
    return answer


async def _login(request: Request) -> Response:
    wanted = request.query_params.get("next", "")
    if request.method == "POST":
        if THREADS.statistics().tasks_waiting >= MOST_WAITING:
            return _ask(request, wanted, why="busy")
        given = await filled(request)
        return await anyio.to_thread.run_sync(_try, request, given, wanted, limiter=THREADS)
    if identity.was_asked(request):
        return identity.forget(request, await run_in_threadpool(_known_elsewhere, request, wanted))
    return _ask(request, wanted)


def _known_elsewhere(request: Request, wanted: str) -> Response:
    """For somebody who comes back from the identity provider."""
    try:
        names = identity.names(request)
        account = account_of(identities=names) if names else None
        if account is None:
            return _ask(request, wanted, why="unknown")
        return enter(request, account, wanted)
    except psycopg.Error:
        return _ask(request, wanted, why="away")


def _try(request: Request, form: Form, wanted: str) -> Response:
    name = unicodedata.normalize("NFC", form.get("name", "").strip())
    try:
        found = door("try_password", account=name, free=FREE_TRIES)
        kept = found[0]["password"] if found else None
        if found and (until := found[0]["locked_until"]):
            return _ask(request, wanted, name, "locked", minutes=minutes_until(until))
        right = matches(kept or _NOBODYS, form.get("password", ""))
        account = account_of(name) if found else None
        if account is None or not right:
            if account:
                door_log.note("refused", account)
            return _ask(request, wanted, name, "wrong")
        door("password_was_right", account=name)
        return enter(request, account, wanted, kept)
    except psycopg.Error:
        return _ask(request, wanted, name, "away")


def _ask(request: Request, wanted: str, name: str = "", why: str = "", **said: Any) -> Response:
    lang = lang_of(request, wanted)
    body = (
        told(lang, why, **said)
        + f'<form method="post" action="{escape(address(LOGIN, lang, wanted))}">'
        + field(lang, "name", "text", "username", name)
        + field(lang, "password", "password", "current-password")
        + f"<button>{escape(say(lang, 'login.enter'))}</button></form>"
    )
    if identity.is_set():
        way = escape(address(identity.WAY, lang, wanted))
        body += f'<a class="way quiet" href="{way}">{escape(say(lang, "login.identity"))}</a>'
    other = next(one for one in LANGUAGES if one != lang)
    status = {"": 200, "away": 503, "busy": 503, "locked": 429}.get(why, 401)
    return plain.page(lang, "login.title", body, address(LOGIN, other, wanted), status, forms=True)


ROUTES = [Route(LOGIN, _login, methods=["GET", "POST"])]
