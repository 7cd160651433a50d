"""Incidents by mouse: operators at their screens take up, send, end, merge and hand over."""

import math
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from dashboard.ui import maps
from dashboard.ui.i18n import say
from tests import tiny
from tests.conftest import wait_until
from tests.e2e.browsing import IN_CHINESE, IN_ENGLISH, MAP, Watched, browser, opened, screen  # noqa: F401  fixtures
from tests.e2e.test_desk import NAMES, Field, choose, happened, pick_first, write
from tests.e2e.test_ingest import Ingest
from tests.e2e.test_lists import TABLE

pytestmark = pytest.mark.browser

ALERTS = TABLE.replace("tasks", "alerts")
OUTCOME = ".st-key-desk [data-testid=stAlert]"
PATH = tiny.PATH_1


@pytest.fixture(scope="module")
def ingest(screen: str, database_url: str, embedded_broker: str) -> Iterator[Ingest]:  # noqa: F811
    """The tiny day goes on: ingest at work beside the screens."""
    ingest = Ingest(database_url, embedded_broker, Path(os.environ["GRIDWARD_DATA"])).wait_until_ready()
    yield ingest
    ingest.stop()


@pytest.fixture(scope="module")
def field(ingest: Ingest, database_url: str, embedded_broker: str) -> Iterator[Field]:
    field = Field(database_url, embedded_broker)
    # The day's own, else it may be newer than a test's.
    clue = f"SELECT FROM incident WHERE rule = 'major_clue' AND district = {tiny.DISTRICT}"
    wait_until(lambda: field.rows(clue), 60, what="the incident of the day's major clue")
    yield field
    field.close()


def rung(field: Field, incident_id: str, severity: str = "serious") -> str:
    """An SOS of W2's bodycam in G1, half a kilometre from W1, a moment ago."""
    district, place = tiny.DISTRICT, "'G1', 118.009, 24.605, now()"
    field.run(
        f"""INSERT INTO alert (district, alert_id, incident_id, rule, subject, severity, path, params,
                grid_id, lon, lat, raised_at)
            VALUES ({district}, '{incident_id}', '{incident_id}', 'bodycam_sos', 'device:{incident_id}',
                '{severity}', '{PATH}', '{{"device_id": "B2", "worker_id": "W2"}}', {place})""",
        f"""INSERT INTO incident (district, incident_id, rule, section, path, grid_id, lon, lat, raised_at,
                opened_at, alerts, open_alerts, subjects, last_alert_at, severity, level, due_at)
            VALUES ({district}, '{incident_id}', 'bodycam_sos', '{PATH[:15]}', '{PATH}', {place},
                now(), 1, 1, 1, now(), '{severity}', 4, now() + interval '9 minutes')""",
        f"""INSERT INTO alert_event (district, alert_id, at, event, actor, cause, state, params)
            VALUES ({district}, '{incident_id}', now(), 'opened', 'rules', '{incident_id}', 'raised',
                jsonb_build_object('severity', '{severity}', 'due', now() + interval '9 minutes'))""",
    )
    return incident_id


def card(url: str, lang: str, incident_id: str) -> str:
    return f"{url}/alerts?lang={lang}&picked={incident_id}"


def press(page: Page, incident_id: str, action: str) -> None:
    page.locator(f".st-key-incident_{incident_id}_{action} button").click()


def stands(page: Page, lang: str, state: str) -> None:
    told = page.locator(".st-key-incident_desk .gw-picked header small")
    expect(told).to_have_text(say(lang, f"incident.{state}"))


def incident(field: Field, incident_id: str, columns: str) -> object:
    ((*found,),) = field.rows(f"SELECT {columns} FROM incident WHERE incident_id = '{incident_id}'")
    return found[0] if len(found) == 1 else tuple(found)


