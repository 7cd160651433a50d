"""ESC/POS, which receipt printers speak: bytes to paper, by the lengths that their commands have.

Portable printers are mostly sent GB18030 without a word about it, some UTF-8: a line for which no code page
was chosen is read as that of the two which makes more everyday characters of it, and as CP437 if it is
neither. A command that is not known is taken to have one parameter, so that the text after it is still read.
"""

import re
from collections.abc import Callable

from msgspec.structs import replace

from ingest.domain.encoding import plain, unsaid
from ingest.domain.paper import Align, Code, Cut, Image, Line, Mark, Paper

ESC, FS, GS, LF, CR, HT, NUL = 0x1B, 0x1C, 0x1D, 0x0A, 0x0D, 0x09, 0x00
_FIRST = re.compile(rb"[\t\n\r\x20-\xff]*[\x1b\x1c\x1d][!-~]")
MOST_DOTS = 1024 * 8192
"""An image of more is not kept."""
MOST_LINES = 20
"""So many lines of paper at most are fed at once."""

_PAGES = {0: "cp437", 2: "cp850", 3: "cp860", 4: "cp863", 5: "cp865", 16: "cp1252", 17: "cp866", 18: "cp852",
          19: "cp858"}  # fmt: skip
_ALIGNS: tuple[Align, ...] = ("left", "center", "right")
_BARS = ("upc_a", "upc_e", "ean13", "ean8", "code39", "itf", "codabar", "code93", "code128")
_BY_LENGTH = 65
"""From this number on, a barcode's length stands before it; below, a zero ends it."""
_STORE_SYMBOL, _PRINT_SYMBOL, _PDF417 = 80, 81, 48
_STORE_GRAPHICS, _PRINT_GRAPHICS = 112, (2, 50)
_CUTS_WITH_FEED = (65, 66, 97, 98, 103, 104)
_WIDE_IMAGES = (32, 33)
"""Bit images of 24 dots a column, three bytes each."""


def read(job: bytes) -> Paper:
    """The paper that the job prints; whatever the bytes are, there is one."""
    return _Printer(job).print()


def is_escpos(job: bytes) -> bool:
    """Whether a command of it comes first, or after nothing but text."""
    return _FIRST.match(job) is not None


