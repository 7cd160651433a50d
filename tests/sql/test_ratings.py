"""The risk grade of premises is rated by an order and counts at once; how it came to be is told, and no
import that has nothing new to say undoes it."""

import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest

from db.connect import INGEST, Row, Scope, connect, enter, fetch
from ingest.contract.orders import RatePremises, RiskGrade
from ingest.courier import carry_out
from ingest.registry import import_news, import_world
from ingest.snapshots import load_roster
from tests import accounts, tiny
from tests.questions import asked
from tests.sql.test_archives import NO_TASKS, found
from tests.sql.test_closed_loop import Room

WHOLE = Scope(tiny.DISTRICT, str(tiny.DISTRICT))
PREMISES = tiny.FILES["premises.csv"]
DONE = ("done", None)


@pytest.fixture
def url(database_url: str, tmp_path: Path) -> str:
    """The tiny district, imported for the first time."""
    with psycopg.connect(database_url, autocommit=True) as conn:
        for table in ("premises_event", "premises", "premises_found", "command"):
            conn.execute(f"DELETE FROM {table}".encode())
        accounts.add(conn, "li")
    bring(database_url, tmp_path)
    return database_url


def bring(url: str, folder: Path, premises: str = PREMISES) -> None:
    import_world(url, tiny.write(folder / "world", tasks_csv=NO_TASKS, premises_csv=premises))


def registered(grade: str) -> str:
    """The file with P1 of another grade."""
    return PREMISES.replace("餐饮服务,A,", f"餐饮服务,{grade},")


def rate(
    url: str, grade: RiskGrade, was: RiskGrade | None, premises: str = "P1", reason: str = "复发"
) -> Any:
    """How the order of an officer ended, and why it was refused."""
    return order(url, RatePremises(premises, grade, was, reason))[0]


def order(url: str, *orders: RatePremises) -> list[Any]:
    """All of them placed by an officer, and then carried out: how each ended, and why it was refused."""
    with connect(url, INGEST) as conn:
        placed = {uuid.uuid4().hex: msgspec.json.encode(one).decode() for one in orders}
        for nth, (command_id, payload) in enumerate(placed.items()):
            conn.execute(
                "INSERT INTO command (district, command_id, kind, payload, actor, queued_at) "
                "VALUES (%s, %s, 'rate_premises', %s, 'screen:li', now() + %s * interval '1 ms')",
                (tiny.DISTRICT, command_id, payload, nth),
            )
        carry_out(conn, load_roster(conn, tiny.DISTRICT), datetime.now(UTC))
        rows = conn.execute(
            "SELECT command_id, state, reason FROM command WHERE command_id = ANY (%s)", (list(placed),)
        )
        ended = {row["command_id"]: (row["state"], row["reason"]) for row in rows}
    return [ended[command_id] for command_id in placed]


def graded(url: str, premises: str = "P1") -> tuple[Any, ...]:
    """Which grade counts, which one the register has, and whether the one that counts was rated."""
    with connect(url) as conn:
        (row,) = conn.execute(
            "SELECT risk_grade, risk_registered, rated_at IS NOT NULL AS rated FROM premises "
            "WHERE premises_id = %s",
            (premises,),
        ).fetchall()
    return tuple(row.values())


def look(url: str, name: str, at: datetime | None = None, **params: Any) -> list[Row]:
    """What the screen is told."""
    with connect(url) as conn, conn.transaction(force_rollback=True):
        conn.execute("SET LOCAL ROLE gw_dashboard")
        enter(conn, WHOLE)
        return fetch(conn, name, asked(name, WHOLE) | ({"at": at} if at else {}) | params)


def history(url: str, premises: str = "P1") -> list[tuple[Any, ...]]:
    rows = look(url, "read/premises_ratings", id=premises)
    return [(row["before"], row["risk_grade"], row["actor"], row["reason"]) for row in rows]


def test_a_grade_counts_from_the_order_on_and_who_gave_it_and_why_is_told(url: str) -> None:
    assert graded(url) == ("A", "A", False)
    assert history(url) == []
    assert rate(url, "C", "A", reason="一月内两次复发") == DONE
    assert graded(url) == ("C", "A", True)
    assert rate(url, "B", "C", reason="整改到位") == DONE
    assert history(url) == [
        ("C", "B", "screen:li", "整改到位"),
        ("A", "C", "screen:li", "一月内两次复发"),
    ]
    (card,) = look(url, "read/premises_card", id="P1")
    assert (card["risk_grade"], card["risk_registered"]) == ("B", "A")
    told = look(url, "read/premises_events", id="P1")
    assert [row["event"] for row in told] == ["rated", "rated"]


