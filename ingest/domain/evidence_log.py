"""What the log itself bears: photos, how fast the checklist went, the receipt, the device's clock."""

from datetime import timedelta

from ingest.domain.claim import FENCE_M, Claim
from ingest.domain.evidence import Verdict

_SLACK = timedelta(minutes=5)


def pictures(visit: Claim) -> Verdict:
    """Whether each photo is of this visit: never seen before, taken in its time and at its place."""
    if not visit.pictures:
        return Verdict("pictures", "none", 0)
    if used := [one.used for one in visit.pictures if one.used]:
        return Verdict("pictures", "used_before", -4.0, {"photos": len(used), "visit": used[0]})
    times = [at for one in visit.pictures for at in (one.taken, one.says_at) if at is not None]
    late = [at for at in times if not visit.started - _SLACK <= at <= visit.ended + _SLACK]
    if late:
        minutes = max(abs((at - visit.started).total_seconds()) for at in late) / 60
        return Verdict("pictures", "other_time", -2.0, {"photos": len(late), "minutes": round(minutes)})
    placed = [
        (lon, lat)
        for one in visit.pictures
        for lon, lat in ((one.lon, one.lat), (one.says_lon, one.says_lat))
        if lon is not None and lat is not None
    ]
    away_m = max((visit.from_place(*where) for where in placed), default=0.0)
    if away_m > FENCE_M + 2 * max(visit.off_m, 50):
        return Verdict("pictures", "other_place", -2.0, {"metres": round(away_m)})
    return Verdict("pictures", "fresh", 0.6, {"photos": len(visit.pictures)})


def tempo(visit: Claim) -> Verdict:
    """Whether anybody could look at so many things in that time; who finds something has looked.

    A log that is begun at the end of a visit has its photos before it.
    """
    took_s = max([visit.took_s, *((visit.ended - one.taken).total_seconds() for one in visit.pictures)])
    facts = {"seconds": round(took_s), "items": visit.items, "usual_s": round(visit.usual_s)}
    if visit.abnormal:
        return Verdict("tempo", "found_something", 0.5, facts)
    part = took_s / visit.usual_s
    if part < 0.06:
        return Verdict("tempo", "ticked_off", -4.0, facts)
    if part < 0.15 or took_s < 2.5 * visit.items:
        return Verdict("tempo", "very_quick", -1.5, facts)
    return Verdict("tempo", "took_time", 0.4 if part > 0.5 else 0.2, facts)


def receipt(visit: Claim) -> Verdict:
    """Whether the paper that the trader got was printed there and then."""
    if visit.receipt_at is not None:
        late_s = (visit.receipt_at - visit.ended).total_seconds()
        facts = {"seconds": round(late_s)}
        if -600 <= late_s <= 600:
            return Verdict("receipt", "printed", 0.6, facts)
        return Verdict("receipt", "other_time", -0.5, facts)
    if visit.receipt_no:
        return Verdict("receipt", "missing", -0.3, {"number": visit.receipt_no})
    return Verdict("receipt", "none", 0)


def clock(visit: Claim) -> Verdict:
    """Whether the phone's clock was right: a wrong one is corrected, and still makes times less sure."""
    if visit.clock_off_s is None:
        return Verdict("clock", "right", 0.1)
    return Verdict("clock", "wrong", -0.3, {"seconds": round(visit.clock_off_s)})
