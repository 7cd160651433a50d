"""The page of incidents: its list, one incident with what can be done about it, and the shift handover."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest
from streamlit.testing.v1 import AppTest

import dashboard
from dashboard import incident_desk
from dashboard.ui import nearest
from dashboard.ui.i18n import LANGUAGES, say
from db.connect import connect
from ingest.contract.orders import (
    AcknowledgeIncident,
    CommentIncident,
    ConfirmHandover,
    DispatchIncident,
    MergeIncidents,
    Order,
    ReopenIncident,
    ResolveIncident,
    Target,
)
from ingest.domain.incident import IncidentState
from tests import tiny
from tests.app.conftest import looks_on


def page(**address: str | list[str]) -> AppTest:
    """The page without its frame, as opened by an address."""

    def script() -> None:
        from dashboard.pages import alerts

        alerts.render()

    app = AppTest.from_function(script, default_timeout=60)
    for param, value in address.items():
        app.query_params[param] = value
    return app.run()


@pytest.fixture(autouse=True)
def on_tiny(tiny_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRIDWARD_DATABASE_URL", tiny_url)
    monkeypatch.setenv("GRIDWARD_DISTRICTS", str(tiny.DISTRICT))
    with psycopg.connect(tiny_url, autocommit=True) as conn:  # the module's tests may take long
        conn.execute("UPDATE worker_state SET at = now(), last_seen = now() WHERE worker_id IN ('W1', 'W2')")


def said(app: AppTest) -> str:
    assert not app.exception, app.exception
    return "\n".join(element.value for element in app.html)


def ids(app: AppTest) -> list[str]:
    return list(app.dataframe[0].value[say("en", "column.id")])


def test_what_is_open_comes_first_and_the_most_severe_on_top() -> None:
    assert ids(page(lang="en")) == ["A1", "A4", "A2", "A3", "A5"]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ({"states": "open"}, ["A1", "A4", "A2", "A3"]),
        ({"states": ["resolved", "on_the_way"]}, ["A1", "A5"]),
        ({"severities": "major"}, ["A1", "A5"]),
        ({"rules": "left_grid"}, ["A2"]),
        ({"unit": f"{tiny.DISTRICT}/02"}, ["A4"]),
        ({"traits": "mine"}, []),
        ({"text": "甲味馆"}, ["A1"]),
        ({"text": "Yi Er"}, ["A2"]),
        ({"text": "已到场处置"}, ["A5"]),
        ({"text": "丙村"}, ["A4", "A2"]),
    ],
)
def test_the_list_is_narrowed_as_the_others_are(
    address: dict[str, str | list[str]], expected: list[str]
) -> None:
    app = page(lang="en", **address)
    assert (ids(app) if app.dataframe else []) == expected


def test_mine_are_those_that_ones_own_account_has_acknowledged(
    tiny_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with psycopg.connect(tiny_url, autocommit=True) as conn:
        conn.execute("UPDATE incident SET acknowledged_by = 'screen:李四' WHERE incident_id = 'A1'")
    app = page(lang="en", traits="mine")
    looks_on(monkeypatch, "李四")
    assert ids(app.run()) == ["A1"]
    with psycopg.connect(tiny_url, autocommit=True) as conn:
        conn.execute("UPDATE incident SET acknowledged_by = 'operator' WHERE incident_id = 'A1'")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_alerts_behind_the_incidents_are_a_view_of_their_own(lang: str) -> None:
    app = page(lang=lang, signals="1", text="A2")
    assert say(lang, "panel.signals_list") in said(app)
    assert len(app.dataframe[0].value) == 1


@pytest.mark.parametrize(
    ("lang", "expected"),
    [
        ("zh", ["甲味馆 发现隐患", "赶往现场", "指挥中心", "甲一", "前往现场", "派遣 甲一", "出发", "一所"]),
        ("en", ["Hazard at 甲味馆", "On the way", "Command centre", "Jia Yi", "Go there", "Sent Jia Yi"]),
    ],
)
def test_one_incident_tells_what_it_is_who_was_sent_and_its_whole_history(
    lang: str, expected: list[str]
) -> None:
    told = said(page(lang=lang, picked="A1"))
    assert [word for word in expected if word not in told] == []


def test_the_way_back_leads_to_the_list_as_it_was_narrowed() -> None:
    app = page(lang="en", picked="A2", states="open", rules=["left_grid", "hazard_found"])
    app.button(key="incident_back").click().run()
    assert ids(app) == ["A1", "A2"]


def test_an_unknown_one_is_said_to_be_unknown() -> None:
    assert say("en", "incident.unknown", id="nowhere") in said(page(lang="en", picked="nowhere"))


@pytest.mark.parametrize("state", IncidentState)
def test_each_state_offers_what_it_allows(state: IncidentState) -> None:
    offered = incident_desk.actions(state)
    assert ("acknowledge" in offered) == (state is IncidentState.RAISED)
    assert ("resolved" in offered) == ("false_alarm" in offered)
    over = {IncidentState.RESOLVED, IncidentState.FALSE_ALARM, IncidentState.PASSED}
    assert ("reopen" in offered) == (state in over)
    assert "comment" in offered


def placed(url: str) -> Order:
    """The newest order, as ingest would read it; it is taken away."""
    with connect(url, autocommit=True) as conn:
        row = conn.execute(
            "DELETE FROM command WHERE command_id LIKE 'screen-%' RETURNING payload, kind"
        ).fetchone()
    assert row is not None
    assert row["payload"]["kind"] == row["kind"]
    order: Order = msgspec.convert(row["payload"], Order)
    return order


@pytest.mark.parametrize(
    ("incident_id", "action", "text", "expected"),
    [
        ("A2", "acknowledge", None, AcknowledgeIncident("A2")),
        ("A1", "resolved", "已疏通", ResolveIncident("A1", "resolved", "已疏通")),
        ("A2", "false_alarm", "手机漂移", ResolveIncident("A2", "false_alarm", "手机漂移")),
        ("A5", "reopen", "又响了", ReopenIncident("A5", "又响了")),
        ("A5", "comment", "已回访", CommentIncident("A5", "已回访")),
    ],
)
def test_an_action_is_placed_as_an_order(
    tiny_url: str, incident_id: str, action: str, text: str | None, expected: Order
) -> None:
    app = page(lang="zh", picked=incident_id)
    if text:
        app.text_input(key=f"incident_{incident_id}_text").set_value(text).run()
    app.button(key=f"incident_{incident_id}_{action}").click().run()
    assert say("zh", "order_state.queued") in [message.value for message in app.info]
    assert placed(tiny_url) == expected


def test_an_end_without_a_reason_is_not_sent(tiny_url: str) -> None:
    app = page(lang="en", picked="A2")
    app.button(key="incident_A2_resolved").click().run()
    assert [warning.value for warning in app.warning] == [say("en", "desk.text_needed")]
    with psycopg.connect(tiny_url) as conn:
        assert conn.execute("SELECT FROM command WHERE command_id LIKE 'screen-%'").fetchall() == []


def test_who_comes_second_is_told_by_whom(tiny_url: str) -> None:
    app = page(lang="en", picked="A2")
    app.button(key="incident_A2_acknowledge").click().run()
    with psycopg.connect(tiny_url, autocommit=True) as conn:
        conn.execute(
            "UPDATE command SET state = 'refused', reason = 'already_acknowledged: screen:李四' "
            "WHERE command_id LIKE 'screen-%'"
        )
    app.run()
    assert [message.value for message in app.info] == [
        "Refused: Command centre · 李四 has acknowledged it already"
    ]
    placed(tiny_url)


def test_the_nearest_are_sent_by_a_click_with_the_order_chosen(tiny_url: str) -> None:
    app = page(lang="en", picked="A2")
    assert "Jia Yi" in said(app)
    app.button(key="send_A2_W1").click().run()
    assert placed(tiny_url) == DispatchIncident("A2", [Target("worker", "W1")], "go_to")
    app.selectbox(key="send_A2_act").select("call_back").run()
    app.text_input(key="send_A2_text").set_value("回电 8866").run()
    app.button(key="send_A2_W2").click().run()
    assert placed(tiny_url) == DispatchIncident("A2", [Target("worker", "W2")], "call_back", "回电 8866")


@pytest.fixture
def major(tiny_url: str) -> Iterator[str]:
    """A1, as long as nobody has taken it up."""
    with psycopg.connect(tiny_url, autocommit=True) as ingest:
        put = "UPDATE incident SET state = %s WHERE district = %s AND incident_id = 'A1'"
        ingest.execute(put, ("raised", tiny.DISTRICT))
        yield "A1"
        ingest.execute(put, ("on_the_way", tiny.DISTRICT))


@pytest.mark.parametrize(
    ("state", "reason", "expected"),
    [
        ("done", None, "Carried out"),
        ("refused", "already_acknowledged: li", "Refused: li has acknowledged it already"),
    ],
)
def test_a_click_on_the_siren_takes_an_incident_up_and_the_outcome_is_told_over_the_page(
    tiny_url: str, major: str, state: str, reason: str | None, expected: str
) -> None:
    app = AppTest.from_file(str(Path(dashboard.__path__[0]) / "screen.py"), default_timeout=60)
    app.query_params["lang"] = "en"
    app.run()
    app._finished_page_script_hash = ""  # AppTest looks for the page in Streamlit's own kind of folder
    app.button(key=f"siren_take_{major}").click().run()
    assert 'class="gw gw-alert"' in said(app)
    assert "aria-live" not in said(app)
    with psycopg.connect(tiny_url, autocommit=True) as conn:
        order = "UPDATE command SET state = %s, reason = %s WHERE command_id LIKE 'screen-%%'"
        conn.execute(order, (state, reason))
    app._finished_page_script_hash = ""
    assert f'aria-live="polite">{expected}<' in said(app.run())
    assert placed(tiny_url) == AcknowledgeIncident(major)


def test_whoever_is_under_way_is_not_sent_again() -> None:
    app = page(lang="en", picked="A1")
    assert [app.button(key=f"send_A1_{one}").disabled for one in ("W1", "W2")] == [True, False]


@pytest.mark.parametrize(("kind", "whom"), [("squadron", f"{tiny.DISTRICT}/01/01"), ("department", "fire")])
def test_a_squadron_and_a_department_are_sent_too(tiny_url: str, kind: Any, whom: str) -> None:
    app = page(lang="en", picked="A2")
    assert app.button(key=f"send_A2_{kind}_go").disabled
    app.selectbox(key=f"send_A2_{kind}").select(whom).run()
    app.button(key=f"send_A2_{kind}_go").click().run()
    assert placed(tiny_url) == DispatchIncident("A2", [Target(kind, whom)], "go_to")


def test_others_are_merged_into_it(tiny_url: str) -> None:
    app = page(lang="en", picked="A2")
    app.multiselect(key="incident_A2_merge").select("A3").run()
    app.button(key="incident_A2_merge_go").click().run()
    assert placed(tiny_url) == MergeIncidents("A2", ["A3"])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_shift_is_taken_over_with_what_was_seen_open(tiny_url: str, lang: str) -> None:
    app = page(lang=lang, handover="1")
    told = said(app)
    assert "早班" in told
    assert "&lt;b&gt;留意 A4&lt;/b&gt;" in told
    assert say(lang, "handover.unseen", n="1") in told
    assert say(lang, "handover.summary", n="4", fresh="4", late="0") in told
    app.text_area(key="handover_note").set_value("无异常").run()
    app.button(key="handover_confirm").click().run()
    order = placed(tiny_url)
    assert order == ConfirmHandover(str(tiny.DISTRICT), ["A1", "A4", "A3", "A2"], "无异常")


def test_the_handover_of_a_unit_knows_only_what_is_open_there(tiny_url: str) -> None:
    app = page(lang="en", handover="1", unit=f"{tiny.DISTRICT}/02")
    assert say("en", "handover.never") in said(app)
    app.button(key="handover_confirm").click().run()
    assert placed(tiny_url) == ConfirmHandover(f"{tiny.DISTRICT}/02", ["A4"], "")


@pytest.mark.parametrize(
    ("speed", "goes", "lies", "expected"),
    [
        (20, 90, 90, "towards"),
        (20, 350, 20, "towards"),
        (20, 180, -30, "away"),
        (20, 0, 90, "n"),
        (20, 315, -135, "nw"),
        (0.5, 90, 90, "stands"),
        (None, 90, 90, "unknown"),
        (20, None, 90, "unknown"),
    ],
)
def test_where_somebody_heads_is_told_by_the_place(
    speed: float | None, goes: float | None, lies: float, expected: str
) -> None:
    assert nearest.heading({"speed_kmh": speed, "heading_deg": goes, "bearing": lies}) == expected


def test_what_people_wrote_is_no_markup(tiny_url: str) -> None:
    with psycopg.connect(tiny_url, autocommit=True) as conn:
        conn.execute("UPDATE incident SET reason = '<img src=x>' WHERE incident_id = 'A5'")
        conn.execute(
            "UPDATE alert_event SET params = params || '{\"text\": \"<img src=x>\"}' WHERE event = 'resolved'"
        )
    told = said(page(lang="en", picked="A5"))
    assert "<img" not in told
    assert told.count("&lt;img") == 2
