"""Visits are weighed on a real database: when, by what lies around them, and again for what comes late."""

import hashlib
import io
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from PIL import Image
from PIL.ExifTags import IFD, Base
from PIL.TiffImagePlugin import IFDRational

from db.connect import fetch
from ingest.contract.delivery import Delivery
from ingest.contract.orders import ResolveIncident, SetThreshold
from ingest.decoders import decode_all
from ingest.evidence import AROUND, WAIT, weigh_visits
from ingest.preview import preview
from ingest.registry import import_world
from tests import tiny
from tests.room import NOW, Room, minutes

NO_TASKS = tiny.FILES["tasks.csv"].splitlines()[0] + "\n"
WAIT_M = WAIT / timedelta(minutes=1)
HOME = 118.009


@pytest.fixture(scope="module")
def world(database_url, tmp_path_factory):
    import_world(database_url, tiny.write(tmp_path_factory.mktemp("world"), tasks_csv=NO_TASKS))
    return database_url


@pytest.fixture
def room(world, ingest_conn, tmp_path):
    return Room(ingest_conn, tmp_path)


def walk(room, since, until, lon=118.005, worker="W1", came=None, **said):
    """A position every quarter of a minute, trembling; all of them `came` late, if it says when."""
    for number in range(int(since * 4), int(until * 4)):
        fix = {"lon": lon + number % 5 * 1e-5, "lat": 24.605, "accuracy_m": 8, "provider": "gps", **said}
        hist = {} if came is None else {"hist": True, "came": came}
        room.hear(f"worker/{worker}/gps", number / 4, fix, **hist)


def visit(room, ended, took=4.0, premises="P1", lon=118.005, **said):
    began = round((NOW + minutes(ended - took)).timestamp() * 1000)
    items = [{"item": f"i{n}", "answer": "normal"} for n in range(4)]
    return room.visit(ended, "normal", premises, started=began, lon=lon, items=items, accuracy_m=8, **said)


def weigh(room, minute):
    return weigh_visits(room.conn, room.pipeline.rosters[tiny.DISTRICT], NOW + minutes(minute))


def truth(room, name):
    return room.rows(f"SELECT truth FROM visit_evidence WHERE id = '{name}'")[0][0]


def found(room, name, test):
    """What the test found, and the facts that it used."""
    return room.rows(
        "SELECT v.value ->> 'code' AS code, v.value -> 'facts' AS facts "
        "FROM visit_evidence e, jsonb_array_elements(e.verdicts) v "
        f"WHERE e.id = '{name}' AND v.value ->> 'test' = '{test}'"
    )[0]


def test_a_visit_is_weighed_once_some_minutes_after_it(room):
    walk(room, -10, 10)
    name = visit(room, 4)
    assert (weigh(room, 4 + WAIT_M - 0.1), truth(room, name)) == (0, None)
    assert weigh(room, 4 + WAIT_M) == 1
    assert truth(room, name) > 95
    assert found(room, name, "presence") == ("seen_there", {"there": 17, "elsewhere": 0})
    assert weigh(room, 4 + WAIT_M) == 0


def test_a_visit_made_up_at_home_rings_and_is_looked_into(room):
    walk(room, -10, 10, lon=HOME)
    name = visit(room, 4)
    room.tick(4 + WAIT_M)
    assert truth(room, name) < 35
    room.tick(5 + WAIT_M)
    assert room.open("visit_doubtful") == [f"visit:W1:{name}"]
    ((incident,),) = room.rows("SELECT incident_id FROM alert WHERE rule = 'visit_doubtful'")
    assert room.order(ResolveIncident(incident, "false_alarm", "手机落在家里"), 20) == ("done", None)
    assert room.rows(f"SELECT state FROM incident WHERE incident_id = '{incident}'") == [("false_alarm",)]


def test_positions_that_come_late_from_a_time_offline_weigh_it_again_and_clear_what_rang(room):
    walk(room, -10, -4.5, lon=HOME)
    walk(room, 8.5, 10, lon=HOME)
    name = visit(room, 4)
    room.tick(4 + WAIT_M)
    room.tick(5 + WAIT_M)
    before = truth(room, name)
    walk(room, -4, 8, came=30)
    assert weigh(room, 30.5) == 0
    room.tick(31.5)
    assert truth(room, name) > before
    assert found(room, name, "presence")[0] == "seen_there"


