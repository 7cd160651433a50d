"""我的账号: who one is here and what one may do, another password, and the way out."""

from html import escape
from typing import Any

import anyio
import psycopg
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from dashboard import door_log, sessions, viewer
from dashboard.database import door
from dashboard.doors import ACCOUNT, LOGIN, LOGOUT
from dashboard.login import FREE_TRIES, THREADS
from dashboard.login_forms import Form, address, field, filled, lang_of, minutes_until, page_of_ours, told
from dashboard.ui import plain
from dashboard.ui.i18n import LANGUAGES, say
from ingest.domain.account import Account, Role
from ingest.domain.password import hashed, matches, weakness


async def _account(request: Request) -> Response:
    if request.method == "POST":
        given = await filled(request)
        return await anyio.to_thread.run_sync(_change, request, given, limiter=THREADS)
    return _own(request)


def _change(request: Request, form: Form) -> Response:
    """Another password for who is logged in."""
    session, new = viewer.session(), form.get("new", "")
    name = session.account.name
    try:
        found = door("try_password", account=name, free=FREE_TRIES)
        if not found or found[0]["locked_until"]:
            return _own(request, "locked", minutes=minutes_until(found[0]["locked_until"]) if found else 0)
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
    return RedirectResponse(f"./{page_of_ours(request.query_params.get('next', ''))}", 303)


def _own(request: Request, why: str = "", **said: Any) -> Response:
    account, wanted = viewer.account(), request.query_params.get("next", "")
    lang = lang_of(request, wanted)
    here = escape(address(ACCOUNT, lang, wanted))
    body = told(lang, why or ("must_change" if account.must_change else ""), **said) + _who(lang, account)
    if not account.kiosk:
        body += f'<form method="post" action="{here}">' + "".join(
            field(lang, key, "password", f"{kind}-password", word=word)
            for key, kind, word in (
                ("password", "current", "present"),
                ("new", "new", "new"),
                ("again", "new", "again"),
            )
        )
        body += f"<button>{escape(say(lang, 'login.change'))}</button></form>"
    body += (
        f'<form method="post" action="{escape(address(LOGOUT, lang))}">'
        f'<button class="quiet">{escape(say(lang, "login.leave"))}</button></form>'
    )
    if not account.must_change:
        body += f'<p><a href="./?lang={lang}">{escape(say(lang, "login.back"))}</a></p>'
    other = next(one for one in LANGUAGES if one != lang)
    status = {"": 200, "changed": 200, "away": 503}.get(why, 400)
    return plain.page(lang, "login.own", body, address(ACCOUNT, other, wanted), status, forms=True)


def _who(lang: str, account: Account) -> str:
    place = account.path or (account.district and str(account.district)) or say(lang, "login.whole")
    roles = " · ".join(say(lang, f"account_role.{role}") for role in Role if role in account.roles)
    told = {
        "login.name": account.name,
        "login.place": str(place),
        "login.roles": roles,
        "login.grade": say(lang, f"account_grade.{account.grade}"),
    }
    if account.department_id:
        told["login.department"] = account.department_id
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


ROUTES = [
    Route(ACCOUNT, _account, methods=["GET", "POST"]),
    Route(LOGOUT, _logout, methods=["POST"]),
]
