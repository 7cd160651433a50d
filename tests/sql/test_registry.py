"""Import files: all or nothing, again and again, every bad row named."""

import json
from datetime import UTC, datetime

import psycopg
import pytest

from db.connect import INGEST, connect
from ingest.contract.errors import ConfigError
from ingest.contract.messages import Datum
from ingest.courier import carry_out
from ingest.domain.geo import from_wgs84
from ingest.registry import STEPS, import_world
from ingest.snapshots import load_roster
from tests import tiny


@pytest.fixture
def rows(database_url):
    with psycopg.connect(database_url, autocommit=True) as conn:
        yield lambda sql: conn.execute(sql).fetchall()


def test_an_import_says_each_of_its_steps_as_it_begins(database_url, tmp_path):
    said: list[str] = []
    import_world(database_url, tiny.write(tmp_path), said.append)
    assert len(said) == STEPS
    assert said[0] == "reading org.csv"
    assert "storing 4 rows of premises" in said


def test_a_world_is_stored_placed_into_its_grids_and_reported(database_url, rows, tmp_path):
    report = import_world(database_url, tiny.write(tmp_path))
    assert (report.district, report.rows["premises"], report.unplaced) == (tiny.DISTRICT, 4, 1)
    assert "1 premises lie outside every grid" in report.lines()
    assert rows("SELECT premises_id, grid_id, path FROM premises ORDER BY 1") == [
        ("P1", "G1", tiny.PATH_1),
        ("P2", "G2", tiny.PATH_2),
        ("P3", "G3", tiny.PATH_3),
        ("P4", None, "350299"),
    ]
    assert rows("SELECT device_id, grid_id, path FROM device ORDER BY 1") == [
        ("B1", None, tiny.PATH_1),
        ("B2", None, tiny.PATH_2),
        ("C1", "G1", tiny.PATH_1),
        ("R1", None, tiny.PATH_1),
    ]
    assert rows("SELECT worker_id, path FROM worker WHERE role = 'officer'") == [("F1", "350299")]
    assert rows("SELECT tags FROM premises WHERE premises_id = 'P1'") == [(["校园周边", "餐饮"],)]


def test_importing_again_updates_closes_and_deletes_nothing(database_url, rows, tmp_path):
    import_world(database_url, tiny.write(tmp_path))
    workers = tiny.FILES["workers.csv"].replace("甲一,", "甲一改,").replace("W2,乙二,Yi Er,worker,G2\n", "")
    workers = workers.replace(",worker,G3", ",worker,G2;G3")
    devices = tiny.FILES["devices.csv"].replace("B2,bodycam,乙二记录仪,W2,,,GCJ02,\n", "")
    changed = {"workers_csv": workers, "devices_csv": devices}
    report = import_world(database_url, tiny.write(tmp_path, **changed))
    assert (report.closed["worker"], report.closed["device"], report.closed["assignment"]) == (1, 1, 1)
    assert rows("SELECT worker_id, name, closed_at IS NULL FROM worker ORDER BY 1") == [
        ("F1", "段长", True),
        ("W1", "甲一改", True),
        ("W2", "乙二", False),
        ("W3", "丙三", True),
    ]
    assert rows("SELECT worker_id, grid_id FROM assignment WHERE valid_to IS NULL ORDER BY 1, 2") == [
        ("W1", "G1"),
        ("W3", "G2"),
        ("W3", "G3"),
    ]
    import_world(database_url, tiny.write(tmp_path))
    assert rows("SELECT count(*) FROM worker WHERE closed_at IS NULL") == [(4,)]
    assert rows("SELECT count(*) FROM assignment") == [(5,)]  # W2 and W3 closed and opened: history is kept


