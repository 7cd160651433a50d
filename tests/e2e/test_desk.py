"""The closed loop by mouse: somebody at the screen picks, looks, orders, and sees that it was carried out."""

import hashlib
import json
import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
import paho.mqtt.client as mqtt
import psycopg
import pytest
from playwright.sync_api import Browser, Page, expect

from dashboard.ui.i18n import say
from db.connect import Reader, Scope
from ingest.contract.orders import LaunchTask
from simulators.photo import shop_front
from tests import tiny
from tests.accounts import ON_DUTY
from tests.conftest import wait_until
from tests.e2e.browsing import IN_CHINESE, IN_ENGLISH, Watched, browser, opened, screen  # noqa: F401  fixtures
from tests.e2e.test_ingest import Ingest
from tests.e2e.test_lists import TABLE

pytestmark = pytest.mark.browser

CLUES = TABLE.replace("tasks", "clues")
SCOPE = Scope(tiny.DISTRICT, str(tiny.DISTRICT))
DRAWN = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
NAMES = {"zh": "李四", "en": "Li Si"}


class Field:
    """W1 with the phone, while ingest listens."""

    def __init__(self, url: str, broker_url: str) -> None:
        self.url = url
        self._client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
        self._client.connect("127.0.0.1", urlsplit(broker_url).port or 1883)
        self._client.loop_start()

    def send(self, stream: str, payload: bytes) -> None:
        topic = f"gw/v1/{tiny.DISTRICT}/worker/W1/{stream}"
        self._client.publish(topic, payload, 1).wait_for_publish(10)

    def tell(self, stream: str, at: datetime, data: dict[str, Any]) -> None:
        body = {"id": f"m{time.time_ns()}", "ts": ms(at), "sent": ms(datetime.now(UTC)), "data": data}
        self.send(stream, json.dumps(body).encode())

    def photograph(self, at: datetime) -> dict[str, Any]:
        content = shop_front("P1", at)
        self.send("photo", content)
        return {"sha256": hashlib.sha256(content).hexdigest(), "taken": ms(at)}

    def walk(self, lon: float, lat: float) -> None:
        """They are somewhere now."""
        self.tell("gps", datetime.now(UTC), {"lon": lon, "lat": lat})

    def reply(self, order_id: str, stage: str) -> None:
        self.tell("reply", datetime.now(UTC), {"order_id": order_id, "stage": stage})

    def run(self, *statements: str) -> None:
        """Let the database be as ingest would have left it, all at once."""
        with psycopg.connect(self.url) as conn:
            for sql in statements:
                conn.execute(sql.encode())

    def rows(self, sql: str) -> list[Any]:
        with psycopg.connect(self.url) as conn:
            return conn.execute(sql.encode()).fetchall()

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


def ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)


@pytest.fixture(scope="module")
def field(screen: str, database_url: str, embedded_broker: str) -> Iterator[Field]:  # noqa: F811
    """The tiny day goes on: ingest at work beside the screen."""
    ingest = Ingest(database_url, embedded_broker, Path(os.environ["GRIDWARD_DATA"])).wait_until_ready()
    field = Field(database_url, embedded_broker)
    yield field
    field.close()
    ingest.stop()


def visited_task(field: Field, task_id: str) -> None:
    """Launched, given to W1, walked to, and found abnormal a minute ago, with a photo."""
    order = LaunchTask(task_id, "P1", "food_daily", items=["tableware"], worker_id="W1")
    reader = Reader(field.url)
    reader.place(SCOPE, "operator", task_id, "launch_task", msgspec.json.encode(order).decode())
    reader.close()
    wait_until(lambda: field.rows(f"SELECT FROM task WHERE task_id = '{task_id}'"), what="the launch")
    now = datetime.now(UTC)
    for minutes in (9, 6, 3):
        fix = {"lon": 118.005 - minutes * 1e-4, "lat": 24.605}
        field.tell("gps", now - timedelta(minutes=minutes), fix)
    visit = {"premises_id": "P1", "started": ms(now), "ended": ms(now), "lon": 118.0051, "lat": 24.6051}
    visit |= {"task_id": task_id, "result": "abnormal", "photos": [field.photograph(now)]}
    visit["items"] = [{"item": "tableware", "answer": "x", "severity": "general"}]
    field.tell("inspection", now, visit)
    seen = f"SELECT FROM task WHERE task_id = '{task_id}' AND state = 'rectifying'"
    wait_until(lambda: field.rows(seen), what="the visit")


