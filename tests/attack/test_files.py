"""Files of a customer's, or of whoever got at them: refused in a line, and taken once the guard is gone."""

import csv
import json
import re
from pathlib import Path
from typing import Any

import psycopg
import pytest
import shapely
import shapely.geometry
import yaml  # type: ignore[import-untyped]

from db.connect import connect
from ingest import import_cells
from ingest.contract.errors import ConfigError
from ingest.import_cells import Cells
from ingest.import_files import WorldFiles
from ingest.module_files import read_modules
from ingest.registry import import_world
from ingest.yaml_file import read_yaml
from tests import tiny
from tests.attack.conftest import only_without
from tests.unit.test_module_files import GOOD


def taken(place: Path, **files: str) -> dict[str, list[Any]] | str:
    """What an import would store of these files, or why it stores nothing."""
    try:
        return WorldFiles(tiny.write(place, **files)).tables()
    except ConfigError as error:
        return str(error)


def workers(worker_id: str, name: str = "甲一") -> str:
    return f'worker_id,name,grid_ids\n"{worker_id}","{name}",G1\n'


@pytest.mark.parametrize(
    "worker_id", ["../../etc/passwd", "W1/../W2", "+/#", "W1' --", "W1\nW2", "<b>", "．．"]
)
def test_what_topics_and_files_are_named_by_is_an_id(
    tmp_path: Path, worker_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {"workers_csv": workers(worker_id), "devices_csv": "device_id,kind\n"}
    files["tasks_csv"] = "task_id,premises_id,category,due\n"

    def gets_in() -> bool:
        found = taken(tmp_path, **files)
        return not isinstance(found, str) and found["worker"][0]["worker_id"] == worker_id

    assert "is no id" in str(taken(tmp_path, **files))
    only_without(monkeypatch, gets_in, (import_cells, "_ID", re.compile("")))


def test_a_cell_without_end_is_a_line_of_complaint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {"workers_csv": tiny.FILES["workers.csv"] + f"W9,{'x' * 10**6},,worker,G1\n"}
    assert "field larger than field limit" in str(taken(tmp_path, **files))
    before = csv.field_size_limit(10**7)
    try:
        assert not isinstance(taken(tmp_path, **files), str)
    finally:
        csv.field_size_limit(before)


def test_a_nul_is_named_before_the_database_meets_it(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tiny.write(tmp_path, org_csv=tiny.FILES["org.csv"].replace("一所", "一\0所"))

    def breaks() -> bool:
        try:
            import_world(database_url, place)
        except ConfigError as error:
            assert "org.csv:3: name: holds a NUL character" in str(error)
            return False
        except psycopg.DataError:  # no line of ours
            return True
        raise AssertionError("it was stored")

    only_without(
        monkeypatch, breaks, (Cells, "optional", lambda cells, column: cells.row.get(column) or None)
    )


def test_sql_and_scripts_in_names_are_names(tmp_path: Path, database_url: str) -> None:
    """They are sent beside the statement: tests/attack/test_sql.py shows what they would be in it."""
    names = ["'; DROP TABLE worker; --", "$1 %s %(id)s {}", "\\x00 \\", "<script>alert(1)</script>", "=1+1"]
    rows = [f'W{n},"{name}",G1' for n, name in enumerate(names, 1)]
    import_world(
        database_url, tiny.write(tmp_path, workers_csv="\n".join(["worker_id,name,grid_ids", *rows, ""]))
    )
    with connect(database_url) as conn:
        found = conn.execute("SELECT name FROM worker WHERE closed_at IS NULL ORDER BY worker_id").fetchall()
    assert [row["name"] for row in found] == names


@pytest.mark.parametrize(
    "geojson",
    [
        '{"features":' + "[" * 100_000,
        '{"features":' + '{"a":' * 5_000 + "1" + "}" * 5_001,
        json.dumps(tiny.GRIDS).replace("118.0,", "1" + "0" * 400 + ",", 1),
        json.dumps(tiny.GRIDS).replace("118.0,", "NaN,", 1),
        json.dumps(tiny.GRIDS).replace('"Polygon"', '["Polygon"]', 1),
    ],
    ids=["a list in a list", "a dict in a dict", "no float holds it", "not a number", "no type"],
)
def test_a_map_that_no_reader_stands_is_a_line_of_complaint(tmp_path: Path, geojson: str) -> None:
    said = taken(tmp_path, grids_geojson=geojson)
    assert isinstance(said, str)
    assert said.startswith("grids.geojson:")
    with pytest.raises((RecursionError, OverflowError, AttributeError, shapely.errors.ShapelyError)):
        _plainly(geojson)


def _plainly(geojson: str) -> None:
    """As one would read it who trusts it."""
    for feature in json.loads(geojson)["features"]:
        shapely.geometry.shape(feature["geometry"])


def test_a_module_file_runs_nothing(tmp_path: Path) -> None:
    ran, file = tmp_path / "ran", tmp_path / "m.yaml"
    file.write_text(GOOD)
    assert read_modules([file])[0].code == "noise"
    file.write_text(f"code: !!python/object/apply:os.mkdir ['{ran}']\n")
    with pytest.raises(ConfigError, match="1: code: tags"):
        read_modules([file])
    assert not ran.exists()
    yaml.unsafe_load(file.read_text())
    assert ran.exists()


def test_a_module_file_does_not_grow_in_memory(tmp_path: Path) -> None:
    """A few lines, each of ten times the one before."""
    lines = ["a0: &a0 x"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 7)]
    file = tmp_path / "m.yaml"
    file.write_text("\n".join(lines))
    with pytest.raises(ConfigError, match="anchors and aliases"):
        read_yaml(file)
    assert len(str(yaml.safe_load(file.read_text())["a6"])) > 1_000_000 > file.stat().st_size * 1_000
