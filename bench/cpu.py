"""CPU seconds by process, from /proc: what a message costs whom."""

import os
from dataclasses import dataclass
from pathlib import Path

from bench.house import House
from bench.ingest_process import Ingest

_TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")
_BACKENDS = "SELECT pid FROM pg_stat_activity WHERE application_name = 'gw_ingest'"

Spent = dict[int, float]


@dataclass(frozen=True)
class Meter:
    """CPU seconds by process id, at one moment, of each part of the house."""

    ingest: Spent
    database: Spent
    mosquitto: Spent

    def since(self, before: "Meter", messages: int) -> dict[str, float]:
        """Microseconds a message since `before`, by part; a part on another machine is left out."""
        parts = {name: (getattr(before, name), getattr(self, name)) for name in self.__annotations__}
        return {
            name: round(sum(spent - then.get(pid, 0.0) for pid, spent in now.items()) / messages * 1e6, 2)
            for name, (then, now) in parts.items()
            if now
        }


def read(house: House, ingest: Ingest) -> Meter:
    """What has been spent so far: by ingest, by its database connections, by the broker."""
    backends = [pid for (pid,) in house.database.rows(_BACKENDS)]
    return Meter(
        ingest=_spent([ingest.pid]),
        database=_spent([pid for pid in backends if _name(pid) == "postgres"]),
        mosquitto=_spent([house.broker.pid]),
    )


def backend_ms(pid: int) -> float | None:
    """Milliseconds that a session has computed so far; None: its database is on another machine."""
    if _name(pid) != "postgres":
        return None
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e6


def process_s(pid: int) -> float:
    """Seconds that a process has computed so far."""
    return _spent([pid])[pid]


def _spent(pids: list[int]) -> Spent:
    return {pid: sum(map(int, _fields(pid)[11:13])) / _TICKS_A_SECOND for pid in pids}


def _fields(pid: int) -> list[str]:
    """The fields of /proc/PID/stat after the name, which may hold blanks itself."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def _name(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""
