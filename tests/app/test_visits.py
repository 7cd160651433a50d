"""The page of visits: one that is picked with its track, which nobody looks at without leaving a trace."""

from collections.abc import Iterator
from typing import Any

import msgspec
import psycopg
import pytest
from streamlit.testing.v1 import AppTest

from dashboard import data
from dashboard.ui.i18n import LANGUAGES, say
from db.connect import Scope
from ingest.contract.orders import LookAtTrack
from tests import tiny
from tests.app.conftest import ON_DUTY, looks_on
from tests.app.test_tasks import said, tasks

VISITS = f"""SELECT worker_id || ':' || id FROM visit_evidence
    WHERE district = {tiny.DISTRICT} AND truth IS NOT NULL ORDER BY ended DESC"""


def visits(**address: str) -> AppTest:
    """The page without its frame, as opened by an address."""

    def script() -> None:
        from dashboard.pages import visits

        visits.render()

    app = AppTest.from_function(script, default_timeout=30)
    for param, value in address.items():
        app.query_params[param] = value
    return app.run()


@pytest.fixture(autouse=True)
def on_tiny(tiny_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRIDWARD_DATABASE_URL", tiny_url)
    monkeypatch.setenv("GRIDWARD_DISTRICTS", str(tiny.DISTRICT))


@pytest.fixture
def rows(tiny_url: str) -> Iterator[Any]:
    with psycopg.connect(tiny_url, autocommit=True) as conn:
        yield lambda sql: found.fetchall() if (found := conn.execute(sql)).description else []
        conn.execute("DELETE FROM command WHERE kind = 'look_at_track'")


def looked(rows: Any) -> list[tuple[str, LookAtTrack]]:
    found = rows("SELECT actor, payload FROM command WHERE kind = 'look_at_track' ORDER BY queued_at")
    return [(actor, msgspec.convert(payload, LookAtTrack)) for actor, payload in found]


def points(app: AppTest) -> int:
    """How many charts are drawn; the map of a visit among them."""
    assert not app.exception, app.exception
    return len(app.get("deck_gl_json_chart"))


def test_a_visit_that_is_picked_is_one_look_as_long_as_it_is_shown(
    rows: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    (visit,), (other,), *_ = rows(VISITS)
    app = visits(lang="en", picked=visit)
    assert points(app) == 1
    assert points(app.run()) == 1
    look = LookAtTrack("visit", visit)
    assert looked(rows) == [(f"screen:{ON_DUTY}", look)]
    looks_on(monkeypatch, "Li Si")
    app.run()
    assert looked(rows)[1:] == [("screen:Li Si", look)]
    app.query_params["picked"] = other
    app.run()
    assert looked(rows)[2:] == [("screen:Li Si", LookAtTrack("visit", other))]
    del app.query_params["picked"]
    assert points(app.run()) == 0
    app.query_params["picked"] = other
    app.run()
    assert len(looked(rows)) == 4


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_card_says_what_the_worker_has_answered(lang: str, rows: Any) -> None:
    (visit,), *_ = rows(VISITS)
    assert f"<dt>{say(lang, 'card.appeal')}</dt><dd>&lt;i&gt;手机没电&lt;/i&gt;</dd>" in said(
        visits(lang=lang, picked=visit)
    )


def test_a_task_that_was_visited_is_a_look_and_one_that_was_not_is_none(rows: Any) -> None:
    own = f"(SELECT * FROM task WHERE district = {tiny.DISTRICT})"
    visited = "SELECT FROM inspection v WHERE v.task_id = t.task_id"
    ((task_id,),) = rows(f"SELECT task_id FROM {own} t WHERE EXISTS ({visited}) ORDER BY 1 LIMIT 1")
    ((without,),) = rows(f"SELECT task_id FROM {own} t WHERE NOT EXISTS ({visited}) ORDER BY 1 LIMIT 1")
    for picked in (task_id, without):
        said(tasks(lang="en", picked=picked))
    assert looked(rows) == [(f"screen:{ON_DUTY}", LookAtTrack("task", task_id))]


def test_where_a_look_cannot_be_written_down_no_track_is_read(
    rows: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    (visit,), *_ = rows(VISITS)
    asked, read = [], data.rows

    def remembered(scope: Scope, name: str, tick: int, **params: Any) -> Any:
        asked.append(name)
        return read(scope, name, tick, **params)

    monkeypatch.setattr(data, "rows", remembered)
    rows("ALTER VIEW scoped.order_box RENAME TO order_box_away")
    try:
        said(visits(lang="en", picked=visit))
    finally:
        rows("ALTER VIEW scoped.order_box_away RENAME TO order_box")
    assert "read/visit_card" in asked
    assert "read/visit_track" not in asked


@pytest.mark.parametrize("lang", LANGUAGES)
def test_who_looked_at_whom_stands_in_a_list(lang: str) -> None:
    app = visits(lang=lang)
    next(button for button in app.button if button.label == say(lang, "looks.open")).click().run()
    assert say(lang, "looks.workers") in said(app)
    (row,) = app.dataframe[0].value.to_dict("records")
    assert row[say(lang, "column.looker")] == f"{say(lang, 'actor.screen')} · 李四"
    assert row[say(lang, "column.looked_about")] == say(lang, "looked_about.visit")
    assert row[say(lang, "column.id")] == "W1:v2"
    next(button for button in app.button if button.label == say(lang, "incident.back")).click().run()
    assert say(lang, "visits.hint") in said(app)
