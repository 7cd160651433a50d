"""The map's data by URL: serialised and packed once per (scope, language, tick) for all viewers.

What takes long to make, in a large district, is made less often.
"""

import gzip
import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec
import psycopg
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from dashboard import data
from dashboard.ui import markers
from dashboard.ui.i18n import LANGUAGES
from db.connect import Row, Scope

ALERTS_ON_MAP = 500
REST = 10
"""A body serves this many times as long as it took to make: a layer takes a tenth of a core at most."""

Draw = Callable[[str, list[Row]], Any]


@dataclass(frozen=True, slots=True)
class Source:
    """One of the map's layers: its query, and what makes of the rows what the layer draws."""

    query: str
    draw: Draw
    limit: int | None = None


SOURCES = {
    "grids": Source("read/grids", markers.grids),
    "workers": Source("read/workers_on_map", markers.workers),
    "devices": Source("read/devices_on_map", markers.devices),
    "alerts": Source("read/alerts_open", markers.alerts, ALERTS_ON_MAP),
}


@dataclass(frozen=True, slots=True)
class Body:
    """What is sent, plain and packed, the tick of which it is, and the first for which it is too old."""

    tick: int
    until: int
    plain: bytes
    packed: bytes


class Bodies:
    """The newest body of each key: made once a tick by whoever asks first, kept until there is a newer.

    One that was long in the making stands for the ticks after it, too. `clock`: seconds, ever rising.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._bodies: dict[object, Body] = {}
        self._locks: dict[object, threading.Lock] = {}

    def get(self, key: object, tick: int, make: Callable[[int], bytes]) -> Body:
        """The body of `tick` or later, or one that still stands for it, so that 0 is any there is. What
        `make` raises leaves the body of before in its place."""
        wanted, lock = min(tick, data.tick()), self._locks.setdefault(key, threading.Lock())
        with lock:
            body = self._bodies.get(key)
            if body is None or body.until <= wanted:
                now, began = data.tick(), self._clock()
                plain = make(now)
                packed = gzip.compress(plain, 1)
                stands = math.ceil(REST * (self._clock() - began) / data.TICK_S)
                body = self._bodies[key] = Body(now, now + max(1, stands), plain, packed)
        return body


_bodies = Bodies()


def _endpoint(name: str, source: Source) -> Callable[[Request], Response]:
    def endpoint(request: Request) -> Response:
        scope = data.home()
        if not isinstance(scope, Scope):
            return PlainTextResponse("no district to show", 503)
        lang = request.query_params.get("lang", "zh")
        tick = request.query_params.get("t", "")
        if lang not in LANGUAGES or not (tick.isascii() and tick.isdigit()):
            return PlainTextResponse("needs lang=zh|en and t=<tick>", 400)
        try:
            body = _bodies.get((scope, name, lang), int(tick), lambda now: _make(source, scope, lang, now))
        except psycopg.Error:
            return PlainTextResponse("the database is away", 503)
        return _response(request, body)

    return endpoint


def _make(source: Source, scope: Scope, lang: str, now: int) -> bytes:
    return msgspec.json.encode(source.draw(lang, data.rows(scope, source.query, now, source.limit)))


def _response(request: Request, body: Body) -> Response:
    headers = {"Cache-Control": "private, max-age=60", "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        return Response(body.packed, headers=headers, media_type="application/json")
    return Response(body.plain, headers=headers, media_type="application/json")


ROUTES = [Route(f"/api/map/{name}", _endpoint(name, source)) for name, source in SOURCES.items()]
