"""The risk grade on the archive of premises: how it came to be, and another one from who may rate them."""

from datetime import UTC, datetime
from html import escape
from typing import Any

import psycopg
import pytest
from streamlit.testing.v1 import AppTest

from dashboard import data, orders
from dashboard.ui import maps, ratings
from dashboard.ui.i18n import LANGUAGES, say
from db.connect import INGEST, Row, connect
from ingest.contract.orders import RISK_GRADES
from ingest.courier import carry_out
from ingest.domain.account import Role
from ingest.snapshots import load_roster
from tests import accounts, tiny
from tests.app.conftest import ON_DUTY, looks_on
from tests.app.test_page import page_of_its_own, shown

AT = datetime(2026, 11, 28, 9, 30)  # noqa: DTZ001
SET = {"at": AT, "actor": "screen:王五", "before": "A", "risk_grade": "C", "reason": "一月内两次<b>复发"}
IMPORTED = {"at": AT, "actor": "import", "before": None, "risk_grade": "A", "reason": None}


@pytest.fixture(autouse=True)
def on_tiny(tiny_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("GRIDWARD_DATABASE_URL", tiny_url)
    monkeypatch.setenv("GRIDWARD_DISTRICTS", str(tiny.DISTRICT))
    accounts.add(tiny_url, ON_DUTY)
    return tiny_url


def archive(premises: str, lang: str = "en") -> AppTest:
    data.forget()
    return page_of_its_own("premises", lang, picked=premises)


def rate(app: AppTest, premises: str, was: str, grade: str | None, reason: str) -> AppTest:
    """Fill the form in, and send it."""
    if grade:
        app.selectbox(key=f"rating_{premises}_{was}").set_value(grade)
    app.text_input(key=f"rating_{premises}_reason").set_value(reason)
    app.button(key=f"rating_{premises}_send").click().run()
    assert not app.exception, app.exception
    return app


def ingested(url: str) -> None:
    """Ingest comes round."""
    with connect(url, INGEST) as conn:
        carry_out(conn, load_roster(conn, tiny.DISTRICT), datetime.now(UTC))


def waiting(url: str) -> list[Any]:
    """The ratings that ingest has still to carry out."""
    with psycopg.connect(url) as conn:
        sql = "SELECT payload FROM command WHERE kind = 'rate_premises' AND state = 'queued'"
        return conn.execute(sql).fetchall()


def told(app: AppTest) -> list[str]:
    return [one.value for one in (*app.info, *app.warning)]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_archive_says_since_when_by_whom_and_why_premises_have_their_grade(lang: str) -> None:
    page = shown(archive("P1", lang))
    centre = say(lang, "actor.screen")
    for words in (say(lang, "panel.archive_rating"), say(lang, "rating.grade", grade="A"), "整改到位"):
        assert words in page
    assert f"<dt>{say(lang, 'rating.by')}</dt><dd>{centre} · 王五</dd>" in page
    assert f"{say(lang, 'premises_event.rated')}</b><span>{centre} · 王五</span>" in page, "among the changes"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_grade_that_came_with_the_register_says_so_and_where_there_is_none_nothing(lang: str) -> None:
    page = shown(archive("P2", lang))
    assert f"<dd>{say(lang, 'rating.always')}</dd>" in page
    assert f"<dd>{say(lang, 'actor.import')}</dd>" in page
    page = shown(archive("P3", lang))
    assert f"<b>{say(lang, 'map.no_grade')}</b></header><dl></dl>" in page


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_it_was_before_is_told_with_who_changed_it_and_nobodys_words_bring_markup(lang: str) -> None:
    rated: Row = {"risk_grade": "C", "risk_registered": "A"}
    html = ratings.card(lang, rated, [SET, IMPORTED])
    assert escape(str(SET["reason"])) in html
    assert "<b>复发" not in html
    was, now = say(lang, "map.no_grade"), say(lang, "rating.grade", grade="A")
    changed = f"<b>{was} → {now}</b><span>{say(lang, 'actor.import')}</span>"
    assert changed in ratings.earlier(lang, rated, [SET, IMPORTED])
    assert ratings.earlier(lang, rated, [SET]) == ""
    assert f"<dt>{escape(say(lang, 'rating.registered'))}</dt><dd>{now}</dd>" in html
    same = ratings.card(lang, {"risk_grade": "C", "risk_registered": "C"}, [SET])
    assert escape(say(lang, "rating.registered")) not in same


def test_another_grade_is_an_order_that_ingest_carries_out_and_the_archive_shows(on_tiny: str) -> None:
    app = archive("P2")
    box = app.selectbox(key="rating_P2_B")
    assert box.options == [say("en", "rating.grade", grade=one) for one in RISK_GRADES if one != "B"]
    rate(app, "P2", "B", "D", "  油烟扰民，三次复发 ")
    ((payload,),) = waiting(on_tiny)
    assert (payload["risk_grade"], payload["was"], payload["reason"]) == ("D", "B", "油烟扰民，三次复发")
    assert told(app) == [say("en", "order_state.queued")]
    ingested(on_tiny)
    data.forget()
    page = shown(app.run())
    assert told(app) == [say("en", "order_state.done")]
    assert f"<b>{say('en', 'rating.grade', grade='D')}</b>" in page
    assert f"<dd>Command centre · {ON_DUTY}</dd>" in page
    assert app.text_input(key="rating_P2_reason").value == ""
    assert app.selectbox(key="rating_P2_D").value is None
    rate(app, "P2", "D", "B", "整改到位")
    ingested(on_tiny)
    data.forget()
    assert "Grade B → Grade D" in shown(app.run()), "the one before"


def test_without_a_grade_or_a_reason_nothing_is_sent(on_tiny: str) -> None:
    app = rate(archive("P1"), "P1", "A", None, "复发")
    assert told(app) == [say("en", "rating.grade_needed")]
    app = rate(app, "P1", "A", "C", "  ")
    assert told(app) == [say("en", "rating.reason_needed")]
    assert waiting(on_tiny) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_who_has_become_an_assistant_meanwhile_is_told_that_it_is_on_their_negative_list(
    on_tiny: str, lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    accounts.add(on_tiny, "协管员甲", grade="assistant")
    looks_on(monkeypatch, "协管员甲")  # their session does not know it yet
    app = rate(archive("P1", lang), "P1", "A", "C", "复发")
    ingested(on_tiny)
    app.run()
    why = say(lang, "refusal.on_negative_list")
    assert told(app) == [say(lang, "order_state.refused", reason=why)]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    "code", ["same_grade", "premises_closed", "rated_meanwhile: D", "unknown_premises: P9"]
)
def test_why_a_rating_is_refused_is_said_in_each_language(lang: str, code: str) -> None:
    said = orders.why(lang, code)
    assert said != code
    assert code.partition(": ")[2] in said


def test_who_lacks_the_role_is_offered_no_rating_and_nobody_is_of_premises_that_are_gone(
    on_tiny: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def offered() -> bool:
        return any(button.key == "rating_P4_send" for button in archive("P4").button)

    assert offered()
    with psycopg.connect(on_tiny, autocommit=True) as conn:
        conn.execute("UPDATE premises SET closed_at = now() WHERE premises_id = 'P4'")
        assert not offered()
        conn.execute("UPDATE premises SET closed_at = NULL WHERE premises_id = 'P4'")
    looks_on(monkeypatch, roles=frozenset({Role.LOOK, Role.OPERATE}))
    assert not offered()


def test_the_map_asks_for_premises_again_within_half_a_minute_and_of_the_past_for_theirs() -> None:
    def address(tick: int, past: str = "") -> str:
        deck = maps.deck(maps.view(None), "en", tick, past=past)
        (layer,) = [layer for layer in deck.layers if layer.id == "premises"]
        return str(layer.data)

    ticks = {address(tick) for tick in range(0, 60)}
    assert len(ticks) == 60 / maps.PREMISES_EVERY_TICKS
    assert data.TICK_S * maps.PREMISES_EVERY_TICKS <= 30
    assert address(7, "&at=x&key=y").endswith("&t=0&at=x&key=y")
