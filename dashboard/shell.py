"""The HTML that a browser loads first, whatever page it asks for: Streamlit's own, told where to connect,
with the scripts of its look, the siren, what is kept fresh, the feed, and the watch over the server."""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route
from streamlit import file_util

from dashboard import ui
from dashboard.pages import discover
from ingest.contract.errors import ConfigError

# Not told, Streamlit's frontend asks for a server below the page's own address first (/tasks/_stcore/health),
# and each refusal is an error in the console. "." is also right behind a proxy that puts a prefix in front.
_WHERE = 'window.__streamlit = {BACKEND_BASE_URL: new URL(".", location.href).href}'
# Here once for all pages, as what Streamlit puts on a page comes and goes with its elements.
_SCRIPTS = ("look.js", "siren.js", "beat.js", "feed.js", "within.js", "alive.js")


def routes() -> list[Route]:
    """A route for each page's address; the first page lives at the root, and its name leads there."""
    content = html()

    def shell(request: Request) -> Response:
        return HTMLResponse(content, headers={"Cache-Control": "no-cache"})

    def to_the_root(request: Request) -> Response:
        return RedirectResponse(f"./?{request.url.query}")

    first, *others = (page.name for page in discover())
    shells = [Route("/", shell), *(Route(f"/{name}", shell) for name in others)]
    return [*shells, Route(f"/{first}", to_the_root)]


def addresses() -> frozenset[str]:
    """The pages' addresses."""
    return frozenset({"/", *(f"/{page.name}" for page in discover())})


def scripts() -> list[str]:
    """What the page runs of ours before Streamlit's application."""
    return [_WHERE, *(Path(ui.__file__).with_name(name).read_text("utf-8") for name in _SCRIPTS)]


def html() -> str:
    """The page, the same for all addresses."""
    page = (Path(file_util.get_static_dir()) / "index.html").read_text("utf-8")
    if page.count("<head>") != 1:
        raise ConfigError("this version of streamlit has another index.html than dashboard/shell.py expects")
    return page.replace("<head>", "<head>" + "".join(f"<script>{script}</script>" for script in scripts()))
