"""The room as it was known at an instant: read once for all who look at it, and kept, since it stays so.

Where people were is fetched by address; only whose look was written down is given one that is signed.
"""

import hashlib
import time
from datetime import datetime
from functools import lru_cache
from typing import Any

import psycopg
from itsdangerous import Signer

from dashboard import data, settings
from dashboard.data import Away, Picture
from dashboard.photo_key import photo_key
from dashboard.replay import told
from db.connect import Row, Scope

KEPT = 64
"""Instants, of some 100 KB each."""

Plan = list[tuple[str, str, dict[str, Any]]]
Rows = dict[str, list[Row]]


def picture(scope: Scope, at: datetime) -> Picture | Away:
    """What there was to see in `scope` at `at`, a whole step. Rates and the ranking are those of the full
    minute."""
    url = settings.load().database_url
    try:
        rows = _known(url, scope, at) | _figures(url, scope, _minute(at))
    except psycopg.Error as error:
        return Away(data.one_line(error))
    return Picture(scope, data.tick(), time.time(), rows, at=at)


def plan(scope: Scope, at: datetime) -> Plan:
    """What a picture is read by, with the keys of `data.plan`."""
    return [*_plan(at), *data.figures(scope, _minute(at))]


def address(scope: Scope, at: datetime) -> str:
    """What the address of a layer of the map has to say to be of `at`."""
    return f"&at={told(at)}&key={_signer(scope).get_signature(told(at)).decode()}"


def is_signed(scope: Scope, at: str, key: str) -> bool:
    """Whether `key` was given out with `at` to a viewer of `scope`."""
    return _signer(scope).verify_signature(at, key)


@lru_cache(maxsize=KEPT)
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


@lru_cache(maxsize=KEPT)
def _figures(url: str, scope: Scope, at: datetime) -> Rows:
    return data.together(scope, data.figures(scope, at))


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
    salt = f"gridward past {scope.district} {scope.path}"
    key = photo_key(settings.load().data)
    return Signer(key, salt=salt, key_derivation="hmac", digest_method=hashlib.sha256)
