"""The page of thresholds: every rule in words, how it was set, another value, and what that would mean."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import psycopg
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.ui import thresholds as words_of
from dashboard.ui.i18n import LANGUAGES, say
from db.connect import connect
from ingest.alerts import rules
from ingest.contract.orders import Order, PreviewThreshold, SetThreshold
from tests import tiny

TZ = ZoneInfo("Asia/Shanghai")


def opened(**address: str) -> AppTest:
    """The page without its frame, as opened by an address."""

    def script() -> None:
        from dashboard.pages import thresholds

        thresholds.render()

    app = AppTest.from_function(script, default_timeout=30)
    for param, value in address.items():
        app.query_params[param] = value
    return app.run()


@pytest.fixture(autouse=True)
def on_tiny(tiny_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRIDWARD_DATABASE_URL", tiny_url)
    monkeypatch.setenv("GRIDWARD_DISTRICTS", str(tiny.DISTRICT))


def said(app: AppTest) -> str:
    assert not app.exception, app.exception
    return "\n".join(element.value for element in app.html)


def placed(url: str) -> Order:
    """The newest order, as ingest would read it; it is taken away."""
    with connect(url, autocommit=True) as conn:
        row = conn.execute(
            "DELETE FROM command WHERE command_id LIKE 'screen-%' RETURNING payload"
        ).fetchone()
    assert row is not None
    order: Order = msgspec.convert(row["payload"], Order)
    return order


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_rule_is_there_with_all_its_parameters_in_words(lang: str) -> None:
    table = opened(lang=lang).dataframe[0].value.fillna("")
    listed = list(zip(table[say(lang, "column.rule")], table[say(lang, "column.parameter")], strict=True))
    for name, rule in rules().items():
        parameters = [say(lang, f"parameter.{one.name}") for one in rule.parameters] or [""]
        for parameter in parameters:
            assert (say(lang, f"rule.{name}"), parameter) in listed
        assert say(lang, f"rule_about.{name}") in set(table[say(lang, "column.about")])


def test_with_nothing_picked_it_tells_how_long_a_step_of_an_incident_may_take(tiny_url: str) -> None:
    with psycopg.connect(tiny_url, autocommit=True) as conn:
        conn.execute(
            "INSERT INTO escalation_rule (district, severity, step, minutes, valid_from) VALUES "
            "(%(own)s, 'major', 'acknowledge', 1.5, '2020-01-01'), "
            "(%(own)s, 'major', 'arrive', 9, '2999-01-01'), "
            "(%(own)s + 1, 'major', 'dispatch', 7, '2020-01-01')",
            {"own": tiny.DISTRICT},
        )
    told = said(opened(lang="en"))
    assert "to acknowledge: 1.5 min · to dispatch: 2 min · to arrive: 2 min" in told
    assert "to acknowledge: 10 min · to dispatch: 10 min" in told


def test_a_value_is_shown_with_who_set_it_and_the_default_where_nobody_did() -> None:
    table = opened(lang="en").dataframe[0].value.set_index("Parameter")
    assert list(table.loc["Outside for", ["Now", "Default", "Set by"]]) == ["8 min", "5 min", "screen"]
    assert list(table.loc["Ahead", ["Now", "Default", "Set by"]].iloc[0]) == [
        "30 days",
        "30 days",
        "By default",
    ]


def test_with_nothing_picked_it_says_how_to() -> None:
    assert say("en", "threshold.hint") in said(opened(lang="en"))
    assert say("en", "threshold.hint") in said(opened(lang="en", picked="nowhere"))


@pytest.mark.parametrize(
    ("lang", "expected"),
    [
        ("zh", ["离岗", "8 分钟", "5 分钟", "1 – 240 分钟", "9 分钟，自", "历次设置", "screen"]),
        ("en", ["Left grid", "8 min", "5 min", "1 – 240 min", "9 min from", "Settings so far"]),
    ],
)
def test_the_one_that_is_picked_tells_how_it_stands_and_how_it_was_set(
    lang: str, expected: list[str]
) -> None:
    page = said(opened(lang=lang, picked="left_grid.minutes"))
    assert [word for word in expected if word not in page] == []


def test_a_rule_without_thresholds_is_explained_and_takes_no_order() -> None:
    app = opened(lang="en", picked="bodycam_sos")
    assert say("en", "rule_about.bodycam_sos") in said(app)
    assert not app.button


def test_another_value_from_now_on_is_an_order(tiny_url: str) -> None:
    app = opened(lang="en", picked="left_grid.minutes")
    app.number_input[0].set_value(15).run()
    app.button[0].click().run()
    assert not app.exception
    assert placed(tiny_url) == SetThreshold("left_grid.minutes", 15, None)


def test_from_a_day_on_means_from_its_beginning_in_the_district(tiny_url: str) -> None:
    app = opened(lang="en", picked="left_grid.minutes")
    tomorrow = datetime.now(TZ).date() + timedelta(days=1)
    app.date_input[0].set_value(tomorrow).run()
    app.button[0].click().run()
    order = placed(tiny_url)
    assert isinstance(order, SetThreshold)
    assert order.valid_from == datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=TZ)


def test_a_preview_is_asked_for_with_the_value_that_stands_there(tiny_url: str) -> None:
    app = opened(lang="en", picked="left_grid.minutes")
    app.number_input[0].set_value(15).run()
    app.selectbox[0].set_value(90).run()
    app.button[1].click().run()
    assert placed(tiny_url) == PreviewThreshold("left_grid.minutes", 15, 90)


def test_a_rule_that_cannot_be_played_says_so() -> None:
    app = opened(lang="en", picked="device_silent.minutes")
    assert say("en", "preview.none") in [one.value for one in app.caption]
    assert len(app.button) == 1


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("running", "preview.running"),
        ("failed", "preview.failed"),
        ("done", "With 12 min the last 7 days would have had 30 alerts, against 45 at 8 min."),
    ],
)
def test_what_has_become_of_a_preview_is_shown_where_it_was_asked_for(
    tiny_url: str, state: str, expected: str
) -> None:
    with psycopg.connect(tiny_url) as conn:
        conn.execute("UPDATE preview SET state = %s", (state,))
    app = opened(lang="en", picked="left_grid.minutes")
    app.session_state["preview"] = {"name": "left_grid.minutes", "id": "V1"}
    app.run()
    assert not app.exception
    shown = [*(one.value for one in app.html), *(one.value for one in app.warning)]
    shown += [one.proto.text for one in app.get("progress")]
    text = say("en", expected) if "." in expected and " " not in expected else expected
    assert any(text in one for one in shown)
    with psycopg.connect(tiny_url) as conn:
        conn.execute("UPDATE preview SET state = 'done'")


def test_an_estimate_says_that_it_is_one_and_a_bar_is_as_high_as_its_days_count() -> None:
    row = {"value": 12, "value_now": 8, "days": 7, "alerts": 30, "alerts_now": 45, "share": 0.013}
    row["by_day"] = [["2030-01-01", 10, 20], ["2030-01-02", 0, 25]]
    page = words_of.preview("en", row, "minutes")
    assert "estimated from 1% of the subjects" in page
    assert [part.split("%")[0] for part in page.split("height:")[1:]] == ["40", "80", "0", "100"]
    assert "estimated" not in words_of.preview("en", {**row, "share": 1}, "minutes")


def test_what_was_set_for_everybody_is_said_to_be() -> None:
    assert words_of.actor("en", {"actor": "import", "everybodys": True}) == "Everybody's"
