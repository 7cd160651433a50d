"""What ingest says of itself over Prometheus: seconds by stage, and how large its batches were."""

import re
from urllib.error import URLError
from urllib.request import urlopen

_SAMPLE = re.compile(r'^(\w+)(?:\{(?:.*,)?stage="(\w+)".*\}|\{.*\})? (\S+)', re.MULTILINE)
_STAGES = "gridward_ingest_stage_seconds_total"
_BATCHES = "gridward_ingest_batch_messages"

Figures = dict[tuple[str, str], float]
"""By name and stage; the stage is empty where there is none."""


def read(port: int) -> Figures:
    """The figures now; none when ingest has no such endpoint."""
    try:
        with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:  # noqa: S310 - our own # nosec B310
            text = answer.read().decode()
    except (URLError, OSError):
        return {}
    figures: Figures = {}
    for name, stage, value in _SAMPLE.findall(text):
        figures[name, stage] = figures.get((name, stage), 0.0) + float(value)
    return figures


def by_message(before: Figures, after: Figures, messages: int) -> dict[str, float]:
    """Microseconds a message that each stage took in between."""
    return {
        stage: round((value - before.get((name, stage), 0.0)) / messages * 1e6, 2)
        for (name, stage), value in sorted(after.items())
        if name == _STAGES
    }


def mean_batch(before: Figures, after: Figures) -> int | None:
    """Messages a batch in between; None when it is not known."""
    count, total = (
        after.get((f"{_BATCHES}_{what}", ""), 0.0) - before.get((f"{_BATCHES}_{what}", ""), 0.0)
        for what in ("count", "sum")
    )
    return round(total / count) if count else None
