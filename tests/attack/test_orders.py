"""Orders beyond what an account may do, and traces taken away: refused, and done once the guard is gone."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from db.connect import Row
from ingest import courier
from ingest.contract.orders import Order, SetThreshold, SuspendTask
from tests import tiny
from tests.attack.conftest import only_without
from tests.sql.incident_room import Room
from tests.sql.test_rights import account, world  # noqa: F401  a fixture


@pytest.fixture
def room(world: str, ingest_conn: psycopg.Connection[Row], tmp_path: Path) -> Iterator[Room]:  # noqa: F811
    yield Room(ingest_conn, tmp_path)


@pytest.mark.parametrize(
    ("order", "fields"),
    [
        (SuspendTask("T3", "停业"), {"path": tiny.PATH_1}),
        (SuspendTask("T1", "停业"), {"roles": ["look"]}),
        (SuspendTask("T1", "停业"), {"grade": "assistant"}),
        (SuspendTask("T1", "停业"), {"kiosk": True}),
        (SuspendTask("T1", "停业"), {"disabled_at": "2020-01-01"}),
        (SetThreshold("left_grid.minutes", 60), {"path": f"{tiny.DISTRICT}/01"}),
    ],
    ids=["another's place", "no role", "on the negative list", "a wall", "disabled", "the whole district's"],
)
def test_what_an_account_may_not_order_is_not_done(
    room: Room, order: Order, fields: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The screen offers it to nobody who may not; ingest does not rely on that."""
    actor = account(room, **fields)  # type: ignore[arg-type]
    only_without(
        monkeypatch,
        lambda: room.order(order, actor=actor)[0] == "done",
        (courier, "judge", lambda conn, roster, placed: {}),
    )


def test_the_log_is_not_changed_by_its_owner_either(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever takes the trigger away is found by the hashes: tests/sql/test_audit.py."""
    room.order(SuspendTask("T1", "停业"), actor=account(room))
    room.conn.execute("SET ROLE NONE")
    change = b"UPDATE audit SET actor = 'nobody'"
    with pytest.raises(psycopg.Error, match="append"), room.conn.transaction():
        room.conn.execute(change)
    room.conn.execute("ALTER TABLE audit DISABLE TRIGGER append_only")
    room.conn.execute(change)
    assert {actor for (actor,) in room.rows("SELECT actor FROM audit")} == {"nobody"}
