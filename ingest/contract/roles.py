"""What accounts of the screen may be given: roles and grades, as orders and the database name them."""

from enum import StrEnum


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
