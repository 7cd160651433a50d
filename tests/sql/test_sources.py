"""Where tasks come from, on a real database: new premises in an import, the base survey, the season."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest
from msgspec.structs import replace

from db.connect import INGEST, connect, fetch
from ingest.contract.errors import ConfigError
from ingest.contract.messages import InspectOrder
from ingest.courier import carry_out
from ingest.dispatch import as_of, payload
from ingest.domain.module import Module
from ingest.module_files import shipped
from ingest.module_store import store_modules
from ingest.registry import ImportReport, import_news, import_world
from ingest.snapshots import load_roster
from tests import tiny

NO_TASKS = tiny.FILES["tasks.csv"].splitlines()[0] + "\n"
HEADER = "premises_id,name,licence_no,category,status,address,tags,lon,lat,registered_on\n"
NEW = "P5,新味馆,L5,餐饮服务,,甲村五号,,118.006,24.606,2026-11-20\n"
RECORDED = "P6,册上店,L6,餐饮服务,recorded,乙村六号,,118.016,24.606,\n"
OUTSIDE = "P7,村外店,L7,餐饮服务,,界外,,118.6,24.9,\n"
GONE = "P8,已闭店,L8,餐饮服务,closed,甲村八号,,118.007,24.606,\n"

Sql = Callable[[str], list[Any]]


@pytest.fixture
def rows(database_url: str) -> Iterator[Sql]:
    with psycopg.connect(database_url, autocommit=True) as conn:
        for table in (
            "task",
            "task_event",
            "order_out",
            "command",
            "premises",
            "premises_event",
            "annual_report",
        ):
            conn.execute(f"DELETE FROM {table}".encode())
        conn.execute("DELETE FROM season WHERE district <> 0")
        yield lambda sql: conn.execute(sql.encode()).fetchall()


@pytest.fixture
def bring(database_url: str, rows: Sql, tmp_path: Path) -> Callable[..., ImportReport]:
    """A first import, and then another: of the whole world with rows added, or of news alone."""
    import_world(database_url, tiny.write(tmp_path / "world", tasks_csv=NO_TASKS))

    def bring(*added: str, news: bool = True, filed: str = "", **options: bool) -> ImportReport:
        if news:
            folder = tmp_path / "news"
            folder.mkdir(exist_ok=True)
            if added:
                (folder / "premises.csv").write_text(HEADER + "".join(added), "utf-8")
            if filed:
                (folder / "annual_reports.csv").write_text("premises_id,year,filed\n" + filed, "utf-8")
            return import_news(database_url, tiny.DISTRICT, folder, **options)
        premises = tiny.FILES["premises.csv"] + "".join(_as_whole(line) for line in added)
        files = tiny.write(tmp_path / "world", tasks_csv=NO_TASKS, premises_csv=premises)
        return import_world(database_url, files, **options)

    return bring


def _as_whole(line: str) -> str:
    """A row of news in the columns of the tiny world's file."""
    premises_id, name, licence, category, status, address, tags, lon, lat, _ = line.strip().split(",")
    return f"{premises_id},{name},{licence},{category},,{status},{address},{tags},{lon},{lat},\n"


def launch(url: str) -> None:
    with connect(url, INGEST) as conn:
        carry_out(conn, load_roster(conn, tiny.DISTRICT), datetime.now(UTC))


TASKS = "SELECT premises_id, source, category, worker_id, state FROM task ORDER BY premises_id"


def test_a_first_import_launches_nothing(bring: Callable[..., ImportReport], rows: Sql) -> None:
    assert rows("SELECT count(*) FROM premises") == [(4,)]
    assert rows("SELECT count(*) FROM command") == [(0,)]
    assert rows("SELECT count(*) FROM premises_event") == [(0,)]


