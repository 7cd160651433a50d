"""What the screen is told by its environment; a wrong value is one clear line."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dashboard.basemap import Basemap, basemap
from ingest.contract.errors import ConfigError

DATA = "./.gridward"


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the database is, which district is shown (None: the registry's first), where photos lie, and what
    lies under the map."""

    database_url: str
    district: int | None
    data: Path
    basemap: Basemap
    identity: Path | None = None
    """Where it is said which identity provider people are known by."""


def load(environ: Mapping[str, str] = os.environ) -> Settings:
    """Settings from GRIDWARD_DATABASE_URL, GRIDWARD_DISTRICTS (codes separated by commas; the first one is
    shown), GRIDWARD_DATA, GRIDWARD_BASEMAP, GRIDWARD_BASEMAP_DATUM and GRIDWARD_IDENTITY. Raises ConfigError
    naming the variable."""
    url = environ.get("GRIDWARD_DATABASE_URL", "").strip()
    if not url:
        raise ConfigError("GRIDWARD_DATABASE_URL is not set; `gridward env` prints it")
    first = environ.get("GRIDWARD_DISTRICTS", "").split(",")[0].strip()
    if first and not (len(first) == 6 and first.isascii() and first.isdigit()):
        raise ConfigError(f"GRIDWARD_DISTRICTS: {first!r} is not a 6-digit region code")
    return Settings(
        url,
        int(first) if first else None,
        Path(environ.get("GRIDWARD_DATA", "").strip() or DATA),
        basemap(environ.get("GRIDWARD_BASEMAP", ""), environ.get("GRIDWARD_BASEMAP_DATUM", "")),
        Path(asked) if (asked := environ.get("GRIDWARD_IDENTITY", "").strip()) else None,
    )
