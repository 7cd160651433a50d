"""The broker's files, made from what has been issued and revoked: GRIDWARD_DATA/broker.

`passwd` and `acl` are Mosquitto's; `revoked` names the logins whose certificate is no longer good, `crl.pem`
is the same for TLS; `ca.crt`, `server.crt` and `server.key` are there once there is an authority. `version`
is written last, so that whoever watches it finds the others whole (deploy/mosquitto/start).
"""

import hashlib
import os
import secrets
from base64 import b64encode
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

import psycopg

from db.connect import Row, fetch
from ingest.decoders import protocols
from up.authority import Authority, is_there

ROUNDS = 101
"""As mosquitto_passwd has it. What is hashed is random, 24 letters long, and not guessed however few they
are; and the broker hashes the password of every connected client again whenever it reads its files."""


def login(row: Row) -> str:
    """A device's name at the broker: its place on the wire, by which the ACL's patterns bind it."""
    return f"{row['district']}/{row['kind']}/{row['device_id']}"


def hashed(password: str, salt: bytes | None = None) -> str:
    """The password as Mosquitto keeps it: PBKDF2 with SHA-512."""
    salt = salt or secrets.token_bytes(12)
    key = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, ROUNDS)
    return f"$7${ROUNDS}${b64encode(salt).decode()}${b64encode(key).decode()}"


def write_files(conn: psycopg.Connection[Row], data: Path) -> None:
    """Make the broker's files below `data` anew, from what the transaction sees."""
    home = data / "broker"
    home.mkdir(mode=0o750, parents=True, exist_ok=True)
    passwords = fetch(conn, "ops/broker_passwords")
    _put(home / "passwd", "".join(f"{login(row)}:{row['secret']}\n" for row in passwords).encode())
    _put(home / "acl", acl(fetch(conn, "ops/broker_names")).encode())
    revoked = fetch(conn, "ops/broker_revoked")
    if is_there(data / "authority"):
        authority = Authority(data / "authority")
        _put(home / "ca.crt", authority.pem)
        _put(home / "crl.pem", authority.revocations((row["secret"], row["revoked_at"]) for row in revoked))
    _put(home / "revoked", "".join(f"{row['secret']} {login(row)}\n" for row in revoked).encode())
    _put(home / "version", secrets.token_hex(8).encode())


def write_server(data: Path, certificate: bytes, key: bytes) -> None:
    """Give the broker what it proves by who it is."""
    home = data / "broker"
    home.mkdir(mode=0o750, parents=True, exist_ok=True)
    _put(home / "server.key", key)
    _put(home / "server.crt", certificate)


def acl(names: Iterable[Row]) -> str:
    """What logins may do on foreign topics: those of the names by which their devices are known there.

    Our own wire needs no line a device, its patterns are in deploy/mosquitto/acl.
    """
    lines: list[str] = []
    for user, rows in groupby(names, login):
        lines.append(f"user {user}")
        for row in rows:
            protocol = protocols().get(row["decoder"])
            own, told = protocol.rights(row["name"]) if protocol else ([], [])
            lines += [f"topic write {one}" for one in own] + [f"topic read {one}" for one in told]
    return "".join(f"{line}\n" for line in lines)


def _put(path: Path, content: bytes) -> None:
    """Replace a file in one step. Its group may read it: the broker's."""
    aside = path.with_name(f".{path.name}.new")
    aside.unlink(missing_ok=True)
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o640), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    aside.rename(path)
