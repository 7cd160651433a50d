"""Supervision modules in the database: loaded, loaded again, closed, never deleted."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from msgspec.structs import replace

import db
from db.connect import DASHBOARD, INGEST, Row, connect
from ingest.contract.errors import ConfigError
from ingest.domain.module import Module, Name
from ingest.module_files import SHIPPED, read_modules, shipped
from ingest.module_store import LoadReport, load_modules, store_modules
from ingest.registry import import_world
from tests import tiny

Rows = Callable[[str], list[Any]]
TABLES = ("department", "module", "task_category", "check_item")


@pytest.fixture(scope="module", autouse=True)
def districts(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    import_world(database_url, tiny.write(tmp_path_factory.mktemp("world")))
    with psycopg.connect(database_url) as conn:
        conn.execute("INSERT INTO district (district, name) VALUES (350298, '邻区')")


@pytest.fixture
def conn(ingest_conn: psycopg.Connection[Row]) -> Iterator[psycopg.Connection[Row]]:
    """As ingest, in a district that has no modules; rolled back after the test."""
    ingest_conn.execute("UPDATE module SET closed_at = now()")
    for table in ("department", "task_category", "check_item"):
        ingest_conn.execute(f"UPDATE {table} SET closed_at = now()")
    yield ingest_conn


def store(conn: psycopg.Connection[Row], modules: list[Module], **only: bool) -> LoadReport:
    return store_modules(conn, tiny.DISTRICT, modules, **only)


def open_rows(conn: psycopg.Connection[Row], table: str) -> int:
    row = conn.execute(f"SELECT count(*) AS n FROM {table} WHERE closed_at IS NULL").fetchone()
    assert row is not None
    return int(row["n"])


def ids(conn: psycopg.Connection[Row], column: str, table: str, closed: bool = False) -> set[str]:
    found = conn.execute(f"SELECT {column} AS id FROM {table} WHERE (closed_at IS NOT NULL) = %s", (closed,))
    return {row["id"] for row in found}


@pytest.fixture
def food() -> Module:
    return read_modules([SHIPPED / "food_safety.yaml"])[0]


def without_campus(food: Module) -> Module:
    return replace(food, categories=food.categories[:1])


def test_what_is_loaded_is_read_back_as_it_was(conn: psycopg.Connection[Row]) -> None:
    report = store(conn, shipped())
    assert load_modules(conn, tiny.DISTRICT) == shipped()
    assert [report.rows[table] for table in TABLES] == [8, 9, 16, 27]
    assert [open_rows(conn, table) for table in TABLES] == [8, 9, 16, 27]
    assert load_modules(conn, 350298) == []


def test_a_category_names_its_department_its_items_and_its_hazard(
    conn: psycopg.Connection[Row], food: Module
) -> None:
    store(conn, [food])
    assert conn.execute(
        "SELECT c.name, c.name_en, c.hazard_grade, c.items, c.department_working_days, d.name AS department "
        "FROM task_category c JOIN department d USING (district, department_id) "
        "WHERE category = 'campus_food'"
    ).fetchall() == [
        {
            "name": "校园周边食品专项检查",
            "name_en": "Food near schools",
            "hazard_grade": "serious",
            "items": ["shelf_life", "purchase_records"],
            "department_working_days": 10,
            "department": "食品安全监管科",
        }
    ]


def test_a_menu_can_be_asked_for_in_sql(conn: psycopg.Connection[Row], food: Module) -> None:
    store(conn, [food])
    row = conn.execute(
        "SELECT a->>'severity' AS severity, a->'text'->>'en' AS text FROM check_item, "
        "jsonb_array_elements(answers) a WHERE item = 'shelf_life' AND a->>'code' = 'poisonous'"
    ).fetchone()
    assert row == {"severity": "major", "text": "Food that may be poisonous"}


def test_what_had_been_loaded_before_gets_its_limits_targets_and_cycles_from_the_modules_bodies(
    conn: psycopg.Connection[Row],
) -> None:
    columns = "first_handling, target_categories, target_tags, target_grades, cycle_days"
    asked = f"SELECT category, {columns} FROM task_category WHERE closed_at IS NULL ORDER BY 1"
    store(conn, shipped())
    loaded = conn.execute(asked).fetchall()
    migration = next(Path(next(iter(db.__path__))).glob("migrations/0022_*.sql")).read_text("utf-8")
    conn.execute(
        "UPDATE task_category SET first_handling = NULL, target_categories = '{}', target_tags = '{}', "
        "target_grades = '{}', cycle_days = '{}'"
    )
    assert conn.execute(asked).fetchall() != loaded
    conn.execute(
        f"UPDATE task_category t{migration.partition('UPDATE task_category t')[2].partition(';')[0]}".encode()
    )
    assert conn.execute(asked).fetchall() == loaded


def test_loading_again_writes_nothing(conn: psycopg.Connection[Row]) -> None:
    versions = "\nUNION ALL\n".join(f"SELECT '{t}' AS t, ctid::text, xmin::text FROM {t}" for t in TABLES)
    store(conn, shipped())
    before = conn.execute(versions).fetchall()
    report = store(conn, shipped())
    assert conn.execute(versions).fetchall() == before
    assert set(report.closed.values()) == {0}


def test_what_a_module_no_longer_holds_is_closed_and_opens_when_it_comes_back(
    conn: psycopg.Connection[Row], food: Module
) -> None:
    store(conn, shipped())
    smaller = replace(without_campus(food), items=food.items[:-1])
    report = store(conn, [smaller])
    assert report.closed == {"department": 0, "module": 0, "task_category": 1, "check_item": 1}
    assert "closed, since they are no longer there: 1 task_category, 1 check_item" in report.lines()
    assert ids(conn, "category", "task_category", closed=True) == {"campus_food"}
    assert ids(conn, "item", "check_item", closed=True) == {"shelf_life"}
    store(conn, [food])
    assert [open_rows(conn, table) for table in TABLES] == [8, 9, 16, 27]


def test_other_modules_stay_unless_these_are_to_be_the_only_ones(
    conn: psycopg.Connection[Row], food: Module
) -> None:
    store(conn, shipped())
    store(conn, [food])
    assert open_rows(conn, "module") == 9
    report = store(conn, [food], only=True)
    assert report.closed == {"department": 7, "module": 8, "task_category": 14, "check_item": 22}
    assert ids(conn, "module_id", "module") == {"food_safety"}
    assert ids(conn, "department_id", "department") == {"food"}
    assert load_modules(conn, tiny.DISTRICT) == [food]


def test_a_changed_word_is_another_version(conn: psycopg.Connection[Row], food: Module) -> None:
    digest = "SELECT digest, name_en FROM module WHERE module_id = 'food_safety'"
    store(conn, [food])
    before = conn.execute(digest).fetchone()
    store(conn, [replace(food, name=Name("食品监管", "Food and drink"))])
    after = conn.execute(digest).fetchone()
    assert before and after
    assert before["digest"] != after["digest"]
    assert after["name_en"] == "Food and drink"


def test_a_category_moves_to_another_module_when_both_are_loaded(
    conn: psycopg.Connection[Row], food: Module
) -> None:
    store(conn, [food])
    campus = replace(food, code="campus", categories=food.categories[1:])
    campus = replace(campus, items=tuple(i for i in food.items if i.code in campus.categories[0].items))
    with pytest.raises(
        ConfigError, match="categories.0..code: 'campus_food' belongs to module 'food_safety'"
    ):
        store(conn, [campus])
    kept = tuple(i for i in food.items if i not in campus.items)
    daily = replace(food.categories[0], items=tuple(i.code for i in kept))
    store(conn, [replace(food, categories=(daily,), items=kept), campus])
    owners = conn.execute("SELECT category, module_id FROM task_category WHERE closed_at IS NULL ORDER BY 1")
    assert [tuple(row.values()) for row in owners] == [
        ("campus_food", "campus"),
        ("food_daily", "food_safety"),
    ]


def test_a_department_that_nobody_names_any_more_is_closed(
    conn: psycopg.Connection[Row], food: Module
) -> None:
    conn.execute(
        "INSERT INTO department (district, department_id, name) VALUES (%s, 'fire', '消防')", (tiny.DISTRICT,)
    )
    store(conn, [food])
    other = replace(food.department, code="joint_food_office")
    store(conn, [replace(food, department=other)])
    assert ids(conn, "department_id", "department") == {"joint_food_office", "fire"}


def test_the_screen_sees_its_own_districts_modules_only(database_url: str) -> None:
    with connect(database_url, INGEST) as conn:
        store_modules(conn, tiny.DISTRICT, shipped())
    with connect(database_url, DASHBOARD) as conn:
        for district, path, seen in ((350299, "350299/01", 16), (350298, "350298", 0)):
            conn.execute(
                "SELECT set_config('gridward.district', %s, false), set_config('gridward.path', %s, false)",
                (str(district), path),
            )
            assert conn.execute("SELECT count(*) AS n FROM scoped.task_category").fetchone() == {"n": seen}
            assert bool(conn.execute("SELECT FROM scoped.check_item").fetchall()) is bool(seen)
            assert bool(conn.execute("SELECT FROM scoped.module").fetchall()) is bool(seen)
            rows = conn.execute("SELECT DISTINCT district FROM scoped.department ORDER BY 1").fetchall()
            assert [row["district"] for row in rows] == ([0, district] if seen else [0])  # 0: everybody's


def test_a_module_of_ones_own_is_one_file(conn: psycopg.Connection[Row], tmp_path: Path) -> None:
    text = (SHIPPED / "tobacco.yaml").read_text(encoding="utf-8")
    for word in ("code: tobacco\n", "tobacco_retail", "tobacco_licence"):
        text = text.replace(word, word.replace("tobacco", "vape"))
    (tmp_path / "vape.yaml").write_text(text, encoding="utf-8")
    store(conn, shipped())
    store(conn, read_modules([tmp_path / "vape.yaml"]))
    assert ids(conn, "category", "task_category") > {"vape_retail", "tobacco_retail"}


def test_a_district_without_modules_gets_the_shipped_ones_when_it_is_imported_and_keeps_its_own(
    database_url: str, tmp_path: Path
) -> None:
    world = tiny.write(tmp_path)
    with connect(database_url, INGEST) as conn:
        store_modules(conn, tiny.DISTRICT, [read_modules([SHIPPED / "drugs.yaml"])[0]], only=True)
    assert "module" not in import_world(database_url, world).rows
    with connect(database_url, INGEST) as conn:
        assert [module.code for module in load_modules(conn, tiny.DISTRICT)] == ["drugs"]
        conn.execute("UPDATE module SET closed_at = now()")
    assert import_world(database_url, world).rows["module"] == 9
    with connect(database_url, INGEST) as conn:
        assert load_modules(conn, tiny.DISTRICT) == shipped()


def test_whom_a_category_asks_to_come_along_is_loaded_and_loaded_anew(
    conn: psycopg.Connection[Row], food: Module
) -> None:
    first, *others = food.categories
    asked = "SELECT second FROM task_category WHERE category = %s"
    for second in ("officer", "anybody", None):
        store(conn, [replace(food, categories=(replace(first, second=second), *others))])
        assert conn.execute(asked, (first.code,)).fetchall() == [{"second": second}]
        assert load_modules(conn, tiny.DISTRICT)[0].categories[0].second == second
