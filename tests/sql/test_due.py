"""Whose turn has come: the database says what the modules' targets and cycles say."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest

from db.connect import Reader, Scope
from ingest.domain.module import Category
from ingest.module_files import shipped
from ingest.registry import import_world
from tests import tiny

SCOPE = Scope(tiny.DISTRICT, str(tiny.DISTRICT))
SHANGHAI = ZoneInfo("Asia/Shanghai")
CATEGORIES = {category.code: category for module in shipped() for category in module.categories}
KINDS = list(product(("餐饮服务", "药品", "烟草零售"), ("校园周边", "宾馆", ""), ("A", "C", "D", None)))
"""Category, tag and risk grade of the premises that there are, in the order of their ids."""
AGES = (None, 20, 90, 91, 92, 120, 121, 181, 182, 183, 364, 365, 366)
"""How many days of the district ago the last visit was; None: there was none."""


@pytest.fixture(scope="module")
def premises(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, Any]]:
    """Ids of premises of every kind and age, with (kind, age)."""
    directory = tmp_path_factory.mktemp("world")
    head = tiny.FILES["premises.csv"].splitlines()[0]
    found = [(f"D{n:04d}", one) for n, one in enumerate(product(KINDS, AGES))]
    rows = [
        f"{one},店{one},,{category},{grade or ''},in_business,甲村,{tag},118.005,24.605,"
        for one, ((category, tag, grade), _) in found
    ]
    shut = "D9999,关门,,餐饮服务,D,closed,甲村,校园周边,118.005,24.605,"
    tasks = tiny.FILES["tasks.csv"].splitlines()[0] + "\n"
    import_world(
        database_url,
        tiny.write(directory, premises_csv="\n".join([head, *rows, shut, ""]), tasks_csv=tasks),
    )
    return found


@pytest.fixture
def reader(database_url: str) -> Iterator[Reader]:
    reader = Reader(database_url)
    yield reader
    reader.close()


@pytest.fixture
def visit(database_url: str, premises: list[tuple[str, Any]]) -> Iterator[Any]:
    """Makes the visits for a category: the last of each at its age, and one long before."""
    conn = psycopg.connect(database_url, autocommit=True)

    def made(called: str) -> None:
        noon = datetime.now(SHANGHAI).replace(hour=12, minute=0)
        rows = [
            (one, called, noon - timedelta(days=age + more), more)
            for one, (_, age) in premises
            if age is not None
            for more in (0, 400)
        ]
        with conn.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO task (district, task_id, premises_id, category, path, state, launched_at, "
                f"due_at, inspected_at, done_at) SELECT {tiny.DISTRICT}, 'V' || %s || %s || %s, %s, %s, "
                "'350299', 'done', at, at, at, at FROM (SELECT %s::timestamptz AS at) x",
                [(called, one, more, one, called, at) for one, called, at, more in rows],
            )

    yield made
    conn.execute("DELETE FROM task")
    conn.close()


def due(reader: Reader, category: str, **narrowed: Any) -> list[str]:
    asked = dict.fromkeys(("unit", "categories", "tags", "grades", "recorded", "unfiled"))
    params = {**asked, "category": category, "limit": 10_000, "due": True, **narrowed}
    rows = reader.read(SCOPE, "read/premises_to_inspect", **params)
    assert all(row["n"] == len(rows) for row in rows)
    return [row["premises_id"] for row in rows]


def expected(category: Category, premises: list[tuple[str, Any]]) -> set[str]:
    return {
        one
        for one, ((kind, tag, grade), age) in premises
        if category.targets.hit(kind, [tag] if tag else [], grade)
        and (days := category.cycle.days(grade)) is not None
        and (age is None or age >= days)
    }


@pytest.mark.parametrize("code", CATEGORIES)
def test_those_are_due_that_the_category_is_for_and_whose_cycle_is_over(
    reader: Reader, premises: list[tuple[str, Any]], visit: Any, code: str
) -> None:
    category = CATEGORIES[code]
    visit(code)
    found = due(reader, code)
    assert set(found) == expected(category, premises)
    ages = dict(premises)
    waits = [ages[one][1] for one in found]
    assert waits == sorted(waits, key=lambda age: -1_000 if age is None else -age), (
        "the longest waiting first"
    )


def test_the_cycles_together_cover_every_answer(premises: list[tuple[str, Any]]) -> None:
    sizes = {code: len(expected(category, premises)) for code, category in CATEGORIES.items()}
    assert sizes["address_verification"] == 0, "no cycle"
    assert 0 < sizes["campus_food"] < sizes["food_daily"] < len(premises)


def test_visits_for_tasks_that_call_the_category_by_its_name_count_and_others_do_not(
    reader: Reader, premises: list[tuple[str, Any]], visit: Any
) -> None:
    category = CATEGORIES["food_daily"]
    visit("campus_food")
    never = [(one, (kind, None)) for one, (kind, _) in premises]
    assert set(due(reader, "food_daily")) == expected(category, never)
    visit(category.name.zh)
    assert set(due(reader, "food_daily")) == expected(category, premises)


def test_an_open_task_is_no_visit_and_is_not_launched_twice(
    reader: Reader, database_url: str, visit: Any
) -> None:
    before = due(reader, "food_daily")
    with psycopg.connect(database_url, autocommit=True) as conn:
        conn.execute(
            "INSERT INTO task (district, task_id, premises_id, category, path, state, launched_at, due_at) "
            f"VALUES ({tiny.DISTRICT}, 'O1', %s, 'food_daily', '350299', 'assigned', now(), now())",
            (before[0],),
        )
    assert due(reader, "food_daily") == before[1:]


def test_what_is_due_is_narrowed_like_everything_else(
    reader: Reader, premises: list[tuple[str, Any]]
) -> None:
    whole, graded = due(reader, "food_daily"), due(reader, "food_daily", grades=["D"])
    of_grade = {one for one, ((_, _, grade), _) in premises if grade == "D"}
    assert 0 < len(graded) < len(whole)
    assert set(graded) == set(whole) & of_grade
    assert due(reader, "food_daily", unit=f"{tiny.DISTRICT}/02") == []
    assert "D9999" not in whole, "it is closed"


def test_the_last_visit_is_told_in_the_districts_time(
    reader: Reader, premises: list[tuple[str, Any]], visit: Any
) -> None:
    visit("food_daily")
    asked = dict.fromkeys(("unit", "categories", "tags", "grades", "recorded", "unfiled"))
    rows = reader.read(
        SCOPE, "read/premises_to_inspect", category="food_daily", limit=10_000, due=True, **asked
    )
    ages, today = dict(premises), datetime.now(UTC).astimezone(SHANGHAI).date()
    told = {row["premises_id"]: row["last"] and (today - row["last"].date()).days for row in rows}
    assert told == {one: ages[one][1] for one in told}
