"""The archive of premises: the register's word and the field's, joined into how they stand.

Of each thing the field's newest word counts, whatever order its words arrive in, and however often. The
register's first word is older than any visit; where it says something else later, it is dated by that.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Generic, TypeVar

from msgspec import Struct
from msgspec.structs import asdict, replace

T = TypeVar("T")


class Latest(Struct, Generic[T], frozen=True):
    """What was said last of one thing, when it was so, by whom and in which message."""

    value: T
    at: datetime
    by: str
    cause: str

    @property
    def rank(self) -> tuple[datetime, str, str, str]:
        """Later is greater; of two of one instant always the same one is."""
        return (self.at, self.by, self.cause, repr(self.value))


class Spot(Struct, frozen=True):
    """Where premises stand: degrees, WGS-84, and the grid that it is in."""

    lon: float
    lat: float
    grid_id: str | None
    path: str


class Seen(Struct, frozen=True, omit_defaults=True):
    """What workers said of premises: of one report, or of all of them, `joined`."""

    status: Latest[str] | None = None
    """By which they are verified."""
    spot: Latest[Spot] | None = None
    sign: Latest[str] | None = None
    phone: Latest[str] | None = None
    tags: dict[str, Latest[bool]] = {}
    """A tag -> whether it was added (or else removed)."""


class Register(Struct, frozen=True):
    """What the register says of those things of which a worker may say otherwise."""

    status: str
    address: str | None
    tags: list[str]
    lon: float
    lat: float
    grid_id: str | None
    path: str
    status_since: datetime | None = None
    """None: since ever."""
    address_since: datetime | None = None


class Standing(Struct, frozen=True):
    """How premises stand, all in all."""

    status: str
    tags: list[str]
    lon: float
    lat: float
    grid_id: str | None
    path: str
    sign: str | None = None
    phone: str | None = None
    verified_at: datetime | None = None
    verified_by: str | None = None


def joined(one: Seen, other: Seen) -> Seen:
    """Of each thing the newer word of the two; which of them is which does not matter."""
    return Seen(
        _newer(one.status, other.status),
        _newer(one.spot, other.spot),
        _newer(one.sign, other.sign),
        _newer(one.phone, other.phone),
        _tags_of(one.tags, other.tags),
    )


def reworded(before: Register, now: Register, at: datetime) -> Register:
    """The register's word `now`, dated `at` as far as it says something else than before."""
    return replace(
        now,
        status_since=before.status_since if now.status == before.status else at,
        address_since=before.address_since if now.address == before.address else at,
    )


def standing(register: Register | None, seen: Seen) -> Standing:
    """How premises stand; those that no register has (None) must have been seen with a status and a spot.

    The status is the newest that either says. A spot that a worker found holds until the register has
    another address: its coordinates alone may be nothing but another guess at the same one. The register's
    tags are those it has, but for what workers removed, and with what they added.
    """
    status, spot, tags = seen.status, seen.spot, dict.fromkeys(register.tags if register else ())
    for tag, latest in sorted(seen.tags.items(), key=lambda one: (one[1].rank, one[0])):
        if latest.value:
            tags[tag] = None
        else:
            tags.pop(tag, None)
    if register is not None:
        status = _unless_outdated(status, register.status_since)
        spot = _unless_outdated(spot, register.address_since)
    where = spot.value if spot else register
    assert where is not None
    said = status.value if status else register.status if register else None
    assert said is not None
    return Standing(
        status=said,
        tags=list(tags),
        lon=where.lon,
        lat=where.lat,
        grid_id=where.grid_id,
        path=where.path,
        sign=seen.sign.value if seen.sign else None,
        phone=seen.phone.value if seen.phone else None,
        verified_at=seen.status.at if seen.status else None,
        verified_by=seen.status.by if seen.status else None,
    )


def changes(before: Standing, after: Standing) -> dict[str, tuple[Any, Any]]:
    """What is otherwise: name -> (before, after). Who verified it, and when, is no change."""
    was, now = asdict(before), asdict(after)
    return {
        name: (was[name], now[name])
        for name in now
        if was[name] != now[name] and name not in ("verified_at", "verified_by")
    }


def _newer(one: Latest[T] | None, other: Latest[T] | None) -> Latest[T] | None:
    if one is None or other is None:
        return one or other
    return max(one, other, key=lambda latest: latest.rank)


def _tags_of(one: Mapping[str, Latest[bool]], other: Mapping[str, Latest[bool]]) -> dict[str, Latest[bool]]:
    tags = dict(one)
    for tag, latest in other.items():
        tags[tag] = _newer(tags.get(tag), latest) or latest
    return tags


def _unless_outdated(latest: Latest[T] | None, since: datetime | None) -> Latest[T] | None:
    return None if latest and since and latest.at < since else latest