@IN_CHINESE
def test_of_two_operators_who_acknowledge_at_once_one_is_told_by_whom_it_was(
    browser: Browser,  # noqa: F811
    screen: str,  # noqa: F811
    field: Field,
    ingest: Ingest,
    lang: str,
) -> None:
    incident_id = rung(field, f"two{lang}")
    names = ("李四", "Wang Wu")
    address = card(screen, lang, incident_id)
    with opened(browser, address, name=names[0]) as left, opened(browser, address, name=names[1]) as right:
        for watched in (left, right):
            stands(watched.page, lang, "raised")
        ingest.process.send_signal(signal.SIGSTOP)
        try:
            for watched in (left, right):
                press(watched.page, incident_id, "acknowledge")
                expect(watched.page.locator(OUTCOME)).to_have_text(say(lang, "order_state.queued"))
        finally:
            ingest.process.send_signal(signal.SIGCONT)
        for watched in (left, right):
            stands(watched.page, lang, "acknowledged")
            happened(watched.page, say(lang, "incident_event.acknowledged"))
        winner = str(incident(field, incident_id, "acknowledged_by")).removeprefix("screen:")
        assert winner in names
        outcomes = {}
        for watched, name in zip((left, right), names, strict=True):
            box = watched.page.locator(OUTCOME)
            expect(box).not_to_have_text(say(lang, "order_state.queued"))
            outcomes[name] = box.inner_text()
        loser = next(name for name in names if name != winner)
        first = f"{say(lang, 'actor.screen')} · {winner}"
        told = say(lang, "incident_refusal.already_acknowledged", about=first)
        assert outcomes[winner] == say(lang, "order_state.done")
        assert outcomes[loser] == say(lang, "order_state.refused", reason=told)
        assert left.complaints == right.complaints == []


@IN_ENGLISH
def test_two_clicks_send_the_nearest_and_their_stages_are_seen(
    browser: Browser,  # noqa: F811
    screen: str,  # noqa: F811
    field: Field,
    lang: str,
) -> None:
    incident_id = rung(field, f"send{lang}")
    field.walk(118.005, 24.605)
    with opened(browser, f"{screen}/alerts?lang={lang}", name=NAMES[lang]) as watched:
        page = watched.page
        pick_first(page, incident_id, ALERTS)  # the first click, after the list was narrowed
        near = page.locator(".st-key-nearest .gw-near").first
        near.wait_for()
        assert "甲一" in near.inner_text() or "Jia Yi" in near.inner_text()
        page.locator(f".st-key-send_{incident_id}_W1 button").click()  # the second
        stands(page, lang, "dispatched")
        page.wait_for_selector(".st-key-incident_send canvas")
        told = page.locator(".st-key-incident_send .gw-history")
        told.get_by_text(say(lang, "act.go_to")).wait_for()
        expect(page.locator(f".st-key-send_{incident_id}_W1 button")).to_be_disabled()
        ((order_id,),) = field.rows(f"SELECT order_id FROM order_out WHERE incident_id = '{incident_id}'")
        field.reply(order_id, "on_the_way")
        stands(page, lang, "on_the_way")
        field.walk(118.009, 24.605)
        stands(page, lang, "on_the_spot")
        happened(page, say(lang, "incident_event.on_the_spot_proved", metres="0"))
        assert watched.hidden() == 0
        assert watched.complaints == []
        assert watched.outside() == []
    assert incident(field, incident_id, "acknowledged_by, on_the_spot_by") == (f"screen:{NAMES[lang]}", "W1")


@IN_CHINESE
def test_an_incident_is_written_about_resolved_with_a_reason_reopened_and_called_false(
    browser: Browser,  # noqa: F811
    screen: str,  # noqa: F811
    field: Field,
    lang: str,
) -> None:
    incident_id = rung(field, f"end{lang}")
    with opened(browser, card(screen, lang, incident_id)) as watched:
        page = watched.page
        press(page, incident_id, "resolved")
        expect(page.locator(OUTCOME)).to_have_text(say(lang, "desk.text_needed"))
        for action, text, state in (
            ("comment", "已电话联系 <b>乙二</b>", "raised"),
            ("resolved", "已到场处置", "resolved"),
            ("reopen", "又响了", "acknowledged"),
            ("false_alarm", "误触按键", "false_alarm"),
        ):
            write(page, f"incident_{incident_id}_text", text)
            press(page, incident_id, action)
            page.locator(".st-key-incident_history q", has_text=text).wait_for()
            stands(page, lang, state)
        assert page.locator(f".st-key-incident_{incident_id}_resolved").count() == 0
        assert page.locator(".st-key-nearest").count() == 0
        assert watched.complaints == []
    assert incident(field, incident_id, "state, reason, reopened") == ("false_alarm", "误触按键", 1)


