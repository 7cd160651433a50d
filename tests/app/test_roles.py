"""What an account may not order is not offered to it."""

import psycopg
import pytest
from streamlit.testing.v1 import AppTest

from dashboard import data, pages
from dashboard.ui.i18n import say
from ingest.domain.account import Account, Grade, Role
from tests import tiny
from tests.app.conftest import looks_on
from tests.app.test_page import page_of_its_own, shown

OFFERED = {
    ("alerts", "A1"): {"incident_A1_comment", "incident_A1_resolved", "send_A1_squadron_go"},
    ("clues", "K1"): {"desk_K1_send"},
    ("devices", "worker:W1"): {"device_worker_W1_send"},
    ("premises", "P1"): {"rating_P1_send"},
    ("tasks", "T3"): {"desk_T3_send"},
    ("thresholds", "left_grid.minutes"): {
        "threshold_left_grid.minutes_send",
        "threshold_left_grid.minutes_preview",
    },
}
MANAGED = {"tasks", "thresholds"}


def keys(name: str, picked: str) -> set[str]:
    app = page_of_its_own(name, "en", picked=picked)
    shown(app)
    return {button.key for button in app.button if button.key}


@pytest.fixture(autouse=True)
def on_tiny(tiny_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRIDWARD_DATABASE_URL", tiny_url)


@pytest.mark.parametrize(("name", "picked"), OFFERED)
def test_who_may_only_look_is_offered_no_order(
    name: str, picked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert keys(name, picked) >= OFFERED[name, picked]
    looks_on(monkeypatch, roles=frozenset({Role.LOOK}))
    assert not keys(name, picked) & OFFERED[name, picked]


def test_who_operates_gives_a_task_to_somebody_but_does_not_suspend_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for roles, offered in (
        ({Role.OPERATE}, {"assign"}),
        ({Role.MANAGE}, {"suspend", "cancel"}),
        ({Role.OPERATE, Role.MANAGE}, {"assign", "suspend", "cancel"}),
    ):
        looks_on(monkeypatch, roles=frozenset({Role.LOOK, *roles}))
        app = page_of_its_own("tasks", "zh", picked="T3")
        (box,) = [box for box in app.selectbox if box.key and box.key.startswith("desk_T3_action")]
        assert len(box.options) == len(offered)


def test_an_assistant_is_not_offered_what_only_an_officer_may(monkeypatch: pytest.MonkeyPatch) -> None:
    looks_on(monkeypatch, grade=Grade.ASSISTANT)
    assert "rating_P1_send" not in keys("premises", "P1")
    assert not keys("thresholds", "left_grid.minutes") & OFFERED["thresholds", "left_grid.minutes"]
    major = keys("alerts", "A1")
    assert {"incident_A1_comment", "send_A1_squadron_go"} < major
    assert not major & {"incident_A1_resolved", "incident_A1_false_alarm"}, "it is major"
    assert "incident_A2_resolved" in keys("alerts", "A2")
    app = page_of_its_own("tasks", "en", picked="T3")
    (box,) = [box for box in app.selectbox if box.key and box.key.startswith("desk_T3_action")]
    assert box.options == [say("en", "task_action.assign")]


def test_a_department_is_offered_its_own_answers_only(monkeypatch: pytest.MonkeyPatch) -> None:
    looks_on(monkeypatch, grade=Grade.DEPARTMENT, department_id="fire", district=tiny.DISTRICT)
    assert {key for key in keys("alerts", "A2") if "A2" in key} == {"incident_A2_comment"}
    assert not keys("devices", "worker:W1") & OFFERED["devices", "worker:W1"]
    assert not keys("tasks", "T3") & OFFERED["tasks", "T3"]


def test_a_list_of_the_districts_own_counts_within_a_minute(
    tiny_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks_on(monkeypatch, grade=Grade.ASSISTANT)
    assert "incident_A2_acknowledge" in keys("alerts", "A2")
    with psycopg.connect(tiny_url, autocommit=True) as ingest:
        ingest.execute(
            "INSERT INTO duty_rule (district, grade, act, list, valid_from) "
            "VALUES (%s, 'assistant', 'acknowledge_incident', 'negative', '2026-01-01')",
            (tiny.DISTRICT,),
        )
        data.forget()
        try:
            assert "incident_A2_acknowledge" not in keys("alerts", "A2")
        finally:
            ingest.execute("DELETE FROM duty_rule WHERE district = %s", (tiny.DISTRICT,))


def test_a_wall_takes_no_list_away(monkeypatch: pytest.MonkeyPatch) -> None:
    assert page_of_its_own("tasks", "en").get("download_button")
    looks_on(monkeypatch, roles=frozenset({Role.LOOK}), kiosk=True)
    data.forget()
    assert not page_of_its_own("tasks", "en").get("download_button")


def test_who_comes_after_somebody_in_the_same_window_finds_nothing_of_theirs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def script() -> None:
        from dashboard import viewer

        viewer.take_the_window()

    looks_on(monkeypatch, "甲")
    app = AppTest.from_function(script).run()
    app.session_state["order"] = {"about": "T1", "id": "x"}
    assert "order" in app.run().session_state
    looks_on(monkeypatch, "乙")
    assert "order" not in app.run().session_state
    assert app.session_state["account"] == "乙"


def test_the_log_is_there_for_who_may_read_it() -> None:
    def names(*roles: Role) -> set[str]:
        return {page.name for page in pages.shown_to(Account("x", roles=frozenset(roles)))}

    assert names(Role.LOOK, Role.AUDIT) - names(Role.LOOK) == {"audit"}
    assert names(Role.OPERATE) == names(Role.LOOK), "whoever is let in may look"
    worker = Account("x", roles=frozenset({Role.LOOK}), district=350299, worker_id="W1")
    assert [page.name for page in pages.shown_to(worker)] == [pages.OWN]
