"""The synthetic district: its files hold what the plan says, and the same plan gives the same bytes."""

import csv
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import shapely
import shapely.geometry

from ingest.domain.geo import GridIndex
from simulators.chance import draw
from simulators.files import World, read_premises, read_world
from simulators.survey import noticed, surveyed
from simulators.world import STEPS, WORLDS, grow, write_tasks

TODAY = date(2026, 11, 22)
JIMEI = WORLDS["jimei"]
DONGGUAN = WORLDS["dongguan"]
FILES = {
    "district.csv",
    "org.csv",
    "grids.geojson",
    "workers.csv",
    "premises.csv",
    "devices.csv",
    "tasks.csv",
    "licences.csv",
    "kpi_choices.csv",
}


@pytest.fixture(scope="module")
def jimei(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("jimei")
    grow(JIMEI, directory, TODAY)
    return directory


@pytest.fixture(scope="module")
def world(jimei: Path) -> World:
    return read_world(jimei)


def rows(directory: Path, name: str) -> list[dict[str, str]]:
    with (directory / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def shapes(world: World) -> list[shapely.Geometry]:
    return [shapely.geometry.shape(geometry) for geometry in world.grids.values()]


def test_the_files_of_jimei_hold_the_numbers_of_its_plan(jimei: Path) -> None:
    assert {path.name for path in jimei.iterdir()} == FILES
    assert Counter(row["level"] for row in rows(jimei, "org.csv")) == {
        "区局": 1, "监管所": 3, "中队": 6, "段区": 18, "村居": 66,
    }  # fmt: skip
    assert len(json.loads((jimei / "grids.geojson").read_text("utf-8"))["features"]) == 66
    assert Counter(row["role"] for row in rows(jimei, "workers.csv")) == {"worker": 77, "officer": 18}
    assert len(rows(jimei, "premises.csv")) == 7400
    kinds = Counter(row["kind"] for row in rows(jimei, "devices.csv"))
    assert kinds == {"camera": 120, "bodycam": 77, "printer": 77,
                     "terminal": 18, "scanner": 8, "vehicle": 6}  # fmt: skip


def test_every_unit_has_its_parent_before_it_and_every_grid_its_unit(jimei: Path) -> None:
    seen: set[str] = set()
    for row in rows(jimei, "org.csv"):
        parent = row["path"].rpartition("/")[0]
        assert not parent or parent in seen
        assert row["path"] not in seen
        seen.add(row["path"])
    features = json.loads((jimei / "grids.geojson").read_text("utf-8"))["features"]
    for feature in features:
        assert feature["properties"]["path"] in seen
        assert feature["properties"]["path"].count("/") == 4


def test_grids_tile_an_area_of_the_planned_size_without_gaps_or_overlaps(world: World) -> None:
    grids = shapes(world)
    whole = shapely.union_all(grids)
    assert all(grid.is_valid for grid in grids)
    assert whole.geom_type == "Polygon"
    assert not whole.interiors
    assert sum(grid.area for grid in grids) == pytest.approx(whole.area, rel=1e-9)
    km2_a_square_degree = 111.195**2 * np.cos(np.radians(JIMEI.centre[1]))
    assert whole.area * km2_a_square_degree == pytest.approx(275.8, rel=0.01)
    areas = [grid.area for grid in grids]
    assert max(areas) > 4 * min(areas), "villages are of uneven size"


def test_premises_of_every_datum_lie_in_the_grid_that_their_address_names(jimei: Path) -> None:
    features = json.loads((jimei / "grids.geojson").read_text("utf-8"))["features"]
    names = {feature["properties"]["grid_id"]: feature["properties"]["name"] for feature in features}
    placed = read_premises(jimei)
    assert {row["datum"] for row in rows(jimei, "premises.csv")} == {"", "WGS84", "GCJ02", "BD09"}
    assert len(placed) > 7000
    for premises in placed.values():
        assert premises.grid_id is not None
        assert premises.address.startswith(names[premises.grid_id])


def test_town_grids_hold_many_times_the_premises_of_country_grids(world: World) -> None:
    numbers = Counter(premises.grid_id for premises in world.premises.values())
    densities = sorted(
        numbers[grid_id] / shape.area for grid_id, shape in zip(world.grids, shapes(world), strict=True)
    )
    assert densities[-7] > 6 * densities[6]


def test_every_grid_has_one_to_five_workers_and_every_worker_one_bodycam_and_printer(
    jimei: Path, world: World
) -> None:
    crew = Counter(grid_id for worker in world.workers for grid_id in worker.grid_ids)
    assert set(crew) == set(world.grids)
    assert max(crew.values()) <= 5
    carried = Counter(
        (row["kind"], row["worker_id"])
        for row in rows(jimei, "devices.csv")
        if row["worker_id"] and row["kind"] != "scanner"
    )
    assert carried == {(kind, w.worker_id): 1 for kind in ("bodycam", "printer") for w in world.workers}


def test_every_section_has_one_officer_over_its_grids(jimei: Path, world: World) -> None:
    officers = [row for row in rows(jimei, "workers.csv") if row["role"] == "officer"]
    grids = [grid_id for row in officers for grid_id in row["grid_ids"].split(";")]
    assert sorted(grids) == sorted(world.grids)


def test_ids_and_names_are_unique_and_names_are_in_both_languages(jimei: Path) -> None:
    columns = {
        "workers.csv": "worker_id",
        "premises.csv": "premises_id",
        "devices.csv": "device_id",
        "tasks.csv": "task_id",
        "org.csv": "name",
    }
    for name, column in columns.items():
        values = [row[column] for row in rows(jimei, name)]
        assert len(set(values)) == len(values), name
    for row in rows(jimei, "org.csv") + rows(jimei, "workers.csv"):
        assert not row["name"].isascii()
        assert row["name_en"].isascii()
        assert row["name_en"]


def test_the_same_plan_and_day_give_the_same_bytes(jimei: Path, tmp_path: Path) -> None:
    grow(JIMEI, tmp_path, TODAY)
    for name in FILES:
        assert (tmp_path / name).read_bytes() == (jimei / name).read_bytes(), name


def test_another_seed_gives_another_district(jimei: Path, tmp_path: Path) -> None:
    grow(replace(JIMEI, seed=2), tmp_path, TODAY)
    assert (tmp_path / "grids.geojson").read_bytes() != (jimei / "grids.geojson").read_bytes()


def test_a_larger_district_is_another_plan_and_no_other_code(tmp_path: Path) -> None:
    plan = replace(JIMEI, district="441900", stations=5, squadrons=11, sections=40, grids=300, workers=700,
                   premises=20_000, cameras=200, towns=5, area_km2=500)  # fmt: skip
    said: list[str] = []
    grow(plan, tmp_path, TODAY, said.append)
    world = read_world(tmp_path)
    assert (len(world.grids), len(world.workers)) == (300, 700)
    assert len(said) == STEPS
    grids = shapes(world)
    assert sum(grid.area for grid in grids) == pytest.approx(shapely.union_all(grids).area, rel=1e-9)


@pytest.fixture(scope="module")
def dongguan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("dongguan")
    grow(DONGGUAN, directory, TODAY)
    return directory


def test_the_files_of_dongguan_hold_the_numbers_of_its_plan(dongguan: Path) -> None:
    assert Counter(row["level"] for row in rows(dongguan, "org.csv")) == {
        "市局": 1, "镇街监管所": 33, "中队": 99, "社区": 593, "网格": 2801,
    }  # fmt: skip
    assert Counter(row["role"] for row in rows(dongguan, "workers.csv")) == {"worker": 9884, "officer": 593}
    assert len(rows(dongguan, "premises.csv")) == 135_000
    kinds = Counter(row["kind"] for row in rows(dongguan, "devices.csv"))
    assert kinds == {"camera": 5093, "bodycam": 9884, "printer": 9884,
                     "terminal": 593, "scanner": 1000, "vehicle": 99}  # fmt: skip
    assert [row["district"] for row in rows(dongguan, "district.csv")] == ["441900"]


def test_every_unit_of_dongguan_has_a_name_of_its_own_and_a_grid_that_of_its_community(
    dongguan: Path,
) -> None:
    units = rows(dongguan, "org.csv")
    by_path = {row["path"]: row for row in units}
    assert len({row["name"] for row in units}) == 3527
    for row in units:
        if row["level"] == "网格":
            above = by_path[row["path"].rpartition("/")[0]]
            assert row["name"].startswith(above["name"])
            assert row["name_en"].startswith(above["name_en"])


def test_the_grids_of_dongguan_tile_it_and_each_worker_has_tasks_in_one(dongguan: Path) -> None:
    world = read_world(dongguan)
    grids = shapes(world)
    assert all(grid.is_valid for grid in grids)
    assert sum(grid.area for grid in grids) == pytest.approx(shapely.union_all(grids).area, rel=1e-9)
    named = Counter(task.worker_id for task in world.tasks if task.worker_id)
    assert len(named) > 0.999 * 9884
    assert len({task.premises_id for task in world.tasks}) == len(world.tasks) < 135_000


@pytest.fixture
def tasks(jimei: Path) -> Iterator[list[dict[str, str]]]:
    yield rows(jimei, "tasks.csv")


def test_each_worker_has_twenty_odd_tasks_of_premises_in_business_in_the_own_grids(
    jimei: Path, world: World, tasks: list[dict[str, str]]
) -> None:
    assert 20 * 77 <= len(tasks) <= 25 * 77
    assert len({row["premises_id"] for row in tasks}) == len(tasks)
    grids_of = {worker.worker_id: worker.grid_ids for worker in world.workers}
    named = [row for row in tasks if row["worker_id"]]
    assert 0 < len(tasks) - len(named) < len(tasks) / 5, "some tasks leave it to the grid"
    for row in named:
        assert world.premises[row["premises_id"]].grid_id in grids_of[row["worker_id"]]
        assert row["items"]


def test_most_tasks_are_due_today_and_the_others_soon(tasks: list[dict[str, str]]) -> None:
    due = Counter((date.fromisoformat(row["due"]) - TODAY).days for row in tasks)
    assert due[0] > 0.7 * len(tasks)
    assert set(due) == set(range(6))


def test_tomorrows_tasks_have_ids_of_their_own_and_todays_can_be_written_again(
    jimei: Path, tmp_path: Path
) -> None:
    for name in FILES:
        (tmp_path / name).write_bytes((jimei / name).read_bytes())
    count = write_tasks(tmp_path, date(2026, 11, 23))
    tomorrow = rows(tmp_path, "tasks.csv")
    assert len(tomorrow) == count
    assert tomorrow[0]["task_id"] == "T20261123-000001"
    write_tasks(tmp_path, TODAY)
    assert (tmp_path / "tasks.csv").read_bytes() == (jimei / "tasks.csv").read_bytes()


def test_what_is_known_from_records_only_is_surveyed_in_turn_and_by_a_few_a_day(jimei: Path) -> None:
    recorded = {row["premises_id"] for row in rows(jimei, "premises.csv") if row["status"] == "recorded"}
    assert 0.01 < len(recorded) / 7400 < 0.03
    seen: list[set[str]] = []
    for day in range(4):
        write_tasks(jimei, date(2026, 11, 23 + day))
        survey = [row for row in rows(jimei, "tasks.csv") if row["source"] == "survey"]
        seen.append({row["premises_id"] for row in survey})
        assert seen[-1] == {row["premises_id"] for row in rows(jimei, "tasks.csv")} & recorded
    assert set.union(*seen) == recorded
    assert sum(map(len, seen)) == len(recorded)
    write_tasks(jimei, TODAY)


def test_a_surveyed_shop_is_found_the_same_by_whoever_goes_there(world: World) -> None:
    found = Counter(surveyed(one).status for one in world.premises.values())
    assert 0.83 < found["in_business"] / found.total() < 0.89
    assert found.keys() == {"in_business", "moved", "closed", "not_found"}
    one = next(iter(world.premises.values()))
    assert surveyed(one) == surveyed(one)


def test_hardly_any_ordinary_visit_finds_something_else_than_is_on_record() -> None:
    noticed_n = sum(noticed(draw("visit", n)) is not None for n in range(10_000))
    assert 200 < noticed_n < 550


def test_terminals_vehicles_and_scanners_belong_to_the_unit_that_they_are_named_after(
    jimei: Path, world: World
) -> None:
    path_of = {row["name"]: row["path"] for row in rows(jimei, "org.csv")}
    grids = json.loads((jimei / "grids.geojson").read_text("utf-8"))["features"]
    unit_of = {feature["properties"]["grid_id"]: feature["properties"]["path"] for feature in grids}
    index = GridIndex(world.grids)
    fixed = [one for one in world.fittings if one.kind in ("terminal", "vehicle")]
    for one in fixed:
        assert one.place
        (grid_id,) = index.find(*(np.array([degrees]) for degrees in one.place))
        unit = path_of[one.name.removesuffix("服务终端").removesuffix("巡查车")]
        assert grid_id is not None
        assert unit_of[grid_id].startswith(f"{unit}/")
    carriers = [one.worker_id for one in world.fittings if one.kind == "scanner"]
    assert len(set(carriers)) == len(carriers) == 8
