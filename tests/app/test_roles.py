"""What an account may not order is not offered to it."""

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import data, pages
from ingest.domain.account import Account, Role
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
