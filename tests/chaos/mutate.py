"""Good messages made bad, in every way that a broken device, a broken line or an enemy has: from a seeded
`Random`, so that a run can be had again."""

import json
import math
from collections.abc import Callable
from copy import deepcopy
from random import Random
from typing import Any

NUMBERS: list[Any] = [
    0, -0.0, 1, -1, 0.5, 90, 100, 180, 360, 1e-7, 1e-39, 1e-50, 1e-320, 1e6, 1e38, 1e39, 1e300, 1.5,
    2**31 - 1, 2**31, 2**53, 2**53 + 1, -(2**63), 2**63, 2**64, 10**30, math.nan, math.inf, -math.inf,
]  # fmt: skip
TEXTS = [
    "", " ", "\0", "a\0b", "\ud800", "\udfff\ud800", "\ufffe", "\u202e", "𠮷", "e\u0301", "id\n", "a/b", "-",
    "x" * 64, "x" * 65, "汉" * 8000, "x" * 8001, "null", "1e999", "'; DROP TABLE ping; --", "%s%(id)s", "\\",
]  # fmt: skip
OTHERS: list[Any] = [None, True, False, [], {}, [[]], {"": None}, [None], {"id": "x"}]
WORDS = ["WGS84", "GCJ02", "BD09", "normal", "abnormal", "general", "serious", "major", "sos", "fire", "gps"]
DEEP = "@deep@"
_ENCODINGS = ["utf-16", "utf-32", "utf-8-sig", "gb18030", "utf-7", "cp037"]
_TOPIC_PARTS = [
    "",
    "+",
    "#",
    "\0",
    "W1\n",
    "汉",
    "３５０２１１",
    "350211",
    "worker",
    "camera",
    "gps",
    "x" * 65,
]


def mutate(chance: Random, payload: bytes, other: bytes) -> bytes:
    """`payload` changed once or a few times; `other` is one to be spliced with it."""
    if chance.random() < 0.5 and (changed := _as_json(chance, payload)) is not None:
        payload = changed
        if chance.random() < 0.8:
            return payload
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        payload = chance.choice(_BYTES)(chance, payload, other)
    return payload


def mutate_topic(chance: Random, topic: str) -> str:
    """`topic` with one part put in, left out, or replaced."""
    parts = topic.split("/")
    at = chance.randrange(len(parts))
    count = chance.randrange(2)
    parts[at : at + count] = chance.sample(_TOPIC_PARTS, chance.randrange(3))
    return "/".join(parts)


def _flip(chance: Random, payload: bytes, _other: bytes) -> bytes:
    changed = bytearray(payload or b"\0")
    for _ in range(chance.randint(1, 8)):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _truncate(chance: Random, payload: bytes, _other: bytes) -> bytes:
    return payload[: chance.randint(0, len(payload))]


def _splice(chance: Random, payload: bytes, other: bytes) -> bytes:
    return payload[: chance.randint(0, len(payload))] + other[chance.randint(0, len(other)) :]


def _insert(chance: Random, payload: bytes, _other: bytes) -> bytes:
    at = chance.randint(0, len(payload))
    return payload[:at] + chance.randbytes(chance.randint(1, 8)) + payload[at:]


def _repeat(chance: Random, payload: bytes, _other: bytes) -> bytes:
    begin, end = sorted(chance.randint(0, len(payload)) for _ in "ab")
    return payload[:end] + payload[begin:]


def _encode(chance: Random, payload: bytes, _other: bytes) -> bytes:
    return payload.decode("utf-8", "replace").encode(chance.choice(_ENCODINGS), "replace")


def _noise(chance: Random, _payload: bytes, _other: bytes) -> bytes:
    return chance.randbytes(chance.randint(0, 200))


_BYTES: list[Callable[[Random, bytes, bytes], bytes]] = [
    _flip, _flip, _truncate, _splice, _insert, _repeat, _encode, _noise,
]  # fmt: skip


def _as_json(chance: Random, payload: bytes) -> bytes | None:
    """The payload with some of its values, keys or its form changed; None if it is no JSON."""
    try:
        root = [json.loads(payload)]
    except ValueError:
        return None
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        _change(chance, root)
    if chance.random() < 0.05:
        root = [root * chance.randint(0, 5)]
    ascii_only = chance.random() < 0.5  # else half a surrogate becomes bytes that are no UTF-8
    text = json.dumps(root[0], ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")
    if DEEP.encode() in text:
        depth = chance.choice((10, 100, 1_000, 10_000))
        opening, closing = chance.choice(((b"[", b"]"), (b'{"a":', b"}")))
        text = text.replace(f'"{DEEP}"'.encode(), opening * depth + b"1" + closing * depth)
    return text


def _change(chance: Random, root: list[Any]) -> None:
    """Change one value or key somewhere in the tree whose only element is the document."""
    holder, key = chance.choice(list(_places(root)))
    kind = chance.random()
    if kind < 0.1 and isinstance(holder, dict):
        del holder[key]
    elif kind < 0.15 and isinstance(holder, dict):
        holder[chance.choice(TEXTS)] = holder.pop(key)
    else:
        holder[key] = _value(chance, holder[key])


def _places(holder: Any) -> list[tuple[Any, Any]]:
    """Every (container, key) at or below `holder`."""
    pairs = list(holder.items()) if isinstance(holder, dict) else list(enumerate(holder))
    below = [place for _, value in pairs if isinstance(value, dict | list) for place in _places(value)]
    return [(holder, key) for key, _ in pairs] + below


def _value(chance: Random, was: Any) -> Any:
    """Another value; in half of the cases one of the same kind, which may well be a good one."""
    kind = chance.random()
    if kind < 0.5 and isinstance(was, bool):
        return not was
    if kind < 0.5 and isinstance(was, int | float):
        return chance.choice((was * chance.uniform(-2, 2), was + chance.randint(-(10**6), 10**6), -was))
    if kind < 0.5 and isinstance(was, str):
        return chance.choice((*WORDS, was[::-1], was * 2, chance.choice(TEXTS)))
    if kind < 0.52:
        return DEEP
    return deepcopy(chance.choice((*NUMBERS, *TEXTS, *OTHERS, *WORDS)))  # it may be changed in its turn
