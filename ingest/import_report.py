"""What an import did, in a few lines."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from ingest.import_cells import Record

_SHOWN = 10  # premises outside every grid named before the rest is only counted


@dataclass
class ImportReport:
    """Rows read by file, and what was noticed."""

    district: int
    rows: dict[str, int] = field(default_factory=dict)
    closed: dict[str, int] = field(default_factory=dict)
    launched: dict[str, int] = field(default_factory=dict)
    """Tasks for what is new, by their source."""
    outside: Sequence[Record] = ()
    """Premises outside every grid."""

    @property
    def unplaced(self) -> int:
        return len(self.outside)

    def lines(self) -> list[str]:
        counts = ", ".join(f"{count} {name}" for name, count in self.rows.items())
        lines = [f"district {self.district}: {counts}"]
        if any(self.closed.values()):
            closed = ", ".join(f"{count} {name}" for name, count in self.closed.items() if count)
            lines.append(f"closed, since they are no longer in the files: {closed}")
        if self.launched:
            launched = ", ".join(f"{count} ({source})" for source, count in self.launched.items())
            lines.append(f"tasks for new premises: {launched}")
        return lines + self._outside()

    def _outside(self) -> list[str]:
        if not self.outside:
            return []
        lines = [f"{self.unplaced} premises lie outside every grid"]
        for row in self.outside[:_SHOWN]:
            lines.append(f"  {row['premises_id']} {row['name']} at {row['lon']:.6f}, {row['lat']:.6f}")
        more = self.unplaced - _SHOWN
        return lines + [f"  ... and {more} more"] * (more > 0)
