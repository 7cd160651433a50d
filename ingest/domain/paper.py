"""What a print job puts on paper, whatever language the printer speaks."""

from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

Align = Literal["left", "center", "right"]

CUT = "- - - - -"
"""Stands in the readable text where the paper was cut."""


class Line(Struct, frozen=True):
    """A line of text; `wide` and `high` say how many times the usual size its letters are."""

    text: str
    align: Align = "left"
    bold: bool = False
    underline: bool = False
    wide: int = 1
    high: int = 1


class Code(Struct, frozen=True):
    """A symbol for scanners: `kind` qr, pdf417, or a barcode's name."""

    kind: str
    content: str
    align: Align = "left"


class Image(Struct, frozen=True):
    """Dots, a row after the other from the top, each row of whole bytes, the highest bit left; 1 is black."""

    width: int
    height: int
    rows: bytes
    align: Align = "left"


class Cut(Struct, frozen=True):
    """The paper was cut, or the label ended."""


Mark = Line | Code | Image | Cut


def shown(kind: str, content: str) -> str:
    """How a code stands in the readable text."""
    return f"[{kind}: {content}]"


class Paper(Struct, frozen=True):
    """The marks from the top to the bottom."""

    marks: list[Mark]

    def text(self) -> str:
        """What people can read of it, codes in brackets; empty lines at its ends are dropped."""
        return "\n".join(self._lines()).strip("\n")

    def codes(self) -> list[str]:
        """What scanners read, in order."""
        return [mark.content for mark in self.marks if isinstance(mark, Code)]

    def _lines(self) -> Iterator[str]:
        for mark in self.marks:
            match mark:
                case Line():
                    yield mark.text.rstrip()
                case Code():
                    yield shown(mark.kind, mark.content)
                case Cut():
                    yield CUT
