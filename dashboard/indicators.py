"""The KPIs: every ``db/queries/kpi/*.sql``, described by its own header lines."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

from msgspec import Struct

from db.kpi import FOLDER, SOURCES, header
from ingest.contract.errors import ConfigError

MEMBERS = (TASK, CLUE, PREMISES, REPORT, INCIDENT) = ("task", "clue", "premises", "public_report", "incident")


class Indicator(Struct, frozen=True):
    """One KPI: its names by language, what its two figures count, and by which formula."""

    name: str
    indicator: str
    """What is measured; the same for several formulas of it, of which a district chooses one."""
    title: dict[str, str]
    numerator: dict[str, str]
    denominator: dict[str, str]
    unit: str
    formula: str
    version: str
    order: int
    of: str
    """What its members are, one of `MEMBERS`."""
    kept: str | None
    """With what it is kept by day, one of `db.kpi.SOURCES`; None: it is counted from all rows each time."""
    strip: int
    """Its place among the cards of the command centre and the bars of its chart; 0: it has none."""

    @property
    def query(self) -> str:
        """As it stands at instants."""
        return f"kpi/{self.name}"

    @property
    def by(self) -> str:
        """Over a period, by day, week, month, unit or category."""
        return f"kpi_by/{self.name}"

    @property
    def members(self) -> str:
        """What lies behind a figure of `by`."""
        return f"kpi_members/{self.name}"


@cache
def indicators() -> tuple[Indicator, ...]:
    """All KPIs in their order; raises ConfigError naming the file whose header lacks a line."""
    found = [describe(path.stem, path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.sql"))]
    return tuple(sorted(found, key=lambda indicator: indicator.order))


def on_strip() -> tuple[Indicator, ...]:
    """Those that stand on the command centre, in their places."""
    found = [indicator for indicator in indicators() if indicator.strip]
    return tuple(sorted(found, key=lambda indicator: indicator.strip))


def find(name: str, choices: Mapping[str, str]) -> Indicator | None:
    """The KPI of that name; where it names what several formulas measure, by the one in `choices` (formula by
    indicator), else by the first. None for a name that there is not."""
    formulas = [each for each in indicators() if name == each.indicator]
    chosen = [each for each in formulas if each.formula == choices.get(name)]
    exact = [each for each in indicators() if name == each.name]
    return next(iter([*chosen, *formulas, *exact]), None)


def base_end(year: int, tz: ZoneInfo) -> datetime:
    """The instant at which a base year is over: what stands then is what a change is counted from."""
    return datetime(year + 1, 1, 1, tzinfo=tz)


def points_between(then: tuple[int, int], now: tuple[int, int]) -> float | None:
    """How many percentage points the rate of two (numerator, denominator) has changed by; None where one of
    them has nothing to divide by."""
    if not (then[1] and now[1]):
        return None
    return 100 * now[0] / now[1] - 100 * then[0] / then[1]


def describe(name: str, text: str) -> Indicator:
    """What the header lines of a KPI's SQL say."""
    said = header(text)
    try:
        return Indicator(
            name=name,
            indicator=said.get("indicator", name),
            title=_both(said, "title"),
            numerator=_both(said, "numerator"),
            denominator=_both(said, "denominator"),
            unit=said["unit"],
            formula=said["formula"],
            version=said["version"],
            order=int(said["order"]),
            of=_of(said),
            kept=_kept(said),
            strip=int(said.get("strip", "0")),
        )
    except (KeyError, ValueError) as error:
        raise ConfigError(f"db/queries/kpi/{name}.sql: header line {error} is missing or wrong") from error


def _of(said: dict[str, str]) -> str:
    of = said.get("of", TASK)
    if of not in MEMBERS:
        raise ValueError("of")
    return of


def _kept(said: dict[str, str]) -> str | None:
    kept = said.get("kept")
    if kept not in (None, *SOURCES):
        raise ValueError("kept")
    return kept


def _both(said: dict[str, str], key: str) -> dict[str, str]:
    return {"zh": said[f"{key}_zh"], "en": said[f"{key}_en"]}
