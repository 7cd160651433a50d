"""The screen on a real database that holds the tiny day."""

from collections.abc import Iterator
from typing import Any

import pytest

from dashboard import data, viewer
from dashboard.sessions import Session
from ingest.domain.account import Account, Role
from ingest.registry import import_world
from tests import tiny, tiny_day
from tests.accounts import ON_DUTY as ON_DUTY
from tests.conftest import database, free_port

NO_TASKS = "task_id,premises_id,category,due,items,worker_id\n"


@pytest.fixture(scope="module")
def tiny_url(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a database with the tiny day."""
    tiny_day.seed(database_url, tmp_path_factory.mktemp("worlds"))
    return database_url


@pytest.fixture(scope="module")
def quiet_url(server_url: str, migrated: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a database with a registry, of which nobody has said anything yet."""
    with database(server_url, migrated) as url:
        import_world(url, tiny.write(tmp_path_factory.mktemp("quiet"), tasks_csv=NO_TASKS))
        yield url


@pytest.fixture(scope="module")
def empty_url(server_url: str, migrated: str) -> Iterator[str]:
    """The address of a database with nothing but its tables."""
    with database(server_url, migrated) as url:
        yield url


@pytest.fixture
def nowhere() -> str:
    """An address where no database answers."""
    return f"postgresql://nobody@127.0.0.1:{free_port()}/nothing"


def looks_on(monkeypatch: pytest.MonkeyPatch, name: str = ON_DUTY, **fields: Any) -> Session:
    """Let the account of that name be who looks, with all roles unless `fields` say otherwise."""
    account = Account(name, **{"roles": frozenset(Role), **fields})
    session = Session(account, name.encode())
    monkeypatch.setattr(viewer, "_of_script", lambda: session)
    return session


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing read before is remembered, the environment names no district, and somebody is logged in who may
    do everything: AppTest has no browser that could bring a cookie."""
    monkeypatch.delenv("GRIDWARD_DISTRICTS", raising=False)
    looks_on(monkeypatch)
    data.forget()
    yield
    data.forget()
