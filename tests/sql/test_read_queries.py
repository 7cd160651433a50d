"""What the screen asks of the database, on a real one, in the scope of whoever looks."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg.types.json import Jsonb

from db.connect import DASHBOARD, INGEST, Reader, Row, Scope, connect, enter
from ingest.figures import keep
from tests import tiny, tiny_day
from tests.questions import QUERIES, asked, files

NAMES = files("read", "kpi", "then")

DISTRICT = Scope(tiny.DISTRICT, str(tiny.DISTRICT))
STATION_1 = Scope(tiny.DISTRICT, tiny_day.STATION_1)
STATION_2 = Scope(tiny.DISTRICT, tiny_day.STATION_2)
OTHER = Scope(tiny_day.OTHER, str(tiny_day.OTHER))


@pytest.fixture(scope="module")
def reader(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    tiny_day.seed(database_url, tmp_path_factory.mktemp("worlds"))
    with connect(database_url, INGEST) as conn:
        for district in (tiny.DISTRICT, tiny_day.OTHER):
            keep(conn, district)
    reader = Reader(database_url)
    yield reader
    reader.close()


def ask(reader: Reader, scope: Scope, name: str, **params: Any) -> list[Row]:
    return reader.read(scope, name, **asked(name, scope) | params)


SILENT = {"read/siren", "read/trails", "then/trails", "then/workers_on_map", "then/workers_by_unit"}


@pytest.mark.parametrize("name", sorted(set(NAMES) - SILENT))
def test_every_query_answers(reader: Reader, name: str) -> None:
    assert ask(reader, DISTRICT, name)


def test_the_siren_is_for_what_is_major_until_somebody_takes_it_up(reader: Reader, database_url: str) -> None:
    assert ask(reader, DISTRICT, "read/siren") == []  # W1 is on the way to what is major
    with connect(database_url, autocommit=True) as conn:
        before = "SELECT state FROM incident WHERE incident_id = 'A1' AND district = %s"
        state = conn.execute(before, (tiny.DISTRICT,)).fetchall()[0]["state"]
        put = "UPDATE incident SET state = %s WHERE incident_id = 'A1'"
        conn.execute(put, ("raised",))
        heard = {scope.path: ask(reader, scope, "read/siren") for scope in (DISTRICT, STATION_1, STATION_2)}
        conn.execute(put, (state,))
    assert [row["whole"] for row in heard[DISTRICT.path]] == [1]
    assert heard[STATION_1.path] == heard[DISTRICT.path]
    assert heard[STATION_2.path] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_query_says_in_its_first_line_what_it_answers(name: str) -> None:
    assert (QUERIES / f"{name}.sql").read_text("utf-8").startswith("-- ")


@pytest.mark.parametrize("name", NAMES)
def test_a_viewer_of_one_station_sees_nothing_of_another(reader: Reader, name: str) -> None:
    seen = str(ask(reader, STATION_1, name))
    assert not any(word in seen for word in ("'W3'", "丙三", "丙药房", "二所", "door_forced", "'T4'")), seen


@pytest.mark.parametrize("name", NAMES)
def test_a_viewer_of_one_district_sees_nothing_of_one_with_the_same_ids(reader: Reader, name: str) -> None:
    seen, there = str(ask(reader, DISTRICT, name)), ask(reader, OTHER, name)
    assert "邻" not in seen
    assert str(tiny_day.OTHER) not in seen
    assert len(ask(reader, DISTRICT, name)) == len(there)


@pytest.mark.parametrize("name", sorted(set(NAMES) - {"read/first_district", "read/counts", "then/counts"}))
def test_a_viewer_of_nothing_sees_nothing(reader: Reader, name: str) -> None:
    assert ask(reader, Scope(999999, "999999"), name) == []


@pytest.mark.parametrize("path", ["", str(tiny_day.OTHER), f"{tiny.DISTRICT}/", f"{tiny.DISTRICT}0"])
@pytest.mark.parametrize("name", ["read/workers_on_map", "read/tasks", "read/grids", "read/alerts_open"])
def test_only_the_very_path_of_a_district_opens_the_whole_of_it(reader: Reader, name: str, path: str) -> None:
    assert ask(reader, DISTRICT, name)
    assert ask(reader, Scope(tiny.DISTRICT, path), name) == []


def test_the_closure_rate_counts_what_is_due_by_the_end_of_today_or_done(reader: Reader) -> None:
    assert rates(ask(reader, DISTRICT, "kpi/closure_rate")) == {"一所": (2, 3), "二所": (1, 2)}
    assert rates(ask(reader, DISTRICT, "kpi/closure_rate", depth=1)) == {"试验区局": (3, 5)}


def test_the_on_time_rate_leaves_out_what_was_closed_late(reader: Reader) -> None:
    assert rates(ask(reader, DISTRICT, "kpi/on_time_rate")) == {"一所": (1, 3), "二所": (1, 2)}


def test_a_rate_of_a_day_before_all_tasks_has_nothing_to_divide_by(reader: Reader) -> None:
    found = ask(reader, DISTRICT, "kpi/closure_rate", at=["2020-01-01T00:00:00Z"])
    assert rates(found) == {"一所": (0, 0), "二所": (0, 0)}


def test_a_unit_outside_the_scope_has_no_rate(reader: Reader) -> None:
    assert ask(reader, STATION_1, "kpi/closure_rate", unit=tiny_day.STATION_2, depth=3) == []


def rates(rows: list[Row]) -> dict[str, tuple[int, int]]:
    return {row["name"]: (row["numerator"], row["denominator"]) for row in rows}


def test_the_ranking_is_by_tasks_closed_and_counts_no_officers(reader: Reader) -> None:
    found = ask(reader, DISTRICT, "read/ranking")
    assert [(row["worker_id"], row["closed"], row["assigned"]) for row in found] == [
        ("W1", 2, 2),
        ("W3", 1, 2),
        ("W2", 0, 1),
    ]


def test_tasks_are_lit_by_their_deadline_and_the_pressing_come_first(reader: Reader) -> None:
    found = [(row["task_id"], row["state"], row["lamp"]) for row in ask(reader, DISTRICT, "read/tasks")]
    assert found[:3] == [
        ("T4", "rectifying", "red"),
        ("T3", "launched", "yellow"),
        ("T5", "launched", "green"),
    ]
    assert set(found[3:]) == {("T1", "done", "green"), ("T2", "done", "red"), ("T6", "done", "green")}


@pytest.mark.parametrize(
    ("name", "key", "params", "expected"),
    [
        ("tasks", "task_id", {"states": ["rectifying"]}, ["T4"]),
        ("tasks", "task_id", {"lamps": ["yellow"]}, ["T3"]),
        ("tasks", "task_id", {"unit": tiny_day.STATION_1, "states": ["launched"]}, ["T3"]),
        ("tasks", "task_id", {"text": "乙便利"}, ["T3"]),
        ("tasks", "task_id", {"limit": 1}, ["T4"]),
        ("alerts", "alert_id", {"states": ["cleared"]}, ["A5"]),
        ("alerts", "alert_id", {"severities": ["major"], "states": ["open"]}, ["A1"]),
        ("alerts", "alert_id", {"rules": ["left_grid"]}, ["A2"]),
        ("alerts", "alert_id", {"text": "甲味馆"}, ["A1"]),
        ("devices", "device_id", {"states": ["silent"], "kinds": ["bodycam", "worker"]}, ["B1", "B2", "W3"]),
        ("devices", "device_id", {"text": "JIA YI"}, ["B1", "R1", "W1"]),
        ("scores", "subject", {"text": "bing"}, ["W3"]),
        ("scores", "subject", {"unit": tiny_day.STATION_1}, ["W1", "W2"]),
    ],
)
def test_a_list_is_narrowed_by_unit_code_and_text(
    reader: Reader, name: str, key: str, params: dict[str, Any], expected: list[str]
) -> None:
    assert [row[key] for row in ask(reader, DISTRICT, f"read/{name}", **params)] == expected


def test_phones_and_each_kind_of_device_are_counted(reader: Reader) -> None:
    found = ask(reader, DISTRICT, "read/devices_by_kind")
    assert {row["code"]: (row["n"], row["whole"]) for row in found} == {
        **{"worker": (2, 3), "camera": (1, 1)},
        **{"bodycam": (0, 2), "printer": (0, 1)},
    }


def test_a_card_tells_who_is_where_and_what_is_to_do(reader: Reader) -> None:
    (worker,) = ask(reader, DISTRICT, "read/worker_card", id="W2")
    assert (worker["name"], worker["grid_name"], worker["online"]) == ("乙二", "丙村网格", True)
    assert (worker["in_own_grid"], worker["closed"], worker["assigned"]) == (False, 0, 1)
    (grid,) = ask(reader, DISTRICT, "read/grid_card", id="G3")
    assert (grid["workers_en"], grid["premises"], grid["present"]) == ("Bing San", 1, 1)
    assert (grid["tasks"], grid["overdue"], grid["alerts"]) == (2, 1, 2)
    assert ask(reader, STATION_1, "read/grid_card", id="G3") == []


def test_the_counts_of_the_strip_agree_with_the_day(reader: Reader) -> None:
    (counts,) = ask(reader, DISTRICT, "read/counts")
    assert counts == {
        **{"workers": 3, "on_duty": 2, "workers_online": 2},
        **{"due_today": 2, "due_today_done": 1, "due_today_rectifying": 0},
        **{"alerts": 4, "major": 1, "serious": 1, "general": 2},
        **{"devices": 4, "devices_online": 1},
    }


def test_open_alerts_come_newest_first_with_the_names_of_whom_they_are_about(reader: Reader) -> None:
    found = ask(reader, DISTRICT, "read/alerts_open")
    assert [row["alert_id"] for row in found] == ["A1", "A2", "A3", "A4"]
    assert (found[0]["worker_name"], found[0]["premises_name"]) == ("甲一", "甲味馆")
    assert (found[2]["device_name"], found[2]["grid_name"]) == ("甲村口", "甲村网格")
    assert [row["alert_id"] for row in ask(reader, DISTRICT, "read/alerts_open", limit=1)] == ["A1"]


def test_a_device_is_online_only_if_it_says_so_and_was_heard_of_lately(reader: Reader) -> None:
    found = {row["device_id"]: row["online"] for row in ask(reader, DISTRICT, "read/devices_on_map")}
    assert found == {"C1": True, "B1": False, "B2": False}  # R1 has no place


def test_strangers_are_for_those_who_see_the_whole_district(reader: Reader) -> None:
    found = ask(reader, DISTRICT, "read/strangers")
    assert [(row["decoder"], row["kinds"], row["waiting"]) for row in found] == [
        ("owntracks", ["worker"], 2),
        ("frigate", ["camera"], 1),
    ]
    assert ask(reader, STATION_1, "read/strangers") == ask(reader, STATION_1, "read/stranger_messages") == []
    assert [row["key"] for row in ask(reader, DISTRICT, "read/strangers", text="BACK")] == [
        "frigate:frigate/back"
    ]


def test_a_device_says_how_it_is_and_which_protocol_it_speaks(reader: Reader) -> None:
    found = {row["key"]: row for row in ask(reader, DISTRICT, "read/devices")}
    camera = found["camera:C1"]
    assert (camera["battery"], camera["storage"], camera["firmware"], camera["clock_off_s"]) == (
        80,
        41,
        "5.7.3",
        180,
    )
    assert (camera["decoder"], found["bodycam:B1"]["decoder"], found["worker:W2"]["decoder"]) == (
        None,
        "jt808",
        "owntracks",
    )


def test_a_day_of_a_device_has_all_its_hours_also_the_silent(reader: Reader) -> None:
    found = ask(reader, DISTRICT, "read/device_health")
    assert len(found) == 24
    assert found[-1]["messages"] == 10
    assert found[-2]["messages"] == 0
    assert ask(reader, STATION_2, "read/device_messages") == []


def test_the_map_knows_who_is_outside_and_who_has_gone_home(reader: Reader) -> None:
    found = ask(reader, DISTRICT, "read/workers_on_map")
    assert [(row["worker_id"], row["online"], row["on_duty"], row["in_own_grid"]) for row in found] == [
        ("W1", True, True, True),
        ("W2", True, True, False),
        ("W3", False, False, True),
    ]


def test_each_grid_knows_its_station(reader: Reader) -> None:
    found = ask(reader, DISTRICT, "read/grids")
    assert {row["grid_id"]: row["station_name_en"] for row in found} == {
        "G1": "Station One",
        "G2": "Station One",
        "G3": "Station Two",
    }


def test_the_first_district_is_told_whatever_the_scope(reader: Reader) -> None:
    assert reader.read(Scope(0, "0"), "read/first_district") == [{"district": tiny.DISTRICT}]


@pytest.fixture
def dashboard(database_url: str, reader: Reader) -> Iterator[psycopg.Connection[Row]]:
    """A connection with the dashboard's rights, in the scope of the tiny district."""
    with connect(database_url, DASHBOARD) as conn:
        conn.execute(
            "SELECT set_config('gridward.district', %s, true), set_config('gridward.path', %s, true)",
            (str(tiny.DISTRICT), str(tiny.DISTRICT)),
        )
        yield conn
        conn.rollback()


