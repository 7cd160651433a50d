"""What an account may order: by its roles, by its grade's lists, and within its place in the org tree."""

from collections.abc import Mapping
from datetime import datetime
from typing import get_args

from ingest.contract.messages import Severity
from ingest.contract.orders import (
    ClueOrder,
    CommentIncident,
    IncidentStep,
    MergeIncidents,
    Order,
    RecordReply,
    ReplyClue,
)
from ingest.domain.account import Account, Grade, Role
from ingest.domain.duty_list import DutyLists

NEEDS: Mapping[str, Role | None] = {
    "look_at_track": Role.LOOK,
    "export_list": Role.LOOK,
    "acknowledge_incident": Role.OPERATE,
    "dispatch_incident": Role.OPERATE,
    "resolve_incident": Role.OPERATE,
    "reopen_incident": Role.OPERATE,
    "comment_incident": Role.OPERATE,
    "merge_incidents": Role.OPERATE,
    "confirm_handover": Role.OPERATE,
    "send_order": Role.OPERATE,
    "route_clue": Role.OPERATE,
    "answer_clue": Role.OPERATE,
    "reply_clue": Role.OPERATE,
    "void_clue": Role.OPERATE,
    "record_reply": Role.OPERATE,
    "assign_task": Role.OPERATE,
    "launch_task": Role.MANAGE,
    "suspend_task": Role.MANAGE,
    "resume_task": Role.MANAGE,
    "cancel_task": Role.MANAGE,
    "rate_premises": Role.MANAGE,
    "set_threshold": Role.MANAGE,
    "preview_threshold": Role.MANAGE,
    "register_device": Role.MANAGE,
    "release_name": Role.MANAGE,
    "put_aside_stranger": Role.MANAGE,
    "add_account": Role.ADMINISTER,
    "change_account": Role.ADMINISTER,
    "disable_account": Role.ADMINISTER,
    "enable_account": Role.ADMINISTER,
    "reset_account": Role.ADMINISTER,
    "end_sessions": Role.ADMINISTER,
    "note_deed": None,
}
"""A kind of order -> the role that it needs; None: the screen never gives it."""

NOTED = frozenset({"note_login"})
"""What has happened already: it is written down whoever it was, and refused to nobody."""


def kind_of(order: type[Order] | Order) -> str:
    """An order's kind, as its `kind` says on the way."""
    return str(order.__struct_config__.tag)


_GRADED = [kind_of(kind) for kind in (*get_args(ClueOrder), *get_args(IncidentStep), MergeIncidents)]
ACTS = frozenset(kind for kind, role in NEEDS.items() if role) | {
    f"{kind}:{severity}" for kind in _GRADED for severity in Severity
}
"""What can be on a duty list or a negative list."""


def may(account: Account, kind: str) -> bool:
    """Whether the account's roles let it give orders of this kind at all. A wall and a worker's own account
    look, and take nothing away."""
    if account.kiosk or account.worker_id is not None:
        return kind == "look_at_track" and Role.LOOK in account.roles
    return NEEDS[kind] in account.roles


def is_anothers(account: Account, order: Order, with_it: bool) -> bool:
    """Whether a department's account would answer for another department, or, unless what it is about is
    `with_it`, about what is not its own; without a department it answers for none."""
    if account.grade is not Grade.DEPARTMENT or not isinstance(
        order, RecordReply | ReplyClue | CommentIncident
    ):
        return False
    named = account.department_id if isinstance(order, CommentIncident) else order.department_id
    return account.department_id is None or named != account.department_id or not with_it


def refusal(
    account: Account | None,
    lists: DutyLists,
    order: Order,
    severity: Severity | None,
    outside: bool,
    at: datetime,
) -> str | None:
    """Why the account may not give the order that it placed at `at`: a code, or None if it may.

    `account` None: there is none, or it is disabled. `severity`: the worst of the clue or the incidents that
    it is about. `outside`: something that it is about is not the account's.
    """
    kind = kind_of(order)
    if kind in NOTED:
        return None
    if account is None:
        return "no_account"
    if not may(account, kind):
        return "role_lacks"
    return lists.refusal(account.grade, kind, severity, at) or ("not_yours" if outside else None)
