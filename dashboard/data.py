"""What the screen reads: once a tick for all viewers of a scope, and the last good picture kept."""

import contextlib
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import msgspec
import psycopg
import shapely.geometry
import streamlit as st

from dashboard import settings, viewer
from dashboard.database import NOBODYS, reader
from dashboard.rest import TICK_S as TICK_S
from dashboard.rest import Rested
from dashboard.rest import tick as tick
from db.connect import Row, Scope
from db.figures import figures
from ingest.contract.orders import Order
from ingest.domain.account import Account

INCIDENTS_IN_FEED = 12
ALWAYS_NEW = ("district", "ingest_state", "incidents", "siren")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Picture:
    """One scope at one tick: rows by query name; `away` says that the database did not answer since."""

    scope: Scope
    tick: int
    read_at: float
    """Seconds since the epoch."""
    rows: dict[str, list[Row]]
    away: bool = False
    at: datetime | None = None
    """The instant of the past that it shows as it was known then; None: the present."""

    @property
    def age_s(self) -> float:
        return max(0.0, time.time() - self.read_at)

    def one(self, name: str) -> Row:
        """The single row of `name`; {} where it gave none."""
        return next(iter(self.rows[name]), {})


@dataclass(frozen=True, slots=True)
class Away:
    """The database did not answer, and in one line why."""

    why: str


Bounds = tuple[float, float, float, float]

# What outlives the database: found once, or replaced by something newer, never dropped for being old.
_homes: dict[str, int] = {}
_last: dict[Scope, Picture] = {}
_bounds: dict[Scope, Bounds] = {}
_rested = Rested[dict[str, list[Row]]]()


def home() -> Scope | Away | None:
    """The place of who is looking: in their district, or in the one on show; None while the registry has
    none. Raises viewer.NobodyLooks."""
    return place_of(viewer.account())


def home_is_to_be_found() -> bool:
    """Whether `home` would have to ask the database. Raises viewer.NobodyLooks."""
    told = settings.load()
    return not (viewer.account().district or told.district or told.database_url in _homes)


def place_of(account: Account) -> Scope | Away | None:
    """The place of an account: in its district, or in the one on show; None while the registry has none."""
    district = account.district or _on_show()
    if not isinstance(district, int):
        return district
    return Scope(district, account.path or str(district))


def _on_show() -> int | Away | None:
    told = settings.load()
    if told.district:
        return told.district
    if told.database_url not in _homes:
        found = _first_district(told.database_url, tick())
        if not isinstance(found, int):
            return found
        _homes[told.database_url] = found
    return _homes[told.database_url]


def look() -> Picture | Away | None:
    """The picture of the district on show; None while the registry has none."""
    scope = home()
    if not isinstance(scope, Scope):
        return scope
    seen = picture(scope)
    return seen if isinstance(seen, Away) or seen.one("district") else None


def picture(scope: Scope) -> Picture | Away:
    """What there is to see in `scope`; while the database is away the last good picture, if any."""
    now = tick()
    answers = _answers(scope, now)
    last = _last.get(scope)
    if isinstance(answers, Away):
        if last and not last.away:
            log.warning("the database is away: %s", answers.why)
            _last[scope] = replace(last, away=True)
        return _last.get(scope, answers)
    _last[scope] = Picture(scope, now, *answers)
    return _last[scope]


def bounds(scope: Scope) -> Bounds | None:
    """West, south, east, north of the scope's grids in degrees, found once, so that a map that is
    shown keeps its view; None until there are grids."""
    if scope not in _bounds:
        with contextlib.suppress(psycopg.Error):
            outlines = [shapely.geometry.shape(row["geom"]) for row in rows(scope, "read/grids", tick())]
            if outlines:
                _bounds[scope] = shapely.geometry.GeometryCollection(outlines).bounds
    return _bounds.get(scope)


def forget() -> None:
    """Drop what was kept, as a fresh start would."""
    st.cache_data.clear()
    for kept in (_homes, _last, _bounds):
        kept.clear()
    _rested.forget()


@st.cache_data(ttl=60, max_entries=128, show_spinner=False)
def rows(scope: Scope, name: str, tick: int, limit: int | None = None, **params: Any) -> list[Row]:
    """Rows of ``queries/{name}`` as of `tick`. Raises psycopg.Error while the database is away."""
    return read(scope, name, limit=limit, **params)


def read(scope: Scope, name: str, **params: Any) -> list[Row]:
    """Rows of ``queries/{name}`` as of now, for whoever asks once. Raises psycopg.Error while the
    database is away."""
    return reader().read(scope, name, **params)


def together(scope: Scope, plan: list[tuple[str, str, dict[str, Any]]]) -> dict[str, list[Row]]:
    """Rows of several queries, given as (key, name, parameters), as of one instant. Raises
    psycopg.Error while the database is away."""
    return reader().read_together(scope, plan)


def place(scope: Scope, actor: str, command_id: str, order: Order) -> None:
    """Ask ingest to carry out an order of `actor`. Raises psycopg.Error while the database is away."""
    kind = msgspec.to_builtins(order)["kind"]
    reader().place(scope, actor, command_id, kind, msgspec.json.encode(order).decode())


def place_all(scope: Scope, actor: str, orders: Mapping[str, Order]) -> None:
    """Ask ingest to carry out these orders of `actor`, given by their ids: all of them or none. Raises
    psycopg.Error while the database is away."""
    rows = [
        {"command_id": command_id, "kind": msgspec.to_builtins(order)["kind"], "payload": order}
        for command_id, order in orders.items()
    ]
    reader().place_all(scope, actor, msgspec.json.encode(rows).decode())


@st.cache_data(ttl=60, max_entries=64, show_spinner=False)
def _answers(scope: Scope, tick: int) -> tuple[float, dict[str, list[Row]]] | Away:
    # Away is an answer too, so that one viewer's wait for a dead server serves all of this tick.
    try:
        rows = _rested.get(scope, tick, lambda now: _ask(scope, lambda key: key not in ALWAYS_NEW))
        return time.time(), rows | _ask(scope, lambda key: key in ALWAYS_NEW)
    except psycopg.Error as error:
        return Away(one_line(error))


def _ask(scope: Scope, wanted: Callable[[str], bool]) -> dict[str, list[Row]]:
    """The wanted part of the plan. What takes long is asked less often but all at once, so that its
    figures fit together."""
    return reader().read_together(scope, [asked for asked in plan(scope) if wanted(asked[0])])


@st.cache_data(ttl=60, max_entries=64, show_spinner=False)
def _first_district(url: str, tick: int) -> int | Away | None:
    try:
        found = reader().read(NOBODYS, "read/first_district")
    except psycopg.Error as error:
        return Away(one_line(error))
    district: int | None = found[0]["district"]
    return district


def plan(scope: Scope) -> list[tuple[str, str, dict[str, Any]]]:
    """What a picture is read by: (key, name, parameters)."""
    asked: list[tuple[str, str, dict[str, Any]]] = [
        ("district", "read/district", {}),
        ("ingest_state", "read/ingest_state", {}),
        ("counts", "read/counts", {}),
        ("ends", "read/devices_by_kind", {"unit": None}),
        ("incidents", "read/incidents_open", {"limit": INCIDENTS_IN_FEED}),
        ("siren", "read/siren", {}),
    ]
    return asked + figures(scope.path, None)


def one_line(error: Exception) -> str:
    """What went wrong, for whoever is told in passing."""
    return (str(error).strip() or type(error).__name__).splitlines()[0]
