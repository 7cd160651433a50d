"""The doors: whoever asks for anything is asked who they are, over http and websocket alike.

Closed unless opened: an address that nobody has thought of is denied.
"""

from collections.abc import Collection
from urllib.parse import quote, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard import sessions, tickets, viewer
from dashboard.sessions import Session
from dashboard.ui import plain
from dashboard.ui.i18n import language

LOGIN, ACCOUNT, LOGOUT = "/login", "/account", "/logout"
BEAT, BY_TICKET, OF_OTHERS = "/api/beat", "/api/", "/api/map/"
FOR_ALL_MAPS = {"/api/map/style.json", "/api/map/marks.png", "/api/map/marks.json"}
"""What a worker's map of their own day is drawn with."""
TICKET = "gridward_ticket"
LONGEST_PATH = 1_000
_SAFE = {"GET", "HEAD"}
_OVER = 4401
"""The code with which the line of a session that is over is closed."""


class Doors:
    """The application `app` for those who are logged in; `opened`: the addresses that are for everybody,
    `pages`: those that lead to the login instead of an error."""

    def __init__(self, app: ASGIApp, opened: Collection[str], pages: Collection[str]) -> None:
        self._app, self._open, self._pages = app, frozenset(opened), frozenset(pages)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        path = scope["path"]
        if len(path) > LONGEST_PATH:
            await _deny(scope, receive, send, 414, "no address of ours is that long")
            return
        if not _is_from_here(scope):
            await _deny(scope, receive, send, 403, "asked for by another site's page")
            return
        if path in self._open:
            await self._app(scope, receive, send)
            return
        token = cookie(Headers(scope=scope), viewer.cookie_name(scope["scheme"]))
        try:
            session = await _session(token) if token else None
        except sessions.Away:
            await self._later(scope, receive, send)
            return
        if session is None:
            await self._to_the_login(scope, receive, send)
        elif session.account.must_change and path not in (ACCOUNT, LOGOUT):
            await self._to_the_account(scope, receive, send)
        else:
            await self._let_in(session, token, scope, receive, send)

    async def _let_in(self, session: Session, token: str, scope: Scope, receive: Receive, send: Send) -> None:
        viewer.here.set(session)
        if scope["type"] == "http":
            await self._answer(session, scope, receive, send)
            return

        async def watched() -> Message:
            """What the browser says, until its session is over: each picture is asked for by the browser."""
            message = await receive()
            try:
                still = await _session(token)
            except sessions.Away:
                still = None
            if still is None and message["type"] == "websocket.receive":
                await send({"type": "websocket.close", "code": _OVER})
                return {"type": "websocket.disconnect", "code": _OVER}
            return message

        await self._app(scope, watched, send)

    async def _answer(self, session: Session, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer over http: what tells of people or premises by ticket only, which an open page renews."""
        path, given = scope["path"], cookie(Headers(scope=scope), TICKET)
        if path.startswith(BY_TICKET) and not tickets.is_good(session, given):
            await _deny(scope, receive, send, 403, "no ticket, or no longer: load the page anew")
            return
        if session.account.worker_id and path.startswith(OF_OTHERS) and path not in FOR_ALL_MAPS:
            await _deny(scope, receive, send, 403, "not yours")
            return
        renewed = tickets.ticket(session) if path in self._pages or path == BEAT else given

        async def renewing(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).append("Set-Cookie", _ticket(renewed, scope["scheme"]))
            await send(message)

        await self._app(scope, receive, send if renewed == given else renewing)

    async def _to_the_login(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._is_page(scope):
            await _redirect(f".{LOGIN}?next={_wanted(scope)}", scope, receive, send)
        else:
            await _deny(scope, receive, send, 401, "log in")

    async def _to_the_account(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._is_page(scope):
            await _redirect(f".{ACCOUNT}?next={_wanted(scope)}", scope, receive, send)
        else:
            await _deny(scope, receive, send, 403, "the first password must be changed")

    async def _later(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._is_page(scope):
            await plain.away(language(None, Headers(scope=scope).get("accept-language")))(
                scope, receive, send
            )
        else:
            await _deny(scope, receive, send, 503, "the database is away")

    def _is_page(self, scope: Scope) -> bool:
        return scope["type"] == "http" and scope["method"] in _SAFE and scope["path"] in self._pages


def cookie(headers: Headers, name: str) -> str:
    """What the browser keeps by that name; '' for nothing."""
    return cookie_parser(headers.get("cookie", "")).get(name, "")


def _ticket(value: str, scheme: str) -> str:
    secure = "; Secure" if scheme == "https" else ""
    lasts_s = tickets.GOOD_FOR_S + tickets.STEP_S
    return f"{TICKET}={value}; Path=/; Max-Age={lasts_s}; HttpOnly; SameSite=Strict{secure}"


async def _session(token: str) -> Session | None:
    return sessions.known(token) or await run_in_threadpool(sessions.find, token)


def _is_from_here(scope: Scope) -> bool:
    """Whether a page of this very server asks, for all that changes something: a browser says whose page it
    is, and no page can have it say anything else."""
    if scope["type"] == "http" and scope["method"] in _SAFE:
        return True
    headers = Headers(scope=scope)
    try:
        origin = urlsplit(headers.get("origin", ""))
    except ValueError:
        return False
    return origin.netloc == headers.get("host", "") != ""


def _wanted(scope: Scope) -> str:
    """The page that is asked for, as a parameter has it."""
    query = scope["query_string"].decode("latin-1")
    return quote(scope["path"].lstrip("/") + (f"?{query}" if query else ""))


async def _redirect(where: str, scope: Scope, receive: Receive, send: Send) -> None:
    await RedirectResponse(where, 303, {"Cache-Control": "no-store"})(scope, receive, send)


async def _deny(scope: Scope, receive: Receive, send: Send, status: int, why: str) -> None:
    if scope["type"] == "websocket":
        await receive()  # its opening
        await send({"type": "websocket.close", "code": 1008})  # before it was accepted: 403
        return
    await PlainTextResponse(why, status, {"Cache-Control": "no-store"})(scope, receive, send)
