"""Whom an account may give rights, and whose it may take: nobody gives or takes what they do not have."""

from ingest.domain.account import Account, Grade, Role
from ingest.domain.rights import may

_OF_OTHERS = ("disable_account", "reset_account")
"""What nobody does to themselves: else a screen that somebody left open would be another's for good."""


def refusal(giver: Account, kind: str, account: Account | None, wanted: Account | None = None) -> str | None:
    """Why `giver` may not give an order of this kind about `account` (None: a new one), which would then be
    as `wanted` (None: as it is): a code, or None if they may. `giver` stands in a district."""
    if not may(giver, kind):
        return "role_lacks"
    for one in (account, wanted):
        if one is not None and (why := beyond(giver, one)):
            return why
    if account is not None and account.name == giver.name:
        gives_up = wanted is not None and Role.ADMINISTER not in wanted.roles
        return "own_account" if gives_up or kind in _OF_OTHERS else None
    return None


def beyond(giver: Account, one: Account) -> str | None:
    """Why `one` stands beyond what `giver` has: a code, or None where it does not."""
    if one.place is None or not f"{one.place}/".startswith(f"{giver.place}/"):
        return "not_yours"
    if not one.roles <= giver.roles:
        return "role_not_held"
    own = (giver.grade, giver.department_id)
    if giver.grade is not Grade.OFFICER and (one.grade, one.department_id) != own:
        return "grade_not_held"
    return None


def is_over_all(account: Account, district: int) -> bool:
    """Whether the account administers the whole of the district."""
    return Role.ADMINISTER in account.roles and account.place in (None, str(district))
