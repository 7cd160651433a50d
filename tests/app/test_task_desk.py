"""Beside the list of tasks: how the units do, one task on the spot, silent phones, and who is on duty."""

import json
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from streamlit.testing.v1 import AppTest

from dashboard import data
from dashboard.ui.i18n import LANGUAGES, say
from db.connect import connect
from tests import tiny
from tests.app.conftest import looks_on
from tests.app.test_tasks import choose, said, tasks


@pytest.fixture(autouse=True)
def on_tiny(tiny_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRIDWARD_DATABASE_URL", tiny_url)
    monkeypatch.setenv("GRIDWARD_DISTRICTS", str(tiny.DISTRICT))


@pytest.fixture
def ingest(tiny_url: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(tiny_url, autocommit=True) as conn:
        yield conn


def units(app: AppTest, lang: str = "en") -> dict[str, list[str]]:
    """The shown units with their closed and in-time figures."""
    table = app.dataframe[1].value
    names, *figures = (
        list(table[say(lang, f"column.{word}")]) for word in ("of_unit", "closed_of", "in_time_of")
    )
    return {name: list(row) for name, *row in zip(names, *figures, strict=True)}


def test_with_no_task_picked_the_units_rates_stand_beside_the_list_with_both_figures() -> None:
    app = tasks(lang="en")
    assert not app.exception, app.exception
    assert units(app) == {"Station One": ["2 / 3", "1 / 3"], "Station Two": ["1 / 2", "1 / 2"]}
    assert "kpi?lang=en&amp;kpi=closure_rate&amp;unit=350299" in said(app)
    assert len(app.get("plotly_chart")) == 1


@pytest.mark.parametrize(
    ("unit", "shown", "up"),
    [
        (f"{tiny.DISTRICT}/01", ["Squadron One"], None),
        (tiny.PATH_1.rpartition("/")[0], ["Jia Village", "Yi Village"], f"{tiny.DISTRICT}/01/01"),
        (tiny.PATH_1, ["Jia Village"], f"{tiny.DISTRICT}/01/01/01"),
    ],
)
def test_one_can_go_down_to_the_grid_and_up_again(unit: str, shown: list[str], up: str | None) -> None:
    app = tasks(lang="en", unit=unit)
    assert list(units(app)) == shown
    next(button for button in app.button if button.label == say("en", "task_overview.up")).click().run()
    assert not app.exception, app.exception
    assert app.session_state["tasks_unit"] == up
    assert app.query_params.get("unit") == up


def test_a_unit_that_there_is_not_has_nothing_to_show() -> None:
    app = tasks(lang="en", unit="nowhere")
    assert not app.exception, app.exception
    assert say("en", "list.nothing") in said(app)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_phones_said_of_no_task_is_there_to_be_seen(lang: str, ingest: psycopg.Connection[Any]) -> None:
    assert say(lang, "task_irregular.unknown_task") + " &lt;T404&gt;" in said(tasks(lang=lang))
    ingest.execute("UPDATE rejected_message SET received_at = now() - interval '8 days'")
    data.forget()
    assert say(lang, "desk.no_rejected") in said(tasks(lang=lang))
    ingest.execute("UPDATE rejected_message SET received_at = now()")


def layers(app: AppTest) -> dict[str, Any]:
    (chart,) = app.get("deck_gl_json_chart")
    return {layer["id"]: layer for layer in json.loads(chart.proto.json)["layers"]}


def test_the_map_has_the_premises_each_visit_and_the_way_there() -> None:
    drawn = layers(tasks(lang="en", picked="T1"))
    premises, first, second = drawn["task_ends"]["data"]
    assert (premises["label"], premises["p"]) == ("甲味馆", [118.005, 24.605])
    assert first["label"].startswith("1 · ") and first["label"].endswith("Jia Yi")
    assert (second["p"], second["label"][:4]) == ([118.0051, 24.605], "2 · ")
    (way,) = drawn["task_ways"]["data"]
    assert [lon for lon, _ in way["path"]] == pytest.approx([118.0016, 118.0049, 118.0064])
    assert drawn["task_grid"]["data"]["features"][0]["geometry"]["type"] == "Polygon"


def test_a_task_without_any_place_has_no_map(ingest: psycopg.Connection[Any]) -> None:
    ingest.execute("UPDATE task SET premises_id = 'P404' WHERE task_id = 'T4'")
    app = tasks(lang="en", picked="T4")
    assert not app.exception, app.exception
    assert not app.get("deck_gl_json_chart")
    ingest.execute("UPDATE task SET premises_id = 'P3' WHERE task_id = 'T4'")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_photos_that_are_not_here_are_said_to_be_so_in_words(lang: str) -> None:
    page = said(tasks(lang=lang, picked="T1"))
    assert page.count(say(lang, "photo.awaited")) == 2
    assert "<img" not in page


def test_a_photo_that_is_here_is_shown_small_and_opens_large(
    ingest: psycopg.Connection[Any], tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.app.test_photos import jpeg, kept

    monkeypatch.setenv("GRIDWARD_DATA", str(tmp_path))
    sha256 = kept(tmp_path, jpeg(640, 480))
    ingest.execute(
        "UPDATE inspection SET photos = jsonb_build_array(jsonb_build_object('sha256', %s::text, "
        "'taken', 1772416800000)) WHERE id = 'v2'",
        (sha256,),
    )
    page = said(tasks(lang="en", picked="T1"))
    assert page.count(f'src="api/photos/{sha256}.') == 2
    assert 'alt="Photo 2026-03-02 10:00:00"' in page


@pytest.fixture
def silent(ingest: psycopg.Connection[Any]) -> Iterator[None]:
    """T3 was never heard of on the phone, T4 was refused, and T5 taken back from another."""
    ingest.execute(
        "INSERT INTO order_out (district, order_id, task_id, kind, device_id, state, queued_at, reply) "
        "VALUES "
        "(350299, 'x3', 'T3', 'worker', 'W2', 'expired', now(), NULL), "
        "(350299, 'x4', 'T4', 'worker', 'W3', 'refused', now(), '休假'), "
        "(350299, 'x5', 'T5', 'withdraw', 'W2', 'accepted', now(), NULL)"
    )
    ingest.execute(
        "INSERT INTO task_event (district, task_id, at, event, state, actor, cause, params) VALUES "
        "(350299, 'T3', now(), 'unanswered', 'assigned', 'time', 'x3', '{\"worker_id\": \"W2\"}'), "
        "(350299, 'T3', now(), 'unanswered', 'assigned', 'time', 'x9', '{\"department_id\": \"food\"}'), "
        "(350299, 'T4', now(), 'refused', 'assigned', 'W3', 'r4', '{\"text\": \"休假\"}')"
    )
    yield
    ingest.execute("DELETE FROM task_event WHERE event IN ('unanswered', 'refused')")
    ingest.execute("DELETE FROM order_out WHERE order_id LIKE 'x%'")


@pytest.mark.usefixtures("silent")
@pytest.mark.parametrize(
    ("task", "expected"),
    [
        ("T3", ["Yi Er's phone never answered", "The clock", "Inspect · Yi Er · never answered"]),
        ("T3", ["Food Safety Office never answered"]),
        ("T4", ["Refused on the phone", "休假", "Inspect · Bing San · refused"]),
        ("T5", ["Withdraw · Yi Er · accepted"]),
    ],
)
def test_silence_refusal_and_what_was_taken_back_stand_in_the_tasks_history(
    task: str, expected: list[str], ingest: psycopg.Connection[Any]
) -> None:
    ingest.execute("UPDATE department SET name_en = 'Food Safety Office' WHERE department_id = 'food'")
    page = said(tasks(lang="en", picked=task))
    assert [word for word in expected if word.replace("'", "&#x27;") not in page] == []


@pytest.mark.usefixtures("silent")
@pytest.mark.parametrize(
    ("traits", "found"),
    [
        ("unanswered", ["T3"]),
        ("refused", ["T4"]),
        ("overdue", ["T4"]),
        (["unanswered", "irregular"], ["T3", "T1"]),
    ],
)
def test_tasks_are_found_by_what_is_amiss_with_them(traits: str | list[str], found: list[str]) -> None:
    assert list(tasks(lang="en", traits=traits).dataframe[0].value[say("en", "column.id")]) == found


@pytest.mark.usefixtures("silent")
def test_the_list_says_how_far_each_phone_is() -> None:
    table = tasks(lang="en").dataframe[0].value
    shown = zip(table[say("en", "column.id")], table[say("en", "column.phone")], strict=True)
    phones = {task: list(phone) for task, phone in shown}
    assert phones == {
        "T1": ["arrived"],
        "T3": ["never answered"],
        "T4": ["refused"],
        **dict.fromkeys(("T2", "T5", "T6"), []),
    }


@pytest.mark.parametrize("name", ["王五", "W1", "{x} <b>"])
def test_an_order_says_whose_account_it_is(tiny_url: str, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    actor = looks_on(monkeypatch, name).account.actor
    app = choose(tasks(lang="en", picked="T3"), "suspend")
    app.text_input(key="desk_T3_text").set_value("装修").run()
    app.button(key="desk_T3_send").click().run()
    assert not app.exception, app.exception
    with connect(tiny_url, autocommit=True) as conn:
        placed = conn.execute(
            "DELETE FROM command WHERE command_id LIKE 'screen-%' RETURNING actor"
        ).fetchall()
        assert [row["actor"] for row in placed] == [actor]
        conn.execute(
            "INSERT INTO task_event (district, task_id, at, event, state, actor, cause) "
            "VALUES (350299, 'T3', now(), 'suspended', 'suspended', %s, 'duty')",
            (actor,),
        )
    data.forget()
    shown = f"Command centre · {name}"
    assert shown.replace("<", "&lt;").replace(">", "&gt;") in said(tasks(lang="en", picked="T3"))
    with connect(tiny_url, autocommit=True) as conn:
        conn.execute("DELETE FROM task_event WHERE cause = 'duty'")