def test_premises_without_a_grade_get_their_first(url: str) -> None:
    assert rate(url, "D", None, "P3") == DONE
    assert history(url, "P3") == [(None, "D", "screen:li", "复发")]


def test_lists_cycles_the_map_and_the_scores_follow_at_once(url: str) -> None:
    def risky() -> dict[str, list[str]]:
        found = {
            name: look(url, name, grades=["D"]) for name in ("read/premises", "read/premises_to_inspect")
        }
        around = {"west": 118.0, "south": 24.6, "east": 118.03, "north": 24.61}
        found["map"] = [
            row for row in look(url, "read/premises_on_map", **around) if row["risk_grade"] == "D"
        ]
        return {name: [row["premises_id"] for row in rows] for name, rows in found.items()}

    def high() -> int:
        with connect(url, INGEST) as conn:
            return sum(
                row["high_risk"] for row in fetch(conn, "write/score_grids", {"district": tiny.DISTRICT})
            )

    assert (set(map(tuple, risky().values())), high()) == ({()}, 0)
    assert rate(url, "D", "A") == DONE
    assert (set(map(tuple, risky().values())), high()) == ({("P1",)}, 1)


@pytest.mark.parametrize(
    ("premises", "grade", "was", "why"),
    [
        ("P404", "C", "A", "unknown_premises: P404"),
        ("P1", "A", "A", "same_grade"),
        ("P1", "A", "B", "same_grade"),
        ("P1", "C", "B", "rated_meanwhile: A"),
        ("P1", "C", None, "rated_meanwhile: A"),
        ("P3", "C", "B", "rated_meanwhile: —"),
    ],
)
def test_what_is_rated_already_or_was_not_looked_at_is_refused(
    url: str, premises: str, grade: RiskGrade, was: RiskGrade | None, why: str
) -> None:
    assert rate(url, grade, was, premises) == ("refused", why)
    assert graded(url) == ("A", "A", False)
    assert history(url) == []


def test_what_is_registered_no_longer_is_not_rated(url: str, tmp_path: Path) -> None:
    bring(url, tmp_path, "".join(line for line in PREMISES.splitlines(True) if not line.startswith("P1")))
    assert rate(url, "C", "A") == ("refused", "premises_closed")


def test_of_two_who_rate_at_once_the_second_is_told(url: str) -> None:
    both = [RatePremises("P1", "C", "A", "复发"), RatePremises("P1", "D", "A", "无证")]
    assert order(url, *both) == [DONE, ("refused", "rated_meanwhile: C")]
    assert graded(url) == ("C", "A", True)


def test_a_reason_there_must_be(url: str) -> None:
    state, why = rate(url, "C", "A", reason="")
    assert state == "refused"
    assert why.startswith("not an order")


def test_the_log_has_the_old_grade_the_new_one_and_the_reason(url: str) -> None:
    rate(url, "C", "A", reason="复发")
    rate(url, "D", "A", reason="复发")
    with connect(url) as conn:
        links = conn.execute(
            "SELECT actor, subject, params FROM audit WHERE act = 'rate_premises' "
            "ORDER BY number DESC LIMIT 2"
        ).fetchall()
    assert {(link["actor"], link["subject"]) for link in links} == {("screen:li", "premises:P1")}
    refused, done = (link["params"] for link in links)
    assert (refused["state"], refused["reason"]) == ("refused", "rated_meanwhile: C")
    said = {"premises_id": "P1", "risk_grade": "C", "was": "A", "reason": "复发"}
    assert (done["state"], done["said"]) == ("done", said)


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (["A"], ("C", "A", True)),
        (["A", "A"], ("C", "A", True)),
        ([""], ("C", None, True)),
        (["B"], ("B", "B", False)),
        (["C"], ("C", "C", False)),
        (["B", "A"], ("A", "A", False)),
    ],
)
def test_an_import_undoes_a_rating_only_if_it_names_another_grade_than_the_one_before(
    url: str, tmp_path: Path, files: list[str], expected: tuple[Any, ...]
) -> None:
    rate(url, "C", "A")
    for grade in files:
        bring(url, tmp_path, registered(grade))
    assert graded(url) == expected
    assert rate(url, "D", expected[0]) == DONE


