"""The audit log as a chain: every row carries the hash of the one before, so none can be changed alone."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from typing import Any, Literal

from msgspec import Struct, structs

from ingest.domain.canonical import canonical, sha256

NOTHING = "0" * 64
"""Stands for the hash of the row before the first."""

Fault = Literal["changed", "out_of_order", "missing"]


class Entry(Struct, frozen=True):
    """What is to be written down: who did what to what, when."""

    at: datetime
    actor: str
    act: str
    subject: str
    params: dict[str, Any]


class Head(Struct, frozen=True):
    """How far a district's log has come: its last row's number and hash."""

    number: int = 0
    hash: str = NOTHING


class Link(Entry, frozen=True):
    """A row of the log; hashes in hexadecimal digits."""

    district: int
    number: int
    prev: str
    hash: str = ""

    def digest(self) -> str:
        """What its hash has to be."""
        return sha256(
            {
                "district": self.district,
                "number": self.number,
                "at": instant(self.at),
                "actor": self.actor,
                "act": self.act,
                "subject": self.subject,
                "params": self.params,
                "prev": self.prev,
            }
        )

    def fault(self, after: Head) -> Fault | None:
        """What is wrong with it as the row after `after`, which was right; None: nothing."""
        if self.number != after.number + 1:
            return "missing"
        if self.prev != after.hash:
            return "out_of_order"
        return None if self.digest() == self.hash else "changed"


def chained(district: int, after: Head, entries: Iterable[Entry]) -> Iterator[Link]:
    """The entries as the rows that follow `after`, in their order."""
    for entry in entries:
        link = Link(**structs.asdict(entry), district=district, number=after.number + 1, prev=after.hash)
        link = structs.replace(link, hash=link.digest())
        after = Head(link.number, link.hash)
        yield link


def instant(at: datetime) -> str:
    """In UTC to the microsecond, as it is hashed: ``2026-11-28T10:00:00.000000Z``."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def statement(district: int, day: date, head: Head) -> bytes:
    """What a daily root says, as it is signed and stamped: how far the log had come when the day was over."""
    return canonical({"district": district, "day": day.isoformat(), "number": head.number, "hash": head.hash})
