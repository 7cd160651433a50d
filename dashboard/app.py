"""The ASGI application: the screen's script, its pages' addresses and the routes that they fetch from."""

from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from streamlit.runtime.pages_manager import PagesManager

from dashboard import endings, identity, login, own_account, settings, shell
from dashboard.doors import Doors
from dashboard.headers import Guarded
from dashboard.indicators import indicators
from dashboard.pages import discover
from dashboard.photo_key import photo_key
from dashboard.routes import OPEN, ROUTES


def create() -> st.App:
    """The application; raises ConfigError for a broken page or KPI, or where no key can be kept, before
    anything is served."""
    discover()
    indicators()
    told = settings.load()
    photo_key(told.data)
    if told.identity:
        identity.check(told.identity)
    # Else Streamlit takes our folder of pages for its own, and runs its files as scripts.
    PagesManager.uses_pages_directory = False
    endings.keep()
    guard = Middleware(Guarded, pages=[shell.html()], basemap=told.basemap)
    opened, known_elsewhere = (OPEN | identity.OPEN, identity.ROUTES) if told.identity else (OPEN, [])
    doors = Middleware(Doors, opened=opened, pages=shell.addresses())
    script = Path(__file__).parent / "screen.py"
    routes = [*ROUTES, *login.ROUTES, *own_account.ROUTES, *known_elsewhere, *shell.routes()]
    application = st.App(script, routes=routes, middleware=[guard, doors])
    if told.identity:
        identity.use(told.identity)
    return application
