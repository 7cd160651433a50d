"""Who takes a list away leaves a trace before they have it: who, which list, how narrowed, how many rows."""

import uuid
from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from dashboard import data
from db.connect import Scope
from ingest.contract.orders import ExportList, Plain


def note(
    scope: Scope,
    actor: str,
    name: str,
    file: Literal["csv", "xlsx", "pdf"],
    filters: Mapping[str, Any],
    rows: int | None = None,
) -> None:
    """Have it written down. Raises psycopg.Error while the database is away: nothing must be handed out then.

    Who it is has to be asked before: a file is made after the page was drawn, beside its session.
    """
    said = {
        key: _plain(value) for key, value in msgspec.to_builtins(dict(filters)).items() if value is not None
    }
    data.place(scope, actor, f"export-{uuid.uuid4().hex}", ExportList(name, file, rows, said))


def _plain(value: Any) -> Plain:
    if isinstance(value, list):
        return [str(one) for one in value]
    return value if isinstance(value, str | int | float) else str(value)
