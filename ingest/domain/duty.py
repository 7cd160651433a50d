"""Who was on duty when: what phones have said of it, in whatever order it came."""

from bisect import bisect_right, insort
from collections.abc import Iterable
from datetime import datetime, timedelta

KEPT = timedelta(days=2)
"""Changes older than this are forgotten, but the last of each worker: no phone is offline for longer."""


class Duty:
    """The changes of duty of a district's workers: (worker, instant, whether on from then on)."""

    def __init__(self, changes: Iterable[tuple[str, datetime, bool]] = ()) -> None:
        self._changes: dict[str, list[tuple[datetime, bool]]] = {}
        for change in changes:
            self.note(*change)

    def note(self, worker_id: str, at: datetime, on: bool) -> None:
        """Learn of a change; the same again changes nothing."""
        known = self._changes.setdefault(worker_id, [])
        if (at, on) in known:
            return
        insort(known, (at, on))
        while len(known) > 1 and known[1][0] < known[-1][0] - KEPT:
            del known[0]

    def is_on(self, worker_id: str, at: datetime) -> bool:
        """Whether the worker was on duty; of whom nothing is known was."""
        known = self._changes.get(worker_id)
        if not known:
            return True
        last, on = known[-1]
        if last <= at:  # so it nearly always is
            return on
        place = bisect_right(known, (at, True))
        return known[place - 1][1] if place else True

    def off_until(self, worker_id: str, at: datetime) -> datetime | None:
        """When the worker who goes off duty at `at` is on duty again, as far as is known."""
        return next((since for since, on in self._changes.get(worker_id, ()) if on and since > at), None)
