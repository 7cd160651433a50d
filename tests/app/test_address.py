"""The address that a click has changed, when the page is drawn by an older one after it."""

import math
import time

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.ui.i18n import say
from tests import tiny

OLD, NEW = {"lang": ["en"]}, {"lang": ["en"], "launch": ["1"]}
Change = tuple[str, dict[str, list[str]], dict[str, list[str]], float]


def drawn(page: str, change: Change | None, **address: str) -> dict[str, str]:
    """The address of `page` when it is drawn by one, after a change."""

    def script(page: str) -> None:
        from dashboard import address

        address.hold(page)

    app = AppTest.from_function(script, args=(page,))
    if change:
        app.session_state["address"] = change
    for param, value in address.items():
        app.query_params[param] = value
    app.run()
    assert not app.exception, app.exception
    return dict(app.query_params)


def test_just_after_a_change_the_old_address_is_taken_for_the_new_one() -> None:
    change = ("tasks", OLD, NEW, time.monotonic() + 60)
    assert drawn("tasks", change, lang="en") == {"lang": "en", "launch": "1"}


@pytest.mark.parametrize(
    ("change", "address"),
    [
        (None, {"lang": "en"}),
        (("alerts", OLD, NEW, math.inf), {"lang": "en"}),
        (("tasks", OLD, NEW, 0.0), {"lang": "en"}),
        (("tasks", OLD, NEW, math.inf), {"lang": "en", "picked": "T1"}),
    ],
    ids=["no change", "on another page", "long ago", "another address"],
)
def test_otherwise_the_address_is_what_it_is(change: Change | None, address: dict[str, str]) -> None:
    assert drawn("tasks", change, **address) == address


def test_on_another_page_what_was_changed_is_forgotten() -> None:
    def script() -> None:
        import math

        import streamlit as st

        from dashboard import address

        st.session_state["drawn"] = ("alerts", {})
        st.session_state["address"] = ("tasks", {}, {"launch": ["1"]}, math.inf)
        st.session_state["told"] = (address.hold("tasks"), address.hold("tasks"))

    app = AppTest.from_function(script).run()
    assert app.session_state["told"] == (True, False)
    assert dict(app.query_params) == {}


def test_a_button_that_leads_to_a_view_wants_the_address_with_it(
    tiny_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRIDWARD_DATABASE_URL", tiny_url)
    monkeypatch.setenv("GRIDWARD_DISTRICTS", str(tiny.DISTRICT))

    def script() -> None:
        from dashboard.pages import tasks

        tasks.render()

    app = AppTest.from_function(script, default_timeout=30)
    app.query_params["lang"] = "en"
    app.run()
    next(button for button in app.button if button.label == say("en", "launch.open")).click().run()
    assert app.session_state["address"][2] == NEW