def test_what_has_not_changed_is_not_written_again(database_url, rows, tmp_path):
    tables = ("org_unit", "grid", "worker", "assignment", "premises", "device", "command")
    versions = "\nUNION ALL\n".join(f"SELECT '{name}', ctid::text, xmin::text FROM {name}" for name in tables)
    import_world(database_url, tiny.write(tmp_path))
    before = set(rows(versions))
    import_world(database_url, tiny.write(tmp_path))
    assert set(rows(versions)) == before
    premises = tiny.FILES["premises.csv"].replace("乙便利店", "乙小店")
    import_world(database_url, tiny.write(tmp_path, premises_csv=premises))
    assert [name for name, *_ in set(rows(versions)) - before] == ["premises"]
    assert rows("SELECT name FROM premises WHERE premises_id = 'P2'") == [("乙小店",)]


def test_after_an_import_the_planner_knows_how_much_there_is(database_url, rows, tmp_path):
    import_world(database_url, tiny.write(tmp_path))
    known = rows("SELECT relname FROM pg_class WHERE reltuples > 0 AND relkind = 'r'")
    assert {("org_unit",), ("grid",), ("worker",), ("assignment",), ("premises",), ("device",)} <= set(known)


def test_tasks_enter_as_orders_and_each_is_launched_once(database_url, rows, tmp_path):
    import_world(database_url, tiny.write(tmp_path))
    import_world(database_url, tiny.write(tmp_path))
    with connect(database_url, INGEST) as conn:
        roster = load_roster(conn, tiny.DISTRICT)
        carry_out(conn, roster, datetime.now(UTC))
        assert carry_out(conn, roster, datetime.now(UTC)) == 0
    assert rows("SELECT task_id, worker_id, state FROM task ORDER BY 1") == [
        ("T1", "W1", "assigned"),
        ("T2", "W2", "assigned"),
        ("T3", "W3", "assigned"),
    ]
    assert rows("SELECT DISTINCT state, actor FROM command") == [("done", "import")]
    assert rows("SELECT DISTINCT source FROM task") == [("import",)]
    assert rows("SELECT count(*) FROM task_event") == [(6,)]  # each launched, and given to its worker


def test_an_order_that_cannot_be_carried_out_is_refused_with_its_reason(database_url, rows, tmp_path):
    import_world(database_url, tiny.write(tmp_path))
    orders = [
        (
            "a",
            {
                "kind": "launch_task",
                "task_id": "X1",
                "premises_id": "P404",
                "category": "c",
                "due": "2030-01-01",
            },
        ),
        ("b", {"kind": "no_such_order"}),
    ]
    with connect(database_url, INGEST) as conn:
        for command_id, payload in orders:
            conn.execute(
                "INSERT INTO command (district, command_id, kind, payload, actor) "
                "VALUES (%s, %s, 'x', %s, 'me')",
                (tiny.DISTRICT, command_id, json.dumps(payload)),
            )
        carry_out(conn, load_roster(conn, tiny.DISTRICT), datetime.now(UTC))
    refused = dict(rows("SELECT command_id, reason FROM command WHERE state = 'refused'"))
    assert refused["a"] == "unknown premises P404"
    assert refused["b"].startswith("not an order")


def test_a_byte_order_mark_a_datum_and_any_column_order_are_welcome(database_url, rows, tmp_path):
    lon, lat = (float(v) for v in from_wgs84(118.005, 24.605, Datum.GCJ02))
    premises = f"lat,lon,datum,category,name,premises_id,more\n{lat},{lon},GCJ02,药品,丁店,P1,x\n"
    tiny.write(tmp_path, premises_csv=premises, tasks_csv="task_id,premises_id,category,due\n")
    for file in tmp_path.iterdir():
        file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    import_world(database_url, tmp_path)
    ((grid_id, raw_lon, stored),) = rows(
        "SELECT grid_id, raw_lon, lon FROM premises WHERE premises_id = 'P1'"
    )
    assert (grid_id, raw_lon, round(stored, 6)) == ("G1", lon, 118.005)


def bad(name, old, new):
    return {name.replace(".", "_"): tiny.FILES[name].replace(old, new)}


