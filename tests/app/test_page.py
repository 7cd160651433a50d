"""The pages, as Streamlit runs them: found by listing, in both languages, with and without a database."""

import json
import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import data, pages
from dashboard.ui import tables
from dashboard.ui.i18n import LANGUAGES, say, words
from ingest.contract.errors import ConfigError
from tests import tiny

SCREEN = Path(data.__file__).with_name("screen.py")


def opened(lang: str) -> AppTest:
    app = AppTest.from_file(str(SCREEN), default_timeout=30)
    app.query_params["lang"] = lang
    return app.run()


def page_of_its_own(name: str, lang: str, **address: str) -> AppTest:
    """A page without its frame, as AppTest cannot follow a link; `address`: what its own says besides."""

    def script(name: str) -> None:
        from dashboard import pages

        next(page for page in pages.discover() if page.name == name).render()

    app = AppTest.from_function(script, default_timeout=60, args=(name,))
    for key, value in {"lang": lang, **address}.items():
        app.query_params[key] = value
    return app.run()


def shown(app: AppTest) -> str:
    """Everything that the page says, as HTML and as the map's and the charts' JSON."""
    assert not app.exception, app.exception
    said = [element.value for element in app.html]
    said += [str(json.loads(element.proto.spec)) for element in app.get("plotly_chart")]
    return "\n".join(said + [element.proto.json for element in app.get("deck_gl_json_chart")])


@pytest.mark.parametrize("page", pages.discover(), ids=lambda page: page.name)
def test_every_page_has_words_for_its_title_and_section(page: pages.Page) -> None:
    for lang in LANGUAGES:
        assert {page.title, page.section} <= words(lang).keys()


def test_a_page_that_lacks_something_stops_the_start_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "half_done.py").write_text("TITLE = 'page.half_done'\n")
    monkeypatch.setattr(pages, "__path__", [*pages.__path__, str(tmp_path)])
    with pytest.raises(ConfigError, match=r"dashboard/pages/half_done\.py: .*ICON"):
        pages.discover.__wrapped__()


