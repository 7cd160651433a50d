"""The view of strangers: what they say, and one click that registers them."""

from collections.abc import Iterator
from typing import Any

import msgspec
import psycopg
import pytest
from streamlit.testing.v1 import AppTest

from dashboard import data, stranger_desk
from dashboard.ui.i18n import LANGUAGES, say
from ingest.contract.orders import PutAsideStranger, RegisterDevice
from tests import tiny
from tests.app.test_devices import click, devices, said, typed

PHONE, CAMERA = "owntracks:owntracks/W1/phone", "frigate:frigate/back"


@pytest.fixture(autouse=True)
def on_tiny(tiny_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRIDWARD_DATABASE_URL", tiny_url)
    monkeypatch.setenv("GRIDWARD_DISTRICTS", str(tiny.DISTRICT))


@pytest.fixture
def owner(tiny_url: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(tiny_url, autocommit=True) as conn:
        yield conn
        conn.execute("DELETE FROM command WHERE kind = 'register_device'")


def placed(owner: psycopg.Connection[Any]) -> list[RegisterDevice]:
    rows = owner.execute("SELECT payload FROM command WHERE kind = 'register_device'").fetchall()
    return [msgspec.convert(payload, RegisterDevice) for (payload,) in rows]


def picked(key: str, lang: str = "en") -> AppTest:
    return devices(lang=lang, strangers="1", picked=key)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_they_are_a_view_of_the_page_that_says_how_many_there_are(lang: str) -> None:
    app = devices(lang=lang)
    way = next(button for button in app.button if button.label == say(lang, "strangers.open", n=2))
    app = way.click().run()
    assert list(app.dataframe[0].value[say(lang, "column.foreign_name")]) == [
        "owntracks/W1/phone",
        "frigate/back",
    ]
    assert list(app.dataframe[1].value[say(lang, "column.type")]) == ["beacon"]
    assert say(lang, "strangers.hint") in said(app)


def test_one_click_registers_a_phone_whose_name_says_whose_it_is(owner: psycopg.Connection[Any]) -> None:
    app = picked(PHONE)
    assert "&quot;_type&quot;" in said(app)
    app = click(app, f"stranger_{PHONE}_register")
    assert placed(owner) == [RegisterDevice("owntracks", "owntracks/W1/phone", "worker", "W1")]
    assert [info.value for info in app.info] == [say("en", "order_state.queued")]


def test_one_click_registers_a_camera_under_an_id_like_its_name(owner: psycopg.Connection[Any]) -> None:
    click(picked(CAMERA), f"stranger_{CAMERA}_register")
    assert placed(owner) == [RegisterDevice("frigate", "frigate/back", "camera", "frigate-back")]


def test_an_id_that_cannot_be_one_is_said_and_a_refusal_too(owner: psycopg.Connection[Any]) -> None:
    app, key = picked(CAMERA), f"stranger_{CAMERA}"
    typed(app, f"{key}_id", "门口")
    app = click(app, f"{key}_register")
    assert [warning.value for warning in app.warning] == [say("en", "strangers.no_id")]
    assert placed(owner) == []
    typed(app, f"{key}_id", "R1")
    app = click(app, f"{key}_register")
    owner.execute(
        "UPDATE command SET state = 'refused', reason = 'id_taken: R1' WHERE kind = 'register_device'"
    )
    data.forget()
    app.run()
    assert say("en", "refusal.id_taken", about="R1") in app.info[0].value


def test_one_click_puts_a_stranger_aside_and_takes_it_back(owner: psycopg.Connection[Any]) -> None:
    about = "SELECT payload FROM command WHERE kind = 'put_aside_stranger'"
    label = f"stranger_{PHONE}_aside"
    app = click(picked(PHONE), label)
    ((payload,),) = owner.execute(about).fetchall()
    assert msgspec.convert(payload, PutAsideStranger) == PutAsideStranger("owntracks", "owntracks/W1/phone")
    owner.execute(
        "INSERT INTO stranger_aside VALUES (%s, 'owntracks', 'owntracks/W1/phone', now(), 'screen:li')",
        (tiny.DISTRICT,),
    )
    data.forget()
    app = picked(PHONE)
    assert app.button(key=label).label == say("en", "strangers.take_back")
    click(app, label)
    assert [payload["aside"] for (payload,) in owner.execute(f"{about} ORDER BY queued_at").fetchall()] == [
        True,
        False,
    ]
    owner.execute("DELETE FROM command WHERE kind = 'put_aside_stranger'")
    owner.execute("DELETE FROM stranger_aside WHERE name = 'owntracks/W1/phone'")
    data.forget()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_rejected_before_anybody_knows_whose_it_is_stands_beside_them(lang: str) -> None:
    app = devices(lang=lang, strangers="1")
    assert say(lang, "panel.rejected_foreign") in said(app)
    (row,) = app.dataframe[2].value.to_dict("records")
    told = [row[say(lang, f"column.{word}")] for word in ("topic", "rejected_for", "messages", "payload")]
    assert told == ["frigate/events", "not_json", 1, "{half"]


def test_one_that_is_registered_by_now_is_gone() -> None:
    assert say("en", "strangers.gone") in said(picked("owntracks:owntracks/nobody/phone"))


def test_an_id_is_made_of_any_name() -> None:
    assert stranger_desk._id("owntracks/anna/phone") == "owntracks-anna-phone"
    assert stranger_desk._id("张三") == ""
    assert len(stranger_desk._id("x" * 200)) == 60
