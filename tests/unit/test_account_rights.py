"""Nobody gives or takes what they do not have: roles, places, grades, and themselves."""

from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.ui.i18n import LANGUAGES, words
from ingest.contract.orders import AccountOrder, Order, ResetAccount
from ingest.domain.account import Account, Grade, Role, misfit, proper_name
from ingest.domain.account_rights import beyond, is_over_all, refusal
from ingest.domain.password import hashed
from ingest.domain.rights import NEEDS, kind_of
from up.account_store import _SAID

BUREAU, STATION, SECTION, OTHER = "350299", "350299/01", "350299/01/01", "350299/02"
KINDS = [kind_of(kind) for kind in get_args(AccountOrder)]
OPERATOR = frozenset({Role.LOOK, Role.OPERATE})


def account(name: str = "chen", path: str = STATION, roles: Any = OPERATOR, **rest: Any) -> Account:
    told = {"district": 350299, "path": path, "roles": frozenset(roles)} | rest
    return Account(name, **told)


LI = account("li", roles=OPERATOR | {Role.ADMINISTER})
"""Who administers a station, and has neither `manage` nor `audit`."""


@pytest.mark.parametrize(
    ("one", "why"),
    [
        (account(), None),
        (account(path=SECTION), None),
        (account(path=OTHER), "not_yours"),
        (account(path="350299/011"), "not_yours"),
        (account(path=BUREAU), "not_yours"),
        (account(path=""), "not_yours"),
        (account(path="", district=None), "not_yours"),
        (account(path="441900/01", district=441900), "not_yours"),
        (account(roles={Role.ADMINISTER}), None),
        (account(roles=OPERATOR | {Role.AUDIT}), "role_not_held"),
        (account(roles={Role.MANAGE}), "role_not_held"),
        (account(grade=Grade.ASSISTANT), None),
        (account(grade=Grade.DEPARTMENT, department_id="food"), None),
        (account(kiosk=True, roles={Role.LOOK}), None),
        (account(worker_id="W1", path=SECTION, roles={Role.LOOK}), None),
        (account(worker_id="W9", path=OTHER, roles={Role.LOOK}), "not_yours"),
    ],
)
def test_what_one_does_not_have_is_neither_given_nor_taken(one: Account, why: str | None) -> None:
    assert refusal(LI, "add_account", None, one) == why
    assert {refusal(LI, kind, one) for kind in KINDS[2:]} == {why}
    assert refusal(LI, "change_account", account(), one) == why
    assert refusal(LI, "change_account", one, account()) == why


def test_without_the_role_nobody_does_any_of_it() -> None:
    assert {NEEDS[kind] for kind in KINDS} == {Role.ADMINISTER}
    for one in (account("w"), account("w", roles=Role, kiosk=True), account("w", roles=Role, worker_id="W1")):
        assert {refusal(one, kind, account()) for kind in KINDS} == {"role_lacks"}


def test_an_assistant_makes_no_officer_and_a_department_no_other() -> None:
    assistant = account("li", roles=Role, grade=Grade.ASSISTANT)
    assert beyond(assistant, account(grade=Grade.ASSISTANT)) is None
    for grade in (Grade.OFFICER, Grade.DEPARTMENT):
        assert beyond(assistant, account(grade=grade)) == "grade_not_held"
    food = account("li", roles=Role, grade=Grade.DEPARTMENT, department_id="food")
    assert beyond(food, account(grade=Grade.DEPARTMENT, department_id="food")) is None
    assert beyond(food, account(grade=Grade.DEPARTMENT, department_id="fire")) == "grade_not_held"


def test_nobody_disables_or_resets_themselves_or_gives_up_administering() -> None:
    assert {kind for kind in KINDS if refusal(LI, kind, LI)} == {"disable_account", "reset_account"}
    assert refusal(LI, "change_account", LI, account("li", roles=OPERATOR)) == "own_account"
    assert refusal(LI, "change_account", LI, account("li", roles={Role.LOOK, Role.ADMINISTER})) is None


@pytest.mark.parametrize(
    ("one", "over"),
    [
        (account(path="", roles=Role), True),
        (account(path=BUREAU, roles=Role), True),
        (account(path="", district=None, roles=Role), True),
        (account(path=STATION, roles=Role), False),
        (account(path="", roles=OPERATOR), False),
        (account(path="", district=441900, roles=Role), False),
    ],
)
def test_over_the_whole_district_is_who_administers_at_its_root_or_above(one: Account, over: bool) -> None:
    assert is_over_all(one, 350299) is over


PLACES = st.sampled_from(["", BUREAU, STATION, SECTION, OTHER, "350299/01/02", "350299/011"])
ACCOUNTS = st.builds(
    Account,
    st.sampled_from(["li", "wang", "chen"]),
    district=st.just(350299),
    path=PLACES,
    roles=st.frozensets(st.sampled_from(Role)),
    grade=st.sampled_from(Grade),
    department_id=st.sampled_from([None, "food", "fire"]),
)


@given(ACCOUNTS, ACCOUNTS, st.none() | ACCOUNTS)
def test_whatever_is_granted_is_within_the_granters(
    giver: Account, wanted: Account, before: Account | None
) -> None:
    if refusal(giver, "change_account" if before else "add_account", before, wanted) is None:
        assert Role.ADMINISTER in giver.roles
        for one in (wanted, before or wanted):
            assert one.roles <= giver.roles
            assert str(one.place) == str(giver.place) or str(one.place).startswith(f"{giver.place}/")


@given(st.lists(ACCOUNTS, max_size=6), ACCOUNTS)
def test_by_no_chain_of_grants_does_anybody_get_a_role_that_the_first_had_not(
    chain: list[Account], first: Account
) -> None:
    made = [first]
    for wanted in chain:
        made += [wanted for giver in made if refusal(giver, "add_account", None, wanted) is None][:1]
    assert {role for one in made for role in one.roles} == first.roles


@pytest.mark.parametrize(
    ("one", "why"),
    [
        (account(), None),
        (account(kiosk=True), "only_looks"),
        (account(worker_id="W1"), "only_looks"),
        (account(worker_id="W1", kiosk=True, roles={Role.LOOK}), "not_both"),
        (account(grade=Grade.DEPARTMENT), "department_needed"),
        (account(grade=Grade.DEPARTMENT, department_id="food", district=None, path=""), "department_needed"),
        (account(department_id="food"), "no_departments_grade"),
    ],
)
def test_what_does_not_go_together_is_no_account(one: Account, why: str | None) -> None:
    assert misfit(one) == why


def test_a_name_is_the_same_however_it_is_typed() -> None:
    assert proper_name("Jose\u0301") == "Jos\u00e9"
    assert [proper_name(one) for one in ("a", " ab", "a/b", "..", "a\nb", "x" * 65)] == [None] * 6


def test_a_hash_of_ours_is_what_orders_take() -> None:
    order = ResetAccount("chen", hashed("kphd-mmnr-tsaw-xzyj-bcde"))
    assert msgspec.json.decode(msgspec.json.encode(order), type=Order) == order
    for weak in ("kphd-mmnr", "$argon2i$v=19$m=8,t=1,p=1$AAAA$AAAA", order.password + "\n", ""):
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert({"kind": "reset_account", "account": "chen", "password": weak}, Order)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_why_an_order_about_an_account_is_refused_is_said_in_each_language(lang: str) -> None:
    codes = {
        "role_not_held",
        "grade_not_held",
        "own_account",
        "last_administrator",
        "unknown_unit",
        "no_name",
    }
    codes |= set(_SAID) - {"identity_taken"}
    assert {f"refusal.{code}" for code in codes} <= words(lang).keys()
