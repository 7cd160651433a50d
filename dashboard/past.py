"""The room as it was known at an instant: read once for all who look at it, and kept, since it stays so.

Where people were is fetched by address; only whose look was written down is given one that is signed.
"""

import hashlib
import time
from datetime import datetime
from functools import lru_cache

import psycopg
from itsdangerous import Signer

from dashboard import data, settings, viewer
from dashboard.data import Away, Bounds, Picture
from dashboard.photo_key import photo_key
from dashboard.replay import told
from db.connect import Row, Scope
from db.figures import Asked, figures

MOST = 64
"""Instants, of some 100 KB each."""
FEW = 8
"""Instants of which everybody's place is kept, of a city some 2 MB each."""
NOT_SIGNED = "not signed: a look at the past is written down"

KEPT, COUNTED = "figures", "counted/"

Plan = list[Asked]
Rows = dict[str, list[Row]]


def picture(scope: Scope, at: datetime) -> Picture | Away:
    """What there was to see in `scope` at `at`, a whole step. Rates, categories and the ranking are those
    that ingest had kept last, at `known_at`; where it had kept none (no row) they are counted, as of the full
    minute, by when things happened."""
    url = settings.load().database_url
    try:
        rows = _known(url, scope, at) | _figures(url, scope, _minute(at))
    except psycopg.Error as error:
        return Away(data.one_line(error))
    return Picture(scope, data.tick(), time.time(), rows, at=at)


def plan(scope: Scope, at: datetime) -> Plan:
    """What a picture is read by, with the keys of `data.plan`: `KEPT` all the figures that had been kept, and
    behind `COUNTED` each of them where there are none."""
    counted = [(COUNTED + key, name, params) for key, name, params in figures(scope.path, _minute(at))]
    return [*_plan(at), (KEPT, "then/figures", {"at": at}), *counted]


def address(scope: Scope, at: datetime) -> str:
    """What the address of a layer of the map has to say to be of `at`."""
    return f"&at={told(at)}&key={_signer(scope).get_signature(told(at)).decode()}"


def is_signed(scope: Scope, at: str, key: str) -> bool:
    """Whether `key` was given out with `at` to who is looking at `scope`."""
    return _signer(scope).verify_signature(at, key)


def people(url: str, scope: Scope, at: str, bounds: Bounds) -> list[str]:
    """Who was on duty at `at` and between these bounds (west, south, east, north in degrees, WGS-84)."""
    west, south, east, north = bounds
    return [
        worker for worker, lon, lat in _people(url, scope, at) if west <= lon < east and south <= lat < north
    ]


@lru_cache(maxsize=FEW)
def _people(url: str, scope: Scope, at: str) -> list[tuple[str, float, float]]:
    rows = data.read(scope, "then/workers_on_map", at=at, id=None)
    return [(row["worker_id"], row["lon"], row["lat"]) for row in rows if row["on_duty"]]


@lru_cache(maxsize=MOST)
def _known(url: str, scope: Scope, at: datetime) -> Rows:
    found = data.together(scope, _plan(at))
    return found | {"counts": [row | _online(found["ends"]) for row in found["counts"]]}


def _online(ends: list[Row]) -> Row:
    """Of the strip: who was online, of how many; None: of no device it is known."""
    phones = [row["n"] for row in ends if row["code"] == "worker"]
    others = [row for row in ends if row["code"] != "worker"]
    known = [row["n"] for row in others if row["n"] is not None]
    online = sum(known) if known or not others else None
    whole = sum(row["whole"] for row in others)
    return {"workers_online": sum(phones), "devices": whole, "devices_online": online}


@lru_cache(maxsize=MOST)
def _figures(url: str, scope: Scope, at: datetime) -> Rows:
    wanted = figures(scope.path, at)
    kept = {row["name"]: row for row in data.read(scope, "then/figures", at=at)}
    if kept.keys() >= {name for name, _, _ in wanted}:
        found: Rows = {name: kept[name]["figures"] for name, _, _ in wanted}
        return found | {"known_at": [{"known_at": kept["ranking"]["at"]}]}
    return data.together(scope, wanted) | {"known_at": []}


def _plan(at: datetime) -> Plan:
    return [
        ("district", "then/district", {"at": at}),
        ("counts", "then/counts", {"at": at}),
        ("ends", "then/devices_by_kind", {"at": at}),
        ("incidents", "then/incidents_open", {"at": at, "limit": data.INCIDENTS_IN_FEED}),
    ]


def _minute(at: datetime) -> datetime:
    return at.replace(second=0)


def _signer(scope: Scope) -> Signer:
    """For who is looking: that a look at this day was written down holds for nobody else."""
    salt = f"gridward past {scope.district} {scope.path} {viewer.session().token_hash.hex()}"
    key = photo_key(settings.load().data)
    return Signer(key, salt=salt, key_derivation="hmac", digest_method=hashlib.sha256)
