"""A page without Streamlit and without a script: for whoever is not logged in, or just now."""

import base64
import hashlib
from html import escape
from pathlib import Path

from starlette.responses import HTMLResponse, Response

from dashboard.ui.i18n import LANGUAGES, say

_ICON = Path(__file__).parents[1] / "static" / "icon.svg"
_STYLE = """
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:flex;align-items:center;justify-content:center;background:#0b1424;
  color:#e8eef8;font:18px/1.6 system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif}
main{width:100%;max-width:30rem;padding:2.2rem 1.5rem 1.2rem;text-align:center;background:#0f1b30;
  border:1px solid #22344f;border-radius:16px}
.house{margin:.6rem 0 1.4rem;font-size:1.45rem;font-weight:600;line-height:1.35;color:#e8eef8}
.house+h1{margin:0 0 .4rem;padding-top:1.2rem;border-top:1px solid #22344f}
.mark{width:3.4rem;height:3.4rem}
h1{margin:0 0 1.5rem;font-size:1rem;font-weight:400;color:#9fb0c9}
svg{width:6rem;height:6rem}
h2{margin:1rem 0 .5rem;font-size:1.7rem;line-height:1.3}
small{display:block;margin-top:2rem;color:#9fb0c9;font-size:.85rem}
a{color:#7db4ff;padding:.6rem}
form{margin:1.5rem auto 0;max-width:24rem;text-align:left}
label{display:block;margin-top:1rem;color:#9fb0c9;font-size:.95rem}
input,button,.way{width:100%;padding:.7rem .8rem;border-radius:8px;border:1px solid #52647f;
  background:#101d33;color:inherit;font:inherit}
button,.way{display:block;margin-top:1.5rem;border-color:#7db4ff;background:#2f6fd6;color:#fff;font-weight:600;
  text-align:center;text-decoration:none;cursor:pointer}
.quiet{background:none;color:#c9d6ea;border-color:#52647f;font-weight:400}
input:focus-visible,button:focus-visible,a:focus-visible{outline:3px solid #ffd166;outline-offset:2px}
dl{display:grid;grid-template-columns:auto 1fr;gap:.3rem 1.2rem;margin:1.5rem auto 0;max-width:24rem;
  text-align:left}
dt{color:#9fb0c9}dd{margin:0}
.no,.yes{margin:1rem auto 0;max-width:24rem;padding:.7rem .9rem;border-radius:8px;border-left:6px solid;
  background:#1a2942;text-align:left}
.no{border-color:#ff6b6b}.yes{border-color:#37d67a}
"""
_MARK = _ICON.read_text("utf-8").replace("<svg ", '<svg class="mark" aria-hidden="true" ', 1)
_DIGEST = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}


def page(lang: str, title: str, body: str, other: str, status: int = 200, *, forms: bool = False) -> Response:
    """The page; `title` is a locale key, `other` its address in the other language (not yet escaped), or ''.
    `forms`: it may send one to its own server."""
    # A large wall shows the screen, and so the login, in a frame of its own.
    own = "'self'" if forms else "'none'"
    policy = (
        f"default-src 'none'; style-src 'sha256-{_DIGEST}'; base-uri 'none'; frame-ancestors {own}; "
        f"form-action {own}"
    )
    second = next(one for one in LANGUAGES if one != lang)
    link = (
        f'<p><a href="{escape(other)}" hreflang="{second}">{escape(say(second, "verify.language"))}</a></p>'
    )
    home = f'{_MARK}<p class="house">{escape(say(lang, "title"))}</p>' if forms else ""
    html = (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(say(lang, title))}</title><style>{_STYLE}</style></head><body><main>"
        f"{home}<h1>{escape(say(lang, title))}</h1>{body}{link if other else ''}</main></body></html>"
    )
    # Without a referrer a browser would not say either whose page a form was sent by (dashboard.doors).
    referrer = "same-origin" if forms else "no-referrer"
    frames = "SAMEORIGIN" if forms else "DENY"
    headers = {"Content-Security-Policy": policy, "Referrer-Policy": referrer, "X-Frame-Options": frames}
    return HTMLResponse(html, status, _HEADERS | headers)


def away(lang: str) -> Response:
    """That the database does not answer; the browser asks again by itself, so that a wall finds back."""
    note = f"<p>{escape(say(lang, 'verify.away_note'))}</p>"
    answer = page(lang, "notice.database_away", note, "", 503, forms=True)
    answer.headers["Refresh"] = "10"
    return answer