class _Printer:
    """Takes a job from its first byte to its last; what it is told holds until it is told otherwise."""

    def __init__(self, job: bytes) -> None:
        self._job, self._at = job, 0
        self._marks: list[Mark] = []
        self._held, self._style, self._page = bytearray(), Line(""), ""
        self._chinese, self._held_style = False, Line("")
        self._symbol_held, self._graphics_held = b"", (0, 0, b"")

    def print(self) -> Paper:
        """All of the job."""
        handlers: dict[int, Callable[[], None]] = {ESC: self._esc, GS: self._gs, FS: self._fs}
        while self._at < len(self._job):
            byte = self._take()
            if handler := handlers.get(byte):
                handler()
            elif byte == LF:
                self._feed()
            elif byte == HT:
                self._write(b" ")
            elif byte >= 0x20:
                self._write(bytes([byte]))
        if self._held:
            self._feed()
        return Paper(self._marks)

    def _take(self, n: int = 1) -> int:
        """The next `n` bytes as a number, the lowest first; missing ones are zero."""
        return int.from_bytes(self._bytes(n), "little")

    def _bytes(self, n: int) -> bytes:
        found = self._job[self._at : self._at + n]
        self._at += n
        return found

    def _write(self, text: bytes) -> None:
        if not self._held:
            self._held_style = self._style
        self._held += text

    def _feed(self, lines: int = 1) -> None:
        style = self._held_style if self._held else self._style
        self._marks.append(replace(style, text=self._decoded(bytes(self._held))))
        self._marks += [Line("")] * max(0, lines - 1)
        self._held.clear()

    def _decoded(self, text: bytes) -> str:
        if self._page and not self._chinese:
            return plain(text.decode(self._page, "replace"))
        return unsaid(text)

    def _put(self, mark: Mark) -> None:
        if self._held:
            self._feed()
        self._marks.append(mark)

    def _esc(self) -> None:
        command = self._take()
        match chr(command):
            case "@":
                self._style, self._page, self._chinese = Line(""), "", False
            case "a":
                self._style = replace(self._style, align=_ALIGNS[self._take() % 48 % 3])
            case "E" | "G":
                self._style = replace(self._style, bold=bool(self._take() & 1))
            case "-":
                self._style = replace(self._style, underline=self._take() % 48 > 0)
            case "!":
                self._mode(self._take())
            case "d":
                self._feed(max(1, min(self._take(), MOST_LINES)))
            case "J":
                self._bytes(1)
                self._feed()
            case "t":
                self._page = _PAGES.get(self._take(), "")
            case "*":
                mode, columns = self._take(), self._take(2)
                self._columns(24 if mode in _WIDE_IMAGES else 8, columns)
            case "p":
                self._bytes(3)
            case "$" | "\\":
                self._bytes(2)
            case "D":
                while self._at < len(self._job) and self._take() != NUL:
                    pass
            case "i" | "m":
                self._put(Cut())
            case "2" | "<" | "L" | "S" | "\x0c":
                pass
            case "&" | "c":
                self._bytes(2)
            case _:
                self._bytes(1)

    def _mode(self, bits: int) -> None:
        self._style = replace(
            self._style,
            bold=bool(bits & 8),
            high=2 if bits & 16 else 1,
            wide=2 if bits & 32 else 1,
            underline=bool(bits & 128),
        )

    def _fs(self) -> None:
        command = self._take()
        if command == ord("&"):
            self._chinese = True
        elif command == ord("."):
            self._chinese = False
        elif command == ord("!"):
            bits = self._take()
            self._style = replace(
                self._style, wide=2 if bits & 4 else 1, high=2 if bits & 8 else 1, underline=bool(bits & 128)
            )
        else:
            self._bytes(2 if command == ord("S") else 1)

    def _gs(self) -> None:
        command = self._take()
        match chr(command):
            case "!":
                size = self._take()
                self._style = replace(self._style, wide=(size >> 4 & 7) + 1, high=(size & 7) + 1)
            case "V":
                kind = self._take()
                self._bytes(1 if kind in _CUTS_WITH_FEED else 0)
                self._put(Cut())
            case "v":
                self._raster()
            case "k":
                self._barcode()
            case "(":
                self._function()
            case "8":
                self._bytes(1)
                self._graphics(self._bytes(self._take(4)))
            case "L" | "W" | "P" | "$" | "\\":
                self._bytes(2)
            case "*":
                across, down = self._take(), self._take()
                self._bytes(8 * across * down)
            case _:
                self._bytes(1)

    def _raster(self) -> None:
        self._bytes(2)
        across, height = self._take(2), self._take(2)
        self._image(8 * across, height, self._bytes(across * height))

    def _columns(self, high: int, columns: int) -> None:
        """A bit image comes column by column; it is turned into rows."""
        deep = high // 8
        data = self._bytes(columns * deep).ljust(columns * deep, b"\0")
        across = -(-columns // 8)
        rows = bytearray(across * high)
        for column in range(columns):
            bits = int.from_bytes(data[column * deep : (column + 1) * deep], "big")
            for row in range(high):
                if bits >> (high - 1 - row) & 1:
                    rows[row * across + column // 8] |= 0x80 >> column % 8
        self._image(8 * across, high, bytes(rows))

    def _image(self, width: int, height: int, rows: bytes) -> None:
        if 0 < width * height <= MOST_DOTS:
            whole = rows.ljust(width // 8 * height, b"\0")
            self._put(Image(width, height, whole, self._style.align))

    def _barcode(self) -> None:
        kind = self._take()
        if kind < _BY_LENGTH:
            end = self._job.find(NUL, self._at)
            content = self._bytes((len(self._job) if end < 0 else end) - self._at)
            self._bytes(1)
        else:
            content = self._bytes(self._take())
        number = kind if kind < _BY_LENGTH else kind - _BY_LENGTH
        name = _BARS[number] if number < len(_BARS) else f"barcode {kind}"
        self._put(Code(name, unsaid(content.removeprefix(b"{B")), self._style.align))

    def _function(self) -> None:
        function, length = self._take(), self._take(2)
        data = self._bytes(length)
        if function == ord("L"):
            self._graphics(data)
        elif function == ord("k") and len(data) > 1:
            self._symbol(data[0], data[1], data[3:])

    def _symbol(self, kind: int, what: int, content: bytes) -> None:
        if what == _STORE_SYMBOL:
            self._symbol_held = content
        elif what == _PRINT_SYMBOL and self._symbol_held:
            name = "pdf417" if kind == _PDF417 else "qr"
            self._put(Code(name, unsaid(self._symbol_held), self._style.align))

    def _graphics(self, data: bytes) -> None:
        """An image is stored by one command, with its size, and printed by another."""
        what = data[1] if len(data) > 1 else 0
        if what == _STORE_GRAPHICS and len(data) > 10:
            width, height = (int.from_bytes(data[at : at + 2], "little") for at in (6, 8))
            self._graphics_held = (8 * -(-width // 8), height, data[10:])
        elif what in _PRINT_GRAPHICS and self._graphics_held:
            self._image(*self._graphics_held)
