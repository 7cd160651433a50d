"""The KPIs' files in ``db/queries/kpi``, and what the header lines of each say."""

from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "queries" / "kpi"

SOURCES = ("task", "clue")
"""With what a KPI can be kept by day, as its header line ``kept`` says: each of its members is made of one
task (`task`, `task_owed`, `obligation`), or of one clue (`clue_case`), by its id, and of nothing else that
changes."""

Header = dict[str, str]


def header(text: str) -> Header:
    """The ``-- key: value`` lines of a KPI's SQL."""
    comments = [line[2:].strip() for line in text.splitlines() if line.startswith("--")]
    return dict(line.split(": ", 1) for line in comments if ": " in line)


@cache
def headers() -> dict[str, Header]:
    """The header lines by KPI."""
    return {path.stem: header(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.sql"))}


def formulas(indicator: str) -> list[str]:
    """The names of the formulas that there are for `indicator`; [] for one that there is not."""
    return [
        said["formula"]
        for name, said in headers().items()
        if said.get("indicator", name) == indicator and "formula" in said
    ]


def kept_with(source: str) -> list[str]:
    """The KPIs that are kept by day with what is one of `SOURCES`."""
    return [name for name, said in headers().items() if said.get("kept") == source]