def pick_first(page: Page, found: str, table: str = TABLE) -> None:
    """Narrow the list to what only `found` is, and click it."""
    page.wait_for_selector(f"{table} tbody tr", state="attached")
    box = page.locator(".st-key-list [data-testid=stTextInput] input").first
    box.fill(found)
    box.press("Enter")
    page.wait_for_selector(f"{table} table[aria-rowcount='2']", state="attached")
    click_first_row(page, table)
    page.wait_for_url(f"**picked={found}**")


def click_first_row(page: Page, table: str) -> None:
    """Click the box before the first row."""
    canvas = page.locator(table).locator("canvas").first
    canvas.wait_for()
    place = canvas.bounding_box()
    assert place
    page.mouse.click(place["x"] + 18, place["y"] + 52)


def choose(watched: Watched, key: str, option: str) -> None:
    """Choose by typing from the box whose key begins so."""
    box = watched.page.locator(f"[class*=st-key-{key}] [role=combobox]").first
    box.hover()  # scrolls to it, also when it is drawn anew meanwhile
    watched.page.evaluate(DRAWN)  # what scrolls closes the options, even when it was scrolled before
    box.fill(option.strip())
    watched.page.get_by_role("option", name=option, exact=True).click()
    watched.until(lambda: box.input_value().strip() == option.strip(), f"{option!r} chosen")


def write(page: Page, key: str, text: str) -> None:
    box = page.locator(f".st-key-{key} input")
    box.fill(text)
    box.press("Enter")


def send(page: Page, key: str) -> None:
    page.locator(f".st-key-{key}_send button").click()


def happened(page: Page, words: str) -> None:
    page.locator(".gw-history b", has_text=words).first.wait_for()


@IN_ENGLISH
def test_a_task_is_looked_at_suspended_and_resumed(
    browser: Browser,  # noqa: F811
    screen: str,  # noqa: F811
    field: Field,
    lang: str,
) -> None:
    task_id = f"B-{lang}"
    visited_task(field, task_id)
    with opened(browser, f"{screen}/tasks?lang={lang}", name=NAMES[lang]) as watched:
        page = watched.page
        pick_first(page, task_id)
        happened(page, say(lang, "task_event.inspected_abnormal"))
        _photo_opens_and_closes(watched)
        page.wait_for_selector(".st-key-task_map canvas")
        for action, text in (("suspend", "停业装修"), ("resume", None)):
            choose(watched, f"desk_{task_id}_action", say(lang, f"task_action.{action}"))
            if text:
                write(page, f"desk_{task_id}_text", text)
            send(page, f"desk_{task_id}")
            happened(page, say(lang, "task_event.suspended" if text else "task_event.resumed"))
        told = page.locator(".st-key-task_history").inner_text()
        assert told.count(f"{say(lang, 'actor.screen')} · {NAMES[lang]}") == 2
        assert "停业装修" in told
        assert watched.complaints == []
        assert watched.outside() == []
    steps = f"SELECT event, actor FROM task_event WHERE task_id = '{task_id}' AND cause LIKE 'screen-%'"
    actor = f"screen:{NAMES[lang]}"
    assert sorted(field.rows(steps)) == [("resumed", actor), ("suspended", actor)]


def _photo_opens_and_closes(watched: Watched) -> None:
    small, whole = (watched.page.locator(f".gw-photos {end}").first for end in ("summary img", ".gw-whole"))
    small.hover()
    watched.until(lambda: small.evaluate("image => image.naturalWidth") == 240, "the small photo")
    small.click()
    watched.until(lambda: whole.evaluate("image => image.naturalWidth") == 320, "the whole photo")
    box = whole.bounding_box()
    assert box and box["width"] > 600
    watched.page.mouse.click(20, 20)
    expect(whole).to_be_hidden()


