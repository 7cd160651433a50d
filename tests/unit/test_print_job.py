"""Print jobs in whichever language: label printers' too; and the number by which a paper finds its visit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.domain.paper import CUT, Code, Line, Paper
from ingest.domain.print_job import language, number, read

CPCL = """! 0 200 200 400 1
TEXT 4 0 30 90 当事人：甲味馆
T 4 0 30 40 责令改正通知书
BARCODE 128 1 1 50 30 200 JC-2026-0001
B QR 30 260 M 2 U 6
MA,https://gw.example/JC-2026-0001
ENDQR
FORM
PRINT
"""
TSPL = """SIZE 40 mm,30 mm
GAP 2 mm,0
CLS
TEXT 50,90,"TSS24.BF2",0,1,1,"当事人：甲味馆"
TEXT 50,50,"TSS24.BF2",0,1,1,"责令改正通知书, 一式两份"
QRCODE 50,150,L,5,A,0,"JC-2026-0001"
BARCODE 50,200,"128",80,1,0,2,4,"JC-2026-0001"
PRINT 1,2
"""


def text(job: str, encoding: str = "gb18030") -> list[str]:
    raw = job.encode(encoding)
    written_in = language(raw)
    assert written_in is not None
    return read(raw, written_in).text().splitlines()


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_cpcl_is_read_from_the_top_to_the_bottom(encoding: str) -> None:
    assert text(CPCL, encoding) == [
        "责令改正通知书",
        "当事人：甲味馆",
        "[128: JC-2026-0001]",
        "[qr: https://gw.example/JC-2026-0001]",
        CUT,
    ]


def test_tspl_is_read_from_the_top_to_the_bottom_as_often_as_it_is_printed() -> None:
    label = [
        "责令改正通知书, 一式两份",
        "当事人：甲味馆",
        "[qr: JC-2026-0001]",
        "[128: JC-2026-0001]",
        CUT,
    ]
    assert text(TSPL) == label * 2


def test_a_cleared_label_is_not_printed_and_a_thousand_copies_are_not_kept() -> None:
    assert text('SIZE 1,1\nCLS\nTEXT 1,1,"a",0,1,1,"no"\nCLS\nTEXT 1,1,"a",0,1,1,"yes"\nPRINT 1\n') == [
        "yes",
        CUT,
    ]
    assert len(text('CLS\nTEXT 1,1,"a",0,1,1,"x"\nPRINT 1000,1000\n')) == 100


@pytest.mark.parametrize(
    ("job", "what"),
    [
        (CPCL.encode(), "cpcl"),
        (TSPL.encode(), "tspl"),
        (b"\x1b@\n", "escpos"),
        (b"SIZE of the shop: 40\n", None),
        (b"! not a label", None),
        (b"", None),
    ],
)
def test_the_language_is_known_by_how_a_job_begins_and_what_it_says(job: bytes, what: str | None) -> None:
    assert language(job) == what


@pytest.mark.parametrize("name", ["escpos", "cpcl", "tspl"])
@given(job=st.binary(max_size=300))
def test_whatever_the_bytes_are_there_is_a_paper(name: str, job: bytes) -> None:
    read(job, name).text()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("lines", "codes", "found"),
    [
        (["文书编号：JC-2026-0001"], [], "JC-2026-0001"),
        (["编号 2026/17"], [], "2026/17"),
        (["Receipt No. 2026-17"], ["4901234567894"], "2026-17"),
        (["Another thing", "Shop No. 7"], [], None),
        (["甲味馆"], ["https://gw.example/v?no=JC-2026-0001"], "JC-2026-0001"),
        (["甲味馆"], ["JC-2026-0001"], "JC-2026-0001"),
        (["甲味馆"], ["https://gw.example/about"], None),
        ([], [], None),
    ],
)
def test_the_number_is_what_the_text_calls_so_else_what_a_code_holds(
    lines: list[str], codes: list[str], found: str | None
) -> None:
    assert number(Paper([*map(Line, lines), *(Code("qr", code) for code in codes)])) == found
