"""The card of what was picked on the map of the past: what it was at the instant that is shown."""

import contextlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import psycopg

from dashboard import data
from dashboard.routes import SOURCES
from dashboard.ui import card
from db.connect import Scope


def of(lang: str, scope: Scope, at: datetime, objects: Mapping[str, list[dict[str, Any]]]) -> str:
    """The card as HTML; the hint while nothing is picked, or what was picked was not there then."""
    for layer, picked in objects.items():
        about = picked[0].get("properties") or picked[0]
        source = SOURCES.get(layer)
        if source is None or not source.then:
            return card.told(about["tip"])
        with contextlib.suppress(psycopg.Error):
            asked = {"at": at, "id": about["id"]}
            if rows := data.rows(scope, source.then, 0, limit=source.limit, **asked):
                return card.told(_first(source.draw(lang, rows))["tip"])
    return card.hint(lang)


def _first(drawn: Any) -> dict[str, Any]:
    """What is said of the first that is drawn: of a list, or of GeoJSON's features."""
    about: dict[str, Any] = drawn["features"][0]["properties"] if isinstance(drawn, dict) else drawn[0]
    return about
