"""A worker's answer for a visit that is doubted: kept once, and in the incident's history."""

import pytest

from ingest.contract.orders import ResolveIncident
from tests.room import NOW, minutes
from tests.sql.test_evidence import HOME, WAIT_M, room, visit, walk, weigh, world  # noqa: F401  fixtures

WORDS = "手机没电，同事代为拍照"


def appeal(room, minute, visit_id, worker="W1", **said):  # noqa: F811
    return room.hear(f"worker/{worker}/appeal", minute, {"visit": visit_id, "text": WORDS}, **said)


def kept(room):  # noqa: F811
    return room.rows("SELECT worker_id, visit_id, text, at FROM visit_appeal ORDER BY at")


def history(room):  # noqa: F811
    return room.rows(
        "SELECT actor, params ->> 'text' AS text, at, state FROM alert_event WHERE event = 'commented'"
    )


@pytest.fixture
def doubted(room):  # noqa: F811
    """The message of a visit made up at home, which has become an incident."""
    walk(room, -10, 10, lon=HOME)
    name = visit(room, 4)
    room.tick(4 + WAIT_M)
    room.tick(5 + WAIT_M)
    assert room.open("visit_doubtful") == [f"visit:W1:{name}"]
    return name


def test_what_the_worker_says_stands_in_the_incidents_history_and_ends_nothing(room, doubted):  # noqa: F811
    appeal(room, 30, doubted)
    at = NOW + minutes(30)
    assert kept(room) == [("W1", doubted, WORDS, at)]
    assert history(room) == [("W1", WORDS, at, "raised")]
    assert room.open("visit_doubtful") == [f"visit:W1:{doubted}"]


def test_the_same_message_again_is_said_once(room, doubted):  # noqa: F811
    for came in (30, 31):
        appeal(room, 30, doubted, id="a1", came=came)
    assert len(kept(room)) == len(history(room)) == 1


def test_it_is_heard_after_the_end_too(room, doubted):  # noqa: F811
    ((incident,),) = room.rows("SELECT incident_id FROM alert WHERE rule = 'visit_doubtful'")
    assert room.order(ResolveIncident(incident, "resolved", "已核实"), 20) == ("done", None)
    appeal(room, 30, doubted)
    assert [state for *_, state in history(room)] == ["resolved"]


def test_of_a_visit_that_nobody_doubts_it_is_kept_with_the_visit(room):  # noqa: F811
    walk(room, -10, 10)
    name = visit(room, 4)
    weigh(room, 4 + WAIT_M)
    appeal(room, 30, name)
    assert [row[1] for row in kept(room)] == [name]
    assert history(room) == []


@pytest.mark.parametrize("worker", ["W1", "W2"])
def test_about_no_visit_of_the_workers_own_it_is_rejected(room, worker):  # noqa: F811
    name = visit(room, 4) if worker == "W2" else "m404"
    appeal(room, 30, name, worker)
    assert room.rows("SELECT reason FROM rejected_message") == [(f"unknown_visit: {name}",)]
