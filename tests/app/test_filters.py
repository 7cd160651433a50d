"""A list's filters: the address says them by code, and is told of every change."""

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.ui.i18n import LANGUAGES, say
from tests import tiny


def tasks(**address: str | list[str]) -> AppTest:
    """The page of tasks without its frame, as opened by an address."""

    def script() -> None:
        from dashboard.pages import tasks

        tasks.render()

    app = AppTest.from_function(script, default_timeout=30)
    for param, value in address.items():
        app.query_params[param] = value
    return app.run()


@pytest.fixture(autouse=True)
def on_tiny(tiny_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRIDWARD_DATABASE_URL", tiny_url)
    monkeypatch.setenv("GRIDWARD_DISTRICTS", str(tiny.DISTRICT))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_address_opens_the_list_as_it_was_narrowed_in_any_language(lang: str) -> None:
    app = tasks(lang=lang, unit=f"{tiny.DISTRICT}/02", states=["rectifying", "launched"], text="丙")
    assert set(app.dataframe[0].value[say(lang, "column.id")]) == {"T4", "T5"}
    assert app.button_group(key="tasks_states").value == ["rectifying", "launched"]
    assert app.text_input(key="tasks_text").value == "丙"


def test_what_is_chosen_stands_in_the_address_and_what_is_not_does_not() -> None:
    app = tasks(lang="en", unit=f"{tiny.DISTRICT}/02", text="丙")
    app.text_input(key="tasks_text").set_value(" ").run()
    app.button_group(key="tasks_lamps").set_value(["red"]).run()
    assert app.query_params == {"lang": "en", "unit": f"{tiny.DISTRICT}/02", "lamps": "red"}


def test_what_is_no_code_is_left_out_of_filter_and_address() -> None:
    app = tasks(lang="en", states=["done", "nonsense"], lamps="nonsense")
    assert app.button_group(key="tasks_states").value == ["done"]
    assert app.query_params == {"lang": "en", "states": "done"}


def test_a_unit_that_is_not_in_the_district_shows_nothing_and_says_which() -> None:
    app = tasks(lang="en", unit="441900/01")
    assert not app.dataframe
    assert app.selectbox(key="tasks_unit").value == "441900/01"
