"""What a page fetches by URL: photos, and the map's data, packed once per (scope, language, tick) for all.

What takes long to make, in a large district, is made less often.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

from itsdangerous import BadSignature
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from dashboard import (
    beat,
    data,
    grid_rates,
    heat,
    incident_clicks,
    map_tiles,
    past,
    photos,
    settings,
    tickets,
    verify,
)
from dashboard.indicators import Indicator
from dashboard.map_answers import Body, answered, asked_for, kept
from dashboard.rest import Rested
from dashboard.ui import areas, cells, datum, markers, marks
from db.connect import Row, Scope

ALERTS_ON_MAP = 500
KEPT = 32
"""Layers of the past: those of a city are some 2 MB each."""

Draw = Callable[[str, list[Row]], Any]
CALM = "gw_calm"
"""The cookie of a browser that was asked to keep still (``siren.js`` sets it)."""


@dataclass(frozen=True, slots=True)
class Source:
    """One of the map's layers: its query, and what makes of the rows what the layer draws."""

    query: str
    draw: Draw
    limit: int | None = None
    then: str = ""
    """The query that it is read by as it was known at an instant of the past; '': it shows the present."""
    coloured: bool = False
    """Whether it may be asked for with a KPI's colours."""
    pulse: Draw | None = None
    """What makes of the rows the picture of every other tick, for whom things may move."""


SOURCES = {
    "grids": Source("read/grids", areas.grids, coloured=True),
    "names": Source("read/grids", areas.names),
    "workers": Source("read/workers_on_map", markers.workers, then="then/workers_on_map"),
    "clusters": Source("read/workers_by_unit", markers.clusters, then="then/workers_by_unit"),
    "sights": Source("read/cameras_on_map", markers.sights, then="then/cameras_on_map"),
    "devices": Source("read/devices_on_map", markers.devices, then="then/devices_on_map"),
    "alerts": Source(
        "read/alerts_open",
        markers.alerts,
        ALERTS_ON_MAP,
        then="then/alerts_open",
        pulse=partial(markers.alerts, swollen=True),
    ),
}
HEAT: dict[str, Draw] = {"pings": cells.pings, "hazards": cells.hazards}


_bodies = Rested[Body]()


def _endpoint(name: str, source: Source) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        asked = await asked_for(request)
        if isinstance(asked, Response):
            return asked
        scope, lang, tick = asked
        at = request.query_params.get("at", "")
        if at and not past.is_signed(scope, at, request.query_params.get("key", "")):
            return PlainTextResponse(past.NOT_SIGNED, 403)
        if at and source.then:
            return await answered(request, lambda: _past(settings.load().database_url, scope, name, lang, at))
        indicator = grid_rates.named(request.query_params.get("colour")) if source.coloured else None
        calm = source.pulse is None or CALM in request.cookies

        key = (scope, name, lang, indicator and indicator.name, calm)

        def make(now: int) -> Body:
            return _make(source, scope, lang, now, indicator, calm)

        return await kept(request, _bodies, key, tick, make)

    return endpoint


@lru_cache(maxsize=KEPT)
def _past(url: str, scope: Scope, name: str, lang: str, at: str) -> Body:
    source = SOURCES[name]
    found = data.read(scope, source.then, at=at, id=None, limit=source.limit)
    return Body.of(source.draw(lang, datum.rows(found, settings.load().basemap.datum)))


def _make(source: Source, scope: Scope, lang: str, now: int, indicator: Indicator | None, calm: bool) -> Body:
    # Read past the cache, which would pack and unpack ten thousand rows to keep them for nobody.
    found = data.read(scope, source.query, limit=source.limit)
    draw = source.draw
    if source.pulse and not calm and now % 2:
        draw = source.pulse
    if indicator:
        draw = partial(areas.grids, rates=grid_rates.rates(scope, indicator, now))
    return Body.of(draw(lang, datum.rows(found, settings.load().basemap.datum)))


def _heat(name: str, draw: Draw) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        asked = await asked_for(request)
        if isinstance(asked, Response):
            return asked
        scope, lang, tick = asked

        def make(now: int) -> Body:
            squares = heat.squares(scope, name, now)
            return Body.of(draw(lang, datum.rows(squares, settings.load().basemap.datum)))

        return await kept(request, _bodies, (scope, name, lang), tick, make)

    return endpoint


_PHOTO_HEADERS = {
    "Cache-Control": f"private, max-age={tickets.STEP_S}",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'",
}


def _photo(request: Request) -> Response:
    size = request.query_params.get("size")
    if size not in (None, str(photos.SMALL_PX)):
        return PlainTextResponse(f"size is {photos.SMALL_PX}, or left out", 400)
    try:
        sha256 = photos.signed_for_me(request.path_params["signed"])
        content = photos.content(sha256, small=size is not None)
    except BadSignature:
        return PlainTextResponse("not signed, or no longer", 403)
    except FileNotFoundError:
        return PlainTextResponse("the photo is not on this machine", 404)
    except photos.NotAPicture:
        return PlainTextResponse("no picture can be made of it", 422)
    return Response(content, headers=_PHOTO_HEADERS, media_type="image/jpeg")


_MARKS_HEADERS = {"Cache-Control": "private, max-age=3600"}


def _marks(request: Request) -> Response:
    return Response(marks.atlas(), headers=_MARKS_HEADERS, media_type="image/png")


def _mark_places(request: Request) -> Response:
    return JSONResponse(marks.places(), headers=_MARKS_HEADERS)


def _style(request: Request) -> Response:
    ground = settings.load().basemap
    return RedirectResponse(ground.style_url) if ground.style_url else JSONResponse(ground.style())


ROUTES = [
    *(Route(f"/api/map/{name}", _endpoint(name, source)) for name, source in SOURCES.items()),
    *(Route(f"/api/map/{name}", _heat(name, draw)) for name, draw in HEAT.items()),
    *map_tiles.ROUTES,
    *beat.ROUTES,
    *incident_clicks.ROUTES,
    Route("/api/map/marks.png", _marks),
    Route("/api/map/marks.json", _mark_places),
    Route("/api/map/style.json", _style),
    Route("/api/photos/{signed}", _photo),
    *verify.ROUTES,
]
OPEN = frozenset({"/verify", "/_stcore/health", "/login"})
"""The addresses that are for everybody: what they answer says nothing about people or premises. Whatever is
not here needs a session (`dashboard.doors`)."""
