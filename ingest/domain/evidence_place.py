"""Whether the worker was there: the position in the log, the phone's track, the way from the last visit."""

from datetime import timedelta
from itertools import groupby, pairwise

from ingest.domain.claim import FENCE_M, Claim, Fix, Stay
from ingest.domain.evidence import Verdict
from ingest.domain.geo import metres

POOR_M = 100.0
"""A position that may be farther off than this proves neither that somebody was there nor that not."""
_RIDE_MPS = 22.0
_FLIGHT_MPS = 40.0
_GAP = timedelta(minutes=4)
_MARGIN = timedelta(minutes=1)
_STILL = timedelta(minutes=1)


def position(visit: Claim) -> Verdict:
    """Whether the position in the log lies at the premises, allowing for how far off it may be."""
    away_m = visit.from_register()
    if away_m is None:
        return Verdict("position", "unknown_place", 0)
    facts = {"metres": round(away_m), "accuracy_m": round(visit.off_m)}
    beyond_m = away_m - FENCE_M - min(2 * visit.off_m, 400)
    if beyond_m <= 0:
        return Verdict("position", "at_premises", 0.2 if visit.off_m > POOR_M else 0.6, facts)
    # Never decisive: one position may be wild, and so may the register; where the phone was tells more.
    weight = min(3.4, 1.0 + beyond_m / 75) if visit.place_seen else min(1.5, 0.5 + beyond_m / 500)
    return Verdict("position", "away", -round(weight, 1), facts)


def presence(visit: Claim) -> Verdict:
    """Whether the phone's own positions during the visit lie at the premises; where there are none, as under
    a metal roof, whether those just before and after do."""
    near, far = _sorted_out(visit, visit.within())
    if len(near) + len(far) >= 3:
        share = len(near) / (len(near) + len(far))
        facts = {"there": len(near), "elsewhere": len(far)}
        if share >= 0.5:
            return Verdict("presence", "seen_there", 1.5 if share > 0.8 else 0.7, facts)
        if not near:
            return Verdict("presence", "seen_elsewhere", -4.0, _where(visit, far) | facts)
        return Verdict("presence", "hardly_there", -1.5, facts)
    around = _just_outside(visit)
    if not around:
        return Verdict("presence", "not_heard", 0)
    near, far = _sorted_out(visit, around, stretch_m=80)
    if near and not far:
        return Verdict("presence", "came_and_went", 0.6, {"fixes": len(near)})
    if far and not near:
        return Verdict("presence", "passed_elsewhere", -2.0, _where(visit, far))
    return Verdict("presence", "not_heard", 0)


def dwell(visit: Claim) -> Verdict:
    """How long the track stays at the premises around the times of the log, beside what such a visit takes in
    the middle."""
    since, until = visit.started - _MARGIN, visit.ended + _MARGIN
    track = [fix for fix in visit.track if since <= fix.at <= until]
    steps = [step for step in pairwise(track) if step[1].at - step[0].at <= timedelta(seconds=90)]
    heard_s = sum((b.at - a.at).total_seconds() for a, b in steps)
    if heard_s < 0.6 * (until - since).total_seconds() or visit.took_s < 0.25 * visit.usual_s:
        return Verdict("dwell", "not_heard", 0)
    stayed_s = sum((b.at - a.at).total_seconds() for a, b in steps if _there(visit, a) and _there(visit, b))
    facts = {"seconds": round(stayed_s), "usual_s": round(visit.usual_s)}
    part = stayed_s / visit.usual_s
    if part < 0.12:
        return Verdict("dwell", "not_stayed", -2.5, facts)
    if part < 0.25:
        return Verdict("dwell", "hardly_stayed", -1.0, facts)
    return Verdict("dwell", "stayed", 0.8 if part >= 0.5 else 0.3, facts)


def spot(visit: Claim) -> Verdict:
    """Whether the worker's logs of places far from one another come from the very same spot."""
    if visit.from_here >= 2:
        return Verdict("spot", "all_from_here", -4.0, {"premises": visit.from_here + 1})
    return Verdict("spot", "its_own", 0)


def way(visit: Claim) -> Verdict:
    """Whether one can get here from the visit before, and from here to the next, and be at one at a time."""
    found = []
    if visit.before:
        found.append(_way(visit, visit.before, (visit.started - visit.before.ended).total_seconds()))
    if visit.after:
        found.append(_way(visit, visit.after, (visit.after.started - visit.ended).total_seconds()))
    return min(found, key=lambda one: one.weight, default=Verdict("way", "alone", 0))


