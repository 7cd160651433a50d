"""The time machine on the page: it says that it is not live, and nothing can be done in it."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import psycopg
import pytest
from streamlit.testing.v1 import AppTest

from dashboard import past, viewer
from dashboard.replay import STEP, Replay, in_a_minute, read, told, whole
from dashboard.rest import TICK_S
from dashboard.ui.i18n import LANGUAGES, say
from db.connect import INGEST, Scope, connect
from ingest.figures import keep
from tests import tiny
from tests.app.test_serve import get, serving, session

WHOLE = Scope(tiny.DISTRICT, str(tiny.DISTRICT))
NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def on_tiny(tiny_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("GRIDWARD_DATABASE_URL", tiny_url)
    monkeypatch.setenv("GRIDWARD_DISTRICTS", str(tiny.DISTRICT))
    yield tiny_url
    with psycopg.connect(tiny_url) as conn:
        conn.execute("DELETE FROM command WHERE kind = 'look_at_track'")


def room(lang: str, at: str | None = None) -> AppTest:
    def script() -> None:
        from dashboard.pages import command_centre

        command_centre.render()

    app = AppTest.from_function(script, default_timeout=60)
    app.query_params["lang"] = lang
    if at is not None:
        app.query_params["at"] = at
    return app.run()


def shown(app: AppTest) -> str:
    assert not app.exception, app.exception
    return "\n".join(element.value for element in app.html)


def keys(app: AppTest) -> set[str]:
    return {str(button.key) for button in app.button}


def address(app: AppTest) -> str:
    said = app.query_params["at"]
    return said if isinstance(said, str) else said[0]


def hours_ago(hours: float) -> str:
    return told(whole(datetime.now(UTC) - timedelta(hours=hours)))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_past_says_that_it_is_not_live_and_has_no_button_that_acts(on_tiny: str, lang: str) -> None:
    live, then = room(lang), room(lang, hours_ago(30))
    assert say(lang, "time.sign") not in shown(live)
    assert say(lang, "time.sign") in shown(then)
    assert say(lang, "time.counted") in shown(then)
    assert keys(then) == {"time_live", "time_play", "time_minute"}
    assert "time_go" in keys(live)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_was_not_recorded_is_a_dash_and_not_todays_value(on_tiny: str, lang: str) -> None:
    assert say(lang, "time.unknown") in shown(room(lang, hours_ago(30)))
    assert say(lang, "time.unknown") not in shown(room(lang))


def test_an_address_that_is_no_instant_is_named_and_the_room_is_live(on_tiny: str) -> None:
    for said in ("yesterday", "2999-01-01T00:00:00Z", "2026-11-27T02:00:00"):
        app = room("en", said)
        assert say("en", "time.not_read", said=said) in shown(app)
        assert "time_go" in keys(app)


def test_who_goes_back_and_plays_sees_the_day_move_and_comes_back_to_the_present(on_tiny: str) -> None:
    app = room("en")
    app.button(key="time_go").click().run()
    assert say("en", "time.sign") in shown(app)
    said = address(app)
    app.button(key="time_play").click().run()
    assert app.button(key="time_play").label == say("en", "time.pause")
    app.button(key="time_live").click().run()
    assert "time_go" in keys(app)
    assert "at" not in app.query_params
    assert read(said, datetime.now(UTC)) is not None


def test_the_slider_goes_to_another_instant_of_the_day(on_tiny: str) -> None:
    at = whole(datetime.now(UTC) - timedelta(days=2))
    app = room("en", told(at))
    slider = app.slider[0]
    slider.set_value(slider.value.replace(hour=1, minute=0, second=0)).run()
    local = read(address(app), datetime.now(UTC))
    assert local is not None
    assert (local + timedelta(hours=8)).strftime("%H:%M:%S") == "01:00:00"


def test_a_replay_is_written_down_once_however_long_it_is_shown(on_tiny: str) -> None:
    app = room("en", hours_ago(50))
    app.run()
    with psycopg.connect(on_tiny) as conn:
        looks = conn.execute(
            "SELECT payload ->> 'about' FROM command WHERE kind = 'look_at_track'"
        ).fetchall()
    assert looks == [("room",)]


def test_the_maps_past_needs_the_signature_that_the_page_gave(
    on_tiny: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = whole(datetime.now(UTC) - timedelta(hours=30))
    with serving(GRIDWARD_DATABASE_URL=on_tiny) as (server, _):
        monkeypatch.setattr(viewer, "_of_script", lambda: session(server))
        signed = past.address(WHOLE, at)
        said, _, signature = signed.rpartition("=")
        forged = f"{said}={'B' if signature[0] == 'A' else 'A'}{signature[1:]}"
        workers = f"{server}/api/map/workers?lang=en&t=0"
        assert get(f"{workers}{signed}")[0] == 200
        assert get(f"{workers}{forged}")[0] == 403
        assert get(f"{workers}&at={told(at)}")[0] == 403
        assert get(f"{workers}{signed.replace(told(at), told(at + STEP))}")[0] == 403


def test_a_replay_goes_on_by_the_tick_and_never_beyond_the_present() -> None:
    at_600 = Replay(NOW - timedelta(hours=1), tick=100, speed=600)
    assert [at_600.shown(tick, NOW) - NOW for tick in (99, 100, 101, 200)] == [
        -timedelta(hours=1),
        -timedelta(hours=1),
        -timedelta(minutes=40),
        timedelta(0),
    ]
    assert Replay(NOW - STEP, tick=1).shown(10_000, NOW) == NOW - STEP
    assert Replay(NOW - timedelta(hours=1), 1, speed=1).clock(3, NOW) == NOW - timedelta(
        minutes=59, seconds=56
    )


def test_an_instant_in_an_address_has_its_time_zone_and_is_a_whole_step_of_the_past() -> None:
    assert read("2026-11-27T18:00:07+08:00", NOW) == datetime(2026, 11, 27, 10, tzinfo=UTC)
    assert read(told(NOW - STEP), NOW) == NOW - STEP
    assert [
        read(said, NOW) for said in ("", "x", told(NOW), "2019-12-31T00:00:00Z", "2026-11-27T10:00:00")
    ] == [None] * 5


def test_a_day_in_a_minute_is_a_picture_a_tick_and_comes_to_a_stand_at_its_end() -> None:
    began, ended = NOW - timedelta(hours=9), NOW - timedelta(minutes=1)
    shift = in_a_minute(began, ended, tick=100)
    shown = [shift.shown(tick, NOW) for tick in range(100, 100 + 60 // TICK_S)]
    assert len(set(shown)) == 30
    assert max(later - sooner for sooner, later in pairwise(shown)) <= timedelta(minutes=18)
    end = 100 + 60 // TICK_S
    assert shift.clock(end, NOW) == shift.clock(end + 1000, NOW) == ended
    assert [shift.plays(tick, NOW) for tick in (100, end - 1, end)] == [True, True, False]
    assert not Replay(began, 100).plays(101, NOW)
    assert Replay(began, 100, 600).plays(101, NOW)


@pytest.fixture
def day_of_work(on_tiny: str) -> Iterator[date]:
    """Three days ago W1 was on duty from eight until five, and an hour before noon figures were kept."""
    day = (datetime.now(SHANGHAI) - timedelta(days=3)).date()
    with psycopg.connect(on_tiny) as owner:
        for event, hour in (("duty_on", 8), ("duty_off", 17)):
            at = datetime.combine(day, time(hour), SHANGHAI)
            about = {"d": tiny.DISTRICT, "at": at, "event": event}
            owner.execute(
                "INSERT INTO device_event (district, device_id, ts, id, at, kind, event, hist, received_at) "
                "VALUES (%(d)s, 'W1', %(at)s, %(event)s, %(at)s, 'worker', %(event)s, false, %(at)s)",
                about,
            )
    with connect(on_tiny, INGEST) as ingest:
        keep(ingest, tiny.DISTRICT)
        ingest.execute(
            "INSERT INTO known_figures SELECT district, %s, name, figures FROM known_figures",
            (datetime.combine(day, time(11), SHANGHAI),),
        )
    yield day
    with psycopg.connect(on_tiny) as owner:
        owner.execute("DELETE FROM device_event WHERE device_id = 'W1' AND id IN ('duty_on', 'duty_off')")
        owner.execute("TRUNCATE known_figures")


def at_hour(day: date, hour: float) -> str:
    return told((datetime.combine(day, time(), SHANGHAI) + timedelta(hours=hour)).astimezone(UTC))


def slider_ends(app: AppTest) -> list[str]:
    micros = (app.slider[0].min, app.slider[0].max)
    return [f"{datetime.fromtimestamp(float(each) / 1e6, UTC):%H:%M}" for each in micros]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_figures_that_were_kept_are_said_to_be_as_known_then(day_of_work: date, lang: str) -> None:
    known = say(lang, "time.known", at="11:00")
    assert known in shown(room(lang, at_hour(day_of_work, 11.1)))
    counted = shown(room(lang, at_hour(day_of_work, 11.5)))
    assert known not in counted
    assert say(lang, "time.counted") in counted


def test_the_slider_is_over_the_shift_and_plays_it_in_a_minute(day_of_work: date) -> None:
    app = room("en", at_hour(day_of_work, 7))
    assert slider_ends(app) == ["00:00", "23:59"]
    app.button_group(key=f"time_span_{day_of_work}").set_value("shift").run()
    assert address(app) == at_hour(day_of_work, 8), "who chooses it from outside is taken to its beginning"
    assert slider_ends(app) == ["08:00", "17:00"]
    app.button(key="time_minute").click().run()
    assert app.button(key="time_minute").label == "540×"
    assert app.button(key="time_play").label == say("en", "time.pause")
    running = app.session_state["replay"]
    assert (told(running.since), told(running.until)) == (at_hour(day_of_work, 8), at_hour(day_of_work, 17))


def test_a_day_on_which_nobody_worked_has_no_shift_to_choose(day_of_work: date) -> None:
    app = room("en", at_hour(day_of_work - timedelta(days=9), 12))
    assert "time_span" not in str([group.key for group in app.button_group])
    app.button(key="time_minute").click().run()
    assert app.button(key="time_minute").label == "1440×"


@pytest.mark.parametrize("layer", ["trails/6781/3522", "premises/27125/14072"])
def test_the_tiles_of_the_past_need_the_signature_too(
    on_tiny: str, monkeypatch: pytest.MonkeyPatch, layer: str
) -> None:
    with serving(GRIDWARD_DATABASE_URL=on_tiny) as (server, _):
        monkeypatch.setattr(viewer, "_of_script", lambda: session(server))
        signed = past.address(WHOLE, whole(datetime.now(UTC) - timedelta(hours=30)))
        tile = f"{server}/api/map/{layer}?lang=en&t=0"
        assert get(f"{tile}{signed}")[0] == 200
        assert get(f"{tile}{signed[:-4]}AAAA")[0] == 403


def test_premises_of_the_past_have_the_grade_of_then(on_tiny: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(GRIDWARD_DATABASE_URL=on_tiny) as (server, _):
        monkeypatch.setattr(viewer, "_of_script", lambda: session(server))

        def grade(more: str) -> str:
            features = json.loads(get(f"{server}/api/map/premises/27125/14072?lang=en&t=0{more}")[2])[
                "features"
            ]
            (found,) = [one["properties"]["g"] for one in features if one["properties"]["id"] == "P1"]
            return str(found)

        assert grade("") == "A"
        then = whole(datetime.now(UTC) - timedelta(hours=3))
        assert grade(past.address(WHOLE, then)) == "B", "it was rated an hour later"
