"""Passwords of accounts: hashed by argon2id, refused where easily guessed, made up where one is given out.

Nothing here knows where they are kept, and nothing writes one down.
"""

import secrets
import unicodedata

from nacl.exceptions import InvalidkeyError
from nacl.pwhash import argon2id

SHORTEST, LONGEST = 10, 200
"""Characters, after normalising."""
_TELLING = 5
"""So many different characters must be left of a password without what everybody tries first."""
_LETTERS = "abcdefghjkmnprstwxyz"
"""None that is taken for another, or for a digit, in print or read out."""
_COMMON = (
    *("administrator", "admin", "root", "user", "guest", "test", "demo", "login", "welcome", "trustno"),
    *("password", "passw0rd", "p@ssw0rd", "passwort", "pass", "secret", "changeme", "default", "letmein"),
    *("gridward", "jimei", "dongguan", "wangge", "woaini", "mima", "密码", "管理员", "iloveyou", "qwerty"),
    *("master", "dragon", "monkey", "football", "baseball", "sunshine", "princess", "superman", "batman"),
)  # fmt: skip
_ROWS = (
    *("01234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm", "!@#$%^&*()"),
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/",
)
_RUNS = (*_ROWS, *(row[::-1] for row in _ROWS))


def hashed(password: str) -> str:
    """The password as the database keeps it: argon2id with a salt of its own, in the form of PHC strings.

    libsodium's limits for logins: 64 MiB, two passes, one lane. The yardstick, RFC 9106's second
    recommendation, has as much memory, a pass more, and four lanes, of which libsodium has one.
    """
    cost = argon2id.OPSLIMIT_INTERACTIVE, argon2id.MEMLIMIT_INTERACTIVE
    return argon2id.str(_bytes(password), *cost).decode()


def matches(kept: str, password: str) -> bool:
    """Whether `kept` is the hash of this password; of one that is too long it never is, and costs nothing."""
    if len(password) > 4 * LONGEST:  # accents apart from their letters are more characters
        return False
    try:
        return argon2id.verify(kept.encode(), _bytes(password))
    except InvalidkeyError:
        return False


def temporary() -> str:
    """A first password, to be read from a sheet and typed: 20 random letters (86 bits) in fours."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(5))


def weakness(password: str, name: str) -> str | None:
    """Why the account of this name may not have this password, None where it may: ``too_short``,
    ``too_long``, ``is_name``, ``too_common`` (hardly anything, or nothing but digits, is left without what
    everybody tries: words such as *password*, runs such as 1234 or qwer, the same few characters)."""
    text, own = _normal(password), _normal(name).casefold()
    if len(text) < SHORTEST:
        return "too_short"
    if len(text) > LONGEST:
        return "too_long"
    text = text.casefold()
    if own in text and _tells_little(text.replace(own, "")):
        return "is_name"
    for word in _COMMON:
        text = text.replace(word, "")
    return "too_common" if _tells_little(_without_runs(text)) else None


def _tells_little(text: str) -> bool:
    return len(set(text)) < _TELLING or text.isdigit()  # a year, a telephone's number


def _without_runs(text: str) -> str:
    """Without three and more characters that follow one another as they do in a row of keys or letters."""
    left, at = "", 0
    while at < len(text):
        end = at + 1
        while end < len(text) and any(text[at : end + 1] in run for run in _RUNS):
            end += 1
        if end - at < 3:
            end = at + 1
            left += text[at]
        at = end
    return left


def _bytes(password: str) -> bytes:
    return _normal(password).encode("utf-8", "surrogatepass")


def _normal(text: str) -> str:
    return unicodedata.normalize("NFC", text)
