"""Whether ingest is at work: ``python -m up.alive`` ends with 0 if so, else with 1 and one line.

For health checks: it reads what ingest says of itself about once a second, and counts nothing.
"""

import os
import sys

import psycopg

from db.connect import INGEST, connect, fetch
from ingest.contract.errors import ConfigError
from ingest.settings import load
from up.status import SILENT_S


def complaint(url: str, districts: tuple[int, ...] = ()) -> str | None:
    """What is wrong with the ingest of `districts` (empty: of every district), None if nothing is."""
    try:
        with connect(url, INGEST) as conn:
            told = fetch(conn, "ops/status_ingest", {"districts": list(districts)})
    except psycopg.Error as error:
        return " ".join(str(error).split())
    if not told or set(districts) - {row["district"] for row in told}:
        return "ingest has not been ready yet"
    for row in told:
        if row["silent_s"] > SILENT_S:
            return f"ingest of {row['district']} has been silent for {row['silent_s']:.0f} s"
        if not row["connected"]:
            return f"ingest of {row['district']} is not connected to the broker"
    return None


def main() -> str | None:
    """The complaint, or the setting that is wrong."""
    try:
        settings = load(os.environ)
        return complaint(settings.database_url, settings.districts)
    except ConfigError as error:
        return str(error)


if __name__ == "__main__":
    sys.exit(main())
