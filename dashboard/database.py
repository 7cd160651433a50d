"""The way into the database, one for the whole server."""

from functools import cache
from typing import Any

from dashboard import settings
from db.connect import Reader, Row, Scope

NOBODYS = Scope(0, "0")
"""A scope in which no district's rows are seen."""


def reader() -> Reader:
    """The reader of the database that is set."""
    return _reader_of(settings.load().database_url)


def door(name: str, **params: Any) -> list[Row]:
    """Rows of ``queries/door/{name}``: about accounts and their sessions, whoever asks. Raises psycopg.Error
    while the database is away."""
    return reader().read(NOBODYS, f"door/{name}", **params)


@cache
def _reader_of(url: str) -> Reader:
    return Reader(url)