@pytest.fixture
def on_tiny(tiny_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRIDWARD_DATABASE_URL", tiny_url)


LISTS = [page.name for page in pages.discover() if page.section == "section.work"]


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_list_has_rows_and_words(on_tiny: None, name: str, lang: str) -> None:
    app = page_of_its_own(name, lang)
    assert say(lang, f"panel.{name}_list") in shown(app)
    assert len(app.dataframe[0].value) > 2


@pytest.mark.parametrize("name", LISTS)
def test_a_list_that_nothing_matches_says_so(on_tiny: None, name: str) -> None:
    app = page_of_its_own(name, "en")
    app.text_input(key=f"{name}_text").set_value("nobody is called this").run()
    assert say("en", "list.nothing") in shown(app)


def test_a_list_is_narrowed_by_what_is_typed_and_chosen(on_tiny: None) -> None:
    app = page_of_its_own("tasks", "en")
    app.selectbox(key="tasks_unit").set_value(f"{tiny.DISTRICT}/02").run()
    assert set(app.dataframe[0].value["Number"]) == {"T4", "T5", "T6"}
    app.button_group(key="tasks_states").set_value(["rectifying"]).run()
    assert list(app.dataframe[0].value["Number"]) == ["T4"]
    assert list(app.dataframe[0].value["Deadline"]) == [["Overdue"]]


@pytest.mark.parametrize("name", [page.name for page in pages.discover()])
def test_every_page_says_that_the_database_is_away(
    name: str, nowhere: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRIDWARD_DATABASE_URL", nowhere)
    assert say("zh", "notice.database_away") in shown(page_of_its_own(name, "zh"))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", [page.name for page in pages.discover()])
@pytest.mark.parametrize("full", ["tiny_url", "quiet_url", "empty_url"])
def test_every_page_stands_on_a_full_a_quiet_and_an_empty_database(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, full: str, name: str, lang: str
) -> None:
    monkeypatch.setenv("GRIDWARD_DATABASE_URL", request.getfixturevalue(full))
    said = shown(page_of_its_own(name, lang))
    waits = say(lang, "notice.no_district") in said
    assert waits == (full == "empty_url")
    assert "None" not in re.sub(r"<[^>]*>", " ", said)


def test_a_csv_opens_in_excel_and_holds_no_formula() -> None:
    columns = (
        tables.Column("name", tables.of("name")),
        tables.Column("survey_rate", lambda lang, row: (1, 3), "rate"),
    )
    text = tables.csv("zh", columns, [{"name": "=HYPERLINK(1)"}, {"name": "甲味馆"}])
    assert text.decode("utf-8") == "\ufeff名称,核实率\n'=HYPERLINK(1),33.3\n甲味馆,33.3\n"


HAZARD_ZH = "甲味馆 发现隐患，消防通道：堵塞、亮照经营：未亮照"


@pytest.mark.parametrize(
    ("lang", "expected"),
    [
        ("zh", ["试验区局", "一所", "结案率", "已结案 3 / 应结案 5", HAZARD_ZH]),
        ("en", ["Trial Bureau", "Station One", "Closure rate", "3 closed / 5 to close", "Hazard at 甲味馆"]),
    ],
)
def test_the_command_centre_says_everything_in_the_viewers_language(
    on_tiny: None, lang: str, expected: list[str]
) -> None:
    page = shown(opened(lang))
    assert [text for text in expected if text not in page] == []
    other = "en" if lang == "zh" else "zh"
    for key in ("title", "panel.map", "panel.ranking", "kpi.on_duty", "severity.major", "notice.live"):
        assert say(lang, key) in page
        assert say(other, key) not in page


def test_the_switch_changes_the_language_and_keeps_it_in_the_address(on_tiny: None) -> None:
    app = opened("zh")
    app._finished_page_script_hash = ""  # AppTest looks for the page in Streamlit's own kind of folder
    app.segmented_control(key="lang").set_value("en").run()
    assert app.query_params["lang"] in ("en", ["en"])
    assert say("en", "panel.alerts") in shown(app)


def test_an_unknown_language_is_answered_in_a_known_one(on_tiny: None) -> None:
    assert say("zh", "panel.alerts") in shown(opened("xx"))


def test_every_figure_of_the_chart_shows_numerator_and_denominator(on_tiny: None) -> None:
    page = shown(opened("zh"))
    for figure in ("66.7%", "2 / 3", "50.0%", "1 / 2"):
        assert figure in page


def test_the_map_is_fed_by_addresses_not_rows(on_tiny: None) -> None:
    (deck,) = opened("zh").get("deck_gl_json_chart")
    for layer in ("grids", "workers", "devices", "alerts"):
        assert f"/api/map/{layer}?lang=zh&t=" in deck.proto.json
    assert "W1" not in deck.proto.json
    assert "http" not in deck.proto.json


def test_a_rule_that_the_screen_has_never_heard_of_is_shown_by_its_code(on_tiny: None) -> None:
    assert "door_forced" in shown(opened("en"))


def test_without_a_database_the_page_says_so(nowhere: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRIDWARD_DATABASE_URL", nowhere)
    assert say("zh", "notice.database_away") in shown(opened("zh"))


def test_when_the_database_goes_away_the_last_picture_stays_and_says_how_old_it_is(
    on_tiny: None, nowhere: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRIDWARD_DISTRICTS", str(tiny.DISTRICT))
    opened("zh")
    monkeypatch.setenv("GRIDWARD_DATABASE_URL", nowhere)
    data.st.cache_data.clear()  # as if the tick had passed
    page = shown(opened("zh"))
    assert say("zh", "notice.database_away") in page
    assert say("zh", "notice.picture_age", age="")[:4] in page
    assert "甲味馆" in page
    assert "/api/map/workers?lang=zh&t=0" in page


def test_a_district_that_is_not_imported_yet_is_waited_for(
    on_tiny: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRIDWARD_DISTRICTS", "999999")
    assert say("zh", "notice.no_district") in shown(opened("zh"))
