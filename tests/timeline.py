"""A rule asked at one moment after another; what it says is kept as the database would keep it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec import Struct
from msgspec.structs import replace as changed

from ingest.alerts import rules
from ingest.domain.alert import Alert, Cleared, Snapshot
from ingest.domain.facts import Fact
from ingest.domain.roster import Roster
from ingest.domain.threshold import ThresholdRow, Thresholds
from tests.tiny import DISTRICT, PATH_1, PATH_2, PATH_3, roster

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
ROSTER = replace(roster(), paths={"G1": PATH_1, "G2": PATH_2, "G3": PATH_3})
EVER = datetime(2000, 1, 1, tzinfo=UTC)

Said = Alert | Cleared


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def fact(fact_type: type[Any], /, minute: float = 0, **fields: Any) -> Any:
    """One that happened, and came, at that minute after `NOW`."""
    at = NOW + minutes(minute)
    place = {"raw_lon": 118.005, "raw_lat": 24.605, "lon": 118.005, "lat": 24.605, "grid_id": "G1"}
    common = {"district": DISTRICT, "kind": "worker", "device_id": "W1", "id": f"m{minute}"}
    when = {"ts": at, "at": at, "received_at": at}
    usual = {k: v for k, v in {**common, **when, **place}.items() if k in fact_type.__struct_fields__}
    return fact_type(**{**usual, **fields})


def with_thresholds(to: Roster = ROSTER, **values: float) -> Roster:
    """The roster with values for parameters, given as ``left_grid__minutes``."""
    parameters = {one.name: one for rule in rules().values() for one in rule.parameters}
    rows = []
    for name, value in values.items():
        parameter = parameters[name.replace("__", ".")]
        rows.append(ThresholdRow(parameter.name, value, parameter.unit, EVER, own=True))
    return replace(to, thresholds=Thresholds(rows))


class Timeline:
    """One rule, and which of its alerts are open."""

    def __init__(self, rule: str, roster: Roster = ROSTER, listening_since: datetime = EVER) -> None:
        self.rule, self.roster, self.listening_since = rules()[rule], roster, listening_since
        self.open: dict[str, Alert] = {}

    def ask(
        self, minute: float = 0, *rows: Struct, facts: Sequence[Fact] = (), **asked: Mapping[str, Any]
    ) -> list[Said]:
        """What the rule says at that minute about rows of what it watches, each marked as open if it is."""
        watched: dict[type[Struct], tuple[Struct, ...]] = {}
        for row in rows:
            known = changed(row, is_open=bool(self.open)) if hasattr(row, "is_open") else row
            watched[type(row)] = (*watched.get(type(row), ()), known)
        snapshot = Snapshot(self.roster, self.listening_since, watched=watched, **asked)  # type: ignore[arg-type]
        said = list(self.rule(snapshot, facts, NOW + minutes(minute)))
        for one in said:
            assert isinstance(one, Cleared) or one.rule == self.rule.name
            if isinstance(one, Alert):
                self.open.setdefault(one.subject, one)
            elif one.subject in self.open and self.open[one.subject].raised_at <= one.at:
                del self.open[one.subject]
        return said

    def step(self, *args: Any, **asked: Any) -> str:
        """The same, in a word: raised, cleared, or nothing that is new."""
        before = set(self.open)
        self.ask(*args, **asked)
        return "raised" if set(self.open) - before else "cleared" if before - set(self.open) else ""
