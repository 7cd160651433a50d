"""The page of devices: one that is picked, what it can be told to do, and how far its orders are."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec
import psycopg
import pytest
from streamlit.testing.v1 import AppTest

from dashboard import data
from dashboard.ui import order_line, raw
from dashboard.ui.i18n import LANGUAGES, age, say
from ingest.contract.acts import TAKES
from ingest.contract.orders import SendOrder
from tests import tiny


def devices(**address: str) -> AppTest:
    """The page without its frame, as opened by an address."""

    def script() -> None:
        from dashboard.pages import devices

        devices.render()

    app = AppTest.from_function(script, default_timeout=30)
    for param, value in address.items():
        app.query_params[param] = value
    return app.run()


@pytest.fixture(autouse=True)
def on_tiny(tiny_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRIDWARD_DATABASE_URL", tiny_url)
    monkeypatch.setenv("GRIDWARD_DISTRICTS", str(tiny.DISTRICT))


@pytest.fixture
def owner(tiny_url: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(tiny_url, autocommit=True) as conn:
        yield conn
        conn.execute("DELETE FROM command WHERE kind = 'send_order'")


def said(app: AppTest) -> str:
    assert not app.exception, app.exception
    return "\n".join(element.value for element in app.html)


def typed(app: AppTest, key: str, value: str) -> None:
    next(box for box in app.text_input if box.key == key).input(value)


def click(app: AppTest, key: str) -> AppTest:
    next(button for button in app.button if button.key == key).click()
    return app.run()


def placed(owner: psycopg.Connection[Any]) -> list[SendOrder]:
    rows = owner.execute(
        "SELECT payload FROM command WHERE kind = 'send_order' ORDER BY queued_at"
    ).fetchall()
    return [msgspec.convert(payload, SendOrder) for (payload,) in rows]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_with_nothing_picked_it_says_how_to(lang: str) -> None:
    assert say(lang, "acts.hint") in said(devices(lang=lang))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_phones_card_has_its_orders_each_stage_with_its_time(lang: str) -> None:
    page = said(devices(lang=lang, picked="worker:W1"))
    assert say(lang, "act.go_to") in page
    words = [say(lang, f"order_out.{stage}") for stage in ("sent", "delivered", "on_the_way")]
    line = page[page.index("gw-stages") :]
    places = [line.index(f"<span>{word} <time>") for word in words]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("picked", "kind"), [("worker:W1", "worker"), ("camera:C1", "camera"), ("printer:R1", "printer")]
)
def test_one_is_offered_what_its_kind_takes_and_no_more(picked: str, kind: str) -> None:
    app = devices(lang="en", picked=picked)
    assert not app.exception, app.exception
    offered = next(box for box in app.selectbox if box.key and box.key.endswith("_act")).options
    assert offered == [say("en", f"act.{act}") for act in TAKES[kind]]


def test_a_device_of_a_foreign_protocol_is_offered_what_that_has_words_for() -> None:
    app = devices(lang="en", picked="bodycam:B1")
    page = said(app)
    offered = next(box for box in app.selectbox if box.key and box.key.endswith("_act")).options
    assert offered == [say("en", "act.take_photo"), say("en", "act.speak")]
    assert say("en", "panel.device_names") in page
    assert "JT/T 808" in page


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_camera_says_how_it_is_and_what_it_sees(lang: str) -> None:
    app = devices(lang=lang, picked="camera:C1")
    page = said(app)
    for word in (
        "41 %",
        "5.7.3",
        say(lang, "clock.behind", age=age(lang, 180)),
        say(lang, "panel.device_health"),
    ):
        assert word in page
    (deck,) = app.get("deck_gl_json_chart")
    assert "device_sight" in deck.proto.json


def test_its_messages_stand_beside_what_was_made_of_them_and_nothing_of_them_is_markup() -> None:
    page = said(devices(lang="en", picked="camera:C1", messages="1"))
    assert "ff 00" in page  # no text
    assert say("en", "raw.cut", shown="2", n="9,000") in page
    assert page.index("crowd") < page.index(say("en", "raw.refused")) < page.index("motion")
    assert "<b>dancing" not in page
    assert "<i>" not in page


@pytest.mark.parametrize(
    ("picked", "whose"), [("worker:W1", ["W1"]), ("bodycam:B1", ["W1"]), ("camera:C1", [])]
)
def test_a_look_at_messages_that_say_where_somebody_was_is_written_down_once(
    owner: psycopg.Connection[Any], picked: str, whose: list[str]
) -> None:
    app = devices(lang="en", picked=picked, messages="1")
    app.run()
    rows = owner.execute("DELETE FROM command WHERE kind = 'look_at_track' RETURNING payload ->> 'id'")
    assert [str(row[0]).partition(":")[0] for row in rows] == whose


def test_what_is_no_json_is_shown_as_the_text_or_the_bytes_that_it_is() -> None:
    assert raw.text("通知\n".encode()) == "通知\n"
    assert raw.text(b"\x00\x01") == "00 01"
    assert raw.text(b'{"a":[1]}') == '{\n "a": [\n  1\n ]\n}'


def test_a_name_is_released_with_one_click(owner: psycopg.Connection[Any]) -> None:
    app = devices(lang="en", picked="bodycam:B1")
    key = next(button.key for button in app.button if button.key and button.key.startswith("release_"))
    app = click(app, key)
    assert [info.value for info in app.info] == [say("en", "order_state.queued")]
    rows = owner.execute("DELETE FROM command WHERE kind = 'release_name' RETURNING payload ->> 'decoder'")
    assert rows.fetchall() == [("jt808",)]


def test_an_order_is_placed_and_what_it_lacks_is_said_instead(owner: psycopg.Connection[Any]) -> None:
    app = devices(lang="en", picked="printer:R1")
    key = "device_printer_R1"
    app = click(app, f"{key}_send")
    assert [warning.value for warning in app.warning] == [say("en", "acts.text_needed")]
    assert placed(owner) == []
    typed(app, f"{key}_text", "责令改正通知书")
    app = click(app, f"{key}_send")
    assert placed(owner) == [SendOrder("printer", "R1", "print_notice", "责令改正通知书")]
    assert [info.value for info in app.info] == [say("en", "order_state.queued")]


def test_whoever_is_to_go_needs_premises(owner: psycopg.Connection[Any]) -> None:
    app = devices(lang="en", picked="worker:W1")
    key = "device_worker_W1"
    app = click(app, f"{key}_send")
    assert [warning.value for warning in app.warning] == [say("en", "acts.premises_needed")]
    typed(app, f"{key}_premises", "P404")
    app = click(app, f"{key}_send")
    assert placed(owner) == [SendOrder("worker", "W1", "go_to", premises_id="P404")]
    owner.execute(
        "UPDATE command SET state = 'refused', reason = 'unknown_premises: P404' WHERE kind = 'send_order'"
    )
    data.forget()
    app.run()
    assert "There are no premises P404" in app.info[0].value


def test_one_that_is_not_there_is_none() -> None:
    assert say("en", "acts.hint") in said(devices(lang="en", picked="worker:nobody"))


def test_what_went_amiss_is_marked_and_nothing_that_was_said_is_markup() -> None:
    stages = [{"stage": "refused", "at": "2030-01-01T08:00:00", "text": "<b>休假"}]
    row = {
        "act": "go_to",
        "state": "refused",
        "device_name": "<i>甲",
        "device_name_en": None,
        "device_id": "W1",
    }
    row |= {
        "place": "<u>",
        "premises": None,
        "text": None,
        "url": 'https://x/"><b>',
        "tries": 3,
        "stages": stages,
    }
    html = order_line.lines("en", [row | {"queued": datetime(2030, 1, 1, 8, tzinfo=UTC)}])
    assert 'class="gw-amiss"' in html and "08:00:00" in html and "sent 3 times" in html
    assert "<b>休假" not in html and "<i>甲" not in html and "<u>" not in html and '"><b>' not in html
