"""How the map's data is asked for by URL, and answered: packed, or that there is none."""

import gzip
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec
import psycopg
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from dashboard import data
from dashboard.data import Away
from dashboard.rest import Rested
from dashboard.ui.i18n import LANGUAGES
from db.connect import Scope

_TICK = re.compile(r"[0-9]{1,18}\Z")
_KEPT = "private, max-age=60"


@dataclass(frozen=True, slots=True)
class Body:
    """What is sent, plain and packed."""

    plain: bytes
    packed: bytes

    @classmethod
    def of(cls, drawn: Any) -> "Body":
        plain = msgspec.json.encode(drawn)
        return cls(plain, gzip.compress(plain, 1))


async def home() -> Scope | Away | None:
    """The place of who is looking, without a wait where it is known."""
    return await run_in_threadpool(data.home) if data.home_is_to_be_found() else data.home()


async def asked_for(request: Request) -> tuple[Scope, str, int] | Response:
    """The scope, the language and the tick that something of the map is asked for; else what is answered."""
    scope = await home()
    if not isinstance(scope, Scope):
        return PlainTextResponse("no district to show", 503)
    lang, tick = request.query_params.get("lang", "zh"), request.query_params.get("t", "")
    if lang not in LANGUAGES or not _TICK.match(tick):
        return PlainTextResponse("needs lang=zh|en and t=<tick>", 400)
    return scope, lang, int(tick)


async def kept(
    request: Request, bodies: Rested[Body], key: object, tick: int, make: Callable[[int], Body]
) -> Response:
    """The body of the tick: at once where it is made already, as it is for all viewers but the first."""
    if body := bodies.ready(key, tick):
        return respond(request, body, _KEPT)
    return await answered(request, lambda: bodies.get(key, tick, make))


async def answered(request: Request, body: Callable[[], Body]) -> Response:
    """The body, or that the database is away; nobody else waits while it is made."""
    try:
        return respond(request, await run_in_threadpool(body), _KEPT)
    except psycopg.Error:
        return PlainTextResponse("the database is away", 503)


def respond(request: Request, body: Body, cached: str) -> Response:
    """The body, packed for who can unpack it; `cached`: for how long the browser may keep it."""
    headers = {"Cache-Control": cached, "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        return Response(body.packed, headers=headers, media_type="application/json")
    return Response(body.plain, headers=headers, media_type="application/json")
