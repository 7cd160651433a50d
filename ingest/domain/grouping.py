"""Which alerts are one incident: repeats of the same subject, and storms of one rule in one section.

Decided once, when the alerts are raised, and the same whatever their order within that batch.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from msgspec import Struct

from ingest.contract.messages import Severity
from ingest.domain.escalation import SECTION_LEVEL, unit_at
from ingest.domain.handling import Handling


class Ringing(Struct, frozen=True):
    """An alert that has just been raised."""

    alert_id: str
    rule: str
    subject: str
    severity: Severity
    path: str
    grid_id: str | None
    lon: float | None
    lat: float | None
    raised_at: datetime

    @property
    def about(self) -> str:
        """Whom or what it is about: of a clue's alerts, one for each level that is called, the clue."""
        return ":".join(self.subject.split(":")[:2])

    @property
    def section(self) -> str:
        """Its place as far as storms go."""
        return unit_at(self.path, SECTION_LEVEL)


class Gathering(Struct, frozen=True):
    """An open incident that alerts may join."""

    incident_id: str
    rule: str
    section: str
    subjects: int
    """About how many different ones its alerts are."""
    last_alert_at: datetime
    about: dict[str, datetime | None] = {}
    """Those of them that ring again now, with when their last alert was cleared; None: one is open."""

    def repeats(self, alert: Ringing, handling: Handling) -> bool:
        """Whether what the alert is about has rung here, and was quiet for a short time at most."""
        if alert.rule != self.rule or alert.about not in self.about:
            return False
        quiet_since = self.about[alert.about]
        return quiet_since is None or alert.raised_at - quiet_since <= handling.join


class Group(Struct, frozen=True):
    """Alerts, the earliest first, that join an incident, or open the one that has the first one's id."""

    incident_id: str
    alerts: list[Ringing]

    @property
    def opens(self) -> bool:
        return self.incident_id == self.alerts[0].alert_id

    @property
    def worst(self) -> Severity:
        return max((alert.severity for alert in self.alerts), key=lambda severity: severity.rank)


def group(ringing: Iterable[Ringing], gathering: Sequence[Gathering], handling: Handling) -> list[Group]:
    """Each of `ringing` in exactly one group; `gathering` are the open incidents of their rules that have
    rung about the same, or lie in one of their sections."""
    chosen: dict[str, list[Ringing]] = defaultdict(list)
    for swell in _swells(ringing, handling):
        there = [one for one in gathering if _is_near(one, swell, handling)]
        repeats = {
            alert.about: one.incident_id
            for one in sorted(gathering, key=_by_size)
            for alert in swell
            if one.repeats(alert, handling)
        }
        storm = _storm(swell, there, repeats, handling)
        for alert in swell:
            incident_id = repeats.setdefault(alert.about, storm or alert.alert_id)
            chosen[incident_id].append(alert)
    return [Group(incident_id, alerts) for incident_id, alerts in sorted(chosen.items())]


def _swells(ringing: Iterable[Ringing], handling: Handling) -> Iterator[list[Ringing]]:
    """Alerts of one rule in one section, each near in time to the one before."""
    places: dict[tuple[str, str], list[Ringing]] = defaultdict(list)
    for alert in {alert.alert_id: alert for alert in ringing}.values():
        places[alert.rule, alert.section].append(alert)
    for _, alerts in sorted(places.items()):
        swell: list[Ringing] = []
        for alert in sorted(alerts, key=lambda alert: (alert.raised_at, alert.alert_id)):
            if swell and alert.raised_at - swell[-1].raised_at > handling.join:
                yield swell
                swell = []
            swell.append(alert)
        yield swell


def _is_near(one: Gathering, swell: list[Ringing], handling: Handling) -> bool:
    """Whether an incident is of the swell's rule, section and time."""
    first, last = swell[0].raised_at - handling.join, swell[-1].raised_at + handling.join
    there = (one.rule, one.section) == (swell[0].rule, swell[0].section)
    return there and first <= one.last_alert_at <= last


def _storm(
    swell: list[Ringing], there: list[Gathering], repeats: dict[str, str], handling: Handling
) -> str | None:
    """The incident that a storm is, if the swell is one, or part of one."""
    new = {alert.about for alert in swell} - repeats.keys()
    if len(new) + sum(one.subjects for one in there) < handling.storm_subjects:
        return None
    return max(there, key=_by_size).incident_id if there else swell[0].alert_id


def _by_size(one: Gathering) -> tuple[int, str]:
    return one.subjects, one.incident_id
