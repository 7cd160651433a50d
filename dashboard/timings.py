"""The times: every ``db/queries/kpi_time/*.sql``, described by its own header lines."""

from functools import cache

from msgspec import Struct

from db.kpi import header
from db.kpi_time import FOLDER
from ingest.contract.errors import ConfigError


class Timing(Struct, frozen=True):
    """How long a step takes: its names by language, what is said of those for whom it is still to come."""

    name: str
    title: dict[str, str]
    waiting: dict[str, str]
    unit: str
    formula: str
    version: str
    order: int

    @property
    def by(self) -> str:
        """Its quantiles over a period, by day, week, month, unit, severity or level."""
        return f"kpi_time/{self.name}"

    @property
    def members(self) -> str:
        """What lies behind a figure of `by`."""
        return f"kpi_time_members/{self.name}"


@cache
def timings() -> tuple[Timing, ...]:
    """All times in their order; raises ConfigError naming the file whose header lacks a line."""
    found = [_describe(path.stem, path.read_text("utf-8")) for path in FOLDER.glob("*.sql")]
    return tuple(sorted(found, key=lambda timing: timing.order))


def clock(seconds: float | None) -> str:
    """A span as a clock shows it: 95 -> '1:35', 3700 -> '1:01:40'; a dash for None."""
    if seconds is None:
        return "—"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _describe(name: str, text: str) -> Timing:
    said = header(text)
    try:
        return Timing(
            name=name,
            title={"zh": said["title_zh"], "en": said["title_en"]},
            waiting={"zh": said["waiting_zh"], "en": said["waiting_en"]},
            unit=said["unit"],
            formula=said["formula"],
            version=said["version"],
            order=int(said["order"]),
        )
    except (KeyError, ValueError) as error:
        raise ConfigError(
            f"db/queries/kpi_time/{name}.sql: header line {error} is missing or wrong"
        ) from error
