"""How often devices speak: the more there are, the calmer, so that one core carries them all."""

from dataclasses import dataclass

CROWD = 1_000
"""More workers than this report at the calm pace."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds between two messages of a kind, for one device."""

    gps_s: float = 5.0
    bodycam_gps_s: float = 10.0
    vehicle_gps_s: float = 5.0
    heartbeat_s: float = 60.0
    """A device says how it is at least this often, so that silence means something."""
    camera_event_s: float = 90.0
    terminal_s: float = 1_800.0
    """Somebody says something at a terminal this often: of 18, at one every 100 s."""
    clue_s: float = 1155.0
    """A worker comes upon a clue this often: of 77 workers, one does every 15 s."""
    found_s: float = 23_100.0
    """A worker finds premises that nobody has on record this often: of 77, one does every five minutes."""
    sos_s: float = 46_200.0
    """A bodycam or a vehicle calls for help this often: of 77, one does every ten minutes."""
    fall_s: float = 554_400.0
    """A worker falls this often: of 77, one does every two hours."""
    storage_s: float = 277_200.0
    """A bodycam runs out of storage this often: of 77, one does every hour."""
    look_s: float = 2.0
    """How often a device that does not move looks whether something is due."""


BRISK = Pace()
CALM = Pace(
    gps_s=20.0,
    bodycam_gps_s=40.0,
    vehicle_gps_s=20.0,
    heartbeat_s=300.0,  # half of the time after which ingest calls a device silent
    camera_event_s=360.0,
    terminal_s=14_400.0,
    clue_s=9_000.0,
    found_s=900_000.0,
    sos_s=3_000_000.0,
    fall_s=6_000_000.0,
    storage_s=3_000_000.0,
    look_s=10.0,
)


def pace_of(workers: int) -> Pace:
    """The pace of a world with so many workers."""
    return CALM if workers > CROWD else BRISK
