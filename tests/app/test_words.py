"""Words: each in both languages, each used, and what data says put into them."""

import re
from datetime import UTC, datetime
from pathlib import Path
from string import Formatter
from typing import Any, get_args

import pytest

from dashboard import indicators
from dashboard.ui import alerts
from dashboard.ui.actor import actor
from dashboard.ui.i18n import LANGUAGES, age, language, name, say, words
from ingest.alerts import rules
from ingest.audit import NO_ORDER
from ingest.contract.errors import ConfigError
from ingest.contract.orders import Deed, Order
from ingest.contract.topics import STREAMS
from ingest.decoders import protocols
from ingest.domain.threshold import Unit
from ingest.evidence import TESTS
from ingest.threshold_orders import parameters
from words.alert import sentence

ROOT = Path(indicators.__file__).parents[1]
SPEAKERS = ("dashboard", "ingest", "up", "words")
SOURCES = [path.read_text("utf-8") for room in SPEAKERS for path in (ROOT / room).rglob("*.py")]


def gaps(text: str) -> set[str]:
    return {field for _, field, _, _ in Formatter().parse(text) if field}


def test_chinese_and_english_have_the_same_words() -> None:
    assert words("zh").keys() == words("en").keys()


@pytest.mark.parametrize("key", words("zh"))
def test_a_text_takes_the_same_parameters_in_both_languages(key: str) -> None:
    assert gaps(words("zh")[key]) == gaps(words("en")[key])


@pytest.mark.parametrize("key", words("zh"))
def test_every_text_is_used(key: str) -> None:
    # Literally, or by what is made of its first part: f"severity.{...}", "rule." + ..., or a list's column
    # and pills, which name that part alone: Column("state", of("state"), "lamp", "task", STATES)
    part = re.escape(key.partition(".")[0])
    made = re.compile(rf"""["']{part}\.(\{{|["'] \+)|(Pills\(|"lamp", ).*"{part}", """)
    assert any(f'"{key}"' in source or made.search(source) for source in SOURCES)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_column_of_a_list_has_a_head(lang: str) -> None:
    named = {column for source in SOURCES for column in re.findall(r'Column\(\s*"(\w+)"', source)}
    assert "premises" in named
    assert {f"column.{column}" for column in named} <= words(lang).keys()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_act_that_the_log_can_hold_has_words(lang: str) -> None:
    tags = {one.__struct_config__.tag for one in get_args(Order)} - {"note_deed"}
    wanted = {*tags, *get_args(Deed), NO_ORDER}
    assert {f"audit_act.{act}" for act in wanted} == {
        key for key in words(lang) if key.startswith("audit_act.")
    }


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_rule_and_kind_of_device_has_words(lang: str) -> None:
    wanted = {f"{part}.{rule}" for rule in rules() for part in ("alert", "rule", "rule_about")}
    wanted |= {f"parameter.{name}" for name in parameters()} | {"rule.incident", "rule_about.incident"}
    wanted |= {f"unit.{unit}" for unit in Unit} | {f"protocol.{name}" for name in protocols()}
    assert wanted | {f"kind.{kind}" for kind in STREAMS} <= words(lang).keys()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_everything_that_a_test_of_evidence_can_find_has_words(lang: str) -> None:
    sources = [path.read_text("utf-8") for path in (ROOT / "ingest" / "domain").glob("evidence_*.py")]
    found = {pair for source in sources for pair in re.findall(r'Verdict\(\s*"(\w+)",\s*"(\w+)"', source)}
    assert {test for test, _ in found} == {test.__name__ for test in TESTS}
    wanted = {f"found.{test}.{code}" for test, code in found} | {f"evidence.{test}" for test, _ in found}
    assert wanted == {key for key in words(lang) if key.startswith(("found.", "evidence."))}


@pytest.mark.parametrize(
    ("asked", "locale", "expected"),
    [
        (None, "zh-CN", "zh"),
        (None, "en-GB", "en"),
        (None, "fr", "en"),
        (None, None, "zh"),
        ("en", "zh-CN", "en"),
    ],
)
def test_the_browser_chooses_unless_the_address_does(
    asked: str | None, locale: str | None, expected: str
) -> None:
    assert language(asked, locale) == expected


def test_a_missing_parameter_is_a_dash() -> None:
    assert say("en", "alert.left_grid", worker="Jia Yi") == "Jia Yi has been outside the grid for — min"


def test_a_key_that_nobody_knows_is_shown_as_it_is_whatever_stands_in_it() -> None:
    assert say("en", "actor.{x}") == "{x}"
    assert actor("en", "screen:{x}") == "Command centre · {x}"
    assert actor("zh", "screen") == "指挥中心"


