"""The books: what was published must be there, once, where it belongs, and nothing may be left behind."""

import time

from bench.errors import BenchError
from bench.house import House
from bench.ingest_process import Ingest
from bench.pings import Load

_EVERY_S = 0.02
_PATIENCE_S = 600
_LAST = """
SELECT count(*) FROM ping
JOIN (SELECT unnest(%s::text[]) AS worker_id, to_timestamp(unnest(%s::bigint[]) / 1000.0) AS ts) AS told
USING (worker_id, ts) WHERE district = %s"""
_BOOKS = """
SELECT (SELECT count(*) FROM ping), (SELECT count(DISTINCT (worker_id, ts)) FROM ping),
       (SELECT coalesce(sum(pings), 0)::bigint FROM ping_hourly),
       (SELECT count(*) FROM worker_state WHERE at IS NOT NULL),
       (SELECT count(*) FROM ping WHERE grid_id IS NULL),
       (SELECT count(*) FROM rejected_message)"""
_WORDS = ("pings", "distinct", "in ping_hourly", "workers", "in no grid", "rejected")


def wait_until_stored(house: House, ingest: Ingest, load: Load) -> tuple[float, int, float]:
    """(instant of the first rows, how many they were, instant of the last ones), monotonic seconds.

    The rows are seen at most 20 ms after their commit.
    """
    base, end = house.database, time.monotonic() + _PATIENCE_S
    while not base.value("SELECT EXISTS (SELECT FROM ping)"):
        _pause(ingest, end)
    first, rows = time.monotonic(), base.value("SELECT count(*) FROM ping")
    workers, times = zip(*load.last, strict=True)
    while base.value(_LAST, (list(workers), list(times), house.district.code)) < len(load.last):
        _pause(ingest, end)
    while base.value("SELECT count(*) FROM ping") < load.pings:
        _pause(ingest, end)
    return first, rows, time.monotonic()


def wait_until_counted(house: House, ingest: Ingest, pings: int) -> None:
    """Return when so many positions are there, looking twice a second."""
    end = time.monotonic() + _PATIENCE_S
    while house.database.value("SELECT coalesce(sum(pings), 0)::bigint FROM ping_hourly") < pings:
        _pause(ingest, end, 0.5)


def check(house: House, load: Load) -> None:
    """Compare what there is with what was published; raises BenchError. Ingest must have ended."""
    found = dict(zip(_WORDS, house.database.rows(_BOOKS)[0], strict=True))
    counts = (load.pings, load.pings, load.pings, load.workers, load.nowhere, load.rejects)
    due = dict(zip(_WORDS, counts, strict=True)) | {"waiting": 0}
    _compare(found | {"waiting": _waiting(house)}, due)


def check_counts(house: House, pings: int) -> None:
    """Positions, rejects and what is left behind, after a load of many streams; raises BenchError."""
    found = dict(zip(_WORDS, house.database.rows(_BOOKS)[0], strict=True))
    due = {"pings": pings, "distinct": pings, "in ping_hourly": pings, "rejected": 0, "waiting": 0}
    _compare(found | {"waiting": _waiting(house)}, due)


def _waiting(house: House) -> int:
    return house.broker.count_waiting(house.district.client_id)


def _compare(found: dict[str, int], due: dict[str, int]) -> None:
    wrong = [f"{name} {found[name]}, not {count}" for name, count in due.items() if found[name] != count]
    if wrong:
        raise BenchError("; ".join(wrong))


def _pause(ingest: Ingest, end: float, seconds: float = _EVERY_S) -> None:
    ingest.check()
    if time.monotonic() > end:
        raise BenchError(f"not stored within {_PATIENCE_S} s")
    time.sleep(seconds)
