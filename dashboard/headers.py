"""What every answer tells the browser not to do: to ask anybody else, to run what is not ours, to be shown in
somebody's frame.
"""

import base64
import hashlib
import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.basemap import Basemap

_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_HOST = re.compile(r"[A-Za-z0-9.:\[\]-]{1,255}\Z")
_ALWAYS = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin"}


class Guarded:
    """The application `app`, each of whose answers says so, but where it says something stricter itself."""

    def __init__(self, app: ASGIApp, pages: Iterable[str], basemap: Basemap) -> None:
        """`pages`: the HTML of whatever has scripts in it, which are the only ones that run there."""
        self._app = app
        hashes = {_hash(script) for page in pages for script in _SCRIPT.findall(page)}
        self._scripts, self._tiles = " ".join(sorted(hashes)), " ".join(_asked(basemap))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        policy = self._policy(Headers(scope=scope).get("host", ""))

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in {**_ALWAYS, "Content-Security-Policy": policy}.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, answer)

    def _policy(self, host: str) -> str:
        # Not every browser takes a page's own websocket for 'self'.
        line = f" ws://{host} wss://{host}" if _HOST.match(host) else ""
        return "; ".join(
            (
                "default-src 'self'",
                f"script-src 'self' 'wasm-unsafe-eval' {self._scripts}",  # tables are unpacked by WebAssembly
                "style-src 'self' 'unsafe-inline'",  # Streamlit's frontend makes its styles as it runs
                f"img-src 'self' data: blob: {self._tiles}",
                f"connect-src 'self' data: blob:{line} {self._tiles}",
                "font-src 'self' data:",
                "worker-src 'self' blob:",  # MapLibre's
                "object-src 'none'",
                "base-uri 'self'",
                "form-action 'self'",
                "frame-ancestors 'self'",  # a large wall shows the page in a frame of its own
            )
        )


def _hash(script: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


def _asked(basemap: Basemap) -> list[str]:
    """Whom the map asks for tiles; of somebody's own style it is not known, as it says it itself."""
    if basemap.style_url:
        return ["http:", "https:"]
    parts = (urlsplit(url) for urls in basemap.tiles for url in urls)
    return sorted({f"{part.scheme}://{part.netloc}" for part in parts})