def test_a_row_without_an_english_name_is_shown_by_its_own() -> None:
    assert name("en", {"name": "甲", "name_en": None}) == "甲"
    assert name("en", {"worker_name": "甲", "worker_name_en": "Jia"}, "worker_") == "Jia"


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(None, "—"), (-1.0, "0 s"), (59.9, "59 s"), (90, "1 min"), (7200, "2 h"), (2e5, "2 d")],
)
def test_an_age_is_told_in_its_largest_unit(seconds: float | None, expected: str) -> None:
    assert age("en", seconds) == expected


EXPIRED = {"name": "保质期", "name_en": "Shelf life", "answer_name": "过期", "answer_name_en": "Expired food"}


def alert(rule: str, findings: Any = None, **params: Any) -> dict[str, Any]:
    row = {"rule": rule, "severity": "major", "params": params, "alert_id": "A", "age_s": 1.0}
    row["findings"] = findings
    named = dict.fromkeys(("worker_name", "device_name", "premises_name", "grid_name"))
    return row | named | {"local_time": datetime(2030, 1, 1, tzinfo=UTC)}


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (
            alert("hazard_found", premises_name="甲味馆", findings=[{"name": "消防", "answer_name": "堵"}]),
            "Hazard at 甲味馆, 消防: 堵",
        ),
        (
            alert("hazard_found", premises_name="甲味馆", findings=[EXPIRED]),
            "Hazard at 甲味馆, Shelf life: Expired food",
        ),
        (alert("hazard_found", premises_id="P1", findings=[]), "Hazard at P1, —"),
        (alert("bodycam_sos", device_id="B1", worker_id=None), "SOS from B1"),
        (
            alert(
                "unsafe_product",
                device_id="S1",
                worker_id=None,
                premises_id="P1",
                premises_name="甲味馆",
                event="counterfeit",
                product="白酒",
                batch="A:1",
            ),
            "Unsafe product at 甲味馆: 白酒, batch A:1, Counterfeit",
        ),
        (
            alert("unsafe_product", device_id="S1", event="expired", product="白酒", batch="A1"),
            "Unsafe product at S1: 白酒, batch A1, Expired",
        ),
        (alert("left_grid", worker_id="W1", minutes=5), "W1 has been outside the grid for 5 min"),
        (
            alert("device_silent", device_id="C1", kind="camera", minutes=10),
            "Camera C1 silent for over 10 min",
        ),
        (alert("device_silent", device_id="X1", kind="drone", minutes=10), "drone X1 silent for over 10 min"),
        (alert("door_forced", door=3), "door_forced"),
        (
            alert("order_unanswered", worker_id="W1", premises_id="P1", clue_kind=None),
            "W1 never answered the order: P1",
        ),
        (
            alert("order_unanswered", department_id="fire", clue_kind="消防隐患")
            | {"department_name": "消防"},
            "消防 never answered the order: Fire hazard",
        ),
        (
            alert("order_unanswered", device_id="C1", act="start_recording", of_incident=None),
            "C1 never answered the order: Start recording",
        ),
        (alert("order_unanswered", department_id="fire"), "fire never answered the order: —"),
        (
            alert("visit_doubtful", worker_id="W1", premises_id="P1", percent=0),
            "Look into W1's visit to P1: its traces bear it out to 0% only",
        ),
    ],
)
def test_an_alert_is_said_whatever_it_brings(row: dict[str, Any], expected: str) -> None:
    assert sentence("en", row) == expected


def test_names_cannot_bring_markup_into_the_feed() -> None:
    row = alert("hazard_found", premises_name="<img src=x onerror=alert(1)>")
    row |= {
        "incident_id": "A1",
        "state": "acknowledged",
        "acknowledged_by": "screen:<img src=y>",
        "alerts": 3,
    }
    said = alerts.entry("en", row, past=False)
    assert "<img" not in said
    assert "&lt;img" in said


def test_a_kpi_without_a_header_line_stops_the_start_by_name() -> None:
    with pytest.raises(ConfigError, match=r"db/queries/kpi/half\.sql: header line 'title_zh'"):
        indicators.describe("half", "-- Something.\n-- unit: percent\nSELECT 1;\n")


def test_the_kpis_come_in_their_order_and_those_of_the_strip_say_so() -> None:
    found = indicators.indicators()
    assert [indicator.order for indicator in found] == list(range(1, len(found) + 1))
    assert [indicator.name for indicator in indicators.on_strip()] == ["closure_rate", "on_time_rate"]


def test_of_several_formulas_the_one_chosen_is_taken_else_the_first() -> None:
    def found(name: str, **choices: str) -> str | None:
        indicator = indicators.find(name, choices)
        return indicator.name if indicator else None

    assert found("rework_rate") == found("rework_rate", rework_rate="of old") == "rework_rate_of_owed"
    assert found("rework_rate", rework_rate="disposed") == "rework_rate_of_disposed"
    assert found("rework_rate_of_owed", rework_rate="disposed") == "rework_rate_of_owed"
    assert found("closure_rate", rework_rate="disposed") == "closure_rate"
    assert found("../read/tasks") is None
