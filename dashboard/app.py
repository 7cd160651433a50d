"""The ASGI application: the screen's script, its pages' addresses and the map's routes behind one port."""

from pathlib import Path

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

from dashboard import shell
from dashboard.indicators import indicators
from dashboard.pages import discover
from dashboard.routes import ROUTES


def create() -> st.App:
    """The application; raises ConfigError for a broken page or KPI, before anything is served."""
    discover()
    indicators()
    # Else Streamlit takes our folder of pages for its own, and runs its files as scripts.
    PagesManager.uses_pages_directory = False
    return st.App(Path(__file__).parent / "screen.py", routes=[*ROUTES, *shell.routes()])
