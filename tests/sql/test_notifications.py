"""Telling people outside the screen: exactly one notification a step and channel, sent to real receivers."""

import email
import email.policy
import logging
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from db.connect import DASHBOARD, INGEST, Row, connect, fetch
from ingest.channel import keep_address
from ingest.contract.messages import Severity
from ingest.domain.alert import Alert
from ingest.domain.notice import TRIES
from ingest.incidents import mind_incidents, store_alerts
from ingest.notifier import Notifier
from ingest.registry import import_world
from ingest.snapshots import load_roster
from tests import tiny, tiny_day
from tests.conftest import free_port, wait_until
from tests.receivers import mailbox, webhook

HERE, OTHER = tiny.DISTRICT, tiny_day.OTHER
GENERAL, SERIOUS, MAJOR = Severity
NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
APART = timedelta(hours=1)

Rows = Callable[[str], list[Row]]


@pytest.fixture(scope="module")
def url(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Two districts with the same ids; the other one speaks English."""
    home = tmp_path_factory.mktemp("worlds")
    district = f"district,name,name_en,lang\n{OTHER},邻区,Next Door,en\n"
    for number, directory in ((HERE, tiny.write(home / "here")), (OTHER, tiny.write(home / "other"))):
        for path in directory.iterdir():
            path.write_text(path.read_text("utf-8").replace(str(HERE), str(number)), "utf-8")
        if number == OTHER:
            (directory / "district.csv").write_text(district, "utf-8")
        import_world(database_url, directory)
    return database_url


@pytest.fixture(autouse=True)
def nothing_told(url: str) -> Iterator[None]:
    yield
    with connect(url) as conn:
        for table in ("notification", "notify_route", "notify_channel", "alert_event", "incident", "alert"):
            conn.execute(f"DELETE FROM {table}".encode())


@pytest.fixture
def conn(url: str) -> Iterator[psycopg.Connection[Row]]:
    with connect(url, INGEST) as conn:
        yield conn


@pytest.fixture
def rows(url: str) -> Iterator[Rows]:
    with connect(url, autocommit=True) as conn:
        yield lambda sql: conn.execute(sql.encode()).fetchall()


@pytest.fixture
def lead(conn: psycopg.Connection[Row], data_dir: Path) -> Callable[..., None]:
    """Adds a channel and leads alerts there."""

    def lead(
        channel: str,
        address: str,
        district: int = HERE,
        severity: Severity = GENERAL,
        rule: str = "",
        path: str | None = None,
        level: int = 5,
    ) -> None:
        keep_address(data_dir, district, channel, address)
        key = {"district": district, "channel": channel}
        fetch(conn, "write/add_notify_channel", {**key, "name": None})
        told = {
            "rule": rule,
            "path": path or str(district),
            "severity": severity,
            "level": level,
            "close": False,
        }
        fetch(conn, "write/set_notify_route", {**key, **told})
        conn.commit()

    return lead


@pytest.fixture
def notifier(url: str, data_dir: Path) -> Iterator[Notifier]:
    with closing(Notifier(url, data_dir, (HERE, OTHER))) as notifier:
        yield notifier


def sos(number: int = 1, severity: Severity = MAJOR, district: int = HERE, **changed: Any) -> Alert:
    """An alert that is an incident of its own: it is long after that of the number before."""
    given = {
        "district": district, "rule": "bodycam_sos", "subject": f"device:B{number}", "severity": severity,
        "raised_at": NOW + number * APART, "path": tiny.PATH_1.replace(str(HERE), str(district)),
        "grid_id": "G1", "params": {"device_id": "B1", "worker_id": "W1"},
    }  # fmt: skip
    return Alert(**{**given, **changed})


def say(conn: psycopg.Connection[Row], *alerts: Alert) -> None:
    """Let alerts ring, each district's by itself, and the centre know of them at the moment of the first."""
    with conn.transaction():
        for district in sorted({alert.district for alert in alerts}):
            own = [alert for alert in alerts if alert.district == district]
            store_alerts(conn, load_roster(conn, district), own, own[0].raised_at)


def told(conn: psycopg.Connection[Row], sql: str) -> list[tuple[Any, ...]]:
    return [tuple(row.values()) for row in conn.execute(sql.encode())]


def states(rows: Rows) -> list[str]:
    return [
        row["state"]
        for row in rows("SELECT state FROM notification ORDER BY channel, at, event, incident_id")
    ]


def time_passes(rows: Rows) -> None:
    """Let every channel's rest be over, without waiting for it."""
    rows("UPDATE notify_channel SET tried_at = tried_at - interval '1 hour' RETURNING 1")


@pytest.mark.parametrize(
    ("district", "title", "message"),
    [
        (HERE, "【重大】试验区局：求助", "03-02 17:00:00 重大：甲一 紧急求助（甲村网格）"),
        (OTHER, "[Major] Next Door: SOS", "03-02 17:00:00 Major: SOS from Jia Yi (Jia)"),
    ],
)
@pytest.mark.usefixtures("notifier")
def test_an_alert_is_told_in_the_language_of_its_district(conn, rows, lead, district, title, message):
    with webhook() as duty:
        lead("duty", duty.address, district)
        say(conn, sos(district=district))
        wait_until(lambda: states(rows) == ["sent"], what="sent")
    [got] = duty.got
    assert (got["title"], got["message"], got["type"]) == (title, message, "failure")


@pytest.mark.parametrize(
    ("district", "words"),
    [(HERE, "无过期及“三无”食品：过期食品"), (OTHER, "Nothing expired or unlabelled: Expired food")],
)
@pytest.mark.usefixtures("notifier")
def test_findings_are_told_in_the_words_of_the_districts_modules(conn, rows, lead, district, words):
    found = {"premises_id": "P1", "findings": [["shelf_life", "expired"]]}
    with webhook() as duty:
        lead("duty", duty.address, district)
        say(conn, sos(district=district, rule="hazard_found", subject="premises:P1", params=found))
        wait_until(lambda: states(rows) == ["sent"], what="sent")
    assert words in duty.got[0]["message"]


@pytest.mark.usefixtures("notifier")
def test_an_alert_is_told_by_mail(conn, rows, lead):
    with mailbox() as box:
        lead("mail", box.address)
        say(conn, sos())
        wait_until(lambda: states(rows) == ["sent"], what="sent")
    [envelope] = box.got
    assert envelope.rcpt_tos == ["duty@district.test"]
    mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
    assert mail["Subject"] == "【重大】试验区局：求助"
    assert "甲一 紧急求助（甲村网格）" in mail.get_content()


def test_what_is_rolled_back_is_told_to_nobody(conn, rows, lead):
    lead("duty", "json://127.0.0.1:9")
    store_alerts(conn, load_roster(conn, HERE), [sos()], NOW)
    assert fetch(conn, "ops/notify_channels", {"districts": []})[0]["waiting"] == 1
    conn.rollback()
    assert states(rows) == []


def test_a_step_is_told_once_a_channel_however_often_it_is_said_and_however_many_routes_lead_there(
    conn, rows, lead
):
    for channel in ("duty", "chief"):
        lead(channel, "json://127.0.0.1:9")
        lead(channel, "json://127.0.0.1:9", rule="bodycam_sos", path=tiny.PATH_1)
    first = sos(severity=SERIOUS)
    say(conn, first, first)
    say(conn, first)
    worse = sos(severity=MAJOR, raised_at=first.raised_at + timedelta(minutes=1))
    say(conn, worse)
    say(conn, worse)
    assert told(conn, "SELECT channel, event, severity FROM notification ORDER BY 1, at, 2 DESC") == [
        ("chief", "opened", "serious"),
        ("chief", "aggravated", "major"),
        ("duty", "opened", "serious"),
        ("duty", "aggravated", "major"),
    ]


def test_who_is_asked_from_a_level_on_is_told_when_the_incident_is_up_to_it(conn, lead):
    for channel, level in (("duty", 5), ("station", 2), ("bureau", 1)):
        lead(channel, "json://127.0.0.1:9", level=level)
    roster = load_roster(conn, HERE)
    store_alerts(conn, roster, [sos()], NOW)
    for minutes in range(3, 16, 3):  # nobody takes it up: every two minutes it is up to the next level
        mind_incidents(conn, roster, NOW + timedelta(minutes=minutes))
    steps = told(conn, "SELECT channel, event, level FROM notification ORDER BY channel, at")
    conn.rollback()
    up = [("escalated", 3), ("escalated", 2), ("escalated", 1)]
    assert steps == [
        *(("bureau", *step) for step in up[2:]),
        *(("duty", *step) for step in [("opened", 4), *up]),
        *(("station", *step) for step in up[1:]),
    ]


@pytest.mark.parametrize(
    ("route", "heard"),
    [
        ({}, {"B1", "B2", "B3", "P1"}),
        ({"severity": SERIOUS}, {"B1", "B2"}),
        ({"severity": MAJOR}, {"B1"}),
        ({"rule": "hazard_found"}, {"P1"}),
        ({"rule": "hazard_found", "severity": SERIOUS}, set()),
        ({"path": f"{HERE}/02"}, {"B3"}),
        ({"path": f"{HERE}/0"}, set()),
    ],
)
def test_a_route_leads_what_is_as_severe_of_its_rule_and_below_its_unit(conn, rows, lead, route, heard):
    lead("duty", "json://127.0.0.1:9", **route)
    say(
        conn,
        sos(1),
        sos(2, SERIOUS),
        sos(3, GENERAL, path=tiny.PATH_3),
        sos(4, GENERAL, rule="hazard_found", subject="premises:P1"),
    )
    found = rows("SELECT a.subject FROM notification n JOIN alert a ON a.alert_id = n.incident_id")
    assert {row["subject"].partition(":")[2] for row in found} == heard


@pytest.mark.usefixtures("notifier")
def test_the_routes_of_two_districts_do_not_mix(conn, rows, lead):
    with webhook() as ours, webhook() as theirs:
        lead("duty", ours.address, HERE)
        lead("duty", theirs.address, OTHER)
        say(conn, sos(district=HERE), sos(2, GENERAL, district=OTHER))
        wait_until(lambda: states(rows) == ["sent", "sent"], what="sent")
    assert ours.titles == ["【重大】试验区局：求助"]
    assert theirs.titles == ["[General] Next Door: SOS"]


@pytest.mark.usefixtures("notifier")
def test_a_channel_that_fails_twice_and_then_works_is_told_in_the_end(conn, rows, lead):
    with webhook(500, 503) as duty:
        lead("duty", duty.address)
        say(conn, sos())
        for failures, error in ((1, "http_500"), (2, "http_503")):
            fares = f"SELECT FROM notify_channel WHERE failures = {failures} AND error = '{error}'"
            wait_until(lambda sql=fares: rows(sql), what=error)
            assert states(rows) == ["queued"]
            time_passes(rows)
        wait_until(lambda: states(rows) == ["sent"], what="sent")
    assert len(duty.got) == 3
    assert rows("SELECT tries, error FROM notification") == [{"tries": 3, "error": None}]
    assert rows("SELECT failures, error FROM notify_channel") == [{"failures": 0, "error": None}]


@pytest.mark.usefixtures("notifier")
def test_a_channel_that_just_failed_is_left_alone_for_a_while(conn, rows, lead):
    with webhook(500) as duty, webhook() as chief:
        lead("duty", duty.address)
        say(conn, sos())
        wait_until(lambda: rows("SELECT FROM notify_channel WHERE failures = 1"), what="a failure")
        lead("chief", chief.address)
        say(conn, sos(2))
        wait_until(lambda: states(rows) == ["sent", "queued", "queued"], what="sent to the other")
    assert len(duty.got) == 1


@pytest.mark.usefixtures("notifier")
def test_a_dead_channel_is_given_up_with_its_reason_and_the_others_are_told(conn, rows, lead):
    with webhook() as duty:
        lead("dead", f"json://127.0.0.1:{free_port()}")
        lead("duty", duty.address)
        say(conn, sos())
        wait_until(lambda: states(rows) == ["queued", "sent"], what="sent to the other")
        wait_until(lambda: rows("SELECT FROM notify_channel WHERE failures = 1"), what="a failure")
        rows(f"UPDATE notification SET tries = {TRIES - 1} WHERE channel = 'dead' RETURNING 1")
        time_passes(rows)
        wait_until(lambda: states(rows) == ["failed", "sent"], what="given up")
    [given_up] = rows("SELECT tries, error FROM notification WHERE channel = 'dead'")
    assert given_up == {"tries": TRIES, "error": "unreachable"}


@pytest.mark.usefixtures("notifier")
def test_a_slow_channel_holds_up_neither_the_lane_nor_another_channel(conn, rows, lead):
    with webhook() as slow, webhook() as duty:
        slow.open.clear()
        lead("slow", slow.address)
        say(conn, sos())
        wait_until(lambda: slow.got, what="the slow one called")
        lead("duty", duty.address)
        say(conn, *[sos(number) for number in range(2, 50)])
        wait_until(lambda: states(rows).count("sent") == 48, what="sent to the other")
        assert set(states(rows)) == {"sent", "sending", "queued"}
        slow.open.set()
        wait_until(lambda: states(rows).count("sent") == 49, what="sent to the slow one, too")


@pytest.mark.usefixtures("notifier")
def test_a_storm_of_a_thousand_alerts_is_one_message_and_another_when_it_gets_worse(conn, rows, lead):
    with webhook() as duty:
        lead("duty", duty.address)
        for batch in range(10):
            numbers = range(100 * batch, 100 * batch + 100)
            say(conn, *[sos(n, SERIOUS if n == 555 else GENERAL, raised_at=NOW) for n in numbers])
            wait_until(lambda: duty.got, what="the first")
            time_passes(rows)
        wait_until(lambda: states(rows) == ["sent", "sent"], what="all")
    assert duty.titles == ["【一般】试验区局：求助", "【严重】试验区局：求助"]
    assert "，加重：" in duty.got[1]["message"]
    assert rows("SELECT alerts FROM incident") == [{"alerts": 1000}]


@pytest.mark.usefixtures("notifier")
def test_many_incidents_in_a_short_time_are_two_messages_with_the_worst_of_them(conn, rows, lead):
    with webhook() as duty:
        lead("duty", duty.address)
        say(conn, sos(0, GENERAL))
        wait_until(lambda: states(rows) == ["sent"], what="the first")
        say(conn, *[sos(number, SERIOUS if number % 20 == 0 else GENERAL) for number in range(1, 101)])
        assert len(duty.got) == 1
        time_passes(rows)
        wait_until(lambda: states(rows) == ["sent"] * 101, what="all of them")
        assert len(duty.got) == 2
    assert duty.titles[1] == "【严重】试验区局：100 起事件"
    lines = duty.got[1]["message"].splitlines()
    assert [line[15:17] for line in lines[:5]] == ["严重"] * 5
    assert lines[5:] == ["……另有 95 起"]
    assert len(rows("SELECT DISTINCT message FROM notification")) == 2


def test_two_senders_send_a_notification_once(url, conn, rows, lead, data_dir):
    one, two = (closing(Notifier(url, data_dir, (HERE,))) for _ in range(2))
    with webhook() as duty, one, two:
        lead("duty", duty.address)
        for number in range(20):
            say(conn, sos(number))
            wait_until(lambda: "queued" not in states(rows) and "sending" not in states(rows), what="sent")
            time_passes(rows)
    assert len(duty.got) == 20


def test_what_a_sender_left_behind_is_sent_when_its_lease_is_over(url, conn, rows, lead, data_dir):
    with webhook() as duty:
        lead("duty", duty.address)
        say(conn, sos())
        claim = {"message": "gone", "lease_s": 30, "lines": 5}
        assert fetch(conn, "write/claim_notifications", {"district": HERE, "channel": "duty", **claim})
        conn.commit()
        with closing(Notifier(url, data_dir, (HERE,))):
            lead("other", duty.address, severity=GENERAL)
            say(conn, sos(2))
            wait_until(lambda: states(rows) == ["sending", "sent", "sent"], what="the others sent")
            rows("UPDATE notification SET leased_until = now() WHERE state = 'sending' RETURNING 1")
            time_passes(rows)
            wait_until(lambda: states(rows) == ["sent"] * 3, what="the left one sent")


@pytest.mark.usefixtures("notifier")
def test_a_channel_without_an_address_says_so_and_is_called_once_it_has_one(conn, rows, lead, data_dir):
    with webhook() as duty:
        lead("duty", duty.address)
        (data_dir / "channels" / f"{HERE}-duty").unlink()
        say(conn, sos())
        wait_until(lambda: rows("SELECT FROM notify_channel WHERE error = 'no_address'"), what="no_address")
        lead("duty", duty.address)
        wait_until(lambda: states(rows) == ["sent"], what="sent")


@pytest.mark.usefixtures("notifier")
def test_an_address_is_neither_in_the_database_nor_in_the_log(conn, rows, lead, data_dir, caplog):
    caplog.set_level(logging.DEBUG)
    kept = data_dir / "channels" / f"{HERE}-duty"
    with webhook(401) as duty:
        lead("duty", duty.address)
        say(conn, sos())
        wait_until(lambda: rows("SELECT FROM notify_channel WHERE error = 'http_401'"), what="http_401")
    assert kept.stat().st_mode & 0o777 == 0o600
    assert "hush-hush" in kept.read_text()
    assert "not told" in caplog.text
    assert "hush-hush" not in caplog.text
    for table in ("notification", "notify_channel", "notify_route"):
        assert "hush-hush" not in str(rows(f"SELECT * FROM {table}"))


def test_a_channel_that_is_closed_is_told_nothing_more(conn, rows, lead):
    lead("duty", "json://127.0.0.1:9")
    say(conn, sos(1))
    fetch(conn, "write/close_notify_channel", {"district": HERE, "channel": "duty"})
    say(conn, sos(2))
    conn.commit()
    assert rows("SELECT state, error FROM notification") == [{"state": "failed", "error": "closed"}]


def test_the_screen_reads_the_notifications_of_its_units_and_writes_none(url, conn, lead):
    lead("duty", "json://127.0.0.1:9")
    say(conn, sos(1), sos(2, path=tiny.PATH_3))
    with connect(url, DASHBOARD) as screen:
        screen.execute(f"SET gridward.district = '{HERE}'".encode())
        seen = {}
        for path in (str(HERE), f"{HERE}/01", f"{HERE}/03"):
            screen.execute(f"SET gridward.path = '{path}'".encode())
            seen[path] = len(screen.execute("SELECT FROM scoped.notification").fetchall())
        assert seen == {str(HERE): 2, f"{HERE}/01": 1, f"{HERE}/03": 0}
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            screen.execute("UPDATE scoped.notification SET state = 'sent'")


def test_an_outbox_of_another_district_is_left_alone(url, conn, rows, lead, data_dir):
    with webhook() as ours, webhook() as theirs, closing(Notifier(url, data_dir, (HERE,))):
        lead("duty", theirs.address, OTHER)
        lead("duty", ours.address, HERE)
        say(conn, sos(district=OTHER))
        say(conn, sos(district=HERE))
        wait_until(lambda: sorted(states(rows)) == ["queued", "sent"], what="ours sent")
        assert theirs.got == []
