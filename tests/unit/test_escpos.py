"""ESC/POS jobs, from a real client and by the bytes of every command that has a length of its own."""

import pytest
from escpos.printer import Dummy
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as Picture

from ingest.domain.escpos import is_escpos, read
from ingest.domain.paper import CUT, Code, Cut, Image, Line


def printed(job: bytes) -> str:
    return read(job).text()


def gb(text: str) -> bytes:
    return text.encode("gb18030")


def test_a_chinese_notice_from_a_real_client_is_read_with_its_styles_codes_and_cut() -> None:
    printer = Dummy()
    printer.set(align="center", bold=True, double_width=True, double_height=True)
    printer._raw(gb("责令改正通知书\n"))
    printer.set(align="left", bold=False, normal_textsize=True)
    printer._raw(gb("当事人：甲味馆\n"))
    printer.qr("https://gw.example/v?no=JC-2026-0001", native=True)
    printer.barcode("{BJC-2026-0001", "CODE128", function_type="B")
    printer.textln("Grüße")
    printer.cut()
    paper = read(printer.output)
    assert [line.strip() for line in paper.text().splitlines() if line.strip()] == [
        "责令改正通知书",
        "当事人：甲味馆",
        "[qr: https://gw.example/v?no=JC-2026-0001]",
        "[code128: JC-2026-0001]",
        "Grüße",
        CUT,
    ]
    assert paper.marks[0] == Line("责令改正通知书", "center", bold=True, wide=2, high=2)
    assert paper.marks[1] == Line("当事人：甲味馆")
    assert paper.codes() == ["https://gw.example/v?no=JC-2026-0001", "JC-2026-0001"]
    assert paper.marks[-1] == Cut()


@pytest.mark.parametrize("way", ["bitImageRaster", "bitImageColumn", "graphics"])
def test_a_picture_comes_out_as_it_was_however_the_client_sends_it(way: str) -> None:
    picture = Picture.new("1", (64, 24), 1)
    for x, y in [(0, 0), (5, 3), (63, 23), (40, 10)]:
        picture.putpixel((x, y), 0)
    printer = Dummy()
    printer.image(picture, impl=way)
    (image,) = [mark for mark in read(printer.output).marks if isinstance(mark, Image)]
    dots = Picture.frombytes("1", (image.width, image.height), image.rows)
    black = [(x, y) for y in range(image.height) for x in range(image.width) if dots.getpixel((x, y))]
    assert black == [(0, 0), (5, 3), (40, 10), (63, 23)]


@pytest.mark.parametrize(
    "command",
    [
        b"\x1b@",
        *(b"\x1b" + name + b"\x01" for name in (b"a", b"E", b"!", b"t", b"-", b"G", b"3", b" ", b"M")),
        *(b"\x1d" + name + b"\x01" for name in (b"!", b"h", b"w", b"H", b"B", b"f")),
        b"\x1b*\x00\x03\x00abc",
        b"\x1b*\x21\x02\x00abcdef",
        b"\x1dv0\x00\x02\x00\x03\x00abcdef",
        b"\x1d(L\x02\x00\x30\x33",
        b"\x1d(k\x03\x00\x31\x43\x08",
        b"\x1d8L\x02\x00\x00\x00\x30\x33",
        b"\x1dk\x04ABC\x00",
        b"\x1dk\x49\x03ABC",
        b"\x1dV\x00",
        b"\x1dV\x42\x03",
        b"\x1bp\x00\x3c\x78",
        b"\x1c&",
        b"\x1c.",
        b"\x1cC\x00",
        b"\x1c!\x00",
        b"\x1c-\x00",
        b"\x1bD\x08\x10\x00",
        b"\x1b$\x10\x00",
        b"\x1dL\x10\x00",
        b"\x1dW\x80\x01",
        b"\x1b2",
    ],
    ids=repr,
)
def test_the_text_behind_a_command_is_read_whole_and_nothing_of_the_command_with_it(command: bytes) -> None:
    assert printed(b"A\n" + command + b"XYZ\n").splitlines()[-1] == "XYZ"


@pytest.mark.parametrize(
    ("job", "text"),
    [
        (gb("食品经营许可证\n"), "食品经营许可证"),
        ("食品经营许可证 已检查\n".encode(), "食品经营许可证 已检查"),
        (gb("联通\n"), "联通"),  # these four bytes are UTF-8, too
        (b"\x1bt\x00\xc9\xcd\xbb\n", "╔═╗"),
        (b"\x1bt\x10Caf\xe9\n", "Café"),
        (b"\x1bt\x00\x1c&" + gb("已检查\n"), "已检查"),
        (b"\x81\n", "ü"),
    ],
)
def test_text_is_read_in_the_page_that_was_chosen_else_as_what_it_looks_like(job: bytes, text: str) -> None:
    assert printed(job) == text


def test_a_line_keeps_the_style_in_which_it_began_and_a_last_one_needs_no_end() -> None:
    marks = read(b"\x1bE\x01bold\x1bE\x00 and not\n\x1ba\x02right").marks
    assert marks == [Line("bold and not", bold=True), Line("right", "right")]


def test_a_symbol_is_printed_when_it_is_said_as_often_as_it_is_said() -> None:
    store, show = b"\x1d(k\x06\x00\x31\x50\x30ABC", b"\x1d(k\x03\x00\x31\x51\x30"
    assert read(store).marks == []
    assert read(store + show + show).marks == [Code("qr", "ABC")] * 2
    pdf = store.replace(b"\x31\x50", b"\x30\x50") + show.replace(b"\x31\x51", b"\x30\x51")
    assert read(pdf).marks == [Code("pdf417", "ABC")]


@pytest.mark.parametrize("end", range(1, 8))
def test_a_job_that_breaks_off_in_a_command_is_read_as_far_as_it_came(end: int) -> None:
    assert printed((b"whole\n" + b"\x1dv0\x00\xff\xff\xff\xff")[: 6 + end]).startswith("whole")


@given(st.binary(max_size=400))
def test_whatever_the_bytes_are_there_is_a_paper_that_people_can_read(job: bytes) -> None:
    text = read(job).text()
    assert all(character.isprintable() or character == "\n" for character in text)


@given(
    st.lists(
        st.sampled_from([b"\x1b", b"\x1d", b"\x1c", b"(", b"k", b"v", b"L", b"8", b"*", b"V", b"\xff", b"a"])
    )
)
def test_no_heap_of_commands_breaks_it_nor_makes_it_huge(parts: list[bytes]) -> None:
    paper = read(b"".join(parts))
    assert all(len(mark.rows) <= 1 << 20 for mark in paper.marks if isinstance(mark, Image))


@pytest.mark.parametrize(
    ("payload", "taken"),
    [(b"\x1b@A", True), (gb("编号\n") + b"\x1dV\x00", True), (bytes(range(256)), False), (b"hello\n", False)],
)
def test_a_job_begins_with_a_command_or_with_text_before_one(payload: bytes, taken: bool) -> None:
    assert is_escpos(payload) is taken
