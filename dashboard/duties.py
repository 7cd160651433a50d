"""What who is looking may order: by their roles, and by the duty list and the negative list of their grade.

What ingest would refuse for these is not offered; it judges each order all the same (`ingest.rights`).
"""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import msgspec
import psycopg
import streamlit as st

from dashboard import data, viewer
from db.connect import Row, Scope
from ingest.contract.messages import Severity
from ingest.contract.orders import Order
from ingest.domain import rights
from ingest.domain.duty_list import DutyLists, DutyRule

EVERY_TICKS = 15
"""The lists come by import, once in a while."""


def may(order: type[Order], severity: str | None = None) -> bool:
    """Whether they may give such an order, about something as grave as `severity` if it is about any."""
    kind, account = rights.kind_of(order), viewer.account()
    if not rights.may(account, kind):
        return False
    grave = Severity(severity) if severity else None
    return _lists().refusal(account.grade, kind, grave, datetime.now(UTC)) is None


def may_some(order: type[Order]) -> bool:
    """Whether they may give such an order about anything, however grave."""
    return any(may(order, severity) for severity in Severity)


def _lists() -> DutyLists:
    scope = data.home()
    if not isinstance(scope, Scope):
        return DutyLists()
    rows = _rows(scope, data.tick() // EVERY_TICKS)
    tz = ZoneInfo(rows[0]["tz"]) if rows else UTC
    return DutyLists([msgspec.convert(row, DutyRule) for row in rows], tz)


@st.cache_data(ttl=60, max_entries=64, show_spinner=False)
def _rows(scope: Scope, period: int) -> list[Row]:
    """No rows while the database is away: then everything is offered, and one wait for it serves all."""
    try:
        return data.read(scope, "read/duty_rules")
    except psycopg.Error:
        return []
