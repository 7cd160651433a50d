"""CPCL and TSPL, which label printers speak: lines of commands to paper.

Both place what they print by dots; who reads a supervision paper wants its lines from the top to the bottom,
so the marks are put in order of their height, then from left to right.
"""

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter

from ingest.domain.encoding import unsaid
from ingest.domain.paper import Code, Cut, Line, Mark, Paper

Placed = tuple[int, int, Mark]
"""Down and across, in dots, and the mark."""

_WORDS = re.compile(rb'"(?:[^"\\]|\\.)*"|[^\s,]+')
_CPCL_TEXT = {b"TEXT", b"T", b"TEXT90", b"TEXT180", b"TEXT270", b"VTEXT", b"VT"}
_CPCL_BARS = {b"BARCODE", b"B", b"VBARCODE", b"VB"}
_TSPL = re.compile(rb"^\s*(SIZE|CLS|DIRECTION|CODEPAGE|GAP)\b", re.MULTILINE)
_TSPL_PRINT = re.compile(rb"^\s*PRINT\s+\d", re.MULTILINE)
COPIES = 50
"""Labels of one job at most."""


def is_cpcl(job: bytes) -> bool:
    """Whether it begins as CPCL does: ``! 0 200 200 210 1``."""
    return re.match(rb"\s*!\s+-?\d+\s+\d+\s+\d+\s+\d+\s+\d+", job) is not None


def is_tspl(job: bytes) -> bool:
    """Whether it has TSPL's commands, and prints."""
    return bool(_TSPL.search(job) and _TSPL_PRINT.search(job))


def read_cpcl(job: bytes) -> Paper:
    """The labels that the job prints."""
    marks: list[Mark] = []
    placed: list[Placed] = []
    lines = iter(job.splitlines())
    for line in lines:
        words = line.split(maxsplit=5)
        command = words[0].upper() if words else b""
        if command in _CPCL_TEXT and len(words) == 6:
            placed.append(_at(words[3:5], Line(unsaid(words[5]))))
        elif command in _CPCL_BARS and len(words) > 1 and words[1].upper() == b"QR":
            placed.append(_cpcl_qr(words, lines))
        elif command in _CPCL_BARS and len(line.split()) >= 8:
            kind, *_, x, y, content = line.split(maxsplit=7)[1:]
            placed.append(_at((x, y), Code(kind.decode("ascii", "replace").lower(), unsaid(content))))
        elif command in (b"PRINT", b"POPRINT"):
            marks += _in_order(placed)
            placed = []
    return Paper(marks + (_in_order(placed) if placed else []))


def read_tspl(job: bytes) -> Paper:
    """The labels that the job prints, each as often as it says."""
    marks: list[Mark] = []
    placed: list[Placed] = []
    for line in job.splitlines():
        words = [word.strip(b'"') for word in _WORDS.findall(line)]
        command = words[0].upper() if words else b""
        if command == b"CLS":
            placed = []
        elif command in (b"TEXT", b"BLOCK") and len(words) >= 4:
            placed.append(_at(words[1:3], Line(unsaid(words[-1]))))
        elif command == b"QRCODE" and len(words) >= 4:
            placed.append(_at(words[1:3], Code("qr", unsaid(words[-1]))))
        elif command == b"BARCODE" and len(words) >= 5:
            kind = words[3].decode("ascii", "replace").lower()
            placed.append(_at(words[1:3], Code(kind, unsaid(words[-1]))))
        elif command == b"PRINT":
            sets = [int(word) for word in words[1:3] if word.isdigit()]
            marks += _in_order(placed) * min(COPIES, math.prod(sets))
    return Paper(marks)


def _cpcl_qr(words: list[bytes], lines: Iterator[bytes]) -> Placed:
    """The lines until ENDQR are its content, after a comma that ends how it is made."""
    content = b"".join(line.strip() for line in iter(lambda: next(lines, b"ENDQR"), b"ENDQR"))
    return _at(words[2:4], Code("qr", unsaid(content.partition(b",")[2] or content)))


def _at(place: Sequence[bytes], mark: Mark) -> Placed:
    """At `place`, across and down; what is no number is at the edge."""
    across, down = (int(word) if word.lstrip(b"-").isdigit() else 0 for word in place)
    return down, across, mark


def _in_order(placed: Iterable[Placed]) -> list[Mark]:
    return [mark for _, _, mark in sorted(placed, key=itemgetter(0, 1))] + [Cut()]