@pytest.mark.parametrize("news", [True, False])
def test_new_premises_are_placed_and_get_their_first_check(
    bring: Callable[..., ImportReport], rows: Sql, database_url: str, news: bool
) -> None:
    report = bring(NEW, RECORDED, OUTSIDE, GONE, news=news)
    assert report.launched == {"licence": 2, "survey": 1}
    assert "tasks for new premises: 2 (licence), 1 (survey)" in report.lines()
    assert "  P7 村外店 at 118.600000, 24.900000" in report.lines()
    assert rows("SELECT count(*) FROM premises WHERE closed_at IS NULL") == [(8,)]
    launch(database_url)
    assert rows(TASKS) == [
        ("P5", "licence", "address_verification", "W1", "assigned"),
        ("P6", "survey", "opening_verification", "W2", "assigned"),
        ("P7", "licence", "address_verification", None, "launched"),
    ]
    known = "SELECT premises_id, push_due_at < due_at, push_due_at = due_at FROM task ORDER BY 1"
    assert rows(known) == [("P5", True, False), ("P6", None, None), ("P7", False, True)]
    assert rows("SELECT recorded_at IS NOT NULL FROM premises WHERE premises_id = 'P6'") == [(True,)]


def test_what_is_imported_again_is_launched_once(
    bring: Callable[..., ImportReport], rows: Sql, database_url: str
) -> None:
    bring(NEW)
    launch(database_url)
    assert bring(NEW, news=False).launched == {}
    bring(news=False)  # the whole register no longer has it, and then has it again
    assert rows("SELECT closed_at IS NOT NULL FROM premises WHERE premises_id = 'P5'") == [(True,)]
    assert bring(NEW).launched == {}
    assert rows("SELECT closed_at IS NULL FROM premises WHERE premises_id = 'P5'") == [(True,)]
    launch(database_url)
    assert rows("SELECT count(*) FROM task") == [(1,)]
    told = rows("SELECT event FROM premises_event WHERE premises_id = 'P5' ORDER BY at")
    assert [event for (event,) in told] == ["registered", "registered", "delisted", "registered"]


def test_a_district_chooses_what_is_launched_by_its_modules_and_each_import_whether(
    bring: Callable[..., ImportReport], rows: Sql, database_url: str
) -> None:
    assert bring(NEW, first_checks=False).launched == {}
    modules = [_launching(module, "tobacco_retail") for module in shipped()]
    with connect(database_url, INGEST) as conn:
        store_modules(conn, tiny.DISTRICT, modules)
    assert bring(RECORDED, NEW.replace("P5", "P9").replace("餐饮服务", "烟草零售")).launched == {"licence": 1}
    assert rows("SELECT payload ->> 'category' FROM command") == [("tobacco_retail",)]
    with connect(database_url, INGEST) as conn:
        store_modules(conn, tiny.DISTRICT, shipped())


def _launching(module: Module, code: str) -> Module:
    """With new licences launching the category of this code, and no other."""
    categories = (
        replace(one, launched_by=("licence",) if one.code == code else ()) for one in module.categories
    )
    return replace(module, categories=tuple(categories))


def test_news_close_nothing_and_change_what_they_name(bring: Callable[..., ImportReport], rows: Sql) -> None:
    bring("P1,甲味新馆,L1,餐饮服务,,甲村一号,,118.015,24.605,\n")
    assert rows("SELECT name, grid_id, risk_grade FROM premises WHERE premises_id = 'P1'") == [
        ("甲味新馆", "G2", None)
    ]
    assert rows("SELECT count(*) FROM premises WHERE closed_at IS NULL") == [(4,)]
    (base, changed) = rows("SELECT said, changes FROM premises_event ORDER BY at")
    assert base[0]["name"] == "甲味馆"
    assert base[1] == {}
    assert changed[1]["name"] == ["甲味馆", "甲味新馆"]
    assert changed[1]["grid_id"] == ["G1", "G2"]
    assert "status" not in changed[1]


def test_a_bad_row_of_news_is_named_and_nothing_is_stored(
    bring: Callable[..., ImportReport], rows: Sql
) -> None:
    with pytest.raises(ConfigError, match=r"premises.csv:3: lon: 'here' is not a number"):
        bring(NEW, NEW.replace("P5", "P9").replace("118.006", "here"))
    with pytest.raises(ConfigError, match=r"annual_reports.csv:2: filed: 'soon' is no day"):
        bring(NEW, filed="P1,2025,soon\n")
    assert rows("SELECT count(*) FROM premises") == [(4,)]


