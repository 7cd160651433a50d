"""Where tasks come from, on the page of tasks: base survey, season, a worker's day list."""

from datetime import datetime

import msgspec
import psycopg
import pytest
from streamlit.testing.v1 import AppTest

from dashboard import task_choice
from dashboard.ui import premises_events, way
from dashboard.ui.i18n import LANGUAGES, say
from db.connect import connect
from ingest.contract.orders import SOURCES, LaunchTask
from tests import tiny
from tests.app.test_tasks import preview, said, tasks

CHANGED = {"premises_name": "甲味馆", "actor_name": "甲一", "actor_name_en": "Jia Yi", "actor": "W1"}


@pytest.fixture(autouse=True)
def on_tiny(tiny_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRIDWARD_DATABASE_URL", tiny_url)
    monkeypatch.setenv("GRIDWARD_DISTRICTS", str(tiny.DISTRICT))


def column(app: AppTest, word: str) -> list[object]:
    assert not app.exception, app.exception
    return list(app.dataframe[0].value[say("en", f"column.{word}")])


@pytest.mark.parametrize(
    ("view", "title"), [("survey", "survey_list"), ("round", "round"), ("launch", "task_launch")]
)
def test_the_list_of_tasks_leads_to_each_view_and_back(view: str, title: str) -> None:
    app = tasks(lang="en", picked="T3")
    app.button(key=f"view_{view}").click().run()
    assert say("en", f"panel.{title}") in said(app)
    app.button(key="view_back").click().run()
    assert say("en", "panel.tasks_list") in said(app)


def test_the_base_survey_is_counted_by_unit() -> None:
    app = tasks(lang="en", survey="1")
    assert column(app, "org_unit") == ["Station One", "Station Two"]
    figures = [column(app, word) for word in ("recorded", "pushed", "claimed", "verified")]
    assert figures == [[2, 1], [2, 0], [2, 0], [1, 0]]
    below = tasks(lang="en", survey="1", unit=f"{tiny.DISTRICT}/01/01/01")
    assert column(below, "org_unit") == ["Jia Village", "Yi Village"]
    assert column(below, "verified") == [1, 0]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_beside_it_stands_what_lies_outside_and_what_was_said_last(lang: str) -> None:
    page = said(tasks(lang=lang, survey="1"))
    for key in ("panel.outside", "premises_event.shifted", "premises_irregular.overtaken"):
        assert say(lang, key) in page
    assert "界外店" in page
    assert f"{say(lang, 'premises_status.recorded')} → {say(lang, 'premises_status.in_business')}" in page
    elsewhere = said(tasks(lang=lang, survey="1", picked=f"{tiny.DISTRICT}/02"))
    assert "甲味馆" not in elsewhere


def choosing(source: str) -> AppTest:
    app = tasks(lang="en", launch="1")
    app.segmented_control(key="launch_source").set_value(source).run()
    assert not app.exception, app.exception
    return app


def test_the_survey_is_launched_for_what_is_on_record_and_not_verified(tiny_url: str) -> None:
    app = choosing("survey")
    only = app.selectbox(key="launch_category_survey")
    assert (only.options, only.value) == (["Opening and business"], "opening_verification")
    assert preview(app) == ["P3"], "P2 has its survey, P1 is verified, P4 was never to be"
    app.button(key="launch_go").click().run()
    with connect(tiny_url, autocommit=True) as conn:
        (row,) = conn.execute("SELECT payload FROM command WHERE command_id LIKE 'screen-%'").fetchall()
        conn.execute("DELETE FROM command WHERE command_id LIKE 'screen-%'")
    order = msgspec.convert(row["payload"], LaunchTask)
    assert (order.source, order.category, order.premises_id) == ("survey", "opening_verification", "P3")


def test_the_season_is_launched_for_those_who_have_not_filed_while_it_runs(tiny_url: str) -> None:
    with psycopg.connect(tiny_url, autocommit=True) as conn:
        always = "'annual_report', 'report_filed', '01-01', '12-31', '2000-01-01'"
        conn.execute(f"INSERT INTO season VALUES ({tiny.DISTRICT}, {always})".encode())
        try:
            app = choosing("season")
            assert preview(app) == ["P1", "P2", "P4"]
            round_ = tasks(lang="en", round="W2")
            assert column(round_, "reminds") == [say("en", "round.reminds")]
        finally:
            conn.execute(f"DELETE FROM season WHERE district = {tiny.DISTRICT}".encode())


def test_out_of_the_season_nothing_is_launched_for_it(tiny_url: str) -> None:
    with psycopg.connect(tiny_url, autocommit=True) as conn:
        never = "'annual_report', 'report_filed', '', '', '2000-01-01'"
        conn.execute(f"INSERT INTO season VALUES ({tiny.DISTRICT}, {never})".encode())
        try:
            app = choosing("season")
            assert [warning.value for warning in app.warning] == [say("en", "launch.no_season")]
            assert "launch_go" not in [button.key for button in app.button]
        finally:
            conn.execute(f"DELETE FROM season WHERE district = {tiny.DISTRICT}".encode())


def test_what_may_be_launched_here_are_sources_of_tasks() -> None:
    assert set(task_choice.SOURCES) < set(SOURCES)


def test_a_days_list_has_each_of_the_premises_once_in_the_order_of_the_way() -> None:
    app = tasks(lang="en", round="W3")
    assert app.selectbox(key="round_worker").value == "W3"
    assert not app.dataframe, "T4 waits for the trader, T5 is due in five days"
    app.segmented_control(key="round_span").set_value("five").run()
    assert column(app, "premises") == ["丙药房"]
    assert column(app, "number") == [1]
    assert 100 < int(str(column(app, "leg_m")[0])) < 200
    assert 'alt="The way through 1 premises, north is up"' in said(app)


def test_without_a_worker_it_asks_for_one() -> None:
    assert say("en", "round.worker_needed") in said(tasks(lang="en", round="1"))


def test_a_picture_of_the_way_keeps_to_its_paper() -> None:
    shown = way.picture("en", (118.0, 24.6), [(118.01, 24.61), (118.02, 24.6)])
    assert shown.count("circle") == 3
    assert way.picture("en", None, [(118.0, 24.6)]).count("circle") == 1


def test_names_of_premises_bring_no_markup_into_the_feed() -> None:
    row = CHANGED | {"premises_name": "<img>", "event": "found", "said": {}, "irregular": None}
    row |= {"at": datetime(2026, 1, 1), "changes": {"tags": [[], ["<b>"]], "sign": [None, "x"]}}  # noqa: DTZ001
    shown = premises_events.changes("en", [row])
    assert "&lt;img&gt;" in shown
    assert "Tags — → &lt;b&gt;" in shown
    assert "Signboard — → x" in shown


def test_a_status_that_only_a_register_knows_is_shown_as_it_is() -> None:
    assert premises_events.status("en", "吊销") == "吊销"