@IN_ENGLISH
def test_another_is_merged_into_one_and_its_alerts_are_this_ones(
    browser: Browser,  # noqa: F811
    screen: str,  # noqa: F811
    field: Field,
    lang: str,
) -> None:
    into, other = rung(field, f"into{lang}"), rung(field, f"same{lang}")
    field.run(f"UPDATE incident SET opened_at = now() + interval '1 minute' WHERE incident_id = '{other}'")
    with opened(browser, card(screen, lang, into)) as watched:
        page = watched.page
        page.locator(f".st-key-incident_{into}_merge [role=combobox]").click()
        page.get_by_role("option").first.click()  # alike, nearest, newest
        page.locator(f".st-key-incident_{into}_merge_go button").click()
        happened(page, say(lang, "incident_event.gathered", n=1))
        alerts = say(lang, "incident.alerts_n", n=2, open=2)
        page.locator(".st-key-incident_desk dd", has_text=alerts).wait_for()
        page.goto(card(screen, lang, other))
        stands(page, lang, "merged")
        page.locator(".st-key-incident_desk dd a").last.click()
        page.wait_for_url(f"**picked={into}")
        stands(page, lang, "raised")
        assert watched.complaints == []
    assert incident(field, other, "state, merged_into") == ("merged", into)


@IN_CHINESE
def test_a_shift_is_taken_over_with_what_is_open_and_a_note(
    browser: Browser,  # noqa: F811
    screen: str,  # noqa: F811
    field: Field,
    lang: str,
) -> None:
    incident_id = rung(field, f"shift{lang}")
    with opened(browser, f"{screen}/alerts?lang={lang}", name=NAMES[lang]) as watched:
        page = watched.page
        page.locator(".st-key-view_handover button").click()
        page.locator(".st-key-beside .gw-history").wait_for()
        note = page.locator(".st-key-handover_note textarea")
        note.fill(f"留意 {lang}")
        note.press("Control+Enter")
        open_now = f"SELECT count(*) FROM incident WHERE district = {tiny.DISTRICT} AND ended_at IS NULL"
        ((n,),) = field.rows(open_now)
        confirm = page.locator(".st-key-handover_confirm button")
        expect(confirm).to_contain_text(say(lang, "handover.confirm", n=n))  # the list may be seconds old
        confirm.click()
        entry = page.locator(".st-key-beside .gw-history > div").first
        expect(entry).to_contain_text(f"留意 {lang}")
        expect(entry).to_contain_text(NAMES[lang])
        assert watched.hidden() == 0
        assert watched.complaints == []
    ((path, actor, confirmed),) = field.rows(
        f"SELECT path, actor, confirmed FROM handover WHERE note = '留意 {lang}'"
    )
    assert (path, actor) == (str(tiny.DISTRICT), f"screen:{NAMES[lang]}")
    assert incident_id in confirmed


@IN_ENGLISH
def test_one_click_in_the_feed_or_on_the_siren_takes_an_incident_up(
    browser: Browser,  # noqa: F811
    screen: str,  # noqa: F811
    field: Field,
    lang: str,
) -> None:
    major, serious = rung(field, f"loud{lang}", "major"), rung(field, f"feed{lang}")
    with opened(browser, f"{screen}/?lang={lang}", name=NAMES[lang]) as watched:
        page = watched.page
        page.locator(f".st-key-siren_take_{major} button").click()
        page.wait_for_selector(f".st-key-siren_take_{major}", state="detached")
        take = page.locator(f".gw-feed [data-take='{serious}']")
        take.click()
        expect(page.locator("body > .gw-told")).to_have_text(say(lang, "order_state.done"))
        take.wait_for(state="detached")
        assert watched.hidden() == 0
        page.evaluate("window.stays = true")
        page.locator(".gw-feed nav a").first.click()
        page.wait_for_url("**picked=**")
        page.wait_for_selector(".st-key-incident_desk .gw-picked")
        assert page.evaluate("window.stays")  # nothing was loaded anew
        assert page.locator(".gw-account").inner_text() == NAMES[lang]
        page.go_back()
        page.wait_for_selector(".gw-feed")
        assert watched.complaints == []
    for one in (major, serious):
        assert incident(field, one, "state, acknowledged_by") == ("acknowledged", f"screen:{NAMES[lang]}")


def test_what_somebody_presses_in_the_feed_stays_until_they_let_go(
    browser: Browser,  # noqa: F811
    screen: str,  # noqa: F811
    field: Field,
) -> None:
    wanted = rung(field, "pressed")
    with opened(browser, f"{screen}/?lang=en", name=NAMES["en"]) as watched:
        page = watched.page
        page.locator(f".gw-feed [data-take='{wanted}']").hover()
        page.mouse.down()
        field.run(f"UPDATE incident SET state = 'dispatched' WHERE incident_id = '{wanted}'")
        seen: set[str | None] = set()
        watched.until(
            # The second of them was read after the change.
            lambda: seen.add(page.locator(".gw-fresh").get_attribute("data-tick")) or len(seen) > 3,
            "three ticks",
        )
        with page.expect_request(f"**/api/incidents/{wanted}/take?lang=en"):
            page.mouse.up()
        page.locator(f".gw-feed [data-take='{wanted}']").wait_for(state="detached")


