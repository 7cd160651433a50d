"""What the map fetches of the part of the district that is seen, once one is near: premises, and trails."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from dashboard import data, past, settings
from dashboard.data import Bounds
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
    then: str
    """The query of an instant of the past."""
    of_people: bool = False
    """Whether that one is asked about those that `dashboard.past.people` finds there then, not what lies
    between the same bounds."""


TILES = {
    "premises": TileSource(
        "read/premises_on_map", nearby.PREMISES_ZOOM, 5_000, nearby.premises, "then/premises_on_map"
    ),
    "trails": TileSource(
        "read/trails", nearby.TRAILS_ZOOM, 20_000, nearby.trails, "then/trails", of_people=True
    ),
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
        if at:
            return await answered(
                request, lambda: _past(settings.load().database_url, scope, name, lang, tile, at)
            )
        key = scope, name, lang, tile
        return await kept(request, _bodies, key, tick, lambda _: _make(source, scope, lang, tile))

    return endpoint


@lru_cache(maxsize=MOST_THEN)
def _past(url: str, scope: Scope, name: str, lang: str, tile: Tile, at: str) -> Body:
    source, shown = TILES[name], settings.load().basemap.datum
    bounds = datum.bounds_back(tile.bounds(), shown)
    if source.of_people:
        there = past.people(url, scope, at, bounds)
        found = data.read(scope, source.then, at=at, ids=there, limit=source.limit) if there else []
    else:
        found = data.read(scope, source.then, at=at, limit=source.limit, **_between(bounds))
    return Body.of(source.draw(lang, datum.rows(found, shown)))


def _make(source: TileSource, scope: Scope, lang: str, tile: Tile) -> Body:
    shown = settings.load().basemap.datum
    bounds = datum.bounds_back(tile.bounds(), shown)
    found = data.read(scope, source.query, limit=source.limit, **_between(bounds))
    return Body.of(source.draw(lang, datum.rows(found, shown)))


def _between(bounds: Bounds) -> dict[str, float]:
    """Bounds as a query takes them."""
    return dict(zip(("west", "south", "east", "north"), bounds, strict=True))


ROUTES = [
    Route(f"/api/map/{name}/{{x:int}}/{{y:int}}", _endpoint(name, source)) for name, source in TILES.items()
]
