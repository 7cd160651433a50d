"""Cells of a customer's files: a bad one is named by file, line and column, and reading goes on.

UTF-8 with or without a byte order mark; a header line names the columns, their order is free,
unknown columns are ignored.
"""

import csv
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from ingest.contract.errors import ConfigError
from ingest.contract.messages import Datum
from ingest.contract.topics import ID_PATTERN

_SHOWN = 30  # bad rows named before the rest is only counted
_ID = re.compile(ID_PATTERN)
_PATH = re.compile(r"^\d{6}(/[A-Za-z0-9_-]{1,64}){0,4}$")

Record = dict[str, Any]


@dataclass
class Problems:
    """What is wrong with the files, in the order found."""

    lines: list[str] = field(default_factory=list)

    def add(self, file: str, line: int, column: str, what: str) -> None:
        self.lines.append(f"{file}:{line}: {column}: {what}")

    def raise_if_any(self) -> None:
        """ConfigError with a line for each, the first 30 of them."""
        if self.lines:
            more = len(self.lines) - _SHOWN
            raise ConfigError("\n".join(self.lines[:_SHOWN] + ([f"... and {more} more"] if more > 0 else [])))


@dataclass(frozen=True)
class Cells:
    """One row of a CSV file; each accessor notes a problem and gives a stand-in for a bad cell."""

    file: str
    line: int
    row: dict[str, str]
    problems: Problems

    def bad(self, column: str, what: str) -> None:
        self.problems.add(self.file, self.line, column, what)

    def text(self, column: str) -> str:
        """A text that must be there."""
        value = self.optional(column)
        if value is None:
            self.bad(column, "is empty")
        return value or ""

    def optional(self, column: str) -> str | None:
        value = self.row.get(column, "").strip()
        if "\0" in value:
            self.bad(column, "holds a NUL character")
            return None
        return value or None

    def id(self, column: str) -> str:
        value = self.text(column)
        if value and not _ID.match(value):
            self.bad(column, f"{value!r} is no id (1 to 64 of A-Z a-z 0-9 _ -)")
        return value

    def path(self, column: str) -> str:
        value = self.text(column)
        if value and not _PATH.match(value):
            self.bad(column, f"{value!r} is no org path (6-digit district, then up to 4 levels, by /)")
        return value

    def number(self, column: str, low: float, high: float, *, required: bool = True) -> float | None:
        value = self.text(column) if required else self.optional(column)
        if not value:
            return None
        try:
            number = float(value)
        except ValueError:
            self.bad(column, f"{value!r} is not a number")
            return None
        if not low <= number <= high:  # NaN fails this too
            self.bad(column, f"{value} is not between {low:g} and {high:g}")
            return None
        return number

    def one_of(self, column: str, choices: tuple[str, ...], default: str | None = None) -> str | None:
        value = self.optional(column) or default
        if value is not None and value not in choices:
            self.bad(column, f"{value!r} is none of {', '.join(choices)}")
        return value

    def unique(self, column: str, value: str, known: set[str]) -> None:
        """Note `value` among the `known`, unless it is there already."""
        if value in known:
            self.bad(column, f"{value!r} occurs twice")
        known.add(value)

    def many(self, column: str) -> list[str]:
        return [part.strip() for part in (self.optional(column) or "").split(";") if part.strip()]

    def day(self, column: str, *, required: bool = True) -> str | None:
        value = self.text(column) if required else self.optional(column)
        try:
            return date.fromisoformat(value).isoformat() if value else None
        except ValueError:
            self.bad(column, f"{value!r} is no day like 2026-03-01")
            return None

    def instant(self, column: str, tz: ZoneInfo) -> str | None:
        """A day and a time, in `tz` unless it says otherwise."""
        value = self.text(column)
        if not value:
            return None
        try:
            at = datetime.fromisoformat(value)
        except ValueError:
            self.bad(column, f"{value!r} is no time like 2026-03-01 08:30")
            return None
        return (at if at.tzinfo else at.replace(tzinfo=tz)).isoformat()

    def place(self, *, required: bool) -> tuple[float | None, float | None, str]:
        """(lon, lat, datum): degrees, both or neither."""
        lon = self.number("lon", -180, 180, required=required)
        lat = self.number("lat", -90, 90, required=required)
        if (lon is None) != (lat is None):
            self.bad("lon" if lon is None else "lat", "lon and lat come together")
        if lon == 0 and lat == 0:
            self.bad("lon", "0, 0 is no place")
        return lon, lat, self.one_of("datum", tuple(Datum), Datum.WGS84) or Datum.WGS84


def read_csv(path: Path, columns: tuple[str, ...], problems: Problems) -> Iterator[Cells]:
    """The rows of a file that must have `columns`; a file that cannot be read at all is one problem."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, restkey="", restval="")
            missing = [name for name in columns if name not in (reader.fieldnames or ())]
            if missing:
                problems.add(path.name, 1, ", ".join(missing), "column is missing")
                return
            for row in reader:
                yield Cells(path.name, reader.line_num, {k: v for k, v in row.items() if k}, problems)
    except FileNotFoundError:
        problems.add(path.name, 0, "-", "file is missing")
    except UnicodeDecodeError as error:
        problems.add(path.name, 0, "-", f"is not UTF-8 (byte {error.start})")
    except csv.Error as error:
        problems.add(path.name, 0, "-", str(error))


def read_features(path: Path, problems: Problems) -> Iterator[tuple[int, dict[str, Any], Any]]:
    """(number from 1, properties, geometry) of each feature of a GeoJSON FeatureCollection."""
    try:
        collection = json.loads(path.read_text(encoding="utf-8-sig"))
        features = collection["features"]
        for number, feature in enumerate(features, 1):
            yield number, dict(feature["properties"]), feature["geometry"]
    except FileNotFoundError:
        problems.add(path.name, 0, "-", "file is missing")
    except UnicodeDecodeError as error:
        problems.add(path.name, 0, "-", f"is not UTF-8 (byte {error.start})")
    except json.JSONDecodeError as error:
        problems.add(path.name, error.lineno, "-", f"is not JSON: {error.msg}")
    except (KeyError, TypeError, ValueError, RecursionError):
        problems.add(path.name, 0, "-", "is no GeoJSON FeatureCollection")
