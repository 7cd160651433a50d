"""Clues on a real database: messages, orders and time, and each step is an event."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest

import db
from db.connect import Row, connect, fetch
from ingest.alerts import rules
from ingest.clues import settle_clues
from ingest.contract.delivery import Delivery
from ingest.contract.errors import ConfigError
from ingest.contract.messages import HandleOrder
from ingest.contract.orders import AnswerClue, Order, ReplyClue, RouteClue, VoidClue
from ingest.courier import carry_out
from ingest.decoders import decode_all, decoders
from ingest.domain.clue import clue_id_of
from ingest.pipeline import Pipeline
from ingest.registry import import_world
from ingest.snapshots import load_roster
from ingest.store import prepare
from ingest.tick import tick
from tests import tiny

NOW = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture(autouse=True)
def present() -> None:
    """Let each test begin now: what ingest does beside the messages, it does at the hour of the wall."""
    global NOW
    NOW = datetime.now(UTC).replace(microsecond=0)


MINUTE = timedelta(minutes=1)
PREMISES = tiny.FILES["premises.csv"].replace("药品,,in_business,丙村一号", "其他,,in_business,丙村一号")

decoders()
rules()


@pytest.fixture(scope="module")
def world(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    import_world(database_url, tiny.write(tmp_path_factory.mktemp("world"), premises_csv=PREMISES))
    return database_url


@pytest.fixture
def room(world: str, ingest_conn: psycopg.Connection[Row], tmp_path: Path) -> Iterator["Room"]:
    yield Room(ingest_conn, tmp_path)


class Room:
    """All of ingest but its threads, on a connection whose work is undone after the test."""

    def __init__(self, conn: psycopg.Connection[Row], data: Path) -> None:
        self.conn, self._count = conn, 0
        prepare(conn)
        carry_out(conn, load_roster(conn, tiny.DISTRICT), NOW)
        self.roster = load_roster(conn, tiny.DISTRICT)
        rosters = {tiny.DISTRICT: self.roster}
        self.pipeline = Pipeline(conn, data, rosters, NOW - timedelta(days=1), lambda: rosters)

    def hear(
        self, topic: str, data: dict[str, Any], at: datetime | None = None, id: str | None = None
    ) -> str:  # noqa: A002
        self._count += 1
        at = at or NOW
        body = {"id": id or f"m{self._count}", "ts": ms(at), "sent": ms(NOW), "data": data}
        name = f"gw/v1/{tiny.DISTRICT}/{topic}"
        delivery = Delivery(name, msgspec.json.encode(body), 1, False, False, 1, 1, NOW, True)
        self.pipeline.take(decode_all([delivery]))
        return str(body["id"])

    def report(self, severity: str = "general", kind: str = "食品安全", **said: Any) -> str:
        """Report a clue; its id."""
        data = {"kind": kind, "severity": severity, "text": "生熟混放", "lon": 118.005, "lat": 24.605}
        return clue_id_of("W1", NOW, self.hear("worker/W1/clue", data | said))

    def reply(self, clue_id: str, stage: str, minute: int = 1, department: str = "food") -> None:
        said = {"clue_id": clue_id, "stage": stage, "text": "已责令整改"}
        self.hear(f"department/{department}/reply", said, NOW + minute * MINUTE)

    def order(self, order: Order, minute: int = 1) -> Any:
        """Place and carry out; how it ended, and why it was refused."""
        self._count += 1
        at = NOW + minute * MINUTE
        row = {"id": f"c{self._count}", "payload": msgspec.json.encode(order).decode(), "at": at}
        self.conn.execute(
            "INSERT INTO command (district, command_id, kind, payload, actor, queued_at) VALUES "
            f"({tiny.DISTRICT}, %(id)s, 'x', %(payload)s, 'operator', %(at)s)",
            row,
        )
        carry_out(self.conn, self.roster, at)
        return self.rows(f"SELECT state, reason FROM command WHERE command_id = 'c{self._count}'")[0]

    def tick(self, minute: int = 0) -> None:
        now = datetime.now(UTC) + minute * MINUTE
        tick(self.conn, self.roster, self.pipeline.listening_since, now)

    def rows(self, sql: str) -> list[Any]:
        return [tuple(row.values()) for row in self.conn.execute(sql.encode())]

    def one(self, columns: str) -> Any:
        return self.rows(f"SELECT {columns} FROM clue_case")[0]

    def events(self) -> list[Any]:
        return self.rows("SELECT event, state, irregular FROM clue_event ORDER BY at, event")

    def alerts(self) -> list[Any]:
        return self.rows(
            "SELECT params ->> 'level' AS level, cleared_at IS NULL AS open FROM alert "
            "WHERE rule = 'major_clue' ORDER BY raised_at"
        )

    def rejected(self) -> list[Any]:
        return self.rows("SELECT reason FROM rejected_message")


def ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)


def test_a_clue_goes_from_the_worker_to_the_department_and_to_its_end(room: Room) -> None:
    clue = room.report(industry="餐饮", premises_id="P1")
    assert room.one("clue_id, state, department_id, routed_by, path") == (
        clue,
        "routed",
        "food",
        ["kind"],
        tiny.PATH_1,
    )
    assert room.one("due_at > now() + interval '14 days'") == (True,)
    room.reply(clue, "read")
    room.reply(clue, "done", 2)
    assert room.one("state, disposed_by, outcome") == ("disposed", "food", "已责令整改")
    assert room.events() == [
        ("reported", "reported", None),
        ("routed", "routed", None),
        ("received", "received", None),
        ("disposed", "disposed", None),
    ]
    assert room.rejected() == []


def test_the_same_message_again_changes_nothing(room: Room) -> None:
    clue = room.report()
    said = {"clue_id": clue, "stage": "done", "text": "x"}
    for _ in range(3):
        room.hear("worker/W1/clue", {"kind": "x", "severity": "general", "text": "", "lon": 118, "lat": 24.6},
                  id="m1")  # fmt: skip
        room.hear("department/food/reply", said, NOW + MINUTE, id="r")
    assert len(room.events()) == 3
    assert room.rows("SELECT count(*) FROM clue_case") == [(1,)]


def test_keywords_of_the_premises_registration_decide_where_nothing_else_does(room: Room) -> None:
    room.report(kind="别的", premises_id="P3")  # 丙药房
    assert room.one("department_id, routed_by") == ("drugs", ["keyword"])


def test_the_registered_business_scope_counts_too(room: Room) -> None:
    room.conn.execute("UPDATE premises SET business_scope = '锅炉维修' WHERE premises_id = 'P4'")
    room.report(kind="别的", premises_id="P4")
    assert room.one("department_id") == ("special_equipment",)


def test_every_simulated_kind_and_industry_has_a_department(room: Room) -> None:
    from simulators.trades import CLUES, INDUSTRIES

    routes, today = room.roster.clue_routes, NOW.date()
    assert len(INDUSTRIES) == 17
    said = [routes.choose(kind, None, "", today).by for kind, _ in CLUES]
    said += [routes.choose("", industry, "", today).by for industry in INDUSTRIES]
    assert ["bureau"] not in said


def test_what_no_row_fits_goes_to_the_bureau_whose_word_is_heard(room: Room) -> None:
    clue = room.report(kind="别的")
    assert room.one("department_id, routed_by") == ("bureau", ["bureau"])
    room.reply(clue, "done", department="bureau")
    assert room.one("state") == ("disposed",)


def test_a_district_sends_its_clues_where_its_own_rows_say(room: Room) -> None:
    room.conn.execute(
        "INSERT INTO clue_route (district, kind, department_id, valid_from) VALUES "
        f"({tiny.DISTRICT}, '食品安全', 'consumer', '2020-01-01')"
    )
    room.pipeline.rosters = {tiny.DISTRICT: load_roster(room.conn, tiny.DISTRICT)}
    room.report()
    assert room.one("department_id") == ("consumer",)


def test_a_returned_clue_is_routed_anew_at_once(room: Room) -> None:
    clue = room.report(kind="占道经营")
    room.reply(clue, "refused", department="urban_management")
    assert room.one("state, department_id, returned_by") == ("routed", "bureau", ["urban_management"])


def test_a_major_clue_alerts_at_once_at_each_level_until_it_is_disposed(room: Room) -> None:
    clue = room.report("major", "消防隐患")
    assert room.one("state, level, department_id") == ("dispatched", "village", "fire")
    assert room.alerts() == [("village", True)]
    room.tick()
    assert room.alerts() == [("village", True)]
    room.tick(31)
    room.tick(31)
    assert (room.one("level"), room.alerts()) == (("town",), [("village", False), ("town", True)])
    room.tick(62)
    room.tick(300)
    assert room.alerts() == [("village", False), ("town", False), ("city", True)]
    assert room.order(AnswerClue(clue), 301) == ("done", None)
    room.tick(302)
    assert (room.one("state, received_by"), room.alerts()[-1]) == (("received", "operator"), ("city", True))
    room.order(ReplyClue(clue, "fire", "done", "已消除"), 303)
    room.tick(304)
    assert [is_open for _, is_open in room.alerts()] == [False] * 3


def test_the_alert_of_a_clue_that_is_disposed_of_over_the_wire_is_cleared_at_once(room: Room) -> None:
    clue = room.report("major", "消防隐患")
    room.reply(clue, "done", department="fire")
    assert room.alerts() == [("village", False)]


@pytest.mark.parametrize(
    ("stage", "department", "code"),
    [("done", "drugs", "wrong_department"), ("refused", "fire", "wrong_department")],
)
def test_the_word_of_another_department_is_kept_as_irregular(
    room: Room, stage: str, department: str, code: str
) -> None:
    room.reply(room.report(), stage, department=department)
    assert room.one("state") == ("routed",)
    assert room.rows("SELECT irregular FROM clue_event WHERE irregular IS NOT NULL") == [(code,)]


def test_what_comes_after_the_end_is_kept_as_irregular(room: Room) -> None:
    clue = room.report()
    room.reply(clue, "done", 1)
    room.reply(clue, "refused", 2)
    assert room.one("state") == ("disposed",)
    assert room.events()[-1] == ("returned", "disposed", "after_end")


def test_an_answer_that_arrives_late_is_taken_where_it_belongs(room: Room) -> None:
    clue = room.report("major", "消防隐患")
    room.tick(31)
    room.reply(clue, "accepted", 5, department="fire")
    assert room.one("state, level") == ("received", "village")
    room.tick(120)
    assert room.one("level, answer_due_at") == ("village", None)


def test_a_reply_about_an_unknown_clue_or_from_an_unknown_department_is_kept_as_evidence(room: Room) -> None:
    room.reply("nowhere", "done")
    room.reply(room.report(), "done", department="nobody")
    assert sorted(room.rejected()) == [("unknown_clue: nowhere",), ("unknown_device: department/nobody",)]


def test_a_department_that_repeats_itself_is_stopped_and_an_order_still_counts(room: Room) -> None:
    clue = room.report()
    for minute in range(70):
        room.reply(clue, "on_the_way", minute % 15 + 1)
    assert room.rows("SELECT count(*) FROM clue_event") == [(60,)]
    assert set(room.rejected()) == {(f"too_many_events: {clue}",)}
    assert room.order(ReplyClue(clue, "food", "done", "办结"), 20) == ("done", None)
    assert room.one("state") == ("disposed",)


def test_orders_route_reply_and_void_and_those_that_do_not_fit_are_refused(room: Room) -> None:
    clue = room.report()
    assert room.order(RouteClue("nowhere", "food")) == ("refused", "unknown_clue")
    assert room.order(RouteClue(clue, "nobody")) == ("refused", "unknown_department")
    assert room.order(AnswerClue(clue)) == ("refused", "not_dispatched")
    assert room.order(RouteClue(clue, "consumer"), 2) == ("done", None)
    assert room.one("department_id, routed_by") == ("consumer", ["hand"])
    assert room.order(ReplyClue(clue, "food", "done", "x"), 3) == ("refused", "wrong_department")
    assert room.order(ReplyClue(clue, "consumer", "refused", "非本部门职责"), 4) == ("done", None)
    assert room.one("state, department_id") == ("routed", "food")
    assert room.order(VoidClue(clue, "重复上报"), 5) == ("done", None)
    assert room.order(VoidClue(clue, "重复上报"), 6) == ("refused", "after_end")
    assert room.one("state, outcome") == ("invalid", "重复上报")
    assert [code for *_, code in room.events()] == [None] * 6, "what was refused leaves no trace"


def test_time_settles_the_deadlines_that_were_provisional(room: Room) -> None:
    room.conn.execute(
        "INSERT INTO deadline_rule (district, step, category, working_days, valid_from) VALUES "
        f"({tiny.DISTRICT}, 'clue', '食品安全', 360, '2020-01-01')"
    )
    room.pipeline.rosters = {tiny.DISTRICT: load_roster(room.conn, tiny.DISTRICT)}
    room.report()
    [(given, provisional)] = room.rows("SELECT due_at, due_provisional FROM clue_case")
    assert provisional
    assert settle_clues(room.conn, load_roster(room.conn, tiny.DISTRICT), NOW) is None
    assert room.rows("SELECT due_at, due_provisional FROM clue_case") == [(given, True)]
    free = [f"({tiny.DISTRICT}, '{year}-10-01', false)" for year in range(NOW.year, NOW.year + 4)]
    room.conn.execute(("INSERT INTO holiday (district, day, working) VALUES " + ", ".join(free)).encode())
    settle_clues(room.conn, load_roster(room.conn, tiny.DISTRICT), NOW)
    [(settled, provisional)] = room.rows("SELECT due_at, due_provisional FROM clue_case")
    assert (settled >= given, provisional) == (True, False)
    assert "settled" in [event for event, *_ in room.events()]


def test_clues_of_before_the_migration_wait_for_the_next_tick(room: Room) -> None:
    at = NOW - timedelta(days=3, milliseconds=7)
    room.conn.execute(
        "INSERT INTO clue VALUES (%s, 'W1', %s, 'old', %s, '食品安全', 'general', 'x', NULL, NULL, '[]', "
        "118.005, 24.605, 118.005, 24.605, 'WGS84', 'G1', false, NULL, %s)",
        (tiny.DISTRICT, at, at, at),
    )
    migration = Path(db.__path__[0]) / "migrations" / "0013_clues.sql"
    fill = re.findall(r"^INSERT INTO clue_(?:case|event) .*?;$", migration.read_text("utf-8"), re.M | re.S)
    for statement in fill:
        room.conn.execute(statement.encode())
    assert room.one("clue_id, state, path") == (clue_id_of("W1", at, "old"), "reported", tiny.PATH_1)
    room.tick()
    assert room.one("state, department_id") == ("routed", "food")
    assert [event for event, *_ in room.events()] == ["reported", "routed"]


ROUTES = "kind,industry,keyword,department_id,priority,valid_from\n"


@pytest.fixture
def bring(database_url: str, tmp_path: Path) -> Callable[[str], None]:
    """Import the tiny district with these routes beside the other files."""

    def brought(routes: str) -> None:
        tiny.write(tmp_path, premises_csv=PREMISES)
        (tmp_path / "clue_routes.csv").write_text(ROUTES + routes, encoding="utf-8")
        import_world(database_url, tmp_path)

    return brought


def test_imported_routes_stand_before_everybodys_and_closing_them_gives_these_back(
    database_url: str, bring: Callable[[str], None]
) -> None:
    def department() -> str:
        with connect(database_url) as conn:
            routes = load_roster(conn, tiny.DISTRICT).clue_routes
        return routes.choose("食品安全", "餐饮", "", NOW.date()).department_id

    bring("食品安全,,,consumer,,2026-01-01\n,餐饮,,enforcement,5,2026-01-01\n")
    assert department() == "enforcement"
    bring("食品安全,,,consumer,,2026-01-01\n")
    assert department() == "consumer"
    bring("食品安全,,,nobody,,2026-01-01\n")
    assert department() == "food", "the district has no such department"
    bring("")
    assert department() == "food"


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (",,,food,,2026-01-01", "clue_routes.csv:2: kind: this, industry or keyword is to be given"),
        ("x,,,a b,,2026-01-01", "clue_routes.csv:2: department_id: 'a b' is no id"),
        ("x,,,food,1.5,2026-01-01", "clue_routes.csv:2: priority: 1.5 is no whole number"),
        ("x,,,food,-1,2026-01-01", "clue_routes.csv:2: priority: -1 is not between 0 and 1000"),
        ("x,,,food,,soon", "clue_routes.csv:2: valid_from: 'soon'"),
        ("x,,,food,,2026-01-01\nx,,,drugs,,2026-01-01", "clue_routes.csv:3: kind: x 2026-01-01 occurs twice"),
    ],
)
def test_a_bad_route_is_named_by_line_and_column(
    bring: Callable[[str], None], row: str, message: str
) -> None:
    with pytest.raises(ConfigError, match=re.escape(message)):
        bring(row + "\n")


def test_the_department_is_told_once_and_again_only_when_it_is_another(room: Room) -> None:
    said = "SELECT device_id, state, clue_id FROM order_out WHERE kind = 'clue' ORDER BY queued_at"
    clue = room.report(kind="占道经营")
    room.hear("worker/W1/duty", {"on": True})
    assert room.rows(said) == [("urban_management", "queued", clue)]
    room.reply(clue, "read", 1, "urban_management")
    room.reply(clue, "refused", 2, "urban_management")
    assert room.rows(said) == [("urban_management", "refused", clue), ("bureau", "queued", clue)]


def test_what_goes_down_is_an_order_of_the_wire_and_what_is_answered_is_withdrawn(room: Room) -> None:
    key = {"district": tiny.DISTRICT, "limit": 9}
    clue = room.report("major", "消防隐患", premises_id="P1", industry="餐饮")
    [row] = fetch(room.conn, "write/next_clue_orders", key)
    assert (row.pop("kind"), row.pop("device_id")) == ("clue", "fire")
    order = msgspec.convert(row, HandleOrder)
    assert (order.clue_id, order.severity, order.premises_id) == (clue, "major", "P1")
    assert order.due and order.due > ms(NOW)
    assert all(row["task_id"] for row in fetch(room.conn, "write/next_orders", key))
    room.order(AnswerClue(clue))
    assert fetch(room.conn, "write/next_clue_orders", key) == []
    assert room.rows("SELECT state FROM order_out WHERE clue_id IS NOT NULL") == [("withdrawn",)]
