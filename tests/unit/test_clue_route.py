"""Whom a clue goes to, by a table of cases."""

from datetime import date

import pytest

from ingest.domain.clue import BUREAU
from ingest.domain.clue_route import ClueRoute, ClueRoutes

EARLY, LATE = date(2020, 1, 1), date(2026, 6, 1)
TODAY = date(2026, 3, 2)
HERE = {"food", "drugs", "fire", "own"}


def choose(*routes, kind="食品安全", industry="餐饮", words="甲药房 药品零售", day=TODAY, without=()):
    return ClueRoutes(routes, HERE).choose(kind, industry, words, day, without)


KIND = ClueRoute("food", EARLY, kind="食品安全", priority=30)
INDUSTRY = ClueRoute("own", EARLY, industry="餐饮", priority=20)
KEYWORD = ClueRoute("drugs", EARLY, keyword="药", priority=10)


@pytest.mark.parametrize(
    ("routes", "department", "by"),
    [
        ([KIND, INDUSTRY, KEYWORD], "food", ["kind"]),
        ([INDUSTRY, KEYWORD], "own", ["industry"]),
        ([KEYWORD], "drugs", ["keyword"]),
        ([], BUREAU, ["bureau"]),
        ([ClueRoute("food", EARLY)], BUREAU, ["bureau"]),
        ([ClueRoute("food", EARLY, kind="别的")], BUREAU, ["bureau"]),
        ([ClueRoute("food", EARLY, industry="住宿")], BUREAU, ["bureau"]),
        ([ClueRoute("food", EARLY, keyword="面馆")], BUREAU, ["bureau"]),
        ([KEYWORD, ClueRoute("food", EARLY, industry="餐饮", keyword="药", priority=10)], "food",
         ["industry", "keyword"]),
        ([ClueRoute("nowhere", EARLY, kind="食品安全", priority=99), KEYWORD], "drugs", ["keyword"]),
        ([KIND, ClueRoute("own", EARLY, kind="食品安全", own=True)], "own", ["kind"]),
        ([KIND, ClueRoute("fire", LATE, kind="食品安全", priority=30)], "food", ["kind"]),
        ([KIND, ClueRoute("fire", TODAY, kind="食品安全")], "fire", ["kind"]),
    ],
    ids=["kind", "industry", "keyword", "none", "a row that asks nothing", "another kind", "another industry",
         "another word", "more specific", "no such department", "own first", "not yet valid", "newer"],
)  # fmt: skip
def test_the_row_that_fits_best_decides(routes, department, by):
    assert choose(*routes) == (department, by)


def test_the_order_of_the_rows_does_not_matter():
    assert choose(KEYWORD, INDUSTRY, KIND) == choose(KIND, INDUSTRY, KEYWORD)


def test_who_has_sent_it_back_is_passed_over():
    assert choose(KIND, INDUSTRY, without=["food"]) == ("own", ["industry"])
    assert choose(KIND, INDUSTRY, without=["food", "own"]) == (BUREAU, ["bureau"])


def test_words_are_found_whatever_their_case():
    assert choose(ClueRoute("own", EARLY, keyword="ktv"), words="皇家KTV").department_id == "own"
