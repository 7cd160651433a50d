"""Licences: how premises stand by them on any day, against a plain reading; imports; lamps; the base year."""

import random
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import psycopg
import pytest

from db.connect import INGEST, Reader, Row, Scope, connect, fetch
from ingest.contract.errors import ConfigError
from ingest.registry import import_world
from simulators.licences import BUSINESS, NEEDED
from tests import tiny
from up.kpi import Asked, measure

TZ = ZoneInfo("Asia/Shanghai")
DISTRICT = Scope(tiny.DISTRICT, str(tiny.DISTRICT))
HEADER = "premises_id,kind,number,valid_from,valid_to\n"
FOOD, LODGING, DRUGS = "食品经营许可证", ("特种行业许可证", "公共场所卫生许可证"), "药品经营许可证"
DAY = date(2020, 1, 1)
SPAN, NEVER = 400, datetime.max.replace(tzinfo=UTC)


@pytest.fixture(scope="module")
def reader(database_url: str) -> Iterator[Reader]:
    reader = Reader(database_url)
    yield reader
    reader.close()


@pytest.fixture
def bring(database_url: str, tmp_path: Path) -> Callable[..., None]:
    """Import the tiny district with these optional files, by name without ``.csv``, and none else of them."""

    def brought(premises: str | None = None, **files: str) -> None:
        tiny.write(tmp_path, **({"premises_csv": premises} if premises else {}))
        for name in ("licences", "licence_requirements", "kpi_choices"):
            text = files.get(name, "category,kind,valid_from\n" if name == "licence_requirements" else None)
            (tmp_path / f"{name}.csv").unlink(missing_ok=True)
            if text is not None:
                (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
        import_world(database_url, tmp_path)

    return brought


@pytest.fixture(autouse=True)
def nothing_known(database_url: str) -> Iterator[None]:
    """What one test brings in is gone before the next."""
    yield
    with psycopg.connect(database_url) as owner:
        owner.execute("TRUNCATE licence, licence_standing, kpi_choice")


def standing(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """By premises the days (of the district) from when on they needed licences, held them, until when."""
    sql = """SELECT premises_id, (needed_from AT TIME ZONE 'Asia/Shanghai')::date,
                    (held_from AT TIME ZONE 'Asia/Shanghai')::date,
                    (needed_until AT TIME ZONE 'Asia/Shanghai')::date
             FROM licence_standing ORDER BY 1, 2"""
    found: dict[str, list[tuple[Any, ...]]] = {}
    with psycopg.connect(url) as conn:
        for premises_id, *days in conn.execute(sql).fetchall():
            found.setdefault(premises_id, []).append(tuple(days))
    return found


def lamps(reader: Reader, days: str = "60") -> dict[str, str]:
    every = dict.fromkeys(("unit", "categories", "tags", "grades", "statuses", "grids", "licences", "text"))
    rows = reader.read(DISTRICT, "read/premises", **every, days=[days], limit=100)
    return {row["premises_id"]: row["lamp"] for row in rows}


class Shop(NamedTuple):
    """Premises of a category, with (kind, first day, last day) of their licences."""

    category: str
    licences: list[tuple[str, date, date | None]]


Rule = tuple[str, str, bool, date]


def drawn(seed: int) -> tuple[list[Rule], list[Shop]]:
    """Some rules and premises, at random."""
    chance = random.Random(seed)

    def day() -> date:
        return DAY + timedelta(days=chance.randrange(SPAN))

    rules = {(c, k): True for c in ("甲", "乙") for k in ("一", "二") if chance.random() < 0.8}
    dated = [(c, k, needed, DAY - timedelta(days=30)) for (c, k), needed in rules.items()]
    dated += [(c, k, chance.random() < 0.5, day()) for c, k in rules if chance.random() < 0.5]
    shops = []
    for _ in range(60):
        papers: set[tuple[str, date, date | None]] = set()
        for kind in ("一", "二"):
            for _ in range(chance.randrange(4)):
                first = day()
                last = first + timedelta(days=chance.randrange(200))
                papers.add((kind, first, None if chance.random() < 0.1 else last))
        if chance.random() < 0.7:
            papers.add((BUSINESS, day(), None))
        shops.append(Shop(chance.choice("甲乙"), sorted(papers, key=str)))
    return dated, shops


def needs(rules: list[Rule], shop: Shop, day: date) -> set[str]:
    """The kinds that the premises need on the day, as one would read the rules."""
    opened = min((first for kind, first, _ in shop.licences if kind == BUSINESS), default=date.min)
    if day < opened:
        return set()
    found = set()
    for kind in ("一", "二"):
        own = [rule for rule in rules if rule[:2] == (shop.category, kind)]
        dated = [(since, needed) for _, _, needed, since in own if since <= day]
        if dated and max(dated)[1]:
            found.add(kind)
    return found


def holds(shop: Shop, kind: str, day: date) -> bool:
    return any(
        k == kind and first <= day and (last is None or day <= last) for k, first, last in shop.licences
    )


@pytest.mark.parametrize("seed", range(5))
def test_at_any_instant_one_row_says_what_a_plain_reading_says(
    database_url: str, bring: Callable[..., None], seed: int
) -> None:
    rules, shops = drawn(seed)
    premises = "premises_id,name,category,lon,lat\n" + "".join(
        f"S{n},x,{shop.category},118.005,24.605\n" for n, shop in enumerate(shops)
    )
    bring(
        premises + "".join(f"P{n},x,丙,118.005,24.605\n" for n in (1, 2, 3)),
        licences=HEADER
        + "".join(
            f"S{n},{kind},N{m},{first},{last or ''}\n"
            for n, shop in enumerate(shops)
            for m, (kind, first, last) in enumerate(shop.licences)
        ),
        licence_requirements="category,kind,needed,valid_from\n"
        + "".join(f"{c},{k},{'yes' if needed else 'no'},{since}\n" for c, k, needed, since in rules),
    )
    with connect(database_url) as conn:
        rows = conn.execute("SELECT * FROM licence_standing").fetchall()
    seen = {"needs": 0, "holds": 0}
    for n, shop in enumerate(shops):
        own = [row for row in rows if row["premises_id"] == f"S{n}"]
        for ahead in range(-40, SPAN + 260):
            day = DAY + timedelta(days=ahead)
            at = datetime(day.year, day.month, day.day, ahead % 24, tzinfo=TZ)
            wanted = needs(rules, shop, day)
            on = [row for row in own if row["needed_from"] <= at < (row["needed_until"] or NEVER)]
            assert len(on) == bool(wanted), (shop, day)
            held = bool(wanted) and all(holds(shop, kind, day) for kind in wanted)
            assert bool(on and on[0]["held_from"] and on[0]["held_from"] <= at) == held, (shop, day)
            seen["needs"] += bool(wanted)
            seen["holds"] += held
    assert 0 < seen["holds"] < seen["needs"], "or the shops say nothing about it"


def test_a_lapse_begins_a_new_need_and_a_seamless_renewal_does_not(
    database_url: str, bring: Callable[..., None]
) -> None:
    bring(
        licences=HEADER
        + "P1,营业执照,L1,2010-05-01,\n"
        + f"P1,{FOOD},JY1,2011-01-01,2015-12-31\nP1,{FOOD},JY1,2016-01-01,2020-12-31\n"
        + f"P1,{FOOD},JY2,2021-06-01,2026-05-31\n"
    )
    assert standing(database_url)["P1"] == [
        (date(2010, 5, 1), date(2011, 1, 1), date(2021, 1, 1)),
        (date(2021, 1, 1), date(2021, 6, 1), date(2026, 6, 1)),
        (date(2026, 6, 1), None, None),
    ]


def test_who_needs_two_licences_holds_them_while_both_are_valid(
    database_url: str, bring: Callable[..., None]
) -> None:
    rows = f"P2,{LODGING[0]},TZ,2015-01-01,\nP2,{LODGING[1]},WS,2016-01-01,2019-12-31\n"
    bring(tiny.FILES["premises.csv"].replace("食品销售", "住宿服务"), licences=HEADER + rows)
    assert standing(database_url)["P2"] == [
        (date(2000, 1, 1), date(2016, 1, 1), date(2020, 1, 1)),
        (date(2020, 1, 1), None, None),
    ]


def test_what_leaves_the_file_is_valid_until_then_and_comes_back(
    database_url: str, bring: Callable[..., None]
) -> None:
    bring(licences=HEADER + f"P1,{FOOD},JY1,2020-01-01,\n")
    assert standing(database_url)["P1"] == [(date(2000, 1, 1), date(2020, 1, 1), None)]
    bring(licences=HEADER)
    today = datetime.now(TZ).date()
    assert standing(database_url)["P1"] == [(date(2000, 1, 1), date(2020, 1, 1), today), (today, None, None)]
    bring()
    assert standing(database_url)["P1"][-1] == (today, None, None), "without a file all stays as it is"
    bring(licences=HEADER + f"P1,{FOOD},JY1,2020-01-01,\n")
    assert standing(database_url)["P1"] == [(date(2000, 1, 1), date(2020, 1, 1), None)]
    with psycopg.connect(database_url) as conn:
        assert conn.execute("SELECT count(*) FROM licence WHERE number = 'JY1'").fetchone() == (1,)


def test_premises_need_nothing_before_the_day_on_which_they_were_registered(
    database_url: str, bring: Callable[..., None]
) -> None:
    lines = tiny.FILES["premises.csv"].splitlines()
    dated = [
        line + "," + day for line, day in zip(lines, ("registered_on", "2012-03-04", "", "", ""), strict=True)
    ]
    bring("\n".join(dated) + "\n", licences=HEADER + "P1,营业执照,L1,2015-05-01,\n")
    assert standing(database_url)["P1"] == [(date(2012, 3, 4), None, None)], (
        "the register's own day comes first"
    )
    assert standing(database_url)["P2"] == [(date(2000, 1, 1), None, None)]


def test_premises_that_close_need_nothing_from_then_on(
    database_url: str, bring: Callable[..., None], tmp_path_factory: pytest.TempPathFactory
) -> None:
    bring(licences=HEADER)
    lines = tiny.FILES["premises.csv"].splitlines(keepends=True)
    without = "".join(line for line in lines if not line.startswith("P2"))
    tasks = tiny.FILES["tasks.csv"].replace("T2,P2", "T2,P1")
    world = tiny.write(tmp_path_factory.mktemp("without"), premises_csv=without, tasks_csv=tasks)
    import_world(database_url, world)
    assert standing(database_url)["P2"] == [(date(2000, 1, 1), None, datetime.now(TZ).date())]
    bring(tiny.FILES["premises.csv"].replace("B,in_business", "B,closed"), licences=HEADER)
    assert "P2" not in standing(database_url), "nor do those whose register says that they are closed"


def test_a_districts_own_need_stands_in_the_place_of_everybodys(
    database_url: str, bring: Callable[..., None]
) -> None:
    own = "category,kind,needed,valid_from\n"
    bring(
        licences=HEADER,
        licence_requirements=own + f"餐饮服务,{FOOD},no,2000-01-01\n药品,{DRUGS},,2015-03-01\n",
    )
    assert standing(database_url) == {
        "P2": [(date(2000, 1, 1), None, None)],
        "P3": [(date(2015, 3, 1), None, None)],
        "P4": [(date(2015, 3, 1), None, None)],
    }
    bring(licences=HEADER)
    assert set(standing(database_url)) == {"P1", "P2"}, (
        "the file's rows are closed, and everybody's count again"
    )


def test_the_business_licence_that_a_register_numbers_counts_where_it_is_asked_for(
    database_url: str, bring: Callable[..., None], reader: Reader
) -> None:
    premises = tiny.FILES["premises.csv"].replace("P4,界外店,L4", "P4,界外店,")
    need = f"category,kind,valid_from\n药品,{BUSINESS},2000-01-01\n"
    bring(premises, licences=HEADER, licence_requirements=need)
    found = standing(database_url)
    assert found["P3"] == [(date(2000, 1, 1), date(2000, 1, 1), None)]
    assert found["P4"] == [(date(2000, 1, 1), None, None)]
    assert (lamps(reader)["P3"], lamps(reader)["P4"]) == ("valid", "missing")
    (paper,) = reader.read(DISTRICT, "read/premises_papers", id="P3")
    assert (paper["number"], paper["valid_from"], paper["lamp"]) == ("L3", None, "valid")


def test_some_premises_are_worked_out_alone_and_the_others_are_left(
    database_url: str, bring: Callable[..., None]
) -> None:
    bring(licences=HEADER + f"P1,{FOOD},JY1,2020-01-01,\nP2,{FOOD},JY2,2020-01-01,\n")
    with connect(database_url, INGEST) as conn:
        conn.execute("UPDATE premises SET status = 'closed' WHERE premises_id IN ('P1', 'P2')")
        fetch(conn, "write/settle_licences", {"district": tiny.DISTRICT, "ids": ["P1"]})
    assert set(standing(database_url)) == {"P2"}


def test_what_has_not_changed_is_not_written_again(database_url: str, bring: Callable[..., None]) -> None:
    def versions() -> set[Row]:
        sql = """SELECT 'l', ctid::text, xmin::text FROM licence
                 UNION ALL SELECT 's', ctid::text, xmin::text FROM licence_standing"""
        with psycopg.connect(database_url) as conn:
            return set(conn.execute(sql).fetchall())

    files = {"licences": HEADER + f"P1,{FOOD},JY1,2020-01-01,2030-12-31\n"}
    bring(**files)
    before = versions()
    bring(**files)
    assert versions() == before


def test_the_lamps_say_who_has_none_who_had_one_and_whose_ends_soon(
    bring: Callable[..., None], reader: Reader
) -> None:
    today = datetime.now(TZ).date()

    def ends(days: int) -> str:
        return HEADER + f"P1,{FOOD},JY1,2020-01-01,{today + timedelta(days=days)}\n"

    for days, expected in ((-1, "expired"), (0, "expiring"), (60, "expiring"), (61, "valid")):
        bring(licences=ends(days))
        assert lamps(reader)["P1"] == expected, days
        (paper,) = (p for p in reader.read(DISTRICT, "read/premises_papers", id="P1") if p["needed"])
        assert paper["lamp"] == expected, days
    assert lamps(reader, "90")["P1"] == "expiring"
    assert (lamps(reader)["P2"], lamps(reader)["P3"]) == ("missing", "none")
    bring(licences=ends(-1) + f"P1,{FOOD},JY2,{today + timedelta(days=1)},\n")
    assert lamps(reader)["P1"] == "expired", "the next one is not valid yet"


def test_the_change_since_the_base_year_is_counted_from_its_last_instant(
    database_url: str, bring: Callable[..., None]
) -> None:
    rows = f"P1,{FOOD},JY1,2020-01-01,\nP2,{FOOD},JY2,2019-12-31,2019-12-31\n"
    bring(licences=HEADER + rows, kpi_choices="indicator,base_year\nlicence_holding_rate,2019\n")

    def asked(**period: date) -> Any:
        return measure(database_url, (), "licence_holding_rate", Asked(**period))[0]

    base = asked().base
    assert (base.year, base.numerator, base.denominator, base.value, base.change) == (2019, 1, 2, 50.0, 0.0)
    assert asked(last=date(2020, 6, 1)).base.change == 0.0
    assert asked(last=date(2019, 6, 1)).base is None, "the year was not over"
    assert asked(first=date(2010, 1, 1)).base is None, "a period is no standing"
    bring(licences=HEADER + rows, kpi_choices="indicator,base_year\nlicence_holding_rate,2018\n")
    base = asked().base
    assert (base.numerator, base.denominator, base.change) == (0, 2, 50.0)
    bring(kpi_choices="indicator,base_year\n")
    assert asked().base is None
    with pytest.raises(ConfigError, match=r"kpi_choices.csv:2: formula: this or base_year is to be given"):
        bring(kpi_choices="indicator,formula,base_year\nlicence_holding_rate,,\n")


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ("P9,x,1,2020-01-01,", "premises_id: 'P9' is not in premises.csv"),
        ("P1,,1,2020-01-01,", "kind: is empty"),
        ("P1,x,,2020-01-01,", "number: is empty"),
        ("P1,x,1,soon,", "valid_from: 'soon' is no day"),
        ("P1,x,1,,", "valid_from: is empty"),
        ("P1,x,1,2020-01-02,2020-01-01", "valid_to: 2020-01-01 is before valid_from"),
        ("P1,x,1,2020-01-01,\nP1,x,1,2020-01-01,2020-02-02", "number: x 1 from 2020-01-01 occurs twice"),
    ],
)
def test_a_bad_licence_is_named(bring: Callable[..., None], row: str, complaint: str) -> None:
    with pytest.raises(ConfigError, match=r"licences.csv:\d: ") as refused:
        bring(licences=HEADER + row + "\n")
    assert complaint in str(refused.value)


def test_what_the_simulated_worlds_hold_is_what_everybody_needs(database_url: str) -> None:
    with connect(database_url) as conn:
        rows = conn.execute("SELECT category, kind FROM licence_requirement WHERE district = 0").fetchall()
    assert {(row["category"], row["kind"]) for row in rows} == {
        (category, permit.kind) for category, permits in NEEDED.items() for permit in permits
    }


def test_a_viewer_sees_the_licences_of_their_own_premises(bring: Callable[..., None], reader: Reader) -> None:
    bring(licences=HEADER + f"P1,{FOOD},JY1,2020-01-01,\nP3,{DRUGS},YP3,2020-01-01,\n")
    station = Scope(tiny.DISTRICT, f"{tiny.DISTRICT}/02")
    assert reader.read(station, "read/premises_papers", id="P1") == []
    assert len(reader.read(station, "read/premises_papers", id="P3")) == 2
