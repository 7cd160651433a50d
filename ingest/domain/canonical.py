"""The canonical form of what is hashed: JSON as RFC 8785 (JCS) has it, whose bytes anybody can make."""

import hashlib
from typing import Any

import rfc8785

_EXACT = 2**53
"""JSON's numbers are doubles: beyond this one an integer is none of its own."""


def canonical(value: Any) -> bytes:
    """The bytes of a JSON value; keys sorted, no blanks, numbers as JavaScript writes them, UTF-8."""
    return rfc8785.dumps(_doubles(value))


def sha256(value: Any) -> str:
    """The SHA-256 of its canonical form, in hexadecimal digits."""
    return hashlib.sha256(canonical(value)).hexdigest()


def filled(value: Any) -> Any:
    """The value without what says nothing: null, false and empty lists and objects among its fields."""
    if isinstance(value, dict):
        fields = {key: filled(one) for key, one in value.items()}
        return {key: one for key, one in fields.items() if one not in (None, [], {}) and one is not False}
    return [filled(one) for one in value] if isinstance(value, list) else value


def _doubles(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _doubles(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_doubles(one) for one in value]
    return float(value) if isinstance(value, int) and abs(value) >= _EXACT else value
