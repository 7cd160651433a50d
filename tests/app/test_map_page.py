"""The map's page: its colours, its search and its layers, as Streamlit runs it."""

import json
from typing import Any

import psycopg
import pytest
from streamlit.testing.v1 import AppTest

from dashboard import data, grid_rates, heat
from dashboard.indicators import on_strip
from dashboard.ui.i18n import LANGUAGES, say
from dashboard.ui.maps import HEAT
from tests.app.test_page import page_of_its_own, shown


@pytest.fixture
def on_tiny(tiny_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRIDWARD_DATABASE_URL", tiny_url)
    grid_rates.forget()
    heat.forget()


def deck(app: AppTest) -> dict[str, Any]:
    (chart,) = app.get("deck_gl_json_chart")
    said: dict[str, Any] = json.loads(chart.proto.json)
    return said


def layers(app: AppTest) -> dict[str, Any]:
    return {layer["id"]: layer for layer in deck(app)["layers"]}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_grids_are_coloured_by_the_kpi_that_was_chosen(on_tiny: None, lang: str) -> None:
    app = page_of_its_own("map", lang)
    assert "colour" not in layers(app)["grids"]["data"]
    kpi = on_strip()[0]
    app.selectbox(key="map_colour").set_value(kpi.name).run()
    assert app.query_params["colour"] in (kpi.name, [kpi.name])
    assert layers(app)["grids"]["data"].endswith(f"&colour={kpi.name}")
    page = shown(app)
    assert "gw-scale" in page
    assert say(lang, "map.no_rate") in page
    app.selectbox(key="map_colour").set_value(None).run()
    assert "colour" not in app.query_params
    assert "gw-scale" not in shown(app)


def test_a_colour_that_is_no_kpi_is_none(on_tiny: None) -> None:
    app = AppTest.from_function(_render, default_timeout=30)
    app.query_params["colour"] = "' OR 1"
    assert "colour" not in layers(app.run())["grids"]["data"]


def _render() -> None:
    from dashboard import pages

    next(page for page in pages.discover() if page.name == "map").render()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_searched_for_is_flown_to_and_its_card_opened(on_tiny: None, lang: str) -> None:
    app = page_of_its_own("map", lang)
    home = deck(app)["initialViewState"]
    app.text_input(key="map_search").set_value("乙便利").run()
    assert "**乙便利店**" in app.button(key="map_hit_0").label
    app.button(key="map_hit_0").click().run()
    there = deck(app)["initialViewState"]
    assert (there["longitude"], there["latitude"]) == pytest.approx((118.015, 24.605), abs=1e-5)
    assert there["zoom"] > home["zoom"]
    page = shown(app)
    assert "乙便利店" in page
    assert "premises?lang=" in page
    app.text_input(key="map_search").set_value("乙便利").run()
    app.button(key="map_hit_0").click().run()
    assert deck(app)["initialViewState"] != there, "else the browser, panned away since, would stay"


def test_a_search_for_nothing_says_so(on_tiny: None) -> None:
    app = page_of_its_own("map", "en")
    app.text_input(key="map_search").set_value("nobody is called this").run()
    assert say("en", "map.nothing") in shown(app)


def test_what_cannot_be_markdown_is_not(on_tiny: None, database_url: str) -> None:
    from dashboard.map_search import _plain

    assert _plain("[x](http://y) **z**") == r"\[x\]\(http\://y\) \*\*z\*\*"


def test_heat_is_off_until_it_is_chosen_and_the_other_layers_stay(on_tiny: None) -> None:
    app = page_of_its_own("map", "zh")
    usual = layers(app)
    assert not set(HEAT) & set(usual)
    chooser = app.button_group(key="shown_layers")
    chooser.set_value([*chooser.value, "hazards"]).run()
    assert set(layers(app)) == {*usual, "hazards"}
    app.button_group(key="shown_layers").set_value(["hazards"]).run()
    assert layers(app)["workers"]["visible"] is False


def test_what_is_major_has_the_command_centres_map_until_somebody_takes_it_up(
    on_tiny: None, tiny_url: str
) -> None:
    asked = "UPDATE incident SET state = %s WHERE incident_id = 'A1' RETURNING lon, lat"
    with psycopg.connect(tiny_url, autocommit=True) as ingest:
        calm = deck(page_of_its_own("command_centre", "en"))["initialViewState"]
        lon, lat = ingest.execute(asked, ["raised"]).fetchall()[0]
        data.forget()
        app = page_of_its_own("command_centre", "en")
        seen = deck(app)["initialViewState"]
        assert (seen["longitude"], seen["latitude"]) == pytest.approx((lon, lat))
        assert seen["zoom"] > calm["zoom"]
        assert say("en", "map.hint") not in shown(app)
        assert say("en", "map.hint") in shown(page_of_its_own("map", "en"))  # there one looks where one likes
        ingest.execute(asked, ["on_the_way"])
        data.forget()
        assert deck(page_of_its_own("command_centre", "en"))["initialViewState"] == calm
