"""What incidents are gathered and proved by: a district's figures as they are at an instant."""

from datetime import datetime, timedelta

from msgspec import Struct

from ingest.domain.threshold import Parameter, Thresholds, Unit

JOIN = Parameter("incident.join_minutes", 10, Unit.MINUTES, 1, 1440)
STORM = Parameter("incident.storm_subjects", 5, Unit.COUNT, 2, 10_000)
ARRIVE = Parameter("incident.arrive_metres", 100, Unit.METRES, 10, 5_000)
PARAMETERS = (JOIN, STORM, ARRIVE)
"""Thresholds like those of the rules, but of no rule."""


class Handling(Struct, frozen=True):
    """How near in time and number alerts must be to be one incident, and how near a person to be there."""

    join: timedelta
    """What rings again joins its open incident if it was quiet for so long at most; as long, an incident that
    the facts have cleared waits before it passes."""
    storm_subjects: float
    """About so many different ones of one section a rule rings, each within that time of another: from then
    on it is one incident."""
    arrive_m: float
    """Whoever was sent is on the spot when their position is at most so far from it, and known as well."""


def handling(thresholds: Thresholds, at: datetime) -> Handling:
    """What holds at `at`."""
    return Handling(thresholds.span(JOIN, at), thresholds.value(STORM, at), thresholds.value(ARRIVE, at))
