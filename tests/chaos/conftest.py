"""A house to be killed part by part, and the ledgers told at the end.

Short in `make test`; `make chaos` (GRIDWARD_CHAOS=full) is the full length. Choose with `-m chaos`.
"""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from db.embedded_home import account, cluster
from tests.chaos.house import House
from tests.chaos.length import FULL, SEED
from tests.chaos.processes import Server
from tests.chaos.traffic import Traffic
from tests.conftest import free_port

Tell = Callable[[str], None]


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "chaos: kills processes; GRIDWARD_CHAOS=full for the full length")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.chaos)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what the tests told: all of it at full length, else that of the failed ones."""
    outcomes = ("passed", "failed") if FULL else ("failed",)
    reports = [report for outcome in outcomes for report in terminalreporter.stats.get(outcome, [])]
    told = [(r.nodeid, line) for r in reports for name, line in r.user_properties if name == "ledger"]
    if told:
        terminalreporter.section(f"ledger (GRIDWARD_CHAOS_SEED={SEED})")
    for test, line in told:
        terminalreporter.line(f"{test.rpartition('::')[2]}: {line}")


@pytest.fixture
def tell(record_property: Callable[[str, object], None]) -> Tell:
    """Tell a line of the test's ledger."""
    return lambda line: record_property("ledger", line)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A PostgreSQL that may be killed: not the one that the other tests share."""
    home = tmp_path_factory.mktemp("chaos")
    server = Server(home / "server", free_port())
    try:
        server.furnish(home / "world")
        yield server
    finally:
        if server.is_running:
            server.kill()  # quicker than a stop, and nothing of it is needed any more
        shutil.rmtree(cluster(home / "server", account()))  # started by root, it lies outside of `home`


@pytest.fixture
def house(server: Server, tmp_path: Path, tell: Tell) -> Iterator[House]:
    """Everything but an ingest, running, with an empty ledger."""
    if not server.is_running:
        server.start()
    house = House(server, tmp_path)
    yield house
    house.close()
    tell(house.ledger.line())


@pytest.fixture
def traffic() -> Traffic:
    return Traffic(SEED)