def test_a_click_on_a_unit_goes_down_into_it_and_a_button_up_again(
    browser: Browser,  # noqa: F811
    screen: str,  # noqa: F811
) -> None:
    with opened(browser, f"{screen}/tasks?lang=en") as watched:
        page = watched.page
        click_first_row(page, "[class*=st-key-tasks_units]")
        page.wait_for_url(f"**unit={tiny.DISTRICT}*01")
        page.get_by_role("button", name=say("en", "task_overview.up")).click()
        watched.until(lambda: "unit=" not in page.url, "the address without a unit")
        assert watched.complaints == []


@pytest.mark.parametrize(("lang", "unit", "count"), [("zh", "01", 2), ("en", "02", 1)])
def test_tasks_are_launched_for_chosen_premises_after_their_number_was_seen(
    browser: Browser,  # noqa: F811
    screen: str,  # noqa: F811
    field: Field,
    lang: str,
    unit: str,
    count: int,
) -> None:
    named = "name_en" if lang == "en" else "name"
    where = f"district = {tiny.DISTRICT} AND"
    ((unit_name,),) = field.rows(
        f"SELECT {named} FROM org_unit WHERE {where} path = '{tiny.DISTRICT}/{unit}'"
    )
    ((category,),) = field.rows(f"SELECT {named} FROM task_category WHERE {where} category = 'campus_food'")
    with opened(browser, f"{screen}/tasks?lang={lang}") as watched:
        page = watched.page
        page.get_by_role("button", name=say(lang, "launch.open")).click()
        choose(watched, "launch_unit", f"\u2003{unit_name}")
        choose(watched, "launch_category", category)
        go = page.locator(".st-key-launch_go button")
        expect(go).to_have_text(say(lang, "launch.go", n=count))
        go.click()
        page.get_by_text(say(lang, "orders.progress", done=count, whole=count, refused=0)).wait_for()
        page.get_by_role("button", name=say(lang, "launch.back")).click()
        launched = [row[0] for row in field.rows(
            "SELECT task_id FROM task WHERE category = 'campus_food' "
            f"AND starts_with(path, '{tiny.DISTRICT}/{unit}')"
        )]  # fmt: skip
        assert len(launched) == count
        pick_first(page, launched[0])
        happened(page, say(lang, "task_event.launched"))
        assert watched.complaints == []


def reported_clue(field: Field, text: str) -> str:
    """A hidden fire hazard with a photo, on its way to the fire brigade; its id."""
    now = datetime.now(UTC)
    clue = {"kind": "消防隐患", "severity": "general", "text": text, "lon": 118.005, "lat": 24.605}
    field.tell("clue", now, clue | {"photos": [field.photograph(now)]})
    found = f"SELECT clue_id FROM clue_case WHERE text = '{text}' AND state = 'routed'"
    return str(wait_until(lambda: field.rows(found), what="the clue")[0][0])


@IN_CHINESE
def test_a_clue_is_given_to_another_department_whose_answer_disposes_of_it(
    browser: Browser,  # noqa: F811
    screen: str,  # noqa: F811
    field: Field,
    lang: str,
) -> None:
    clue_id = reported_clue(field, f"楼道堆放杂物 {lang}")
    ((name, name_en),) = field.rows("SELECT name, name_en FROM department WHERE department_id = 'housing'")
    other = name_en if lang == "en" else name
    with opened(browser, f"{screen}/clues?lang={lang}") as watched:
        page = watched.page
        pick_first(page, clue_id, CLUES)
        page.wait_for_selector(".st-key-clue_card .gw-photos summary img")
        choose(watched, f"desk_{clue_id}_action", say(lang, "action.route"))
        choose(watched, f"desk_{clue_id}_department", other)
        send(page, f"desk_{clue_id}")
        happened(page, say(lang, "clue_event.routed", department=other))
        choose(watched, f"desk_{clue_id}_action", say(lang, "action.done"))
        write(page, f"desk_{clue_id}_text", "已清理完毕")
        send(page, f"desk_{clue_id}")
        happened(page, say(lang, "clue_event.disposed"))
        state = page.locator(".st-key-clue_card header small")
        expect(state).to_have_text(say(lang, "clue.disposed"))
        assert "已清理完毕" in page.locator(".st-key-clue_card").inner_text()
        assert watched.complaints == []
    assert field.rows(f"SELECT state, disposed_by FROM clue_case WHERE clue_id = '{clue_id}'") == [
        ("disposed", f"screen:{ON_DUTY}")
    ]
