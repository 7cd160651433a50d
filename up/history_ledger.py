"""The books of a played history, kept beside the database: what the simulation itself says became of all."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from simulators.clue_life import ClueLife
from simulators.report_life import ReportLife
from simulators.task_life import TaskLife
from up.kpi import Asked, By, Figure, measure

Figures = dict[str, dict[str, tuple[int, int]]]
"""KPI -> station -> numerator and denominator."""

KPIS = (
    *("completion_rate", "rework_rate_of_disposed"),
    *("clue_disposal_rate", "valid_report_rate", "missed_report_rate"),
)


class Ledger(msgspec.Struct):
    """How many there were, and by KPI and station what its two figures must be."""

    tasks: int = 0
    clues: int = 0
    reports: int = 0
    figures: Figures = msgspec.field(
        default_factory=lambda: {kpi: defaultdict(lambda: (0, 0)) for kpi in KPIS}
    )

    def enter_tasks(self, lives: Iterable[TaskLife]) -> None:
        """Add tasks whose lives have been lived."""
        for life in lives:
            self.tasks += 1
            path = life.task.path
            self._count("completion_rate", path, life.closed, not life.cancelled)
            self._count("rework_rate_of_disposed", path, life.reworked, life.disposed)

    def enter_clues(self, lives: Iterable[ClueLife]) -> None:
        """Add clues whose lives have been lived."""
        for life in lives:
            self.clues += 1
            self._count("clue_disposal_rate", life.case.path, life.disposed, not life.void)
            self._count("valid_report_rate", life.case.path, life.valid, True)

    def enter_reports(self, lives: Iterable[ReportLife]) -> None:
        """Add what the public has reported."""
        for life in lives:
            self.reports += 1
            self._count("missed_report_rate", life.row["path"], life.missed, life.valid)

    def total(self, kpi: str) -> tuple[int, int]:
        """The KPI's numerator and denominator of the whole district."""
        return _total(self.figures[kpi])

    def differences(self, before: Figures, after: Figures) -> list[str]:
        """Where what the KPIs' queries say has not changed by what was played, a line each."""
        return [
            f"{kpi} of {unit}: the ledger has {wanted}, the queries {found}"
            for kpi in KPIS
            for unit in sorted(self.figures[kpi].keys() | after[kpi].keys())
            if (wanted := self.figures[kpi].get(unit, (0, 0)))
            != (found := _less(after[kpi].get(unit, (0, 0)), before[kpi].get(unit, (0, 0))))
        ]

    def save(self, path: Path) -> None:
        """Write it as JSON."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(msgspec.json.format(msgspec.json.encode(self)))

    def _count(self, kpi: str, path: str, numerator: bool, denominator: bool) -> None:
        station = "/".join(path.split("/")[:2])
        counts, whole = self.figures[kpi][station]
        self.figures[kpi][station] = (counts + (numerator and denominator), whole + denominator)


def ask(url: str, district: int) -> Figures:
    """The same figures as the KPIs' queries have them."""
    asked = Asked(unit=str(district), by=By.UNIT)
    return {
        kpi: {
            str(row.key): (row.numerator, row.denominator)
            for row in measure(url, (district,), kpi, asked)[0].rows
            if isinstance(row, Figure)
        }
        for kpi in KPIS
    }


def percent(figures: tuple[int, int]) -> float:
    """Numerator of denominator."""
    return round(100 * figures[0] / figures[1], 2) if figures[1] else 0.0


def _total(by_station: Mapping[str, tuple[int, int]]) -> tuple[int, int]:
    counts = list(by_station.values())
    return sum(one for one, _ in counts), sum(whole for _, whole in counts)


def _less(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    return one[0] - other[0], one[1] - other[1]