def test_an_import_is_in_the_history_where_it_changed_the_grade(url: str, tmp_path: Path) -> None:
    rate(url, "C", "A")
    for grade in ("A", "B"):
        bring(url, tmp_path, registered(grade).replace("甲味馆", "甲味新馆"))
    assert history(url) == [("C", "B", "import", None), ("A", "C", "screen:li", "复发")]
    with connect(url) as conn:
        said = conn.execute(
            "SELECT said ->> 'risk_grade' AS grade, changes FROM premises_event "
            "WHERE premises_id = 'P1' AND event = 'registered' ORDER BY at"
        ).fetchall()
    assert [row["grade"] for row in said] == ["A", "A", "B"], "what the files said"
    assert [sorted(row["changes"]) for row in said] == [[], ["name"], ["risk_grade"]]


def test_an_import_that_repeats_itself_writes_nothing_about_what_was_rated(url: str, tmp_path: Path) -> None:
    rate(url, "C", "A")
    for _ in "twice":
        bring(url, tmp_path)
    with connect(url) as conn:
        assert len(conn.execute("SELECT FROM premises_event").fetchall()) == 1


def test_a_grade_that_nobody_rated_is_what_the_file_says_also_none(url: str, tmp_path: Path) -> None:
    bring(url, tmp_path, registered(""))
    assert graded(url) == (None, None, False)
    assert history(url) == [("A", None, "import", None)]


def test_news_are_as_a_whole_import(url: str, tmp_path: Path) -> None:
    rate(url, "C", "A")
    news = tmp_path / "news"
    news.mkdir()
    for grade, expected in (("A", ("C", "A", True)), ("D", ("D", "D", False))):
        lines = registered(grade).splitlines(True)[:2]
        (news / "premises.csv").write_text("".join(lines), "utf-8")
        import_news(url, tiny.DISTRICT, news)
        assert graded(url) == expected


@pytest.mark.parametrize(("grade", "expected"), [("", ("D", None, True)), ("B", ("B", "B", False))])
def test_what_a_worker_had_found_keeps_its_rating_when_it_is_registered_without_a_grade(
    url: str, tmp_path: Path, grade: str, expected: tuple[Any, ...]
) -> None:
    with connect(url, INGEST) as conn:
        room = Room(conn, tmp_path / "data")
        found(room, licence_no="L9")
        ((premises_id,),) = room.rows("SELECT premises_id FROM premises WHERE source = 'field'")
    assert rate(url, "D", None, premises_id) == DONE
    bring(url, tmp_path, f"{PREMISES}P9,新小店,L9,餐饮服务,{grade},in_business,乙村,,118.0145,24.606,\n")
    assert graded(url, "P9") == expected
    assert (history(url, "P9") == [(None, "D", "screen:li", "复发")]) is (grade == "")


def test_the_map_of_the_past_has_the_grade_of_then(url: str, tmp_path: Path) -> None:
    def then(at: datetime) -> dict[str, Any]:
        around = {"west": 118.0, "south": 24.6, "east": 118.03, "north": 24.61}
        rows = look(url, "then/premises_on_map", at, **around)
        return {row["premises_id"]: row["risk_grade"] for row in rows}

    instants = [datetime.now(UTC)]
    for premises, grade, was in (("P1", "C", "A"), ("P3", "B", None), ("P1", "D", "C")):
        rate(url, grade, was, premises)  # type: ignore[arg-type]
        instants.append(datetime.now(UTC))
    bring(url, tmp_path, registered("B"))
    instants.append(datetime.now(UTC) + timedelta(hours=1))
    assert [then(at) for at in instants] == [
        {"P1": "A", "P2": "B", "P3": None},
        {"P1": "C", "P2": "B", "P3": None},
        {"P1": "C", "P2": "B", "P3": "B"},
        {"P1": "D", "P2": "B", "P3": "B"},
        {"P1": "B", "P2": "B", "P3": "B"},
    ]
