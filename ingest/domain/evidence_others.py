"""What others say of a visit: the bodycam, cameras close by, phones of colleagues, the second person."""

from datetime import timedelta

from ingest.domain.claim import FENCE_M, Claim, Sighting
from ingest.domain.evidence import Verdict
from ingest.domain.geo import metres

_SLACK = timedelta(minutes=1)
_LONG = 30
"""For fewer minutes side by side is what colleagues do."""


def bodycam(visit: Claim) -> Verdict:
    """Whether the worker's bodycam was there, where it was on."""
    seen = [one for one in visit.sightings if one.kind == "bodycam" and _during(visit, one)]
    if not seen:
        return Verdict("bodycam", "not_heard", 0)
    away = sorted(visit.from_place(one.lon, one.lat) for one in seen)
    facts = {"metres": round(away[len(away) // 2]), "times": len(seen)}
    if away[len(away) // 2] <= 2 * FENCE_M:
        return Verdict("bodycam", "there", 1.0, facts)
    if away[0] > 5 * FENCE_M:
        return Verdict("bodycam", "elsewhere", -3.0, facts)
    return Verdict("bodycam", "unclear", 0, facts)


def camera(visit: Claim) -> Verdict:
    """Whether a camera close by saw a person just then: anybody may have come by, so it proves little."""
    seen = [
        one
        for one in visit.sightings
        if one.kind == "camera" and _during(visit, one) and visit.from_place(one.lon, one.lat) <= FENCE_M
    ]
    return (
        Verdict("camera", "person_seen", 0.2, {"times": len(seen)}) if seen else Verdict("camera", "none", 0)
    )


def company(visit: Claim) -> Verdict:
    """Whether another worker's phone never leaves this one's side: two phones in one pocket.

    Two people come and go, stand on either side of a counter, eat in different places; two phones that one
    person carries are never farther apart than their receivers err.
    """
    twins = [one for one in visit.companions if one.minutes >= _LONG and one.near >= 0.97 * one.minutes]
    if not twins:
        return Verdict("company", "by_oneself", 0)
    twin = min(twins, key=lambda one: one.apart_m)
    facts = {"worker_id": twin.worker_id, "minutes": twin.minutes, "metres": round(twin.apart_m)}
    if any(one.kind == "bodycam" and _during(visit, one) and _there(visit, one) for one in visit.sightings):
        return Verdict("company", "carries_two", 0, facts)  # who was there is not who is missing
    return Verdict("company", "one_pocket", -4.0, facts)


def second(visit: Claim) -> Verdict:
    """Whether the second person that the task asks for was there, by their phone.

    A visit that one made alone took place all the same, and the second may have had no phone on: it weighs
    little.
    """
    if visit.second is None:
        return Verdict("second", "not_asked", 0)
    if not visit.colleagues:
        return Verdict("second", "not_heard", 0)
    most = max(visit.colleagues, key=lambda one: (one.near / one.heard, -one.metres))
    facts = {"worker_id": most.worker_id, "times": most.near, "metres": round(most.metres)}
    if 2 * most.near >= most.heard:
        return Verdict("second", "there", 0.8, facts)
    if most.near:
        return Verdict("second", "briefly", 0, facts)
    closest = min(visit.colleagues, key=lambda one: one.metres)
    facts = {"worker_id": closest.worker_id, "metres": round(closest.metres), "people": len(visit.colleagues)}
    return Verdict("second", "elsewhere", -1.0, facts)


def _during(visit: Claim, one: Sighting) -> bool:
    return visit.started - _SLACK <= one.at <= visit.ended + _SLACK


def _there(visit: Claim, one: Sighting) -> bool:
    return metres(one.lon, one.lat, visit.lon, visit.lat) <= 2 * FENCE_M
