"""The dear figures of the screen, by which queries they are read: it shows them, and ingest keeps them."""

from datetime import datetime
from typing import Any

from db.kpi import headers

WORKERS_IN_RANKING = 12
CATEGORIES = 9

Asked = tuple[str, str, dict[str, Any]]
"""A name, and by which query and parameters its rows are read."""


def figures(path: str, at: datetime | None) -> list[Asked]:
    """What the rates, categories and the ranking that a viewer of `path` sees are read by, as they stood at
    an instant (None: now)."""
    asked: list[Asked] = [
        ("ranking", "read/ranking", {"at": at, "limit": WORKERS_IN_RANKING}),
        ("categories", "kpi_top/closure_rate", {"at": at, "unit": path, "limit": CATEGORIES}),
    ]
    depth = path.count("/") + 1
    for kpi in _on_strip():
        whole = {"unit": path, "depth": depth, "at": at and [at]}
        asked.append((kpi, f"kpi/{kpi}", whole))
        asked.append((f"{kpi}/units", f"kpi/{kpi}", {**whole, "depth": depth + 1}))
    return asked


def _on_strip() -> list[str]:
    places = {kpi: int(said.get("strip", "0")) for kpi, said in headers().items()}
    return sorted((kpi for kpi, place in places.items() if place), key=places.__getitem__)
