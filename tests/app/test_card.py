"""The card of what is clicked on the map, and the state of the two ends."""

from typing import Any

import pytest

from dashboard import data
from dashboard.ui import card, ends, theme
from db.connect import Scope
from tests import tiny

SCOPE = Scope(tiny.DISTRICT, str(tiny.DISTRICT))


@pytest.mark.parametrize(
    ("layer", "picked", "colour", "expected"),
    [
        ("workers", "W2", theme.AMBER, ["Yi Er", "outside own grid", "Bing", "0 / 1"]),
        ("workers", "W3", theme.GREY, ["Bing San", "off duty", "1 h ago"]),
        ("devices", "C1", theme.GREEN, ["甲村口", "Camera", "online"]),
        ("devices", "B1", theme.GREY, ["甲一记录仪", "Jia Yi", "20 min ago"]),
        ("alerts", "A2", theme.BLUE, ["Yi Er has been outside", "General", "Bing", "2 min ago"]),
        ("alerts", "A5", theme.GREY, ["SOS", "Cleared", "5 min"]),
        ("grids", "G3", theme.AMBER, ["Bing", "Station Two", "Bing San", "2 (1 overdue)"]),
    ],
)
def test_a_card_says_who_or_what_how_and_since_when(
    tiny_url: str,
    monkeypatch: pytest.MonkeyPatch,
    layer: str,
    picked: str,
    colour: str,
    expected: list[str],
) -> None:
    monkeypatch.setenv("GRIDWARD_DATABASE_URL", tiny_url)
    (row,) = data.read(SCOPE, f"read/{layer.removesuffix('s')}_card", id=picked)
    said = card.of("en", layer, row)
    assert [text for text in expected if text not in said] == []
    assert f"--c:{colour}" in said


def test_a_name_cannot_bring_markup_onto_a_card() -> None:
    row: dict[str, Any] = {"name": "<img src=x>", "name_en": None, "station_name": "Jia", "workers": None}
    figures = dict.fromkeys(("premises", "present", "tasks", "overdue", "alerts"), 0)
    said = card.of("zh", "grids", row | figures | {"since": None})
    assert "<img" not in said
    assert "&lt;img" in said


def test_an_end_of_which_some_are_silent_is_amber() -> None:
    rows: list[dict[str, Any]] = [
        {"code": "camera", "n": 1, "whole": 2},
        {"code": "printer", "n": 3, "whole": 3},
    ]
    said = ends.table("en", 4, rows)
    assert [f'<div style="--c:{colour}">' in said for colour in (theme.AMBER, theme.GREEN)] == [True, True]
    assert said.index(theme.AMBER) < said.index("/ 2") < said.index("/ 3")
    assert "<b>4</b>" in said