def test_what_was_doubted_and_is_borne_out_later_is_over(room):
    room.order(SetThreshold("visit_doubtful.percent", 99))
    room.refresh()
    name = visit(room, 4)
    for minute in (4 + WAIT_M, 5 + WAIT_M):
        room.tick(minute)
    assert (truth(room, name), room.open("visit_doubtful")) == (98, [f"visit:W1:{name}"])
    walk(room, -4, 8, came=30)
    for minute in (31.5, 32):
        room.tick(minute)
    assert (truth(room, name), room.open("visit_doubtful")) == (100, [])


def test_how_many_would_have_rung_below_another_truth_is_played(room):
    visit(room, 4)
    visit(room, 104, premises="P2", lon=118.009)  # some 600 m from where nobody has confirmed it
    room.tick(104 + WAIT_M)
    roster = room.pipeline.rosters[tiny.DISTRICT]
    told = [
        preview(room.conn, roster, "visit_doubtful.percent", value, 3, NOW + minutes(200))
        for value in (10, 99)
    ]
    assert [(one.alerts_now, one.alerts) for one in told] == [(0, 0), (0, 1)]


def photo(room, minute, content=b"shop"):
    sha256 = hashlib.sha256(content).hexdigest()
    taken = round((NOW + minutes(minute)).timestamp() * 1000)
    return [{"sha256": sha256, "taken": taken, "lon": 118.005, "lat": 24.605}]


def test_a_photo_of_another_visit_proves_nothing_and_the_same_again_at_once_is_no_fraud(room):
    first = visit(room, 4, photos=photo(room, 2))
    again = visit(room, 9, photos=photo(room, 2))
    other = visit(room, 15, premises="P2", lon=118.015, photos=photo(room, 13))
    weigh(room, 40)
    assert found(room, first, "pictures")[0] == "fresh"
    assert found(room, again, "pictures")[0] != "used_before"
    assert found(room, other, "pictures") == ("used_before", {"photos": 1, "visit": first})
    assert truth(room, other) < 35


def jpeg(minute, lon=118.005, lat=24.605):
    """A photo that says itself when, on the district's clocks, and where it was taken."""
    at = (NOW + minutes(minute)).astimezone(ZoneInfo("Asia/Shanghai"))
    out, exif = io.BytesIO(), Image.Exif()
    exif.get_ifd(IFD.Exif)[Base.DateTimeOriginal] = f"{at:%Y:%m:%d %H:%M:%S}"
    parts = [((int(value), 1), (int(value % 1 * 60), 1), (value * 3600 % 60, 1)) for value in (lon, lat)]
    degrees = [tuple(IFDRational(*part) for part in three) for three in parts]
    exif.get_ifd(IFD.GPSInfo).update({1: "N", 2: degrees[1], 3: "E", 4: degrees[0]})
    Image.new("RGB", (8, 8)).save(out, "JPEG", exif=exif)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (jpeg(2), "fresh"),
        (jpeg(-300), "other_time"),
        (jpeg(2, lon=118.02), "other_place"),
        (b"\xff\xd8", "fresh"),
    ],
)
def test_what_a_photo_says_itself_counts_also_when_its_bytes_come_later(room, content, code):
    name = visit(room, 4, photos=photo(room, 2, content))
    weigh(room, 40)
    assert found(room, name, "pictures")[0] == "fresh"
    at = NOW + minutes(50)
    topic = f"gw/v1/{tiny.DISTRICT}/worker/W1/photo"
    room.pipeline.take(decode_all([Delivery(topic, content, 1, False, False, 1, 1, at, True)]))
    weigh(room, 51)
    assert found(room, name, "pictures")[0] == code


def test_visits_from_one_spot_overlapping_or_too_far_apart_speak_against_each_other(room):
    ends = [visit(room, 4, premises=premises) for premises in ("P1", "P2", "P3")]
    weigh(room, 40)
    assert [found(room, name, "spot")[0] for name in ends] == ["all_from_here"] * 3
    one, other = visit(room, 104), visit(room, 104.5, premises="P2", lon=118.015)
    weigh(room, 140)
    assert found(room, one, "way")[0] == found(room, other, "way")[0] == "two_places_at_once"


