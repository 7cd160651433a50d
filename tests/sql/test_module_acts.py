"""What a module says is acted upon: menus go down, answers get their meaning, limits become deadlines."""

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest
from msgspec.structs import replace

from db.connect import Row, Scope, enter, fetch
from ingest.contract.messages import MAX_MESSAGE_BYTES, InspectOrder, Result
from ingest.dispatch import payload
from ingest.domain.calendar import WorkCalendar
from ingest.domain.module import Answer, FirstHandling, Item, Module, Name
from ingest.module_files import SHIPPED, read_modules, shipped
from ingest.module_store import store_modules
from ingest.registry import import_world
from ingest.snapshots import load_roster
from tests import tiny
from tests.sql.test_closed_loop import DAY, NO_TASKS, NOW, Room

KEY = {"district": tiny.DISTRICT, "limit": 99}


@pytest.fixture(scope="module", autouse=True)
def world(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    import_world(database_url, tiny.write(tmp_path_factory.mktemp("world"), tasks_csv=NO_TASKS))


@pytest.fixture
def room(ingest_conn: psycopg.Connection[Row], tmp_path: Path) -> Room:
    return about(Room(ingest_conn, tmp_path), "campus_food")


@pytest.fixture
def food() -> Module:
    return read_modules([SHIPPED / "food_safety.yaml"])[0]


def about(room: Room, category: str) -> Room:
    """Tasks that are launched in `room` are of that category; its district as it is registered now."""
    room.roster = load_roster(room.conn, tiny.DISTRICT)
    room.pipeline.rosters = {tiny.DISTRICT: room.roster}
    room.category, room.department = category, room.roster.departments[category]
    return room


def load(room: Room, module: Module) -> None:
    store_modules(room.conn, tiny.DISTRICT, [module])
    about(room, room.category)


def with_limits(food: Module, department: int, **handling: int) -> Module:
    """The module with other limits for its campus food."""
    daily, campus = food.categories
    first = FirstHandling(campus.first_handling.text, **handling)
    campus = replace(campus, first_handling=first, department_working_days=department)
    return replace(food, categories=(daily, campus))


def given(room: Room) -> list[tuple[Any, ...]]:
    """What each visit gave: the time to put it right, and the department's."""
    return room.rows(
        "SELECT params #>> '{rectify,at}' AS rectify, params #>> '{department,working_days}' AS days "
        "FROM task_event WHERE event = 'inspected' ORDER BY at"
    )


def instant(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


def down(room: Room) -> InspectOrder:
    (row,) = [one for one in fetch(room.conn, "write/next_orders", KEY) if one.pop("kind") == "worker"]
    return msgspec.json.decode(payload("worker", row), type=InspectOrder)


def test_an_order_brings_the_premises_and_the_menu_of_every_item(room: Room, food: Module) -> None:
    room.launch()
    order = down(room)
    assert (order.name, order.address, order.lon, order.lat) == ("甲味馆", "甲村一号", 118.005, 24.605)
    assert (order.title, order.items) == (
        msgspec.convert({"zh": "校园周边食品专项检查", "en": "Food near schools"}, type(order.title)),
        ["shelf_life", "purchase_records"],
    )
    assert order.first_handling
    assert order.first_handling.en == food.categories[1].first_handling.text.en
    items = {item.code: item for item in food.items}
    for menu, code in zip(order.menu, order.items, strict=True):
        assert (menu.item, menu.text.zh, menu.text.en) == (code, items[code].text.zh, items[code].text.en)
        assert [
            (one.code, one.text.zh, one.means, one.severity, one.follow_up and one.follow_up.en)
            for one in menu.answers
        ] == [
            (one.code, one.text.zh, one.means, one.severity, one.follow_up and one.follow_up.en)
            for one in items[code].answers
        ]


def test_chosen_items_keep_their_order_and_free_words_have_no_menu(room: Room) -> None:
    room.launch(items=["purchase_records", "消防通道", "shelf_life"])
    order = down(room)
    assert order.items == ["purchase_records", "消防通道", "shelf_life"]
    assert [menu.item for menu in order.menu] == ["purchase_records", "shelf_life"]


def test_a_task_that_no_module_names_goes_down_as_it_always_did(room: Room) -> None:
    room.category = "日常检查"
    room.launch(items=["亮照经营"])
    body = msgspec.json.decode(msgspec.json.encode(down(room)))
    assert body.keys() == {
        *("kind", "order_id", "task_id", "premises_id", "category", "items", "due"),
        *("name", "address", "lon", "lat"),
    }
    assert body["items"] == ["亮照经营"]


def test_an_order_stays_small_even_of_the_largest_module_that_a_file_may_hold(
    room: Room, food: Module
) -> None:
    sizes = []
    for category in [one.code for module in shipped() for one in module.categories]:
        with room.conn.transaction(force_rollback=True):
            about(room, category).launch()
            sizes.append(len(msgspec.json.encode(down(room))))
    assert max(sizes) < 4_000
    words = Name('"' * 250, '"' * 250)
    answers = tuple(Answer(f"a{n}", words, Result.NORMAL) for n in range(20))
    items = tuple(Item(f"i{n}", words, answers) for n in range(25))
    huge = replace(
        food, items=items, categories=(replace(food.categories[1], items=tuple(one.code for one in items)),)
    )
    assert len(msgspec.json.encode(huge)) > 2 * 256 * 1024, "more than a file may hold, even all escaped"
    load(room, huge)
    room.launch()
    assert len(msgspec.json.encode(down(room))) < MAX_MESSAGE_BYTES / 2


def test_an_answer_by_code_means_what_the_module_says(room: Room) -> None:
    room.launch(at=NOW - DAY)
    found = [
        {"item": "shelf_life", "answer": "poisonous"},
        {"item": "purchase_records", "answer": "complete"},
    ]
    room.visit("abnormal", items=found)
    assert room.rows("SELECT result, outcome, severity::text, items FROM inspection") == [
        ("abnormal", None, "major", found)
    ]
    assert room.rows("SELECT severity::text, params -> 'findings' FROM alert") == [
        ("major", [["shelf_life", "poisonous"]])
    ]
    assert room.state() == "rectifying"


def test_what_was_reported_as_normal_counts_as_its_answers_mean_and_stays_as_it_was_said(room: Room) -> None:
    room.launch(at=NOW - DAY)
    room.visit("normal", items=[{"item": "shelf_life", "answer": "expired"}])
    assert room.rows("SELECT result, outcome, severity::text FROM inspection") == [
        ("normal", "abnormal", "serious")
    ]
    assert room.events()[-1] == ("inspected", "rectifying", "answers_abnormal")
    assert room.rows(
        "SELECT params ->> 'result' AS result, params ->> 'said' AS said FROM task_event "
        "WHERE event = 'inspected'"
    ) == [("abnormal", "normal")]
    assert room.rows("SELECT rule FROM alert") == [("hazard_found",)]


def test_a_visit_that_came_before_its_task_counts_as_its_answers_mean_too(room: Room) -> None:
    room.visit("normal", NOW - timedelta(seconds=9), items=[{"item": "shelf_life", "answer": "expired"}])
    room.launch()
    assert room.state() == "rectifying"
    assert ("inspected", "rectifying", "answers_abnormal") in room.events()


def test_an_ungraded_finding_has_its_categorys_hazard_grade_and_one_of_no_module_is_general(
    room: Room,
) -> None:
    about(room, "pyramid_patrol").launch("T1")
    room.visit("abnormal", NOW + timedelta(seconds=1), items=[{"item": "聚集", "answer": "有"}])
    room.category = "日常检查"
    room.launch("T2")
    room.visit("abnormal", NOW + timedelta(seconds=2), items=[], task_id="T2")
    assert room.rows("SELECT task_id, severity::text FROM inspection ORDER BY 1") == [
        ("T1", "major"),
        ("T2", "general"),
    ]


def test_the_limits_of_a_module_become_deadlines_and_its_change_rewrites_none(
    room: Room, food: Module
) -> None:
    first, second = NOW - 20 * DAY, NOW - 10 * DAY
    load(room, with_limits(food, 4, hours=24))
    room.launch(at=first - DAY)
    room.visit("abnormal", first)
    before = given(room)
    assert before == [(instant(first + DAY), "4")]
    owed = room.rows("SELECT due_at FROM obligation")
    load(room, with_limits(food, 9, working_days=2))
    assert given(room) == before
    room.visit("abnormal", second)
    assert given(room) == [*before, (instant(end_of_working_day(room, second, 2)), "9")]
    assert room.rows("SELECT due_at FROM obligation") == owed, "the department learnt of the first result"


def as_screen(room: Room) -> None:
    room.conn.execute("SET LOCAL ROLE gw_dashboard")
    enter(room.conn, Scope(tiny.DISTRICT, str(tiny.DISTRICT)))


def end_of_working_day(room: Room, start: datetime, days: int) -> datetime:
    tz = room.roster.tz
    last: date = WorkCalendar().add_working_days(start.astimezone(tz).date(), days)
    return datetime.combine(last, time(23, 59, 59), tz).astimezone(NOW.tzinfo)


@pytest.mark.parametrize(
    ("district", "category", "working_days", "expected"),
    [
        (tiny.DISTRICT, "", 3, 3),  # the district's own stands before the module's
        (tiny.DISTRICT, "campus_food", 3, 3),
        (0, "", 3, 2),  # everybody's after it, even for the category
        (0, "campus_food", 3, 2),
    ],
)
def test_a_districts_own_rule_stands_before_the_modules_and_everybodys_after_it(
    room: Room, food: Module, district: int, category: str, working_days: int, expected: int
) -> None:
    room.conn.execute(
        "INSERT INTO deadline_rule (district, step, category, working_days, valid_from) "
        "VALUES (%s, 'rectify', %s, %s, '2026-01-01') "
        "ON CONFLICT (district, step, category, valid_from) DO NOTHING",
        (district, category, working_days),
    )
    load(room, with_limits(food, 4, working_days=2))
    room.launch(at=NOW - 2 * DAY)
    room.visit("abnormal", NOW - DAY)
    assert given(room)[0][0] == instant(end_of_working_day(room, NOW - DAY, expected))


def test_the_page_says_findings_in_the_modules_words_and_free_words_as_they_are(room: Room) -> None:
    room.launch(at=NOW - DAY)
    found = [
        {"item": "shelf_life", "answer": "poisonous"},
        {"item": "进货查验记录", "answer": "未建立台账", "severity": "general", "note": "三天"},
        {"item": "消防通道", "answer": "堵塞", "severity": "serious"},
    ]
    room.visit("abnormal", items=found)
    as_screen(room)
    (visit,) = fetch(room.conn, "read/task_visits", {"id": "T1"})
    assert [(f["name"], f["name_en"], f["answer_name_en"], f["severity"]) for f in visit["findings"]] == [
        ("无过期及“三无”食品", "Nothing expired or unlabelled", "Food that may be poisonous", "major"),
        ("进货查验记录", "Purchase records", "None kept", "general"),
        ("消防通道", None, None, "serious"),
    ]
    assert [(f["note_name"], f["note_name_en"]) for f in visit["findings"]] == [
        ("直接关系人民群众生命健康", "Lives and health are at risk"),
        ("三天", None),
        (None, None),
    ]
    (alert,) = fetch(room.conn, "read/alerts_open", {"limit": 9})
    assert [one["answer_name"] for one in alert["findings"]] == [
        "疑似有毒有害食品",
        "未建立台账",
        "堵塞",
    ]
    filters = dict.fromkeys(("unit", "severities", "rules", "states")) | {"limit": 9}
    for text, hits in (("be poisonous", 1), ("疑似有毒", 1), ("堵塞", 1), ("Disinfected", 0)):
        assert len(fetch(room.conn, "read/alerts", filters | {"text": text})) == hits, text


def test_the_command_centre_names_categories_as_their_modules_do(room: Room) -> None:
    room.launch("T1", NOW - 40 * DAY)
    room.category = "日常检查"
    room.launch("T2", NOW - 40 * DAY)
    as_screen(room)
    rows = fetch(room.conn, "kpi_top/closure_rate", {"unit": str(tiny.DISTRICT), "at": None, "limit": 9})
    assert {(row["category"], row["name"], row["name_en"]) for row in rows} == {
        ("campus_food", "校园周边食品专项检查", "Food near schools"),
        ("日常检查", None, None),
    }
