"""How the map's data is asked for by URL, and answered: packed, or that there is none."""

import gzip
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec
import psycopg
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from dashboard import data
from dashboard.ui.i18n import LANGUAGES
from db.connect import Scope

_TICK = re.compile(r"[0-9]{1,18}\Z")


@dataclass(frozen=True, slots=True)
class Body:
    """What is sent, plain and packed."""

    plain: bytes
    packed: bytes

    @classmethod
    def of(cls, drawn: Any) -> "Body":
        plain = msgspec.json.encode(drawn)
        return cls(plain, gzip.compress(plain, 1))


def asked_for(request: Request) -> tuple[Scope, str, int] | Response:
    """The scope, the language and the tick that something of the map is asked for; else what is answered."""
    scope = data.home()
    if not isinstance(scope, Scope):
        return PlainTextResponse("no district to show", 503)
    lang, tick = request.query_params.get("lang", "zh"), request.query_params.get("t", "")
    if lang not in LANGUAGES or not _TICK.match(tick):
        return PlainTextResponse("needs lang=zh|en and t=<tick>", 400)
    return scope, lang, int(tick)


def answered(request: Request, body: Callable[[], Body]) -> Response:
    """The body, or that the database is away."""
    try:
        return respond(request, body(), "private, max-age=60")
    except psycopg.Error:
        return PlainTextResponse("the database is away", 503)


def respond(request: Request, body: Body, kept: str) -> Response:
    """The body, packed for who can unpack it; `kept`: for how long it may be."""
    headers = {"Cache-Control": kept, "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        return Response(body.packed, headers=headers, media_type="application/json")
    return Response(body.plain, headers=headers, media_type="application/json")
