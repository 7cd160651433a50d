"""Somebody before the command centre's screen: its picture, made anew every tick as the page makes it."""

import os
import threading
import time
from collections.abc import Sequence

from streamlit.logger import set_log_level

from bench.errors import BenchError
from db.connect import Scope

_PATIENCE_S = 30.0


class Viewer:
    """Looks until it is told to stop, and notes when what was there to be seen first."""

    def __init__(self, url: str, district: int) -> None:
        os.environ |= {"GRIDWARD_DATABASE_URL": url, "GRIDWARD_DISTRICTS": str(district)}
        self._scope = Scope(district, str(district))
        self._stop = threading.Event()
        self._seen: dict[str, float] = {}
        """By alert and incident id, in seconds of the epoch."""
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> "Viewer":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(_PATIENCE_S)

    def first_seen(self, ids: Sequence[str]) -> list[float]:
        """When each of these incidents was first on the screen; waits for it."""
        end = time.monotonic() + _PATIENCE_S
        while not self._seen.keys() >= set(ids):
            if time.monotonic() > end:
                raise BenchError(f"not all incidents were on the screen within {_PATIENCE_S:.0f} s")
            time.sleep(0.05)
        return [self._seen[one] for one in ids]

    def _look(self) -> None:
        set_log_level(
            "ERROR"
        )  # else each of the screen's caches warns at its making that no browser is there
        from dashboard import data  # noqa: PLC0415

        while not self._stop.is_set():
            picture = data.picture(self._scope)
            if isinstance(picture, data.Picture):
                now = time.time()
                for row in picture.rows["incidents"]:
                    self._seen.setdefault(row["incident_id"], now)
            self._stop.wait(data.TICK_S - time.time() % data.TICK_S)
