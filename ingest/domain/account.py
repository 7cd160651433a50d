"""Accounts of the screen: their place in the org tree, their roles, their grade."""

from enum import StrEnum

from msgspec import Struct

SCREEN = "screen:"
"""Before an account's name: the actor of what it orders."""


class Role(StrEnum):
    """What an account may do; each stands by itself."""

    LOOK = "look"
    OPERATE = "operate"
    """Take up and send: incidents, clues, devices."""
    MANAGE = "manage"
    """Launch, suspend, set thresholds, register."""
    AUDIT = "audit"
    """Read who did what."""
    ADMINISTER = "administer"
    """Accounts."""


class Grade(StrEnum):
    """Whose duty list and negative list (职责清单、负面清单) apply."""

    ASSISTANT = "assistant"
    OFFICER = "officer"
    DEPARTMENT = "department"


class Account(Struct, frozen=True):
    """Who is logged in. `district` None: the one that the screen shows, the whole of it; `path`: an org path
    of the district's, '' the whole. `worker_id`: sees their own page and nothing else. `kiosk`: a wall."""

    name: str
    district: int | None = None
    path: str = ""
    roles: frozenset[Role] = frozenset({Role.LOOK})
    grade: Grade = Grade.OFFICER
    worker_id: str | None = None
    kiosk: bool = False
    must_change: bool = False

    @property
    def actor(self) -> str:
        """As orders and the log name them."""
        return SCREEN + self.name
