"""The page of the ranking: levels and periods, units and their parts, a worker's dossier, a track a look."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
from streamlit.testing.v1 import AppTest

from dashboard import periods
from dashboard.ui import day_map, score_charts, scores
from dashboard.ui.i18n import LANGUAGES, say
from ingest.contract.orders import LookAtTrack
from ingest.domain.account import Role
from ingest.domain.period import Period, Span
from tests import tiny, tiny_day
from tests.app.conftest import ON_DUTY, looks_on
from tests.app.test_tasks import said
from tests.app.test_visits import looked

TODAY = datetime.now(ZoneInfo("Asia/Shanghai")).date()
VISITED = TODAY - timedelta(days=7)


def ranking(**address: str) -> AppTest:
    """The page without its frame, as opened by an address."""

    def script() -> None:
        from dashboard.pages import ranking

        ranking.render()

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


def address(app: AppTest, param: str) -> str:
    """What the address says, which AppTest gives as a text or as a list of one."""
    (said,) = (
        app.query_params[param] if isinstance(app.query_params[param], list) else [app.query_params[param]]
    )
    return str(said)


def column(app: AppTest, word: str, lang: str = "en") -> list[Any]:
    assert not app.exception, app.exception
    return list(app.dataframe[0].value[say(lang, f"column.{word}")])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_who_cannot_be_told_apart_shares_places_and_who_did_too_little_stands_last(lang: str) -> None:
    app = ranking(lang=lang)
    assert column(app, "place", lang) == ["1–2", "1–2", say(lang, "ranking.too_little")]
    assert column(app, "id", lang) == ["W1", "W2", "W3"]
    assert column(app, "interval", lang) == ["74.0–88.2", "66.0–84.5", "—"]
    assert column(app, "change", lang)[:2] == [1.5, 1.5]
    assert column(app, "score_on_time", lang)[0] == " 91.7%  11/12"
    assert column(app, "score_truth", lang)[0] == "—"
    page = said(app)
    for wanted in ("explain.level", "measures.coverage", "ranking.half"):
        assert say(lang, wanted, low="77.7", high="80.8") in page


def test_level_and_period_are_chosen_and_stand_in_the_address() -> None:
    app = ranking(lang="en")
    app.selectbox(key="ranking_level").set_value("station").run()
    app.selectbox(key="ranking_span").set_value("week").run()
    last = TODAY - timedelta(days=TODAY.weekday() + 7)
    app.selectbox(key="ranking_begins").set_value(last.isoformat()).run()
    assert column(app, "org_unit") == ["Station One", "Station Two"]
    assert column(app, "points") == [78.5, 76.0]
    assert [address(app, key) for key in ("level", "span", "begins")] == ["station", "week", last.isoformat()]
    assert periods.label("en", Period(Span.WEEK, last)) in said(app)


def test_any_day_of_a_period_means_it() -> None:
    sunday = TODAY - timedelta(days=TODAY.weekday() + 1)
    assert column(ranking(lang="en", span="week", begins=sunday.isoformat()), "points")[:2] == [80.9, 74.6]


@pytest.mark.parametrize(
    ("span", "day", "labels", "before"),
    [
        (Span.DAY, "2028-03-01", ("2028-03-01", "1 Mar 2028"), "29 Feb 2028"),
        (Span.WEEK, "2027-01-01", ("2026-12-28 – 01-03", "28 Dec 2026 – 3 Jan"), "21 Dec 2026 – 27 Dec"),
        (Span.MONTH, "2028-02-29", ("2028-02", "Feb 2028"), "Jan 2028"),
        (Span.SEASON, "2027-03-31", ("2027 年第 1 季", "2027 Q1"), "2026 Q4"),
    ],
)
def test_a_period_has_a_name_and_one_before_it(
    span: Span, day: str, labels: tuple[str, str], before: str
) -> None:
    period = periods.asked({"span": span.value, "begins": day}, TODAY)
    assert tuple(periods.label(lang, period) for lang in ("zh", "en")) == labels
    assert periods.label("en", periods.before(period)) == before


def test_the_calendar_is_of_thirteen_weeks_from_a_monday_on() -> None:
    month = periods.asked({"begins": "2026-10-15"}, TODAY)
    assert periods.calendar(month, date(2026, 11, 28)) == (date(2026, 8, 3), date(2026, 10, 31))
    assert periods.calendar(month, date(2026, 10, 18)) == (date(2026, 7, 20), date(2026, 10, 18))


def test_a_period_that_nothing_was_counted_for_says_so_and_nonsense_means_this_one() -> None:
    assert say("en", "ranking.not_counted") in said(ranking(lang="en", begins="2019-05-05"))
    assert column(ranking(lang="en", begins="2026-02-31", level="boss", span="age"), "id") == [
        "W1",
        "W2",
        "W3",
    ]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_unit_that_is_picked_shows_its_parts_and_the_way_to_its_workers(lang: str) -> None:
    assert say(lang, "ranking.hint") in said(ranking(lang=lang, level="station"))
    app = ranking(lang=lang, level="station", picked=tiny_day.STATION_1)
    page = said(app)
    for wanted in ("part.adjusted", "score.adjusted_for", "part.counted"):
        assert say(lang, wanted) in page
    assert say(lang, "score_trait.high_risk", value="12%") in page
    (link,) = app.get("page_link")
    unit, first = tiny_day.STATION_1.replace("/", "%2F"), TODAY.replace(day=1)
    assert link.proto.query_string == f"lang={lang}&unit={unit}&span=month&begins={first}"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_dossier_tells_the_score_its_parts_and_the_visits_of_a_day(lang: str) -> None:
    app = ranking(lang=lang, worker="W1", day=VISITED.isoformat())
    page = said(app)
    for wanted in ("part.adjusted", "panel.dossier_history", "belief.believed", "ranking.level"):
        assert say(lang, wanted) in page
    assert f"visits?lang={lang}&amp;picked=W1%3Av1" in page
    assert "1–2<small>/ 2</small>" in page
    assert len(app.get("plotly_chart")) == 2
    assert len(app.get("deck_gl_json_chart")) == 1


def test_a_dossier_is_no_look_until_the_track_is_asked_for(rows: Any) -> None:
    app = ranking(lang="en", worker="W1", day=VISITED.isoformat())
    assert looked(rows) == []
    app.button(key="day_track").click().run()
    look = LookAtTrack("day", f"W1:{VISITED}")
    assert looked(rows) == [(f"screen:{ON_DUTY}", look)]
    app.run()
    assert looked(rows) == [(f"screen:{ON_DUTY}", look)]
    app.date_input[0].set_value(TODAY).run()
    assert address(app, "day") == TODAY.isoformat()
    app.date_input[0].set_value(VISITED).run()
    assert looked(rows) == [(f"screen:{ON_DUTY}", look)]
    app.button(key="day_track").click().run()
    assert looked(rows) == [(f"screen:{ON_DUTY}", look), (f"screen:{ON_DUTY}", look)]
    app.button(key="day_track").click().run()
    assert say("en", "dossier.show_track") in [button.label for button in app.button]


def test_a_day_without_visits_or_positions_says_so(rows: Any) -> None:
    app = ranking(lang="en", worker="W2", day="2024-02-29")
    assert say("en", "dossier.no_visit") in said(app)
    app.button(key="day_track").click().run()
    assert say("en", "dossier.no_track") in said(app)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_workers_own_view_names_nobody_else_and_says_how_to_answer(lang: str) -> None:
    app = ranking(lang=lang, worker="W1")
    assert say(lang, "answer.title") not in said(app)
    app.button(key="dossier_own").click().run()
    page = said(app)
    assert escape(say(lang, "answer.visits", worker="W1")) in page
    assert not any(other in page for other in ("乙二", "Yi Er", "丙三", "Bing San"))
    app.button(key="dossier_back").click().run()
    assert "own" not in app.query_params
    app.button(key="dossier_back").click().run()
    assert column(app, "id", lang) == ["W1", "W2", "W3"]


def test_a_workers_own_account_is_led_nowhere_that_is_closed_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    day = VISITED.isoformat()
    assert "<a href" in said(ranking(lang="zh", worker="W1", day=day))
    looks_on(monkeypatch, district=tiny.DISTRICT, worker_id="W1", roles=frozenset({Role.LOOK}))
    page = said(ranking(lang="zh", worker="W1", day=day))
    assert "1 · 甲味馆</b>" in page
    assert "<a href" not in page


def test_the_span_of_a_dossier_is_chosen_and_stands_in_the_address() -> None:
    app = ranking(lang="en", worker="W1")
    app.segmented_control(key="dossier_span").set_value("season").run()
    assert address(app, "span") == "season"
    assert f"{TODAY.year} Q{(TODAY.month + 2) // 3}" in said(app)


def test_a_worker_whom_nobody_knows_or_nobody_has_counted_is_said_so() -> None:
    assert say("en", "dossier.unknown", id="W404") in said(ranking(lang="en", worker="W404"))
    assert say("en", "ranking.not_counted") in said(ranking(lang="en", worker="F1"))


def test_too_little_to_rank_is_no_place_but_has_parts() -> None:
    page = said(ranking(lang="en", worker="W3"))
    assert say("en", "ranking.too_little") in page
    assert say("en", "part.too_few", minimum=5) in page


def test_a_way_is_not_drawn_over_a_time_of_which_nobody_knows_anything() -> None:
    begins = datetime(2030, 1, 1, 8)  # noqa: DTZ001  as the query gives it: the district's
    track = [
        {"lon": 118.0, "lat": 24.6, "at": begins + timedelta(minutes=minute)} for minute in (0, 5, 15, 26, 27)
    ]
    deck = day_map.deck("en", [], track)
    assert deck is not None
    assert [way["tip"] for way in deck.layers[0].data] == ["08:00–08:15", "08:26–08:27"]
    assert day_map.deck("en", [], []) is None


def test_a_day_is_lit_by_its_points_and_faint_where_there_are_none() -> None:
    days = [
        {"day": VISITED + timedelta(days=n), "points": points, "visits": visits, "doubted": 0}
        for n, (points, visits) in enumerate([(0.0, 1), (50.0, 1), (100.0, 1), (None, 2), (None, 0)])
    ]
    colours = score_charts.calendar("en", days, TODAY).data[0].marker.color
    assert colours[:3] == ("rgb(255,77,106)", "rgb(255,181,46)", "rgb(53,224,161)")
    assert len(set(colours)) == 5


def test_places_sort_as_numbers_do() -> None:
    row = {"points": 1.0, "peers": 1200}
    firsts = (2, 10, 999, 1003)
    places = [scores.sortable_place("en", row | {"first": first, "last": first + 3}) for first in firsts]
    assert places == sorted(places)
    assert [place.strip() for place in places] == ["2–5", "10–13", "999–1,002", "1,003–1,006"]


def test_rates_sort_as_numbers_do() -> None:
    rates = [scores.rate({"n": 200, "k": k}) for k in (0, 19, 199, 200)]
    assert rates == sorted(rates)
    assert rates[1] == "  9.5%  19/200"