def test_the_bodycam_the_receipt_and_the_premises_that_were_found_are_known(room):
    name = visit(room, 4, receipt_no="R-1")
    room.hear("bodycam/B1/gps", 3, {"lon": 118.005, "lat": 24.605})
    room.hear("printer/R1/receipt", 4.1, {"number": "R-1", "text": "x"})
    weigh(room, 40)
    assert found(room, name, "bodycam")[0] == "there"
    assert found(room, name, "receipt") == ("printed", {"seconds": 6})


@pytest.mark.parametrize(
    ("asks", "worker", "lon", "expected"),
    [
        ("officer", "F1", 118.005, "there"),
        ("officer", "F1", 118.02, "elsewhere"),
        ("officer", "W2", 118.005, "not_heard"),
        ("anybody", "W2", 118.005, "there"),
        ("anybody", "W3", 118.005, "not_heard"),  # of another station
        (None, "W2", 118.02, "not_asked"),
    ],
)
def test_the_second_person_that_a_category_asks_for_is_looked_for_in_the_station(
    room, asks, worker, lon, expected
):
    walk(room, -10, 10)
    walk(room, 0, 4, lon=lon, worker=worker)
    name = visit(room, 4)
    room.conn.execute("UPDATE task_category SET second = %s WHERE category = 'lift_validity'", (asks,))
    room.conn.execute("UPDATE visit_evidence SET category = 'lift_validity'")
    weigh(room, 40)
    code, facts = found(room, name, "second")
    assert code == expected
    assert facts.get("worker_id") == (worker if expected in ("there", "elsewhere") else None)


def test_two_phones_that_never_part_are_one_pocket_s_unless_the_own_bodycam_is_there(room):
    for worker in ("W1", "W2"):
        walk(room, -60, 12, worker=worker)
    body = {"premises_id": "P2", "started": round((NOW + minutes(1)).timestamp() * 1000), "result": "normal"}
    body |= {
        "ended": round((NOW + minutes(5)).timestamp() * 1000),
        "items": [],
        "lon": 118.005,
        "lat": 24.605,
    }
    other = room.hear("worker/W2/inspection", 5, body)
    name = visit(room, 4)
    room.hear("bodycam/B1/gps", 3, {"lon": 118.005, "lat": 24.605})
    weigh(room, 40)
    assert found(room, name, "company")[0] == "carries_two"
    assert found(room, other, "company")[0] == "one_pocket"
    assert found(room, other, "company")[1]["worker_id"] == "W1"


def test_a_wrong_clock_is_no_doubt(room):
    ahead = round((NOW + minutes(14)).timestamp() * 1000)
    for number in range(40):
        room.hear("worker/W1/gps", 10 + number / 4, {"lon": 118.005, "lat": 24.605}, came=number / 4)
    began = round((NOW + minutes(11)).timestamp() * 1000)
    body = {"premises_id": "P1", "started": began, "ended": ahead, "result": "normal", "items": []}
    name = room.hear("worker/W1/inspection", 14, body | {"lon": 118.005, "lat": 24.605}, came=4)
    weigh(room, 40)
    assert found(room, name, "clock")[0] == "wrong"
    assert found(room, name, "presence")[0] == "seen_there"
    assert truth(room, name) > 95


def test_of_a_crowd_some_are_looked_at(room):
    name = visit(room, 4)
    room.conn.execute(
        "INSERT INTO visit_evidence SELECT (jsonb_populate_record(e, jsonb_build_object("
        "'worker_id', 'crowd' || n, 'id', 'crowd' || n, 'due_at', NULL))).* "
        f"FROM visit_evidence e, generate_series(1, 30) n WHERE e.id = '{name}'"
    )
    asked = {"district": tiny.DISTRICT, "now": NOW + minutes(40), "limit": 30, "around": AROUND}
    (row,) = (row for row in fetch(room.conn, "write/visits_due", asked) if row["id"] == name)
    assert len(row["companions"]) == 20