def jumps(visit: Claim) -> Verdict:
    """Whether the track itself jumps farther than anybody moves, between positions that claim to be good."""
    good = [fix for fix in visit.track if fix.off_m <= 50]
    if len(good) < 4:
        return Verdict("jumps", "not_heard", 0)
    leaps = [(a, b) for a, b in pairwise(good) if _speed(a, b) > _FLIGHT_MPS and _apart(a, b) > 250]
    if not leaps:
        return Verdict("jumps", "steady", 0.2)
    far = max(_apart(a, b) for a, b in leaps)
    facts = {"times": len(leaps), "metres": round(far)}
    return Verdict("jumps", "jumped", -4.0 if len(leaps) > 1 else -1.5, facts)


def made_up(visit: Claim) -> Verdict:
    """Whether positions look made: marked as mock ones, or more exact and more alike than any receiver's."""
    mock = sum(fix.mock for fix in visit.track)
    if visit.mock or mock:
        return Verdict("made_up", "mock", -4.0, {"fixes": mock})
    if visit.same_elsewhere:
        return Verdict("made_up", "same_elsewhere", -4.0, {"premises": visit.same_elsewhere})
    if visit.same_here:
        return Verdict(
            "made_up", "same_again", -4.0 if visit.same_here > 2 else -1.0, {"times": visit.same_here}
        )
    runs = _runs([fix for fix in visit.track if fix.provider == "gps"])
    hops = [(a, b) for a, b in pairwise(runs) if _is_frozen(a) and _is_frozen(b) and _speed(a[-1], b[0]) > 8]
    if hops:  # whoever moves from one place to the next is seen in between
        return Verdict("made_up", "hopped", -4.0, {"places": len(hops) + 1})
    if alike := max((len(run) for run in runs if _is_frozen(run)), default=0):
        return Verdict("made_up", "frozen", -1.5, {"fixes": alike})
    return Verdict("made_up", "natural", 0.2) if len(visit.track) >= 6 else Verdict("made_up", "not_heard", 0)


def _sorted_out(visit: Claim, fixes: list[Fix], stretch_m: float = 0.0) -> tuple[list[Fix], list[Fix]]:
    """Those at the premises, and those that are elsewhere however far off they may be."""
    near, far = [], []
    for fix in fixes:
        away_m = visit.from_place(fix.lon, fix.lat) - stretch_m
        if away_m <= FENCE_M + min(fix.off_m, POOR_M):
            near.append(fix)
        elif away_m > FENCE_M + 50 + 2.5 * fix.off_m:
            far.append(fix)
    return near, far


def _there(visit: Claim, fix: Fix) -> bool:
    return visit.from_place(fix.lon, fix.lat) <= FENCE_M + min(fix.off_m, POOR_M)


def _where(visit: Claim, far: list[Fix]) -> dict[str, int]:
    return {"metres": round(min(visit.from_place(fix.lon, fix.lat) for fix in far))}


def _just_outside(visit: Claim) -> list[Fix]:
    """The last positions before it and the first after it."""
    before = [fix for fix in visit.track if visit.started - _GAP <= fix.at < visit.started]
    after = [fix for fix in visit.track if visit.ended < fix.at <= visit.ended + _GAP]
    return before[-1:] + after[:1]


def _way(visit: Claim, stay: Stay, wait_s: float) -> Verdict:
    away_m = max(0.0, metres(visit.lon, visit.lat, stay.lon, stay.lat) - visit.off_m - stay.off_m)
    facts = {"metres": round(away_m), "seconds": round(wait_s)}
    if stay.premises_id == visit.premises_id or away_m < 2 * FENCE_M:
        return Verdict("way", "next_door", 0.0 if wait_s < -30 else 0.1, facts)
    if wait_s < -30:
        return Verdict("way", "two_places_at_once", -4.0, facts)
    speed = away_m / max(wait_s, 10)
    if speed > _RIDE_MPS:
        return Verdict("way", "too_fast", -4.0 if speed > _FLIGHT_MPS else -2.0, facts)
    return Verdict("way", "possible", 0.2, facts)


def _apart(a: Fix, b: Fix) -> float:
    return metres(a.lon, a.lat, b.lon, b.lat)


def _speed(a: Fix, b: Fix) -> float:
    return _apart(a, b) / max((b.at - a.at).total_seconds(), 1)


def _runs(fixes: list[Fix]) -> list[list[Fix]]:
    """Positions in a row that are the same to the last digit, and claim to be as exact, together."""
    return [list(run) for _, run in groupby(fixes, lambda fix: (fix.raw_lon, fix.raw_lat, fix.accuracy_m))]


def _is_frozen(run: list[Fix]) -> bool:
    """Whether it stood still longer than a receiver does that trembles, unless it repeats itself."""
    return len(run) >= 4 and run[-1].at - run[0].at >= _STILL
