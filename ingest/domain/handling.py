"""What incidents are gathered and proved by: a district's figures as they are now."""

from datetime import timedelta

from msgspec import Struct


class Handling(Struct, frozen=True):
    """How near in time and number alerts must be to be one incident, and how near a person to be there."""

    join_minutes: float = 10
    """What rings again joins its open incident if it was quiet for so long at most; as long, an incident that
    the facts have cleared waits before it passes."""
    storm_subjects: int = 5
    """About so many different ones of one section a rule rings, each within that time of another: from then
    on it is one incident."""
    arrive_m: float = 100
    """Whoever was sent is on the spot when their position is at most so far from it, and known as well."""

    @property
    def join(self) -> timedelta:
        return timedelta(minutes=self.join_minutes)
