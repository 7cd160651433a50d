"""A visit as its worker's log claims it, and what else is known around it."""

from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct

from ingest.domain.geo import metres

FENCE_M = 60.0
"""Whoever is so near to where premises are registered is at them: a shop front, a yard, a market hall."""

GUESSED_M = 1_000.0
"""So far off a registered place may be that was guessed from an address."""

AROUND = timedelta(minutes=10)
"""So long before and after a visit its worker's track tells of it."""


class Fix(Struct, frozen=True, gc=False):
    """Where a phone was, degrees WGS-84; the raw pair is as the phone said it."""

    at: datetime
    lon: float
    lat: float
    raw_lon: float
    raw_lat: float
    accuracy_m: float | None = None
    provider: str | None = None
    mock: bool = False

    @property
    def off_m(self) -> float:
        """How far off it may well be."""
        return 30.0 if self.accuracy_m is None else self.accuracy_m


class Stay(Struct, frozen=True):
    """Another visit of the same worker."""

    premises_id: str
    started: datetime
    ended: datetime
    lon: float
    lat: float
    off_m: float = 30.0


class Picture(Struct, frozen=True):
    """A photo as the log tells of it, and as it says itself (EXIF); `used` is a visit that had it before."""

    sha256: str
    taken: datetime
    lon: float | None = None
    lat: float | None = None
    says_at: datetime | None = None
    says_lon: float | None = None
    says_lat: float | None = None
    used: str | None = None


class Companion(Struct, frozen=True):
    """Another worker's phone in the hour before and after.

    In so many `minutes` both were heard, in so many it was `near`, as near as two phones in one pocket;
    `apart_m` is the farthest that they were apart.
    """

    worker_id: str
    minutes: int
    near: int
    apart_m: float


class Colleague(Struct, frozen=True):
    """Another one who could have come along, and was `heard` so many times during the visit, `near` the log's
    position so many of them; `metres` is how near they came."""

    worker_id: str
    heard: int
    near: int
    metres: float


class Sighting(Struct, frozen=True):
    """What the worker's bodycam, or a camera close by, said around the visit."""

    kind: str
    device_id: str
    at: datetime
    event: str
    lon: float
    lat: float


class Claim(Struct, frozen=True):
    """A log, and all that is known around it. Times are true ones: a wrong clock is corrected."""

    worker_id: str
    id: str
    premises_id: str
    started: datetime
    ended: datetime
    lon: float
    lat: float
    raw_lon: float
    raw_lat: float
    items: int
    """How many check items it answers; 0: it says of none."""
    abnormal: bool = False
    accuracy_m: float | None = None
    mock: bool = False
    clock_off_s: float | None = None
    place: tuple[float, float] | None = None
    """Where the premises stand, longitude and latitude."""
    place_seen: bool = False
    """Whether somebody has found them there; what a register says is often guessed from an address."""
    usual_s: float = 180.0
    """How long such a visit takes, in the middle."""
    track: tuple[Fix, ...] = ()
    """The phone's positions from ten minutes before it to ten minutes after, in order."""
    before: Stay | None = None
    after: Stay | None = None
    pictures: tuple[Picture, ...] = ()
    from_here: int = 0
    """Other premises, registered far away, of which the worker's logs of the day are from this very spot.
    """
    same_elsewhere: int = 0
    """Other premises of which somebody's log claims the same coordinates, to seven digits."""
    same_here: int = 0
    """Other days on which the worker's log of these premises has the same coordinates, to seven digits."""
    companions: tuple[Companion, ...] = ()
    sightings: tuple[Sighting, ...] = ()
    second: Literal["anybody", "officer"] | None = None
    """Who has to come along, if the task asks for somebody."""
    colleagues: tuple[Colleague, ...] = ()
    """Those who could have been the second, without whose phone was silent."""
    receipt_at: datetime | None = None
    """When the receipt that belongs to it was printed."""
    receipt_no: str | None = None
    """The one that it names."""

    @property
    def took_s(self) -> float:
        return (self.ended - self.started).total_seconds()

    @property
    def off_m(self) -> float:
        """How far off its own position may well be."""
        return 30.0 if self.accuracy_m is None else self.accuracy_m

    def within(self) -> list[Fix]:
        """The positions during the visit."""
        return [fix for fix in self.track if self.started <= fix.at <= self.ended]

    def from_register(self) -> float | None:
        """Metres from the log's position to where the premises are registered; None without that."""
        return metres(self.lon, self.lat, *self.place) if self.place else None

    @property
    def there(self) -> tuple[float, float]:
        """Where the premises are taken to be: where they are registered; where the log says, if nobody has
        confirmed a place that is not far from it.
        """
        away_m = self.from_register()
        if self.place is None or away_m is None:
            return self.lon, self.lat
        guessed = not self.place_seen and FENCE_M + 2 * self.off_m < away_m <= GUESSED_M
        return (self.lon, self.lat) if guessed else self.place

    def from_place(self, lon: float, lat: float) -> float:
        """Metres from the premises."""
        return metres(lon, lat, *self.there)
