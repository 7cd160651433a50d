"""登录: a name and a password, the first of which has to be changed; and the page of one's own account."""

import math
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime
from html import escape
from typing import Any
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit, urlunsplit

import anyio
import msgspec
import psycopg
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from dashboard import door_log, identity, sessions, viewer
from dashboard.database import door
from dashboard.doors import ACCOUNT, LOGIN, LOGOUT
from dashboard.pages import discover
from dashboard.ui import plain
from dashboard.ui.i18n import LANGUAGES, language, say
from ingest.domain.account import Account, Role
from ingest.domain.password import hashed, matches, weakness

Form = dict[str, str]

FREE_TRIES = 5
"""As many wrong passwords lock an account; each more for twice as long, an hour at most."""
LONGEST_FORM = 4_096
_NOBODYS = hashed("nobody's")
"""Looked at for a name that nobody has, so that an answer tells by no clock whether somebody has it."""
AT_ONCE, MOST_WAITING = 2, 50
"""Each look at a password takes 64 MB and some 70 ms of a core. Whoever floods the login waits here, and not
where those who are in are answered; more than so many are sent away."""
_threads = anyio.CapacityLimiter(AT_ONCE)


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
    answer = RedirectResponse(f"./{_page(wanted)}", 303, {"Cache-Control": "no-store"})
    secure = request.url.scheme == "https"
    name = viewer.cookie_name(request.url.scheme)
    lasts_s = int(lasts.total_seconds())
    answer.set_cookie(name, token, max_age=lasts_s, secure=secure, httponly=True, samesite="lax")
    return answer


async def _login(request: Request) -> Response:
    wanted = request.query_params.get("next", "")
    if request.method == "POST":
        if _threads.statistics().tasks_waiting >= MOST_WAITING:
            return _ask(request, wanted, why="busy")
        form = await _form(request)
        return await anyio.to_thread.run_sync(_try, request, form, wanted, limiter=_threads)
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
            return _ask(request, wanted, name, "locked", minutes=_minutes(until))
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
    lang = _lang(request, wanted)
    body = (
        _told(lang, why, **said)
        + f'<form method="post" action="{escape(_address(LOGIN, lang, wanted))}">'
        + _field(lang, "name", "text", "username", name)
        + _field(lang, "password", "password", "current-password")
        + f"<button>{escape(say(lang, 'login.enter'))}</button></form>"
    )
    if identity.is_set():
        way = escape(_address(identity.WAY, lang, wanted))
        body += f'<a class="way quiet" href="{way}">{escape(say(lang, "login.identity"))}</a>'
    other = next(one for one in LANGUAGES if one != lang)
    status = {"": 200, "away": 503, "busy": 503, "locked": 429}.get(why, 401)
    return plain.page(lang, "login.title", body, _address(LOGIN, other, wanted), status, forms=True)


async def _account(request: Request) -> Response:
    if request.method == "POST":
        form = await _form(request)
        return await anyio.to_thread.run_sync(_change, request, form, limiter=_threads)
    return _own(request)


def _change(request: Request, form: Form) -> Response:
    """Another password for who is logged in."""
    session, new = viewer.session(), form.get("new", "")
    name = session.account.name
    try:
        found = door("try_password", account=name, free=FREE_TRIES)
        if not found or found[0]["locked_until"]:
            return _own(request, "locked", minutes=_minutes(found[0]["locked_until"]) if found else 0)
        if not matches(found[0]["password"], form.get("password", "")):
            return _own(request, "wrong_old")
        door("password_was_right", account=name)
        if new != form.get("again", ""):
            return _own(request, "differ")
        if why := "same" if new == form.get("password") else weakness(new, name):
            return _own(request, why)
        told = {"account": name, "password": hashed(new), "by": found[0]["password"]}
        if not door("set_password", **told, token_hash=session.token_hash):
            return _own(request, "wrong_old")
        door_log.note("password", session.account)
    except psycopg.Error:
        return _own(request, "away")
    sessions.forget(session)
    if not session.account.must_change:
        return _own(request, "changed")
    return RedirectResponse(f"./{_page(request.query_params.get('next', ''))}", 303)


