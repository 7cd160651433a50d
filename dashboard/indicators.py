"""The KPIs: every ``db/queries/kpi/*.sql``, described by its own header lines."""

from functools import cache
from pathlib import Path

from msgspec import Struct

import db
from ingest.contract.errors import ConfigError

_FOLDER = Path(next(iter(db.__path__))) / "queries" / "kpi"


class Indicator(Struct, frozen=True):
    """One KPI: its names by language, and what its two figures count."""

    name: str
    title: dict[str, str]
    numerator: dict[str, str]
    denominator: dict[str, str]
    unit: str
    version: str
    order: int

    @property
    def query(self) -> str:
        return f"kpi/{self.name}"


@cache
def indicators() -> tuple[Indicator, ...]:
    """All KPIs in their order; raises ConfigError naming the file whose header lacks a line."""
    found = [describe(path.stem, path.read_text("utf-8")) for path in sorted(_FOLDER.glob("*.sql"))]
    return tuple(sorted(found, key=lambda indicator: indicator.order))


def describe(name: str, text: str) -> Indicator:
    """Read ``-- key: value`` lines from the top of a KPI's SQL."""
    comments = [line[2:].strip() for line in text.splitlines() if line.startswith("--")]
    header = dict(line.split(": ", 1) for line in comments if ": " in line)
    try:
        return Indicator(
            name=name,
            title=_both(header, "title"),
            numerator=_both(header, "numerator"),
            denominator=_both(header, "denominator"),
            unit=header["unit"],
            version=header["version"],
            order=int(header["order"]),
        )
    except (KeyError, ValueError) as error:
        raise ConfigError(f"db/queries/kpi/{name}.sql: header line {error} is missing or wrong") from error


def _both(header: dict[str, str], key: str) -> dict[str, str]:
    return {"zh": header[f"{key}_zh"], "en": header[f"{key}_en"]}