def relations(conn: psycopg.Connection[Row], right: str) -> set[str]:
    found = conn.execute(
        "SELECT n.nspname || '.' || c.relname AS name "
        "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE n.nspname IN ('public', 'scoped') AND c.relkind IN ('r', 'v', 'p', 'm') "
        "AND has_table_privilege(c.oid, %s)",
        (right,),
    )
    return {row["name"] for row in found}


def test_the_dashboard_reads_no_table_only_scoped_views(
    dashboard: psycopg.Connection[Row],
) -> None:
    readable = relations(dashboard, "SELECT")
    assert readable
    assert all(name.startswith("scoped.") for name in readable), readable
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        dashboard.execute("SELECT * FROM public.worker")


def test_the_dashboard_writes_nothing_but_orders_and_sessions(dashboard: psycopg.Connection[Row]) -> None:
    assert relations(dashboard, "INSERT") == {"scoped.order_box", "scoped.login_session"}
    assert not any(relations(dashboard, right) for right in ("UPDATE", "DELETE", "TRUNCATE"))


def test_the_screens_own_login_orders_as_an_account_only(
    database_url: str, dashboard: psycopg.Connection[Row]
) -> None:
    order = "INSERT INTO scoped.order_box VALUES (%s, %s, 'launch_task', %s, %s)"
    dashboard.execute(order, (tiny.DISTRICT, "o2", Jsonb({}), "cli:root"))  # over the owner's connection
    with connect(database_url) as conn:
        conn.execute("SET SESSION AUTHORIZATION gw_dashboard")
        enter(conn, DISTRICT)
        conn.execute(order, (tiny.DISTRICT, "o3", Jsonb({}), "screen:x"))
        for actor in ("cli:root", "import", "screen", "rules", ""):
            with pytest.raises(psycopg.errors.WithCheckOptionViolation), conn.transaction():
                conn.execute(order, (tiny.DISTRICT, "o4", Jsonb({}), actor))
        conn.rollback()


def test_an_order_for_another_district_is_refused(dashboard: psycopg.Connection[Row]) -> None:
    order = "INSERT INTO scoped.order_box VALUES (%s, 'o1', 'launch_task', %s, 'me')"
    dashboard.execute(order, (tiny.DISTRICT, Jsonb({})))
    with pytest.raises(psycopg.errors.WithCheckOptionViolation):
        dashboard.execute(order, (tiny_day.OTHER, Jsonb({})))
