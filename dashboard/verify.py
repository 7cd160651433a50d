"""核验: tells anybody who scans a receipt's QR code whether its visit's record is genuine and unchanged.

Open to all and without a session, so it shows nothing else, and runs no script. Whoever does not hold a
receipt learns nothing: without the record's own hash every answer is that there is no such record.
"""

from collections.abc import Sequence
from html import escape
from typing import Literal
from urllib.parse import urlencode

import psycopg
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dashboard import data
from dashboard.ui import plain, theme
from dashboard.ui.i18n import LANGUAGES, language, say
from db.connect import Row, Scope
from ingest.domain.audit import Link
from ingest.domain.visit_record import Mark, hash_of_row, mark_of

Verdict = Literal["genuine", "forgotten", "changed", "unknown"]

_SIGNS = {"genuine": ("✓", theme.GREEN), "forgotten": ("✓", theme.GREEN), "changed": ("!", theme.RED)}


def verdict(mark: Mark, rows: Sequence[Row]) -> Verdict:
    """What the rows of ``read/verify`` come to for whoever holds a receipt with this mark."""
    row = next((row for row in rows if row["params"].get("sha256") == mark.sha256), None)
    if row is None:
        return "unknown"
    link = Link(
        *(row["noted_at"], row["actor"], row["act"], row["subject"], row["params"]),
        *(row["district"], row["number"], row["prev"], row["hash"]),
    )
    if link.digest() != link.hash:
        return "changed"
    if row["ts"] is None:
        return "forgotten" if row["is_past"] else "changed"
    return "genuine" if hash_of_row(row) == mark.sha256 else "changed"


def _verify(request: Request) -> Response:
    asked = {name: request.query_params.get(name, "") for name in ("d", "id", "h")}
    accepted = request.headers.get("accept-language", "")
    lang = language(request.query_params.get("lang"), accepted or None)
    mark = mark_of(asked["d"], asked["id"], asked["h"])
    if mark is None:
        return _page(lang, asked, "unreadable", 400)
    try:
        scope = Scope(mark.district, str(mark.district))
        rows = data.read(scope, "read/verify", id=f"{mark.worker_id}:{mark.id}")
    except psycopg.Error:
        return _page(lang, asked, "away", 503)
    return _page(lang, asked, verdict(mark, rows))


def _page(lang: str, asked: dict[str, str], found: str, status: int = 200) -> Response:
    sign, colour = _SIGNS.get(found, ("?", theme.AMBER))
    other = next(one for one in LANGUAGES if one != lang)
    body = (
        f'<svg viewBox="0 0 48 48" aria-hidden="true"><circle cx="24" cy="24" r="22" fill="{colour}"/>'
        f'<text x="24" y="34" fill="#0b1424" font-size="28" text-anchor="middle">{sign}</text></svg>'
        f"<h2>{escape(say(lang, f'verify.{found}'))}</h2><p>{escape(say(lang, f'verify.{found}_note'))}</p>"
        f"<small>{escape(say(lang, 'verify.limits'))}</small>"
    )
    return plain.page(lang, "verify.title", body, "verify?" + urlencode({**asked, "lang": other}), status)


ROUTES = [Route("/verify", _verify)]