def test_a_folder_without_news_is_said_to_have_none(database_url: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"holds neither premises.csv nor annual_reports.csv"):
        import_news(database_url, tiny.DISTRICT, tmp_path)


def test_annual_reports_are_added_by_news_and_closed_by_a_whole_file_of_their_year(
    bring: Callable[..., ImportReport], rows: Sql, database_url: str, tmp_path: Path
) -> None:
    open_ = "SELECT premises_id, year FROM annual_report WHERE closed_at IS NULL ORDER BY 1, 2"
    assert bring(filed="P1,2024,2025-04-01\nP1,2025,2026-04-01\n").rows == {"annual_report": 2}
    bring(filed="P2,2025,2026-04-02\n")
    assert rows(open_) == [("P1", 2024), ("P1", 2025), ("P2", 2025)]
    world = tmp_path / "world"
    (world / "annual_reports.csv").write_text("premises_id,year,filed\nP2,2025,2026-04-02\n", "utf-8")
    import_world(database_url, world)
    assert rows(open_) == [("P1", 2024), ("P2", 2025)]


def test_in_a_season_tasks_remind_those_who_have_not_filed(
    bring: Callable[..., ImportReport], rows: Sql, database_url: str
) -> None:
    this_year = datetime.now(UTC).year
    always = "'annual_report', 'report_filed', '01-01', '12-31', '2000-01-01'"
    rows(f"INSERT INTO season VALUES ({tiny.DISTRICT}, {always}) RETURNING 1")
    bring(filed=f"P6,{this_year - 1},{this_year}-03-20\n")
    bring(
        "P5,五,,餐饮服务,,甲村,,118.006,24.606,\n",
        "P6,六,,餐饮服务,,甲村,,118.006,24.606,\n",
        f"P7,七,,餐饮服务,,甲村,,118.006,24.606,{this_year}-01-02\n",
    )
    launch(database_url)
    reminded = "SELECT premises_id, 'report_filed' = ANY (items) FROM task ORDER BY 1"
    assert rows(reminded) == [("P5", True), ("P6", False), ("P7", False)]


def test_an_order_that_waited_for_the_season_goes_down_with_the_reminder_and_its_menu(
    bring: Callable[..., ImportReport], database_url: str
) -> None:
    bring(NEW.replace("2026-11-20", "2020-01-01"))
    launch(database_url)
    with connect(database_url, INGEST) as conn:
        roster = load_roster(conn, tiny.DISTRICT)
        (row,) = fetch(conn, "write/next_orders", {"district": tiny.DISTRICT, "limit": 9})
    kind = row.pop("kind")
    orders = [
        msgspec.json.decode(payload(kind, as_of(row, roster, at)), type=InspectOrder)
        for at in (datetime(2027, 5, 4, tzinfo=UTC), datetime(2027, 8, 4, tzinfo=UTC))
    ]
    assert [order.items[-1] == "report_filed" for order in orders] == [True, False]
    for order in orders:
        assert [menu.item for menu in order.menu] == order.items


def test_a_districts_own_season_stands_before_everybodys(
    bring: Callable[..., ImportReport], database_url: str, tmp_path: Path
) -> None:
    world = tmp_path / "world"
    (world / "seasons.csv").write_text(
        "category,item,begins,ends,valid_from\nannual_report,report_filed,04-01,05-31,2026-01-01\n", "utf-8"
    )
    import_world(database_url, world)
    with connect(database_url, INGEST) as conn:
        own = [season for season in load_roster(conn, tiny.DISTRICT).seasons if season.own]
    assert [(one.begins, one.ends) for one in own] == [("04-01", "05-31")]
    (world / "seasons.csv").write_text(
        "category,item,begins,ends,valid_from\nannual_report,report_filed,13-01,,2026-01-01\n", "utf-8"
    )
    with pytest.raises(ConfigError) as refused:
        import_world(database_url, world)
    assert "seasons.csv:2: begins: '13-01' is no day of a year like 03-01" in str(refused.value)
