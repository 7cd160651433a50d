"""Accounts of the screen: their place in the org tree, their roles, their grade."""

import re
import unicodedata

from msgspec import Struct

from ingest.contract.roles import Grade as Grade
from ingest.contract.roles import Role as Role

SCREEN = "screen:"
"""Before an account's name: the actor of what it orders."""
LOOK = frozenset({Role.LOOK})


class Account(Struct, frozen=True):
    """Who is logged in. `district` None: the one that the screen shows, the whole of it; `path`: an org path
    of the district's, '' the whole. `worker_id`: sees their own page and nothing else. `kiosk`: a wall.
    `department_id`: for which one of grade `department` answers; None: for none."""

    name: str
    district: int | None = None
    path: str = ""
    roles: frozenset[Role] = LOOK
    grade: Grade = Grade.OFFICER
    worker_id: str | None = None
    kiosk: bool = False
    must_change: bool = False
    department_id: str | None = None

    @property
    def actor(self) -> str:
        """As orders and the log name them."""
        return SCREEN + self.name

    @property
    def place(self) -> str | None:
        """The org path of the unit where it stands; None: above every district."""
        return self.path or (str(self.district) if self.district else None)


def proper_name(said: str) -> str | None:
    """What an account that is to be called so is called, whatever the keyboard made of its accents; None
    where it is no name: 2 to 64 letters, digits, . _ - and spaces between them."""
    name = unicodedata.normalize("NFC", said)
    # Of some scripts a letter's accents are characters by themselves: M.
    plain = all(unicodedata.category(one)[0] in "LMN" or one in "._- " for one in name)
    is_one = plain and 2 <= len(name) <= 64 and re.match(r"\w", name) and name == name.strip()
    return name if is_one else None


def misfit(account: Account) -> str | None:
    """Why there can be no such account: a code, or None where there can."""
    if account.kiosk and account.worker_id:
        return "not_both"
    if (account.kiosk or account.worker_id) and account.roles != LOOK:
        return "only_looks"
    if account.grade is Grade.DEPARTMENT and not (account.department_id and account.district):
        return "department_needed"
    if account.department_id and account.grade is not Grade.DEPARTMENT:
        return "no_departments_grade"
    return None