STATION_ONE = "350299/01,一所,Station One,监管所\n"


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (bad("workers.csv", "W2,", "W 2,"), "workers.csv:3: worker_id: 'W 2' is no id"),
        (bad("workers.csv", "W2,", "W1,"), "workers.csv:3: worker_id: 'W1' occurs twice"),
        (
            bad("workers.csv", "worker,G3", "worker,G9"),
            "workers.csv:4: grid_ids: 'G9' is not in grids.geojson",
        ),
        (
            bad("workers.csv", ",officer,", ",chief,"),
            "workers.csv:5: role: 'chief' is none of worker",
        ),
        (bad("workers.csv", "grid_ids", "grids"), "workers.csv:1: grid_ids: column is missing"),
        (bad("premises.csv", "118.005", "here"), "premises.csv:2: lon: 'here' is not a number"),
        (bad("premises.csv", "118.005", "nan"), "premises.csv:2: lon: nan is not between -180 and 180"),
        (bad("premises.csv", "118.005", ""), "premises.csv:2: lon: is empty"),
        (bad("premises.csv", "118.005,24.605", "0,0"), "premises.csv:2: lon: 0, 0 is no place"),
        (bad("premises.csv", "WGS84", "MARS"), "premises.csv:2: datum: 'MARS' is none of"),
        (bad("premises.csv", ",A,", ",E,"), "premises.csv:2: risk_grade: 'E' is none of A, B, C, D"),
        (bad("premises.csv", "乙便利店", ""), "premises.csv:3: name: is empty"),
        (bad("devices.csv", "camera", "toaster"), "devices.csv:2: kind: 'toaster' is none of"),
        (
            bad("devices.csv", "W1,,,,\nR1", "W9,,,,\nR1"),
            "devices.csv:3: worker_id: 'W9' is not in",
        ),
        (bad("devices.csv", "118.004,24.604", "118.004,"), "devices.csv:2: lat: lon and lat come together"),
        (bad("devices.csv", ",90\n", ",900\n"), "devices.csv:2: heading_deg: 900 is not between 0 and 360"),
        (bad("tasks.csv", "T2,P2", "T2,P9"), "tasks.csv:3: premises_id: 'P9' is not in premises.csv"),
        (
            bad("tasks.csv", tiny.TODAY, "soon"),
            "tasks.csv:2: due: 'soon' is no day",
        ),
        (bad("org.csv", "350299/01,", "350288/01,"), "org.csv:3: path: 350288/01 is of another district"),
        (
            bad("org.csv", STATION_ONE, ""),
            "org.csv:3: path: 350299/01/01 stands before",
        ),
        (bad("org.csv", "试验区局", ""), "org.csv:2: name: is empty"),
        ({"org_csv": "path,name,level\n"}, "org.csv:1: -: holds no unit"),
        ({"org_csv": None}, "org.csv:0: -: file is missing"),
        ({"tasks_csv": None}, "tasks.csv:0: -: file is missing"),
        ({"grids_geojson": "{"}, "grids.geojson:1: -: is not JSON"),
        ({"grids_geojson": "[]"}, "grids.geojson:0: -: is no GeoJSON FeatureCollection"),
        (
            {"district_csv": "district,name,tz\n350299,x,Mars/Base\n"},
            "district.csv:2: tz: 'Mars/Base' is no",
        ),
    ],
)
def test_a_bad_row_is_named_by_file_line_and_column_and_nothing_is_stored(
    database_url, rows, tmp_path, change, complaint
):
    stored = "SELECT (SELECT count(*) FROM premises), (SELECT count(*) FROM worker WHERE name = '新人')"
    before = rows(stored)
    change = {"workers_csv": tiny.FILES["workers.csv"].replace("甲一", "新人"), **change}
    with pytest.raises(ConfigError) as refused:
        import_world(database_url, tiny.write(tmp_path, **change))
    assert complaint in str(refused.value)
    assert rows(stored) == before


def test_a_file_that_is_not_utf8_is_named(database_url, tmp_path):
    tiny.write(tmp_path)
    (tmp_path / "workers.csv").write_bytes(tiny.FILES["workers.csv"].encode("gb18030"))
    with pytest.raises(ConfigError, match=r"workers.csv:0: -: is not UTF-8 \(byte"):
        import_world(database_url, tmp_path)


