"""The page of accounts: whom one sees, and each thing that may be done, ordered there and carried out."""

from datetime import UTC, datetime

import msgspec
import pytest
from streamlit.testing.v1 import AppTest

from dashboard import data
from dashboard.ui.i18n import LANGUAGES, say
from db.connect import INGEST, Row, connect
from ingest.courier import carry_out
from ingest.domain.account import Grade, Role
from ingest.domain.password import matches
from ingest.snapshots import load_roster
from ingest.store import prepare
from tests import accounts, tiny
from tests.app.conftest import ON_DUTY, looks_on
from tests.app.test_page import page_of_its_own, shown

STATION_1, STATION_2 = f"{tiny.DISTRICT}/01", f"{tiny.DISTRICT}/02"
NOW = datetime.now(UTC)


@pytest.fixture(autouse=True)
def on_tiny(tiny_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRIDWARD_DATABASE_URL", tiny_url)
    with connect(tiny_url) as conn:
        conn.execute("UPDATE command SET state = 'done' WHERE state = 'queued'")  # the import's
        conn.execute("DELETE FROM login_session")
        conn.execute("DELETE FROM account WHERE name !~ '^[UY]'")
        accounts.add(conn, ON_DUTY, district=tiny.DISTRICT)
        accounts.add(conn, "chen", district=tiny.DISTRICT, path=STATION_1, roles=["look"], password="x")
        accounts.add(conn, "zhou", district=tiny.DISTRICT, path=STATION_2, roles=["audit"], must_change=True)


def page(lang: str = "en", **address: str) -> AppTest:
    return page_of_its_own("accounts", lang, **address)


def row(url: str, name: str) -> Row:
    with connect(url) as conn:
        return conn.execute("SELECT * FROM account WHERE name = %s", (name,)).fetchall()[0]


def obeyed(url: str, app: AppTest) -> AppTest:
    """The page once ingest has carried out what was ordered there."""
    with connect(url, INGEST) as conn:
        prepare(conn)
        assert carry_out(conn, load_roster(conn, tiny.DISTRICT), NOW) == 1
    data.forget()
    return app.run()


def told(app: AppTest) -> str:
    return "\n".join([shown(app), *(str(one.value) for one in (*app.info, *app.warning, *app.caption))])


def act(app: AppTest, name: str, code: str) -> AppTest:
    """Choose what is to be done about the account, mean it, and send."""
    (box,) = [one for one in app.selectbox if one.key and one.key.startswith(f"account_{name}_act")]
    box.set_value(code).run()
    if code != "enable_account":
        assert app.button(key=f"account_{name}_send").disabled, "not before it is meant"
        app.checkbox(key=f"account_{name}_sure_{code}").check().run()
    return app.button(key=f"account_{name}_send").click().run()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_everybody_at_or_below_ones_place_is_listed_in_words(
    lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = page(lang).dataframe[0].value.set_index(say(lang, "column.account"))
    assert {"chen", "zhou", ON_DUTY, "U1", "U2", "U3"} == set(table.index)
    assert table.loc["zhou", say(lang, "column.roles")] == say(lang, "account_role.audit")
    assert table.loc["zhou", say(lang, "column.state")] == [say(lang, "account_state.first_password")]
    assert table.loc["U2", say(lang, "column.account_department")] != "—"
    looks_on(monkeypatch, district=tiny.DISTRICT, path=STATION_1)
    data.forget()
    below = page(lang).dataframe[0].value[say(lang, "column.account")]
    assert set(below) == {"chen", "U1", "U2", "U3"}


def test_a_list_is_narrowed_by_state_kind_role_and_text() -> None:
    app = page()
    app.button_group(key="accounts_kinds").set_value(["worker"]).run()
    assert list(app.dataframe[0].value["Account"]) == ["U3"]
    app.button_group(key="accounts_kinds").set_value([]).run()
    app.selectbox(key="accounts_roles").set_value("audit").run()
    assert set(app.dataframe[0].value["Account"]) == {"zhou", ON_DUTY}
    app.text_input(key="accounts_text").set_value("ZHO").run()
    assert list(app.dataframe[0].value["Account"]) == ["zhou"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_account_is_added_and_its_first_password_shown_once(tiny_url: str, lang: str) -> None:
    app = page(lang)
    app.text_input(key="account_new_name").set_value("deng").run()
    app.selectbox(key="account_new_place").set_value(tiny.PATH_1).run()
    app.multiselect(key="account_new_roles").set_value(["look", "operate"]).run()
    app.button(key="account_new_send").click().run()
    assert not app.code, "nothing is shown of an order that is not carried out"
    app = obeyed(tiny_url, app)
    name, _, word = app.code[0].value.partition("\n")
    found = row(tiny_url, "deng")
    assert name == "deng"
    assert matches(found["password"], word)
    assert (found["path"], found["roles"], found["must_change"]) == (tiny.PATH_1, ["look", "operate"], True)
    assert app.run().code[0].value == f"deng\n{word}", "until it is hidden"
    app.button(key="hide").click().run()
    assert not app.code
    assert word not in str(app.session_state)


def test_a_departments_account_is_added_with_its_department_or_not_at_all(tiny_url: str) -> None:
    app = page()
    app.text_input(key="account_new_name").set_value("food").run()
    app.selectbox(key="account_new_place").set_value(str(tiny.DISTRICT)).run()
    app.selectbox(key="account_new_grade").set_value(Grade.DEPARTMENT).run()
    app.button(key="account_new_send").click().run()
    assert say("en", "desk.department_needed") in told(app)
    app.selectbox(key="account_new_department").set_value("food").run()
    app.button(key="account_new_send").click().run()
    obeyed(tiny_url, app)
    assert (row(tiny_url, "food")["department_id"], row(tiny_url, "food")["grade"]) == ("food", "department")


@pytest.mark.parametrize(
    ("kind", "field", "value", "expected"),
    [("worker", "worker", "W2", ("W2", False)), ("kiosk", "place", STATION_1, (None, True))],
)
def test_a_workers_own_account_and_a_walls_are_added(
    tiny_url: str, kind: str, field: str, value: str, expected: tuple[str | None, bool]
) -> None:
    app = page()
    app.text_input(key="account_new_name").set_value("yi.er").run()
    app.selectbox(key="account_new_kind").set_value(kind).run()
    app.selectbox(key=f"account_new_{field}").set_value(value).run()
    app.button(key="account_new_send").click().run()
    obeyed(tiny_url, app)
    found = row(tiny_url, "yi.er")
    assert (found["worker_id"], found["kiosk"]) == expected
    assert found["roles"] == ["look"]


@pytest.mark.parametrize(
    ("name", "place", "lacks"),
    [
        ("a", STATION_1, "account_form.no_name"),
        ("a/b", STATION_1, "account_form.no_name"),
        ("deng", None, "account_form.place_needed"),
    ],
)
def test_what_is_missing_for_a_new_one_is_said_and_nothing_ordered(
    tiny_url: str, name: str, place: str | None, lacks: str
) -> None:
    app = page()
    app.text_input(key="account_new_name").set_value(name).run()
    app.selectbox(key="account_new_place").set_value(place).run()
    app.button(key="account_new_send").click().run()
    assert say("en", lacks) in told(app)
    with connect(tiny_url) as conn:
        assert not conn.execute("SELECT FROM command WHERE state = 'queued'").fetchall()


def test_a_password_of_an_account_that_is_refused_is_shown_to_nobody(tiny_url: str) -> None:
    app = page()
    app.text_input(key="account_new_name").set_value("CHEN").run()
    app.selectbox(key="account_new_place").set_value(STATION_1).run()
    app.button(key="account_new_send").click().run()
    app = obeyed(tiny_url, app)
    assert say("en", "refusal.account_exists", about="CHEN") in told(app)
    assert not app.code
    assert "first_password" not in app.session_state


def test_an_account_is_disabled_and_enabled_again(tiny_url: str) -> None:
    app = act(page(picked="chen"), "chen", "disable_account")
    app = obeyed(tiny_url, app)
    assert row(tiny_url, "chen")["disabled_at"] is not None
    assert say("en", "account_state.disabled") in told(app)
    app = act(app, "chen", "enable_account")
    obeyed(tiny_url, app)
    assert row(tiny_url, "chen")["disabled_at"] is None


def test_an_account_is_reset_and_its_new_first_password_shown(tiny_url: str) -> None:
    app = act(page(picked="chen"), "chen", "reset_account")
    app = obeyed(tiny_url, app)
    name, _, word = app.code[0].value.partition("\n")
    assert name == "chen"
    assert matches(row(tiny_url, "chen")["password"], word)
    assert row(tiny_url, "chen")["must_change"]


def test_sessions_are_ended(tiny_url: str) -> None:
    accounts.logged_in(tiny_url, "chen")
    obeyed(tiny_url, act(page(picked="chen"), "chen", "end_sessions"))
    with connect(tiny_url) as conn:
        assert not conn.execute("SELECT FROM login_session WHERE ended_at IS NULL").fetchall()


def test_an_account_gets_another_place_other_roles_and_another_grade(tiny_url: str) -> None:
    app = page(picked="chen")
    app.selectbox(key="account_chen_place").set_value(STATION_2).run()
    app.selectbox(key="account_chen_grade").set_value(Grade.ASSISTANT).run()
    app.multiselect(key="account_chen_roles").set_value(["operate", "look"]).run()
    obeyed(tiny_url, act(app, "chen", "change_account"))
    found = row(tiny_url, "chen")
    assert (found["path"], found["grade"], found["roles"]) == (STATION_2, "assistant", ["look", "operate"])


def offered(app: AppTest) -> set[str]:
    return {one.key for one in (*app.button, *app.selectbox) if one.key and one.key.startswith("account_")}


def test_what_one_has_not_oneself_is_not_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    roles = frozenset({Role.LOOK, Role.ADMINISTER})
    looks_on(monkeypatch, district=tiny.DISTRICT, roles=roles)
    app = page(picked="zhou")
    assert say("en", "refusal.role_not_held") in shown(app)
    assert not offered(app)
    assert set(page().multiselect(key="account_new_roles").options) == {"look", "administer"}
    looks_on(monkeypatch, district=tiny.DISTRICT, path=STATION_1, roles=roles)
    data.forget()
    places = page().selectbox(key="account_new_place").options
    assert len(places) == 5
    assert not any("Two" in place for place in places)
    assert say("en", "account_desk.gone") in shown(page(picked="zhou"))


def test_nobody_is_offered_to_disable_or_reset_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    looks_on(monkeypatch, "chen", district=tiny.DISTRICT, path=STATION_1)
    data.forget()
    (box,) = [one for one in page(picked="chen").selectbox if one.key and "_act_" in one.key]
    assert box.options == [say("en", f"audit_act.{one}") for one in ("change_account", "end_sessions")]


def test_a_department_is_offered_what_is_with_it_alone(
    monkeypatch: pytest.MonkeyPatch, tiny_url: str
) -> None:
    with connect(tiny_url) as conn:
        found = conn.execute(
            "SELECT department_id FROM clue_case WHERE clue_id = 'K1' AND district = %s", (tiny.DISTRICT,)
        ).fetchall()[0]
    for department, may in ((found["department_id"], True), ("sport", False)):
        looks_on(monkeypatch, district=tiny.DISTRICT, grade=Grade.DEPARTMENT, department_id=department)
        keys = {one.key for one in page_of_its_own("clues", "en", picked="K1").button}
        assert ("desk_K1_send" in keys) is may


def test_what_is_ordered_is_what_the_form_says(tiny_url: str) -> None:
    app = act(page(picked="chen"), "chen", "change_account")
    with connect(tiny_url, autocommit=True) as conn:
        (found,) = conn.execute(
            "DELETE FROM command WHERE state = 'queued' RETURNING payload, actor"
        ).fetchall()
    assert msgspec.to_builtins(found["payload"]) == {
        "kind": "change_account", "account": "chen", "place": STATION_1, "roles": ["look"],
        "grade": "officer", "department_id": None,
    }  # fmt: skip
    assert found["actor"] == f"screen:{ON_DUTY}"
    assert not app.exception
