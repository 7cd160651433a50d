"""What the map fetches of the part of the district that is seen, once one is near: premises, and trails."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from dashboard import data, past, settings
from dashboard.map_answers import Body, answered, asked_for, kept
from dashboard.rest import Rested
from dashboard.ui import datum, nearby
from dashboard.ui.tile import Tile
from db.connect import Row, Scope

MOST = 1_000
"""Tiles that are kept; the district's fullest are some 100 KB."""
MOST_THEN = 200
"""Of the past."""


@dataclass(frozen=True, slots=True)
class TileSource:
    """A layer by tiles of one zoom: the query of what lies between `west` and `east`, `south` and `north`,
    and what makes of the rows what the layer draws."""

    query: str
    zoom: int
    limit: int
    draw: Callable[[str, list[Row]], Any]
    then: str = ""
    """The query of those that `dashboard.past.people` finds there at an instant of the past; '': it shows the
    present."""


TILES = {
    "premises": TileSource("read/premises_on_map", nearby.PREMISES_ZOOM, 5_000, nearby.premises),
    "trails": TileSource("read/trails", nearby.TRAILS_ZOOM, 20_000, nearby.trails, "then/trails"),
}

_bodies = Rested[Body](most=MOST)


def _endpoint(name: str, source: TileSource) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        asked = await asked_for(request)
        if isinstance(asked, Response):
            return asked
        scope, lang, tick = asked
        tile = Tile(source.zoom, request.path_params["x"], request.path_params["y"])
        if not tile.exists():
            return PlainTextResponse(f"no such tile at zoom {source.zoom}", 400)
        at = request.query_params.get("at", "")
        if at and not past.is_signed(scope, at, request.query_params.get("key", "")):
            return PlainTextResponse(past.NOT_SIGNED, 403)
        if at and source.then:
            return await answered(
                request, lambda: _past(settings.load().database_url, scope, name, lang, tile, at)
            )
        key = scope, name, lang, tile
        return await kept(request, _bodies, key, tick, lambda _: _make(source, scope, lang, tile))

    return endpoint


@lru_cache(maxsize=MOST_THEN)
def _past(url: str, scope: Scope, name: str, lang: str, tile: Tile, at: str) -> Body:
    source, shown = TILES[name], settings.load().basemap.datum
    there = past.people(url, scope, at, datum.bounds_back(tile.bounds(), shown))
    found = data.read(scope, source.then, at=at, ids=there, limit=source.limit) if there else []
    return Body.of(source.draw(lang, datum.rows(found, shown)))


def _make(source: TileSource, scope: Scope, lang: str, tile: Tile) -> Body:
    shown = settings.load().basemap.datum
    west, south, east, north = datum.bounds_back(tile.bounds(), shown)
    found = data.read(scope, source.query, west=west, south=south, east=east, north=north, limit=source.limit)
    return Body.of(source.draw(lang, datum.rows(found, shown)))


ROUTES = [
    Route(f"/api/map/{name}/{{x:int}}/{{y:int}}", _endpoint(name, source)) for name, source in TILES.items()
]