def test_a_grid_that_crosses_itself_is_named_by_its_number(database_url, tmp_path):
    grids = json.loads(json.dumps(tiny.GRIDS))
    ring = grids["features"][1]["geometry"]["coordinates"][0]
    ring[1], ring[2] = ring[2], ring[1]
    with pytest.raises(ConfigError, match=r"grids.geojson:2: geometry: grid G2: Self-intersection"):
        import_world(database_url, tiny.write(tmp_path, grids_geojson=json.dumps(grids)))


def test_many_bad_rows_are_counted_after_the_first_thirty(database_url, tmp_path):
    premises = "premises_id,name,category,lon,lat\n" + "".join(f"P{n},x,y,no,24.6\n" for n in range(50))
    with pytest.raises(ConfigError, match=r"\.\.\. and \d+ more"):
        import_world(database_url, tiny.write(tmp_path, premises_csv=premises))


NAMES = "decoder,name,kind,device_id,datum,tz,key\n"


def test_foreign_devices_are_imported_and_closed_when_they_are_no_longer_in_the_file(
    database_url, rows, tmp_path
):
    both = NAMES + "owntracks,owntracks/a/p,worker,W1,,,k\nhikvision,gate/2,camera,C1,GCJ02,Asia/Urumqi,\n"
    world = tiny.write(tmp_path)
    (world / "foreign_routes.csv").write_text("filter,decoder\nsite/owntracks/+/+,owntracks\n")
    (world / "foreign_names.csv").write_text(both)
    import_world(database_url, world)
    names = (
        "SELECT decoder, name, device_id, datum, tz, key FROM foreign_name WHERE closed_at IS NULL ORDER BY 1"
    )
    assert rows(names) == [
        ("hikvision", "gate/2", "C1", "GCJ02", "Asia/Urumqi", None),
        ("owntracks", "owntracks/a/p", "W1", None, None, "k"),
    ]
    assert rows("SELECT filter FROM foreign_route WHERE district <> 0 AND closed_at IS NULL") == [
        ("site/owntracks/+/+",)
    ]
    one = NAMES + "owntracks,owntracks/a/p,worker,W1,,,\n"
    (world / "foreign_names.csv").write_text(one)
    report = import_world(database_url, world)
    assert report.closed["foreign_name"] == 1
    assert rows(names) == [("owntracks", "owntracks/a/p", "W1", None, None, "k")]


@pytest.mark.parametrize(
    ("file", "line", "complaint"),
    [
        (
            "foreign_names.csv",
            "owntracks,a,camera,C1,,,",
            "kind: 'camera' is none of worker, vehicle, bodycam",
        ),
        ("foreign_names.csv", "owntracks,a,worker,W9,,,", "device_id: 'W9' is not in workers.csv"),
        ("foreign_names.csv", "hikvision,a/1,camera,B1,,,", "device_id: 'B1' is no camera of devices.csv"),
        ("foreign_names.csv", "morse,a,camera,C1,,,", "decoder: 'morse' is none of "),
        ("foreign_names.csv", "owntracks,a,worker,W1,,Mars/Base,", "tz: 'Mars/Base' is no time zone"),
        ("foreign_routes.csv", "gw/v1/#,owntracks", "filter: 'gw/v1/#' is no topic filter"),
        ("foreign_routes.csv", "site/#,morse", "decoder: 'morse' is none of "),
    ],
)
def test_a_bad_row_about_foreign_devices_is_named(database_url, tmp_path, file, line, complaint):
    head = NAMES if file == "foreign_names.csv" else "filter,decoder\n"
    world = tiny.write(tmp_path)
    (world / file).write_text(head + line + "\n")
    with pytest.raises(ConfigError, match=f"{file}:2: ") as refused:
        import_world(database_url, world)
    assert complaint in str(refused.value)
