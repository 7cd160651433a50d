"""Papers that come as print jobs are kept as they were, once, and find their visits by number or by time."""

import pytest
from escpos.printer import Dummy

from db.connect import Scope, enter, fetch
from ingest.contract.delivery import Delivery
from ingest.decoders import decode_all
from tests import tiny
from tests.room import NOW, minutes
from tests.sql.test_evidence import WAIT_M, found, room, visit, walk, weigh, world  # noqa: F401  fixtures


def job(*lines):
    printer = Dummy()
    for line in lines:
        printer._raw(f"{line}\n".encode("gb18030"))
    printer.cut()
    return printer.output


def printed(room, minute, payload, printer="R1"):  # noqa: F811
    topic = f"gw/v1/{tiny.DISTRICT}/printer/{printer}/receipt"
    delivery = Delivery(topic, payload, 1, False, False, 1, 1, NOW + minutes(minute), True)
    room.pipeline.take(decode_all([delivery]))


def papers(room):  # noqa: F811
    return room.rows("SELECT at, number, body, language FROM receipt ORDER BY ts")


def test_a_job_is_kept_with_its_bytes_and_its_readable_text(room):  # noqa: F811
    payload = job("责令改正通知书", "文书编号：JC-2026-0001")
    printed(room, 3, payload)
    ((at, number, body, language),) = papers(room)
    assert (at, number, language) == (NOW + minutes(3), "JC-2026-0001", "escpos")
    assert body.splitlines()[:2] == ["责令改正通知书", "文书编号：JC-2026-0001"]
    assert room.rows("SELECT job FROM receipt") == [(payload,)]


def test_the_same_job_again_within_ten_minutes_is_the_same_paper_and_later_another(room):  # noqa: F811
    for minute in (0, 1, 9.9, 11, 15):
        printed(room, minute, job("甲味馆"))
    printed(room, 1, job("乙味馆"))
    printed(room, 1, job("甲味馆"), "R1")
    assert [at for at, *_ in papers(room)] == [NOW, NOW + minutes(1), NOW + minutes(11)]


def test_the_same_job_twice_in_one_batch_is_one_paper(room):  # noqa: F811
    topic = f"gw/v1/{tiny.DISTRICT}/printer/R1/receipt"
    batch = [
        Delivery(topic, job("甲味馆"), 1, False, False, 1, n, NOW + minutes(n / 60), True) for n in range(3)
    ]
    room.pipeline.take(decode_all(batch))
    assert len(papers(room)) == 1


def test_a_job_that_prints_nothing_is_refused(room):  # noqa: F811
    printed(room, 0, b"\x1b@\x1ba\x01")
    assert room.rows("SELECT reason FROM rejected_message") == [("nothing_printed: a job in escpos",)]


@pytest.mark.parametrize(
    ("lines", "receipt_no", "minute", "rings"),
    [
        (("文书编号：JC-2026-0001",), "JC-2026-0001", 25, False),
        (("责令改正",), None, 20, False),
        (("文书编号：JC-2026-0001",), None, 20, False),
        (("责令改正",), "JC-2026-0001", 20, False),
        (("责令改正",), None, -20, True),
        (("文书编号：JC-2026-0009",), "JC-2026-0001", 20, True),
    ],
    ids=["number", "time", "the visit names none", "the paper names none", "before the visit", "another's"],
)
def test_a_visit_that_found_something_has_its_paper(room, lines, receipt_no, minute, rings):  # noqa: F811
    said = {} if receipt_no is None else {"receipt_no": receipt_no}
    room.visit(0, **said)
    printed(room, minute, job(*lines))
    room.tick(30)
    room.tick(31)
    assert (room.raised("receipt_missing") == 1) is rings


def test_a_paper_without_a_number_wants_a_visit_about_its_time(room):  # noqa: F811
    room.visit(0, "normal")
    printed(room, 10, job("甲味馆"))
    printed(room, 60, job("乙味馆"))
    room.tick(41)
    assert room.open("inspection_missing") == []
    room.tick(91)
    assert room.open("inspection_missing") == ["device:R1"]
    room.visit(62, "normal")
    room.tick(95)
    assert room.open("inspection_missing") == []


def test_a_viewer_sees_each_paper_with_its_visit_and_how_they_found_each_other(room):  # noqa: F811
    first, second = room.visit(-40, receipt_no="JC-1"), room.visit(-5)
    printed(room, -40, job("文书编号：JC-1"))
    printed(room, -4, job("甲味馆"))
    printed(room, -1, job("文书编号：JC-404"), "R1")
    with room.conn.transaction(force_rollback=True):
        room.conn.execute("SET LOCAL ROLE gw_dashboard")
        enter(room.conn, Scope(tiny.DISTRICT, str(tiny.DISTRICT)))
        asked = {"unit": None, "text": None, "ties": None, "limit": 10}
        listed = fetch(room.conn, "read/papers", asked)
        assert [row["tie"] for row in listed] == ["by_time", "by_time", "by_number"]
        assert [row["premises_name"] for row in listed] == ["甲味馆"] * 3
        cards = [fetch(room.conn, "read/paper_card", {"id": row["paper"]})[0] for row in listed]
        assert [card["visit"] for card in cards] == [f"W1:{second}", f"W1:{second}", f"W1:{first}"]
        assert bytes(cards[1]["job"]) == job("甲味馆")
        counted = fetch(room.conn, "read/papers_by_tie", asked)
        assert {row["code"]: row["n"] for row in counted}.keys() <= {"by_time", "by_number"}
        assert [row["tie"] for row in fetch(room.conn, "read/papers", asked | {"ties": ["by_number"]})] == [
            "by_number"
        ]
        assert fetch(room.conn, "read/papers", asked | {"unit": f"{tiny.DISTRICT}/02"}) == []


def test_a_paper_printed_during_a_visit_speaks_for_it(room):  # noqa: F811
    walk(room, -10, 10)
    name = visit(room, 4)
    printed(room, 3, job("甲味馆"))
    weigh(room, 4 + WAIT_M)
    assert found(room, name, "receipt")[0] == "printed"
