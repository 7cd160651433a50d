"""Passwords: kept as argon2id, known again however they were typed, refused where they are easily guessed."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.domain.password import LONGEST, hashed, matches, temporary, weakness

GOOD = "wind-over-the-causeway"


def test_a_password_matches_its_hash_and_no_other_does() -> None:
    kept = hashed(GOOD)
    assert matches(kept, GOOD)
    for other in (GOOD.upper(), GOOD + " ", GOOD[:-1], "", "\x00"):
        assert not matches(kept, other)


def test_a_hash_says_argon2id_with_64_mib_and_holds_nothing_of_the_password() -> None:
    kept = hashed(GOOD)
    assert re.fullmatch(r"\$argon2id\$v=19\$m=65536,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}", kept)
    assert hashed(GOOD) != kept  # a salt of its own


def test_the_same_letters_match_whichever_way_a_keyboard_composes_them() -> None:
    assert matches(hashed("cafe\u0301-an-der-brücke"), "caf\u00e9-an-der-bru\u0308cke")
    assert matches(hashed("集美大桥上的风很大今天"), "集美大桥上的风很大今天")


@pytest.mark.parametrize(
    "kept", ["", "nonsense", "$argon2id$v=19$m=65536,t=2,p=1$c2FsdA$", "密码", "$7$101$a$b"]
)
def test_what_is_no_hash_matches_nothing(kept: str) -> None:
    assert not matches(kept, GOOD)


def test_what_cannot_be_typed_matches_nothing_and_breaks_nothing() -> None:
    kept = hashed(GOOD)
    for odd in ("\ud800" * 12, "a" * 10_000_000):
        assert not matches(kept, odd)


def test_a_first_password_is_long_random_readable_and_good_enough() -> None:
    given_out = {temporary() for _ in range(200)}
    assert len(given_out) == 200
    for password in given_out:
        assert re.fullmatch(r"[a-z]{4}(-[a-z]{4}){4}", password)
        assert not set(password) & set("ilouvq0123456789")
        assert weakness(password, "admin") is None


@pytest.mark.parametrize(
    ("password", "name", "why"),
    [
        ("kurz-9zkw", "chen", "too_short"),
        ("e\u0301" * 9, "chen", "too_short"),  # nine letters, however many code points
        ("", "chen", "too_short"),
        (GOOD * 10, "chen", "too_long"),
        ("chen.xiaolan", "chen.xiaolan", "is_name"),
        ("Chen.Xiaolan1!", "chen.xiaolan", "is_name"),
        ("chenchenchen", "chen", "is_name"),
        ("aaaaaaaaaa", "chen", "too_common"),
        ("1234567890", "chen", "too_common"),
        ("0987654321", "chen", "too_common"),
        ("ababababababab", "chen", "too_common"),
        ("qwertyuiop", "chen", "too_common"),
        ("1qaz2wsx3edc", "chen", "too_common"),
        ("abcdefghijkl", "chen", "too_common"),
        ("Password123", "chen", "too_common"),
        ("P@ssw0rd2026", "chen", "too_common"),
        ("administrator1", "chen", "too_common"),
        ("gridward2026", "chen", "too_common"),
        ("woaini1314520", "chen", "too_common"),
        ("管理员密码123456", "chen", "too_common"),
        ("13900139000", "chen", "too_common"),
        ("          ", "chen", "too_common"),
    ],
)
def test_a_password_that_is_easily_guessed_is_refused(password: str, name: str, why: str) -> None:
    assert weakness(password, name) == why


@pytest.mark.parametrize(
    "password",
    [
        GOOD,
        "集美大桥上的风今天很大",
        "qk7wm2xp9t",
        "chen likes Xiamen rain",
        "my password is a long story",
        "e\u0301abcxyzkmnpq",
    ],
)
def test_a_password_that_is_not_is_taken(password: str) -> None:
    assert weakness(password, "chen") is None


@given(st.text(max_size=LONGEST + 20), st.text(max_size=64))
def test_whatever_is_typed_there_is_an_answer_and_none_but_good_lengths_are_taken(
    password: str, name: str
) -> None:
    why = weakness(password, name)
    assert why in (None, "too_short", "too_long", "is_name", "too_common")
    assert why is not None or 10 <= len(unicodedata.normalize("NFC", password)) <= LONGEST
