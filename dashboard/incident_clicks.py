"""An incident is taken up by one click in the feed: placed by ``feed.js``, answered once it is over.

The feed is made once a tick for all who are shown the same, so its buttons are none of Streamlit's.
"""

from anyio import move_on_after, sleep
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from dashboard import data, orders, viewer
from dashboard.ui.i18n import LANGUAGES, say
from db.connect import Scope
from ingest.contract.orders import AcknowledgeIncident
from ingest.domain.account import Role

PATIENCE_S, AGAIN_S = 8, 0.2


async def _take(request: Request) -> Response:
    lang, incident_id = request.query_params.get("lang", ""), request.path_params["incident_id"]
    if lang not in LANGUAGES:
        return PlainTextResponse("needs lang=zh|en", 400)
    if not viewer.may(Role.OPERATE):
        return PlainTextResponse("not yours to take up", 403)
    scope = await run_in_threadpool(data.home)
    if not isinstance(scope, Scope):
        return PlainTextResponse(say(lang, "desk.away"), 503)
    sent = await run_in_threadpool(orders.place, scope, incident_id, AcknowledgeIncident(incident_id))
    with move_on_after(PATIENCE_S):
        while (said := await run_in_threadpool(orders.outcome, lang, scope, sent)) is None:
            await sleep(AGAIN_S)
        return PlainTextResponse(said)
    return PlainTextResponse(say(lang, "order_state.queued"))


ROUTES = [Route("/api/incidents/{incident_id}/take", _take, methods=["POST"])]
