"""核验: tells anybody who scans a receipt's QR code whether its visit's record is genuine and unchanged.

Open to all and without a session, so it shows nothing else, and runs no script. Whoever does not hold a
receipt learns nothing: without the record's own hash every answer is that there is no such record.
"""

import base64
import hashlib
from collections.abc import Sequence
from html import escape
from typing import Literal
from urllib.parse import urlencode

import psycopg
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from dashboard import data
from dashboard.ui import theme
from dashboard.ui.i18n import LANGUAGES, language, say
from db.connect import Row, Scope
from ingest.domain.audit import Link
from ingest.domain.visit_record import Mark, hash_of_row, mark_of

Verdict = Literal["genuine", "forgotten", "changed", "unknown"]

_SIGNS = {"genuine": ("✓", theme.GREEN), "forgotten": ("✓", theme.GREEN), "changed": ("!", theme.RED)}
_STYLE = """
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:flex;align-items:center;justify-content:center;background:#0b1424;
  color:#e8eef8;font:18px/1.6 system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif}
main{width:100%;max-width:30rem;padding:1.5rem;text-align:center}
h1{margin:0 0 1.5rem;font-size:1rem;font-weight:400;color:#9fb0c9}
svg{width:6rem;height:6rem}
h2{margin:1rem 0 .5rem;font-size:1.7rem;line-height:1.3}
small{display:block;margin-top:2rem;color:#9fb0c9;font-size:.85rem}
a{color:#7db4ff;padding:.6rem}
"""
_DIGEST = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_DIGEST}'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex",
}


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
    link = "verify?" + urlencode({**asked, "lang": other})
    body = (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(say(lang, 'verify.title'))}</title><style>{_STYLE}</style></head><body><main>"
        f"<h1>{escape(say(lang, 'verify.title'))}</h1>"
        f'<svg viewBox="0 0 48 48" aria-hidden="true"><circle cx="24" cy="24" r="22" fill="{colour}"/>'
        f'<text x="24" y="34" fill="#0b1424" font-size="28" text-anchor="middle">{sign}</text></svg>'
        f"<h2>{escape(say(lang, f'verify.{found}'))}</h2><p>{escape(say(lang, f'verify.{found}_note'))}</p>"
        f"<small>{escape(say(lang, 'verify.limits'))}</small>"
        f'<p><a href="{escape(link)}" hreflang="{other}">{escape(say(other, "verify.language"))}</a></p>'
        "</main></body></html>"
    )
    return HTMLResponse(body, status, _HEADERS)


ROUTES = [Route("/verify", _verify)]
