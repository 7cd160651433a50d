"""Whatever the screen shows, page by page and route by route, is nobody else's: walked through by accounts of
each level in two districts."""

import json
from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import data, pages, routes
from dashboard.panels import GROUPS
from db.connect import Scope, connect
from tests import accounts, tree
from tests.app.conftest import looks_on
from tests.app.test_doors import ask
from tests.app.test_page import page_of_its_own, shown
from tests.app.test_serve import keys, serving
from tests.tree import CHAIN, DISTRICTS, mark, own
from tests.walk import leaks, strangers

SCOPES = [Scope(district, f"{district}{place}") for district in DISTRICTS for place in CHAIN]
SECTION = SCOPES[3]
VIEWS: dict[str, tuple[str, ...]] = {
    "alerts": ("signals", "handover"),
    "tasks": ("launch", "survey", "round"),
    "devices": ("strangers",),
    "visits": ("papers",),
}
PICKED = {
    "accounts": "U1",
    "alerts": "A1",
    "clues": "K3",
    "devices": "worker:W1",
    "premises": "P1",
    "tasks": "T1",
    "visits": "W1:v2",
}
LISTS = {"accounts", "alerts", "clues", "devices", "premises", "ranking", "tasks", "visits"}
TILES = {"premises": "27132/14099", "trails": "6783/3524"}


@pytest.fixture(scope="module")
def url(database_url: str) -> str:
    tree.seed(database_url)
    return database_url


@pytest.fixture(scope="module")
def address(url: str) -> Iterator[str]:
    with serving(GRIDWARD_DATABASE_URL=url) as (address, _):
        yield address


def addresses() -> list[str]:
    """Whatever is told of people or premises over http, in both languages."""
    layers = [f"/api/map/{name}" for name in (*routes.SOURCES, *routes.HEAT)]
    tiles = [f"/api/map/{name}/{place}" for name, place in TILES.items()]
    asked = [f"{one}?" for one in (*layers, *tiles)]
    asked += [f"/api/map/grids?colour={name}&" for name in ("closure_rate", "survey_rate")]
    asked.append(f"/api/beat?of={','.join(GROUPS)}&")
    return [f"{one}t=1&lang={lang}" for one in asked for lang in ("zh", "en")]


@pytest.mark.parametrize("scope", SCOPES, ids=lambda scope: scope.path)
def test_no_route_tells_of_another(address: str, url: str, scope: Scope) -> None:
    place = {"district": scope.district, "path": scope.path, "roles": ["look"]}
    key = keys(address, accounts.logged_in(url, f"看 {scope.path}", **place))
    told = {}
    for one in addresses():
        status, _, body = ask(address, one, key)
        assert status == 200, one
        told[one] = [json.dumps(json.loads(body), ensure_ascii=False)]
    assert leaks(told, scope) == {}
    own_marks = {one for one, (text,) in told.items() if mark(scope.path)[:-1] in text}
    assert {one.partition("?")[0] for one in own_marks} >= {
        "/api/map/workers",
        "/api/beat",
        "/api/map/alerts",
    }


def page(name: str, **address: str) -> AppTest:
    return page_of_its_own(name, "en", **address)


def said(app: AppTest) -> str:
    """All that is on the page, tables and what can be chosen included."""
    tables = [frame.value.to_csv() for frame in app.dataframe]
    chosen = [str(box.options) for kind in (app.selectbox, app.multiselect) for box in kind]
    return "\n".join([shown(app), *tables, *chosen, *(button.label for button in app.button)])


@pytest.mark.parametrize("scope", SCOPES, ids=lambda scope: scope.path)
@pytest.mark.parametrize("name", [page.name for page in pages.discover()])
def test_no_page_shows_anything_of_another(
    url: str, monkeypatch: pytest.MonkeyPatch, scope: Scope, name: str
) -> None:
    monkeypatch.setenv("GRIDWARD_DATABASE_URL", url)
    looks_on(monkeypatch, district=scope.district, path=scope.path)
    text = said(page(name))
    assert leaks({name: [text]}, scope) == {}
    assert name not in LISTS or mark(scope.path)[:-1] in text


@pytest.mark.parametrize(("name", "view"), [(name, view) for name in VIEWS for view in VIEWS[name]])
def test_no_view_of_a_page_does(url: str, monkeypatch: pytest.MonkeyPatch, name: str, view: str) -> None:
    monkeypatch.setenv("GRIDWARD_DATABASE_URL", url)
    looks_on(monkeypatch, district=SECTION.district, path=SECTION.path)
    assert leaks({view: [said(page(name, **{view: "1"}))]}, SECTION) == {}


@pytest.mark.parametrize("name", PICKED)
def test_what_is_picked_is_shown_if_it_is_ones_own_and_else_as_if_it_were_not_there(
    url: str, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("GRIDWARD_DATABASE_URL", url)
    looks_on(monkeypatch, district=SECTION.district, path=SECTION.path)
    mine = own(f"{SECTION.path}", PICKED[name])
    text, without = said(page(name, picked=mine)), said(page(name))
    assert leaks({name: [text]}, SECTION) == {}
    assert len(text) > len(without), "there is a card"
    for path in strangers(SECTION):
        theirs = own(path, PICKED[name])
        text = said(page(name, picked=theirs)).replace(theirs, "")
        assert leaks({name: [text]}, SECTION) == {}


def test_a_page_and_a_route_over_a_view_that_has_lost_its_guard_are_noticed(
    url: str, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRIDWARD_DATABASE_URL", url)
    looks_on(monkeypatch, district=SECTION.district, path=SECTION.path)
    key = keys(address, accounts.logged_in(url, "段长", district=SECTION.district, path=SECTION.path))
    with connect(url, autocommit=True) as conn:
        for view in ("scoped.task", "scoped.grid"):
            (kept,) = conn.execute("SELECT pg_get_viewdef(%s::regclass) AS text", (view,))
            put = f"CREATE OR REPLACE VIEW {view} WITH (security_barrier) AS "
            conn.execute((put + kept["text"].replace("scoped.sees(path)", "true")).encode())
            try:
                data.forget()
                if view == "scoped.task":
                    assert leaks({view: [said(page("tasks"))]}, SECTION)
                else:
                    told = ask(address, f"/api/map/grids?t={data.tick()}&lang=en", key)[2].decode()
                    assert leaks({view: [told]}, SECTION)
            finally:
                conn.execute((put + kept["text"]).encode())