def _own(request: Request, why: str = "", **said: Any) -> Response:
    account, wanted = viewer.account(), request.query_params.get("next", "")
    lang = _lang(request, wanted)
    here = escape(_address(ACCOUNT, lang, wanted))
    body = _told(lang, why or ("must_change" if account.must_change else ""), **said) + _who(lang, account)
    if not account.kiosk:
        body += f'<form method="post" action="{here}">' + "".join(
            _field(lang, key, "password", f"{kind}-password", word=word)
            for key, kind, word in (
                ("password", "current", "present"),
                ("new", "new", "new"),
                ("again", "new", "again"),
            )
        )
        body += f"<button>{escape(say(lang, 'login.change'))}</button></form>"
    body += (
        f'<form method="post" action="{escape(_address(LOGOUT, lang))}">'
        f'<button class="quiet">{escape(say(lang, "login.leave"))}</button></form>'
    )
    if not account.must_change:
        body += f'<p><a href="./?lang={lang}">{escape(say(lang, "login.back"))}</a></p>'
    other = next(one for one in LANGUAGES if one != lang)
    status = {"": 200, "changed": 200, "away": 503}.get(why, 400)
    return plain.page(lang, "login.own", body, _address(ACCOUNT, other, wanted), status, forms=True)


def _who(lang: str, account: Account) -> str:
    place = account.path or (account.district and str(account.district)) or say(lang, "login.whole")
    roles = " · ".join(say(lang, f"account_role.{role}") for role in Role if role in account.roles)
    told = {
        "login.name": account.name,
        "login.place": str(place),
        "login.roles": roles,
        "login.grade": say(lang, f"account_grade.{account.grade}"),
    }
    rows = (f"<dt>{escape(say(lang, key))}</dt><dd>{escape(text)}</dd>" for key, text in told.items())
    return f"<dl>{''.join(rows)}</dl>"


async def _logout(request: Request) -> Response:
    session = viewer.session()
    try:
        await run_in_threadpool(sessions.end, session)
        await run_in_threadpool(door_log.note, "out", session.account)
    except psycopg.Error:
        return _own(request, "away")
    answer = RedirectResponse(f".{LOGIN}", 303, {"Cache-Control": "no-store", "Clear-Site-Data": '"cache"'})
    for name in (viewer.COOKIE, viewer.SECURE_COOKIE):
        answer.delete_cookie(name, secure=name == viewer.SECURE_COOKIE, httponly=True, samesite="lax")
    return answer


async def _form(request: Request) -> Form:
    """What was filled in; of too much nothing. NUL, which no text in the database has, is another sign."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LONGEST_FORM:
            return {}
    filled = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)
    return {name: value.replace("\0", "\ufffd") for name, value in filled}


def _field(lang: str, key: str, kind: str, fills: str, value: str = "", word: str = "") -> str:
    name = escape(say(lang, f"login.{word or key}"))
    given = f' value="{escape(value)}"' if value else ""
    box = f"<input name={key} type={kind} autocomplete={fills} maxlength=200 required{given}>"
    return f"<label>{name}{box}</label>"


def _told(lang: str, why: str, **said: Any) -> str:
    if not why:
        return ""
    kind = "yes" if why == "changed" else "no"
    return f'<p class="{kind}" role="alert">{escape(say(lang, f"login.{why}", **said))}</p>'


def _lang(request: Request, wanted: str = "") -> str:
    """The page's own language, or that of the page that was wanted, or the browser's."""
    asked = request.query_params.get("lang") or dict(parse_qsl(_parts(wanted).query)).get("lang")
    return language(asked, request.headers.get("accept-language") or None)


def _address(path: str, lang: str, wanted: str = "") -> str:
    asked = {"lang": lang} | ({"next": wanted} if wanted else {})
    return f".{path}?{urlencode(asked)}"


def _page(wanted: str) -> str:
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


def _minutes(until: datetime) -> int:
    return max(1, math.ceil((until - datetime.now(UTC)).total_seconds() / 60))


ROUTES = [
    Route(LOGIN, _login, methods=["GET", "POST"]),
    Route(ACCOUNT, _account, methods=["GET", "POST"]),
    Route(LOGOUT, _logout, methods=["POST"]),
]
