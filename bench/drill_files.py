"""A drill's files: messages as they arrived, and what is known of the visits among them; JSON, a line each.

A message: ``{"at": 1790000000.0, "topic": "gw/v1/...", "payload": {...}}``, seconds since the epoch, in
order; bytes that are no JSON as ``"base64"`` instead. A truth: ``{"worker_id", "id", "kind", "real"}``, where
`id` is the envelope's and `real` true, false, or null for a visit that is left out.
"""

import base64
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeVar

import msgspec

from bench.errors import BenchError
from bench.tape import Heard


class Labelled(msgspec.Struct, frozen=True):
    """A visit: its worker, its message's id, the manner in which it came about, and whether it took place as
    its log says."""

    worker_id: str
    id: str
    kind: str
    real: bool | None


class _Line(msgspec.Struct):
    at: float
    topic: str
    payload: msgspec.Raw = msgspec.Raw()
    base64: str | None = None


Read = TypeVar("Read")


def read_messages(path: Path) -> Iterator[Heard]:
    """The messages of a file; raises BenchError, naming the line, for one that is none."""
    for line in _lines(path, _Line):
        content = bytes(line.payload) if line.base64 is None else base64.b64decode(line.base64)
        yield Heard(line.at, line.topic, content)


def read_truth(path: Path) -> Iterator[Labelled]:
    """What a file says of visits; raises BenchError, naming the line."""
    return _lines(path, Labelled)


def write_messages(path: Path, heard: Iterable[Heard]) -> None:
    """Write what `read_messages` reads."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        for one in heard:
            try:
                msgspec.json.decode(one.payload)
                said: dict[str, object] = {"payload": msgspec.Raw(one.payload)}
            except (msgspec.DecodeError, UnicodeDecodeError):
                said = {"base64": base64.b64encode(one.payload).decode()}
            file.write(msgspec.json.encode({"at": one.at, "topic": one.topic, **said}) + b"\n")


def write_truth(path: Path, truth: Iterable[Labelled]) -> None:
    """Write what `read_truth` reads."""
    path.write_bytes(b"".join(msgspec.json.encode(one) + b"\n" for one in truth))


def _lines(path: Path, of: type[Read]) -> Iterator[Read]:
    decoder = msgspec.json.Decoder(of)
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            try:
                yield decoder.decode(line)
            except msgspec.DecodeError as error:
                raise BenchError(f"{path}:{number}: {error}") from error