@IN_CHINESE
def test_a_click_on_the_map_offers_the_nearest_to_an_alert_and_to_a_place(
    browser: Browser,  # noqa: F811
    screen: str,  # noqa: F811
    field: Field,
    lang: str,
) -> None:
    field.walk(118.005, 24.605)
    far = {"zh": 118.0213, "en": 118.0287}[lang]  # where nothing else is
    incident_id = rung(field, f"map{lang}")
    # What is major and not taken up has the map; so would the day's clue have when its next level is called.
    field.run(
        """UPDATE incident SET state = 'acknowledged', due_at = NULL
           WHERE severity = 'major' AND state = 'raised'""",
        "UPDATE clue_case SET answer_due_at = NULL",
    )
    field.run(f"UPDATE alert SET lon = {far}, lat = 24.6021 WHERE alert_id = '{incident_id}'")
    with opened(browser, f"{screen}/?lang={lang}") as watched:
        page = watched.page
        nearest = page.locator(".st-key-map_nearest .gw-near")
        click_on_map(watched, 118.013, 24.602, say(lang, "column.grid"))
        nearest.first.wait_for()
        told = "SELECT FROM order_out WHERE device_id = 'W1' AND params ->> 'text' = '乙村网格'"
        before = len(field.rows(told))
        page.locator(".st-key-map_W1 button").click()
        wait_until(lambda: len(field.rows(told)) > before, 60, what="the way to the grid")
        expect(page.locator(".st-key-map_W1 button")).to_be_disabled()
        watched.until(lambda: incident_id in str(watched.alerts), "the alert on the map")
        click_on_map(watched, far, 24.6021, say(lang, "legend.alert"))
        page.locator(".st-key-map_W1 button").click()
        expect(page.locator(".st-key-map_W1 button")).to_be_disabled()
        page.locator(".st-key-picked [data-testid=stPageLink] a").click()
        page.wait_for_url(f"**picked={incident_id}")
        stands(page, lang, "dispatched")
        assert watched.complaints == []


TAP = """([x, y]) => {
    const hit = document.elementFromPoint(x, y);
    const mouse = {pointerId: 1, pointerType: "mouse", isPrimary: true, bubbles: true, composed: true};
    const at = {clientX: x, clientY: y, ...mouse};
    hit.dispatchEvent(new PointerEvent("pointermove", {...at, button: -1, buttons: 0}));
    hit.dispatchEvent(new PointerEvent("pointerdown", {...at, button: 0, buttons: 1}));
    hit.dispatchEvent(new PointerEvent("pointerup", {...at, button: 0, buttons: 0}));
}"""
"""A click all at once: the map asks what lies below as the button goes down, which takes so long without a
graphics card that the click would pass for a long press."""


def click_on_map(watched: Watched, lon: float, lat: float, kind: str) -> None:
    """Click where a place lies on the map, which shows the whole district, until the card is of that kind."""
    page = watched.page
    canvas, card = page.locator(MAP).first, page.locator(".st-key-picked .gw-picked header small")
    canvas.wait_for()
    watched.until(lambda: watched.workers, "the map's data")
    box = canvas.bounding_box()
    assert box
    view = maps.view((118.0, 24.6, 118.03, 24.61))
    pixels = 512 * 2**view.zoom
    east = (lon - view.longitude) / 360 * pixels
    south = (mercator(view.latitude) - mercator(lat)) * pixels
    where = [box["x"] + box["width"] / 2 + east, box["y"] + box["height"] / 2 + south]

    def clicked() -> bool:
        page.evaluate(TAP, where)
        page.wait_for_timeout(4000)  # a second click would take the first one back
        return card.count() == 1 and card.inner_text() == kind

    watched.until(clicked, f"the card of {kind}")


def mercator(lat: float) -> float:
    return math.log(math.tan(math.pi / 4 + math.radians(lat) / 2)) / (2 * math.pi)


def test_a_squadron_is_sent_as_its_officers(
    browser: Browser,  # noqa: F811
    screen: str,  # noqa: F811
    field: Field,
) -> None:
    incident_id = rung(field, "squadron")
    with opened(browser, card(screen, "en", incident_id)) as watched:
        choose(watched, f"send_{incident_id}_squadron", "Squadron One (officers: 1)")
        watched.page.locator(f".st-key-send_{incident_id}_squadron_go button").click()
        stands(watched.page, "en", "dispatched")
        happened(watched.page, say("en", "incident_event.dispatched", whom="Duan Zhang"))
        assert watched.complaints == []
