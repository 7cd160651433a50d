"""What a page fetches by URL: photos, and the map's data, packed once per (scope, language, tick) for all.

What takes long to make, in a large district, is made less often.
"""

import gzip
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import msgspec
import psycopg
from itsdangerous import BadSignature
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from dashboard import data, past, photos, settings
from dashboard.rest import Rested
from dashboard.ui import areas, markers
from dashboard.ui.i18n import LANGUAGES
from db.connect import Row, Scope

ALERTS_ON_MAP = 500
KEPT = 32
"""Layers of the past: those of a city are some 2 MB each."""

Draw = Callable[[str, list[Row]], Any]


@dataclass(frozen=True, slots=True)
class Source:
    """One of the map's layers: its query, and what makes of the rows what the layer draws."""

    query: str
    draw: Draw
    limit: int | None = None
    then: str = ""
    """The query that it is read by as it was known at an instant of the past; '': it shows the present."""


SOURCES = {
    "grids": Source("read/grids", areas.grids),
    "names": Source("read/grids", areas.names),
    "workers": Source("read/workers_on_map", markers.workers, then="then/workers_on_map"),
    "sights": Source("read/cameras_on_map", markers.sights, then="then/cameras_on_map"),
    "devices": Source("read/devices_on_map", markers.devices, then="then/devices_on_map"),
    "alerts": Source("read/alerts_open", markers.alerts, ALERTS_ON_MAP, "then/alerts_open"),
}


@dataclass(frozen=True, slots=True)
class Body:
    """What is sent, plain and packed."""

    plain: bytes
    packed: bytes


_bodies = Rested[Body]()


def _endpoint(name: str, source: Source) -> Callable[[Request], Response]:
    def endpoint(request: Request) -> Response:
        scope = data.home()
        if not isinstance(scope, Scope):
            return PlainTextResponse("no district to show", 503)
        lang = request.query_params.get("lang", "zh")
        tick = request.query_params.get("t", "")
        if lang not in LANGUAGES or not (tick.isascii() and tick.isdigit()):
            return PlainTextResponse("needs lang=zh|en and t=<tick>", 400)
        at = request.query_params.get("at", "")
        if at and not past.is_signed(scope, at, request.query_params.get("key", "")):
            return PlainTextResponse("not signed: a look at the past is written down", 403)
        try:
            if at and source.then:
                return _response(request, _past(settings.load().database_url, scope, name, lang, at))
            body = _bodies.get((scope, name, lang), int(tick), lambda now: _make(source, scope, lang))
        except psycopg.Error:
            return PlainTextResponse("the database is away", 503)
        return _response(request, body)

    return endpoint


@lru_cache(maxsize=KEPT)
def _past(url: str, scope: Scope, name: str, lang: str, at: str) -> Body:
    source = SOURCES[name]
    asked = {"at": at, "id": None, "limit": source.limit}
    return _packed(source.draw(lang, data.read(scope, source.then, **asked)))


def _make(source: Source, scope: Scope, lang: str) -> Body:
    # Read past the cache, which would pack and unpack ten thousand rows to keep them for nobody.
    return _packed(source.draw(lang, data.read(scope, source.query, limit=source.limit)))


def _packed(drawn: Any) -> Body:
    plain = msgspec.json.encode(drawn)
    return Body(plain, gzip.compress(plain, 1))


def _response(request: Request, body: Body) -> Response:
    headers = {"Cache-Control": "private, max-age=60", "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        return Response(body.packed, headers=headers, media_type="application/json")
    return Response(body.plain, headers=headers, media_type="application/json")


_PHOTO_HEADERS = {
    "Cache-Control": f"private, max-age={photos.STEP_S}",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'",
}


def _photo(request: Request) -> Response:
    scope, size = data.home(), request.query_params.get("size")
    if not isinstance(scope, Scope):
        return PlainTextResponse("no district to show", 503)
    if size not in (None, str(photos.SMALL_PX)):
        return PlainTextResponse(f"size is {photos.SMALL_PX}, or left out", 400)
    try:
        sha256 = photos.signed_for(scope, request.path_params["signed"])
        content = photos.content(sha256, small=size is not None)
    except BadSignature:
        return PlainTextResponse("not signed, or no longer", 403)
    except FileNotFoundError:
        return PlainTextResponse("the photo is not on this machine", 404)
    except photos.NotAPicture:
        return PlainTextResponse("no picture can be made of it", 422)
    return Response(content, headers=_PHOTO_HEADERS, media_type="image/jpeg")


ROUTES = [
    *(Route(f"/api/map/{name}", _endpoint(name, source)) for name, source in SOURCES.items()),
    Route("/api/photos/{signed}", _photo),
]
