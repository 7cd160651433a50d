"""What an open screen asks for each tick: the panels that are only looked at, and what has to be drawn anew.

Made once a tick for all who are shown the same.
"""

from functools import partial

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from dashboard import data, panels, screens, viewer
from dashboard.map_answers import Body, home, respond
from dashboard.rest import Rested
from dashboard.ui.i18n import LANGUAGES

HEAD = ("head",)
"""All that a worker's own page has of it."""
_bodies = Rested[Body](rest=0)


async def _beat(request: Request) -> Response:
    asked = request.query_params
    lang, groups = asked.get("lang", ""), tuple(sorted(set(asked.get("of", "").split(","))))
    if lang not in LANGUAGES or not panels.GROUPS.keys() >= set(groups):
        return PlainTextResponse(f"needs lang=zh|en and of={','.join(panels.GROUPS)}", 400)
    if viewer.account().worker_id and groups != HEAD:
        return PlainTextResponse("not yours", 403)
    screens.heard(asked.get("screen", ""))
    key, now = (await home(), lang, groups), data.tick()
    body = _bodies.ready(key, now)
    if body is None:
        body = await run_in_threadpool(_bodies.get, key, now, partial(_make, lang, groups))
    return respond(request, body, "no-store")


def _make(lang: str, groups: tuple[str, ...], now: int) -> Body:
    seen = data.look()
    drawn = {name: html for group in groups for name, html in panels.GROUPS[group](lang, seen).items()}
    return Body.of({"tick": now, "panels": drawn, "stamps": panels.stamps(seen)})


ROUTES = [Route("/api/beat", _beat)]
