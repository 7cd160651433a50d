"""Whether a patrol had found what the public reports; where none had, it was missed (漏报).

What a patrol finds is a clue, or an inspection with a finding. These two numbers are the whole rule.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import numpy as np
import shapely
from msgspec import Struct

from ingest.domain.geo import distance_m

NEAR_M = 100.0
"""At other premises, or at none: as far apart as this counts as the same."""
WITHIN = timedelta(days=30)
"""Found longer ago than this before the report, it does not count."""

_DEGREE_M = 111_195.0  # of latitude


class Report(Struct, frozen=True):
    """Something that the public has reported; degrees WGS-84."""

    report_id: str
    reported_at: datetime
    lon: float
    lat: float
    premises_id: str | None = None


class Finding(Struct, frozen=True):
    """Something that a patrol has found; `by`: clue or inspection, `id` the one that it is."""

    by: str
    id: str
    at: datetime
    lon: float
    lat: float
    premises_id: str | None = None


def found_before(reports: Sequence[Report], findings: Sequence[Finding]) -> dict[str, Finding]:
    """By report_id the last finding before the report at its premises or within `NEAR_M`, not longer ago than
    `WITHIN`; a report that was missed is not in it."""
    found: dict[str, Finding] = {}
    for report, finding in _neighbours(reports, findings):
        last = found.get(report.report_id)
        in_time = report.reported_at - WITHIN <= finding.at <= report.reported_at
        if in_time and (last is None or (last.at, last.id) < (finding.at, finding.id)):
            found[report.report_id] = finding
    return found


def _neighbours(reports: Sequence[Report], findings: Sequence[Finding]) -> Iterator[tuple[Report, Finding]]:
    """Every report with every finding of its premises or near by, at whatever time; a pair may come twice."""
    at_premises = defaultdict(list)
    for finding in findings:
        if finding.premises_id is not None:
            at_premises[finding.premises_id].append(finding)
    for report in reports:
        for finding in at_premises.get(report.premises_id or "", ()):
            yield report, finding
    here = np.array([(report.lon, report.lat) for report in reports]).reshape(-1, 2)
    there = np.array([(finding.lon, finding.lat) for finding in findings]).reshape(-1, 2)
    high = NEAR_M / _DEGREE_M
    wide = high / np.cos(np.radians(here[:, 1]))
    boxes = shapely.box(here[:, 0] - wide, here[:, 1] - high, here[:, 0] + wide, here[:, 1] + high)
    one, other = shapely.STRtree(shapely.points(there)).query(boxes)
    near = distance_m(*here[one].T, *there[other].T) <= NEAR_M
    for number, place in zip(one[near], other[near], strict=True):
        yield reports[number], findings[place]
