"""From a file to the archive: imported, launched, on a phone, visited, verified; and premises found."""

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from ingest.contract.messages import InspectOrder
from tests import tiny
from tests.conftest import wait_until
from tests.e2e.cli import complaint, gridward
from tests.e2e.test_closed_loop import Field, ms, world
from tests.e2e.test_closed_loop import field as phone
from tests.e2e.test_ingest import Ingest

__all__ = ["phone", "world"]

HEADER = "premises_id,name,licence_no,category,status,address,lon,lat\n"


@pytest.fixture
def rows(world: str) -> Any:
    with psycopg.connect(world, autocommit=True) as conn:
        yield lambda sql: conn.execute(sql.encode()).fetchall()


def news(folder: Path, *premises: str, filed: str = "") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "premises.csv").write_text(HEADER + "".join(premises), "utf-8")
    (folder / "annual_reports.csv").write_text(f"premises_id,year,filed\n{filed}", "utf-8")
    return folder


def visit(field: Field, order: InspectOrder, **archive: Any) -> None:
    now = datetime.now(UTC)
    said = {"premises_id": order.premises_id, "started": ms(now), "ended": ms(now), "result": "normal"}
    said |= {"items": [], "lon": 118.0061, "lat": 24.6062, "task_id": order.task_id, "archive": archive}
    field.say("worker/W1/inspection", now, said)


def test_new_premises_come_to_a_phone_and_what_the_visit_finds_to_the_archive(
    world: str, broker_url: str, phone: Field, rows: Any, tmp_path: Path
) -> None:
    year, tag = datetime.now(UTC).year, f"{time.time_ns() % 10**9:09d}"
    new, recorded = f"N{tag}", f"R{tag}"
    always = "'annual_report', 'report_filed', '01-01', '12-31', '2000-01-01'"
    rows(f"INSERT INTO season VALUES ({tiny.DISTRICT}, {always}) ON CONFLICT DO NOTHING RETURNING 1")
    folder = news(
        tmp_path / "news",
        f"{new},新味馆,L-{new},餐饮服务,,甲村五号,118.006,24.606\n",
        f"{recorded},册上店,L-{recorded},餐饮服务,recorded,甲村六号,118.007,24.606\n",
        filed=f"{new},{year - 1},{year}-03-20\n",
    )
    ingest = Ingest(world, broker_url, tmp_path / "data").wait_until_ready()
    try:
        done = gridward("import", "--new", str(folder), GRIDWARD_DATABASE_URL=world)
        assert done.returncode == 0, done.stderr
        assert "tasks for new premises: 1 (licence), 1 (survey)" in done.stdout
        down = wait_until(lambda: by_premises(phone, new, recorded), what="both orders on the phone")
        assert down[new].category == "address_verification"
        assert down[recorded].category == "opening_verification"
        assert "report_filed" not in down[new].items, "they have filed"
        assert [menu.item for menu in down[recorded].menu] == down[recorded].items
        assert down[recorded].items[-1] == "report_filed"

        phone.reply(down[recorded], datetime.now(UTC), "accepted")
        task = f"SELECT state FROM task WHERE premises_id = '{recorded}'"
        wait_until(lambda: rows(task) == [("received",)], what="the survey is claimed")
        visit(phone, down[recorded], status="in_business", here=True, tags_added=["夜间经营"], sign="册上")
        wait_until(lambda: rows(task) == [("done",)], what="the survey is done")
        archive = (
            "SELECT status, lon, lat, tags, sign, verified_by, verified_at IS NOT NULL, "
            f"recorded_at IS NOT NULL FROM premises WHERE premises_id = '{recorded}'"
        )
        verified = [("in_business", 118.0061, 24.6062, ["夜间经营"], "册上", "W1", True, True)]
        assert rows(archive) == verified
        assert gridward("import", "--new", str(folder), GRIDWARD_DATABASE_URL=world).returncode == 0
        assert rows(archive) == verified, "imported again, the register says nothing new"

        now = datetime.now(UTC)
        found = {"name": f"新发现{tag}", "category": "餐饮服务", "lon": 118.015, "lat": 24.605}
        phone.say("worker/W1/premises", now, found)
        placed = f"SELECT grid_id, source, verified_by FROM premises WHERE name = '{found['name']}'"
        wait_until(lambda: rows(placed) == [("G2", "field", "W1")], what="what was found is placed")
    finally:
        ingest.stop()


def by_premises(phone: Field, *premises: str) -> dict[str, InspectOrder] | None:
    """The orders on the phone for these premises, once they are all there."""
    found = {order.premises_id: order for order in list(phone.orders) if order.premises_id in premises}
    return found if len(found) == len(premises) else None


def test_news_for_no_district_or_of_nothing_are_one_clear_line(world: str, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    done = gridward("import", "--new", str(empty), GRIDWARD_DATABASE_URL=world)
    assert complaint(done, 2) == f"{empty} holds neither premises.csv nor annual_reports.csv"
    done = gridward("import", "--new", str(empty), "--district", "999999", GRIDWARD_DATABASE_URL=world)
    assert complaint(done, 2) == f"--district: which of those registered ({tiny.DISTRICT})?"
