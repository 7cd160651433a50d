"""Words of others on the screen, in its files and its map: shown as they are, run by nobody."""

import html
import io
import sys
import zipfile
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest
from xlsxwriter.worksheet import Worksheet

from dashboard import beat, data, login_forms, pages
from dashboard.panels import GROUPS
from dashboard.ui import maps, tables
from tests.app.conftest import looks_on
from tests.attack import evil_day
from tests.attack.conftest import HERE, WORKERS, logged_in, only_without
from tests.attack.evil_day import EVIL
from tests.conftest import database

pytestmark = pytest.mark.usefixtures("on_tiny")

RUNS, SHOWN = "<img src=x", "&lt;img src=x"
PICKED = {
    **{"clues": "K3", "tasks": "T4", "premises": "P1", "devices": "camera:C1", "visits": "W1:v2"},
    **{"alerts": "A1", "ranking": "W1", "accounts": "U3"},
}


@pytest.fixture(scope="module")
def tiny_url(server_url: str, migrated: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A database with an evil day, instead of the tiny one."""
    with database(server_url, migrated) as url:
        evil_day.seed(url, tmp_path_factory.mktemp("worlds"))
        yield url


def drawn(name: str, lang: str = "en") -> str:
    """The HTML of a page, with what can be picked on it picked."""

    def script(name: str) -> None:
        from dashboard import pages

        next(page for page in pages.discover() if page.name == name).render()

    app = AppTest.from_function(script, default_timeout=30, args=(name,))
    app.query_params["lang"] = lang
    if name in PICKED:
        app.query_params["worker" if name == "ranking" else "picked"] = PICKED[name]
    app.run()
    assert not app.exception, app.exception
    return "\n".join(element.value for element in app.html)


def unescaped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every part of the screen put words into its HTML as they are."""
    ours = [module for name, module in sys.modules.items() if name.startswith("dashboard.")]
    for module in ours:
        if getattr(module, "escape", None) is html.escape:
            monkeypatch.setattr(module, "escape", lambda text: text)


SILENT = {"map", "kpi", "thresholds", "audit"}
"""Their words are Streamlit's own tables and charts, or the map's."""


@pytest.mark.parametrize("name", [page.name for page in pages.discover()])
def test_words_of_others_are_text_on_every_page(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    looks_on(monkeypatch)
    found = drawn(name)
    assert RUNS not in found
    assert (SHOWN in found) == (name not in SILENT)


@pytest.mark.parametrize("name", ["command_centre", "clues", "premises", "tasks", "ranking"])
def test_they_would_be_tags_were_they_not_escaped(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """And even then a browser runs no script of theirs: tests/e2e/test_headers.py."""
    looks_on(monkeypatch)
    unescaped(monkeypatch)
    assert RUNS in drawn(name)


def test_panels_that_are_put_into_the_page_as_they_come_are_escaped_too(
    screen: TestClient, tiny_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = {"Cookie": "; ".join(logged_in(screen, tiny_url))}

    def runs() -> bool:
        data.forget()
        beat._bodies.forget()
        panels = screen.get(f"/api/beat?lang=en&of={','.join(GROUPS)}", headers=told).json()["panels"]
        assert any("img src=x" in panel for panel in panels.values())
        return any(RUNS in panel for panel in panels.values())

    assert not runs()
    unescaped(monkeypatch)
    assert runs()


def test_what_the_map_says_of_a_thing_is_no_page(screen: TestClient, tiny_url: str) -> None:
    """It is shown as text, and an address of it is opened as data."""
    answer = screen.get(WORKERS, headers={"Cookie": "; ".join(logged_in(screen, tiny_url))})
    assert RUNS in answer.json()["features"][0]["properties"]["tip"]
    assert list(maps.TOOLTIP) == ["text"]
    told = answer.headers["content-type"], answer.headers["x-content-type-options"]
    assert told == ("application/json", "nosniff")


def test_what_was_typed_at_the_login_is_text(screen: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def runs() -> bool:
        typed = {"name": EVIL, "password": "x"}
        return RUNS in screen.post("/login", data=typed, headers={"Origin": HERE}).text

    only_without(monkeypatch, runs, (login_forms, "escape", lambda text: text))


FORMULAS = ["=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(1)", "\t=1+1", "\r=1+1"]
NAMED = (tables.Column("name", tables.of("name")),)


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_name_is_no_formula_in_a_file(formula: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def calculates() -> bool:
        said = tables.csv("en", NAMED, [{"name": formula}]).decode("utf-8-sig").splitlines(keepends=True)
        return "".join(said[1:]).lstrip('"').startswith(formula[0])

    only_without(monkeypatch, calculates, (tables, "_FORMULA", ()))


def test_a_name_is_no_formula_in_a_workbook(monkeypatch: pytest.MonkeyPatch) -> None:
    def calculates() -> bool:
        book = zipfile.ZipFile(io.BytesIO(tables.xlsx("en", NAMED, [{"name": FORMULAS[0]}])))
        return "<f>" in book.read("xl/worksheets/sheet1.xml").decode()

    only_without(monkeypatch, calculates, (Worksheet, "write_string", Worksheet.write))
