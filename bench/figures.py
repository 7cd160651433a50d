"""Figures: medians with their range, percentiles, and how they are shown."""

import json
from collections.abc import Iterator, Mapping, Sequence
from statistics import median
from typing import Any

import numpy as np

Result = dict[str, Any]
"""Figures by name; what was repeated has its median here and all of it under ``repeats``."""


def summed_up(repeats: Sequence[Mapping[str, float | None]]) -> Result:
    """The median of each figure, and under ``repeats`` its values in the order measured."""
    names = list(dict.fromkeys(name for repeat in repeats for name in repeat))
    values = {name: [v for repeat in repeats if (v := repeat.get(name)) is not None] for name in names}
    result: Result = {name: short(median(some)) for name, some in values.items() if some}
    result["repeats"] = {name: [short(value) for value in some] for name, some in values.items() if some}
    return result


def percentiles(values: Sequence[float]) -> dict[str, float]:
    """p50, p95, p99 and max of `values`, in their unit."""
    p50, p95, p99, most = np.percentile(np.asarray(values, float), (50, 95, 99, 100))
    return {"p50": short(p50), "p95": short(p95), "p99": short(p99), "max": short(most)}


def short(value: float) -> float:
    """As many digits as mean something: whole numbers from a thousand on, else three decimals at most."""
    return round(float(value)) if abs(value) >= 1000 else round(float(value), 3)


def to_json(value: object) -> str:
    """One line."""
    return json.dumps(value, ensure_ascii=False)


def table(result: Result, title: str) -> str:
    """Each figure on a line of its own, with its range where it was repeated."""
    return "\n".join([title, *_lines(result, 1)])


def _lines(result: Mapping[str, Any], depth: int) -> Iterator[str]:
    repeats = result.get("repeats", {})
    for name, value in result.items():
        label = "  " * depth + name
        if isinstance(value, dict):
            if name != "repeats":
                yield label
                yield from _lines(value, depth + 1)
        elif value is not None:
            some = repeats.get(name, [])
            spread = f"   {_shown(min(some))} .. {_shown(max(some))}" if len(some) > 1 else ""
            yield f"{label:<36}{_shown(value):>14}{spread}"


def _shown(value: object) -> str:
    return f"{value:,}" if isinstance(value, int | float) else str(value)
